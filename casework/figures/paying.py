"""Counts money that was noted as owed and that was paid, and the people behind it, by the entries of
the ledger and the days they are noted for."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from casework.figures.adding import Wanted
from casework.figures.counting import Reader
from casework.figures.tables import By
from casework.models import Case, LedgerEntry, PersonGroup
from casework.vocabulary import LedgerKind


def owed(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Money that was noted as owed, in minor units: what came on top, less what was taken off. By the
    day it is noted for. An entry that was taken back counts as if it had never been."""
    return _money(reader, wanted, LedgerKind.OWED)


def paid(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Money that was paid, by the day of the payment."""
    return _money(reader, wanted, LedgerKind.PAID)


def owed_persons(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """The people of the groups that this money is owed to; each group once."""
    return _persons(reader, wanted, LedgerKind.OWED)


def paid_persons(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """The people of the groups that were paid."""
    return _persons(reader, wanted, LedgerKind.PAID)


def _money(reader: Reader, wanted: Wanted, kind: LedgerKind) -> Mapping[By, int]:
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for raw, _, amount, _ in _both(reader, wanted, kind):
        found[raw] += amount
    return wanted.add_up(found)


def _persons(reader: Reader, wanted: Wanted, kind: LedgerKind) -> Mapping[By, int]:
    return wanted.distinct(
        [(raw, group, persons) for raw, group, _, persons in _both(reader, wanted, kind)]
    )


def _both(
    reader: Reader, wanted: Wanted, kind: LedgerKind
) -> list[tuple[tuple[Any, ...], int, int, int]]:
    """Money and the people behind it, out of the same rows."""
    return reader.once((kind, wanted.columns), lambda: _entries(reader, wanted, kind))


def _entries(
    reader: Reader, wanted: Wanted, kind: LedgerKind
) -> list[tuple[tuple[Any, ...], int, int, int]]:
    back = aliased(LedgerEntry)
    taken_back = sa.exists().where(col(back.reverses_id) == col(LedgerEntry.id))

    def build(query: sa.Select[Any]) -> sa.Select[Any]:
        return (
            query.join(LedgerEntry, col(LedgerEntry.case_id) == col(Case.id))
            .join(PersonGroup, col(PersonGroup.id) == col(LedgerEntry.group_id))
            .where(
                col(LedgerEntry.kind) == kind,
                col(LedgerEntry.day) >= reader.period.start,
                col(LedgerEntry.day) < reader.period.end,
                col(LedgerEntry.reverses_id).is_(None),
                sa.not_(taken_back),
            )
        )

    more = (
        col(LedgerEntry.currency),
        col(LedgerEntry.group_id),
        col(LedgerEntry.amount),
        col(PersonGroup.persons),
    )
    return [
        (wanted.key(said | {"currency": currency}), group, amount, persons)
        for said, (currency, group, amount, persons) in reader.rows(
            wanted, more, build, ("currency",)
        )
    ]

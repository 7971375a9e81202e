"""The exact figures of past periods, for staff: kept, read back, and compared.

An audience is ``public`` (all brands together) or the code of a brand, as in ``casework.publication.releases``.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from casework.db import Session
from casework.figures import figurerows
from casework.figures.periods import Period
from casework.figures.tables import Key, Sheet, Spread, Table
from casework.ids import new_id
from casework.models import Snapshot

Row = dict[str, Any]


def versions(session: Session, audience: str, period: Period) -> list[Snapshot]:
    """All counts of a period that differ, the newest first."""
    wanted = select(Snapshot).where(Snapshot.audience == audience, Snapshot.period == str(period))
    return list(session.exec(wanted.order_by(col(Snapshot.version).desc())))


def newest(session: Session, audience: str, period: Period) -> Snapshot | None:
    """What is known of a period by now."""
    return next(iter(versions(session, audience, period)), None)


def of_year(session: Session, year: Period) -> dict[tuple[str, str], Snapshot]:
    """The newest ones of a year and its quarters, by audience and period."""
    names = [str(period) for period in (*year.quarters, year)]
    wanted = select(Snapshot).where(col(Snapshot.period).in_(names))
    found = session.exec(wanted.order_by(col(Snapshot.version)))
    return {(one.audience, one.period): one for one in found}


def sheet(snapshot: Snapshot) -> Sheet:
    """The figures of a snapshot."""
    return figurerows.sheet(Period.read(snapshot.period), snapshot.counts, snapshot.spreads)


def tables(snapshot: Snapshot) -> tuple[Table, ...]:
    """What was counted."""
    return figurerows.tables(snapshot.tables)


def add(
    session: Session,
    audience: str,
    found: Sheet,
    tables: Iterable[Table],
    now: datetime,
    again_at: datetime,
    before: Snapshot | None = None,
) -> Snapshot:
    """Keep a count; of the version ``before`` it says what differs."""
    counts, spreads = figurerows.of_sheet(found)
    made = Snapshot(
        id=new_id(now),
        audience=audience,
        period=str(found.period),
        version=before.version + 1 if before else 1,
        made_at=now,
        staff_id=before.asked_by if before else None,
        checked_at=now,
        again_at=again_at,
        tables=figurerows.of_tables(tables),
        counts=counts,
        spreads=spreads,
        changes=changes(sheet(before), found) if before else [],
        digest="",
    )
    made.digest = digest(made)
    session.add(made)
    if before:
        before.again_at = before.asked_by = None
    return made


def digest(snapshot: Snapshot) -> str:
    """What the digest of a snapshot is to be."""
    return figurerows.digest(
        audience=snapshot.audience,
        period=snapshot.period,
        version=snapshot.version,
        tables=snapshot.tables,
        counts=snapshot.counts,
        spreads=snapshot.spreads,
    )


def changes(before: Sheet, after: Sheet) -> list[Row]:
    """What differs between two counts of the same days, as rows with ``before`` and ``after``;
    of days the median, with their 90th percentile and how many there were beside it."""
    found: list[tuple[Key, Row]] = [
        (key, {"before": before.counts.get(key, 0), "after": after.counts.get(key, 0)})
        for key in before.counts.keys() | after.counts.keys()
        if before.counts.get(key, 0) != after.counts.get(key, 0)
    ]
    found += [
        (key, _spreads(before.spreads, after.spreads, key))
        for key in before.spreads.keys() | after.spreads.keys()
        if before.spreads.get(key) != after.spreads.get(key)
    ]
    found.sort(key=lambda one: figurerows.order(one[0]))
    return [{**figurerows.named(key), **row} for key, row in found]


def _spreads(before: Mapping[Key, Spread], after: Mapping[Key, Spread], key: Key) -> Row:
    row: Row = {}
    for name, spreads in (("before", before), ("after", after)):
        spread = spreads.get(key)
        row[name] = spread.median if spread else None
        row[f"{name}_p90"] = spread.p90 if spread else None
        row[f"{name}_count"] = spread.count if spread else 0
    return row

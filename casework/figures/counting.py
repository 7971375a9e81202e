"""Counts what came in: cases, the persons behind them, and the issues they are about.

Cases are counted by the database, in one go for all tables (``GROUP BY`` of the columns that any of
them needs); margins are added up from that.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import col

from casework import facts, links
from casework.db import Session
from casework.figures.adding import PLACE, Wanted
from casework.figures.belonging import Belonging
from casework.figures.periods import Period
from casework.figures.tables import By
from casework.models import Case, Issue
from casework.vocabulary import Category, Inadmissible

Rows = TypeVar("Rows")

LIVING = "below-living-wage"
"""The kind of ``Category.WAGES`` that is about a living wage."""


def real() -> list[sa.ColumnElement[bool]]:
    """On ``Case``: it counts. Practice, spam and what was told before never do; in the demo, where
    every case is invented, these are what is counted."""
    return [
        col(Case.practice) == facts.of_practice(),
        sa.or_(col(Case.inadmissible).is_(None), col(Case.inadmissible) != Inadmissible.SPAM),
        sa.not_(links.is_duplicate()),
    ]


def received_in(period: Period) -> list[sa.ColumnElement[bool]]:
    """On ``Case``: it came in within the days of a period."""
    return [col(Case.received_at) >= period.begins, col(Case.received_at) < period.ends]


def column(name: str) -> sa.ColumnElement[Any]:
    """What the database says for one of the columns that figures are broken down by."""
    if name == "wage":
        return _wage()
    # As the text it is stored as: an enum of each would be made for nothing.
    return sa.type_coerce(_PLAIN[name], sa.String).label(name)


_PLAIN: dict[str, Any] = {
    "category": col(Case.category),
    "severity": col(Case.severity),
    "channel": col(Case.channel),
    "language": col(Case.language),
    "relation": col(Case.relation),
}


def _wage() -> sa.ColumnElement[Any]:
    """A case counts as about a living wage if any of its issues is (strict, 1), else as about other
    wages if any is (broad, 0)."""
    living = sa.func.max(sa.case((col(Issue.kind) == LIVING, 1), else_=0))
    return (
        sa.select(living)
        .where(col(Issue.case_id) == col(Case.id), col(Issue.category) == Category.WAGES)
        .correlate(Case)
        .scalar_subquery()
        .label("wage")
    )


def place_columns(moved: Collection[int] | None) -> list[sa.ColumnElement[Any]]:
    """What tells where a case belongs: its factory, and when it was received. That moment is needed
    only for the factories that ``moved``; ``None``: for all."""
    at: Any = col(Case.received_at)
    if moved:
        among = col(Case.factory_id).in_(moved)
        at = sa.type_coerce(sa.case((among, at), else_=sa.null()), at.type)
    elif moved is not None:
        return [col(Case.factory_id).label("factory_id")]
    return [col(Case.factory_id).label("factory_id"), at.label("received")]


class Reader:
    """Reads what is counted, by the columns that are wanted, and says for each where it belongs."""

    def __init__(
        self, session: Session, period: Period, belonging: Belonging, now: datetime | None = None
    ) -> None:
        self.session, self.period, self.belonging = session, period, belonging
        self.at = min(period.ends, now) if now else period.ends
        """The moment of which it is counted how it stood: the end, or now."""
        self._read: dict[Hashable, Any] = {}
        session.flush()

    def once(self, name: Hashable, read: Callable[[], Rows]) -> Rows:
        """What two measures are counted out of is read once, under a name."""
        if name not in self._read:
            self._read[name] = read()
        found: Rows = self._read[name]
        return found

    def received(self, wanted: Wanted, *where: sa.ColumnElement[bool]) -> dict[By, int]:
        """Cases by when they were received; imported ones by when they were elsewhere."""
        return wanted.add_up(self._groups(wanted, (), lambda one: one.where(*where)))

    def issues(self, wanted: Wanted) -> dict[By, int]:
        """The issues of those cases, each by its own category and kind, as they are known now."""
        own: dict[str, Any] = {
            "category": sa.type_coerce(col(Issue.category), sa.String),
            "kind": sa.type_coerce(col(Issue.category), sa.String) + ":" + col(Issue.kind),
            "wage": sa.case(
                (col(Issue.category) != Category.WAGES, sa.null()),
                (col(Issue.kind) == LIVING, 1),
                else_=0,
            ),
        }
        own["kind"] = sa.case((col(Issue.kind) == "", sa.null()), else_=own["kind"])

        def joined(statement: sa.Select[Any]) -> sa.Select[Any]:
            return statement.join(Issue, col(Issue.case_id) == col(Case.id))

        return wanted.add_up(self._groups(wanted, (), joined, own))

    def persons(self, wanted: Wanted) -> dict[By, int]:
        """Who filed those cases: whoever filed two is one. Of a worker who asked to be forgotten,
        or came by phone or from another system, nobody knows: each case counts as one."""
        found: list[tuple[tuple[Any, ...], Hashable, int]] = []
        more: tuple[Any, ...] = (col(Case.reporter_id).label("reporter_id"),)
        for raw, count in self._groups(wanted, more, lambda one: one).items():
            *group, reporter = raw
            group_of = tuple(group)
            found.append(
                (group_of, reporter, 1) if reporter is not None else (group_of, group_of, count)
            )
        return wanted.distinct(found)

    def rows(
        self,
        wanted: Wanted,
        more: Sequence[Any],
        build: Callable[[sa.Select[Any]], sa.Select[Any]],
        own: Collection[str] = (),
    ) -> Iterator[tuple[dict[str, Any], tuple[Any, ...]]]:
        """Of each row that a query finds about real cases that belong: its columns by name, and
        ``more``. The columns in ``own`` are left to whoever asks."""
        names = [name for name in wanted.columns if name != PLACE and name not in own]
        columns = [*place_columns(None), *map(column, names), *more]
        statement = build(sa.select(*columns).select_from(Case))
        statement = statement.where(*real(), *self.belonging.among())
        for factory, received, *raw in self.session.execute(statement):
            place = self.belonging.place(factory, received)
            if place is not None:
                said = dict(zip(names, raw, strict=False))
                yield said | {PLACE: place}, tuple(raw[len(names) :])

    def _groups(
        self,
        wanted: Wanted,
        more: tuple[sa.ColumnElement[Any], ...],
        joined: Callable[[sa.Select[Any]], sa.Select[Any]],
        own: dict[str, Any] | None = None,
    ) -> dict[tuple[Any, ...], int]:
        own = own or {}
        moved = self.belonging.changing(self.period)
        placed = PLACE in wanted.columns or (self.belonging.narrowed and bool(moved))
        plain = [name for name in wanted.columns if name != PLACE]
        columns = [
            *(place_columns(moved) if placed else ()),
            *((own[name].label(name) if name in own else column(name)) for name in plain),
            *more,
        ]
        groups: list[Any] = [sa.literal_column(str(at + 1)) for at in range(len(columns))]
        statement = (
            joined(sa.select(*columns, sa.func.count().label("n")).select_from(Case))
            .where(*received_in(self.period), *real(), *self.belonging.among(self.period))
            .group_by(*groups)
        )
        # Without the session's own rows around them: there may be very many.
        rows = self.session.connection().execute(statement).all()
        if not placed:
            return {row[:-1]: row[-1] for row in rows}
        return self._placed(rows, keep=PLACE in wanted.columns, dated=bool(moved))

    def _placed(self, rows: Any, *, keep: bool, dated: bool) -> dict[tuple[Any, ...], int]:
        """Rows of a query with their places instead of what tells them."""
        found: dict[tuple[Any, ...], int] = defaultdict(int)
        steady = self.belonging.places(self.period.start)
        first = 2 if dated else 1
        for row in rows:
            received = row[1] if dated else None
            place = self.belonging.place(row[0], received) if received else steady(row[0])
            if place is not None:
                found[(place, *row[first:-1]) if keep else row[first:-1]] += row[-1]
        return found

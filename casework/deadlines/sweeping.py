"""The sweep: what is overdue is marked, and who is to be told is told, oldest first and each once.

It looks for clocks with something to do (``Clock.next_at``); what that is follows from the clock, the
policy, the calendar and the pauses, so it is the same whatever restarted, ran twice or stood still
for a week. Many clocks are read together, worked on as values (``casework.deadlines.swept``), and written
together.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import MISSING, fields, replace
from datetime import datetime
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import SQLModel, col, select

from casework import bulk, places
from casework.db import Session
from casework.deadlines import policing, promises
from casework.deadlines.swept import Swept, SweptCase, SweptClock
from casework.deadlines.terms import Terms
from casework.models import Case, CaseEvent, Clock, Factory, StaffNotice
from casework.models.base import Table
from casework.office.telling import Told

log = logging.getLogger(__name__)

BATCH = 100
"""So many clocks at most in one transaction: short ones let others through."""
_MOST_ROWS = 1_000
"""So many events and notices are enough for one transaction, where each clock has much to tell."""


def _read(model: type[Table], values: type[Any]) -> tuple[Any, ...]:
    """The columns that the values of a row are made of."""
    names = [one.name for one in fields(values) if one.default is MISSING]
    return tuple(getattr(model, name) for name in names)


_CLOCK, _CASE = _read(Clock, SweptClock), _read(Case, SweptCase)
_NOW: Any = sa.bindparam("now")

# Built once: an idle look takes less time than building its statement.
_ANY = select(Clock.id).where(col(Clock.next_at) < _NOW).limit(1)
_DUE: Any = (
    sa.select(*_CLOCK, *_CASE, col(Factory.calendar_id))
    .join(Case, col(Case.id) == col(Clock.case_id))
    .outerjoin(Factory, col(Factory.id) == col(Case.factory_id))
    .where(col(Clock.next_at) < _NOW)
    .order_by(col(Clock.next_at), col(Clock.id))
    .limit(sa.bindparam("most"))
    # The case first: whoever works on it changes its clocks, and a lock on one of these would stay
    # where the case is passed by.
    .with_for_update(skip_locked=True, key_share=True, of=[Case, Clock])
)
_OF_CASE: Any = (
    sa.select(*_CLOCK)
    .where(col(Clock.case_id) == sa.bindparam("case"), col(Clock.next_at) < _NOW)
    .order_by(col(Clock.next_at), col(Clock.id))
)


_CLOCK_CHANGES = ("missed_at", "paused_seconds", "told_until", "next_at")
_CASE_CHANGES = ("event_count", "head_hash", "updated_at")


def _table(model: type[Table]) -> sa.Table:
    return SQLModel.metadata.tables[model.__name__.lower()]


def _updating(model: type[Table], columns: tuple[str, ...]) -> sa.Update:
    table = _table(model)
    new: dict[str, Any] = {column: sa.bindparam(f"new_{column}") for column in columns}
    return sa.update(table).where(table.c.id == sa.bindparam("row")).values(new)


_UPDATE_CLOCK = _updating(Clock, _CLOCK_CHANGES)
_UPDATE_CASE = _updating(Case, _CASE_CHANGES)
_INSERT_EVENT, _INSERT_NOTICE = sa.insert(_table(CaseEvent)), sa.insert(_table(StaffNotice))


def sweep(session: Session, now: datetime, limit: int = BATCH) -> int:
    """Do what is due about clocks, oldest first; how many were done, at most ``limit``.

    Call it again until there were none: short transactions let others through.
    """
    found = session.exec(_DUE, params={"now": now, "most": limit}).all()
    if not found:
        return 0
    kinds = (len(_CLOCK), len(_CLOCK) + len(_CASE))
    cases: dict[int, SweptCase] = {}
    work = []
    for row in found:
        clock, case = SweptClock(*row[: kinds[0]]), SweptCase(*row[kinds[0] : kinds[1]])
        work.append((clock, cases.setdefault(case.id, case), row.calendar_id))
    calendars = places.calendars(session, {calendar for _, _, calendar in work})
    paused = promises.pauses_by_case(session, [row for row in cases if cases[row].paused_until])
    policy = policing.current(session)
    shared: dict[int | None, Terms] = {}
    swept = Swept(Told(session, [clock.id for clock, _, _ in work], cases))

    def terms(case: SweptCase, calendar: int | None) -> Terms:
        if calendar not in shared:
            shared[calendar] = Terms(policy, places.working_time(calendars[calendar]))
        by = shared[calendar]
        return replace(by, pauses=paused[case.id]) if case.id in paused else by

    for clock, case, calendar in work:
        _take(swept, case, clock, partial(terms, case, calendar), now)
        if swept.rows >= _MOST_ROWS:
            break
    _write(session, swept, now)
    return len(swept.clocks)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a sweep is worth a writing transaction."""
    return session.exec(_ANY, params={"now": now}).first() is not None


def catch_up(session: Session, case: Case, now: datetime) -> None:
    """The same for one case, before somebody acts on it.

    Otherwise an act between the due time and the next sweep would wipe the miss out: by keeping the
    promise late, by withdrawing, or by a severity that gives more time.
    """
    found = session.exec(_OF_CASE, params={"case": case.id, "now": now}).all()
    if not found:
        return
    clocks = [SweptClock(*row) for row in found]
    values = SweptCase(*(getattr(case, column.key) for column in _CASE))
    swept = Swept(Told(session, [clock.id for clock in clocks], [case.id]))
    terms = cache(lambda: promises.terms(session, case))
    for clock in clocks:
        _take(swept, values, clock, terms, now)
    _write(session, swept, now)


def _take(
    swept: Swept, case: SweptCase, clock: SweptClock, terms: Callable[[], Terms], now: datetime
) -> None:
    """One that fails must hold up no other, and nobody who acts on its case."""
    try:
        swept.take(case, clock, terms(), now)
    except Exception as error:  # noqa: BLE001 -- tried again later; whatever it was, the others go on
        # Never the error's text: it may quote what somebody wrote.
        log.error(  # noqa: TRY400
            "A clock of case %s can't be counted (%s).", case.reference, type(error).__name__
        )
        swept.set_aside(clock, now)


def _write(session: Session, swept: Swept, now: datetime) -> None:
    swept.finish(now)
    _update(session, Clock, swept.clocks, _UPDATE_CLOCK, _CLOCK_CHANGES)
    _update(session, Case, swept.cases.values(), _UPDATE_CASE, _CASE_CHANGES)
    bulk.write(session, _INSERT_EVENT, swept.events)
    bulk.write(session, _INSERT_NOTICE, swept.told.rows)


def _update(
    session: Session,
    model: type[Table],
    changed: Collection[SweptClock | SweptCase],
    statement: sa.Update,
    columns: tuple[str, ...],
) -> None:
    """Write values, also into what the session holds of these rows."""
    rows = [
        {"row": one.id, **{f"new_{column}": getattr(one, column) for column in columns}}
        for one in changed
    ]
    bulk.write(session, statement, rows)
    if not session.identity_map:
        return
    for one in changed:
        held = session.identity_map.get(identity_key(model, one.id))
        if held is not None:
            for column in columns:
                set_committed_value(held, column, getattr(one, column))

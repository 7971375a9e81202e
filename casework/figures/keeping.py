"""Counts promises that were to be kept within a period, and those that were kept in it.

Of a case from another system only what was promised since its import: what was before was promised
by others.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from casework.db import Session
from casework.figures import spreads
from casework.figures.adding import Wanted
from casework.figures.counting import Reader
from casework.figures.measures import Kept
from casework.figures.tables import By, Spread
from casework.models import Case, CaseEvent, Clock, Extension, Pause
from casework.vocabulary import Action

_CHUNK = 500
_PROMISE = sa.type_coerce(col(Clock.promise), sa.String)


@dataclass(frozen=True, slots=True)
class MetClock:
    """A promise that was kept before it was found to be missed."""

    id: int
    case_id: int
    started_at: datetime
    due_at: datetime
    met_at: datetime
    paused: bool
    extended: bool


def promised(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Promises by whether they were kept, by the day on which they were due. One that was missed
    stays late, whatever was extended after that, and was due when it was missed. One that fell away
    before it was missed is no promise any more. What is running still is not counted: a past period
    has none of these."""
    found: Counter[tuple[Any, ...]] = Counter()
    for said, promise in _missed(reader, wanted):
        found[wanted.key(said | {"promise": promise, "kept": Kept.LATE.value})] += 1
    kept = list(_met_in_time(reader, wanted))
    by_grace = _only_by_grace(reader.session, [clock for _, _, clock in kept])
    for said, promise, clock in kept:
        how = Kept.IN_TIME_BY_PAUSE if clock.id in by_grace else Kept.IN_TIME
        if clock.met_at > clock.due_at:  # before anybody looked
            how = Kept.LATE
        found[wanted.key(said | {"promise": promise, "kept": how.value})] += 1
    return wanted.add_up(found)


def met(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Promises that were kept within the period, in time or late."""
    return wanted.add_up(Counter(raw for raw, _ in _both(reader, wanted)))


def days(reader: Reader, wanted: Wanted) -> dict[By, Spread]:
    """How long these took, in days from the moment they began: all of the time, pauses included."""
    found = wanted.gather(_both(reader, wanted))
    return {by: spreads.spread(values) for by, values in found.items()}


def _both(reader: Reader, wanted: Wanted) -> list[tuple[tuple[Any, ...], int]]:
    """What is counted, and how long it took, out of the same rows."""
    return reader.once(("taken", wanted.columns), lambda: list(_taken(reader, wanted)))


def _taken(reader: Reader, wanted: Wanted) -> Iterator[tuple[tuple[Any, ...], int]]:
    """The raw values and the tenths of days of each promise that was kept within the period."""
    period = reader.period

    def build(query: sa.Select[Any]) -> sa.Select[Any]:
        return query.join(Clock, col(Clock.case_id) == col(Case.id)).where(
            col(Clock.met_at).is_not(None),
            col(Clock.met_at) >= period.begins,
            col(Clock.met_at) < period.ends,
        )

    more = (_PROMISE, col(Clock.started_at), col(Clock.met_at))
    for said, (promise, started, ended) in reader.rows(wanted, more, build, ("promise",)):
        yield wanted.key(said | {"promise": promise}), spreads.tenths(ended - started)


def _missed(reader: Reader, wanted: Wanted) -> Iterator[tuple[dict[str, Any], str]]:
    """Promises that were due within the period and missed. When they were due stands in the event
    of that: the clock may have been given more time afterwards."""
    period = reader.period

    def build(query: sa.Select[Any]) -> sa.Select[Any]:
        of_clock = sa.and_(
            col(CaseEvent.case_id) == col(Clock.case_id),
            col(CaseEvent.action) == Action.MISS,
            col(CaseEvent.at) == col(Clock.missed_at),
        )
        return (
            query.join(Clock, col(Clock.case_id) == col(Case.id))
            .outerjoin(CaseEvent, of_clock)
            .where(
                # It is found to be missed after it was due, never before.
                col(Clock.missed_at).is_not(None),
                col(Clock.missed_at) >= period.begins,
                col(Clock.started_at) < period.ends,
            )
        )

    more = (col(Clock.id), _PROMISE, col(Clock.due_at), col(CaseEvent.data))
    own = ("promise", "kept")
    due: dict[int, tuple[dict[str, Any], str, datetime]] = {}
    for said, (row, promise, due_at, data) in reader.rows(wanted, more, build, own):
        if data is not None and data["promise"] == promise:
            due[row] = (said, promise, datetime.fromisoformat(data["due"]))
        else:
            due.setdefault(row, (said, promise, due_at))
    for said, promise, at in due.values():
        if period.begins <= at < period.ends:
            yield said, promise


def _met_in_time(reader: Reader, wanted: Wanted) -> Iterator[tuple[dict[str, Any], str, MetClock]]:
    period = reader.period

    def build(query: sa.Select[Any]) -> sa.Select[Any]:
        return query.join(Clock, col(Clock.case_id) == col(Case.id)).where(
            col(Clock.met_at).is_not(None),
            col(Clock.missed_at).is_(None),
            col(Clock.due_at) >= period.begins,
            col(Clock.due_at) < period.ends,
        )

    more = (
        _PROMISE,
        col(Clock.id),
        col(Clock.case_id),
        col(Clock.started_at),
        col(Clock.due_at),
        col(Clock.met_at),
        col(Clock.paused_seconds) > 0,
        col(Clock.extended_to).is_not(None),
    )
    for said, (promise, *clock) in reader.rows(wanted, more, build, ("promise", "kept")):
        yield said, promise, MetClock(*clock)


def _only_by_grace(session: Session, clocks: Iterable[MetClock]) -> set[int]:
    """Which of some promises would have been late without pauses and extensions.

    Without them a promise is due as much earlier as it was paused, of its time until it was due as
    that was known when it was kept or when more time was asked for. Exact where a promise is counted
    in hours or days; where it is counted in working time, to the day.
    """
    graced = [clock for clock in clocks if clock.paused or clock.extended]
    first = _first_extensions(session, [clock.id for clock in graced if clock.extended])
    pauses = _pauses(session, {clock.case_id for clock in graced if clock.paused})
    late = set()
    for clock in graced:
        due_at, known = first.get(clock.id, (clock.due_at, clock.met_at))
        paused = pauses.get(clock.case_id, ()) if clock.paused else ()
        if clock.met_at > due_at - _overlap(paused, clock.started_at, due_at, known):
            late.add(clock.id)
    return late


def _overlap(
    pauses: Iterable[tuple[datetime, datetime, datetime | None]],
    start: datetime,
    end: datetime,
    known: datetime,
) -> timedelta:
    """How much of the time between two moments was paused, as far as it was known at a third."""
    total = timedelta()
    for began, until, ended in pauses:
        if began <= known:
            over = ended if ended is not None and ended <= known else until
            total += max(timedelta(), min(over, end) - max(began, start))
    return total


def _first_extensions(session: Session, rows: list[int]) -> dict[int, tuple[datetime, datetime]]:
    """When clocks were due before they were given more time, and when that was asked for."""
    found: dict[int, tuple[datetime, datetime]] = {}
    for some in _chunks(rows):
        statement = select(Extension.clock_id, Extension.before, Extension.asked_at).where(
            col(Extension.clock_id).in_(some), col(Extension.approved).is_(True)
        )
        for row, before, asked in session.exec(statement.order_by(col(Extension.id))):
            found.setdefault(row, (before, asked))
    return found


def _pauses(
    session: Session, cases: Iterable[int]
) -> dict[int, list[tuple[datetime, datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime, datetime | None]]] = {}
    for some in _chunks(sorted(cases)):
        statement = select(Pause.case_id, Pause.began_at, Pause.until, Pause.ended_at).where(
            col(Pause.case_id).in_(some)
        )
        for row, began, until, ended in session.exec(statement):
            found.setdefault(row, []).append((began, until, ended))
    return found


def _chunks(rows: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(rows), _CHUNK):
        yield rows[at : at + _CHUNK]

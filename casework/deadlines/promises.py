"""The clocks of a case in the database: what an action does to them, what moves them, what is next.

What an action does is said in ``casework.deadlines.promised``, how long each may take in
``casework.deadlines.policies``, when something is due is computed in ``casework.deadlines.clocks``, what is next in
``casework.deadlines.terms``; rows keep what the sweep needs (``casework.deadlines.sweeping``).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select, update

from casework import places
from casework.audit import events
from casework.db import Session
from casework.deadlines import policies, policing, promised
from casework.deadlines.calendars import WorkingCalendar
from casework.deadlines.policies import Chain
from casework.deadlines.terms import Terms, levels, next_step
from casework.deadlines.worktime import Stretch
from casework.ids import new_id
from casework.models import Case, Clock, Extension, Pause
from casework.models.base import new_row
from casework.vocabulary import Action, Promise

FELL_AWAY = "fell-away"
"""Under this name an event holds the promises that its action ended without keeping them."""


def terms(session: Session, case: Case) -> Terms:
    """What the clocks of a case go by now."""
    return Terms(
        policing.current(session),
        places.calendar_for(session, places.factory_of(session, case.factory_id)),
        pauses_of(session, case),
    )


class ManyTerms:
    """The same for many cases: policy and calendar are asked once for each factory."""

    def __init__(self, session: Session) -> None:
        """For cases of one transaction."""
        self._session = session
        self._by_factory: dict[int | None, Terms] = {}

    def of(self, case: Case) -> Terms:
        """What those of a case go by."""
        if case.factory_id not in self._by_factory:
            self._by_factory[case.factory_id] = terms(self._session, case)
        return replace(self._by_factory[case.factory_id], pauses=pauses_of(self._session, case))


def pauses_of(session: Session, case: Case) -> tuple[Stretch, ...]:
    """The times in which a case was paused. A pause that goes on counts to its cap: so a due time
    is known at any moment, and comes nearer when the worker answers."""
    if case.paused_until is None:  # set by the first pause, and never taken away
        return ()
    return pauses_by_case(session, [case.id]).get(case.id, ())


def pauses_by_case(session: Session, case_ids: Collection[int]) -> dict[int, tuple[Stretch, ...]]:
    """The same for several cases; those that were never paused are left out."""
    found: dict[int, tuple[Stretch, ...]] = {}
    if not case_ids:
        return found
    columns = select(Pause.case_id, Pause.began_at, Pause.ended_at, Pause.until)
    statement = columns.where(col(Pause.case_id).in_(case_ids)).order_by(col(Pause.began_at))
    for row, began, ended, until in session.exec(statement):
        end = ended or until
        if began < end:
            found[row] = (*found.get(row, ()), (began, end))
    return found


def begin(session: Session, case: Case, calendar: WorkingCalendar, now: datetime) -> None:
    """Start the clocks of a case that was filed now."""
    by = Terms(policing.current(session), calendar)
    begun = promised.turn(Action.FILE, {}, now).starts
    _write_down(case, _start(session, case, begun, by, now, []))


def take_up(session: Session, case: Case, path: Sequence[Action], by: Terms, now: datetime) -> None:
    """Start the clocks of an open case that comes from another system: as if all the steps it has
    taken there (``path``) had been taken now."""
    begun = promised.running([(action, now) for action in path])
    _write_down(case, _start(session, case, begun, by, now, []))


def follow(session: Session, case: Case, action: Action, now: datetime) -> dict[str, list[str]]:
    """Keep the clocks of a case after an action now: start, meet, end what ``casework.deadlines.promised``
    says. What was met before stays as it was; a miss stays a miss.

    Returns what the action's event has to hold about it: the promises that fell away, if any did.
    """
    if action not in promised.MATTERS:
        return {}
    found = of_case(session, case.id)
    running = {clock.promise: clock for clock in found if is_owed(clock)}
    turn = promised.turn(
        action,
        {promise: clock.started_at for promise, clock in running.items()},
        now,
        forgotten=case.forgotten_at is not None,
    )
    by = terms(session, case)
    _drop_asked(session, [running[promise].id for promise in turn.meets | turn.ends], now)
    for promise in turn.meets:
        running[promise].met_at = now
        freeze(case, running[promise], by, now)
    for promise in turn.ends:
        running[promise].cancelled_at = now
        freeze(case, running[promise], by, now)
    found += _start(session, case, turn.starts, by, now, found)
    _write_down(case, found)
    return {FELL_AWAY: _names(turn.ends)} if turn.ends else {}


def _drop_asked(session: Session, clock_ids: Collection[int], now: datetime) -> None:
    """More time that was asked for needs no decision any more."""
    if not clock_ids:
        return
    session.exec(
        update(Extension)
        .where(col(Extension.clock_id).in_(clock_ids), col(Extension.decided_at).is_(None))
        .values(decided_at=now)
    )


def _names(promises: Iterable[Promise]) -> list[str]:
    wanted = frozenset(promises)
    return [promise.value for promise in Promise if promise in wanted]


def _start(
    session: Session,
    case: Case,
    wanted: Iterable[Promise],
    by: Terms,
    started: datetime,
    found: Sequence[Clock],
) -> list[Clock]:
    """New rounds of the promises that run in this case."""
    begun = []
    for promise in Promise:
        if promise not in wanted or (line := by.line(case, promise)) is None:
            continue
        clock = new_row(
            Clock,
            id=new_id(started),
            case_id=case.id,
            promise=promise,
            round=1 + sum(one.promise is promise for one in found),
            started_at=started,
            due_at=policies.due(promise, started, by.calendar, line, by.pauses).at,
            told_until=started,
        )
        clock.next_at = next_step(case, clock, by)
        session.add(clock)
        begun.append(clock)
    return begun


def freeze(case: Case, clock: Clock, by: Terms, at: datetime) -> None:
    """A clock has ended: nothing is to be done about it any more, and what was paused is kept."""
    clock.next_at = None
    line = by.line(case, clock.promise)
    if line and clock.missed_at is None:
        clock.paused_seconds = by.paused_seconds(clock, line, at)


def of_case(session: Session, case_id: int) -> list[Clock]:
    """All clocks of a case, the earliest due first, as the database has them now."""
    statement = select(Clock).where(Clock.case_id == case_id)
    statement = statement.order_by(col(Clock.due_at), col(Clock.id))
    return list(session.exec(statement, execution_options={"populate_existing": True}))


@dataclass(frozen=True, slots=True)
class Moved:
    """A promise that is due at another time than before; ``None``: it was not promised then, or is
    not any more."""

    promise: Promise
    before: datetime | None
    after: datetime | None

    @property
    def data(self) -> dict[str, str | None]:
        """What an event keeps of it."""
        return {
            "promise": self.promise.value,
            "before": self.before.isoformat() if self.before else None,
            "after": self.after.isoformat() if self.after else None,
        }


def reschedule(session: Session, case: Case, now: datetime, *, kinds: bool = True) -> list[Moved]:
    """Compute the open clocks anew, after policy, calendar, severity, category or a pause changed.
    A miss stays a miss, and what was met stays met.

    With ``kinds``, promises that run by the policy of now begin, counted from when they would have;
    a calendar or a pause can't do that.
    """
    found = of_case(session, case.id)
    return reschedule_by(session, case, found, terms(session, case), now, kinds=kinds)


def reschedule_by(
    session: Session, case: Case, found: list[Clock], by: Terms, now: datetime, *, kinds: bool
) -> list[Moved]:
    """The same where the clocks of a case and what they go by are known: many cases are read in one
    go."""
    moved = []
    for clock in found:
        if not is_owed(clock):
            continue
        line = by.line(case, clock.promise)
        if line is None:
            clock.cancelled_at, clock.next_at = now, None
            moved.append(Moved(clock.promise, clock.due_at, None))
        elif is_open(clock):
            due_at = by.due_at(clock, line)
            if due_at != clock.due_at:
                moved.append(Moved(clock.promise, clock.due_at, due_at))
                if due_at < clock.due_at:
                    # Levels may lie behind the last sweep now: whoever was not told of one is.
                    clock.told_until = clock.started_at
                clock.due_at = due_at
        if line:
            clock.next_at = next_step(case, clock, by)
    if kinds:
        begun = _start_late(session, case, by, found)
        moved += [Moved(clock.promise, None, clock.due_at) for clock in begun]
        found += [clock for clock in begun if clock not in found]
    _write_down(case, found)
    return moved


def tell_new_levels(
    case: Case, found: Iterable[Clock], by: Terms, before: Callable[[Promise], Chain | None]
) -> None:
    """Levels that another chain put behind the last sweep are told by the next one; whoever was told
    of them is not told again. ``before`` is the chain of then; the clocks' next steps are to be
    computed after it."""
    for clock in found:
        at = newly_past(case, clock, by, before(clock.promise))
        if at is not None:
            clock.told_until = at


def newly_past(case: Case, clock: Clock, by: Terms, before: Chain | None) -> datetime | None:
    """When the first level was reached that the chain of now has and the one of ``before`` had not,
    if that is behind the last sweep."""
    line = by.line(case, clock.promise)
    if not is_owed(clock) or line is None or before is None:
        return None
    if before == by.policy.chain(line, case.severity):
        return None
    past = (
        at
        for level, at in levels(case, clock, line, by)
        if level not in before
        and clock.started_at <= at < clock.told_until
        # Of what is missed nobody needs a warning.
        and not (level.warns and clock.missed_at)
    )
    return min(past, default=None)


def extend(session: Session, case: Case, clock: Clock, until: datetime, now: datetime) -> None:
    """A clock is due later than it was; its chain begins anew. A miss stays a miss."""
    # A pause may hold it up beyond that for now; when it ends, the day that was given is left.
    clock.extended_to, clock.due_at = until, max(until, clock.due_at)
    clock.extensions += 1
    clock.told_until = now
    by = terms(session, case)
    clock.next_at = next_step(case, clock, by)
    session.flush()
    _write_down(case, of_case(session, case.id))


def may_pause(case: Case, found: Iterable[Clock], by: Terms) -> bool:
    """Whether a clock that runs in a case may pause."""
    lines = (by.line(case, clock.promise) for clock in found if is_open(clock))
    return any(line is not None and line.pauses for line in lines)


def _start_late(session: Session, case: Case, by: Terms, found: Sequence[Clock]) -> list[Clock]:
    """Promises that run by the terms of now, and did not by those of the moment they began at."""
    known = {(clock.promise, clock.started_at) for clock in found if clock.cancelled_at is None}
    past = [
        (action, event.at)
        for event in events.history(session, case.id)
        for action in events.steps(event)
    ]
    running = promised.running(past, forgotten=case.forgotten_at)
    begun: list[Clock] = []
    for promise, started in running.items():
        if (promise, started) not in known and by.line(case, promise):
            again = next(
                (c for c in found if (c.promise, c.started_at) == (promise, started)), None
            )
            begun += [again] if again else _start(session, case, {promise}, by, started, found)
    for clock in begun:
        # One that fell away by an earlier change goes on as if it had not.
        clock.cancelled_at = None
        if is_open(clock) and (line := by.line(case, clock.promise)):
            clock.due_at = by.due_at(clock, line)
        clock.next_at = next_step(case, clock, by)
    return begun


def next_told(session: Session, case: Case) -> Clock | None:
    """Which of the promises that the worker hears of is owed first; one that is late comes first."""
    owed = (clock for clock in of_case(session, case.id) if is_owed(clock))
    return next((clock for clock in owed if clock.promise in promised.TO_WORKER), None)


def answer_due(session: Session, case: Case) -> datetime:
    """By when a person acknowledges a case that was filed in this session, written or not yet: a
    batch of complaints is written in one go. Every policy promises it."""
    wanted = (case.id, Promise.ACKNOWLEDGE)
    for row in session.new:
        if isinstance(row, Clock) and (row.case_id, row.promise) == wanted:
            return row.due_at
    written = select(Clock.due_at).where(
        Clock.case_id == case.id, Clock.promise == Promise.ACKNOWLEDGE
    )
    return session.exec(written).one()


def _write_down(case: Case, found: Iterable[Clock]) -> None:
    """Keep in the case what lists and sweeps ask for."""
    owed = [clock for clock in found if is_owed(clock)]
    case.next_due_at = min((clock.due_at for clock in owed), default=None)
    progress = [clock for clock in owed if clock.promise is Promise.PROGRESS]
    if not progress or case.reporter_id is None:
        case.progress_at = None
    elif progress[0].missed_at is None or case.progress_at is None:
        case.progress_at = progress[0].due_at


def is_owed(clock: Clock) -> bool:
    """Neither kept nor fallen away: running, or missed and still to be done."""
    return clock.met_at is None and clock.cancelled_at is None


def is_open(clock: Clock) -> bool:
    """Still running: neither met, missed nor cancelled."""
    return is_owed(clock) and clock.missed_at is None

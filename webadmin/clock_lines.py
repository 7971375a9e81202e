"""The clocks of a case as lines a person understands, for its page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from markupsafe import Markup

from casework.deadlines import extending, pausing, policies, promises, terms
from casework.deadlines.terms import Terms
from casework.messaging import messages
from casework.models import Case, Clock, Extension, Message, Pause, Staff
from casework.vocabulary import Promise
from translations import N_
from webadmin import clock_words, dates, labels
from webadmin.context import actor, db, now, zone
from webadmin.i18n import gettext as _
from webadmin.steps import step


class State(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    KEPT = "kept"
    KEPT_LATE = "kept-late"
    FELL_AWAY = "fell-away"


_SIGNS = {
    State.RUNNING: (N_("Running"), "calendar-event"),
    State.PAUSED: (N_("Paused"), "pause-circle"),
    State.OVERDUE: (N_("Missed, and still owed"), "alarm"),
    State.KEPT: (N_("Kept"), "check-circle"),
    # Translators: of a promise: it was kept, but after it was due
    State.KEPT_LATE: (N_("Kept late"), "exclamation-triangle"),
    State.FELL_AWAY: (N_("Fell away"), "x-circle"),
}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock in words. ``steps``: how its date comes about; ``told``: who hears of it when,
    unless it is kept before."""

    clock: Clock
    state: State
    text: str
    notes: tuple[str, ...] = ()
    steps: tuple[Markup, ...] = ()
    told: tuple[str, ...] = ()
    may_ask: bool = False
    """More time may be asked for."""

    @property
    def promise(self) -> Promise:
        """What was promised."""
        return self.clock.promise

    @property
    def sign(self) -> str:
        """The state in few words."""
        return _(_SIGNS[self.state][0])

    @property
    def icon(self) -> str:
        """The icon of the state."""
        return _SIGNS[self.state][1]

    @property
    def owed(self) -> bool:
        """Whether it is still to be kept."""
        return promises.is_owed(self.clock)


@dataclass(frozen=True, slots=True)
class Waiting:
    """More time that somebody asked for and nobody decided yet."""

    extension: Extension
    promise: Promise
    asker: str
    words: str
    mine: bool
    """The reader asked: somebody else decides."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """All that the page of a case says about time."""

    owed: tuple[ClockLine, ...] = ()
    ended: tuple[ClockLine, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    pause: Pause | None = None
    """The pause that goes on now."""
    may_pause: bool = False
    """A clock runs that may pause."""
    pause_at_most: int = 0
    """Days for which this case may pause in all."""

    @property
    def next(self) -> ClockLine | None:
        """The promise that is due next."""
        return self.owed[0] if self.owed else None

    @property
    def late(self) -> int:
        """How many promises were kept late."""
        return sum(line.state is State.KEPT_LATE for line in self.ended)

    def owes(self, promise: Promise) -> ClockLine | None:
        """The line of a promise that is still owed."""
        return next((line for line in self.owed if line.promise is promise), None)


def gather(case: Case, shown: Sequence[Clock], staff: dict[int, Staff]) -> Clocks:
    """The clocks of a case that are worth showing, in words for the reader."""
    session, by = db(), promises.terms(db(), case)
    asked = extending.of_case(session, case.id)
    pause = pausing.newest(session, case.id) if pausing.is_paused(case, now()) else None
    undecided = {one.clock_id: one for one in asked if one.decided_at is None}
    lines = [_line(case, clock, by, asked, pause, clock.id in undecided) for clock in shown]
    known = {clock.id: clock for clock in shown if promises.is_owed(clock)}
    return Clocks(
        owed=tuple(line for line in lines if line.owed),
        ended=tuple(line for line in lines if not line.owed),
        waiting=tuple(
            _waiting(one, known[clock_id], staff)
            for clock_id, one in undecided.items()
            if clock_id in known
        ),
        pause=pause,
        may_pause=promises.may_pause(case, shown, by),
        pause_at_most=by.policy.pause_at_most[case.severity],
    )


def _line(
    case: Case,
    clock: Clock,
    by: Terms,
    asked: Iterable[Extension],
    pause: Pause | None,
    undecided: bool,
) -> ClockLine:
    state = _state(case, clock, by, pause)
    owed = promises.is_owed(clock)
    return ClockLine(
        clock,
        state,
        _text(clock, state, by, pause),
        tuple(_notes(clock, [one for one in asked if one.clock_id == clock.id])),
        tuple(_steps(case, clock, by)),
        tuple(_told(case, clock, by)) if owed else (),
        may_ask=owed and not undecided and clock.promise in extending.EXTENDABLE,
    )


def _state(case: Case, clock: Clock, by: Terms, pause: Pause | None) -> State:
    if clock.cancelled_at is not None:
        return State.FELL_AWAY
    if clock.met_at is not None:
        late = clock.missed_at is not None or clock.met_at > clock.due_at
        return State.KEPT_LATE if late else State.KEPT
    if clock.due_at < now():
        return State.OVERDUE
    line = by.line(case, clock.promise)
    return State.PAUSED if pause and line and line.pauses else State.RUNNING


def _text(clock: Clock, state: State, by: Terms, pause: Pause | None) -> str:
    if clock.cancelled_at is not None:
        return _("Fell away on %(day)s: the case took another way.") % {
            "day": dates.moment(clock.cancelled_at)
        }
    if clock.met_at is not None:
        values = {"day": dates.moment(clock.met_at), "due": dates.moment(clock.due_at)}
        if state is State.KEPT_LATE:
            return _("Kept late, on %(day)s; promised for %(due)s.") % values
        return _("Kept on %(day)s; promised for %(due)s.") % values
    text = clock_words.due(clock.due_at, by.calendar, zone(), now())
    if state is State.PAUSED and pause:
        text += " " + clock_words.paused(pause.reason, pause.began_at, pause.until, zone(), now())
    return text


def _notes(clock: Clock, asked: Sequence[Extension]) -> Iterable[str]:
    for one in asked:
        values = {
            "before": dates.moment(one.before),
            "until": dates.moment(one.until),
            "reason": labels.label(one.reason),
        }
        if one.approved:
            yield _("Extended from %(before)s to %(until)s: %(reason)s.") % values
        elif one.approved is False:
            yield _("More time until %(until)s was refused.") % values
    if clock.missed_at is not None and clock.extended_to is not None:
        yield _("It was missed once: that stays, whatever was extended.")
    if clock.met_at is not None:
        pause = timedelta(seconds=clock.paused_seconds)
        yield clock_words.took(clock.met_at - clock.started_at, pause)


def _steps(case: Case, clock: Clock, by: Terms) -> Iterable[Markup]:
    """How the date comes about; nothing where it was counted by a policy or a calendar of then."""
    line = by.line(case, clock.promise)
    if line is None or clock.cancelled_at is not None:
        return
    found = policies.due(clock.promise, clock.started_at, by.calendar, line, by.pauses)
    if max(found.at, clock.extended_to or found.at) != clock.due_at:
        return
    yield from map(step, found.steps)
    if clock.extended_to and clock.extended_to == clock.due_at:
        until = dates.wall_moment(clock.due_at.astimezone(by.calendar.zone))
        yield Markup("{}").format(_("Then it was extended: %(moment)s.") % {"moment": until})


def _told(case: Case, clock: Clock, by: Terms) -> Iterable[str]:
    line = by.line(case, clock.promise)
    if line is None:
        return
    for level, at in terms.levels(case, clock, line, by):
        if at > now():
            people = ", ".join(labels.label(one) for one in level.to)
            yield f"{dates.moment(at)}: {people}"


def _waiting(one: Extension, clock: Clock, staff: dict[int, Staff]) -> Waiting:
    return Waiting(
        one,
        clock.promise,
        staff[one.asked_by].name,
        messages.words(db(), db().get_one(Message, one.message_id)),
        one.asked_by == actor().staff_id,
    )

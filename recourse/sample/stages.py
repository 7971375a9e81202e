"""Sample cases that are still open at the end of the history, and when their next promise is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from casework.deadlines import policies
from casework.deadlines.calendars import WorkingCalendar
from casework.deadlines.policies import Line
from casework.vocabulary import Action, Category, Promise, Severity
from recourse.sample.legs import (
    answer,
    ask,
    dig,
    dispute,
    look,
    mend,
    more_time,
    sort,
    take,
    talk,
    tell,
    wait,
)
from recourse.sample.pen import Pen, awake, is_awake
from recourse.sample.people_and_places import SUPERVISOR
from recourse.sample.scenes import severity_of
from recourse.sample.words import Story


@dataclass(frozen=True, slots=True)
class Brief:
    """What the legs of an open case need to know. ``taken_at``: when a person must take it."""

    summary: str
    taken_at: datetime | None


Prefix = Callable[[Pen, Brief], None]


def _unread(_pen: Pen, _brief: Brief) -> None:
    """Nobody has opened it."""


def _given(pen: Pen, _brief: Brief) -> None:
    pen.staff(Action.ASSIGN, (0.05, 0.3), by=SUPERVISOR, to=pen.owner)


def _read(pen: Pen, brief: Brief) -> None:
    take(pen, late=0, at=brief.taken_at)
    sort(pen, brief.summary, keep_severity=True)


def _read_by_nobody(pen: Pen, _brief: Brief) -> None:
    """Acknowledged on a day on which the handler was away."""
    pen.staff(Action.ACKNOWLEDGE, (0.1, 1.0), by=SUPERVISOR)


def _asked(pen: Pen, brief: Brief) -> None:
    _read(pen, brief)
    pen.staff(Action.ASSESS, (0.2, 1.0))
    ask(pen, (0.2, 2.0))


def _answered(pen: Pen, brief: Brief) -> None:
    _asked(pen, brief)
    answer(pen)


def _assessing(pen: Pen, brief: Brief) -> None:
    _read(pen, brief)
    talk(pen)
    pen.staff(Action.ASSESS, (0.2, 2.0))


def _investigating(pen: Pen, brief: Brief) -> None:
    _read(pen, brief)
    talk(pen)
    look(pen)


def _investigating_asked(pen: Pen, brief: Brief) -> None:
    _investigating(pen, brief)
    ask(pen, (1.0, 5.0))


def _paused(pen: Pen, brief: Brief) -> None:
    _investigating(pen, brief)
    _not_before(pen, brief, 14 if pen.severity is Severity.SERIOUS else 30)
    ask(pen, (0.2, 2.0))
    wait(pen)


def _extended(pen: Pen, brief: Brief) -> None:
    _investigating(pen, brief)
    _not_before(pen, brief, 24)
    more_time(pen, Promise.INVESTIGATE, given=True)


def _wants_time(pen: Pen, brief: Brief) -> None:
    _remedying(pen, brief)
    _not_before(pen, brief, 83)
    more_time(pen, Promise.OUTCOME, given=False)


def _not_before(pen: Pen, brief: Brief, days: int) -> None:
    """Shortly before the promise is due, that many days after the case was taken."""
    if brief.taken_at is not None:
        pen.at = max(pen.at, brief.taken_at + timedelta(days=days))


def _remedying(pen: Pen, brief: Brief) -> None:
    _investigating(pen, brief)
    mend(pen)


def _verifying(pen: Pen, brief: Brief) -> None:
    _remedying(pen, brief)
    tell(pen)


def _disputed(pen: Pen, brief: Brief) -> None:
    _verifying(pen, brief)
    dispute(pen)


def _looked_at_anew(pen: Pen, brief: Brief) -> None:
    _disputed(pen, brief)
    pen.staff(Action.ASSIGN, (0.3, 2.0), by=SUPERVISOR, to=pen.second)
    pen.owner = pen.second
    pen.staff(Action.INVESTIGATE, (0.2, 2.0))
    dig(pen)


_FROM_ACKNOWLEDGEMENT = (Promise.INVESTIGATE, Promise.OUTCOME)


@dataclass(frozen=True, slots=True)
class Stage:
    """How far an open case has come.

    ``promise`` falls due between these ``hours`` from now (negative: overdue); without a promise
    they are the hours since it was filed. ``severity``: the one the case must start with.
    """

    prefix: Prefix
    promise: Promise | None
    hours: tuple[float, float]
    severity: Severity | None = None
    sexual: bool = False

    @property
    def acknowledged(self) -> bool:
        """Whether the clock of its promise starts when somebody takes the case."""
        return self.promise in _FROM_ACKNOWLEDGEMENT

    def may_be_about(self, story: Story) -> bool:
        """Whether a case with this story can stand where the stage says."""
        if story.topic.category is Category.OTHER or (self.sexual and not story.topic.sexual):
            return False
        return self.severity in (None, severity_of(story))


_ACK, _REPLY = Promise.ACKNOWLEDGE, Promise.FIRST_REPLY
_PLAN, _OUT = Promise.INVESTIGATE, Promise.OUTCOME
_CRITICAL, _SERIOUS, _STANDARD = Severity.CRITICAL, Severity.SERIOUS, Severity.STANDARD

STAGES = (
    Stage(_unread, _ACK, (-9, -2), _CRITICAL),
    Stage(_unread, _ACK, (1, 4), _CRITICAL),
    Stage(_unread, _ACK, (6, 20), _CRITICAL, sexual=True),
    Stage(_given, _ACK, (2, 6), _CRITICAL),
    Stage(_unread, _ACK, (-40, -4), _SERIOUS),
    Stage(_given, _ACK, (-20, -1), _SERIOUS),
    Stage(_unread, _ACK, (0.5, 14), _SERIOUS),
    Stage(_unread, _ACK, (20, 60), _SERIOUS),
    Stage(_given, _ACK, (20, 90), _STANDARD),
    Stage(_unread, _ACK, (40, 100), _STANDARD),
    Stage(_read, _REPLY, (-60, -3), _SERIOUS),
    Stage(_read, _REPLY, (0.5, 13), _SERIOUS),
    Stage(_read, _REPLY, (20, 70), _SERIOUS),
    Stage(_read, _REPLY, (60, 130), _SERIOUS),
    Stage(_read, _REPLY, (30, 200), _STANDARD),
    Stage(_read_by_nobody, _REPLY, (100, 150), _SERIOUS),
    Stage(_read_by_nobody, _REPLY, (230, 320), _STANDARD),
    Stage(_asked, _PLAN, (230, 600)),
    Stage(_asked, _PLAN, (230, 330)),
    Stage(_asked, _PLAN, (200, 320), sexual=True),
    Stage(_answered, _PLAN, (250, 700)),
    Stage(_answered, _PLAN, (200, 500)),
    Stage(_assessing, _PLAN, (200, 600)),
    Stage(_assessing, _PLAN, (180, 400)),
    Stage(_assessing, _PLAN, (150, 300)),
    Stage(_investigating, _PLAN, (-200, -10)),
    Stage(_investigating, _PLAN, (0.5, 14)),
    Stage(_investigating, _PLAN, (30, 140)),
    Stage(_extended, _PLAN, (20, 90), _SERIOUS),
    Stage(_investigating, _PLAN, (150, 300)),
    Stage(_investigating, _PLAN, (100, 250), sexual=True),
    Stage(_paused, _PLAN, (80, 300), _SERIOUS),
    Stage(_paused, _PLAN, (60, 250), _STANDARD),
    Stage(_investigating_asked, _PLAN, (60, 250)),
    Stage(_remedying, _OUT, (-120, -10), _SERIOUS),
    Stage(_wants_time, _OUT, (40, 150), _STANDARD),
    Stage(_remedying, _OUT, (300, 900), _SERIOUS),
    Stage(_remedying, _OUT, (300, 900), _SERIOUS),
    Stage(_remedying, _OUT, (300, 1000), _STANDARD),
    Stage(_verifying, None, (850, 1250)),
    Stage(_verifying, None, (900, 1300)),
    Stage(_verifying, None, (800, 1200)),
    Stage(_verifying, None, (900, 1300)),
    Stage(_disputed, None, (950, 1300)),
    Stage(_disputed, None, (950, 1300)),
    Stage(_looked_at_anew, None, (1200, 1600)),
)
"""What a desk of this size has on its table."""


def started(
    stage: Stage, severity: Severity, calendar: WorkingCalendar, now: datetime, rng: Random
) -> datetime:
    """When the clock of a stage's promise must have started so that it falls due as wanted; where
    weekends allow no such moment, the nearest."""
    if stage.promise is None:
        ago = timedelta(seconds=int(rng.uniform(*stage.hours) * 3600))
        return awake(now - ago, calendar, rng)
    low, high = (now + timedelta(hours=hours) for hours in stage.hours)
    scored = []
    for back in range(1, 24 * 110, 6 if stage.acknowledged else 1):
        at = now - timedelta(hours=back, minutes=rng.randint(0, 59))
        if not _likely(at, stage.promise, severity, calendar):
            continue
        due = policies.due(stage.promise, at, calendar, _line(stage.promise, severity)).at
        if due < low - timedelta(days=9):
            break
        scored.append((max(low - due, due - high, timedelta()), rng.random(), at))
    return min(scored)[2]


def _line(promise: Promise, severity: Severity) -> Line:
    return policies.DEFAULT.lines[promise, severity]


def filed_before(taken_at: datetime, calendar: WorkingCalendar, rng: Random) -> datetime:
    """When a case was filed that was taken at a certain time."""
    moments = (taken_at - timedelta(minutes=back) for back in range(180, 1200, 7))
    return rng.choice([at for at in moments if is_awake(at, calendar)])


def _likely(at: datetime, promise: Promise, severity: Severity, calendar: WorkingCalendar) -> bool:
    """What starts with the acknowledgement starts in office hours, the rest when a worker writes;
    in an emergency, at any hour."""
    if promise not in _FROM_ACKNOWLEDGEMENT:
        return severity is Severity.CRITICAL or is_awake(at, calendar)
    local = at.astimezone(calendar.zone)
    return calendar.is_working(local.date()) and 9 <= local.hour < 16

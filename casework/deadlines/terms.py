"""What the clocks of a case go by, and what that makes due next. Pure.

It asks of a case and of a clock only what it needs, so that a sweep of thousands need not build
their rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.deadlines import policies
from casework.deadlines.calendars import WorkingCalendar
from casework.deadlines.policies import Level, Line, Policy
from casework.deadlines.worktime import Stretch, paused_time
from casework.vocabulary import Category, Promise, Severity


class Weighed(Protocol):
    """Of a case, what the policy goes by."""

    @property
    def severity(self) -> Severity: ...
    @property
    def category(self) -> Category | None: ...


class Running(Protocol):
    """Of a clock that was neither met nor cancelled, what decides when something is to be done."""

    @property
    def promise(self) -> Promise: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def missed_at(self) -> datetime | None: ...
    @property
    def told_until(self) -> datetime: ...


class Extendable(Running, Protocol):
    """A clock that may have been given more time."""

    @property
    def extended_to(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What the clocks of a case go by: the policy, the calendar of the office, its pauses."""

    policy: Policy
    calendar: WorkingCalendar
    pauses: tuple[Stretch, ...] = ()

    def line(self, case: Weighed, promise: Promise) -> Line | None:
        """What the policy says of a promise in a case; ``None``: it does not run there."""
        return self.policy.line(promise, case.severity, case.category)

    def counted(self, line: Line) -> tuple[Stretch, ...]:
        """The pauses that count for a line."""
        return self.pauses if line.pauses else ()

    def due_at(self, clock: Extendable, line: Line) -> datetime:
        """When a clock is due; no sooner than an approved extension says."""
        found = policies.due(clock.promise, clock.started_at, self.calendar, line, self.pauses).at
        return max(found, clock.extended_to) if clock.extended_to else found

    def paused_seconds(self, clock: Running, line: Line, until: datetime) -> int:
        """How much of the time of a clock was paused by a moment."""
        paused = paused_time(clock.started_at, until, self.counted(line))
        return int(paused.total_seconds())


def levels(
    case: Weighed, clock: Running, line: Line, by: Terms, *, late: bool = True
) -> list[tuple[Level, datetime]]:
    """The levels of a clock's chain, and when each is reached, in order; ``late``: with those that
    are reached after the due time."""
    counted = by.counted(line)
    found = [
        (
            level,
            policies.reached_at(level, clock.started_at, clock.due_at, by.calendar, counted),
        )
        for level in by.policy.chain(line, case.severity)
        if late or level.late is None
    ]
    return sorted(found, key=lambda one: one[1])


def next_step(case: Weighed, clock: Running, by: Terms) -> datetime | None:
    """When something is to be done about a running clock that is not done yet: it is missed, or a
    level of its chain is reached."""
    line = by.line(case, clock.promise)
    if line is None:
        return None
    soon = None if clock.missed_at else clock.due_at
    counted = by.counted(line)
    # What is behind the due time lies behind all that comes before it, and of that the first comes
    # first: most often no other is asked.
    for level in by.policy.chain(line, case.severity):
        if level.late is None:
            at = policies.reached_at(level, clock.started_at, clock.due_at, by.calendar, counted)
            if at >= clock.told_until:
                return min(at, soon) if soon else at
    if soon:
        return soon
    ahead = (at for _, at in levels(case, clock, line, by) if at >= clock.told_until)
    return min(ahead, default=None)

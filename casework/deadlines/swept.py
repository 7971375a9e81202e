"""What a sweep makes of clocks and their cases, as plain values: misses, levels, rows to write.

Thousands may be due after a standstill; building and tracking a row of each would take most of the
time.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from casework.actors import SYSTEM
from casework.audit import events
from casework.deadlines.policies import Level
from casework.deadlines.terms import Terms, levels, next_step
from casework.office.telling import Told
from casework.vocabulary import Action, Category, Promise, Severity, Status

ASIDE = timedelta(hours=1)
"""So long a clock that can't be counted waits: it must not stand before all others for ever."""


@dataclass(slots=True)
class SweptCase:
    """Of a case, the columns that a sweep reads, and how they are afterwards."""

    id: int
    reference: str
    status: Status
    severity: Severity
    category: Category | None
    restricted: bool
    factory_id: int | None
    language: str
    assignee_id: int | None
    paused_until: datetime | None
    event_count: int
    head_hash: bytes
    updated_at: datetime | None = None


@dataclass(slots=True)
class SweptClock:
    """The same of a clock. A column with a default is only written."""

    id: int
    promise: Promise
    started_at: datetime
    due_at: datetime
    extensions: int
    met_at: datetime | None
    missed_at: datetime | None
    cancelled_at: datetime | None
    paused_seconds: int
    told_until: datetime
    next_at: datetime | None = None


@dataclass(slots=True)
class Swept:
    """What was done so far, to be written."""

    told: Told
    clocks: list[SweptClock] = field(default_factory=list)
    cases: dict[int, SweptCase] = field(default_factory=dict)
    """Those with new events."""
    events: list[dict[str, Any]] = field(default_factory=list)
    """Their columns, for ``CaseEvent``; there are none before ``finish``."""
    _happened: list[tuple[datetime, SweptCase, Action, dict[str, Any]]] = field(
        default_factory=list
    )

    @property
    def rows(self) -> int:
        """So many are to be added."""
        return len(self._happened) + len(self.told.rows)

    def take(self, case: SweptCase, clock: SweptClock, by: Terms, now: datetime) -> None:
        """Do what is due about one clock; where that can't be computed, nothing is changed."""
        line = by.line(case, clock.promise)
        if line is None or clock.met_at or clock.cancelled_at:
            clock.next_at = None
            self.clocks.append(clock)
            return
        late = clock.due_at < now
        chain = levels(case, clock, line, by, late=late)
        # What ``next_step`` says, of what was computed already: that takes most of the time.
        ahead = [at for _, at in chain if at >= now]
        if clock.missed_at is None and not late:
            ahead.append(clock.due_at)
        known = ahead or late
        done = replace(clock, told_until=now)
        clock.next_at = min(ahead, default=None) if known else next_step(case, done, by)
        if late and clock.missed_at is None:
            clock.paused_seconds = by.paused_seconds(clock, line, clock.due_at)
            clock.missed_at = now
            data = {"promise": clock.promise.value, "due": clock.due_at.isoformat()}
            self._happened.append((clock.due_at, case, Action.MISS, data))
        for level, at in chain:
            if clock.told_until <= at < now:
                self._reach(case, clock, level, at, now)
        clock.told_until = now
        self.clocks.append(clock)

    def set_aside(self, clock: SweptClock, now: datetime) -> None:
        """Let one that can't be computed wait; all that is due about it stays due."""
        clock.next_at = now + ASIDE
        self.clocks.append(clock)

    def finish(self, now: datetime) -> None:
        """Write down what happened, in the order in which it did, also that of several clocks."""
        for _at, case, action, data in sorted(self._happened, key=lambda one: one[0]):
            row = events.append(case, action, by=SYSTEM, now=now, before=case.status, data=data)
            self.events.append(row)
            case.updated_at = now
            self.cases[case.id] = case
        self._happened.clear()

    def _reach(
        self, case: SweptCase, clock: SweptClock, level: Level, at: datetime, now: datetime
    ) -> None:
        people = self.told.of_level(case, clock, level, at, now)
        if level.late is None or not people:
            return
        # A warning and a miss are in the clock; that it climbed, and to whom, stands in the case.
        data = {"promise": clock.promise.value, "level": level.key, "told": people}
        self._happened.append((at, case, Action.ESCALATE, data))

"""A due time tried out for a case that is not there: every step, every level of its chain. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from casework.deadlines import policies
from casework.deadlines.calendars import WorkingCalendar
from casework.deadlines.clocks import Due, Moment
from casework.deadlines.policies import Level, Line, Policy
from casework.deadlines.worktime import Stretch
from casework.errors import BadInput, Remark
from casework.vocabulary import Category, Promise, Severity


@dataclass(frozen=True, slots=True)
class Tried:
    """When a promise would be due, and who would be told when."""

    promise: Promise
    line: Line
    due: Due
    reached: tuple[tuple[Level, datetime], ...]
    """In order; moments in UTC."""


def try_out(
    policy: Policy,
    promise: Promise,
    severity: Severity,
    category: Category | None,
    started: datetime,
    calendar: WorkingCalendar,
    pauses: Iterable[Stretch] = (),
) -> Tried:
    """When a promise that starts at ``started`` would be due.

    ``BadInput`` where the policy does not promise it there, or the pauses are none.
    """
    line = policy.line(promise, severity, category)
    if line is None:
        raise BadInput("The policy does not promise this for that severity.")
    paused, notes = _allowed(policy, line, severity, tuple(pauses), calendar)
    found = policies.due(promise, started, calendar, line, paused)
    # Counted without the pauses where the promise goes on through them.
    counted = paused if line.pauses else ()
    reached = [
        (level, policies.reached_at(level, started, found.at, calendar, counted))
        for level in policy.chain(line, severity)
    ]
    steps = (found.steps[0], *notes, *found.steps[1:])
    return Tried(
        promise, line, Due(found.at, steps), tuple(sorted(reached, key=lambda one: one[1]))
    )


def _allowed(
    policy: Policy,
    line: Line,
    severity: Severity,
    pauses: tuple[Stretch, ...],
    calendar: WorkingCalendar,
) -> tuple[tuple[Stretch, ...], list[Remark]]:
    """What of the pauses counts, and what is to be said about it."""
    pauses = tuple(sorted(pauses))
    for begin, end in pauses:
        if end <= begin:
            raise BadInput("A pause ends after it begins.")
    if any(later < end for (_, end), (later, _) in pairwise(pauses)):
        raise BadInput("These pauses overlap.")
    if not pauses:
        return (), []
    if not line.pauses:
        return (), [Remark("This promise does not pause: its time goes on.")]
    left = timedelta(days=policy.pause_at_most[severity])
    kept: list[Stretch] = []
    for begin, end in pauses:
        until = min(end, begin + left)
        if until > begin:
            kept.append((begin, until))
        left -= until - begin
        if until < end:
            note = Remark(
                "A case may be paused for %(days)s days in all: its time runs again from %(moment)s.",
                days=policy.pause_at_most[severity],
                moment=Moment(until.astimezone(calendar.zone)),
            )
            return tuple(kept), [note]
    return tuple(kept), []

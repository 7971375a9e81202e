"""Until when a founded issue is to be put right. Pure."""

from datetime import datetime, timedelta
from typing import Protocol

from casework.deadlines.calendars import WorkingCalendar
from casework.deadlines.clocks import Due, Span, Unit, passed
from casework.deadlines.policies import Policy
from casework.vocabulary import Category, Gravity, Promise, Severity

OF_MINOR = Span(3, Unit.MONTHS)
"""The seed: with a minor non-compliance begins a remediation period of three months."""


class Classed(Protocol):
    """Of an issue, what decides until when it is put right."""

    @property
    def category(self) -> Category: ...
    @property
    def gravity(self) -> Gravity | None: ...
    @property
    def finding_at(self) -> datetime | None: ...


_DAYS = {
    Unit.HOURS: 1 / 24,
    Unit.DAYS: 1,
    Unit.MONTHS: 31,
    Unit.WORKING_HOURS: 7,
    Unit.WORKING_DAYS: 7,
}
"""At most so many calendar days each takes in an office that opens once a week."""
_CLOSED = timedelta(days=60)
"""An office may be closed for so long around the day on which a time ends."""


def at_most(policy: Policy) -> timedelta:
    """Longer than ``remediation_due`` gives any issue: what was found before is due by now."""
    lines = [*policy.lines.items(), *((key[1:], one) for key, one in policy.exceptions.items())]
    spans = [line.span for (promise, _), line in lines if line and promise is Promise.REMEDY]
    days = max(one.amount * _DAYS[one.unit] for one in (OF_MINOR, *spans))
    return timedelta(days=days) + _CLOSED


def remediation_due(
    issue: Classed, severity: Severity, policy: Policy, calendar: WorkingCalendar
) -> Due | None:
    """When an issue is to be put right, counted from its finding, step by step; ``None`` where it is
    not founded, or the policy promises no remedy for a case of this severity.

    Minor: three calendar months, ending at the close of the office. Major: as long as the policy
    gives the remedy. A pause of the case's clocks does not count here: what is to be done is for the
    respondent, who waits for nobody.
    """
    if issue.gravity is None or issue.finding_at is None:
        return None
    if issue.gravity is Gravity.MINOR:
        return passed(issue.finding_at, calendar, OF_MINOR)
    line = policy.line(Promise.REMEDY, severity, issue.category)
    return passed(issue.finding_at, calendar, line.span, exact=line.exact) if line else None

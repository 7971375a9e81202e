"""Until when a founded issue is to be put right. Pure."""

from datetime import datetime
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

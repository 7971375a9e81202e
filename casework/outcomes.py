"""What became of a case as a whole, out of its status and the findings about its issues. Pure.

Persons, cases and issues are three different counts: this one is of cases. An issue has its own
finding.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from casework.vocabulary import Category, Finding, Outcome, Status

_BY_STATUS = {
    Status.INADMISSIBLE: Outcome.INADMISSIBLE,
    Status.REFERRED: Outcome.REFERRED,
    Status.WITHDRAWN: Outcome.WITHDRAWN,
}
IS_SO = frozenset({Finding.FOUNDED, Finding.PARTLY})
"""Findings that are classed as major or minor, and are to be put right."""
_TOLD = frozenset({Status.VERIFYING, Status.RESOLVED, Status.CLOSED})
"""The worker was told what was found. After an appeal it is open again what holds."""


def overall(findings: Collection[Finding]) -> Finding:
    """One finding for several issues: founded or unfounded where all of them are; partly where
    anything is founded at all; else it can't be determined. ``ValueError`` where there are none."""
    if not findings:
        raise ValueError("A case without findings has no outcome.")
    kinds = set(findings)
    if len(kinds) == 1:
        return kinds.pop()
    if kinds & IS_SO:
        return Finding.PARTLY
    return Finding.UNDETERMINED


class About(Protocol):
    """Of an issue, what counts here."""

    @property
    def category(self) -> Category: ...
    @property
    def finding(self) -> Finding | None: ...


def needs_finding(category: Category) -> bool:
    """Whether it is to be found out if an issue is so. A question, a suggestion or what is out of
    scope is answered or referred, and counted (field.md section 3)."""
    return category is not Category.OTHER


def outcome(status: Status, issues: Iterable[About]) -> Outcome:
    """What became of a case with these issues."""
    if ended := _BY_STATUS.get(status):
        return ended
    if status not in _TOLD:
        return Outcome.UNDECIDED
    found = [issue.finding for issue in issues if needs_finding(issue.category)]
    known = [finding for finding in found if finding is not None]
    if len(known) < len(found):
        return Outcome.UNDECIDED
    return Outcome(overall(known).value) if known else Outcome.ANSWERED


def is_admissible(status: Status, admissible_at: datetime | None) -> bool:
    """Whether a case was taken up, whatever became of it: also one that was referred or taken back
    after that. One that was marked as inadmissible in the end was not."""
    return admissible_at is not None and status is not Status.INADMISSIBLE

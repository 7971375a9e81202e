"""What became of a case as a whole, out of its status and the findings about its issues. Pure.

Persons, cases and issues are three different counts: this one is of cases. An issue has its own
finding.
"""

from collections.abc import Collection
from datetime import datetime

from casework.vocabulary import Finding, Outcome, Status

_BY_STATUS = {
    Status.INADMISSIBLE: Outcome.INADMISSIBLE,
    Status.REFERRED: Outcome.REFERRED,
    Status.WITHDRAWN: Outcome.WITHDRAWN,
}
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
    if kinds & {Finding.FOUNDED, Finding.PARTLY}:
        return Finding.PARTLY
    return Finding.UNDETERMINED


def outcome(status: Status, findings: Collection[Finding | None]) -> Outcome:
    """What became of a case; ``findings`` has an entry for each issue, ``None`` where nobody has
    found anything about it yet."""
    if ended := _BY_STATUS.get(status):
        return ended
    known = [finding for finding in findings if finding is not None]
    if status not in _TOLD or not known or len(known) < len(findings):
        return Outcome.UNDECIDED
    return Outcome(overall(known).value)


def is_admissible(status: Status, admissible_at: datetime | None) -> bool:
    """Whether a case was taken up, whatever became of it: also one that was referred or taken back
    after that. One that was marked as inadmissible in the end was not."""
    return admissible_at is not None and status is not Status.INADMISSIBLE

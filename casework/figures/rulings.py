"""What a case was decided to be, and whether a worker who contested that was right. Pure.

Read out of events: they say what was told then, whatever was found later.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.figures.measures import Ruling
from casework.outcomes import needs_finding, overall
from casework.vocabulary import Action, Category, Finding, Gravity, Outcome, Status

Data = Mapping[str, Any]

_BY_ACTION = {
    Action.REFER: Outcome.REFERRED,
    Action.REJECT: Outcome.INADMISSIBLE,
    Action.WITHDRAW: Outcome.WITHDRAWN,
}
_ENDED_THERE = (Status.INADMISSIBLE, Status.REFERRED, Status.WITHDRAWN)
_TOLD_THERE = (Status.VERIFYING, Status.RESOLVED, Status.CLOSED, Status.APPEALED)
DECIDED_THERE = (*_ENDED_THERE, *_TOLD_THERE)
"""Statuses of a case that was decided in another system before it was imported."""
_WORTH = {
    Outcome.INADMISSIBLE: 0,
    Outcome.REFERRED: 0,
    Outcome.ANSWERED: 1,
    Outcome.UNFOUNDED: 1,
    Outcome.UNDETERMINED: 2,
    Outcome.PARTLY: 3,
    Outcome.FOUNDED: 4,
}
"""How far a decision agrees with the worker: not taken up, taken up, found to be so."""
_AGREES = {
    Finding.UNFOUNDED: 1,
    Finding.UNDETERMINED: 2,
    Finding.PARTLY: 3,
    Finding.FOUNDED: 4,
}


@dataclass(frozen=True, slots=True)
class Past:
    """An event of a case."""

    action: Action
    at: datetime
    data: Data
    staff_id: int | None = None


def outcome(action: Action, data: Data) -> Outcome:
    """What a decision made of a case; ``UNDECIDED`` for one from before findings were kept."""
    if action in _BY_ACTION:
        return _BY_ACTION[action]
    if "findings" not in data:
        return Outcome.UNDECIDED
    found = [
        Finding(one["finding"])
        for one in data["findings"]
        if needs_finding(Category(one["category"]))
    ]
    return Outcome(overall(found).value) if found else Outcome.ANSWERED


def decided_elsewhere(status: Status, data: Data) -> datetime | None:
    """When a case from another system was decided there, by what its import says; ``None`` where it
    was not, or nobody knows when."""
    if status in _ENDED_THERE:
        said = data.get("closed")
    elif status in _TOLD_THERE:
        said = data.get("told") or data.get("closed")
    else:
        said = None
    return datetime.fromisoformat(said) if said else None


@dataclass(frozen=True, slots=True)
class _Decision:
    outcome: Outcome
    findings: Mapping[tuple[str, str], tuple[int, bool]]

    @classmethod
    def of(cls, event: Past) -> "_Decision":
        if event.action is Action.IMPORT:
            finding = event.data.get("finding")
            return cls(Outcome(finding) if finding else Outcome.UNDECIDED, {})
        findings = {
            (one["category"], one["kind"]): (
                _AGREES[Finding(one["finding"])],
                one.get("gravity") == Gravity.MAJOR.value,
            )
            for one in event.data.get("findings", ())
        }
        return cls(outcome(event.action, event.data), findings)

    def agrees_more_than(self, before: "_Decision") -> bool:
        """Something was decided more in favour of the worker than it was before."""
        mine, theirs = _WORTH.get(self.outcome), _WORTH.get(before.outcome)
        if mine is not None and theirs is not None and mine > theirs:
            return True
        return any(
            worth > before.findings[issue]
            for issue, worth in self.findings.items()
            if issue in before.findings
        )


def rulings(past: Iterable[Past]) -> Iterator[tuple[datetime, Ruling]]:
    """When each dispute or appeal of a case was decided, and how. ``past``: its decisions, contests,
    proposed remedies and import, in order.

    Upheld: what is decided now agrees more with the worker than what was decided before (as a whole,
    or in one of its issues), or another remedy was proposed. Our default.
    """
    before: _Decision | None = None
    contested = more = False
    for event in past:
        match event.action:
            case Action.DISPUTE | Action.APPEAL:
                contested, more = True, False
            case Action.PROPOSE_REMEDY:
                more = True
            case _:
                now = _Decision.of(event)
                if contested and event.action is not Action.IMPORT:
                    right = more or (before is not None and now.agrees_more_than(before))
                    yield event.at, Ruling.UPHELD if right else Ruling.DISMISSED
                before, contested, more = now, False, False

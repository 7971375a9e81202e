"""How far an action of a plan may come by which step, and whether a remedy is delivered.

Pure: functions of rows and values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.errors import NotAllowed
from casework.remedy import money
from casework.remedy.money import Balance
from casework.vocabulary import RemedyState, RemedyStep, Status

_S, _T = RemedyState, RemedyStep

TABLE: dict[tuple[RemedyState, RemedyStep], RemedyState] = {
    (_S.OPEN, _T.CHANGED): _S.OPEN,
    (_S.OPEN, _T.ANSWERED): _S.OPEN,
    (_S.OPEN, _T.CLAIMED): _S.CLAIMED,
    (_S.OPEN, _T.REFUSED): _S.REFUSED,
    (_S.OPEN, _T.DROPPED): _S.DROPPED,
    (_S.OPEN, _T.VERIFIED): _S.VERIFIED,
    (_S.CLAIMED, _T.ANSWERED): _S.CLAIMED,
    (_S.CLAIMED, _T.VERIFIED): _S.VERIFIED,
    (_S.CLAIMED, _T.NOT_DONE): _S.OPEN,
    (_S.CLAIMED, _T.DROPPED): _S.DROPPED,
    (_S.VERIFIED, _T.LOOKED_AGAIN): _S.VERIFIED,
    (_S.VERIFIED, _T.REOPENED): _S.OPEN,
    (_S.REFUSED, _T.ANSWERED): _S.REFUSED,
    (_S.REFUSED, _T.REOPENED): _S.OPEN,
    (_S.REFUSED, _T.DROPPED): _S.DROPPED,
    (_S.DROPPED, _T.REOPENED): _S.OPEN,
}
"""What a verified action says has to be looked at anew before it may be changed: reopen it first."""

UNDONE = frozenset({RemedyState.OPEN, RemedyState.CLAIMED, RemedyState.REFUSED})
"""States in which somebody still has to do or to look at something."""


def after(state: RemedyState, step: RemedyStep) -> RemedyState:
    """The state after a step; ``NotAllowed`` where it is not open."""
    found = TABLE.get((state, step))
    if found is None:
        raise NotAllowed("This step is not open for the action as it stands. Reload the page.")
    return found


def steps(state: RemedyState) -> frozenset[RemedyStep]:
    """The steps that are open in a state."""
    return frozenset(step for one, step in TABLE if one is state)


def state_after(steps: Iterable[RemedyStep]) -> RemedyState:
    """The state that the steps of an action left, from when it was added on."""
    state = RemedyState.OPEN
    for step in steps:
        state = TABLE.get((state, step), state)
    return state


class Answered(Protocol):
    """Of a case, what tells how the worker took the outcome."""

    @property
    def status(self) -> Status: ...
    @property
    def asked_at(self) -> datetime | None: ...
    @property
    def previous_assignee_id(self) -> int | None: ...


class Planned(Protocol):
    """Of an action, how far it has come."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> RemedyState: ...


class Looked(Protocol):
    """Of a verification, who made it of what."""

    @property
    def action_id(self) -> int: ...
    @property
    def staff_id(self) -> int | None: ...
    @property
    def organisation_index(self) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be proved of the remedy of a case; each part by itself, because one may fail alone."""

    planned: bool
    """There is an action that was not dropped."""
    done: bool
    """Of those nothing is open, refused or only said to be done."""
    paid: bool
    """Each group was paid in each currency at least what it is owed."""
    verified: bool
    """Somebody who belongs to no respondent looked at each action that was not dropped."""
    asked: bool
    """The worker was told the outcome and asked."""
    disputed: bool
    """The worker says that it is not put right, and nobody has decided anew."""

    @property
    def delivered(self) -> bool:
        """Everything that was planned is done, and everything that is owed is paid."""
        return self.planned and self.done and self.paid

    @property
    def effective(self) -> bool:
        """All of it. Source: field.md section 7, S5 (b), without the checks of retaliation."""
        return self.delivered and self.verified and self.asked and not self.disputed


def standing_of(
    case: Answered,
    actions: Sequence[Planned],
    verifications: Iterable[Looked],
    balances: Iterable[Balance],
    *,
    respondents: frozenset[int] = frozenset(),
    organisations: frozenset[bytes] = frozenset(),
) -> Standing:
    """What can be proved of a case.

    ``verifications`` are its entries of that step, in order; the newest of each action counts.
    ``respondents`` are members of the office who are accused in the case, ``organisations`` the
    keyed hashes of those that are: a verifier who turns out to be one of them has proved nothing.
    """
    newest = {entry.action_id: entry for entry in verifications}
    kept = [action for action in actions if action.state is not RemedyState.DROPPED]

    def stands(action: Planned) -> bool:
        entry = newest.get(action.id)
        return (
            action.state is RemedyState.VERIFIED
            and entry is not None
            and entry.staff_id not in respondents
            and entry.organisation_index not in organisations
        )

    return Standing(
        planned=bool(kept),
        done=not any(action.state in UNDONE for action in kept),
        paid=money.settled(balances),
        verified=bool(kept) and all(map(stands, kept)),
        asked=case.asked_at is not None,
        # Disputing takes away when they were asked; telling them a new outcome sets it again.
        disputed=case.status is Status.APPEALED
        or (case.asked_at is None and case.previous_assignee_id is not None),
    )

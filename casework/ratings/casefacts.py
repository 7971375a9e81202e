"""What the rating asks of one case, out of all that happened to it until a moment. Pure.

Rules: field.md section 7, question 7. What is read here was gathered by ``casework.ratings.rated_cases``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from casework import lifecycle
from casework.outcomes import IS_SO
from casework.ratings.proofs import CaseFacts
from casework.ratings.rating import Evidence, EvidenceKind
from casework.remedy import money
from casework.remedy.money import Balance, Entry
from casework.remedy.remedy_rules import Standing, standing_of, state_after
from casework.vocabulary import (
    Action,
    Category,
    Finding,
    Gravity,
    Promise,
    Reach,
    RemedyState,
    RemedyStep,
    Severity,
    Status,
)

DECISIONS = frozenset({Action.CONCLUDE, Action.REFER, Action.REJECT})
ASSESSES = DECISIONS | {Action.FINDING}
"""Who does any of these has assessed the case."""
_CONTESTED = frozenset({Action.DISPUTE, Action.APPEAL})
HARM_IS_OVER = frozenset({Status.RESOLVED, Status.CLOSED, Status.WITHDRAWN})
"""Statuses of a case about retaliation in which it is resolved, or the worker took it back."""
NOT_OWED = frozenset({Promise.CONFIRMATION})
"""Waits for the worker's answer: nobody is late with it."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, as far as the rating needs it."""

    at: datetime
    action: Action
    after: Status
    staff_id: int | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ran:
    """A round of a promise, as it stood at the end."""

    id: int
    promise: Promise
    due_at: datetime
    met: bool
    fell_away: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A step of an action of a plan, and who took it."""

    action_id: int
    step: RemedyStep
    staff_id: int | None
    organisation_index: bytes | None


@dataclass(frozen=True, slots=True)
class _Act:
    id: int
    state: RemedyState


@dataclass(frozen=True, slots=True)
class _Answer:
    status: Status
    asked_at: datetime | None
    previous_assignee_id: int | None


@dataclass(frozen=True, slots=True)
class Assessor:
    """A member of the office who assessed the case."""

    organisations: frozenset[bytes]
    """Keyed hashes of the organisation they belonged to; empty where nobody knows it."""
    declared: bool


@dataclass(slots=True)
class Past:
    """All of a case until a moment that the rating looks at. Lists are in the order of time."""

    id: int
    reference: str
    received_at: datetime
    language: str
    severity: Severity
    factory_id: int | None
    by_outsider: bool
    reach: Reach | None
    """How a worker is reached to whom nothing can be sent; ``None``: by the channel."""
    forgotten_at: datetime | None
    """When the worker asked to be forgotten: from then on there is nobody to ask."""
    human_rights: bool = False
    issues: dict[int, Category] = field(default_factory=dict)
    events: list[Happened] = field(default_factory=list)
    clocks: list[Ran] = field(default_factory=list)
    foreign: set[int] = field(default_factory=set)
    """Messages that no version in the worker's language stands beside."""
    plan: list[int] = field(default_factory=list)
    """Ids of its actions."""
    done: list[Done] = field(default_factory=list)
    ledger: list[Entry] = field(default_factory=list)
    harms: list[datetime] = field(default_factory=list)
    """When a check was answered with harm, or a case about retaliation was linked."""
    retaliation: list[Status] = field(default_factory=list)
    """How the cases stand that are about retaliation because of this one; of one that was told
    before how the earlier one stands, in which it goes on."""
    signed: dict[int, str] = field(default_factory=dict)
    """Who signed to have no tie, and the organisation they belonged to then."""
    respondents: set[int] = field(default_factory=set)
    accused: set[bytes] = field(default_factory=set)
    """Keyed hashes of the organisations that are accused, the factory's own among them."""

    @property
    def decisions(self) -> list[Happened]:
        return [one for one in self.events if one.action in DECISIONS]

    @property
    def assessors(self) -> set[int]:
        return {
            one.staff_id
            for one in self.events
            if one.action in ASSESSES and one.staff_id is not None
        }

    def was_open_since(self, moment: datetime) -> bool:
        """Whether it came in, or was open, at a moment or after it."""
        if self.received_at >= moment:
            return True
        before = [one.after for one in self.events if one.at < moment]
        return (
            not before
            or before[-1] in lifecycle.OPEN
            or any(one.at >= moment and one.after in lifecycle.OPEN for one in self.events)
        )


@dataclass(frozen=True, slots=True)
class Look:
    """From where a case is looked at."""

    begins: datetime
    until: datetime
    brand: frozenset[bytes]
    """Keyed hashes of the brand's names."""
    assessor: Callable[[Past, int], Assessor]
    """Who a member of the office was in a case."""
    remedy_due: Callable[[Past, Category, Gravity, datetime], datetime | None]
    """When an issue of a category, found so at a moment, is to be put right."""


def facts_of(past: Past, look: Look) -> CaseFacts | None:
    """What the rating asks of a case; ``None`` where nothing of it belongs to the time that is
    looked at.

    Of a case that had ended before, all that does is a remedy that falls due in that time or a harm
    that comes in it: how it was answered and decided is a matter of the time in which that was.
    """
    decision = past.decisions[-1] if past.decisions else None
    founded, since = _founded(past, decision)
    due = _remedy_due(past, decision, since, look) if founded else None
    is_due = due is not None and due < look.until
    current = past.was_open_since(look.begins)
    if not current and not (
        is_due and any(at >= look.begins for at in (due, *past.harms) if at is not None)
    ):
        return None
    stands = _standing(past)
    told = decision is not None and _is_told(past, decision)
    asked = stands.asked and told and _is_there(past, decision)
    remedy = CaseFacts(
        past.reference,
        id=past.id,
        received=past.received_at >= look.begins,
        human_rights=past.human_rights,
        founded=founded,
        # One that is delivered sooner shows what is asked for; one that is not is not late yet.
        remedy_due=is_due or (founded and asked and stands.delivered and stands.verified),
        planned=stands.planned,
        delivered=stands.delivered,
        verified=stands.verified,
        worker_asked=asked,
        disputed=stands.disputed,
        retaliation_clear=not past.harms
        or (bool(past.retaliation) and all(one in HARM_IS_OVER for one in past.retaliation)),
    )
    if not current:
        return remedy
    assessors = [look.assessor(past, staff) for staff in past.assessors]
    late = tuple(
        Evidence(EvidenceKind.CLOCK, one.promise.value, one.id, past.reference, one.due_at)
        for one in past.clocks
        if one.late and one.promise not in NOT_OWED
    )
    return replace(
        remedy,
        by_outsider=past.by_outsider,
        acknowledged=_kept(past.clocks, Promise.ACKNOWLEDGE, look.until),
        outcome_told=_is_reasoned(decision) and told
        if decision
        else _kept(past.clocks, Promise.OUTCOME, look.until),
        overdue=bool(late),
        late=late,
        decided=decision is not None,
        independent=all(
            bool(one.organisations) and not one.organisations & (past.accused | look.brand)
            for one in assessors
        )
        and not past.assessors & past.respondents,
        declared=all(one.declared for one in assessors),
    )


def _kept(clocks: Sequence[Ran], promise: Promise, until: datetime) -> bool | None:
    """Whether what was promised was done; ``None``: not yet due, never promised, or fallen away."""
    found = [one for one in clocks if one.promise is promise]
    if not found or found[-1].fell_away:
        return None
    if found[-1].met:
        return True
    return False if found[-1].due_at < until else None


def _founded(
    past: Past, decision: Happened | None
) -> tuple[bool, dict[int, tuple[Category, Gravity, datetime]]]:
    """Whether anything was found to be true, and which issues, since when: of what the worker was
    told where they were, else of what was found so far."""
    newest = {
        one.data["issue"]: one
        for one in past.events
        if one.action is Action.FINDING and (decision is None or one.at <= decision.at)
    }
    if decision is not None:
        if decision.action is not Action.CONCLUDE:
            return False, {}
        told = [
            one for one in decision.data.get("findings") or () if Finding(one["finding"]) in IS_SO
        ]
        return bool(told), {
            one["issue"]: (
                Category(one["category"]),
                Gravity(one["gravity"]),
                newest[one["issue"]].at if one["issue"] in newest else decision.at,
            )
            for one in told
            if one.get("gravity")
        }
    so = {
        row: (past.issues[row], Gravity(one.data["gravity"]), one.at)
        for row, one in newest.items()
        if row in past.issues and Finding(one.data["finding"]) in IS_SO
    }
    withdrawn = bool(past.events) and past.events[-1].after is Status.WITHDRAWN
    return bool(so) and not withdrawn, so


def _remedy_due(
    past: Past,
    decision: Happened | None,
    found: dict[int, tuple[Category, Gravity, datetime]],
    look: Look,
) -> datetime | None:
    """When its remedy is due; ``None``: nobody promised it.

    Where a remedy was proposed, its promise says when; who tells the outcome before says that it is
    delivered (docs/deadlines.md), so it is due then. Else each founded issue has its own time
    (``casework.remedy.remediation``), and the first of them counts. A case that was concluded
    without any is not waited for.
    """
    promised = [
        one.due_at for one in past.clocks if one.promise is Promise.REMEDY and not one.fell_away
    ]
    if decision is not None and promised:
        return min(decision.at, *promised)
    dues = [due for one in found.values() if (due := look.remedy_due(past, *one)) is not None]
    return min((*promised, *dues), default=decision.at if decision else None)


def _is_reasoned(decision: Happened) -> bool:
    """With words, and a reason: of what is concluded a finding for each issue that needs one; of what
    is not taken up or referred, an entry of the list. Decisions from before had neither."""
    if decision.action is not Action.CONCLUDE:
        return "reason" in decision.data
    return "findings" in decision.data


def _is_told(past: Past, decision: Happened) -> bool:
    """Whether the words are there in the worker's language, and somebody has told them to a worker
    to whom nothing can be sent. Who can't be reached at all can't be told."""
    parts = [decision.data["message"]]
    parts += [one["message"] for one in decision.data.get("findings") or ()]
    if past.foreign.intersection(parts):
        return False
    if past.reach in (None, Reach.NOT_AT_ALL):
        return True
    said = [one.data["message"] for one in past.events if one.action is Action.TOLD]
    return bool(said) and max(said) >= max(parts)


def _is_there(past: Past, decision: Happened | None) -> bool:
    """Whether there was anybody to ask when the outcome was told."""
    if past.reach is Reach.NOT_AT_ALL or decision is None:
        return False
    return past.forgotten_at is None or decision.at < past.forgotten_at


def _standing(past: Past) -> Standing:
    steps: dict[int, list[RemedyStep]] = {row: [] for row in past.plan}
    for one in past.done:
        steps.setdefault(one.action_id, []).append(one.step)
    answer = _Answer(past.events[-1].after if past.events else Status.RECEIVED, None, None)
    for event in past.events:
        if event.action is Action.CONCLUDE:
            answer = _Answer(answer.status, event.at, None)
        elif event.action in _CONTESTED:
            answer = _Answer(answer.status, None, 0)
        elif event.action in DECISIONS:
            answer = _Answer(answer.status, answer.asked_at, None)
    balances: list[Balance] = money.balances(past.ledger)
    return standing_of(
        answer,
        [_Act(row, state_after(taken)) for row, taken in steps.items()],
        [one for one in past.done if one.step is RemedyStep.VERIFIED],
        balances,
        respondents=frozenset(past.respondents),
        organisations=frozenset(past.accused),
    )

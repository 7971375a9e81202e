"""What a tracker can prove about a grievance mechanism: the sentences of question 7 of the living-wage
methodology, each out of facts about the mechanism, its cases and its reviews.

Pure. The rules are field.md section 7. "All" is all: nothing is rounded.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from casework.ratings.rating import Evidence, EvidenceKind, Proof, State, document

ALIVE_WITHIN = timedelta(days=30)
"""A channel counts as live if it was seen alive this lately (field.md section 7)."""
REVIEWED_WITHIN_DAYS = 365
"""A review counts for twelve months."""


class Lack(StrEnum):
    """What is missing in a case, so that a sentence about all cases fails."""

    INDEPENDENCE = "independence"
    """Who assessed it belongs to the respondent or the brand, or nobody knows to whom."""
    DECLARATION = "declaration"
    ACKNOWLEDGEMENT = "acknowledgement"
    OUTCOME = "outcome"
    """No outcome was told, or without reasons, or not in the worker's language."""
    TIME = "time"
    """Something was late without an extension that was approved before it was."""
    PLAN = "plan"
    DELIVERY = "delivery"
    VERIFICATION = "verification"
    ASKING = "asking"
    ACCEPTANCE = "acceptance"
    """The worker disputes it."""
    SAFETY = "safety"
    """Somebody was punished for complaining, and that is not resolved."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Of one case, what the rating asks. Only real cases of the scope: no practice, spam or
    duplicate. What was not due yet is ``None``."""

    reference: str
    id: int | None = None
    received: bool = True
    """It came in within the period; one that was open then came in before."""
    human_rights: bool = True
    """It is about something people have a right to: every category but "other"."""
    by_outsider: bool = False
    """A union, an NGO or the family filed it."""
    acknowledged: bool | None = None
    """Acknowledged at all; ``None``: not due yet, and not done."""
    outcome_told: bool | None = None
    """With reasons, in the worker's language; ``None``: not due yet."""
    overdue: bool = False
    """Something that was promised is or was late without an extension approved in time."""
    late: tuple[Evidence, ...] = ()
    """Which promises those are."""
    decided: bool = False
    independent: bool = False
    """Of a decided case: the assessor's organisation is neither the respondent nor the brand."""
    declared: bool = False
    """Of a decided case: whoever decided signed that they have no tie."""
    founded: bool = False
    """At least one of its issues was found to be true, wholly or partly."""
    remedy_due: bool = False
    """Of a founded case: the time for its remedy is over, or it is delivered."""
    planned: bool = False
    delivered: bool = False
    """All actions done, and in each currency at least as much paid as owed."""
    verified: bool = False
    """By somebody other than the respondent."""
    worker_asked: bool = False
    disputed: bool = False
    retaliation_clear: bool = True
    """No check after the factory was told, or after closing, was answered with harm that is not
    resolved."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review of the mechanism, as its workflow left it."""

    address: str
    signed_on: date | None
    has_figures: bool = True
    has_actions: bool = True
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Mechanism:
    """All that proofs look at, for one scope and period, on a day."""

    now: datetime
    channels: Mapping[str, datetime] | None = None
    """When each door was seen alive last."""
    procedure: str = ""
    """Where the rules of procedure are published."""
    takes_outsiders: bool = False
    """Workers and those who help them come in by the same door."""
    cases: Sequence[CaseFacts] = ()
    reviews: Sequence[Review] = ()


def prove(mechanism: Mechanism) -> dict[str, Proof]:
    """Every proof by the name that methodologies know it by."""
    return {name: rule(mechanism) for name, rule in RULES.items()}


def facts(mechanism: Mechanism) -> frozenset[str]:
    """What flags ask for."""
    found = set()
    if mechanism.cases:
        found.add("complaints")
    if not any(case.founded for case in mechanism.cases):
        found.add("no-founded-case")
    return frozenset(found)


def _mechanism(by: Mechanism) -> Proof:
    """S1: a channel that is alive, and a procedure that is published."""
    alive = [
        Evidence(EvidenceKind.CHANNEL, name, at=seen)
        for name, seen in (by.channels or {}).items()
        if by.now - seen <= ALIVE_WITHIN
    ]
    if not by.channels and not by.procedure:
        return Proof(State.NOT_EVIDENCED)
    if alive and by.procedure:
        return Proof(State.MET, (*alive, document(by.procedure)))
    # A door that has closed is evidence against it; a procedure that nobody wrote down is not.
    return Proof(State.NOT_MET if by.channels and not alive else State.NOT_EVIDENCED, tuple(alive))


def _open_to_all(by: Mechanism) -> Proof:
    """S2a: the intake takes workers and those who help them alike."""
    if by.takes_outsiders:
        return Proof(State.MET, _named(c for c in by.cases if c.by_outsider))
    return Proof(State.NOT_EVIDENCED)


def _independent(by: Mechanism) -> Proof:
    """S2b: every decided case was decided by somebody independent who signed so. Where none was
    decided there is nothing to prove, and it can only be attested."""
    return _all(
        [case for case in by.cases if case.decided],
        lambda case: (
            *(() if case.independent else (Lack.INDEPENDENCE,)),
            *(() if case.declared else (Lack.DECLARATION,)),
        ),
    )


def _reviewed(by: Mechanism) -> Proof:
    """S3: a signed review of the last twelve months, with figures and actions. A dashboard is none."""
    today = by.now.date()
    good = [
        Evidence(EvidenceKind.REVIEW, one.address, one.id)
        for one in by.reviews
        if one.signed_on is not None
        and 0 <= (today - one.signed_on).days <= REVIEWED_WITHIN_DAYS
        and one.has_figures
        and one.has_actions
    ]
    return Proof(State.MET if good else State.NOT_EVIDENCED, tuple(good))


def _used(by: Mechanism) -> Proof:
    """S4, as far as it goes beyond S3: at least one complaint about human rights came in."""
    found = _named(case for case in by.cases if case.human_rights and case.received)
    return Proof(State.MET if found else State.NOT_EVIDENCED, found)


def _answered(by: Mechanism) -> Proof:
    """S5 (a): every case whose time had come was acknowledged and told a reasoned outcome in the
    worker's language, and nothing was late without an approved extension."""
    due = [
        case
        for case in by.cases
        if case.acknowledged is not None or case.outcome_told is not None or case.overdue
    ]
    return _all(
        due,
        lambda case: (
            *((Lack.ACKNOWLEDGEMENT,) if case.acknowledged is False else ()),
            *((Lack.OUTCOME,) if case.outcome_told is False else ()),
            *((Lack.TIME,) if case.overdue else ()),
        ),
    )


def _remedied(by: Mechanism) -> Proof:
    """S5 (b): there is a founded case, and every one whose remedy was due has a plan, was delivered,
    verified by somebody other than the respondent, asked about and not disputed, and no check on
    retaliation is open."""
    return _all(
        [case for case in by.cases if case.founded and case.remedy_due],
        lambda case: (
            *(() if case.planned else (Lack.PLAN,)),
            *(() if case.delivered else (Lack.DELIVERY,)),
            *(() if case.verified else (Lack.VERIFICATION,)),
            *(() if case.worker_asked else (Lack.ASKING,)),
            *((Lack.ACCEPTANCE,) if case.disputed else ()),
            *(() if case.retaliation_clear else (Lack.SAFETY,)),
        ),
    )


def _all(cases: Sequence[CaseFacts], lacks: Callable[[CaseFacts], tuple[Lack, ...]]) -> Proof:
    """Met by all of them, or not met, with those that fail and what each lacks. Without any there is
    nothing to look at."""
    if not cases:
        return Proof(State.NOT_EVIDENCED)
    failing: list[Evidence] = []
    for case in cases:
        if missing := lacks(case):
            named = Evidence(EvidenceKind.CASE, case.reference, case.id, lacks=missing)
            failing += (named, *(case.late if Lack.TIME in missing else ()))
    return Proof(State.NOT_MET, tuple(failing)) if failing else Proof(State.MET, _named(cases))


def _named(cases: Iterable[CaseFacts]) -> tuple[Evidence, ...]:
    return tuple(Evidence(EvidenceKind.CASE, case.reference, case.id) for case in cases)


RULES: dict[str, Callable[[Mechanism], Proof]] = {
    "mechanism": _mechanism,
    "open-to-all": _open_to_all,
    "independent": _independent,
    "reviewed": _reviewed,
    "used": _used,
    "answered": _answered,
    "remedied": _remedied,
}
"""What a methodology may name as a proof."""
RESTS_ON_CASES = frozenset({"independent", "used", "answered", "remedied"})
"""Which of them cases decide, whether there is one or not."""

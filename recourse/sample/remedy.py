"""Remedies of sample cases: what was planned, what was paid, and who looked whether it was done."""

from datetime import datetime, timedelta

from casework.actors import Actor
from casework.db import Session
from casework.models import Case, SupplierContact
from casework.remedy import ledger, remedies, suppliers, verifying
from casework.remedy.ledger import Line
from casework.remedy.remedies import Draft
from casework.remedy.verifying import Finding
from casework.vocabulary import (
    Category,
    LedgerKind,
    RemedyKind,
    RemedyOwner,
    RemedyState,
    RemedyStep,
    VerifiedBy,
)

_PEOPLE = ("Ms Tran", "Mr Siregar", "Ms Akter", "Mr Sato", "Ms Sok", "Mr Tan")
_ACTIONS: dict[Category | None, tuple[RemedyKind, str, str, str]] = {
    Category.WAGES: (
        RemedyKind.PAY,
        "Everybody concerned is paid what is missing, with the next wages at the latest.",
        "Transfer list or signed pay slips",
        (
            "Check the wages of the last twelve months in all departments. Pay what is missing. Send the"
            " list of transfers, with names left out."
        ),
    ),
    Category.RECRUITMENT: (
        RemedyKind.REFUND_FEES,
        "The factory pays back all recruitment fees and costs, also to those who did not complain.",
        "Proof of each transfer",
        (
            "Pay back recruitment fees to all workers who were recruited through an agency. Send proof"
            " of the transfers."
        ),
    ),
    Category.DOCUMENTS: (
        RemedyKind.RETURN_DOCUMENTS,
        "All passports are handed back; lockers are provided.",
        "Interviews outside the factory",
        (
            "Hand every document that the office keeps back to its owner, and put up lockers. Send"
            " photographs of the lockers."
        ),
    ),
    Category.HARASSMENT: (
        RemedyKind.STOP_PRACTICE,
        "Shouting and insults on the floor stop; supervisors are told in writing.",
        "Interviews outside the factory",
        (
            "Tell all supervisors in writing how people are spoken to, and name a person whom workers"
            " can turn to. Send the letter."
        ),
    ),
    Category.HEALTH_AND_SAFETY: (
        RemedyKind.REPAIR,
        "The hall is made safe, and an engineer signs it.",
        "Report of the engineer",
        (
            "Have the building looked at by an engineer and repair what the report names. Send the"
            " report and photographs."
        ),
    ),
}
_USUAL = (
    RemedyKind.STOP_PRACTICE,
    "The practice ends, and workers are told so in their languages.",
    "Interviews outside the factory",
    "Write down the rule, tell all workers in their languages, and send the notice as it hangs.",
)
_MONEY = frozenset({Category.WAGES, Category.RECRUITMENT})
_OWED = {
    "VND": 4_200_000,
    "IDR": 385_000_000,
    "MYR": 1_250_00,
    "JPY": 96_000,
    "USD": 214_00,
    "BDT": 18_400_00,
}
"""Minor units that one person is owed."""
_CURRENCY = {"VN": "VND", "ID": "IDR", "MY": "MYR", "JP": "JPY", "KH": "USD", "BD": "BDT"}


def plan(
    session: Session, case: Case, country: str, number: int, *, by: Actor, now: datetime
) -> None:
    """What the handler plans before the worker is told of it."""
    kind, what, proof, for_factory = _ACTIONS.get(case.category, _USUAL)
    contact = None if case.restricted else _contact(session, case, number, by, now)
    due_on = (now + timedelta(days=21 + number % 20)).date()
    issues = (f"{case.category.value}:",) if case.category else ()
    draft = Draft(
        kind,
        RemedyOwner.FACTORY,
        what,
        due_on,
        proof=proof,
        contact_id=contact.id if contact else None,
        for_factory=for_factory if contact else "",
        issues=issues,
    )
    remedies.add(session, case, draft, by=by, now=now)
    if number % 3 == 0:
        train = Draft(
            RemedyKind.TRAIN,
            RemedyOwner.OTHER,
            "Line managers are trained.",
            due_on + timedelta(days=30),
            proof="List of those who took part",
            organisation="Institute for Labour Relations",
        )
        remedies.add(session, case, train, by=by, now=now)
    if case.category in _MONEY and country in _CURRENCY:
        persons = 1 + number % 17
        group = ledger.add_group(
            session, case, "Those concerned in the same unit", persons, by=by, now=now
        )
        currency = _CURRENCY[country]
        owed = Line(LedgerKind.OWED, currency, _OWED[currency] * persons, now.date())
        ledger.record(session, case, group, owed, by=by, now=now)
        if number % 2:
            part = Line(LedgerKind.PAID, currency, owed.amount // 2, now.date(), "First instalment")
            ledger.record(session, case, group, part, by=by, now=now)


def deliver(
    session: Session, case: Case, *, by: Actor, other: Actor, now: datetime, end: datetime
) -> None:
    """What is done by the time the outcome is told: paid, and looked at by a colleague. ``end``: up
    to when the history goes; nobody has to look again at what was due before."""
    again = (now + verifying.LOOK_AGAIN_AFTER).date()
    for one in ledger.balances(ledger.entries_of(session, case.id)):
        group = next(g for g in ledger.groups_of(session, case.id) if g.id == one.group)
        if one.outstanding:
            rest = Line(LedgerKind.PAID, one.currency, one.outstanding, now.date(), "Bank transfer")
            ledger.record(session, case, group, rest, by=by, now=now)
    for action in remedies.of_case(session, case.id):
        if action.state is RemedyState.OPEN:
            remedies.take(session, case, action, RemedyStep.CLAIMED, "", by=by, now=now)
            finding = Finding(
                done=True,
                how=VerifiedBy.DOCUMENTS if case.category in _MONEY else VerifiedBy.INTERVIEW,
                on=now.date(),
                words="Seen and compared with what was agreed.",
                look_again_on=again if again >= end.date() - timedelta(days=3) else None,
            )
            verifying.verify(session, case, action, finding, by=other, now=now)


def _contact(
    session: Session, case: Case, number: int, by: Actor, now: datetime
) -> SupplierContact | None:
    if case.factory_id is None:
        return None
    if known := suppliers.contacts_of(session, case, now):
        return known[0].row
    name = _PEOPLE[number % len(_PEOPLE)]
    return suppliers.add_contact(session, case, name, "", "Compliance", "", by=by, now=now)

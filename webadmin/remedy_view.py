"""What the pages of a remedy show, gathered and opened."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from babel.numbers import get_currency_name
from sqlmodel import col, select

from casework import cases, lifecycle, places
from casework.categories import CATEGORIES
from casework.models import (
    Attachment,
    Case,
    LedgerEntry,
    PersonGroup,
    RemedyAction,
    RemedyEntry,
    Reporter,
    Staff,
    SupplierContact,
)
from casework.remedy import ledger, money, remedies, remedy_rules, suppliers, verifying
from casework.remedy.money import Balance
from casework.remedy.remedy_rules import Standing
from casework.remedy.suppliers import Person
from casework.standing import standing
from casework.vocabulary import Action, Category, RemedyOwner, RemedyState, RemedyStep
from webadmin import labels
from webadmin.addressed import Addressed
from webadmin.context import actor, db, now


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to an action, open to read."""

    entry: RemedyEntry
    who: str
    words: str
    verifier: str
    file: Attachment | None


@dataclass(frozen=True, slots=True)
class Item:
    """An action of the plan, open to read."""

    row: RemedyAction
    what: str
    proof: str
    who: str
    for_factory: str
    issues: tuple[str, ...]
    entries: tuple[Happened, ...]

    @property
    def undone(self) -> bool:
        """Whether somebody still has to do or to look at something."""
        return self.row.state in remedy_rules.UNDONE

    @property
    def steps(self) -> frozenset[RemedyStep]:
        """The steps that are open."""
        return remedy_rules.steps(self.row.state)

    @property
    def verified(self) -> Happened | None:
        """The newest verification."""
        found = [one for one in self.entries if one.entry.step is RemedyStep.VERIFIED]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Group:
    """People to whom money is owed, and how it stands with them in each currency."""

    row: PersonGroup
    label: str
    balances: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of the ledger, open to read."""

    row: LedgerEntry
    group: str
    note: str
    who: str
    reversed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyView(Addressed):
    """All of a case's remedy."""

    items: tuple[Item, ...]
    groups: tuple[Group, ...]
    entries: tuple[Booked, ...]
    totals: tuple[Balance, ...]
    contacts: tuple[Person, ...]
    standing: Standing
    may: frozenset[Action]
    zero_tolerance: bool
    """Whether brands threaten to end the business over what it is about."""

    @property
    def undone(self) -> int:
        """How many actions nobody has verified."""
        return sum(item.undone for item in self.items)

    @property
    def lines(self) -> list[tuple[Group, Balance]]:
        """Each group with each of its currencies."""
        return [(group, one) for group in self.groups for one in group.balances]

    @property
    def proposal(self) -> str:
        """What is planned, as a first draft of what the worker is told."""
        kept = (item for item in self.items if item.row.state is not RemedyState.DROPPED)
        return "\n".join(f"{place}. {item.what}" for place, item in enumerate(kept, 1))


def of_case(case: Case) -> RemedyView:
    """Gather it."""
    session, staff = db(), _staff()
    entries = ledger.entries_of(session, case.id)
    balances = ledger.balances(entries)
    groups = tuple(
        Group(
            row,
            ledger.label(session, row),
            tuple(one for one in balances if one.group == row.id),
        )
        for row in ledger.groups_of(session, case.id)
    )
    return RemedyView(
        case=case,
        reporter=session.get(Reporter, case.reporter_id) if case.reporter_id else None,
        items=items(case),
        groups=groups,
        entries=_booked(entries, {group.row.id: group.label for group in groups}, staff),
        totals=tuple(money.totals(balances)),
        contacts=tuple(contacts(case)),
        standing=verifying.standing_in(session, case),
        may=may(case),
        zero_tolerance=any(
            CATEGORIES[issue.category].zero_tolerance for issue in cases.issues_of(session, case.id)
        ),
    )


def items(case: Case) -> tuple[Item, ...]:
    """The plan of a case, with what happened to each action."""
    session, staff = db(), _staff()
    actions = remedies.of_case(session, case.id)
    entries = remedies.entries_of(session, actions)
    files = _files(entries)
    return tuple(
        Item(
            row=action,
            what=remedies.words(session, action, "what"),
            proof=remedies.words(session, action, "proof"),
            who=who(action, staff),
            for_factory=remedies.words(session, action, "factory"),
            issues=tuple(issue_name(code) for code in action.issues),
            entries=tuple(
                Happened(
                    entry,
                    _who_did(entry, staff),
                    remedies.said(session, entry),
                    remedies.said(session, entry, "verifier"),
                    files.get(entry.attachment_id or 0),
                )
                for entry in entries
                if entry.action_id == action.id
            ),
        )
        for action in actions
    )


def who(action: RemedyAction, staff: Mapping[int, Staff]) -> str:
    """Who does an action."""
    if action.owner is RemedyOwner.OFFICE:
        person = staff.get(action.staff_id or 0)
        return person.name if person else ""
    if action.owner is RemedyOwner.OTHER:
        return remedies.words(db(), action, "owner")
    contact = db().get(SupplierContact, action.contact_id) if action.contact_id else None
    name = suppliers.name(db(), contact) if contact else ""
    return f"{labels.label(action.owner)}: {name}" if name else labels.label(action.owner)


def issues_of(case: Case) -> list[tuple[str, str]]:
    """The issues of a case as a form sends them, with their names."""
    codes = (f"{issue.category.value}:{issue.kind}" for issue in cases.issues_of(db(), case.id))
    return [(code, issue_name(code)) for code in codes]


def issue_name(code: str) -> str:
    """``Wages · Unpaid``."""
    category, _colon, kind = code.partition(":")
    found = Category(category)
    name = labels.kind(found, kind)
    return labels.label(found) + (f" · {name}" if name else "")


def people() -> list[Staff]:
    """Who of the office may be given an action."""
    return [one for one in _staff().values() if one.active and one.role in lifecycle.HANDLING_ROLES]


def _staff() -> dict[int, Staff]:
    return {person.id: person for person in db().exec(select(Staff).order_by(Staff.name))}


def _who_did(entry: RemedyEntry, staff: Mapping[int, Staff]) -> str:
    if entry.contact_id is not None:
        contact = db().get(SupplierContact, entry.contact_id)
        return suppliers.name(db(), contact) if contact else labels.label(RemedyOwner.FACTORY)
    person = staff.get(entry.staff_id or 0)
    return person.name if person else ""


def _files(entries: list[RemedyEntry]) -> dict[int, Attachment]:
    ids = [entry.attachment_id for entry in entries if entry.attachment_id is not None]
    found = db().exec(select(Attachment).where(col(Attachment.id).in_(ids)))
    return {file.id: file for file in found}


def _booked(
    entries: list[LedgerEntry], groups: Mapping[int, str], staff: Mapping[int, Staff]
) -> tuple[Booked, ...]:
    gone = {entry.reverses_id for entry in entries}
    return tuple(
        Booked(
            entry,
            groups[entry.group_id],
            ledger.note(db(), entry),
            person.name if (person := staff.get(entry.staff_id or 0)) else "",
            entry.id in gone,
        )
        for entry in reversed(entries)
    )


@dataclass(frozen=True, slots=True)
class Money:
    """What the form for money offers, in the reader's language."""

    currencies: tuple[tuple[str, str], ...]
    usual: str
    """The currency of the factory's country."""


def money_choices(case: Case, locale: Locale) -> Money:
    """All currencies by their codes, with their names."""
    factory = places.factory_of(db(), case.factory_id)
    names = [
        (code, f"{code} · {get_currency_name(code, locale=locale)}")
        for code in sorted(money.currencies())
    ]
    return Money(tuple(names), money.of_country(factory.country if factory else ""))


def may(case: Case) -> frozenset[Action]:
    """What the reader may do with the case."""
    return frozenset(lifecycle.moves(standing(case, actor()), actor().role, now()))


def contacts(case: Case) -> list[Person]:
    """Who may be asked at the factory."""
    return suppliers.contacts_of(db(), case, now())

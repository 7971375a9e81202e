"""Who helps workers of a country at once: police, ambulance, helplines.

The operator's own entries for a country and kind stand in place of the numbers that come with the
program (``casework.helplines``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import col, func, select

from casework import helplines
from casework.db import Session
from casework.errors import Remark
from casework.factories import COUNTRIES, Problems
from casework.ids import new_id
from casework.models import Factory, HelpContact, RightsText
from casework.vocabulary import HelpKind, Service

NAME_AT_MOST = 40
"""Characters of a contact's name: one line on a small phone."""
NUMBER_AT_MOST = 32
SAID_AT_MOST = 4
"""So many contacts of a kind are said to a worker: more nobody reads in danger."""
_NEAR_AT_MOST = 8

Ordered = TypeVar("Ordered", HelpContact, RightsText)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody outside the mechanism who helps: a ``service`` of the closed list, or a ``name``."""

    number: str
    service: Service | None = None
    name: str = ""


def contacts(session: Session, country: str, kind: HelpKind) -> tuple[Contact, ...]:
    """Who helps in a country, the first to call first; at most four."""
    own = own_contacts(session, country, kind)
    found = [Contact(one.number, one.service, one.name) for one in own] or shipped(country, kind)
    return tuple(found[:SAID_AT_MOST])


def shipped(country: str, kind: HelpKind) -> list[Contact]:
    """What comes with the program; nobody has dialled it."""
    return [Contact(one.number, one.service) for one in helplines.of_country(country, kind)]


def take_over(
    session: Session, country: str, kind: HelpKind, *, staff_id: int, now: datetime
) -> int:
    """The operator dialled what comes with the program: from now on these are its own entries.

    How many; none where it has own entries already.
    """
    if own_contacts(session, country, kind):
        return 0
    found = shipped(country, kind)
    for position, contact in enumerate(found, 1):
        row = add_contact(session, country, kind, contact, staff_id=staff_id, now=now)
        row.position = position
    return len(found)


def own_contacts(session: Session, country: str, kind: HelpKind) -> Sequence[HelpContact]:
    """The operator's own entries, in their order."""
    statement = select(HelpContact).where(HelpContact.country == country, HelpContact.kind == kind)
    return session.exec(statement.order_by(col(HelpContact.position), col(HelpContact.id))).all()


def countries(session: Session) -> frozenset[str]:
    """Countries for which some number is known."""
    return helplines.countries() | own_countries(session)


def own_countries(session: Session) -> frozenset[str]:
    """Countries for which the operator has own entries."""
    return frozenset(session.exec(select(HelpContact.country).distinct()))


def factory_countries(session: Session) -> tuple[str, ...]:
    """Countries of the active factories, those with most of them first."""
    statement = (
        select(Factory.country)
        .where(col(Factory.active).is_(True))
        .group_by(Factory.country)
        .order_by(func.count().desc(), Factory.country)
    )
    return tuple(session.exec(statement))


def near(session: Session) -> tuple[str, ...]:
    """Where a worker most likely is, of the countries for which some number is known."""
    known = countries(session)
    return tuple(one for one in factory_countries(session) if one in known)[:_NEAR_AT_MOST]


def add_contact(
    session: Session,
    country: str,
    kind: HelpKind,
    contact: Contact,
    *,
    staff_id: int | None,
    now: datetime,
) -> HelpContact:
    """Write an own entry behind those there are."""
    own = own_contacts(session, country, kind)
    row = HelpContact(
        id=new_id(now),
        country=country,
        kind=kind,
        service=contact.service,
        name=contact.name,
        number=contact.number,
        position=max((one.position for one in own), default=0) + 1,
        updated_at=now,
        staff_id=staff_id,
    )
    session.add(row)
    return row


def change_contact(
    row: HelpContact, contact: Contact, *, staff_id: int, now: datetime
) -> HelpContact:
    """Write an own entry anew."""
    row.service, row.name, row.number = contact.service, contact.name, contact.number
    row.updated_at, row.staff_id = now, staff_id
    return row


def move_up(session: Session, row: HelpContact) -> None:
    """Before the entry it stands behind; the first one stays where it is."""
    put_before(own_contacts(session, row.country, row.kind), row)


def put_before(rows: Sequence[Ordered], row: Ordered) -> None:
    """Number the rows anew, with one of them a place further up."""
    order = [one for one in rows if one.id != row.id]
    order.insert(max([one.id for one in rows].index(row.id) - 1, 0), row)
    for position, one in enumerate(order, 1):
        one.position = position


def check_contact(typed: Mapping[str, str]) -> Contact | Problems:
    """Read ``service, name, number``; with a service of the closed list no name is needed."""
    name, number = (" ".join(typed.get(field, "").split()) for field in ("name", "number"))
    chosen = typed.get("service", "")
    service = Service(chosen) if chosen in list(Service) else None
    if service:
        name = ""
    rules = {
        "name": service is not None or 0 < len(name) <= NAME_AT_MOST,
        "number": 0 < len(number) <= NUMBER_AT_MOST and any(c.isdecimal() for c in number),
    }
    problems = {field: _SAY[field] for field, good in rules.items() if not good}
    return problems or Contact(number, service, name)


def is_country(code: str) -> bool:
    """Whether the two letters name a country."""
    return code in COUNTRIES


_SAY = {
    "name": Remark("Write who answers there, at most 40 characters."),
    "number": Remark("Write the number as one dials it in that country, at most 32 characters."),
}

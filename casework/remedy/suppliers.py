"""The factory's side of a remedy: who may be asked there, and the links that open for them.

What stands behind a link: ``casework.remedy.answering``.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from casework import lifecycle
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.models import Case, SupplierContact, SupplierLink
from casework.standing import standing
from casework.vocabulary import Action

LINK_LASTS = timedelta(days=90)
"""How long a link opens, unless it is taken back (our default)."""
_SECRET = 32
"""Random bytes of a link: nobody guesses them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a contact is, open to read."""

    row: SupplierContact
    name: str
    email: str
    organisation: str
    link: SupplierLink | None
    """The newest link that opens, if one does."""


def add_contact(
    session: Session,
    case: Case,
    name: str,
    email: str,
    organisation: str,
    language: str,
    *,
    sure: bool = False,
    by: Actor,
    now: datetime,
) -> SupplierContact:
    """Somebody at the factory, for this case alone. In a restricted case it has to be said once more
    that the person concerned agrees (``sure``)."""
    lifecycle.check(standing(case, by), Action.INVITE_FACTORY, by.role, now)
    if case.factory_id is None:
        raise BadInput("It is not known which factory this case is about.")
    _check_agreed(case, sure)
    if not name.strip():
        raise BadInput("Write the name of the person at the factory.")
    if email.strip() and "@" not in email:
        raise BadInput("This is no e-mail address.")
    row = new_id(now)

    def seal(column: str, text: str) -> bytes:
        text = text.strip()[:200]
        return session.vault.seal_text("suppliercontact", column, row, text) if text else b""

    contact = SupplierContact(
        id=row,
        case_id=case.id,
        factory_id=case.factory_id,
        name_sealed=seal("name_sealed", name),
        email_sealed=seal("email_sealed", email),
        organisation_sealed=seal("organisation_sealed", organisation),
        language=language,
        added_at=now,
        added_by=by.staff_id,
    )
    session.add(contact)
    session.flush()
    _record(session, case, contact, "added", by, now)
    return contact


def make_link(
    session: Session,
    case: Case,
    contact: SupplierContact,
    *,
    sure: bool = False,
    by: Actor,
    now: datetime,
) -> str:
    """A fresh secret that opens what is addressed to a contact; older ones open no more. ``sure`` as
    for ``add_contact``: the case may have become restricted since then.

    It is told once: what is kept can't be turned back into it.
    """
    lifecycle.check(standing(case, by), Action.INVITE_FACTORY, by.role, now)
    _check_agreed(case, sure)
    _end_links(session, contact, now)
    token = secrets.token_urlsafe(_SECRET)
    session.add(
        SupplierLink(
            id=new_id(now),
            contact_id=contact.id,
            token_hash=_hash(token),
            made_at=now,
            made_by=by.staff_id,
            expires_at=now + LINK_LASTS,
        )
    )
    session.flush()
    _record(session, case, contact, "link", by, now)
    return token


def revoke(
    session: Session, case: Case, contact: SupplierContact, *, by: Actor, now: datetime
) -> None:
    """No link of a contact opens any more."""
    lifecycle.check(standing(case, by), Action.INVITE_FACTORY, by.role, now)
    _end_links(session, contact, now)
    _record(session, case, contact, "revoked", by, now)


def close(session: Session, case: Case, now: datetime) -> dict[str, list[int]]:
    """No link of anybody in this case opens any more: it became restricted, and the person concerned
    is asked anew. Whose links those were, for the event."""
    statement = (
        select(SupplierLink)
        .join(SupplierContact, col(SupplierContact.id) == SupplierLink.contact_id)
        .where(SupplierContact.case_id == case.id, col(SupplierLink.revoked_at).is_(None))
    )
    closed = list(session.exec(statement.order_by(col(SupplierLink.id))))
    for link in closed:
        link.revoked_at = now
    return {"links-closed": [link.contact_id for link in closed]} if closed else {}


def contacts_of(session: Session, case: Case, now: datetime) -> list[Person]:
    """Who may be asked at the factory of a case, the first one first."""
    statement = select(SupplierContact).where(SupplierContact.case_id == case.id)
    found = session.exec(statement.order_by(col(SupplierContact.id)))
    return [_person(session, contact, now) for contact in found]


def find(session: Session, case: Case, row: int) -> SupplierContact | None:
    """A contact of a case."""
    contact = session.get(SupplierContact, row)
    return contact if contact and contact.case_id == case.id else None


def name(session: Session, contact: SupplierContact) -> str:
    """What a contact is called, with the organisation."""
    return ", ".join(filter(None, (_open(session, contact, c) for c in ("name", "organisation"))))


def opened(session: Session, token: str, now: datetime) -> SupplierLink | None:
    """The link of a secret, as long as it opens."""
    statement = select(SupplierLink).where(
        SupplierLink.token_hash == _hash(token),
        col(SupplierLink.revoked_at).is_(None),
        SupplierLink.expires_at > now,
    )
    return session.exec(statement).first()


def _check_agreed(case: Case, sure: bool) -> None:
    if case.restricted and not sure:
        raise BadInput(
            "This case is restricted. Tick the box to say that the person concerned agrees that the"
            " factory is asked."
        )


def _end_links(session: Session, contact: SupplierContact, now: datetime) -> None:
    statement = select(SupplierLink).where(
        SupplierLink.contact_id == contact.id, col(SupplierLink.revoked_at).is_(None)
    )
    for link in session.exec(statement):
        link.revoked_at = now


def _person(session: Session, contact: SupplierContact, now: datetime) -> Person:
    statement = select(SupplierLink).where(
        SupplierLink.contact_id == contact.id,
        col(SupplierLink.revoked_at).is_(None),
        SupplierLink.expires_at > now,
    )
    return Person(
        row=contact,
        name=_open(session, contact, "name"),
        email=_open(session, contact, "email"),
        organisation=_open(session, contact, "organisation"),
        link=session.exec(statement.order_by(col(SupplierLink.id).desc())).first(),
    )


def _open(session: Session, contact: SupplierContact, column: str) -> str:
    sealed: bytes = getattr(contact, f"{column}_sealed")
    if not sealed:
        return ""
    return session.vault.open_text("suppliercontact", f"{column}_sealed", contact.id, sealed)


def _record(
    session: Session, case: Case, contact: SupplierContact, what: str, by: Actor, now: datetime
) -> None:
    data = {"contact": contact.id, "what": what}
    events.record(
        session, case, Action.INVITE_FACTORY, by=by, now=now, before=case.status, data=data
    )


def _hash(token: str) -> bytes:
    # What is hashed is as long and random as a key: no slow hash is needed against guessing.
    return hashlib.sha256(token.encode(errors="replace")).digest()

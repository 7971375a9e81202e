"""The factory's side of a remedy: contacts, their links, and what they read and answer there.

A contact sees what was written for the factory, by when, and what they answered themselves. Nothing
here hands out the case, its number, its dates, its words or how many cases there are.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from casework import lifecycle
from casework.actors import SYSTEM, Actor
from casework.audit import events
from casework.db import Session, for_change
from casework.errors import BadInput
from casework.ids import new_id
from casework.media import attachments
from casework.media.files import Clean, Refused, inspect
from casework.models import (
    Attachment,
    Case,
    RemedyAction,
    RemedyEntry,
    SupplierContact,
    SupplierLink,
)
from casework.office import telling
from casework.remedy import remedies, remedy_rules
from casework.standing import standing
from casework.vocabulary import (
    Action,
    MediaKind,
    Recipient,
    RemedyOwner,
    RemedyState,
    RemedyStep,
    StaffNoticeKind,
)

LINK_LASTS = timedelta(days=90)
"""How long a link opens, unless it is taken back (our default)."""
OVER_SHOWN = timedelta(days=14)
"""How long a contact still sees what is verified or no longer asked for (our default)."""
MOST_FILES = 10
"""Files of one answer."""
MOST_A_DAY = 60
"""Entries that one contact may leave in a day: whoever got hold of a link can't fill the disk."""
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


@dataclass(frozen=True, slots=True)
class Asked:
    """An action as the factory reads it, and nothing else of it."""

    code: str
    text: str
    due_on: date
    state: RemedyState
    answers: tuple["Answered", ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What the factory itself answered."""

    at: datetime
    step: RemedyStep
    words: str
    file: str
    """The type of a file that was sent, ``""`` if none."""


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


# --- what a link opens ---


def opened(session: Session, token: str, now: datetime) -> SupplierLink | None:
    """The link of a secret, as long as it opens."""
    statement = select(SupplierLink).where(
        SupplierLink.token_hash == _hash(token),
        col(SupplierLink.revoked_at).is_(None),
        SupplierLink.expires_at > now,
    )
    return session.exec(statement).first()


def asked_of(session: Session, contact_id: int, now: datetime) -> list[Asked]:
    """What is addressed to a contact, as they may read it: open first, then by day.

    What is over is shown for ``OVER_SHOWN`` and then no more.
    """
    actions = list(session.exec(_addressed(contact_id)))
    entries = remedies.entries_of(session, actions)
    newest = {entry.action_id: entry.at for entry in entries}
    actions = [
        action
        for action in actions
        if action.state in remedy_rules.UNDONE or newest[action.id] > now - OVER_SHOWN
    ]
    files = _file_types(session, entries)
    found = [
        Asked(
            action.code,
            remedies.words(session, action, "factory"),
            action.due_on,
            action.state,
            tuple(
                Answered(e.at, e.step, remedies.said(session, e), files.get(e.attachment_id, ""))
                for e in entries
                if e.action_id == action.id and e.contact_id == contact_id
            ),
        )
        for action in actions
    ]
    return sorted(found, key=lambda one: (one.state not in remedy_rules.UNDONE, one.due_on))


def answer(
    session: Session,
    contact_id: int,
    code: str,
    step: RemedyStep,
    words: str,
    files: Sequence[bytes],
    *,
    now: datetime,
) -> list[Refused] | None:
    """What a contact answers to an action: words, proof, that it is done or that they refuse.

    The files that can't be taken, the others are kept; ``None`` where nothing is addressed to them
    under that code. ``BadInput`` where there is nothing to keep, or too much.
    """
    action = session.exec(_addressed(contact_id).where(RemedyAction.code == code)).first()
    if action is None:
        return None
    case = session.exec(for_change(select(Case).where(Case.id == action.case_id))).one()
    action = session.exec(for_change(_addressed(contact_id).where(RemedyAction.code == code))).one()
    if (case.status, Action.FACTORY_ANSWER) not in lifecycle.TABLE:
        raise BadInput("Nothing can be answered to this any more. Ask whoever sent you the link.")
    if step not in (RemedyStep.ANSWERED, RemedyStep.CLAIMED, RemedyStep.REFUSED):
        step = RemedyStep.ANSWERED
    if step is RemedyStep.CLAIMED and action.state is RemedyState.CLAIMED:
        step = RemedyStep.ANSWERED  # said once more, with more proof
    if (action.state, step) not in remedy_rules.TABLE:
        raise BadInput("Nothing can be answered to this any more. Ask whoever sent you the link.")
    if not words.strip() and not files and step is not RemedyStep.CLAIMED:
        raise BadInput("Write an answer, or choose a file.")
    if len(files) > MOST_FILES:
        raise BadInput("Send at most %(n)s files at a time.", n=MOST_FILES)
    if _today(session, contact_id, now) + 1 + len(files) > MOST_A_DAY:
        raise BadInput("That was a lot for one day. Go on tomorrow.")
    looked = [inspect(data, MediaKind.DOCUMENT) for data in files]
    kept = [one for one in looked if isinstance(one, Clean)]
    refused = [one for one in looked if isinstance(one, Refused)]
    if refused and not kept and not words.strip():
        return refused
    action.state = remedy_rules.after(action.state, step)
    _keep(session, case, action, contact_id, step, words, kept, now)
    telling.of_case(
        session,
        case,
        StaffNoticeKind.FACTORY_ANSWERED,
        (Recipient.OWNER,),
        now,
        level=f"remedy:{action.id}",
    )
    return refused


def _keep(
    session: Session,
    case: Case,
    action: RemedyAction,
    contact_id: int,
    step: RemedyStep,
    words: str,
    files: Sequence[Clean],
    now: datetime,
) -> None:
    """One entry with the words, and one for each file more than the first."""
    stored: list[Attachment | None] = [_store(session, case, one, now) for one in files]
    for place, file in enumerate(stored or [None]):
        entry = RemedyEntry(
            id=new_id(now),
            action_id=action.id,
            at=now,
            step=RemedyStep.ANSWERED if place else step,
            contact_id=contact_id,
            attachment_id=file.id if file else None,
        )
        remedies.note(
            session,
            case,
            action,
            entry.step,
            "" if place else words,
            by=SYSTEM,
            now=now,
            entry=entry,
            event=Action.FACTORY_ANSWER,
            data={"contact": contact_id, "attachment": entry.attachment_id},
        )


def _store(session: Session, case: Case, clean: Clean, now: datetime) -> Attachment:
    file = Attachment(id=new_id(now), case_id=case.id, kind=clean.kind, created_at=now)
    session.add(file)
    session.flush()
    attachments.store(session, file, clean.data, clean.mime, now)
    session.flush()
    return file


def _addressed(contact_id: int) -> SelectOfScalar[RemedyAction]:
    return select(RemedyAction).where(
        RemedyAction.contact_id == contact_id,
        RemedyAction.owner == RemedyOwner.FACTORY,
        RemedyAction.factory_sealed != b"",
    )


def _today(session: Session, contact_id: int, now: datetime) -> int:
    since = RemedyEntry.at > now - timedelta(days=1)
    statement = select(RemedyEntry.id).where(RemedyEntry.contact_id == contact_id, since)
    return len(session.exec(statement.limit(MOST_A_DAY)).all())


def _file_types(session: Session, entries: Sequence[RemedyEntry]) -> dict[int | None, str]:
    ids = [entry.attachment_id for entry in entries if entry.attachment_id is not None]
    statement = select(Attachment).where(col(Attachment.id).in_(ids))
    return {file.id: file.mime for file in session.exec(statement)}


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

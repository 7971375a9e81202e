"""What a contact at the factory reads behind their link, and what they answer there.

A contact sees what was written for the factory, by when, and what they answered themselves. Nothing
here hands out the case, its number, its dates, its words or how many cases there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from casework import lifecycle
from casework.actors import SYSTEM
from casework.db import Session, for_change
from casework.errors import BadInput
from casework.ids import new_id
from casework.media import attachments
from casework.media.files import Clean, Refused, inspect
from casework.models import Attachment, Case, RemedyAction, RemedyEntry
from casework.office import telling
from casework.remedy import remedies, remedy_rules
from casework.vocabulary import (
    Action,
    MediaKind,
    Recipient,
    RemedyOwner,
    RemedyState,
    RemedyStep,
    StaffNoticeKind,
)

OVER_SHOWN = timedelta(days=14)
"""How long a contact still sees what is verified or no longer asked for (our default)."""
MOST_FILES = 10
"""Files of one answer."""
MOST_A_DAY = 60
"""Entries that one contact may leave in a day: whoever got hold of a link can't fill the disk."""


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

"""Messages of the story put into another language, and recordings written down, by the office."""

from datetime import datetime

from sqlmodel import select

from casework import lifecycle
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.errors import BadInput
from casework.messaging import beside, interpreting
from casework.messaging.beside import Wording
from casework.models import Case, Message, MessageVersion
from casework.standing import standing
from casework.vocabulary import Action, VersionKind

_ACTIONS = {
    VersionKind.TRANSLATION: Action.TRANSLATE,
    VersionKind.TRANSCRIPT: Action.TRANSCRIBE,
}


def find(session: Session, case: Case, row: int) -> Message | None:
    """A message of a case."""
    statement = select(Message).where(Message.id == row, Message.case_id == case.id)
    return session.exec(statement).first()


def put_beside(
    session: Session, case: Case, message: Message, wording: Wording, *, by: Actor, now: datetime
) -> MessageVersion:
    """Write a translation or a transcript beside a message; a correction is one more.

    ``BadInput`` where it says nothing. Who was asked to translate it need not any more.
    """
    action = _ACTIONS[wording.kind]
    lifecycle.check(standing(case, by), action, by.role, now)
    if not wording.text.strip():
        raise BadInput("Write the words first.")
    version = beside.write(session, case, wording, by=by, now=now, message_id=message.id)
    session.flush()
    if wording.kind is VersionKind.TRANSLATION:
        interpreting.take_back(session, now, message_id=message.id)
    events.record(
        session,
        case,
        action,
        by=by,
        now=now,
        before=case.status,
        data=beside.evidence(session, version),
    )
    return version

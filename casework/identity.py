"""Who the worker is, where her helper chose to tell it: sealed, and shown only to who says why."""

from datetime import datetime

from casework.actors import Actor
from casework.audit import access_log
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.models import Case

_PLACE = ("case", "identity_sealed")


def seal(session: Session, case: Case, person: str) -> None:
    """Keep who it is with a case."""
    case.identity_sealed = session.vault.seal_text(*_PLACE, case.id, person)


def show(session: Session, case: Case, reason: str, *, by: Actor, now: datetime) -> str:
    """Who it is, ``""`` if nobody told. ``NotAllowed`` without the right to; ``BadInput`` without a
    reason, which is kept, sealed, with who read it and when."""
    if not by.may_identify:
        raise NotAllowed("You may not open who the worker is. Ask somebody who may.")
    reason = reason.strip()[: access_log.REASON_AT_MOST]
    if not reason:
        raise BadInput("Say in a few words why you need to know who it is.")
    assert by.staff_id is not None  # nobody but staff opens it
    access_log.note(session, case.id, "identity", staff_id=by.staff_id, now=now, reason=reason)
    if case.identity_sealed is None:
        return ""
    return session.vault.open_text(*_PLACE, case.id, case.identity_sealed)

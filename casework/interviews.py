"""Talks with people about a case: with whom, when, how, and what they agreed to have written down."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from casework import lifecycle, parties
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.messaging import messages
from casework.models import Case, Interview
from casework.standing import standing
from casework.vocabulary import Action, Direction, Meeting, MessageKind, Whom

_PLACE = ("interview", "name_sealed")


@dataclass(frozen=True, slots=True)
class Talk:
    """An interview as a handler notes it. ``name`` is who it was, where ``whom`` is somebody else
    than the worker and the parties; ``held_on`` is the day there."""

    whom: Whom
    held_on: date
    how: Meeting
    consent: bool
    words: str = ""
    party_id: int | None = None
    name: str = ""


def note(
    session: Session, case: Case, talk: Talk, *, by: Actor, now: datetime, today: date
) -> Interview:
    """Keep an interview. ``today`` is the day where the handler is.

    Without consent only that it was held is kept: ``BadInput`` where words come along.
    """
    lifecycle.check(standing(case, by), Action.INTERVIEW, by.role, now)
    words, name = talk.words.strip(), talk.name.strip()
    _check(session, case, talk, words, name, today)
    row, data = new_id(now), dict[str, Any]()
    message = None
    if words:
        message = messages.write(
            session, case, MessageKind.INTERVIEW, Direction.INTERNAL, by=by, now=now, text=words
        )
        data = messages.evidence(session, message)
    interview = Interview(
        id=row,
        case_id=case.id,
        whom=talk.whom,
        party_id=talk.party_id if talk.whom is Whom.PARTY else None,
        name_sealed=session.vault.seal_text(*_PLACE, row, name) if talk.whom is Whom.OTHER else b"",
        held_on=talk.held_on,
        how=talk.how,
        consent=talk.consent,
        message_id=message.id if message else None,
        noted_at=now,
        noted_by=by.staff_id,
    )
    session.flush()  # the message comes first: the interview names it
    session.add(interview)
    data |= {"interview": row, "held": talk.held_on.isoformat(), "consent": talk.consent}
    events.record(session, case, Action.INTERVIEW, by=by, now=now, before=case.status, data=data)
    return interview


def of_case(session: Session, case_id: int) -> list[Interview]:
    """The interviews of a case, the newest first."""
    statement = select(Interview).where(Interview.case_id == case_id)
    return list(
        session.exec(statement.order_by(col(Interview.held_on).desc(), col(Interview.id).desc()))
    )


def name_of(session: Session, interview: Interview) -> str:
    """Who else it was, ``""`` where it was the worker or a party."""
    sealed = interview.name_sealed
    return session.vault.open_text(*_PLACE, interview.id, sealed) if sealed else ""


def _check(session: Session, case: Case, talk: Talk, words: str, name: str, today: date) -> None:
    if talk.held_on > today:
        raise BadInput("This day is still to come. Note the interview when it was held.")
    if talk.whom is Whom.OTHER and not name:
        raise BadInput("Write who it was.")
    if talk.whom is Whom.PARTY and parties.find(session, case, talk.party_id or 0) is None:
        raise BadInput("This party is not in the case any more. Choose another.")
    if talk.consent and not words:
        raise BadInput("Write what they said.")
    if words and not talk.consent:
        raise BadInput(
            "They did not agree that it is written down: leave the words out. That the talk was held"
            " is kept."
        )

"""Workers to whom nothing can be sent: they complained by phone or in person.

What is written to them waits until somebody tells them; what they answer is written down for them.
Their number is sealed and shown only to who says why.
"""

from datetime import datetime

from sqlmodel import col, select

from casework import filing, lifecycle
from casework.actors import WORKER, Actor
from casework.audit import access_log, events
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.filing import Piece
from casework.models import Case, CaseEvent, Message
from casework.numbers import plain
from casework.standing import standing
from casework.vocabulary import Action, Direction

SAID = (Action.ADD, Action.CONFIRM, Action.DISPUTE, Action.APPEAL, Action.WITHDRAW)
"""What a worker may say, so that it counts."""
NUMBER_AT_MOST = 40
WHEN_AT_MOST = 200
_PLACE = ("case", "phone_sealed")
_SIGNS = frozenset("+-()/. ")
_DIGITS = range(5, 16)
"""Digits of a phone number: the longest of the numbering plan E.164 has fifteen."""


def by_hand(case: Case) -> bool:
    """Whether somebody has to tell the worker what is written. Who opened the case in a chat, with
    its receipt, is told there."""
    return case.reach is not None and case.reporter_id is None and case.forgotten_at is None


def check(phone: str) -> None:
    """``BadInput`` where it is no phone number, in the digits of any script."""
    digits = [character for character in plain(phone) if character.isdigit()]
    others = {character for character in plain(phone) if not character.isdigit()}
    if len(digits) not in _DIGITS or others - _SIGNS or len(phone) > NUMBER_AT_MOST:
        raise BadInput("Write the phone number with its digits, for example +855 12 345 678.")


def seal(session: Session, case: Case, phone: str, when: str) -> None:
    """Keep the number with a case, and when it is safe to call."""
    text = f"{phone.strip()}\n{when.strip()[:WHEN_AT_MOST]}"
    case.phone_sealed = session.vault.seal_text(*_PLACE, case.id, text)


def show(session: Session, case: Case, reason: str, *, by: Actor, now: datetime) -> tuple[str, str]:
    """The number, and when it is safe to call. ``BadInput`` without a reason, which is kept,
    sealed, with who read it and when."""
    reason = reason.strip()[: access_log.REASON_AT_MOST]
    if not reason:
        raise BadInput("Say in a few words why you call.")
    assert by.staff_id is not None  # nobody but staff opens it
    access_log.note(session, case.id, "phone", staff_id=by.staff_id, now=now, reason=reason)
    if case.phone_sealed is None:
        return "", ""
    phone, _line, when = session.vault.open_text(*_PLACE, case.id, case.phone_sealed).partition(
        "\n"
    )
    return phone, when


def untold(session: Session, case: Case) -> list[Message]:
    """What was written to the worker and nobody has told them yet, oldest first."""
    if not by_hand(case):
        return []
    statement = select(Message).where(
        Message.case_id == case.id,
        Message.direction == Direction.TO_WORKER,
        col(Message.id) > _told_until(session, case),
    )
    return list(session.exec(statement.order_by(col(Message.id))))


def tell(session: Session, case: Case, until: int, *, by: Actor, now: datetime) -> None:
    """Somebody told the worker what was written, up to the message ``until``."""
    lifecycle.check(standing(case, by), Action.TOLD, by.role, now)
    if until not in {message.id for message in untold(session, case)}:
        raise NotAllowed("This was told already, or there is nothing to tell. Reload the page.")
    action, data = Action.TOLD, {"message": until}
    events.record(session, case, action, by=by, now=now, before=case.status, data=data)


def answers(case: Case, now: datetime) -> tuple[Action, ...]:
    """What the worker may say about the case as it stands."""
    if not by_hand(case):
        return ()
    moves = lifecycle.moves(standing(case, WORKER), WORKER.role, now)
    return tuple(action for action in SAID if action in moves)


def hear(
    session: Session, case: Case, action: Action, text: str, *, by: Actor, now: datetime
) -> None:
    """Write down what the worker said; it counts as if it came from the worker."""
    if action not in answers(case, now) or not by.handles_cases:
        raise NotAllowed("This step is not open for the case as it stands. Reload the page.")
    text = text.strip()
    if not text and action is not Action.CONFIRM:
        raise BadInput("Write down what the worker said.")
    if action is Action.ADD:
        filing.add(session, case, Piece(text), now=now, noted_by=by)
    else:
        filing.answer(session, case, action, now=now, reason=text, noted_by=by)
    case.unread = False


def _told_until(session: Session, case: Case) -> int:
    statement = select(CaseEvent).where(
        CaseEvent.case_id == case.id, CaseEvent.action == Action.TOLD
    )
    last = session.exec(statement.order_by(col(CaseEvent.number).desc())).first()
    return int(last.data["message"]) if last else 0

"""Words to the worker in a language that is not hers: they wait, and nothing is done or sent, until
her version stands beside them.

So a promise to write is kept when the words really go out, not when they were typed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from casework import cases, conflicts, lifecycle
from casework.actors import Actor, staff_actor
from casework.audit import events
from casework.db import Session, for_change
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.messaging import beside, interpreting
from casework.messaging.beside import Wording
from casework.models import Case, CaseEvent, HeldWords, Message, MessageVersion, Staff
from casework.searching import queue, searchwords
from casework.standing import standing
from casework.vocabulary import (
    Action,
    Direction,
    Inadmissible,
    Referral,
    Role,
    VersionBy,
    VersionKind,
)

_PLACE = ("heldwords", "text_sealed")
_BEGUN = ("heldwords", "begun_sealed")


def step(
    session: Session,
    case: Case,
    action: Action,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    language: str = "",
    worker_reads: Wording | None = None,
    begun: str = "",
    reason: Inadmissible | Referral | None = None,
    declared: bool = False,
) -> HeldWords | None:
    """Take a step of ``cases.EFFECTS``; where it has words to the worker in another ``language``
    than hers and her version is not known, they wait: then the held words, and no step was taken.

    ``begun`` is what of her version is there already. ``NotAllowed`` or ``BadInput`` as
    ``cases.advance``, in both cases at once.
    """
    effect = cases.EFFECTS[action]
    hers = language in ("", case.language) or case.reporter_id is None
    if not effect.message or not effect.to_worker or hers:
        cases.advance(
            session, case, action, by=by, now=now, text=text, reason=reason, declared=declared
        )
        return None
    if declared:
        conflicts.declare(session, case, by=by, now=now)
    said = _Said(action, text.strip(), language, begun, reason)
    if worker_reads is None:
        return _hold(session, case, said, by=by, now=now)
    message = _send(session, case, said, by=by, now=now)
    version = beside.write(session, case, worker_reads, by=by, now=now, message_id=message.id)
    _note(session, case, Action.TRANSLATE, by, now, beside.evidence(session, version))
    return None


@dataclass(frozen=True, slots=True)
class _Said:
    """A step with its words, as somebody wrote them."""

    action: Action
    text: str
    language: str
    begun: str = ""
    reason: Inadmissible | Referral | None = None


def _hold(session: Session, case: Case, said: _Said, *, by: Actor, now: datetime) -> HeldWords:
    action, text = said.action, said.text
    cases.check(session, case, action, by=by, now=now, text=text, reason=said.reason)
    # Whoever has signed nothing yet is told so now, not when the translation is there.
    conflicts.declared_for(session, case, action, by=by, now=now, declared=False)
    assert by.staff_id is not None
    row = new_id(now)
    held = HeldWords(
        id=row,
        case_id=case.id,
        action=action,
        language=said.language,
        wanted=case.language,
        reason=said.reason.value if said.reason else "",
        text_sealed=session.vault.seal_text(*_PLACE, row, text),
        begun_sealed=session.vault.seal_text(*_BEGUN, row, said.begun),
        staff_id=by.staff_id,
        at=now,
    )
    session.add(held)
    session.flush()
    digest = session.vault.index("message", f"{row}\0{text}").hex()
    data: dict[str, object] = {"held": row, "digest": digest, "step": action.value}
    _note(session, case, Action.HOLD_WORDS, by, now, data)
    return held


def words(session: Session, held: HeldWords) -> str:
    """What was written and waits."""
    return session.vault.open_text(*_PLACE, held.id, held.text_sealed)


def begun(session: Session, held: HeldWords) -> str:
    """What of the worker's version was there when it was written."""
    return session.vault.open_text(*_BEGUN, held.id, held.begun_sealed)


def of_case(session: Session, case_id: int) -> list[HeldWords]:
    """What waits in a case, oldest first."""
    statement = select(HeldWords).where(
        HeldWords.case_id == case_id, col(HeldWords.ended_at).is_(None)
    )
    return list(session.exec(statement.order_by(col(HeldWords.id))))


def ever_of_case(session: Session, case_id: int) -> list[HeldWords]:
    """What waits or waited in a case, sent or thrown away, oldest first."""
    statement = select(HeldWords).where(HeldWords.case_id == case_id)
    return list(session.exec(statement.order_by(col(HeldWords.id))))


def replace(session: Session, held: HeldWords, old: str, new: str) -> str:
    """Put other words in the place of some, wherever they stand: only to black out. What stood there
    before, ``""`` where they did not."""
    before = words(session, held), begun(session, held)
    if not any(old in text for text in before):
        return ""
    text, started = (one.replace(old, new) for one in before)
    held.text_sealed = session.vault.seal_text(*_PLACE, held.id, text)
    held.begun_sealed = session.vault.seal_text(*_BEGUN, held.id, started)
    return "\n".join(before)


def find(session: Session, case: Case, row: int, *, lock: bool = False) -> HeldWords | None:
    """Words of a case that wait. ``lock`` them before they are sent or dropped."""
    statement = select(HeldWords).where(
        HeldWords.id == row, HeldWords.case_id == case.id, col(HeldWords.ended_at).is_(None)
    )
    return session.exec(for_change(statement) if lock else statement).first()


def version_of(session: Session, held: HeldWords) -> MessageVersion | None:
    """The worker's version, where it is there and was not sent yet."""
    statement = select(MessageVersion).where(MessageVersion.held_id == held.id)
    return session.exec(statement.order_by(col(MessageVersion.id).desc())).first()


def translate(
    session: Session,
    case: Case,
    held: HeldWords,
    text: str,
    made_by: VersionBy,
    *,
    by: Actor,
    now: datetime,
) -> MessageVersion:
    """Write down the worker's version of words that wait. They are sent with ``release``."""
    lifecycle.check(standing(case, by), Action.TRANSLATE, by.role, now)
    if not text.strip():
        raise BadInput("Write what the worker will read.")
    wording = Wording(text.strip(), held.wanted, made_by, VersionKind.TRANSLATION)
    version = beside.write(session, case, wording, by=by, now=now, held_id=held.id)
    session.flush()
    interpreting.take_back(session, now, held_id=held.id)
    _note(session, case, Action.TRANSLATE, by, now, beside.evidence(session, version))
    return version


def release(session: Session, case: Case, held: HeldWords, *, by: Actor, now: datetime) -> None:
    """Take the step now, with both versions; ``NotAllowed`` where it is not open any more."""
    version = version_of(session, held)
    if version is None:
        raise NotAllowed("The worker’s version is still missing.")
    read = beside.words(session, version)
    said = _Said(held.action, words(session, held), held.language, reason=_reason(held))
    message = _send(session, case, said, by=by, now=now)
    held.ended_at, held.message_id = now, message.id
    version.message_id = message.id
    # Only now does it stand in the story, where a search may find it.
    searchwords.add(session, case.id, read)
    session.flush()


def release_by_itself(session: Session, case: Case, held: HeldWords, now: datetime) -> bool:
    """Send what an interpreter translated, in the name of who wrote it, unless a person should look
    first: the worker wrote meanwhile, the step is not open any more, or the writer may not see the
    case now."""
    writer = session.get_one(Staff, held.staff_id)
    by = staff_actor(writer)
    if not writer.active or queue.find(session, by, case.reference) is None:
        return False
    if _worker_came(session, case, held):
        return False
    try:
        lifecycle.check(standing(case, by), held.action, by.role, now)
    except NotAllowed:
        return False
    release(session, case, held, by=by, now=now)
    return True


def drop(session: Session, case: Case, held: HeldWords, *, by: Actor, now: datetime) -> None:
    """Throw away words that wait: the worker never reads them."""
    lifecycle.check(standing(case, by), Action.DROP_WORDS, by.role, now)
    held.ended_at = now
    interpreting.take_back(session, now, held_id=held.id)
    session.flush()
    _note(session, case, Action.DROP_WORDS, by, now, {"held": held.id})


def _reason(held: HeldWords) -> Inadmissible | Referral | None:
    if not held.reason:
        return None
    return Inadmissible(held.reason) if held.action is Action.REJECT else Referral(held.reason)


def _send(session: Session, case: Case, said: _Said, *, by: Actor, now: datetime) -> Message:
    cases.advance(session, case, said.action, by=by, now=now, text=said.text, reason=said.reason)
    session.flush()
    mine = select(Message).where(
        Message.case_id == case.id, Message.direction == Direction.TO_WORKER
    )
    message = session.exec(mine.order_by(col(Message.id).desc())).first()
    assert message is not None
    message.language = said.language
    return message


def _worker_came(session: Session, case: Case, held: HeldWords) -> bool:
    statement = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.id > held.id, CaseEvent.role == Role.WORKER
    )
    return session.exec(statement.limit(1)).first() is not None


def _note(
    session: Session, case: Case, action: Action, by: Actor, now: datetime, data: dict[str, object]
) -> None:
    events.record(session, case, action, by=by, now=now, before=case.status, data=data)

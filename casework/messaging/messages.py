"""Words in a case: sealed when written, opened when somebody entitled reads."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlmodel import col, select

from casework import partywords
from casework.actors import Actor
from casework.db import Session
from casework.ids import new_id
from casework.messaging import beside
from casework.models import Case, Factory, ImportedCase, Message, RemedyAction, RemedyEntry
from casework.models.base import new_row
from casework.references import bare
from casework.searching import searchwords
from casework.vault import Unsealable
from casework.vocabulary import Direction, MessageKind

_PLACE = ("message", "text_sealed")


def write(
    session: Session,
    case: Case,
    kind: MessageKind,
    direction: Direction,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    attachment_id: int | None = None,
    source: str = "",
) -> Message:
    """Write a message into a case. Its language is the worker's, except for notes among staff.

    ``source`` is the channel's name for what the worker sent; an edit of it will carry the same.
    """
    row = new_id(now)
    message = new_row(
        Message,
        id=row,
        case_id=case.id,
        at=now,
        direction=direction,
        kind=kind,
        staff_id=by.staff_id,
        language="" if direction is Direction.INTERNAL else case.language,
        text_sealed=session.vault.seal_text(*_PLACE, row, text),
        attachment_id=attachment_id,
        source_index=_source_index(session, case.reporter_id, source) if source else None,
    )
    session.add(message)
    searchwords.add(session, case.id, text)
    return message


def by_source(session: Session, reporter_id: int, source: str) -> Message | None:
    """The message a reporter sent under the channel's name ``source``, if it is in a case."""
    index = _source_index(session, reporter_id, source)
    return session.exec(select(Message).where(Message.source_index == index)).first()


def words(session: Session, message: Message) -> str:
    """The text of a message."""
    return session.vault.open_text(*_PLACE, message.id, message.text_sealed)


def reseal(session: Session, message: Message, text: str) -> None:
    """Put other words in the place of a message's: only to black out (``casework.redacting``)."""
    message.text_sealed = session.vault.seal_text(*_PLACE, message.id, text)
    # An edit of it would bring back what was blacked out, as if it belonged to it.
    message.source_index = None


def of_case(session: Session, case_id: int) -> list[Message]:
    """All messages of a case, oldest first."""
    statement = select(Message).where(Message.case_id == case_id)
    return list(session.exec(statement.order_by(col(Message.id))))


def open_question(session: Session, case: Case) -> Message | None:
    """The question that waits for the worker's answer, the newest of several."""
    if not case.open_question:
        return None
    asked = (m for m in of_case(session, case.id) if m.kind is MessageKind.QUESTION)
    return next(reversed(list(asked)), None)


def evidence(session: Session, message: Message) -> dict[str, object]:
    """What an event says of a message: its id, and a keyed digest that fixes its words."""
    digest = session.vault.index("message", f"{message.id}\0{words(session, message)}")
    found: dict[str, object] = {"message": message.id, "digest": digest.hex()}
    if message.attachment_id is not None:
        found["attachment"] = message.attachment_id
    return found


def seal_summary(session: Session, case: Case, text: str) -> None:
    """Set the handler's summary of a case; an empty text takes it away."""
    before = ""
    with suppress(Unsealable):
        before = summary(session, case)
    sealed = session.vault.seal_text("case", "summary_sealed", case.id, text) if text else None
    case.summary_sealed = sealed
    searchwords.add(session, case.id, text)
    if before:
        searchwords.take_away(session, case.id, before, texts(session, case))


def texts(session: Session, case: Case) -> list[str]:
    """All by which a case is found: its reference, and an older one, its factory, its parties, what
    the worker and the office wrote. Who the worker is does not belong to it, and what no key opens is left out."""
    factory = session.get(Factory, case.factory_id) if case.factory_id is not None else None
    found = [bare(case.reference), *((factory.code, factory.name) if factory else ())]
    reads: list[Callable[[], str]] = [
        partial(summary, session, case),
        partial(factory_words, session, case),
        *(partial(words, session, message) for message in of_case(session, case.id)),
        *(partial(beside.words, session, one) for one in beside.texts(session, case.id)),
    ]
    reads += _remedy(session, case)
    if case.imported_at and (old := session.get(ImportedCase, case.id)):
        place = ("importedcase", "old_reference_sealed", case.id, old.old_reference_sealed)
        reads.append(partial(session.vault.open_text, *place))
    for read in reads:
        with suppress(Unsealable):
            found.append(read())
    return [*found, *partywords.texts(session, case.id)]


def _remedy(session: Session, case: Case) -> list[Callable[[], str]]:
    """What the office and others wrote about what is done."""
    plan = select(RemedyAction).where(RemedyAction.case_id == case.id)
    reads: list[Callable[[], str]] = []
    for action in session.exec(plan):
        for column in ("what_sealed", "proof_sealed"):
            if sealed := getattr(action, column):
                place = ("remedyaction", column, action.id, sealed)
                reads.append(partial(session.vault.open_text, *place))
        entries = select(RemedyEntry).where(RemedyEntry.action_id == action.id)
        for entry in session.exec(entries):
            if entry.words_sealed:
                place = ("remedyentry", "words_sealed", entry.id, entry.words_sealed)
                reads.append(partial(session.vault.open_text, *place))
    return reads


def summary(session: Session, case: Case) -> str:
    """The handler's summary of a case, ``""`` if none."""
    return _optional(session, case, "summary_sealed", case.summary_sealed)


def factory_words(session: Session, case: Case) -> str:
    """What the worker called a factory that is not in the list, ``""`` if nothing."""
    return _optional(session, case, "factory_words_sealed", case.factory_words_sealed)


def _optional(session: Session, case: Case, column: str, sealed: bytes | None) -> str:
    return session.vault.open_text("case", column, case.id, sealed) if sealed else ""


def _source_index(session: Session, reporter_id: int | None, source: str) -> bytes:
    return session.vault.index("message.source", f"{reporter_id}:{source}")

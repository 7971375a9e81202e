"""What stands beside a message: its words in another language, or a recording written down.

The message itself is never replaced. Sealed, findable, and marked with how it came about.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.ids import new_id
from casework.models import Case, Message, MessageVersion
from casework.searching import searchwords
from casework.vocabulary import Direction, VersionBy, VersionKind

_PLACE = ("messageversion", "text_sealed")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that somebody or something made of a message."""

    text: str = field(repr=False)
    language: str
    made_by: VersionBy
    kind: VersionKind = VersionKind.TRANSLATION
    checked: bool = True


def write(
    session: Session,
    case: Case,
    wording: Wording,
    *,
    by: Actor,
    now: datetime,
    message_id: int | None = None,
    held_id: int | None = None,
) -> MessageVersion:
    """Put words beside a message, or beside words that wait. Whoever calls writes the event, with
    ``evidence``."""
    row = new_id(now)
    version = MessageVersion(
        id=row,
        case_id=case.id,
        message_id=message_id,
        held_id=held_id,
        kind=wording.kind,
        language=wording.language,
        text_sealed=session.vault.seal_text(*_PLACE, row, wording.text),
        made_by=wording.made_by,
        staff_id=by.staff_id,
        checked=wording.checked,
        at=now,
    )
    session.add(version)
    if message_id is not None:
        searchwords.add(session, case.id, wording.text)
    return version


def words(session: Session, version: MessageVersion) -> str:
    """The text of a version."""
    return session.vault.open_text(*_PLACE, version.id, version.text_sealed)


def evidence(session: Session, version: MessageVersion) -> dict[str, object]:
    """What an event says of a version: its id, how it came about, and a keyed digest of its words."""
    digest = session.vault.index("message", f"{version.id}\0{words(session, version)}")
    found: dict[str, object] = {
        "version": version.id,
        "digest": digest.hex(),
        "language": version.language,
        "made-by": version.made_by.value,
    }
    if version.message_id is not None:
        found["message"] = version.message_id
    if version.held_id is not None:
        found["held"] = version.held_id
    return found


def reseal(session: Session, version: MessageVersion, text: str) -> None:
    """Put other words in the place of a version's: only to black out (``casework.redacting``)."""
    version.text_sealed = session.vault.seal_text(*_PLACE, version.id, text)


def of_case(session: Session, case_id: int) -> dict[int, list[MessageVersion]]:
    """What stands beside each message of a case: of each kind and language the newest, in the order
    in which they came."""
    statement = select(MessageVersion).where(
        MessageVersion.case_id == case_id, col(MessageVersion.message_id).is_not(None)
    )
    found: dict[int, list[MessageVersion]] = {}
    for version in session.exec(statement.order_by(col(MessageVersion.id))):
        assert version.message_id is not None
        found.setdefault(version.message_id, []).append(version)
    return {message: newest(versions) for message, versions in found.items()}


def of_message(session: Session, message: Message) -> list[MessageVersion]:
    """The same for one message."""
    statement = select(MessageVersion).where(MessageVersion.message_id == message.id)
    return newest(session.exec(statement.order_by(col(MessageVersion.id))))


def all_of(
    session: Session, *, message_id: int | None = None, held_id: int | None = None
) -> list[MessageVersion]:
    """Every version of a message, or of words that were not sent: those that a newer one has taken
    the place of, too."""
    statement = select(MessageVersion).where(MessageVersion.message_id == message_id)
    if held_id is not None:
        statement = statement.where(MessageVersion.held_id == held_id)
    return list(session.exec(statement.order_by(col(MessageVersion.id))))


def newest(versions: Iterable[MessageVersion]) -> list[MessageVersion]:
    """Of each kind and language the last one."""
    kept: dict[tuple[VersionKind, str], MessageVersion] = {}
    for version in versions:
        kept.pop((version.kind, version.language), None)
        kept[version.kind, version.language] = version
    return list(kept.values())


@dataclass(frozen=True, slots=True)
class ForWorker:
    """A message as the worker reads it."""

    words: str = field(repr=False)
    machine: bool = False
    """A program translated it: that is said with it."""


def for_worker(
    session: Session,
    message: Message,
    language: str,
    versions: Iterable[MessageVersion] | None = None,
) -> ForWorker:
    """What the worker reads of a message: her own words as she wrote them; ours in the language of
    the case. ``versions``: what stands beside it, where that is known."""
    if message.direction is Direction.TO_WORKER and message.language != language:
        known = of_message(session, message) if versions is None else versions
        for version in known:
            if version.kind is VersionKind.TRANSLATION and version.language == language:
                machine = version.made_by is VersionBy.MACHINE
                return ForWorker(words(session, version), machine)
    sealed = message.text_sealed
    return ForWorker(session.vault.open_text("message", "text_sealed", message.id, sealed))


def texts(session: Session, case_id: int) -> list[MessageVersion]:
    """All that stands beside the messages of a case, to be found by."""
    statement = select(MessageVersion).where(
        MessageVersion.case_id == case_id, col(MessageVersion.message_id).is_not(None)
    )
    return list(session.exec(statement))

"""Workers' files: sealed in pieces of 64 KiB, bound to their place and to being the last one.

A piece that is missing, swapped or cut off at the end makes the whole file unreadable instead of
silently shorter.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from casework.db import Session
from casework.ids import new_id
from casework.models import Attachment, FileChunk
from casework.vault import Unsealable
from casework.vocabulary import FileState, MediaKind

CHUNK = 64 * 1024
_RETRY_SECONDS = (5, 30, 300, 1800, 7200)
_MOST_ATTEMPTS = 30
REDACTED, EXPIRED = "redacted", "expired"
"""Why a file was destroyed that had been stored: somebody did, or its time was over."""


def promised(
    session: Session, reporter_id: int, kind: MediaKind, remote: str, now: datetime
) -> Attachment:
    """A file the channel named: a row that the fetching job picks up at once."""
    row = new_id(now)
    attachment = Attachment(
        id=row,
        reporter_id=reporter_id,
        kind=kind,
        remote_sealed=session.vault.seal_text("attachment", "remote_sealed", row, remote),
        retry_at=now,
        created_at=now,
    )
    session.add(attachment)
    return attachment


def received(
    session: Session, reporter_id: int, kind: MediaKind, clean: bytes, mime: str, now: datetime
) -> Attachment:
    """A file that came whole and was checked (the web chat)."""
    attachment = Attachment(id=new_id(now), reporter_id=reporter_id, kind=kind, created_at=now)
    session.add(attachment)
    session.flush()
    store(session, attachment, clean, mime, now)
    return attachment


def remote_name(session: Session, attachment: Attachment) -> str:
    """The channel's name for a file that is not fetched yet."""
    sealed = attachment.remote_sealed or b""
    return session.vault.open_text("attachment", "remote_sealed", attachment.id, sealed)


def store(session: Session, attachment: Attachment, clean: bytes, mime: str, now: datetime) -> None:
    """Seal the checked bytes of a file. They can't be replaced afterwards."""
    starts = range(0, max(len(clean), 1), CHUNK)
    for position, at in enumerate(starts):
        row, last = new_id(now), at + CHUNK >= len(clean)
        plain = clean[at : at + CHUNK]
        session.add(
            FileChunk(
                id=row,
                attachment_id=attachment.id,
                position=position,
                last=last,
                sealed=session.vault.seal(
                    "filechunk", _column(attachment, position, last), row, plain
                ),
            )
        )
    attachment.state = FileState.STORED
    attachment.mime = mime
    attachment.size = len(clean)
    attachment.remote_sealed = None
    attachment.retry_at = None


def content(session: Session, attachment: Attachment) -> Iterator[bytes]:
    """The pieces of a stored file in order; ``Unsealable`` where one is missing or foreign."""
    statement = (
        select(FileChunk)
        .where(FileChunk.attachment_id == attachment.id)
        .order_by(col(FileChunk.position))
        .execution_options(yield_per=8)  # never the whole file in memory
    )
    ended = False
    for expected, chunk in enumerate(session.exec(statement)):
        if ended or chunk.position != expected:
            raise Unsealable(f"Attachment {attachment.id} is not whole.")
        column = _column(attachment, chunk.position, chunk.last)
        yield session.vault.open("filechunk", column, chunk.id, chunk.sealed)
        ended = chunk.last
    if not ended:
        raise Unsealable(f"Attachment {attachment.id} is not whole.")


def refuse(attachment: Attachment, reason: str) -> None:
    """The file can't be taken; ``reason`` is a code of ``casework.media.files``."""
    attachment.state = FileState.REFUSED
    attachment.reason = reason
    attachment.remote_sealed = None
    attachment.retry_at = None


def fetch_later(attachment: Attachment, now: datetime) -> bool:
    """The channel did not hand it over: try again later. False where it is given up for good."""
    attachment.attempts += 1
    if attachment.attempts >= _MOST_ATTEMPTS:
        fail(attachment, "no-answer")
        return False
    wait = _RETRY_SECONDS[min(attachment.attempts, len(_RETRY_SECONDS)) - 1]
    attachment.retry_at = now + timedelta(seconds=wait)
    return True


def fail(attachment: Attachment, reason: str) -> None:
    """The file will never be had; ``reason`` is a code that the case page explains."""
    attachment.state = FileState.FAILED
    attachment.reason = reason
    attachment.retry_at = None


def destroy(session: Session, attachment: Attachment, reason: str) -> None:
    """Destroy a file of a case: its content, and what kind of file it was. The row stays, because
    its message names it."""
    session.exec(delete(FileChunk).where(col(FileChunk.attachment_id) == attachment.id))
    fail(attachment, reason)
    attachment.remote_sealed = None
    attachment.mime, attachment.size = "", 0


def drop_unfiled(session: Session, reporter_id: int, only: tuple[int, ...] | None = None) -> None:
    """Delete files of a reporter that are in no case: all of them, or ``only`` these."""
    unfiled = [col(Attachment.reporter_id) == reporter_id, col(Attachment.case_id).is_(None)]
    if only is not None:
        unfiled.append(col(Attachment.id).in_(only))
    # Locked first: one of them may be on its way into the database just now.
    ids = list(session.exec(select(Attachment.id).where(*unfiled).with_for_update()))
    if ids:
        session.exec(delete(FileChunk).where(col(FileChunk.attachment_id).in_(ids)))
        session.exec(delete(Attachment).where(col(Attachment.id).in_(ids)))


def any_pending(session: Session, now: datetime) -> bool:
    """Whether a look is worth a writing transaction."""
    statement = select(Attachment.id).where(
        Attachment.state == FileState.PENDING, col(Attachment.retry_at) <= now
    )
    return session.exec(statement.limit(1)).first() is not None


def pending(session: Session, now: datetime, limit: int = 20) -> list[Attachment]:
    """Files to fetch now, oldest first."""
    statement = (
        select(Attachment)
        .where(Attachment.state == FileState.PENDING, col(Attachment.retry_at) <= now)
        .order_by(col(Attachment.retry_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.exec(statement))


def _column(attachment: Attachment, position: int, last: bool) -> str:
    return f"{attachment.id}.{position}.{'last' if last else 'more'}"

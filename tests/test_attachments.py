"""Sealed files: whole or not at all; and the files still to be fetched."""

import secrets
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from casework.db import Session, Store
from casework.media import attachments
from casework.media.attachments import CHUNK
from casework.models import Attachment, FileChunk
from casework.vault import Unsealable
from casework.vocabulary import FileState, MediaKind
from tests.conftest import Cast


def _keep(store: Store, cast: Cast, now: datetime, data: bytes) -> int:
    with store.writing() as session:
        return attachments.received(
            session, cast.htwe.id, MediaKind.DOCUMENT, data, "application/pdf", now
        ).id


def _content(store: Store, row: int) -> bytes:
    with store.reading() as session:
        return b"".join(attachments.content(session, session.get_one(Attachment, row)))


def _chunks(session: Session, row: int) -> list[FileChunk]:
    statement = select(FileChunk).where(FileChunk.attachment_id == row)
    return list(session.exec(statement.order_by(col(FileChunk.position))))


@pytest.mark.parametrize(
    ("size", "pieces"),
    [
        (0, 1),
        (1, 1),
        (CHUNK - 1, 1),
        (CHUNK, 1),
        (CHUNK + 1, 2),
        (2 * CHUNK, 2),
        (1024 * 1024, 16),
        (1024 * 1024 + 1, 17),
    ],
)
def test_a_file_of_any_size_comes_back_as_it_was(
    store: Store, cast: Cast, now: datetime, size: int, pieces: int
) -> None:
    data = secrets.token_bytes(size)
    row = _keep(store, cast, now, data)
    assert _content(store, row) == data
    with store.reading() as session:
        attachment = session.get_one(Attachment, row)
        assert (attachment.state, attachment.size) == (FileState.STORED, size)
        assert (attachment.mime, attachment.case_id) == ("application/pdf", None)
        chunks = _chunks(session, row)
        assert [chunk.last for chunk in chunks] == [False] * (pieces - 1) + [True]


def test_a_file_comes_piece_by_piece(any_store: Store, any_cast: Cast, now: datetime) -> None:
    row = _keep(any_store, any_cast, now, bytes(20 * CHUNK))
    with any_store.reading() as session:
        pieces = attachments.content(session, session.get_one(Attachment, row))
        assert [len(piece) for piece in pieces] == [CHUNK] * 20


def _lose_the_first(session: Session, chunks: list[FileChunk]) -> None:
    session.delete(chunks[0])


def _lose_the_middle(session: Session, chunks: list[FileChunk]) -> None:
    session.delete(chunks[1])


def _lose_the_last(session: Session, chunks: list[FileChunk]) -> None:
    session.delete(chunks[2])


def _lose_all(session: Session, chunks: list[FileChunk]) -> None:
    for chunk in chunks:
        session.delete(chunk)


def _swap_two(session: Session, chunks: list[FileChunk]) -> None:
    chunks[0].sealed, chunks[1].sealed = chunks[1].sealed, chunks[0].sealed


def _swap_two_places(session: Session, chunks: list[FileChunk]) -> None:
    first, second = chunks[0].position, chunks[1].position
    chunks[0].position = 99
    session.flush()
    chunks[1].position = first
    session.flush()
    chunks[0].position = second


def _end_early(session: Session, chunks: list[FileChunk]) -> None:
    session.delete(chunks[2])
    chunks[1].last = True


def _never_end(session: Session, chunks: list[FileChunk]) -> None:
    chunks[2].last = False


def _cut_off_a_piece(session: Session, chunks: list[FileChunk]) -> None:
    chunks[1].sealed = chunks[1].sealed[:-1]


def _flip_a_bit(session: Session, chunks: list[FileChunk]) -> None:
    sealed = bytearray(chunks[1].sealed)
    sealed[100] ^= 1
    chunks[1].sealed = bytes(sealed)


@pytest.mark.parametrize(
    "damage",
    [
        _lose_the_first,
        _lose_the_middle,
        _lose_the_last,
        _lose_all,
        _swap_two,
        _swap_two_places,
        _end_early,
        _never_end,
        _cut_off_a_piece,
        _flip_a_bit,
    ],
)
def test_a_damaged_file_does_not_open(store: Store, cast: Cast, now: datetime, damage) -> None:  # type: ignore[no-untyped-def]
    row = _keep(store, cast, now, secrets.token_bytes(2 * CHUNK + 5))
    with store.writing() as session:
        damage(session, _chunks(session, row))
    with pytest.raises(Unsealable):
        _content(store, row)


def test_a_piece_of_another_file_does_not_open_in_this_one(
    store: Store, cast: Cast, now: datetime
) -> None:
    mine, other = (_keep(store, cast, now, bytes(10)) for _ in range(2))
    with store.writing() as session:
        (chunk,), (foreign,) = _chunks(session, mine), _chunks(session, other)
        session.delete(chunk)
        session.flush()
        foreign.attachment_id = mine
    with pytest.raises(Unsealable):
        _content(store, mine)


def test_a_file_that_was_never_fetched_does_not_open(
    store: Store, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Unsealable):
        _content(store, _promise(store, cast, now))


# --- fetching -------------------------------------------------------------------------------


def _promise(store: Store, cast: Cast, now: datetime, name: str = "remote-1") -> int:
    with store.writing() as session:
        return attachments.promised(session, cast.htwe.id, MediaKind.VOICE, name, now).id


def _pending(store: Store, now: datetime, limit: int = 20) -> list[int]:
    with store.writing() as session:
        found = [attachment.id for attachment in attachments.pending(session, now, limit)]
        assert attachments.any_pending(session, now) == bool(found)
        return found


def test_a_promised_file_is_fetched_stored_and_its_name_forgotten(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    row = _promise(any_store, any_cast, now)
    assert _pending(any_store, now - timedelta(seconds=1)) == []
    assert _pending(any_store, now) == [row]
    with any_store.writing() as session:
        attachment = session.get_one(Attachment, row)
        assert attachments.remote_name(session, attachment) == "remote-1"
        attachments.store(session, attachment, b"sound", "audio/ogg", now)
    assert _pending(any_store, now + timedelta(days=9)) == []
    assert _content(any_store, row) == b"sound"
    with any_store.reading() as session:
        assert session.get_one(Attachment, row).remote_sealed is None


def test_the_files_that_wait_longest_are_fetched_first(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    late, early = (
        _promise(any_store, any_cast, now + timedelta(minutes=minutes)) for minutes in (2, 1)
    )
    assert _pending(any_store, now + timedelta(hours=1)) == [early, late]
    assert _pending(any_store, now + timedelta(hours=1), limit=1) == [early]


def test_a_refused_file_says_why_and_is_not_fetched_again(
    store: Store, cast: Cast, now: datetime
) -> None:
    row = _promise(store, cast, now)
    with store.writing() as session:
        attachments.refuse(session.get_one(Attachment, row), "too-big")
    assert _pending(store, now + timedelta(days=9)) == []
    with store.reading() as session:
        attachment = session.get_one(Attachment, row)
        assert (attachment.state, attachment.reason) == (FileState.REFUSED, "too-big")
        assert attachment.remote_sealed is None


def test_a_file_that_does_not_come_is_tried_less_and_less_often_and_given_up(
    store: Store, cast: Cast, now: datetime
) -> None:
    row = _promise(store, cast, now)
    waits, moment = [], now
    while _pending(store, moment):
        with store.writing() as session:
            attachment = session.get_one(Attachment, row)
            attachments.fetch_later(attachment, moment)
            if attachment.retry_at:
                waits.append((attachment.retry_at - moment).total_seconds())
                moment = attachment.retry_at
    assert waits[:5] == [5, 30, 300, 1800, 7200]
    assert set(waits[5:]) == {7200}
    assert len(waits) == 29
    with store.reading() as session:
        attachment = session.get_one(Attachment, row)
        assert (attachment.state, attachment.reason) == (FileState.FAILED, "no-answer")

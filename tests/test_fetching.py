"""Workers' files fetched over HTTP: kept whole, refused with a word to her, or tried again."""

import asyncio
import io
import logging
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlmodel import col, select

from bot.doors import RemoteFile
from bot.fetching import Fetching
from bot.forgetting import forget_drafts
from bot.turns import Command, MediaTooBig, Pressed
from casework.db import Store
from casework.media import attachments, files
from casework.models import Attachment, FileChunk
from casework.vocabulary import FileState, MediaKind, Notice
from tests.botapi import BotApi
from tests.bothouse import Clock, fetch, open_bot
from tests.conftest import Cast
from tests.door import FILING, TELLING, Door, count, outbox_of, reporter_of, talk_of

# The library's advice that ``bot.telegram`` does not take, and says why.
pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

THIRI = "8001"
VOICE = b"OggS\0\x02" + bytes(22) + b"OpusHead" + bytes(200_000)


@pytest.fixture
def door(store: Store, cast: Cast, now: datetime) -> Door:
    door = Door(store, now)
    door.each(THIRI, *TELLING)
    return door


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def send(
    api: BotApi, door: Door, data: bytes, kind: MediaKind = MediaKind.VOICE, size: int | None = None
) -> None:
    """She sends a file, which Telegram holds."""
    door.each(THIRI, RemoteFile(kind, api.store(data, "files", "file.bin", size).file_id))


def found(store: Store) -> list[Attachment]:
    with store.reading() as session:
        return list(session.exec(select(Attachment).order_by(col(Attachment.id))))


def content(store: Store, attachment: Attachment) -> bytes:
    with store.reading() as session:
        return b"".join(attachments.content(session, attachment))


def told(store: Store) -> list[Notice]:
    return [entry.notice for entry in outbox_of(store, reporter_of(store, THIRI).id)]


def test_a_file_is_kept_whole_and_asked_for_once(
    api: BotApi, store: Store, door: Door, clock: Clock
) -> None:
    send(api, door, VOICE)
    send(api, door, a_photo(), MediaKind.PHOTO)
    assert fetch(api, store, clock) == 2
    assert fetch(api, store, clock) == 0
    voice, photo = found(store)
    assert (voice.state, photo.state) == (FileState.STORED, FileState.STORED)
    assert content(store, voice) == VOICE
    assert photo.mime == "image/jpeg"
    assert not told(store)


def test_a_file_is_fetched_also_after_its_complaint_was_filed(
    api: BotApi, store: Store, door: Door, clock: Clock
) -> None:
    send(api, door, VOICE)
    door.each(THIRI, FILING[-1])
    fetch(api, store, clock)
    (voice,) = found(store)
    assert voice.case_id
    assert content(store, voice) == VOICE


@pytest.mark.parametrize(
    ("data", "kind", "why"),
    [
        (b"", MediaKind.VOICE, files.Refusal.EMPTY),
        (b"MZ" + bytes(500), MediaKind.DOCUMENT, files.Refusal.NOT_ALLOWED),
        (a_photo()[:300], MediaKind.PHOTO, files.Refusal.DAMAGED),
    ],
)
def test_a_file_that_can_not_be_kept_is_refused_and_she_is_told(
    api: BotApi, store: Store, door: Door, clock: Clock, data: bytes, kind: MediaKind, why: str
) -> None:
    send(api, door, data, kind)
    door.each(THIRI, FILING[-1])
    fetch(api, store, clock)
    (file,) = found(store)
    assert (file.state, file.reason) == (FileState.REFUSED, why)
    assert told(store) == [Notice.FILE_REFUSED]
    (entry,) = outbox_of(store, reporter_of(store, THIRI).id)
    assert entry.case_id == file.case_id
    clock.forward(days=1)
    assert fetch(api, store, clock) == 0


def test_a_file_telegram_finds_too_big_is_refused(
    api: BotApi, store: Store, door: Door, clock: Clock
) -> None:
    send(api, door, VOICE, size=21 << 20)
    fetch(api, store, clock)
    (file,) = found(store)
    assert (file.state, file.reason) == (FileState.REFUSED, files.Refusal.TOO_BIG)
    assert told(store) == [Notice.FILE_REFUSED]


def test_one_that_is_too_big_from_the_start_is_never_asked_for(door: Door, store: Store) -> None:
    (said,) = door.each(THIRI, MediaTooBig(20))
    assert "20" in said
    assert not found(store)


@pytest.mark.parametrize("where", ["getFile", "file"])
@pytest.mark.parametrize("trouble", ["500", "cut", "404", "proxy"])
def test_while_telegram_does_not_hand_it_over_it_is_tried_again(
    api: BotApi, store: Store, door: Door, clock: Clock, where: str, trouble: str
) -> None:
    send(api, door, VOICE)
    match trouble:
        case "cut":
            # A download is tried a second time by the client itself.
            api.drop_connection(where, times=2 if where == "file" else 1)
        case "proxy":
            api.fail_next(where, 502, "<html>zebrafish</html>")
        case _:
            api.fail_next(where, int(trouble))
    fetch(api, store, clock)
    (file,) = found(store)
    assert file.state is FileState.PENDING
    assert file.attempts == 1
    assert file.retry_at
    assert timedelta(0) < file.retry_at - clock.at < timedelta(minutes=1)
    clock.at = file.retry_at
    fetch(api, store, clock)
    assert content(store, found(store)[0]) == VOICE


def test_a_file_that_vanished_is_given_up_after_days_and_she_is_told(
    api: BotApi, store: Store, door: Door, clock: Clock
) -> None:
    door.each(THIRI, RemoteFile(MediaKind.VOICE, "gone-for-ever"))
    begun = clock.at
    for _ in range(40):
        if not fetch(api, store, clock):
            break
        clock.at = found(store)[0].retry_at or clock.at
    (file,) = found(store)
    assert (file.state, file.reason) == (FileState.FAILED, "no-answer")
    assert clock.at - begun > timedelta(days=1)
    assert told(store) == [Notice.FILE_REFUSED]


def test_a_file_nobody_can_name_any_more_does_not_hold_up_the_others(
    api: BotApi, store: Store, door: Door, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    send(api, door, VOICE)
    send(api, door, VOICE)
    with store.writing() as session:
        first = session.exec(select(Attachment).order_by(col(Attachment.id))).first()
        assert first
        first.remote_sealed = b"nonsense"
    fetch(api, store, clock)
    fetch(api, store, clock)
    broken, fine = found(store)
    assert (broken.state, broken.reason) == (FileState.FAILED, "unreadable")
    assert fine.state is FileState.STORED
    assert told(store) == [Notice.FILE_REFUSED]


def test_a_file_that_breaks_the_check_itself_does_not_hold_up_the_others(
    api: BotApi, store: Store, door: Door, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    send(api, door, VOICE)
    send(api, door, VOICE)
    # An answer that is no file at all: the library fails in its own way.
    api.fail_next("getFile", 200, {"ok": True, "result": "zebrafish"})
    assert fetch(api, store, clock) == 2
    broken, fine = found(store)
    assert broken.state is FileState.PENDING
    assert fine.state is FileState.STORED
    assert "zebrafish" not in caplog.text
    clock.forward(minutes=1)
    fetch(api, store, clock)
    assert found(store)[0].state is FileState.STORED


def test_a_crash_while_fetching_is_made_good_when_the_lease_is_over(
    api: BotApi, store: Store, door: Door, clock: Clock
) -> None:
    send(api, door, VOICE)

    async def claim_and_die() -> None:
        async with open_bot(api) as bot:
            assert Fetching(store, bot, clock)._claim()

    asyncio.run(claim_and_die())
    assert fetch(api, store, clock) == 0
    clock.forward(minutes=11)
    assert fetch(api, store, clock) == 1
    assert found(store)[0].state is FileState.STORED


@pytest.mark.parametrize("how", ["stopped", "forgotten"])
def test_a_file_whose_draft_went_away_while_it_was_fetched_leaves_nothing(
    api: BotApi, store: Store, door: Door, clock: Clock, how: str
) -> None:
    send(api, door, VOICE)

    async def race() -> None:
        async with open_bot(api) as bot:
            fetching = Fetching(store, bot, clock)
            (wanted,) = fetching._claim()
            result = await fetching._fetch_or_none(wanted)
            if how == "stopped":
                door.each(THIRI, Command("stop"))
            else:
                forget_drafts(store, clock.at + timedelta(days=4))
            fetching._keep(wanted, result)

    asyncio.run(race())
    assert count(store, Attachment) == count(store, FileChunk) == 0
    assert not told(store)


def test_no_file_is_left_behind_by_what_she_does_with_her_draft(
    api: BotApi, store: Store, door: Door, clock: Clock
) -> None:
    """Whatever is in no case belongs to a draft that will be forgotten, with its files."""
    photo = RemoteFile(MediaKind.PHOTO, "one")
    door.each(THIRI, photo, Pressed("story", ".home"), photo, Pressed("home", ".help"), photo)
    talk = talk_of(store, THIRI)
    known = {p.attachment for p in (*talk.chat.draft.parts, *talk.chat.held) if p.attachment}
    assert {file.id for file in found(store)} == known
    assert forget_drafts(store, clock.at + timedelta(days=4)) == 1
    assert not found(store)


def test_neither_names_nor_bytes_of_files_are_logged(
    api: BotApi, store: Store, door: Door, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(api, door, b"zebrafish" * 100, MediaKind.DOCUMENT)
    name = next(iter(api.files))
    api.fail_next("file", 500, "zebrafish")
    fetch(api, store, clock)
    clock.forward(minutes=1)
    fetch(api, store, clock)
    ours = [
        r.getMessage() for r in caplog.records if not r.name.startswith(("telegram", "asyncio"))
    ]
    for secret in ("zebrafish", name, api.token):
        assert secret not in "\n".join(ours)

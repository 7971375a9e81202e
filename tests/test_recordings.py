"""Recorded sentences: kept, uploaded, imported, and heard before the text by who reads little."""

import csv
import io
import json
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from sqlmodel import func, select
from waitress.server import create_server
from werkzeug.datastructures import FileStorage

from bot.doors import House
from bot.recorded import Recorded
from bot.rendering import VOICES_AT_MOST, Rendered, Voice, render
from bot.turns import Choice, Msg, Say, Started
from bot.wording import lines, msg
from casework.db import Store
from casework.errors import BadInput
from casework.media import recordings
from casework.models import Conversation, RecordingSound, Reporter
from casework.vocabulary import Action, Channel
from recourse import cli
from tests.botapi import BotApi, Phone
from tests.bothouse import Clock, Polling, deliver
from tests.conftest import Cast
from tests.desk import Desk
from tests.door import Door, reporter_of, talk_of
from tests.phone import OPERATOR
from tests.test_files import MP3, OGG, PDF, WAV, a_film
from tests.test_webchat import build as build_chat
from tests.webhelp import Browser, build, give_accounts
from tests.webphone import WebPhone
from translations import catalog
from translations.sentences import by_key, key_of, spoken

# The library's advice that ``bot.telegram`` does not take, and says why.
pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

M4A = a_film(b"M4A ")
OGG_AGAIN = OGG + b"again"
VORBIS = OGG.replace(b"OpusHead", b"\x01vorbis")

CHOOSE = key_of("Choose your language.")
WELCOME = next(one.key for one in spoken() if "Telegram could read" in one.msgid)
WELCOME_ON_THE_WEB = next(one.key for one in spoken() if "close this page" in one.msgid)


def record(
    store: Store,
    now: datetime,
    *keys: str,
    language: str = "my",
    sound: bytes = OGG,
    by: int | None = None,
) -> None:
    with store.writing() as session:
        for key in keys:
            clean, wording = recordings.check(sound), wording_of(key, language)
            recordings.put(session, language, key, clean, wording=wording, by=by, now=now)


def wording_of(key: str, language: str) -> str:
    sentence = by_key().get(key)
    return sentence.wording_in(language) if sentence else key


def sounds(store: Store, language: str = "my") -> dict[str, bytes]:
    with store.reading() as session:
        found = recordings.of_language(session, language)
        return {key: recordings.content(session, one.id) or b"" for key, one in found.items()}


def file_id(store: Store, key: str, language: str = "my") -> str | None:
    with store.reading() as session:
        found = recordings.find(session, language, key)
        return found.telegram_file_id if found else None


# --- in the database ------------------------------------------------------------------------------


def test_a_recording_is_kept_replaced_and_taken_away(any_store: Store, now: datetime) -> None:
    record(any_store, now, CHOOSE, WELCOME)
    record(any_store, now, CHOOSE, language="km", sound=MP3)
    with any_store.writing() as session:
        old = recordings.find(session, "my", CHOOSE)
        assert old
        recordings.remember(session, old.id, "AwAC")
    assert file_id(any_store, CHOOSE) == "AwAC"
    record(any_store, now, CHOOSE, sound=OGG_AGAIN)
    assert file_id(any_store, CHOOSE) is None, "Telegram's file is the old one"
    assert sounds(any_store) == {CHOOSE: OGG_AGAIN, WELCOME: OGG}
    with any_store.writing() as session:
        assert recordings.content(session, old.id) is None
        assert recordings.all_keys(session) == {"my": {CHOOSE, WELCOME}, "km": {CHOOSE}}
        wanted = [("my", WELCOME), ("km", "unknown"), ("km", CHOOSE)]
        found = recordings.find_all(session, wanted)
        assert [(one.language, one.key) for one in found] == [("my", WELCOME), ("km", CHOOSE)]
        assert recordings.remove(session, "my", CHOOSE)
        assert not recordings.remove(session, "my", CHOOSE)
        assert recordings.remove_others(session, "my", {CHOOSE}) == 1
    assert sounds(any_store) == {}
    with any_store.reading() as session:
        left = session.exec(select(func.count()).select_from(RecordingSound)).one()
    assert left == 1, "the sounds go with their recordings"


@pytest.mark.parametrize(
    ("sound", "mime"), [(OGG, "audio/ogg"), (MP3, "audio/mpeg"), (M4A, "audio/mp4")]
)
def test_what_telegram_plays_as_a_voice_is_taken(sound: bytes, mime: str) -> None:
    assert recordings.check(sound).mime == mime


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (WAV, "OGG (Opus), MP3 or M4A"),
        (VORBIS, "OGG (Opus), MP3 or M4A"),
        (b"#!AMR\n" + bytes(40), "OGG (Opus), MP3 or M4A"),
        (PDF, "no sound"),
        (b"", "empty"),
        (M4A[:-4], "damaged"),
        (OGG + bytes(recordings.MAX_BYTES), "1 MB"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says.replace("(", r"\(").replace(")", r"\)")):
        recordings.check(data)


# --- the sentences --------------------------------------------------------------------------------


def test_every_sentence_has_a_key_of_its_own_that_follows_its_english() -> None:
    keys = [sentence.key for sentence in spoken()]
    assert len(keys) == len(set(keys)) > 200
    assert all(by_key()[key].key == key for key in keys)
    assert {CHOOSE, WELCOME, WELCOME_ON_THE_WEB} <= set(keys)
    assert key_of("One.") != key_of("One. ") != key_of("One.", "Many.")


def test_what_only_pages_say_is_not_to_be_recorded() -> None:
    english = {sentence.msgid for sentence in spoken()}
    assert "Leave quickly" not in english
    assert "%(lines)s" not in english


def test_the_script_names_its_holes_and_knows_labels_from_sentences() -> None:
    welcome = by_key()[WELCOME]
    assert "Who reads it: [operator]." in welcome.english
    assert "[operator]" in welcome.said_in("my")
    assert by_key()[CHOOSE].said_in("my") == catalog("bot", "my").gettext("Choose your language.")
    assert not welcome.is_label
    assert by_key()[key_of("Pay")].is_label


# --- what a message brings along ------------------------------------------------------------------


def said(text: Msg, *recorded: str) -> Rendered:
    return render(Say(text), "my", OPERATOR, frozenset(recorded))


def test_a_message_brings_its_recorded_sentences_in_order_and_each_once() -> None:
    one, two, three = (msg(f"Sentence {n}.") for n in "123")
    keys = [key_of(one.msgid), key_of(three.msgid)]
    found = said(lines(one, two, three, "", one), *keys)
    assert found.voices == tuple(Voice("my", key) for key in keys)
    assert said(lines(one, two)).voices == ()


def test_a_sentence_within_a_sentence_is_heard_after_it_but_no_button() -> None:
    outer, inner = msg("About %(what)s.", what=msg("Pay")), key_of("Pay")
    assert said(outer, inner, key_of(outer.msgid)).voices == (
        Voice("my", key_of(outer.msgid)),
        Voice("my", inner),
    )
    button = Say(msg("Choose."), ((Choice("x", msg("Pay")),),))
    assert render(button, "my", OPERATOR, {inner}).voices == ()


def test_nobody_is_sent_more_than_a_few_voices_at_once() -> None:
    many = [msg(f"Sentence {n}.") for n in range(9)]
    found = said(lines(*many), *(key_of(one.msgid) for one in many))
    assert [voice.key for voice in found.voices] == [
        key_of(one.msgid) for one in many[:VOICES_AT_MOST]
    ]


def test_a_new_recording_is_known_within_half_a_minute(any_store: Store, now: datetime) -> None:
    clock = Clock(now)
    recorded = Recorded(clock)

    def known() -> set[str]:
        with any_store.reading() as session:
            return set(recorded.keys(session, "my"))

    assert known() == set()
    record(any_store, now, CHOOSE)
    clock.forward(seconds=29)
    assert known() == set(), "the database is not asked at each message"
    clock.forward(seconds=1)
    assert known() == {CHOOSE}


# --- Telegram -------------------------------------------------------------------------------------


@pytest.fixture
def house(clock: Clock) -> House:
    return House(OPERATOR, voices=Recorded(clock))


@pytest.fixture
def polling(api: BotApi, store: Store, cast: Cast, clock: Clock, house: House) -> Iterator[Polling]:
    record(store, clock.at, CHOOSE, sound=OGG)
    record(store, clock.at, WELCOME, sound=MP3)
    with Polling(api, store, clock, house) as polling:
        yield polling


def at_welcome(phone: Phone) -> None:
    phone.start("F-GT7KM")
    phone.press("language|my")
    phone.wait_for(lambda m: m.button("welcome|yes") is not None)


@pytest.mark.usefixtures("polling")
def test_a_worker_hears_a_sentence_before_she_reads_it(api: BotApi, store: Store) -> None:
    thiri = api.phone("my")
    at_welcome(thiri)
    voice, choose, second_voice, welcome = thiri.messages
    assert [voice.method, choose.method] == ["sendVoice", "sendMessage"]
    assert (voice.file, second_voice.file) == (OGG, MP3)
    assert catalog("bot", "my").gettext("Choose your language.") in choose.text
    assert welcome.buttons, "the buttons stand last"
    assert not voice.buttons
    assert not voice.text
    assert voice.params["disable_notification"] in (True, "true"), "one answer rings once"
    assert file_id(store, CHOOSE) == voice.json["voice"]["file_id"]


@pytest.mark.usefixtures("polling")
def test_telegram_is_given_a_sound_once_and_its_name_from_then_on(
    api: BotApi, store: Store
) -> None:
    at_welcome(api.phone("my"))
    nilar = api.phone("my")
    at_welcome(nilar)
    assert [m.file for m in nilar.messages if m.method == "sendVoice"] == [OGG, MP3]
    assert len(api.called("sendVoice", voice=file_id(store, CHOOSE))) == 1


@pytest.mark.usefixtures("polling")
def test_a_name_that_telegram_does_not_know_is_uploaded_again(api: BotApi, store: Store) -> None:
    with store.writing() as session:
        recording = recordings.find(session, "my", CHOOSE)
        assert recording
        recordings.remember(session, recording.id, "AwAC-of-another-bot")
    thiri = api.phone("my")
    at_welcome(thiri)
    assert [m.file for m in thiri.messages if m.method == "sendVoice"] == [OGG, MP3]
    assert file_id(store, CHOOSE) == thiri.messages[0].json["voice"]["file_id"]


FORBIDDEN = {
    "ok": False,
    "error_code": 400,
    "description": "Bad Request: VOICE_MESSAGES_FORBIDDEN",
}
FLOOD = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 60",
    "parameters": {"retry_after": 60},
}


@pytest.mark.parametrize(
    ("status", "body"), [(400, FORBIDDEN), (429, FLOOD), (500, None), (403, None), (502, "<html>")]
)
@pytest.mark.usefixtures("polling")
def test_a_voice_that_fails_does_not_hold_back_the_text(
    api: BotApi, status: int, body: dict[str, object] | str | None
) -> None:
    api.fail_next("sendVoice", status, body, times=50)
    thiri = api.phone("my")
    at_welcome(thiri)
    assert [m.method for m in thiri.messages] == ["sendMessage", "sendMessage"]


@pytest.mark.usefixtures("polling")
def test_a_short_wait_that_telegram_asks_for_is_waited(api: BotApi) -> None:
    api.retry_after(1, "sendVoice")
    thiri = api.phone("my")
    at_welcome(thiri)
    assert [m.file for m in thiri.messages if m.method == "sendVoice"] == [OGG, MP3]


@pytest.mark.usefixtures("polling")
def test_a_language_without_recordings_is_only_read(api: BotApi) -> None:
    bopha = api.phone("km")
    bopha.start("F-GT7KM")
    bopha.press("language|km")
    bopha.wait_for(lambda m: m.button("welcome|yes") is not None)
    assert [m.method for m in bopha.messages] == ["sendMessage", "sendMessage"]


@pytest.mark.usefixtures("polling")
def test_a_recording_taken_away_a_moment_ago_is_not_missed(api: BotApi, store: Store) -> None:
    thiri = api.phone("my")
    thiri.start("F-GT7KM")
    thiri.wait_for(lambda m: m.button("language|my") is not None)
    with store.writing() as session:
        assert recordings.remove(session, "my", WELCOME)
    thiri.press("language|my")
    thiri.wait_for(lambda m: m.button("welcome|yes") is not None)
    assert [m.method for m in thiri.messages] == ["sendVoice", "sendMessage", "sendMessage"]


def test_what_is_said_again_later_is_heard_again(
    api: BotApi, store: Store, cast: Cast, clock: Clock, house: House
) -> None:
    record(store, clock.at, CHOOSE)
    thiri = api.phone("my")
    with Polling(api, store, clock, house):
        api.retry_after(60)
        thiri.start("F-GT7KM")
        api.wait_idle()
    clock.forward(seconds=61)
    assert deliver(api, store, clock, house) == 1
    assert [m.method for m in thiri.messages] == ["sendVoice", "sendVoice", "sendMessage"]


def test_what_the_bot_says_by_itself_is_heard_too(
    api: BotApi, store: Store, cast: Cast, clock: Clock, house: House
) -> None:
    htwe = api.phone("en", user_id=990001)
    htwe.known = True
    with store.writing() as session:
        session.get_one(Reporter, cast.htwe.id).language = "en"
    desk = Desk(store, cast)
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.REPLY, clock.at, "We asked the office.")
    deliver(api, store, clock, house)
    (news,) = htwe.messages
    record(store, clock.at, *map(key_of, news.text.splitlines()), language="en")
    desk.act(reference, Action.REPLY, clock.forward(minutes=1), "They will answer tomorrow.")
    deliver(api, store, clock, house)
    _, voice, *_, text = htwe.messages
    assert (voice.method, text.method) == ("sendVoice", "sendMessage")


# --- the web chat ---------------------------------------------------------------------------------


@pytest.fixture
def web(store: Store, cast: Cast, now: datetime, house: House) -> Flask:
    record(store, now, WELCOME_ON_THE_WEB)
    return build_chat(store, now, house)


def test_on_the_web_a_player_stands_above_the_text(web: Flask) -> None:
    phone = WebPhone(web)
    phone.start("my")
    address = f"/chat/voice/my/{WELCOME_ON_THE_WEB}"
    assert phone.html.count("<audio") == 1
    before, after = phone.html.split("<audio", 1)
    assert f'src="{address}"' in after
    assert 'preload="none"' in after
    assert "autoplay" not in phone.html
    assert phone.said[0].strip() not in before, "the player stands above"
    phone.press(catalog("bot", "my").gettext("Yes, go on"))
    assert phone.html.count("<audio") == 1, "what was said before can still be heard"


HEARD = """player => new Promise((heard, failed) => {
    player.ontimeupdate = () => { if (player.currentTime > 0) heard(player.duration); };
    player.onerror = () => failed(player.error.message);
    player.play().catch(failed);
})"""
"""Plays, and gives the length in seconds as soon as something is heard."""


@pytest.mark.browser
def test_a_browser_plays_it_under_the_pages_own_rules(
    browser: Chromium, store: Store, cast: Cast, now: datetime, house: House
) -> None:
    silence = (MP3[:4] + bytes(413)) * 80  # two seconds, frame by frame
    record(store, now, WELCOME_ON_THE_WEB, sound=silence)
    server: Any = create_server(build_chat(store, now, house), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    try:
        page.goto(f"http://127.0.0.1:{server.effective_port}/chat")
        with page.expect_navigation():
            page.locator('button[value="my"]').click()
        duration = page.locator("audio").evaluate(HEARD)
        assert 1.5 < duration < 2.5
    finally:
        page.close()
        server.close()
        thread.join(timeout=10)
    assert complaints == []


@pytest.mark.parametrize("address", ["my/%00", "%00/abc", "my/..%2fabc", "xx/abc"])
def test_an_address_that_names_no_sentence_leads_nowhere(
    any_store: Store, any_cast: Cast, now: datetime, house: House, address: str
) -> None:
    client = build_chat(any_store, now, house).test_client()
    assert client.get(f"/chat/voice/{address}").status_code == 404


def test_a_recording_is_served_to_any_player_and_kept_by_the_browser(web: Flask) -> None:
    client = web.test_client()
    address = f"/chat/voice/my/{WELCOME_ON_THE_WEB}"
    whole = client.get(address)
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/ogg", OGG)
    assert whole.headers["Cache-Control"] == "private, max-age=3600"
    assert "media-src 'self'" in whole.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in whole.headers
    part = client.get(address, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, OGG[4:8])
    known = client.get(address, headers={"If-None-Match": whole.headers["ETag"]})
    assert known.status_code == 304
    missing = client.get(f"/chat/voice/km/{WELCOME_ON_THE_WEB}")
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


def test_a_conversation_from_before_there_were_recordings_still_opens(
    store: Store, cast: Cast, now: datetime
) -> None:
    door = Door(store, now, Channel.WEB)
    door.each("a code", Started("F-GT7KM", "my"))
    reporter = reporter_of(store, "a code", Channel.WEB)
    with store.writing() as session:
        conversation = session.get_one(Conversation, reporter.id)
        place = ("conversation", "sealed", reporter.id)
        saved = json.loads(session.vault.open(*place, conversation.sealed))
        for entries in (saved["said"], saved["transcript"]):
            entries[:] = [entry[:2] for entry in entries]
            assert entries
        conversation.sealed = session.vault.seal(*place, json.dumps(saved).encode())
    talk = talk_of(store, "a code", Channel.WEB)
    assert talk.said[0].text == talk.transcript[0].text
    assert talk.said[0].voices == talk.transcript[0].voices == ()


# --- the staff site -------------------------------------------------------------------------------


@pytest.fixture
def boris(store: Store, cast: Cast, now: datetime) -> Browser:
    """A supervisor, signed in."""
    give_accounts(store, cast, now)
    browser = Browser(build(store, lambda: now))
    browser.sign_in("boris")
    return browser


def sent(data: bytes, name: str = "voice.ogg") -> dict[str, FileStorage]:
    return {"sound": FileStorage(io.BytesIO(data), name)}


def test_a_supervisor_adds_plays_replaces_and_deletes_a_recording(
    boris: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    page = f"/recordings/my?find={WELCOME}"
    boris.get(page)
    assert by_key()[WELCOME].said_in("my").split("\n")[0] in boris.text
    assert "Who reads it: [operator]." in boris.text
    answer = boris.post(f"/recordings/my/{WELCOME}?find={WELCOME}", sent(OGG))
    assert answer.headers["Location"] == f"/recordings/my?show=all&find={WELCOME}&page=1#{WELCOME}"
    boris.get(page)
    assert f'src="/recordings/my/{WELCOME}/sound' in boris.page
    assert "Boris" in boris.text
    played = boris.client.get(f"/recordings/my/{WELCOME}/sound")
    assert (played.mimetype, played.data) == ("audio/ogg", OGG)
    boris.post(f"/recordings/my/{WELCOME}", sent(MP3, "voice.mp3"))
    assert sounds(store) == {WELCOME: MP3}
    with store.reading() as session:
        found = recordings.find(session, "my", WELCOME)
    assert found
    assert (found.staff_id, found.added_at, found.size) == (cast.boris.id, now, len(MP3))
    boris.get(page)
    boris.post(f"/recordings/my/{WELCOME}/delete", follow_redirects=True)
    assert "deleted" in boris.text
    assert sounds(store) == {}
    assert boris.post(f"/recordings/my/{WELCOME}/delete").status_code == 404


def test_a_file_that_is_no_recording_is_refused_beside_its_sentence(
    boris: Browser, store: Store
) -> None:
    boris.get("/recordings/my")
    for form, says in ((sent(WAV, "voice.wav"), "OGG (Opus), MP3 or M4A"), ({}, "Choose a file")):
        answer = boris.post(f"/recordings/my/{CHOOSE}?find={CHOOSE}", form)
        assert answer.status_code == 422
        assert says in boris.text
        assert f'id="wrong-{CHOOSE}"' in boris.page
    assert sounds(store) == {}


@pytest.mark.parametrize("path", ["my/0123456789ab", "xx/" + CHOOSE])
def test_only_sentences_and_languages_of_the_bot_can_be_recorded(boris: Browser, path: str) -> None:
    boris.get("/recordings/my")
    assert boris.post(f"/recordings/{path}", sent(OGG)).status_code == 404
    assert boris.get("/recordings/xx").status_code == 404


def test_the_list_counts_and_shows_what_is_missing_or_recorded(
    boris: Browser, store: Store, now: datetime
) -> None:
    record(store, now, CHOOSE, WELCOME)
    sentences = sum(not one.is_label for one in spoken())
    boris.get("/recordings")
    assert f"မြန်မာ Burmese 2 of {sentences}" in boris.text
    assert f"ភាសាខ្មែរ Khmer 0 of {sentences}" in boris.text
    boris.get("/recordings/my")
    assert f"2 of {sentences} sentences recorded" in boris.text
    boris.get("/recordings/my?show=recorded")
    assert boris.page.count("<audio") == boris.page.count('type="file"') == 2
    boris.get(f"/recordings/my?show=missing&find={CHOOSE}")
    assert "No sentence found" in boris.text
    boris.get("/recordings/my?find=choose+your+language")
    assert f'id="{CHOOSE}"' in boris.page
    boris.get("/recordings/km?show=recorded")
    assert "Nothing is recorded yet" in boris.text


def test_every_sentence_stands_on_one_of_the_pages(boris: Browser) -> None:
    found, number = 0, 1
    while True:
        boris.get(f"/recordings/my?page={number}")
        found += boris.page.count('type="file"')
        if 'rel="next"' not in boris.page:
            break
        number += 1
    assert found == len(spoken())
    boris.get("/recordings/my?page=999")
    assert f"Page {number} of {number}" in boris.text


def test_recordings_of_sentences_that_changed_are_told_and_can_be_cleared(
    boris: Browser, store: Store, now: datetime
) -> None:
    record(store, now, CHOOSE, "0123456789ab")
    boris.get("/recordings/my")
    assert "1 recording is of a sentence that has changed since" in boris.text
    boris.post("/recordings/my/outdated", follow_redirects=True)
    assert "has changed since" not in boris.text
    assert sounds(store) == {CHOOSE: OGG}


def test_a_sentence_that_was_reworded_asks_to_be_listened_to_again(
    boris: Browser, store: Store, now: datetime
) -> None:
    record(store, now, CHOOSE)
    boris.get(f"/recordings/my?find={CHOOSE}")
    assert "changed after it was recorded" not in boris.text
    with store.writing() as session:
        recording = recordings.find(session, "my", CHOOSE)
        assert recording
        recording.wording = key_of("The words of last year.")
    boris.get(f"/recordings/my?find={CHOOSE}")
    assert "The sentence was changed after it was recorded" in boris.text


@pytest.mark.parametrize("name", ["asha", "brigitte"])
def test_who_does_not_run_the_mechanism_records_nothing(
    boris: Browser, store: Store, name: str
) -> None:
    boris.client.delete_cookie("recourse")
    boris.sign_in(name)
    boris.get("/account")
    assert boris.post(f"/recordings/my/{CHOOSE}", sent(OGG)).status_code == 403
    assert boris.get("/recordings").status_code == 403
    assert sounds(store) == {}


# --- the command line -----------------------------------------------------------------------------


@pytest.fixture
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """An installation that the commands of a test use, and an empty folder for sounds."""
    for name in [name for name in os.environ if name.startswith("RECOURSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(tmp_path / "var"))
    assert cli.main(["db", "upgrade"]) == 0
    capsys.readouterr()
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    return sounds


def listed(capsys: pytest.CaptureFixture[str], language: str = "my") -> dict[str, dict[str, str]]:
    assert cli.main(["recordings", "list", "--language", language]) == 0
    return {row["key"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}


def test_the_script_tells_what_to_record_and_the_folder_is_read_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = listed(capsys)
    assert len(script) == len(spoken())
    assert script[CHOOSE] == {
        "key": CHOOSE,
        "english": "Choose your language.",
        "sentence": catalog("bot", "my").gettext("Choose your language."),
        "recorded": "no",
    }
    (folder / f"{CHOOSE}.ogg").write_bytes(OGG)
    (folder / f"{WELCOME.upper()}.MP3").write_bytes(MP3)
    (folder / "script.csv").write_text("key,english\n")
    (folder / ".DS_Store").write_bytes(b"\0")
    assert cli.main(["recordings", "import", str(folder), "--language", "my"]) == 0
    assert capsys.readouterr().out == "Recordings imported: 2.\n"
    assert [key for key, row in listed(capsys).items() if row["recorded"] == "yes"] == [
        key for key in script if key in (CHOOSE, WELCOME)
    ]
    assert {row["recorded"] for row in listed(capsys, "km").values()} == {"no"}
    assert cli.main(["recordings", "list", "--language", "my", "--format", "json"]) == 0
    as_json = {row["key"]: row["recorded"] for row in json.loads(capsys.readouterr().out)}
    assert as_json[CHOOSE] is True
    assert list(as_json) == list(script)


def test_an_import_keeps_what_is_right_and_names_what_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / f"{CHOOSE}.ogg").write_bytes(OGG)
    (folder / f"{WELCOME}.wav").write_bytes(WAV)
    (folder / f"{WELCOME_ON_THE_WEB}.ogg").write_bytes(OGG)
    (folder / f"{WELCOME_ON_THE_WEB}.mp3").write_bytes(MP3)
    (folder / "welcome.ogg").write_bytes(OGG)
    (folder / "more").mkdir()
    assert cli.main(["recordings", "import", str(folder), "--language", "my"]) == 1
    told = capsys.readouterr()
    assert told.err == "recourse: Files that were not imported: 5. They are named above.\n"
    lines = told.out.splitlines()
    assert lines[-1] == "Recordings imported: 1."
    assert sorted(line.split(":")[0] for line in lines[:-1]) == sorted(
        [
            "more",
            "welcome.ogg",
            f"{WELCOME}.wav",
            f"{WELCOME_ON_THE_WEB}.mp3",
            f"{WELCOME_ON_THE_WEB}.ogg",
        ]
    )
    assert [key for key, row in listed(capsys).items() if row["recorded"] == "yes"] == [CHOOSE]


def test_a_language_or_folder_that_is_not_there_is_one_clear_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["recordings", "list", "--language", "xx"]) == 1
    assert "'xx'" in capsys.readouterr().err
    assert cli.main(["recordings", "import", "nowhere", "--language", "my"]) == 1
    assert "nowhere can't be read" in capsys.readouterr().err

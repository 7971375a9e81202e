"""The main job, whole: a phone, a real Bot API over HTTP, the real program, a handler's browser."""

import io
import math
import os
import re
import signal
import struct
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.botapi import BotApi, Phone
from tests.installation import FACTORY, HANDLER, PASSWORD, Installation, install
from tests.opening import open_news
from tests.running import PATIENCE, READY, Running
from tests.staffweb import StaffWeb

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

REFERENCE = re.compile(r"RC-[0-9A-Z]{4}-[0-9A-Z]{4}")
STORY = "ကျွန်မတို့ကို နှစ်လ လစာ မပေးသေးဘူး။"
REPLY = "သင့်စာကို ဖတ်ပြီးပါပြီ။ စက်ရုံကို ဆက်သွယ်နေပါတယ်။"
QUESTION = "ဘယ်လက လစာ မရတာလဲ။"
ANSWER = "စက်တင်ဘာနဲ့ အောက်တိုဘာ လစာပါ။"
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
_NAMES = {"Telegram", "Recourse", "Golden", "Thread", "Garments", "Phnom", "Penh", "English"}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    installation = install(tmp_path)
    yield installation
    installation.store.engine.dispose()


@pytest.fixture(params=["polling", "webhook"])
def running(request: pytest.FixtureRequest, here: Installation) -> Iterator[tuple[BotApi, Running]]:
    """The program with its Bot API server, by long polling and by webhook."""
    with BotApi() as api:
        settings = {
            "RECOURSE_TELEGRAM_TOKEN": api.token,
            "RECOURSE_TELEGRAM_API_URL": api.url,
        }
        if request.param == "webhook":
            port = _free_port()
            settings["RECOURSE_LISTEN"] = f"127.0.0.1:{port}"
            settings["RECOURSE_WEBHOOK_URL"] = f"http://127.0.0.1:{port}/telegram"
        with Running(here.folder, **settings) as program:
            yield api, program


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _file_in_burmese(phone: Phone) -> str:
    """The shortest path; the case's reference."""
    phone.start(f"F-{FACTORY}")
    phone.press("language|my")
    phone.press("welcome|yes")
    phone.press("who|worker")
    phone.press("category|WAG")
    phone.press("danger|no")
    phone.wait_for(lambda m: "story|" in str(m.rows))
    phone.send(STORY)
    phone.press("story|send")
    found = REFERENCE.search(phone.wait_for(lambda m: bool(REFERENCE.search(m.text))).text)
    assert found
    return found.group()


def test_a_complaint_in_burmese_is_answered_in_burmese_and_her_answer_reaches_the_case_page(
    running: tuple[BotApi, Running],
) -> None:
    api, program = running
    thiri = api.phone(language="my", first_name="Thiri", username="thiri_secret_name")
    reference = _file_in_burmese(thiri)
    assert len(thiri.sent) + len(api.called("answerCallbackQuery")) <= 8, (
        "More than eight messages."
    )

    with StaffWeb(program.address) as asha:
        asha.sign_in(HANDLER, PASSWORD)
        case = asha.page(f"/cases/{reference}")
        assert STORY in case
        assert "Golden Thread" in case
        assert "Thiri" not in case
        assert "thiri_secret_name" not in case
        assert str(thiri.id) not in case

        asha.step(reference, "acknowledge")
        assert reference in open_news(thiri, reference).text
        asha.step(reference, "reply", REPLY)
        assert REPLY in open_news(thiri, reference).text
        asha.step(reference, "ask", QUESTION)
        question = open_news(thiri, reference)
        assert QUESTION in question.text

        thiri.press(f"answer:{reference}", message=question)
        thiri.answer()
        thiri.send(ANSWER)
        thiri.answer()
        api.wait_idle()
        assert ANSWER in asha.page(f"/cases/{reference}")

    for message in thiri.messages[1:]:  # the first asks for the language, in English too
        text = REFERENCE.sub("", message.text)
        assert not set(_LATIN_WORD.findall(text)) - _NAMES, message.text


def test_voice_and_photo_reach_the_case_page_cleaned_and_whole(
    running: tuple[BotApi, Running], here: Installation
) -> None:
    api, program = running
    thiri = api.phone(language="my")
    thiri.start(f"F-{FACTORY}")
    for button in ("language|my", "welcome|yes", "who|worker", "category|OHS", "danger|no"):
        thiri.press(button)
    thiri.wait_for(lambda m: "story|" in str(m.rows))
    thiri.photo(_photo_with_location())
    thiri.wait_for(lambda m: m.button("story|send") is not None)
    thiri.audio(_tone(), "story.wav", "audio/wav")
    thiri.press("story|send")
    thiri.wait_for(lambda m: bool(REFERENCE.search(m.text)))
    reference = REFERENCE.search(thiri.last.text)
    assert reference
    api.wait_until(lambda: len([c for c in api.calls if c.method == "file"]) >= 2, 30)
    with StaffWeb(program.address) as asha:
        asha.sign_in(HANDLER, PASSWORD)
        _wait_until_stored(here)
        links = sorted(
            set(re.findall(r"/attachments/\d+", asha.page(f"/cases/{reference.group()}")))
        )
        files = [asha.get(link) for link in links]
    kinds = {f.headers["content-type"].partition(";")[0]: f.content for f in files}
    assert set(kinds) == {"image/jpeg", "audio/x-wav"} or set(kinds) == {"image/jpeg", "audio/wav"}
    assert not Image.open(io.BytesIO(kinds["image/jpeg"])).getexif().get_ifd(0x8825)


def test_an_edited_message_is_kept_beside_the_first_wording(
    running: tuple[BotApi, Running],
) -> None:
    api, program = running
    thiri = api.phone(language="my")
    reference = _file_in_burmese(thiri)
    story = next(m for m in thiri.sent if m.text == STORY)
    thiri.edit(story, STORY + " သုံးလပါ။")
    thiri.answer()
    api.wait_idle()
    with StaffWeb(program.address) as asha:
        asha.sign_in(HANDLER, PASSWORD)
        case = asha.page(f"/cases/{reference}")
    assert STORY in case
    assert STORY + " သုံးလပါ။" in case


def test_who_blocks_the_bot_is_shown_as_unreachable_and_misses_nothing(
    running: tuple[BotApi, Running],
) -> None:
    api, program = running
    thiri = api.phone(language="my")
    reference = _file_in_burmese(thiri)
    api.wait_idle()
    thiri.block()
    api.wait_idle()
    with StaffWeb(program.address) as asha:
        asha.sign_in(HANDLER, PASSWORD)
        asha.step(reference, "acknowledge")
        assert "can’t be reached just now" in asha.page(f"/cases/{reference}")
        asha.step(reference, "reply", REPLY)
        thiri.unblock()
        thiri.send("/start")
        thiri.wait_for(lambda m: m.button(f"read:{reference}") is not None, 30)
        thiri.press(f"read:{reference}")
        thiri.wait_for(REPLY)
        assert "can’t be reached just now" not in asha.page(f"/cases/{reference}")


def test_a_group_and_a_channel_are_politely_refused(running: tuple[BotApi, Running]) -> None:
    api, _ = running
    thiri = api.phone(language="my")
    group = api.group()
    group.add_bot(by=thiri)
    api.wait_until(lambda: not group.has_bot, 20)
    assert len(group.messages) == 1
    channel = api.channel()
    channel.add_bot(by=thiri)
    api.wait_until(lambda: not channel.has_bot, 20)


def _wait_until_stored(here: Installation) -> None:
    """The fetching job runs by itself every two seconds; look until both files are sealed."""
    import threading

    from sqlmodel import select

    from casework.models import Attachment
    from casework.vocabulary import FileState

    pause = threading.Event()
    for _ in range(300):
        with here.store.reading() as session:
            states = set(session.exec(select(Attachment.state)))
        if states == {FileState.STORED}:
            return
        pause.wait(0.1)
    raise AssertionError(f"The files were not fetched: {states}")


def _photo_with_location() -> bytes:
    picture, target = Image.new("RGB", (64, 48), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(target, "JPEG", exif=exif)
    return target.getvalue()


def _tone() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        samples = (int(9000 * math.sin(n / 6)) for n in range(4000))
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return target.getvalue()


def test_with_telegram_away_the_pages_are_served_and_the_webhook_is_set_later(
    here: Installation,
) -> None:
    api, port = BotApi(), _free_port()
    api.start()
    api.stop()
    settings = {
        "RECOURSE_TELEGRAM_TOKEN": api.token,
        "RECOURSE_TELEGRAM_API_URL": api.url,
        "RECOURSE_LISTEN": f"127.0.0.1:{port}",
        "RECOURSE_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
    }
    with Running(here.folder, **settings) as program, StaffWeb(program.address) as asha:
        asha.sign_in(HANDLER, PASSWORD)
        with api:
            thiri = api.phone(language="my")
            api.wait_until(lambda: bool(api.called("setWebhook")), 40)
            assert REFERENCE.fullmatch(_file_in_burmese(thiri))


def test_started_from_a_shell_it_says_where_it_is_and_ends_when_it_is_asked_to(
    tmp_path: Path,
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECOURSE_")}
    with subprocess.Popen(
        [sys.executable, "-m", "recourse", "start"],
        env={**kept, "RECOURSE_DATA_DIR": str(tmp_path), "RECOURSE_LISTEN": "127.0.0.1:0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as program:
        assert program.stdout is not None
        ready = next((line for line in program.stdout if line.startswith(READY)), "")
        program.send_signal(signal.SIGTERM)
        program.stdout.read()
        assert program.wait(PATIENCE) == 0
    assert "http://127.0.0.1:" in ready

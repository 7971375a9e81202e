"""What people really do in Telegram, over HTTP: each is answered in her language, and nothing of it
is lost."""

import io
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from sqlmodel import col, select

from bot.dialogue import CANNOT_USE, OLD_BUTTON, STEPS, TOO_BIG
from bot.forgetting import forget_drafts
from bot.rendering import render
from bot.turns import Msg, Say
from casework.models import Attachment, Case
from casework.vocabulary import FileState, MediaKind, MessageKind, Relation
from tests.botapi import BotApi, Message, Phone
from tests.door import cases_of, count, told
from tests.installation import FACTORY, Installation, install
from tests.running import Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

REFERENCE = re.compile(r"RC-[0-9A-Z]{4}-[0-9A-Z]{4}")
STORY = "ہمیں دو مہینے سے تنخواہ نہیں ملی۔"
OGG = b"OggS\0\x02" + bytes(22) + b"OpusHead\x01\x01" + bytes(200)
PRESS = Msg("Please press one of the buttons below.")
KEPT = Msg("I kept what you sent. Now please answer this question:")
ADDED = Msg("I added it to your case.")


@dataclass
class Life:
    """A running installation and the Telegram around it."""

    api: BotApi
    program: Running
    here: Installation

    def phone(self, tag: str = "ur") -> "Worker":
        return Worker(self, self.api.phone(language=tag), tag)


@dataclass
class Worker:
    """Somebody new, with a phone, who reads one language."""

    life: Life
    phone: Phone
    tag: str

    def words(self, said: Msg, **params: str | int) -> str:
        """A sentence of the bot as she reads it."""
        filled = Msg(said.msgid, {**said.params, **params}, said.plural)
        return render(Say(filled), self.tag, "Recourse").text

    def go_to_story(self) -> None:
        self.phone.start(f"F-{FACTORY}")
        self.go_on("welcome|yes", "who|worker", "category|WAG", "danger|no")

    def go_on(self, *buttons: str) -> None:
        """From the choice of the language on, or from where she is."""
        if not self.phone.messages or "language|" in str(self.phone.last.rows):
            self.phone.press(f"language|{self.tag}")
        for button in buttons:
            self.phone.press(button)
        self.phone.answer()

    def gets(self, said: Msg | str, **params: str | int) -> Message:
        """Wait until she has read this."""
        return self.phone.wait_for(
            said if isinstance(said, str) else self.words(said, **params).strip()
        )

    def send_it(self) -> Case:
        """File it; nothing of the story may be missing afterwards."""
        self.phone.press("story|send")
        self.phone.wait_for(lambda m: bool(REFERENCE.search(m.text)))
        return self.case()

    def case(self) -> Case:
        self.life.api.wait_idle()
        return cases_of(self.life.here.store, str(self.phone.id))[-1]

    def in_case(self) -> list[str]:
        """The words of her case, in order."""
        return [words for _, words in told(self.life.here.store, self.case())]

    def files(self) -> list[Attachment]:
        """The files of her case, once they are fetched, in order."""
        found: list[Attachment] = []
        pause = threading.Event()
        for _ in range(300):
            with self.life.here.store.reading() as session:
                statement = select(Attachment).where(Attachment.case_id == self.case().id)
                found = list(session.exec(statement.order_by(col(Attachment.id))))
            if all(one.state is FileState.STORED for one in found):
                return found
            pause.wait(0.1)
        raise AssertionError(f"Not fetched: {[one.state for one in found]}")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    here = install(tmp_path_factory.mktemp("life"))
    with BotApi() as api:
        settings = {"RECOURSE_TELEGRAM_TOKEN": api.token, "RECOURSE_TELEGRAM_API_URL": api.url}
        with Running(here.folder, **settings) as program:
            yield Life(api, program, here)
    here.store.engine.dispose()


@pytest.fixture
def thiri(life: Life) -> Worker:
    """A worker who reads Urdu, at the question for her story."""
    worker = life.phone()
    worker.go_to_story()
    return worker


# --- files ----------------------------------------------------------------------------------


def test_an_album_with_one_caption_is_kept_whole(thiri: Worker) -> None:
    for n in range(4):
        thiri.phone.photo(_picture(n), STORY if n == 0 else "", album="77")
    thiri.phone.wait_for(lambda m: m.text.startswith(thiri.words(_kept(4))))
    thiri.send_it()
    assert thiri.in_case() == [STORY, "", "", ""]
    assert [one.kind for one in thiri.files()] == [MediaKind.PHOTO] * 4


def test_a_caption_is_kept_with_its_picture(thiri: Worker) -> None:
    thiri.phone.photo(_picture(), STORY)
    thiri.gets(_kept(1))
    thiri.send_it()
    assert thiri.in_case() == [STORY]
    assert len(thiri.files()) == 1


def test_a_file_over_twenty_megabytes_is_refused_kindly_and_its_caption_kept(
    thiri: Worker,
) -> None:
    thiri.phone.video(caption=STORY, size=21 << 20)
    answer = thiri.gets(Msg(TOO_BIG), limit=20)
    assert thiri.words(_kept(1)) in answer.text
    thiri.phone.document(size=2 << 30)
    thiri.gets(Msg(TOO_BIG), limit=20)
    thiri.send_it()
    assert thiri.in_case() == [STORY]
    assert thiri.files() == []


def test_a_caption_of_a_file_too_big_for_her_case_is_added_to_it(thiri: Worker) -> None:
    thiri.phone.send(STORY)
    thiri.send_it()
    thiri.phone.press("add:")
    thiri.phone.answer()
    thiri.phone.document(caption="یہ دیکھیں۔", size=30 << 20)
    thiri.gets(ADDED)
    assert any(thiri.words(Msg(TOO_BIG), limit=20).strip() in m.text for m in thiri.phone.messages)
    assert thiri.in_case() == [STORY, "یہ دیکھیں۔"]


def test_a_voice_note_as_the_very_first_message_opens_the_story(life: Life) -> None:
    worker = life.phone()
    worker.phone.voice(OGG)
    answer = worker.gets(KEPT)
    assert answer.button("language|ur")
    worker.phone.start(f"F-{FACTORY}")
    worker.go_on("welcome|yes", "who|worker", "category|WAG", "danger|no")
    worker.send_it()
    assert worker.in_case() == [""]
    assert [one.kind for one in worker.files()] == [MediaKind.VOICE]


# --- what no question can use -----------------------------------------------------------------

UNUSABLE: dict[str, Callable[[Phone], object]] = {
    "sticker": Phone.sticker,
    "location": Phone.location,
    "contact": Phone.contact,
    "poll": Phone.poll,
    "dice": lambda phone: phone.write(dice={"emoji": "🎲", "value": 6}),
    "game": lambda phone: phone.write(game={"title": "Chess", "description": "", "photo": []}),
    "story": lambda phone: phone.write(story={"chat": phone.about, "id": 3}),
    "paid media": lambda phone: phone.write(paid_media={"star_count": 1, "paid_media": []}),
    "checklist": lambda phone: phone.write(checklist={"title": "To do", "tasks": []}),
    "giveaway": lambda phone: phone.write(giveaway={"chats": [], "winner_count": 1}),
    "unknown command": lambda phone: phone.send("/nonsense"),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_what_no_question_can_use_is_answered_and_the_story_goes_on(
    thiri: Worker, what: str
) -> None:
    thiri.phone.send(STORY)
    thiri.gets(_kept(1))
    UNUSABLE[what](thiri.phone)
    answer = thiri.gets(CANNOT_USE)
    assert answer.button("story|send")
    thiri.send_it()
    assert thiri.in_case() == [STORY]


def test_the_words_below_something_unusable_are_kept(thiri: Worker) -> None:
    thiri.phone.write(paid_media={"star_count": 1, "paid_media": []}, caption=STORY)
    thiri.gets(_kept(1))
    thiri.send_it()
    assert thiri.in_case() == [STORY]


def test_a_forwarded_message_is_part_of_the_story_without_who_wrote_it(thiri: Worker) -> None:
    boss = {"id": 77, "is_bot": False, "first_name": "Boss-Ibex"}
    thiri.phone.write(
        text=STORY, forward_origin={"type": "user", "sender_user": boss, "date": 1_700_000_000}
    )
    thiri.gets(_kept(1))
    thiri.phone.write(
        photo=thiri.phone.photo(_picture()).json["photo"],
        caption="نوٹس",
        forward_origin={"type": "hidden_user", "sender_user_name": "Boss-Ibex", "date": 1},
    )
    thiri.gets(_kept(3))
    thiri.send_it()
    assert thiri.in_case() == [STORY, "", "نوٹس"]
    assert len(thiri.files()) == 2


# --- commands ---------------------------------------------------------------------------------


def test_a_command_inside_a_story_does_what_it_says_and_keeps_the_story(thiri: Worker) -> None:
    thiri.phone.send(STORY)
    thiri.gets(_kept(1))
    thiri.phone.send("/help")
    assert thiri.gets(STEPS["story"].help).button("story|send")
    thiri.phone.send("/start")
    thiri.phone.press("resume|go")
    thiri.gets(_kept(1))
    thiri.send_it()
    assert thiri.in_case() == [STORY]


@pytest.mark.parametrize(
    "text",
    [
        "/تنخواہ نہیں ملی",
        "/ہمیں",
        "/help they locked the door",
        "/start they do not pay us",
        "/ 25 people",
        "/help\nthey locked the door",
        "our boss said /stop",
    ],
)
def test_words_that_only_look_like_a_command_are_part_of_the_story(
    thiri: Worker, text: str
) -> None:
    thiri.phone.send(text)
    thiri.gets(_kept(1))
    thiri.send_it()
    assert thiri.in_case() == [text]


# --- words ------------------------------------------------------------------------------------


def test_the_longest_text_and_several_in_a_row_are_kept_to_the_last_letter(thiri: Worker) -> None:
    texts = [letter * 4095 + "۔" for letter in "ابپ"] + ["😡" * 2048]
    for text in texts:
        thiri.phone.send(text)
    thiri.gets(_kept(4))
    # The read-back has to fit into one message, too.
    thiri.go_on("story|all", "kind|skip", "since|skip", "people|skip", "contact|skip")
    thiri.phone.press("review|file")
    thiri.phone.wait_for(lambda m: bool(REFERENCE.search(m.text)))
    assert thiri.in_case() == texts


EXACTLY = {
    "Arabic": ("ar", "لم نستلم أجورنا منذ شهرين، والمشرف اسمه (Ali) يصرخ علينا: ١٢٣!"),
    "Urdu": ("ur", "سپروائزر نے کہا: \u2067«کل مت آنا»\u2069 \u200f(Line 4)\u200f۔"),
    "joined Sinhala": ("si", "ක්\u200dරියාව ශ්\u200dරී ලංකාව"),
    "joined Hindi": ("hi", "क्\u200dष और क्\u200cष अलग हैं"),
    "joined Bengali": ("bn", "র\u200d্যাব আমাদের মেরেছে"),
    "not joined Urdu": ("ur", "می\u200cخواهم به خانه بروم\u200c"),
    "emoji of several": ("my", "👩🏽\u200d🏭👨\u200d👩\u200d👧\u200d👦 မြန်မာ\u200bစာ"),
}


@pytest.mark.parametrize("script", EXACTLY)
def test_right_to_left_and_zero_width_joiners_are_kept_exactly(life: Life, script: str) -> None:
    tag, text = EXACTLY[script]
    worker = life.phone(tag)
    worker.go_to_story()
    worker.phone.send(text)
    worker.gets(_kept(1))
    worker.send_it()
    assert worker.in_case() == [text]


def test_emoji_alone_are_a_story_and_no_answer_to_a_question(life: Life) -> None:
    worker = life.phone()
    worker.phone.start(f"F-{FACTORY}")
    worker.go_on("welcome|yes", "who|worker")
    worker.phone.send("😭")
    assert worker.gets(PRESS).button("category|WAG")
    worker.go_on("category|WAG", "danger|no")
    worker.phone.send("😡👊🏽")
    worker.gets(_kept(1))
    worker.send_it()
    assert worker.in_case() == ["😡👊🏽"]


# --- edited, deleted --------------------------------------------------------------------------


def test_a_message_edited_before_and_after_filing_is_kept_in_every_wording(thiri: Worker) -> None:
    first = thiri.phone.send(STORY)
    thiri.gets(_kept(1))
    thiri.phone.edit(first, STORY + " دو")
    thiri.gets(_kept(2))
    thiri.send_it()
    thiri.phone.edit(first, STORY + " تین")
    thiri.gets(ADDED)
    assert told(thiri.life.here.store, thiri.case()) == [
        (MessageKind.STORY, STORY),
        (MessageKind.STORY, STORY + " دو"),
        (MessageKind.AMENDMENT, STORY + " تین"),
    ]


def test_a_caption_edited_after_filing_is_kept_in_both_wordings(thiri: Worker) -> None:
    photo = thiri.phone.photo(_picture(), STORY)
    thiri.gets(_kept(1))
    thiri.send_it()
    thiri.phone.edit(photo, STORY + " دو")
    thiri.gets(ADDED)
    assert thiri.in_case() == [STORY, STORY + " دو"]


def test_a_message_she_deletes_stays_because_telegram_tells_the_bot_nothing(thiri: Worker) -> None:
    story = thiri.phone.send(STORY)
    thiri.gets(_kept(1))
    thiri.life.api.wait_idle()
    with thiri.life.api.lock:
        story.deleted = True
    assert thiri.life.api.updates_pending == 0
    thiri.send_it()
    assert thiri.in_case() == [STORY]


# --- out of order -----------------------------------------------------------------------------


def test_what_is_sent_while_the_bot_is_down_is_taken_in_order_when_it_is_back(
    thiri: Worker,
) -> None:
    life = thiri.life
    life.api.wait_idle()
    life.program.stop()
    try:
        texts = [f"{STORY} {n}" for n in range(12)]
        for text in texts[:6]:
            thiri.phone.send(text)
        thiri.phone.photo(_picture())
        for text in texts[6:]:
            thiri.phone.send(text)
        last = thiri.phone.sent[-1]
        thiri.phone.edit(last, texts[-1] + "!")
    finally:
        life.program.start()
    thiri.phone.wait_for(lambda m: m.text.startswith(thiri.words(_kept(14))), since=0)
    thiri.send_it()
    assert thiri.in_case() == [*texts[:6], "", *texts[6:], texts[-1] + "!"]


def test_a_whole_complaint_pressed_and_written_into_the_dark_is_filed_once(life: Life) -> None:
    worker = life.phone()
    worker.go_to_story()
    worker.phone.send(STORY)
    send = worker.gets(_kept(1))
    life.api.wait_idle()
    life.program.stop()
    try:
        worker.phone.send(STORY + " 2")
        worker.phone.press("story|send", message=send)
        worker.phone.press("story|send", message=send)
    finally:
        life.program.start()
    worker.phone.wait_for(lambda m: bool(REFERENCE.search(m.text)))
    worker.phone.wait_until(lambda: not worker.phone.spinning)
    assert worker.in_case() == [STORY, STORY + " 2"]
    assert len(cases_of(life.here.store, str(worker.phone.id))) == 1


def test_on_two_devices_the_second_press_of_one_question_is_an_old_button(life: Life) -> None:
    worker = life.phone()
    worker.phone.start(f"F-{FACTORY}")
    worker.go_on("welcome|yes")
    question = worker.phone.wait_for(lambda m: m.button("who|worker") is not None)
    worker.phone.press("who|worker", message=question)
    worker.phone.press("who|helper", message=question)
    assert worker.gets(OLD_BUTTON).button("category|WAG")
    worker.go_on("category|WAG", "danger|no")
    worker.phone.send(STORY)
    worker.gets(_kept(1))
    assert worker.send_it().relation is Relation.WORKER
    assert worker.in_case() == [STORY]


def test_buttons_of_an_old_message_pressed_weeks_later_lead_on_from_where_she_is(
    thiri: Worker,
) -> None:
    life, phone = thiri.life, thiri.phone
    phone.send(STORY)
    question, old = phone.find("danger|no"), thiri.gets(_kept(1))
    case = thiri.send_it()
    filed = phone.find("add:")
    phone.press(".reach")
    phone.answer()
    life.api.wait_idle()
    forget_drafts(life.here.store, datetime.now(UTC) + timedelta(weeks=3))
    for message, button in ((question, "danger|no"), (old, "story|send")):
        _press_long_after(thiri, message, button)
        assert thiri.gets(OLD_BUTTON).rows
    # Who is in danger is told who helps, by a button however old.
    _press_long_after(thiri, question, "danger|now")
    assert thiri.gets("117").rows
    phone.wait_until(lambda: not phone.spinning)
    assert len(cases_of(life.here.store, str(phone.id))) == 1
    # A button that names its case works for ever.
    _press_long_after(thiri, filed, f"add:{case.reference}")
    thiri.gets(case.reference)
    phone.send("اور بھی۔")
    thiri.gets(ADDED)
    assert thiri.in_case() == [STORY, "اور بھی۔"]


def test_a_button_under_a_forgotten_complaint_asks_from_the_beginning(thiri: Worker) -> None:
    store = thiri.life.here.store
    thiri.phone.send(STORY)
    old = thiri.gets(_kept(1))
    thiri.life.api.wait_idle()
    before = count(store, Case)
    assert forget_drafts(store, datetime.now(UTC) + timedelta(weeks=3)) >= 1
    _press_long_after(thiri, old, "story|send")
    answer = thiri.gets(OLD_BUTTON)
    assert answer.button("language|ur")
    assert count(store, Case) == before


# --- helpers ----------------------------------------------------------------------------------


def _kept(count: int) -> Msg:
    plural = "I have kept what you sent: %(n)s messages."
    return Msg("I have kept what you sent: %(n)s message.", {"n": count}, plural)


def _press_long_after(worker: Worker, message: Message, button: str) -> None:
    """Telegram no longer shows the bot a message that old: only its number, and the date 0."""
    phone, api = worker.phone, worker.life.api
    found = message.button(button, past=True)
    data = found.data if found else button
    with api.lock:
        query = api.new_query(phone)
        phone._turning.add(query)
        gone = {"chat": phone.about, "message_id": message.id, "date": 0}
        about = {"from": phone.user, "message": gone, "chat_instance": "1"}
        phone._update("callback_query", {"id": query, "data": data, **about})


def _picture(shade: int = 0) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (32, 24), (shade * 40, 90, 120)).save(target, "JPEG")
    return target.getvalue()

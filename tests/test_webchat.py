"""The web chat: a complaint without Telegram, and what must not be left on a shared phone."""

import asyncio
import io
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import func, select

from bot import webtyped
from bot.delivery import Delivery
from bot.doors import House
from bot.forgetting import forget_drafts
from bot.rendering import Rendered
from bot.unasked import append_unasked
from bot.webchat import webchat_blueprint
from bot.webpage import page
from casework import cases
from casework.db import Store
from casework.messaging import messages, outbox
from casework.models import Attachment, Case, Reporter, SeenUpdate
from casework.references import ALPHABET, new_return_code, parse_return_code
from casework.vocabulary import Category, Channel, Direction, MediaKind, Notice
from tests.conftest import Cast
from tests.webhelp import Browser, give_accounts, settings
from tests.webphone import CHAT, WebPhone
from webadmin.app import create_app

HOUSE = House("Fair Work Network")
WORDS = "They have not paid us zebrafish for two months"


def build(store: Store, now: datetime, house: House = HOUSE, **more: str) -> Flask:
    chat = webchat_blueprint(store, house, lambda: now)
    return create_app(
        store, settings(**more), now=lambda: now, secret_key=b"k" * 32, open_blueprints=[chat]
    )


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    return build(store, now)


@pytest.fixture
def phone(app: Flask) -> WebPhone:
    return WebPhone(app)


def tell(phone: WebPhone) -> None:
    """From the poster to the story, on the shortest path."""
    phone.start("en", poster="F-GT7KM")
    phone.press("Yes, go on")
    phone.press("I work in the factory")
    phone.press("Pay")
    phone.press("No")
    phone.say(WORDS)


def file(phone: WebPhone) -> str:
    """A complaint on the shortest path; its reference."""
    tell(phone)
    phone.press("Send it now")
    found = re.search(r"RC-\w{4}-\w{4}", phone.said[-1])
    assert found, phone.said[-1]
    return found[0]


def count(store: Store, table: type) -> int:
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def case_of(store: Store, reference: str) -> Case:
    with store.reading() as session:
        found = cases.by_reference(session, reference)
    assert found
    return found


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


A_VOICE = b"OggS\0\x02" + bytes(22) + b"OpusHead" + bytes(64)


# --- filing ---------------------------------------------------------------------------------------


def test_a_complaint_is_filed_from_a_poster_in_eight_answers_at_most(
    phone: WebPhone, store: Store, cast: Cast
) -> None:
    reference = file(phone)
    case = case_of(store, reference)
    assert case.factory_id == cast.golden_thread.id
    with store.reading() as session:
        reporter = session.get_one(Reporter, case.reporter_id)
        told = [messages.words(session, one) for one in messages.of_case(session, case.id)]
    assert reporter.channel is Channel.WEB
    assert any(WORDS in words for words in told)
    assert "Fair Work Network" in phone.said[-1]
    # Beginning is her first answer, sending the last.
    answers = [text for text in phone.said if text in ("👍 Yes, go on", WORDS)]
    assert len(answers) == 2
    assert phone.html.count('class="me"') + 1 <= 8


def test_nothing_is_begun_before_somebody_presses(phone: WebPhone, store: Store) -> None:
    for _ in range(3):
        phone.open()
        phone.open(f"{CHAT}?start=F-GT7KM")
    assert count(store, Reporter) == 1  # Htwe, of the cast
    assert "en" in phone.page.languages


def test_the_language_is_chosen_once_and_named_in_itself(phone: WebPhone) -> None:
    phone.open()
    assert phone.page.languages[0] == "en"
    phone.start("vi")
    assert '<html lang="vi"' in phone.html
    assert len(phone.said) == 1, "the welcome, not the question for the language again"


def test_the_start_page_speaks_what_the_browser_asks_for(app: Flask) -> None:
    phone = WebPhone(app, **{"Accept-Language": "xx, vi-VN;q=0.8, en;q=0.5"})
    phone.open()
    assert phone.page.languages[0] == "vi"
    assert '<html lang="vi"' in phone.html


def test_a_poster_scanned_on_the_way_is_offered_and_loses_nothing(phone: WebPhone) -> None:
    tell(phone)
    phone.open(f"{CHAT}?start=F-GT7KM")
    assert WORDS in phone.said
    phone.post("/start", start="F-GT7KM")
    phone.press("Go on")
    phone.press("Send it now")
    assert "We have it." in phone.said[-1]


def test_a_payload_that_is_none_goes_nowhere(phone: WebPhone) -> None:
    phone.open(f"{CHAT}?start=%22%3E%3Cb%3E")
    assert "&lt;b&gt;" not in phone.html
    assert phone.page.hidden["start"] == ""


# --- once and only once -----------------------------------------------------------------------------


def test_a_double_press_of_send_files_once(phone: WebPhone, store: Store) -> None:
    tell(phone)
    before = phone.page
    phone.press("Send it now")
    shown = phone.said
    phone.page = before
    phone.press("Send it now")
    assert phone.said == shown
    assert count(store, Case) == 1


def test_the_same_words_from_the_same_page_are_said_once(phone: WebPhone) -> None:
    tell(phone)
    before = phone.page
    phone.say("and one thing more")
    phone.page = before
    phone.say("and one thing more")
    assert phone.said.count("and one thing more") == 1


def test_other_words_from_a_page_of_the_way_back_are_not_lost(phone: WebPhone) -> None:
    tell(phone)
    before = phone.page
    phone.say("and one thing more")
    phone.page = before
    phone.say("and a last thing")
    assert "and a last thing" in phone.said


def test_names_of_what_was_sent_fit_their_column_and_tell_nothing(
    phone: WebPhone, store: Store
) -> None:
    file(phone)
    with store.reading() as session:
        keys = session.exec(select(SeenUpdate.key)).all()
    assert keys
    assert all(len(key) <= 80 and key.startswith("web:") for key in keys)
    assert not any(phone.code in key for key in keys)


def test_a_press_of_an_old_button_gets_the_same_question_again(phone: WebPhone) -> None:
    tell(phone)
    phone.post("/send", press="welcome|yes")
    assert "earlier question" in phone.said[-1]
    assert "✅ Send it now" in phone.page.buttons


@pytest.mark.parametrize("press", ["", "|", "no such thing", "x" * 500, "who|" + "ü" * 60])
def test_a_press_of_no_button_of_ours_gets_the_question_again(phone: WebPhone, press: str) -> None:
    tell(phone)
    assert phone.post("/send", press=press).status_code == 200
    assert "✅ Send it now" in phone.page.buttons


# --- the way back -----------------------------------------------------------------------------------


def test_the_code_is_long_readable_and_understood_however_it_is_typed() -> None:
    code = new_return_code()
    assert re.fullmatch(rf"([{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]{{2}}", code)
    assert len(ALPHABET) ** 14 >= 2**60
    assert parse_return_code(f" {code.lower().replace('-', ' ')} ") == code
    assert parse_return_code(code[:-1]) is None
    assert parse_return_code(code[:-1] + "0") is None


def test_the_code_leads_back_from_another_phone(app: Flask, phone: WebPhone) -> None:
    reference = file(phone)
    other = WebPhone(app)
    other.enter(phone.code.lower())
    assert reference in other.said[-1]
    other.press("My cases")
    assert any(reference in label for label in other.page.buttons)


def test_a_wrong_code_opens_nothing_and_says_so_kindly(app: Flask, phone: WebPhone) -> None:
    file(phone)
    other = WebPhone(app)
    for wrong in (new_return_code(), "", "RC-7K3M-9Q2T", "x" * 300):
        answer = other.enter(wrong)
        assert answer.status_code == 403
        assert "No messages were found" in other.notice
    assert "Set-Cookie" not in answer.headers or "recourse-chat" not in answer.headers["Set-Cookie"]


def test_who_guesses_codes_waits_and_the_answer_is_always_the_same(
    store: Store, cast: Cast
) -> None:
    clock = [datetime.fromisoformat("2026-11-20T10:00:00+00:00")]
    chat = webchat_blueprint(store, HOUSE, lambda: clock[0])
    app = create_app(
        store, settings(), now=lambda: clock[0], secret_key=b"k" * 32, open_blueprints=[chat]
    )
    phone = WebPhone(app)
    file(phone)
    guesser = WebPhone(app)
    answers = [guesser.enter(new_return_code()).status_code for _ in range(31)]
    assert answers == [403] * 30 + [429]
    assert guesser.enter(phone.code).status_code == 429
    elsewhere = WebPhone(app, **{"X-Forwarded-For": "203.0.113.9"})
    assert elsewhere.enter(phone.code).status_code == 200
    clock[0] += timedelta(minutes=11)
    assert guesser.enter(phone.code).status_code == 200


def test_the_code_is_only_in_a_strict_cookie_that_ends_with_the_browser(
    store: Store, cast: Cast, now: datetime
) -> None:
    plain, secure = build(store, now), build(store, now, RECOURSE_PUBLIC_URL="https://a.example")
    for app, base in ((plain, "http://localhost"), (secure, "https://localhost")):
        client = app.test_client()
        html = client.get(CHAT, base_url=base).get_data(as_text=True)
        form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
        answer = client.post(f"{CHAT}/start", data={**form, "language": "en"}, base_url=base)
        kept = [c for c in answer.headers.getlist("Set-Cookie") if "recourse-chat" in c]
        assert len(kept) == 1
        assert "HttpOnly" in kept[0]
        assert "SameSite=Strict" in kept[0]
        assert "Path=/chat" in kept[0]
        assert "Expires" not in kept[0]
        assert "Max-Age" not in kept[0]
        assert ("Secure" in kept[0]) == (base.startswith("https"))


def test_the_code_is_shown_plainly_at_first_and_after_filing(phone: WebPhone) -> None:
    phone.start()
    assert '<details class="code" open>' in phone.html
    code = phone.code
    phone.press("Yes, go on")
    assert '<details class="code" open>' not in phone.html
    assert phone.code == code
    file(phone)
    assert '<details class="code" open>' in phone.html


# --- leaving ----------------------------------------------------------------------------------------


def test_leaving_needs_one_press_and_leaves_no_trace(app: Flask, phone: WebPhone) -> None:
    file(phone)
    response = phone.client.post(f"{CHAT}/leave", data=phone.page.hidden)
    assert response.status_code == 303
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert names(phone.client) == set()
    phone.open(response.headers["Location"])
    assert "20" in phone.html
    for word in ("RC-", "Messages", "complaint", "zebrafish", "Fair Work", "practice"):
        assert word not in phone.html
    phone.open()
    assert phone.said == []
    assert WORDS not in phone.html


def test_leaving_works_from_a_page_that_has_expired(phone: WebPhone) -> None:
    file(phone)
    answer = phone.client.post(f"{CHAT}/leave", data={"csrf_token": "old"})
    assert answer.status_code == 303
    assert names(phone.client) == set()


def names(client: FlaskClient) -> set[str]:
    held = client._cookies or {}
    return {cookie.key for cookie in held.values()}


def test_what_she_stops_is_gone_from_the_page_too(phone: WebPhone, store: Store) -> None:
    tell(phone)
    phone.press("Stop")
    assert WORDS not in phone.html
    shown = page(store, phone.code, HOUSE)
    assert shown
    assert len(shown.lines) == 1


def test_what_she_deletes_to_begin_anew_is_gone_from_the_page_too(phone: WebPhone) -> None:
    tell(phone)
    phone.post("/start", start="")
    phone.press("Delete it and begin a new one")
    assert WORDS not in phone.html
    assert len(phone.said) == 1


def test_a_draft_that_was_forgotten_leaves_a_page_with_ways_on(
    phone: WebPhone, store: Store, now: datetime
) -> None:
    file(phone)
    phone.press("Tell more")
    phone.say("half a story")
    phone.open()
    phone.press("Back")
    tell_again = WebPhone(phone.client.application)
    tell(tell_again)
    forget_drafts(store, now + timedelta(hours=73))
    tell_again.open()
    assert WORDS not in tell_again.html
    tell_again.press("Tell about a new problem")
    assert tell_again.page.buttons


# --- files ------------------------------------------------------------------------------------------


def test_a_photo_and_a_voice_message_become_part_of_the_case(phone: WebPhone, store: Store) -> None:
    phone.start("en", poster="F-GT7KM")
    for label in ("Yes, go on", "I work in the factory", "Pay", "No"):
        phone.press(label)
    phone.upload(a_photo(), "IMG_2026.jpg", text="the pay slip")
    assert "📷 the pay slip" in phone.said
    phone.upload(A_VOICE, "rec.ogg", field="voice")
    phone.press("Send it now")
    with store.reading() as session:
        rows = session.exec(select(Attachment).order_by(Attachment.id)).all()  # type: ignore[arg-type]
    assert [row.kind for row in rows] == [MediaKind.PHOTO, MediaKind.VOICE]
    assert all(row.case_id for row in rows)


def test_a_photo_in_the_field_for_sound_is_taken_as_the_photo_it_is(phone: WebPhone) -> None:
    tell(phone)
    phone.upload(a_photo(), "IMG.jpg", field="voice")
    assert phone.said[-2].startswith("📷")


def test_the_same_file_from_the_same_page_is_kept_once(phone: WebPhone, store: Store) -> None:
    tell(phone)
    before, photo = phone.page, a_photo()
    phone.upload(photo, "IMG.jpg")
    phone.page = before
    phone.upload(photo, "IMG.jpg")
    assert count(store, Attachment) == 1


def test_a_file_of_a_wrong_kind_is_refused_and_her_words_stay(
    phone: WebPhone, store: Store
) -> None:
    tell(phone)
    said = phone.said
    answer = phone.upload(b"MZ\x90\0 a program", "pay.exe", text="my long caption & more")
    assert answer.status_code == 422
    assert "another form" in phone.notice
    assert phone.field == "my long caption & more"
    assert phone.said == said
    assert count(store, Attachment) == 0


def test_a_file_too_big_is_refused_and_her_words_stay(phone: WebPhone, store: Store) -> None:
    tell(phone)
    answer = phone.upload(bytes(20 * 1024 * 1024 + 1), "film.mp4", text="a film of it")
    assert answer.status_code == 422
    assert "20 megabytes" in phone.notice
    assert phone.field == "a film of it"
    assert count(store, Attachment) == 0


def test_a_body_beyond_all_measure_gets_a_kind_page(phone: WebPhone) -> None:
    tell(phone)
    answer = phone.upload(bytes(65 * 1024 * 1024), "film.mp4")
    assert answer.status_code == 413
    assert "20 megabytes" in phone.notice
    phone.open()
    assert WORDS in phone.said


# --- nothing typed is lost ---------------------------------------------------------------------------


def test_words_and_a_press_together_are_both_taken_in(phone: WebPhone, store: Store) -> None:
    tell(phone)
    phone.press("Send it now", text="and the night shift, too")
    assert "and the night shift, too" in phone.said
    assert "We have it." in phone.said[-1]


@pytest.mark.parametrize("aside", ["Help", "Back", "Language"])
def test_looking_aside_leaves_the_field_as_it_was(phone: WebPhone, aside: str) -> None:
    tell(phone)
    phone.press(aside, text="half a sent")
    assert phone.field == "half a sent"
    assert "half a sent" not in phone.said


def test_sending_nothing_gets_a_hint(phone: WebPhone) -> None:
    tell(phone)
    said = phone.said
    phone.say("  \n ")
    assert "Please write something" in phone.notice
    assert phone.said == said


def test_a_message_too_long_stays_in_the_field(phone: WebPhone) -> None:
    tell(phone)
    long = "la " * webtyped.LONGEST
    phone.say(long)
    assert "too long" in phone.notice
    assert phone.field == long.strip()


def test_words_sent_after_the_browser_was_closed_come_along_with_the_code(
    app: Flask, phone: WebPhone
) -> None:
    tell(phone)
    code = phone.code
    for cookie in list((phone.client._cookies or {}).values()):
        phone.client.delete_cookie(cookie.key, path=cookie.path)
    phone.say("this must not be lost")
    assert "Enter your code" in phone.notice
    assert phone.field == "this must not be lost"
    phone.post("/return", code=code, text=phone.field)
    assert phone.field == "this must not be lost"
    phone.say(phone.field)
    assert "this must not be lost" in phone.said


def test_words_from_a_page_too_old_are_shown_again(phone: WebPhone) -> None:
    tell(phone)
    phone.post("/send", text="still here", csrf_token="of yesterday")
    assert "too old" in phone.notice
    assert phone.field == "still here"
    phone.say("from a page of nobody", turn="!")
    assert phone.field == "from a page of nobody"


def test_a_mistake_of_ours_shows_her_words_and_nothing_of_the_error(
    phone: WebPhone, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    tell(phone)
    store.engine.dispose()
    database = Path(str(store.engine.url.database))
    hidden = database.rename(database.with_suffix(".away"))
    database.mkdir()
    answer = phone.say("zebrafish again")
    database.rmdir()
    hidden.rename(database)
    assert answer.status_code == 500
    assert phone.field == "zebrafish again"
    assert "sqlite" not in phone.html.lower()
    assert "zebrafish" not in caplog.text
    phone.say(phone.field)
    assert "zebrafish again" in phone.said


# --- what the mechanism says by itself ----------------------------------------------------------------


def test_a_question_of_a_handler_stands_on_the_page_with_its_buttons_and_hers(
    phone: WebPhone, store: Store, now: datetime
) -> None:
    reference = file(phone)
    case = case_of(store, reference)
    with store.writing() as session:
        outbox.tell(session, case.reporter_id or 0, Notice.ACKNOWLEDGED, now=now, case=case)
    delivery = Delivery(store, None, HOUSE, lambda: now)
    # In a thread of its own: a browser test before this one leaves a loop running here.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, delivery.run_once()).result() == 1
    phone.open()
    assert "A person has read what you sent" in phone.said[-1]
    assert "📂 See how it stands" in phone.page.buttons
    assert "➕ Tell more" in phone.page.buttons, "the question before it is still open"
    phone.press("See how it stands")
    assert reference in phone.said[-1]
    assert "📂 See how it stands" not in phone.page.buttons


def test_unasked_messages_stand_last_where_the_page_opens(
    phone: WebPhone, store: Store, now: datetime
) -> None:
    file(phone)
    with store.writing() as session:
        reporter = session.exec(select(Reporter).where(Reporter.channel == Channel.WEB)).one()
        append_unasked(session, reporter, [Rendered("One more thing.")], now)
    phone.open()
    newest = phone.html.index('id="new"')
    assert phone.html.index("One more thing.") > newest
    assert phone.said[-1] == "One more thing."


# --- the page itself -----------------------------------------------------------------------------------


def test_the_page_has_no_script_nothing_foreign_and_is_small(phone: WebPhone) -> None:
    with phone.client.get(f"{CHAT}/static/chat.css") as answer:
        css = answer.get_data()
        assert "no-store" not in answer.headers["Cache-Control"]
    pages = []
    phone.open()
    pages.append(phone.html)
    phone.start("en", poster="F-GT7KM")
    for label in ("Yes, go on", "I work in the factory", "Pay", "No"):
        pages.append(phone.html)
        phone.press(label)
    phone.say(WORDS)
    pages.append(phone.html)
    for html in pages:
        assert "<script" not in html
        assert not re.search(r"\son\w+=|javascript:|style=", html)
        assert not re.search(r'(?:src|href|action)="(?!/chat|/public)', html)
        assert len(html.encode()) + len(css) < 15_000, len(html.encode())


def test_the_page_sends_strict_headers_and_is_never_stored(phone: WebPhone) -> None:
    for answer in (phone.open(), phone.start(), phone.open(f"{CHAT}/return")):
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "script-src" not in policy


def test_nothing_of_her_words_or_code_is_in_addresses_cookies_or_logs(
    phone: WebPhone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tell(phone)
    answer = phone.client.post(
        f"{CHAT}/send", data={**phone.page.hidden, "text": "marked zebrafish words"}
    )
    assert "zebrafish" not in str(answer.headers)
    assert phone.code not in answer.headers["Location"]
    assert "zebrafish" not in str(phone.client._cookies)
    assert "zebrafish" not in caplog.text
    assert phone.code not in caplog.text


def test_her_words_are_shown_as_words_whatever_they_are(phone: WebPhone) -> None:
    tell(phone)
    phone.say("<b>bold</b> & <script>alert(1)</script>")
    assert "<b>bold" not in phone.html
    assert "<b>bold</b> & <script>alert(1)</script>" in phone.said


def test_a_long_talk_shows_the_last_messages_and_the_others_on_demand(phone: WebPhone) -> None:
    tell(phone)
    for number in range(12):
        phone.say(f"part number {number} of my story")
    assert "part number 0 of my story" not in phone.said
    phone.open(f"{CHAT}?all=1")
    assert "part number 0 of my story" in phone.said


def test_practice_is_visible_on_every_page(store: Store, cast: Cast, now: datetime) -> None:
    phone = WebPhone(build(store, now, House("Fair Work Network", practice=True)))
    for answer in (phone.open(), phone.start(), phone.open(f"{CHAT}/return")):
        assert "This is for practice." in answer.get_data(as_text=True)


def test_forms_without_their_token_change_nothing(phone: WebPhone, store: Store) -> None:
    for path in ("/start", "/send", "/return"):
        assert phone.client.post(CHAT + path, data={"language": "en"}).status_code == 400
    assert count(store, Reporter) == 1


def test_somebody_of_the_staff_can_try_the_chat_in_the_same_browser(
    store: Store, cast: Cast, now: datetime, app: Flask
) -> None:
    give_accounts(store, cast, now)
    browser = Browser(app)
    browser.sign_in("asha")
    phone = WebPhone(app)
    phone.client = browser.client
    file(phone)
    phone.leave()
    with browser.client.session_transaction() as session:
        assert "_user_id" in session, "still signed in"


def test_the_categories_she_pressed_reach_the_case(phone: WebPhone, store: Store) -> None:
    case = case_of(store, file(phone))
    assert case.category is Category.WAGES
    with store.reading() as session:
        kinds = {m.direction for m in messages.of_case(session, case.id)}
    assert kinds == {Direction.FROM_WORKER}

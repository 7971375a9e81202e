"""Posters: what stands on them, who may print them, in which languages, and the command."""

import os
import re
from dataclasses import replace
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

import translations
from bot.doors import House
from bot.webchat import webchat_blueprint
from casework import facts
from casework.config import Settings, settings_from
from casework.db import Store
from casework.deadlines import policies
from casework.deadlines.clocks import Unit, parse_span
from casework.deadlines.policies import DEFAULT
from casework.errors import BadInput
from casework.ids import new_id
from casework.models import Factory
from casework.vocabulary import Promise
from recourse import cli
from recourse.setup import open_store
from tests.botapi import BotApi
from tests.conftest import Cast
from tests.running import Running
from tests.webhelp import Browser, build, give_accounts, settings
from tests.webphone import WebPhone
from translations import languages
from translations.loading import Catalogs
from webadmin.app import create_app
from webadmin.posters import fonts, sheet, words
from webadmin.posters.doors import doors

PUBLIC = "https://help.example.org"
POSTER = "/factories/GT7KM/poster"


@pytest.fixture
def with_address() -> Settings:
    return settings(RECOURSE_PUBLIC_URL=PUBLIC, RECOURSE_OPERATOR="Harbour Workers' Desk")


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    with store.writing() as session:
        facts.note_bot_name(session, "harbour_bot")
    return build(store, lambda: now, RECOURSE_PUBLIC_URL="http://help.example.org")


@pytest.fixture
def browser(app: Flask) -> Browser:
    found = Browser(app)
    found.sign_in("asha")
    return found


@pytest.fixture
def half_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Spanish, with all of a poster but its title."""
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shipped = translations._shipped._folder / "es" / "LC_MESSAGES" / "bot.po"
    entries = shipped.read_text("utf-8").split("\n\n")
    kept = [entry for entry in entries if f'msgid "{words.TITLE}"' not in entry]
    assert len(kept) < len(entries)
    (folder / "bot.po").write_text("\n\n".join(kept), "utf-8")
    monkeypatch.setattr(translations, "_shipped", Catalogs(tmp_path))
    return "es"


# --- what stands on it -----------------------------------------------------------------------


def test_a_poster_says_who_reads_it_and_when_a_person_answers(
    cast: Cast, with_address: Settings
) -> None:
    made = sheet.make(cast.golden_thread, with_address, "", DEFAULT, tags=["en"], paper="a4")
    page = _plain(sheet.as_file(made))
    assert "Who reads it: Harbour Workers' Desk." in page
    assert "A person answers you within 7 days." in page
    hurried = {
        key: replace(line, span=parse_span("20 hours"))
        for key, line in DEFAULT.lines.items()
        if key[0] is Promise.ACKNOWLEDGE
    }
    soon = replace(DEFAULT, lines={**DEFAULT.lines, **hurried})
    made = sheet.make(cast.golden_thread, with_address, "", soon, tags=["en"], paper="a4")
    assert "A person answers you within 1 day." in _plain(sheet.as_file(made))
    assert "GT7KM" in page
    assert "Golden Thread Garments Co., Ltd, Phnom Penh" in page


def test_what_is_promised_on_a_wall_holds_for_every_case() -> None:
    for (promise, _), line in policies.DEFAULT.lines.items():
        if promise is Promise.ACKNOWLEDGE:
            hours = line.span.amount * (1 if line.span.unit is Unit.HOURS else 24)
            assert policies.answer_days(policies.DEFAULT) * 24 >= hours


def test_a_name_can_not_break_the_page(cast: Cast) -> None:
    bad = settings(RECOURSE_OPERATOR="<b>100 %(n)s & co</b>")
    made = sheet.make(cast.golden_thread, bad, "", DEFAULT, tags=["en"], paper="a4")
    page = sheet.as_file(made)
    assert "&lt;b&gt;100 %(n)s &amp; co&lt;/b&gt;" in page
    assert "<b>" not in page


def test_with_a_bot_the_square_leads_to_telegram_and_a_small_one_to_the_web_chat() -> None:
    found = doors("GT7KM", "harbour_bot", PUBLIC)
    assert found.main.link == "https://t.me/harbour_bot?start=F-GT7KM"
    assert found.web
    assert found.web.link == f"{PUBLIC}/chat?start=F-GT7KM"
    assert found.web.shown == "help.example.org/chat"


def test_without_a_bot_the_square_leads_to_the_web_chat() -> None:
    found = doors("GT7KM", "", PUBLIC)
    assert found.telegram is None
    assert found.main.link == f"{PUBLIC}/chat?start=F-GT7KM"


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:80", "http://0.0.0.0"],
)
def test_an_address_of_this_machine_is_not_printed_beside_the_bot(address: str) -> None:
    beside = doors("GT7KM", "harbour_bot", address)
    assert beside.only_here
    assert beside.web is None
    alone = doors("GT7KM", "", address)
    assert alone.only_here
    assert alone.main.shown.startswith("http://")


def test_who_scans_the_web_chats_square_is_never_asked_for_the_factory(
    store: Store, cast: Cast, now: datetime
) -> None:
    chat = webchat_blueprint(store, House("Harbour Workers' Desk"), lambda: now)
    app = create_app(
        store, settings(), now=lambda: now, secret_key=b"k" * 32, open_blueprints=[chat]
    )
    link = doors("GT7KM", "", PUBLIC).main.link
    phone = WebPhone(app)
    phone.open(link.removeprefix(PUBLIC))
    phone.post("/start", language="en")
    asked = [phone.html]
    while "What is it about?" not in phone.html:
        answers = ("Yes, go on", "I work in the factory", "No")
        [label] = [x for x in answers if any(n.endswith(x) for n in phone.page.buttons)][:1]
        phone.press(label)
        asked.append(phone.html)
    assert not [page for page in asked if "Which factory is it?" in page]


def test_a_practice_poster_says_so(cast: Cast) -> None:
    practice = settings_from({}, practice=True)
    made = sheet.make(cast.golden_thread, practice, "", DEFAULT, tags=["en"], paper="a4")
    assert "This is for practice." in sheet.as_file(made)


# --- languages -------------------------------------------------------------------------------


def test_every_language_of_the_workers_is_offered() -> None:
    assert words.offered() == languages("bot")


def test_a_language_with_a_missing_sentence_is_not_offered(
    half_translated: str, cast: Cast, with_address: Settings
) -> None:
    assert words.offered() == ("en",)
    with pytest.raises(BadInput, match="printed in es"):
        sheet.make(
            cast.golden_thread, with_address, "", DEFAULT, tags=["en", half_translated], paper="a4"
        )


@pytest.mark.parametrize(
    ("country", "tag"), [("KH", "km"), ("MM", "my"), ("BD", "bn"), ("CN", "zh-hans"), ("DE", "en")]
)
def test_a_poster_speaks_the_language_of_the_country_unless_asked(country: str, tag: str) -> None:
    assert words.usual(country) == tag


@pytest.mark.parametrize("tag", languages("bot"))
def test_nothing_on_a_poster_is_in_english_but_on_the_english_one(
    tag: str, cast: Cast, with_address: Settings
) -> None:
    made = sheet.make(
        cast.golden_thread, with_address, "harbour_bot", DEFAULT, tags=[tag], paper="a4"
    )
    page = _plain(sheet.as_file(made))
    english = [one if isinstance(one, str) else one[1] for one in words.EVERYTHING]
    parts = [part for one in english for part in re.split(r"%\(\w+\)s", one) if len(part) > 5]
    found = [part for part in parts if part in page]
    assert bool(found) == (tag == "en"), found


def test_a_language_named_twice_stands_there_once(cast: Cast, with_address: Settings) -> None:
    made = sheet.make(cast.golden_thread, with_address, "", DEFAULT, tags=["en", "en"], paper="a4")
    assert [voice.tag for voice in made.voices] == ["en"]


# --- fonts -----------------------------------------------------------------------------------


def test_every_declared_font_is_there_and_every_font_is_declared() -> None:
    folder = fonts.SHEET.parent.parent / "vendor" / "fonts"
    assert {face.file for face in fonts.faces()} == set(folder.glob("*.woff2"))
    families = {face.family for face in fonts.faces()}
    assert {family for stack in fonts.stacks().values() for family in stack} == families


def test_a_file_carries_only_the_fonts_that_its_words_need(
    cast: Cast, with_address: Settings
) -> None:
    made = sheet.make(cast.golden_thread, with_address, "", DEFAULT, tags=["en"], paper="a4")
    assert {face.family for face in fonts.needed(made.texts())} == {"Noto Sans"}
    assert len(sheet.as_file(made)) < 150_000


def test_a_file_asks_for_nothing_outside_itself(cast: Cast, with_address: Settings) -> None:
    made = sheet.make(cast.golden_thread, with_address, "bot", DEFAULT, tags=["en"], paper="a3")
    page = sheet.as_file(made)
    assert re.findall(r'url\("(?!data:font/woff2;base64,)', page) == []
    assert re.findall(r'(?:src|href)="(?!#)', page) == []


# --- the page --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"), [("asha", 200), ("boris", 200), ("chen", 200), ("brigitte", 403)]
)
def test_who_carries_cases_prints_posters(app: Flask, name: str, status: int) -> None:
    browser = Browser(app)
    browser.sign_in(name)
    assert browser.get(POSTER).status_code == status


def test_a_poster_is_found_from_the_list_and_from_its_factory(browser: Browser) -> None:
    for page in ("/factories", "/factories/GT7KM"):
        browser.get(page)
        assert f'href="{POSTER}"' in browser.page


def test_the_page_names_both_ways_in_and_lets_one_choose(browser: Browser) -> None:
    browser.get(f"{POSTER}?lang=en&paper=a3")
    assert "@harbour_bot" in browser.text.replace(" ", "")
    assert "/static/poster/a3.css" in browser.page
    assert '<option value="a3" selected>' in browser.page
    assert "no Telegram bot yet" not in browser.page


def test_what_can_not_be_printed_is_left_out_of_an_address(browser: Browser) -> None:
    assert browser.get(f"{POSTER}?lang=xx&lang=en&lang=../en&paper=a9").status_code == 200
    assert "/static/poster/a4.css" in browser.page
    assert browser.page.count("<h1>") == 1


def test_an_unknown_code_has_no_poster(browser: Browser) -> None:
    assert browser.get("/factories/NOSUCH/poster").status_code == 404


def test_a_closed_factory_has_none_and_the_page_says_why(
    browser: Browser, store: Store, cast: Cast
) -> None:
    with store.writing() as session:
        session.merge(cast.golden_thread).active = False
    assert browser.get(POSTER).status_code == 302
    browser.get("/factories/GT7KM")
    assert "GT7KM is closed" in browser.text
    assert POSTER not in browser.page


def test_without_a_bot_and_without_an_address_the_page_says_what_to_do(
    store: Store, cast: Cast, now: datetime
) -> None:
    give_accounts(store, cast, now)
    browser = Browser(build(store, lambda: now))
    browser.sign_in("asha")
    browser.get(POSTER)
    assert "There is no Telegram bot yet" in browser.text
    assert "Set RECOURSE_PUBLIC_URL" in browser.text


# --- the bot's name --------------------------------------------------------------------------


@pytest.mark.slow
def test_the_name_of_the_bot_is_known_after_its_start_and_forgotten_without_a_token(
    tmp_path: Path,
) -> None:
    with BotApi() as api:
        telegram = {
            "RECOURSE_TELEGRAM_TOKEN": api.token,
            "RECOURSE_TELEGRAM_API_URL": api.url,
        }
        Running(tmp_path, **telegram).start().stop()
    assert _noted(tmp_path) == "recourse_test_bot"
    Running(tmp_path).start().stop()
    assert _noted(tmp_path) == ""


@pytest.mark.slow
def test_the_name_is_learnt_later_where_telegram_is_away_at_the_start(tmp_path: Path) -> None:
    api = BotApi()
    api.start()
    telegram = {"RECOURSE_TELEGRAM_TOKEN": api.token, "RECOURSE_TELEGRAM_API_URL": api.url}
    api.stop()
    program = Running(tmp_path, **telegram).start()
    assert _noted(tmp_path) == ""
    api.start()
    try:
        api.wait_until(lambda: bool(_noted(tmp_path)))
    finally:
        program.stop()
        api.stop()
    assert _noted(tmp_path) == "recourse_test_bot"


def _noted(folder: Path) -> str:
    with open_store(settings_from({"RECOURSE_DATA_DIR": str(folder)})).reading() as session:
        return facts.bot_name(session)


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Path:
    """An installation with one factory, and nothing of the developer's settings."""
    for name in list(os.environ):
        if name.startswith("RECOURSE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RECOURSE_PUBLIC_URL", PUBLIC)
    assert cli.main(["db", "upgrade"]) == 0
    with _store().writing() as session:
        session.add(
            Factory(
                id=new_id(now),
                code="GT7KM",
                name="Golden Thread",
                country="KH",
                zone="Asia/Bangkok",
            )
        )
    return tmp_path


def _store() -> Store:
    return open_store(settings_from(os.environ))


def test_the_command_writes_one_file(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with _store().writing() as session:
        facts.note_bot_name(session, "harbour_bot")
    capsys.readouterr()
    out = installed / "poster.html"
    assert cli.main(["poster", "gt7km", "--lang", "en", "--paper", "a3", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == f"Written: {out}\n"
    assert said.err == ""
    page = out.read_text("utf-8")
    assert "size: A3" in page
    assert "@harbour_bot" in _plain(page)


@pytest.mark.parametrize("given", [["--lang", "en", "--lang", "km"], ["--lang", "EN,km"]])
def test_languages_are_named_one_by_one_or_with_commas(installed: Path, given: list[str]) -> None:
    out = installed / "poster.html"
    assert cli.main(["poster", "GT7KM", *given, "--out", str(out)]) == 0
    assert re.findall(r'<h2 lang="([a-z-]+)"', out.read_text("utf-8")) == ["en", "km"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("NOSUCH --out x.html", "recourse factory list"),
        ("GT7KM --lang xx --out x.html", "choose one of en"),
        ("GT7KM --lang en,km,my,th --out x.html", "one to 3"),
        ("GT7KM --lang en --out no/such/folder/x.html", "can't be written"),
    ],
)
def test_an_error_of_the_command_is_one_line_that_says_what_to_do(
    installed: Path, capsys: pytest.CaptureFixture[str], arguments: str, says: str
) -> None:
    capsys.readouterr()
    assert cli.main(["poster", *arguments.split()]) == 1
    [line] = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("recourse: ")
    assert says in line
    assert not (installed / "x.html").exists()


def test_the_command_says_what_a_poster_lacks(
    installed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECOURSE_PUBLIC_URL")
    capsys.readouterr()
    command = ["poster", "GT7KM", "--lang", "en", "--out", "x.html"]
    assert cli.main(command) == 0
    said = capsys.readouterr().err
    assert "no Telegram bot has run here yet" in said
    assert "Set RECOURSE_PUBLIC_URL" in said
    assert cli.main([*command, "--bot", "@harbour_bot"]) == 0
    said = capsys.readouterr().err
    assert "no Telegram bot" not in said
    assert "web chat is left out" in said


def _plain(page: str) -> str:
    """A page as it is read."""
    body = re.sub(r"<(style|script|title)>.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", body)).split())


def test_factories_of_the_vocabulary_fit_into_a_deep_link() -> None:
    """Telegram takes 64 characters of letters, digits, hyphen and underscore."""
    length = getattr(Factory.metadata.tables["factory"].c.code.type, "length", None)
    assert isinstance(length, int)
    longest = "Z" * length
    payload = doors(longest, "bot", PUBLIC).main.link.partition("start=")[2]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)

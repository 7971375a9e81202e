"""The public page: open, the same for everybody, in every language, and out of releases alone."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlmodel import select

import translations
from casework import facts, procedure
from casework.config import settings_from
from casework.db import Store
from casework.deadlines import policing
from casework.deadlines.clocks import parse_span
from casework.deadlines.policies import DEFAULT, Line, Policy, to_data
from casework.figures import figurerows
from casework.figures.measures import Measure
from casework.figures.periods import Period
from casework.figures.tables import PUBLIC_TABLES, Table
from casework.ids import new_id
from casework.models import PolicyVersion, Snapshot
from casework.publication import releases
from casework.vocabulary import Category, Promise, Severity
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.pseudo import not_translated, sentences, write_catalog
from tests.published import QUARTERS, THRESHOLD, figure, release, usual
from tests.statements import statements
from tests.webhelp import Browser, build, give_accounts, settings
from translations import SOURCE_LANGUAGE, catalog, is_rtl, languages, own_name
from translations.loading import Catalogs
from translations.sentences import spoken
from translations.update import ROOT
from webadmin.access import OPEN_ENDPOINTS
from webadmin.app import create_app
from webadmin.public import words
from webadmin.public.speaking import Voice

OPERATOR = "Harbour Desk"
LIGHT = 100_000
"""Bytes that the page may have with all that it loads, not compressed."""
STATIC = Path(ROOT) / "webadmin" / "static"
SENTINEL = 8_641_975
"""An exact number that stands in a snapshot and may stand nowhere else."""


@pytest.fixture
def app(store: Store, now: datetime) -> Flask:
    """With a web chat, as in the whole program."""
    return create_app(
        store,
        settings(RECOURSE_OPERATOR=OPERATOR, RECOURSE_PUBLIC_URL="https://desk.example.org"),
        now=lambda: now,
        secret_key=b"k" * 32,
        open_blueprints=[Blueprint("chat", __name__, url_prefix="/chat")],
    )


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def released(store: Store, now: datetime) -> None:
    """Four quarters."""
    with store.writing() as session:
        for times, period in enumerate(QUARTERS, start=1):
            release(session, period, usual(times), now)


def text(page: str) -> str:
    """What people read of a page, without its markup."""
    body = re.sub(r"<(style|title|desc)\b.*?</\1>", " ", page, flags=re.DOTALL)
    body = re.sub(r"</?bdi[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(page: str, table: str) -> dict[str, list[str]]:
    """The cells of a table of the page by the head of their row."""
    found = re.search(rf'<table id="{table}">(.*?)</table>', page, flags=re.DOTALL)
    assert found, f"no table {table}"
    lines = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', found[1], flags=re.DOTALL)
    return {
        unescape(head): [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells)]
        for head, cells in lines
    }


# --- open, and the same for everybody ---


def test_anybody_may_open_it_and_nothing_is_kept_of_who_did(anybody: FlaskClient) -> None:
    assert {"public.show", "public.as_csv", "public.as_json"} <= OPEN_ENDPOINTS
    for path in ("/public", "/public/figures.csv", "/public/figures.json"):
        answer = anybody.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_who_is_signed_in_gets_the_same_page_and_no_cookie(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    give_accounts(store, cast, now)
    app = build(store, clock)
    asha = Browser(app)
    asha.sign_in("asha")
    answer = asha.client.get("/public")
    assert answer.data == app.test_client().get("/public").data
    assert "Set-Cookie" not in answer.headers
    assert "Public figures and rules of procedure" not in asha.get("/").text
    nobody = Browser(app)
    nobody.get("/sign-in")
    assert 'href="/public?lang=en"' in nobody.page


def test_the_page_loads_nothing_from_elsewhere_and_needs_no_script(anybody: FlaskClient) -> None:
    for tag in languages("bot"):
        page = anybody.get(f"/public?lang={tag}").text
        assert "<script" not in page
        assert " style=" not in page
        loaded = re.findall(r'(?:src|<link rel="(?:icon|stylesheet)" href)="([^"]+)"', page)
        assert set(loaded) == {"/static/mark.svg", "/static/public.css"}
    assert "url(" not in (STATIC / "public.css").read_text("utf-8")
    assert "@import" not in (STATIC / "public.css").read_text("utf-8")


@pytest.mark.usefixtures("released")
def test_a_page_that_did_not_change_is_not_sent_again(
    store: Store, anybody: FlaskClient, now: datetime
) -> None:
    for path in ("/public", "/public/figures.csv", "/public/figures.json"):
        first = anybody.get(path)
        tag = first.headers["ETag"]
        again = anybody.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == "public, max-age=300"
        with store.writing() as session:
            number = len(releases.versions(session, "public", Period.read("2026-Q3"))) + 1
            release(session, "2026-Q3", usual(9), now, version=number)
        assert anybody.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_it_asks_for_rules_and_releases_and_never_for_a_case(
    store: Store, anybody: FlaskClient
) -> None:
    for path in ("/public", "/public/figures.csv", "/public/figures.json"):
        with statements(store) as asked:
            anybody.get(path)
        tables = {name for one, _ in asked for name in re.findall(r'(?:FROM|JOIN) "?(\w+)', one)}
        allowed = {"release", "policyversion", "fact"}
        # Of factories, whether the number of their workers is known.
        assert tables <= allowed | ({"factory", "supply"} if path == "/public" else set()), tables


# --- languages ---


@pytest.mark.parametrize(
    ("address", "accepts", "spoken"),
    [
        ("/public", "", "en"),
        ("/public", "my-MM, en;q=0.5", "my"),
        ("/public", "fr, tl;q=0.8", "fil"),
        ("/public?lang=ur", "my", "ur"),
        ("/public?lang=zh_TW", "", "zh-hans"),
        ("/public?lang=../../x", "km", "km"),
    ],
)
def test_the_language_is_the_one_asked_for(
    anybody: FlaskClient, address: str, accepts: str, spoken: str
) -> None:
    answer = anybody.get(address, headers={"Accept-Language": accepts})
    assert answer.headers["Content-Language"] == spoken
    direction = "rtl" if is_rtl(spoken) else "ltr"
    assert f'<html lang="{spoken}" dir="{direction}">' in answer.text
    assert ("Accept-Language" in answer.headers.get("Vary", "")) == (
        "lang=" not in address or ".." in address
    )


def test_every_language_is_offered_by_its_own_name(anybody: FlaskClient) -> None:
    page = anybody.get("/public").text
    assert len(languages("bot")) >= 20
    for tag in languages("bot"):
        link = f'<a href="/public?lang={tag}" hreflang="{tag}" lang="{tag}"'
        assert link in page
        assert own_name(tag) in page
        whole = f'hreflang="{tag}" href="https://desk.example.org/public?lang={tag}"'
        assert f'<link rel="alternate" {whole}>' in page


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("tag", [tag for tag in languages("bot") if tag != SOURCE_LANGUAGE])
def test_no_language_is_mixed_with_english(anybody: FlaskClient, tag: str) -> None:
    page = text(anybody.get(f"/public?lang={tag}").text)
    left = [one for one in _sentences() if len(one.split()) > 2 and one in page]
    assert not left


def _sentences() -> list[str]:
    """What the page may say in English, but for what has holes."""
    return [one for one in _all_sentences() if "%" not in one]


def _all_sentences() -> list[str]:
    found = []
    for message in sentences("bot"):
        places = [name for name, _ in message.locations]
        if any(name.startswith("webadmin/public/") for name in places):
            found += [message.id] if isinstance(message.id, str) else list(message.id)
    return found


@pytest.mark.usefixtures("released")
def test_every_word_of_the_page_is_one_that_was_given_to_translators(
    anybody: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_catalog(tmp_path, sentences("bot"), domain="bot")
    monkeypatch.setattr(translations, "_shipped", Catalogs(tmp_path))
    page = anybody.get("/public?lang=ja").text
    # Names, codes, and quarters as Unicode's data writes them.
    data = (OPERATOR, "English", "USD", "CSV", "JSON", *(f"2025/Q{n}" for n in (4,)), "/Q")
    assert not_translated(page, (*data, "2025", "2026", own_name("ja"))) == []
    assert "⟦" in page


def test_the_conversation_does_not_count_what_only_the_page_says() -> None:
    only_here = {words.KEPT, words.WHY_HIDDEN, words.IMPARTIAL}
    assert only_here <= set(_all_sentences())
    assert not only_here & {sentence.msgid for sentence in spoken()}


# --- light ---


@pytest.mark.parametrize("tag", languages("bot"))
def test_the_page_is_light_on_a_slow_line(
    store: Store, anybody: FlaskClient, now: datetime, tag: str
) -> None:
    countries = ("KH", "BD", "VN", "MM", "LA", "TH", "ID", "IN", "PK", "LK")
    everything = [
        *usual(4000),
        *(figure(Measure.RECEIVED, 99_999, category=one.value) for one in Category),
        *(figure(Measure.RECEIVED, 99_999, country=code) for code in countries),
        *(figure(Measure.PROMISED, 99_999, promise=one.value) for one in Promise),
        *(figure(Measure.OWED, 99_999_999, currency=one) for one in ("KHR", "BDT", "VND", "MMK")),
    ]
    with store.writing() as session:
        for period in QUARTERS:
            release(session, period, everything, now)
    sent = len(anybody.get(f"/public?lang={tag}").data)
    loaded = sum((STATIC / name).stat().st_size for name in ("public.css", "mark.svg"))
    assert sent + loaded < LIGHT


# --- the rules ---


def test_the_rules_name_who_runs_it_how_to_reach_them_and_what_is_free(
    store: Store, anybody: FlaskClient
) -> None:
    page = text(anybody.get("/public").text)
    assert f"{OPERATOR} receives complaints from workers and looks into them." in page
    assert "It costs nothing." in page
    assert "desk.example.org/chat" in page
    assert "Telegram" not in page
    with store.writing() as session:
        facts.note_bot_name(session, "harbour_bot")
    found = anybody.get("/public").text
    assert 'href="https://t.me/harbour_bot"' in found
    assert "The company Telegram could read what you send with Telegram." in found


@pytest.mark.parametrize(
    ("years", "said"),
    [("", "kept without an end date"), ("7", "We delete what was said 7 years after")],
)
def test_how_long_words_are_kept_is_what_the_operator_set(
    store: Store, now: datetime, clock: Clock, years: str, said: str
) -> None:
    app = build(store, clock, RECOURSE_KEEP_YEARS=years)
    assert said in text(app.test_client().get("/public").text)


def test_the_deadlines_are_those_of_the_policy_in_force(
    store: Store, anybody: FlaskClient, now: datetime
) -> None:
    page = anybody.get("/public").text
    assert "A person answers you 24 hours 2 days 3 days 7 days" in text(page)
    assert "A person answers you within 7 days." in text(page)
    assert "We agree with you on what keeps you safe 48 hours 7 days – –" in text(page)
    assert "When somebody is in danger, days off count, too." in page
    assert "7 days 30 days 90 days 180 days" in text(page)
    changed = Policy(
        lines={
            **DEFAULT.lines,
            (Promise.ACKNOWLEDGE, Severity.MINOR): Line(parse_span("9 working days")),
            (Promise.REMEDY, Severity.CRITICAL): Line(parse_span("20 working days")),
        },
        chains=DEFAULT.chains,
        pause_at_most=DEFAULT.pause_at_most,
        check_ins=dict.fromkeys(Severity, ()),
        exceptions={
            (Category.WAGES, Promise.OUTCOME, Severity.SERIOUS): Line(parse_span("1 month")),
            (Category.WAGES, Promise.OUTCOME, Severity.MINOR): None,
        },
    )
    with store.writing() as session:
        row = PolicyVersion(id=new_id(now), number=3, at=now, data=to_data(changed))
        session.add(row)
    page = anybody.get("/public").text
    assert "A person answers you 24 hours 2 days 3 days 9 working days" in text(page)
    assert "you get the result – Pay 3 months 1 month 3 months –" in text(page)
    assert "days off count" not in page
    assert "whether anybody treats you badly" not in page
    assert "Version 1.3, 22 November 2026" in text(page)


def test_the_version_of_the_rules_counts_both_their_words_and_their_deadlines(
    store: Store, now: datetime
) -> None:
    with store.writing() as session:
        assert procedure.in_force(session).version == f"{procedure.RULES}.0"
        assert procedure.in_force(session).since == procedure.RULES_SINCE
        later = datetime(2027, 2, 3, 12, tzinfo=UTC)
        row = PolicyVersion(id=new_id(now), number=1, at=later, data=to_data(DEFAULT))
        session.add(row)
        session.flush()
        held = procedure.in_force(session)
        assert (held.version, held.since) == (f"{procedure.RULES}.1", date(2027, 2, 3))
        assert policing.current(session).number == 1


def test_the_address_of_the_rules_leads_to_them(anybody: FlaskClient) -> None:
    path, _, anchor = procedure.PATH.partition("#")
    assert f'id="{anchor}"' in anybody.get(path).text


def test_every_category_but_the_rest_stands_among_what_one_can_complain_about(
    anybody: FlaskClient,
) -> None:
    assert set(words.CATEGORIES) == set(Category)
    page = anybody.get("/public").text
    for category, name in words.CATEGORIES.items():
        assert (f"<li>{name}</li>" in page) == (category is not Category.OTHER)


def test_practice_says_so(store: Store, now: datetime) -> None:
    app = create_app(store, settings_from({}, practice=True), now=lambda: now, secret_key=b"k" * 32)
    page = app.test_client().get("/public").text
    assert words.PRACTICE in page
    assert 'content="noindex"' in page


# --- figures ---


def test_before_the_first_release_the_page_says_when_there_will_be_figures(
    anybody: FlaskClient,
) -> None:
    page = anybody.get("/public").text
    assert words.NO_FIGURES in page
    assert words.LOW_COUNT in page
    assert f"it is less than {THRESHOLD}" in text(page)
    assert "figures.csv" not in page


@pytest.mark.usefixtures("released")
def test_quarters_stand_side_by_side_and_hidden_numbers_are_one_word(anybody: FlaskClient) -> None:
    page = anybody.get("/public").text
    counted = rows(page, "all")
    assert counted["Complaints (cases)"] == ["180", "360", "540", "720"]
    assert counted["Workers there"] == ["18,400"] * 4
    assert counted["Punished for speaking up"] == ["hidden"] * 4
    assert rows(page, "category")["Safety and health"] == ["hidden"] * 4
    assert rows(page, "country")["Cambodia"] == ["120", "240", "360", "480"]
    assert rows(page, "money")["Owed to workers, <bdi>USD</bdi>"][0] == "42,100"
    assert rows(page, "answers")["No answer"][0] == "28"
    assert "Q4 2025 Version 1, 20 November 2026" in text(page)


@pytest.mark.usefixtures("released")
def test_shares_are_rounded_down_and_hidden_with_what_they_are_made_of(
    anybody: FlaskClient,
) -> None:
    kept = rows(anybody.get("/public").text, "kept")
    assert kept["A person answers you"] == ["720", "88%", "88%"]
    plan = "After our first answer: we find out what happened and make a plan"
    assert kept[plan] == ["480", "66%", "99%"]
    assert kept["After our first answer: you get the result"] == ["480", "hidden", "hidden"]
    by_quarter = rows(anybody.get("/public").text, "in-time")
    assert by_quarter["A person answers you"] == ["88%"] * 4
    assert Voice("en").percent(999, 1000) == "99%"
    assert Voice("en").percent(1000, 1000) == "100%"


def test_what_is_not_named_is_nothing_only_where_its_table_was_released(
    store: Store, anybody: FlaskClient, now: datetime
) -> None:
    thin = [table for table in PUBLIC_TABLES if table.by != ("category",)]
    thin = [table for table in thin if table.measure is not Measure.REMEDIED]
    with store.writing() as session:
        release(session, "2026-Q2", usual(), now)
        few = [figure(Measure.RECEIVED, 0), figure(Measure.WORKERS, 0)]
        release(session, "2026-Q3", few, now, tables=thin)
    page = anybody.get("/public").text
    assert rows(page, "country")["Cambodia"] == ["120", "0"]
    assert rows(page, "category")["Pay"] == ["84", "hidden"]
    assert rows(page, "all")["Workers for whom it was put right"] == ["96", "hidden"]
    assert rows(page, "all")["Complaints for each <bdi>1,000</bdi> workers"] == ["9.8", "–"]
    assert rows(page, "in-time")["A person answers you"] == ["88%", "–"]


def test_nothing_of_what_is_exact_or_of_a_brand_gets_out(
    store: Store, anybody: FlaskClient, now: datetime
) -> None:
    with store.writing() as session:
        release(session, "2026-Q3", usual(), now)
        mine = [figure(Measure.RECEIVED, SENTINEL), figure(Measure.RECEIVED, SENTINEL, scope="own")]
        release(session, "2026-Q3", mine, now, audience="acme")
        for exact in session.exec(select(Snapshot)):
            exact.counts = [{"measure": "retaliation", "by": {}, "value": SENTINEL}]
    for path in ("/public", "/public/figures.csv", "/public/figures.json"):
        found = anybody.get(path).text.replace(",", "").replace("\u202f", "")
        assert str(SENTINEL) not in found
        assert "acme" not in found


def test_earlier_quarters_are_a_step_away(
    store: Store, anybody: FlaskClient, now: datetime
) -> None:
    with store.writing() as session:
        for year in (2024, 2025):
            for number in (1, 2, 3, 4):
                release(session, str(Period.quarter(year, number)), usual(), now)
            release(session, str(year), usual(4), now)
        release(session, "2026-Q1", usual(), now)
    newest = anybody.get("/public").text
    assert "Q2 2025" in newest
    assert "Q1 2025" not in newest
    assert 'href="/public?lang=en&amp;to=2025-Q1#figures"' in newest
    earlier = anybody.get("/public?to=2025-Q1").text
    assert "Q2 2024" in earlier
    assert 'href="/public?lang=en&amp;to=2026-Q1#figures"' in earlier
    assert 'href="/public?lang=en&amp;to=2024-Q1#figures"' in earlier
    assert "&amp;to=2024" not in anybody.get("/public?to=2024-Q1").text.partition("versions")[2]
    for wrong in ("2023-Q1", "2025", "x"):
        answer = anybody.get(f"/public?to={wrong}")
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_correction_is_a_new_version_and_the_old_one_stays_in_the_downloads(
    store: Store, anybody: FlaskClient, now: datetime
) -> None:
    with store.writing() as session:
        release(session, "2026-Q3", usual(), now)
        release(session, "2026-Q3", usual(2), now, version=2)
    page = anybody.get("/public").text
    assert "Q3 2026 Version 2, 20 November 2026" in text(page)
    assert rows(page, "all")["Complaints (cases)"] == ["360"]
    lines = list(csv.DictReader(io.StringIO(anybody.get("/public/figures.csv").text)))
    totals = [
        (line["version"], line["value"])
        for line in lines
        if line["measure"] == "received" and not line["category"] and not line["country"]
    ]
    assert totals == [("2", "360"), ("1", "180")]
    assert {line["hidden"] for line in lines if not line["value"]} == {"yes"}
    assert {line["below"] for line in lines} == {str(THRESHOLD)}


def test_both_downloads_say_since_which_day_corrections_wait_and_not_when(
    store: Store, anybody: FlaskClient, now: datetime
) -> None:
    noted = now - timedelta(days=3, hours=2)
    with store.writing() as session:
        release(session, "2026-Q2", usual(), now)
        release(session, "2026-Q3", usual(), now, pending_since=noted)
    lines = list(csv.DictReader(io.StringIO(anybody.get("/public/figures.csv").text)))
    assert {(line["period"], line["pending_since"]) for line in lines} == {
        *(("2026-Q2", ""), ("2026-Q3", "2026-11-17"))
    }
    found = json.loads(anybody.get("/public/figures.json").text)["releases"]
    assert [(one["period"], one["pending_since"]) for one in found] == [
        *(("2026-Q3", "2026-11-17"), ("2026-Q2", None))
    ]


@pytest.mark.usefixtures("released")
def test_a_reader_can_check_that_a_release_was_not_changed(anybody: FlaskClient) -> None:
    found = json.loads(anybody.get("/public/figures.json").text)["releases"]
    assert [one["period"] for one in found] == [*reversed(QUARTERS)]
    for one in found:
        named = ("audience", "period", "version", "threshold", "tables", "figures")
        assert one["digest"] == figurerows.digest(**{name: one[name] for name in named})
        hidden = [row for row in one["figures"] if row["value"] is None]
        assert hidden


def test_a_promise_of_which_nothing_was_due_has_no_row(
    store: Store, anybody: FlaskClient, now: datetime
) -> None:
    with store.writing() as session:
        only = [figure(Measure.PROMISED, 0), figure(Measure.PROMISED, 0, promise="appeal")]
        release(session, "2026-Q3", only, now, tables=[Table(Measure.PROMISED)])
    page = anybody.get("/public").text
    assert '<table id="kept">' not in page
    assert words.KEPT not in page


def test_every_word_of_the_page_exists_in_a_language(anybody: FlaskClient) -> None:
    """A guard on the guard: the sentences of the page are found by the test above."""
    assert len(_sentences()) > 90
    assert words.TITLE in _sentences()
    assert catalog("bot", "my").gettext(words.FREE) != words.FREE
    assert words.FREE not in anybody.get("/public?lang=my").text

"""A handler at work in a real Chromium, against a real server, from signing in to closing."""

import io
import os
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from waitress.server import create_server

from casework import cases, filing
from casework.cases import Triage
from casework.db import Session, Store
from casework.deadlines import sweeping
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.media import attachments
from casework.models import Case, Factory, Supply
from casework.places import fold
from casework.vocabulary import (
    Action,
    Category,
    Danger,
    HowMany,
    MediaKind,
    Relation,
    Resolution,
    Scope,
    Severity,
    Since,
    Status,
)
from tests.conftest import Cast
from tests.desk import REASONS, find_founded
from tests.plan import plan
from tests.webhelp import PASSWORD, build, give_accounts

pytestmark = pytest.mark.browser


@pytest.fixture
def now() -> datetime:
    """The browser's own clock is real, so the site's is too."""
    return datetime.now(UTC)


@pytest.fixture
def site(store: Store, cast: Cast, now: datetime) -> Iterator[str]:
    give_accounts(store, cast, now)
    app = build(store, lambda: datetime.now(UTC))
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


class Watch:
    """Whatever a page complains about: scripts that fail, what the policy blocks, broken files."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", lambda m: self._keep(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._keep(str(error)))
        page.on("response", lambda r: self._keep(r.url) if r.status >= 500 else None)

    def _keep(self, text: str) -> None:
        self.complaints.append(text)


@contextmanager
def _page(browser: Browser, site: str, **more: Any) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context(base_url=site, **more)
    context.set_default_timeout(20_000)
    page = context.new_page()
    watch = Watch(page)
    yield page, watch
    context.close()


def _sign_in(page: Page, name: str = "asha") -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def _photo() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((800, 500)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def _sound() -> bytes:
    """Two seconds of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(32_000))
    return out.getvalue()


def _complaint(session: Session, cast: Cast, now: datetime) -> Case:
    """In Burmese, with a voice message and a photo."""
    voice, photo = (
        attachments.received(session, cast.htwe.id, kind, raw, mime, now)
        for kind, raw, mime in (
            (MediaKind.VOICE, _sound(), "audio/wav"),
            (MediaKind.PHOTO, _photo(), "image/jpeg"),
        )
    )
    words = "ကျွန်မတို့ အောက်တိုဘာလ လစာ မရသေးပါ။ မန်နေဂျာကို မေးတော့ နောက်အပတ်လို့ပဲ ပြောပါတယ်။ လူ ၄၀ လောက် အတူတူပါပဲ။"
    complaint = Complaint(
        (Piece(words), Piece("", voice.id), Piece("ကြေညာစာ", photo.id)),
        cast.golden_thread,
        "",
        Category.WAGES,
        "unpaid",
        Relation.WORKER,
        Danger.NO,
        Since.MONTH,
        HowMany.MANY,
    )
    return filing.open_case(session, cast.htwe, complaint, now=now - timedelta(hours=5))


@pytest.fixture
def case(store: Store, cast: Cast, now: datetime) -> Case:
    with store.writing() as session:
        return _complaint(session, cast, now)


def test_a_handler_carries_a_complaint_to_its_close(
    browser: Browser, site: str, case: Case, store: Store, cast: Cast
) -> None:
    with _page(browser, site) as (page, watch):
        _sign_in(page)
        page.get_by_role("link", name=case.reference).click()
        expect(page.get_by_text("ကျွန်မတို့ အောက်တိုဘာလ")).to_be_visible()
        expect(page.get_by_alt_text("Photo from the worker")).to_be_visible()
        page.get_by_role("button", name="Take it").click()
        expect(page.get_by_text("Assigned.", exact=True)).to_be_visible()

        page.get_by_role("button", name="Acknowledge").click()
        page.locator("summary").get_by_text("Triage", exact=True).click()
        page.locator("label[for=severity-critical]").click()
        page.get_by_label("Summary", exact=True).fill("October wages unpaid for forty people.")
        page.get_by_role("button", name="Save triage").click()
        expect(page.locator(".summary")).to_contain_text("October wages unpaid")

        page.get_by_label("Your message to the worker").fill("ကျေးဇူးတင်ပါတယ်။ စစ်ဆေးနေပါတယ်။")
        page.locator("#write").get_by_label("I wrote this in Burmese").check()
        page.get_by_role("button", name="Send as reply").click()
        expect(page.get_by_text("Your reply is on its way")).to_be_visible()

        page.get_by_role("button", name="Begin to assess").click()
        page.get_by_label("I have no tie to anybody in this case").first.check()
        page.locator("#next").get_by_label("I have no tie").check()
        page.get_by_role("button", name="Begin to investigate").click()
        with store.writing() as session:
            mine = session.get_one(Case, case.id)
            plan(session, mine, by=cast.actor("asha"), now=datetime.now(UTC))
            find_founded(session, mine, cast.actor("asha"), datetime.now(UTC))
        page.reload()
        page.get_by_label("What will be done to put it right").fill("အပတ်ကုန်တွင် ပေးပါမည်။")
        page.locator("#next").get_by_label("I wrote this in Burmese").check()
        page.get_by_role("button", name="Propose a remedy").click()
        expect(page.get_by_text("The proposed remedy is on its way")).to_be_visible()
        page.get_by_label("What was done, and what happens now").fill("လစာအားလုံး ပေးပြီးပါပြီ။")
        page.locator("#next").get_by_label("I wrote this in Burmese").check()
        page.get_by_role("button", name="Tell the outcome").click()
        expect(page.get_by_role("heading", name="Wait for the worker")).to_be_visible()

        with store.writing() as session:
            mine = session.get_one(Case, case.id)
            filing.answer(session, mine, Action.CONFIRM, now=datetime.now(UTC))
        page.reload()
        expect(page.get_by_text("Confirmed by the worker")).to_be_visible()
        page.get_by_label("Yes, end the case").check()
        page.get_by_role("button", name="Close the case").click()
        expect(page.get_by_text("Nothing is left to do")).to_be_visible()
        assert watch.complaints == []
    with store.reading() as session:
        closed = session.get_one(Case, case.id)
        assert (closed.status, closed.resolution) == (Status.CLOSED, Resolution.CONFIRMED)


def test_a_voice_message_plays(browser: Browser, site: str, case: Case) -> None:
    with _page(browser, site) as (page, watch):
        _sign_in(page)
        page.goto(f"/cases/{case.reference}")
        length = page.evaluate(
            """() => new Promise((done, failed) => {
                const audio = document.querySelector("audio");
                audio.onloadedmetadata = () => done(audio.duration);
                audio.onerror = () => failed(new Error("it does not play"));
                audio.load();
                audio.play().catch(() => {});
            })"""
        )
        assert length == pytest.approx(2, abs=0.1)
        assert watch.complaints == []


def test_without_scripts_a_handler_still_answers(
    browser: Browser, site: str, case: Case, store: Store
) -> None:
    with _page(browser, site, java_script_enabled=False) as (page, _watch):
        _sign_in(page)
        page.goto("/cases")
        page.get_by_text("Filter and sort").click()
        page.get_by_label("Category").select_option("WAG")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="Wages").click()
        page.locator("summary", has_text="Leave a note for colleagues").click()
        page.get_by_label("Note", exact=True).fill("Called the union.")
        page.get_by_role("button", name="Keep the note").click()
        expect(page.get_by_text("Called the union.")).to_be_visible()
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.get_by_text("The worker is being told")).to_be_visible()
    with store.reading() as session:
        assert session.get_one(Case, case.id).status is Status.ACKNOWLEDGED


def test_words_not_sent_are_asked_about_before_they_are_lost(
    browser: Browser, site: str, case: Case
) -> None:
    asked = []
    with _page(browser, site) as (page, _watch):
        _sign_in(page)
        page.goto(f"/cases/{case.reference}")
        page.get_by_label("Your message to the worker").press_sequentially("Half a sent")

        def answer(dialog: Any) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", answer)
        page.get_by_role("link", name="Factories").first.click()
        expect(page.get_by_role("heading", name="Factories")).to_be_visible()
    assert asked == ["beforeunload"]


def test_a_case_pauses_goes_on_and_gets_more_time(
    browser: Browser, site: str, case: Case, store: Store
) -> None:
    with _page(browser, site) as (page, watch):
        _sign_in(page)
        page.goto(f"/cases/{case.reference}")
        page.get_by_role("button", name="Acknowledge").click()
        page.get_by_label("Your message to the worker").fill("ဘယ်လလဲ။")
        page.locator("#write").get_by_label("I wrote this in Burmese").check()
        page.get_by_role("button", name="Send as question").click()
        expect(page.get_by_text("Your question is on its way")).to_be_visible()
        page.get_by_text("Pause while we wait for the worker").click()
        page.get_by_role("button", name="Pause the clocks").click()
        expect(page.get_by_text("because we wait for the worker’s answer")).to_be_visible()

        with store.writing() as session:
            mine = session.get_one(Case, case.id)
            filing.add(session, mine, Piece("အောက်တိုဘာ"), now=datetime.now(UTC))
        page.reload()
        expect(page.get_by_text("The clocks run again.")).to_be_visible()
        expect(page.get_by_role("button", name="Let the clocks run again")).to_have_count(0)

        line = page.locator(".clock", has_text="Investigation and plan")
        line.locator("summary", has_text="Ask for more time").click()
        until = datetime.now(UTC) + timedelta(days=60)
        line.get_by_label("Until which day").fill(f"{until:%Y-%m-%d}")
        line.get_by_label("Reason, which the worker reads").select_option("factory")
        line.get_by_label("Why, for whoever decides").fill("Half of the lists are missing.")
        line.get_by_role("button", name="Ask for more time").click()
        expect(page.get_by_text("More time asked for")).to_be_visible()
        assert watch.complaints == []
    with _page(browser, site, viewport={"width": 390, "height": 844}) as (page, watch):
        _sign_in(page, "boris")
        page.get_by_role("link", name="Approve or refuse").click()
        expect(page.locator(".asked")).to_contain_text("Half of the lists are missing.")
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved. The worker is being told")).to_be_visible()
        expect(page.get_by_text("Extended from")).to_be_visible()
        assert watch.complaints == []


PAGES = {
    "sign-in": "/sign-in",
    "today": "/",
    "team": "/team",
    "list": "/cases?status=all",
    "empty": "/cases?status=withdrawn",
    "notices": "/notices",
    "factories": "/factories",
    "factory": "/factories/GT7KM",
    "import": "/factories/import",
    "staff": "/staff",
    "account": "/account",
    "brand": "/brands/new",
    "error": "/nothing",
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_window_or_complains(
    browser: Browser,
    site: str,
    store: Store,
    cast: Cast,
    now: datetime,
    tmp_path: Path,
    width: int,
    scheme: Any,
) -> None:
    """Takes pictures on the way; ``RECOURSE_SCREENSHOTS`` names a folder to keep them."""
    with store.writing() as session:
        case = _busy_office(session, cast, now)
        sweeping.sweep(session, now)
    folder = Path(os.environ.get("RECOURSE_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    size: Any = {"width": width, "height": 844}
    with _page(browser, site, viewport=size, color_scheme=scheme) as (page, watch):
        for name, path in {**PAGES, "case": f"/cases/{case.reference}"}.items():
            if name == "today":
                _sign_in(page, "chen")
            page.goto(path)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            wider = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert not wider, f"{name} scrolls sideways at {width}"
        assert [text for text in watch.complaints if "404" not in text] == []


_COMPLAINTS = (
    (Category.HEALTH_AND_SAFETY, "heat", Danger.NOW),
    (Category.WAGES, "overtime-unpaid", None),
    (Category.HOURS, "no-rest-day", Danger.NO),
    (Category.DOCUMENTS, "passport", Danger.UNSURE),
    (Category.DORMITORY, "water", None),
    (Category.FREEDOM_OF_ASSOCIATION, "dismissal", None),
    (Category.RECRUITMENT, "fees", None),
    (Category.OTHER, "suggestion", None),
)


def _busy_office(session: Session, cast: Cast, now: datetime) -> Case:
    """Some days' cases in several states; the one to look at has a long story."""
    lotus = _lotus(session, cast, now)
    asha, boris = cast.actor("asha"), cast.actor("boris")
    for number, (category, kind, danger) in enumerate(_COMPLAINTS):
        at = now - timedelta(days=number * 2, hours=3)
        place = lotus if number % 2 else cast.golden_thread
        complaint = Complaint((Piece("…"),), place, "", category, kind, Relation.WORKER, danger)
        filed = filing.open_case(session, cast.htwe, complaint, now=at)
        if number % 3 == 1:
            cases.assign(session, filed, cast.asha, by=boris, now=at)
            cases.advance(session, filed, Action.ACKNOWLEDGE, by=asha, now=at)
        if number == 4:
            cases.advance(session, filed, Action.ASSESS, by=asha, now=at)
            find_founded(session, filed, asha, at)
            cases.advance(session, filed, Action.CONCLUDE, by=asha, now=at, text="…", declared=True)
        if number == 7:
            reason = REASONS[Action.REJECT]
            cases.advance(
                session,
                filed,
                Action.REJECT,
                by=asha,
                now=at,
                text="…",
                declared=True,
                reason=reason,
            )
    return _long_story(session, cast, now)


def _long_story(session: Session, cast: Cast, now: datetime) -> Case:
    asha, boris = cast.actor("asha"), cast.actor("boris")
    case, at = _complaint(session, cast, now), now - timedelta(hours=4)
    cases.assign(session, case, cast.asha, by=boris, now=at)
    cases.advance(session, case, Action.ACKNOWLEDGE, by=asha, now=at)
    found = Triage(
        Severity.SERIOUS,
        ((Category.WAGES, "unpaid"), (Category.RETALIATION, "")),
        retaliation_risk=True,
        summary="October wages unpaid for some forty people on the sewing lines.",
    )
    cases.triage(session, case, found, by=asha, now=at)
    for action, actor, text in (
        (Action.REPLY, asha, "ကျေးဇူးတင်ပါတယ်။ ဒီနေ့ စစ်ဆေးပါမယ်။"),
        (Action.NOTE, boris, "The union at the site knows of it. Do not name line 4."),
        (Action.ASSESS, asha, ""),
        (Action.ASK, asha, "ဘယ်နေ့က ရသင့်တာလဲ။"),
    ):
        cases.advance(session, case, action, by=actor, now=at, text=text, declared=True)
    filing.add(session, case, Piece("အောက်တိုဘာ ၃၁ ရက်နေ့ကပါ။"), now=now - timedelta(hours=1))
    return case


def _lotus(session: Session, cast: Cast, now: datetime) -> Factory:
    name = "Lotus Footwear Joint Stock Company"
    factory = Factory(
        id=new_id(now),
        code="LF4QM",
        name=name,
        folded_name=fold(name),
        place="Biên Hòa",
        country="VN",
        zone="Asia/Ho_Chi_Minh",
        workers=5400,
    )
    session.add(factory)
    session.flush()
    session.add(
        Supply(
            id=new_id(now),
            factory_id=factory.id,
            brand_id=cast.borealis.id,
            scope=Scope.OWN,
            tier=0,
            since=now.date(),
        )
    )
    return factory

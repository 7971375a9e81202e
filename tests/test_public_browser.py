"""The public page in a browser: axe finds nothing, nothing scrolls sideways, no script, on paper."""

import threading
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Blueprint
from playwright.sync_api import Browser, Page
from waitress.server import create_server

from casework import facts
from casework.db import Store
from tests.bothouse import Clock
from tests.published import QUARTERS, release, usual
from tests.webhelp import settings
from webadmin.app import create_app

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SCRIPT = Axe().axe_script
EVERYTHING = {"resultTypes": ["violations"]}
LOOKS = (
    ("en", 1280, "light"),
    ("en", 1280, "dark"),
    ("ur", 390, "dark"),
    ("my", 390, "light"),
    ("ta", 390, "light"),
)
"""From right to left, with tall letters, with long words."""


@pytest.fixture
def address(store: Store, clock: Clock) -> Iterator[str]:
    """The page with four quarters and both doors, on a real server."""
    with store.writing() as session:
        facts.note_bot_name(session, "harbour_bot")
        for times, period in enumerate(QUARTERS, start=1):
            release(session, period, usual(times), clock())
    app = create_app(
        store,
        settings(RECOURSE_OPERATOR="Harbour Desk"),
        now=clock,
        secret_key=b"k" * 32,
        open_blueprints=[Blueprint("chat", __name__, url_prefix="/chat")],
    )
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


def wrong(page: Page) -> list[str]:
    """What axe says of a page."""
    page.evaluate(SCRIPT)
    found = page.evaluate("options => axe.run(document, options)", EVERYTHING)
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.mark.parametrize(("tag", "width", "scheme"), LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, address: str, tag: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(f"{address}/public?lang={tag}")
    page.locator("summary").click()
    assert not wrong(page)
    assert page.locator("h1").count() == 1
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not complaints
    context.close()


def test_everything_works_without_a_script_and_from_the_keyboard(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/public")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.locator("summary").click()
    page.get_by_role("link", name="اردو").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert all(url.startswith(address) for url in asked)
    assert context.cookies() == []
    context.close()


def test_on_paper_menus_are_gone_and_every_table_stays(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/public")
    page.emulate_media(media="print")
    for gone in (".languages", ".parts", ".more", ".go"):
        assert not page.locator(gone).is_visible()
    for table in ("kept", "all", "category", "country", "results"):
        assert page.locator(f"#{table}").is_visible()
    assert page.locator("svg.chart").count() == 2
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()

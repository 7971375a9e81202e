"""The web chat in a real Chromium with JavaScript switched off, as on an old phone."""

import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from waitress.server import create_server

from bot.doors import House
from bot.webchat import webchat_blueprint
from casework.db import Store
from tests.conftest import Cast
from tests.webhelp import settings
from webadmin.app import create_app

pytestmark = pytest.mark.browser

TOUCH = 44
"""Pixels that a thumb hits safely (WCAG 2.5.5)."""
STORY = "They have not paid us for two months.\nThe manager says: wait."


@pytest.fixture
def site(store: Store, cast: Cast, now: datetime) -> Iterator[str]:
    chat = webchat_blueprint(store, House("Fair Work Network", practice=True), lambda: now)
    app = create_app(
        store, settings(), now=lambda: now, secret_key=b"k" * 32, open_blueprints=[chat]
    )
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


class Walk:
    """Presses its way through, taking a picture of each page and checking what holds on all."""

    def __init__(self, page: Page, folder: Path, name: str) -> None:
        self.page, self.folder, self.name = page, folder, name
        self.complaints: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)

    def press(self, button: Locator) -> None:
        with self.page.expect_navigation():
            button.click()

    def choose(self, label: str) -> None:
        self.press(self.page.locator("#new").get_by_role("button", name=label))

    def look(self, what: str) -> None:
        picture = self.folder / f"chat-{what}-{self.name}.png"
        self.page.screenshot(path=picture)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{what} scrolls sideways at {width}"
        for button in self.page.locator("button:visible, summary:visible, a:visible").all():
            box = button.bounding_box()
            assert box
            assert box["height"] >= TOUCH, (what, button.inner_text(), box)


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(320, "light", "id"), (360, "light", "en"), (360, "dark", "my"), (1280, "light", "vi")],
)
def test_a_complaint_is_filed_without_script(
    browser: Browser, site: str, tmp_path: Path, width: int, scheme: Any, language: str
) -> None:
    """Takes pictures on the way; ``RECOURSE_SCREENSHOTS`` names a folder to keep them."""
    folder = Path(os.environ.get("RECOURSE_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 720},
        device_scale_factor=2 if width < 500 else 1,
        color_scheme=scheme,
        java_script_enabled=False,
        locale=language,
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    walk = Walk(page, folder, f"{width}-{scheme}-{language}")
    newest = page.locator("#new")

    page.goto("/chat?start=F-GT7KM")
    walk.look("start")
    walk.press(page.locator(f"button[value={language}]"))
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("p.secret")).to_be_in_viewport()
    walk.look("welcome")
    code = page.locator("p.secret").inner_text()
    walk.press(newest.locator("button[value='welcome|yes']"))
    walk.press(newest.locator("button[value='who|worker']"))
    expect(newest).to_be_in_viewport()
    walk.look("topics")
    walk.press(newest.locator("button[value='category|WAG']"))
    walk.press(newest.locator("button[value='danger|no']"))
    walk.look("story")
    page.locator("textarea").fill(STORY)
    walk.press(page.locator(".send"))
    expect(page.locator(".me .said").last).to_contain_text("The manager says: wait.")
    walk.press(newest.locator("button[value='story|send']"))
    expect(newest).to_contain_text("RC-")
    walk.look("filed")
    walk.press(page.locator(".send"))
    expect(page.locator(".notice")).to_be_in_viewport()
    walk.look("nothing-sent")

    walk.press(page.locator(".again"))
    expect(newest).to_be_in_viewport()
    walk.press(page.locator(".leave"))
    walk.look("left")
    assert context.cookies() == []
    page.go_back()
    expect(page.get_by_text("RC-")).to_have_count(0)
    page.goto("/chat/return")
    walk.look("return")
    page.locator("#code").fill(code.lower())
    walk.press(page.locator(".send"))
    expect(newest).to_contain_text("RC-")
    assert [text for text in walk.complaints if "422" not in text] == []
    context.close()

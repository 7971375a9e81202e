"""The pages of figures in a real Chromium: on a phone, in the dark, from right to left, and by axe."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from waitress.server import create_server

import translations
from casework.db import Store
from tests.conftest import Cast
from tests.pseudo import sentences, write_catalog
from tests.released import BEFORE, NUMBERS, YEAR, release
from tests.webhelp import PASSWORD, build, give_accounts
from translations.loading import Catalogs

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

RTL = "ar"
PAGES = ("/statistics", "/statistics?scope=supply-chain&compare=no", "/statistics/report")


@pytest.fixture
def now() -> datetime:
    """The browser's own clock is real, so the site's is too."""
    return datetime.now(UTC)


@pytest.fixture
def site(
    store: Store, cast: Cast, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    folder = tmp_path / "catalogs"
    folder.mkdir()
    write_catalog(folder, sentences("webadmin"), RTL)
    monkeypatch.setattr(translations, "_shipped", Catalogs(folder))
    give_accounts(store, cast, now)
    release(store, now, "AURORA", NUMBERS, period=BEFORE)
    release(store, now, "AURORA", NUMBERS)
    release(store, now, "AURORA", NUMBERS, period=YEAR)
    app = build(store, lambda: datetime.now(UTC))
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


def _sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("input[name=email]", "brigitte@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("language", "way"), [("en", "ltr"), (RTL, "rtl")])
def test_the_pages_fit_and_axe_finds_nothing(
    browser: Browser, site: str, store: Store, cast: Cast, language: str, way: str, width: int
) -> None:
    with store.writing() as session:
        person = session.merge(cast.brigitte)
        person.language = language
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    page, wrong = context.new_page(), []
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    _sign_in(page)
    for path in PAGES:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        assert page.evaluate("document.documentElement.dir") == way
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.evaluate(Axe().axe_script)
        # In the dark nothing but colours can be other.
        for scheme, more in (("light", ""), ("dark", ", runOnly: ['color-contrast']")):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found = page.evaluate(f"axe.run(document, {{resultTypes: ['violations']{more}}})")
            wrong += [
                f"{path} {scheme} {one['id']}: {node['html'][:160]}"
                for one in found["violations"]
                for node in one["nodes"][:3]
            ]
    context.close()
    assert not wrong, "\n".join(wrong)


def test_nothing_written_in_a_chart_leaves_its_picture(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844})
    page = context.new_page()
    _sign_in(page)
    page.goto("/statistics")
    outside = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text, rect')].filter(one => {
                const box = one.getBoundingClientRect();
                return box.left < frame.left - 2 || box.right > frame.right + 2
                    || box.bottom > frame.bottom + 2;
            }).map(one => svg.id + one.outerHTML);
        })"""
    )
    drawn = page.locator("svg.chart").count()
    context.close()
    assert drawn >= 5
    assert not outside

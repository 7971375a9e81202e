"""The browser of the tests itself: that it starts, and that it is missed where it must not be."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import find_chromium


def test_without_chromium_a_browser_test_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda path: False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        find_chromium({}, lambda name: None)


def test_without_chromium_a_browser_test_fails_where_one_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "exists", lambda path: False)
    with pytest.raises(pytest.fail.Exception, match="RECOURSE_REQUIRE_BROWSER is set"):
        find_chromium({"RECOURSE_REQUIRE_BROWSER": "1"}, lambda name: None)


@pytest.mark.browser
def test_chromium_shows_the_vendored_style(browser: Browser) -> None:
    vendor = Path(__file__).parent.parent / "webadmin" / "static" / "vendor"
    page = browser.new_page()
    page.goto((vendor / "LICENSE-bootstrap.txt").as_uri())
    page.set_content("<p>Good morning.</p>")
    page.add_style_tag(content=(vendor / "bootstrap.min.css").read_text("utf-8"))
    for script in ("bootstrap.bundle.min.js", "htmx.min.js"):
        page.add_script_tag(content=(vendor / script).read_text("utf-8"))
    colour = "getComputedStyle(document.documentElement).getPropertyValue('--bs-primary')"
    assert page.evaluate(colour) == "#0d6efd"
    assert page.evaluate("bootstrap.Tooltip.VERSION") == "5.3.9"
    assert page.evaluate("htmx.version") == "2.0.11"
    page.close()

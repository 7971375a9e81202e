"""What makes a long day at the case tracker easier, in a real Chromium: keys, words that come back,
a list that changes without a new page, and the worker's time of day."""

from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect

from casework.db import Store
from casework.models import Case, Staff
from tests.conftest import Cast
from tests.test_web_browser import _page, _sign_in, case, now, site
from tests.webhelp import file_case
from webadmin import accounts

__all__ = ["case", "now", "site"]

pytestmark = pytest.mark.browser


def test_a_handler_goes_through_the_queue_with_keys(
    browser: Browser, site: str, case: Case, store: Store, cast: Cast, now: datetime
) -> None:
    file_case(store, cast, now)
    with _page(browser, site) as (page, watch):
        _sign_in(page)
        page.keyboard.press("c")
        expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.getAttribute('href')") != first
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{first}")
        page.keyboard.press("r")
        expect(page.get_by_label("Your message to the worker")).to_be_focused()
        page.keyboard.type("nur j")
        expect(page.get_by_label("Your message to the worker")).to_have_value("nur j")
        page.get_by_label("Your message to the worker").fill("")
        page.get_by_label("Your message to the worker").blur()
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
        expect(dialog).to_be_visible()
        dialog.get_by_label("Use these keys on this machine").uncheck()
        dialog.get_by_role("button", name="Close").click()
        page.keyboard.press("t")
        page.keyboard.press("u")
        assert page.url.endswith(first)
        assert watch.complaints == []


def test_words_come_back_after_the_session_has_ended_and_go_when_they_are_sent(
    browser: Browser, site: str, case: Case, store: Store, cast: Cast
) -> None:
    text = "ဒီနေ့ စက်ရုံကို ဖုန်းဆက်ပါမယ်။"
    with _page(browser, site) as (page, watch):
        _sign_in(page)
        page.goto(f"/cases/{case.reference}")
        page.get_by_label("Your message to the worker").fill(text)
        page.on("dialog", lambda dialog: dialog.accept())
        with store.writing() as session:
            account = accounts.of_staff(session, cast.asha.id)
            assert account
            accounts.end_sessions(session, account)
        page.get_by_role("button", name="Send as reply").click()
        page.goto("/")
        page.get_by_label("E-mail").fill("asha@example.org")
        page.get_by_label("Password").fill("correct horse battery staple tree")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
        page.goto(f"/cases/{case.reference}")
        expect(page.get_by_label("Your message to the worker")).to_have_value(text)
        expect(page.get_by_text("What you had written before is back.")).to_be_visible()
        page.locator("#write").get_by_label("I wrote this in Burmese").check()
        page.get_by_role("button", name="Send as reply").click()
        expect(page.get_by_text("Your reply is on its way")).to_be_visible()
        page.goto(f"/cases/{case.reference}")
        expect(page.get_by_label("Your message to the worker")).to_have_value("")
        assert [one for one in watch.complaints if "40" not in one] == []


def test_nobody_else_in_the_same_tab_gets_the_words(
    browser: Browser, site: str, case: Case
) -> None:
    with _page(browser, site) as (page, _watch):
        _sign_in(page)
        page.goto(f"/cases/{case.reference}")
        page.get_by_label("Your message to the worker").fill("Half a sentence")
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Sign out").first.click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert page.evaluate("sessionStorage.length") == 0
        _sign_in(page, "boris")
        page.goto(f"/cases/{case.reference}")
        expect(page.get_by_label("Your message to the worker")).to_have_value("")


def test_the_list_changes_in_its_place_and_leaves_nothing_on_the_disk(
    browser: Browser, site: str, case: Case
) -> None:
    with _page(browser, site) as (page, watch):
        _sign_in(page)
        page.goto("/cases")
        page.evaluate("window.stillHere = true")
        page.get_by_label("Category").select_option("DRM")
        expect(page.get_by_text("No case fits")).to_be_visible()
        assert "category=DRM" in page.url
        page.get_by_label("Category").focus()
        page.get_by_label("Category").select_option("WAG")
        expect(page.get_by_text(case.reference)).to_be_visible()
        expect(page.get_by_label("Category")).to_be_focused()
        assert page.evaluate("window.stillHere") is True
        page.go_back()
        expect(page.get_by_text("No case fits")).to_be_visible()
        assert page.evaluate("JSON.stringify(localStorage)") == "{}"
        assert watch.complaints == []


def test_who_was_signed_out_meanwhile_is_led_to_the_sign_in(
    browser: Browser, site: str, case: Case, store: Store, cast: Cast
) -> None:
    with _page(browser, site) as (page, _watch):
        _sign_in(page)
        page.goto("/cases")
        with store.writing() as session:
            account = accounts.of_staff(session, cast.asha.id)
            assert account
            accounts.end_sessions(session, account)
        page.get_by_label("Category").select_option("WAG")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_time_of_day_where_the_worker_is_stands_beside_the_readers(
    browser: Browser, site: str, case: Case, store: Store, cast: Cast
) -> None:
    with store.writing() as session:
        session.get_one(Staff, cast.asha.id).zone = "Europe/Oslo"
    with _page(browser, site) as (page, _watch):
        _sign_in(page)
        page.goto(f"/cases/{case.reference}")
        expect(page.get_by_text("Now, where the worker is")).to_be_visible()
        expect(page.locator(".story time").first).to_contain_text("for the worker")

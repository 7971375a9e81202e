"""Passkeys in a real Chromium with a virtual authenticator: made, and signed in with."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from sqlmodel import select
from waitress.server import create_server

from casework.db import Store
from tests.conftest import Cast
from tests.webhelp import PASSWORD, build, give_accounts
from webadmin.signin_rows import Passkey, RecoveryCode

pytestmark = pytest.mark.browser


@pytest.fixture
def now() -> datetime:
    """The browser's own clock is real, so the site's is too."""
    return datetime.now(UTC)


@pytest.fixture
def site(store: Store, cast: Cast, now: datetime) -> Iterator[str]:
    """A site with a name: browsers make no passkeys for an address in numbers."""
    give_accounts(store, cast, now)
    server: Any = None

    def build_for(port: int) -> Any:
        return build(
            store, lambda: datetime.now(UTC), RECOURSE_PUBLIC_URL=f"http://localhost:{port}"
        )

    class Late:
        """The port is known only when the server stands."""

        app: Any = None

        def __call__(self, environ: Any, start: Any) -> Any:
            return self.app(environ, start)

    late = Late()
    server = create_server(late, host="127.0.0.1", port=0, threads=4)
    late.app = build_for(server.effective_port)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://localhost:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


@contextmanager
def _visitor(browser: Browser, site: str) -> Iterator[tuple[Page, CDPSession, list[str]]]:
    context = browser.new_context(base_url=site)
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    yield page, devtools, complaints
    context.close()


def _authenticator(devtools: CDPSession, *, verifies: bool = True) -> str:
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    found = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return str(found["authenticatorId"])


def _password(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("asha@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _signed_in(page: Page) -> None:
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def test_a_passkey_is_made_and_signs_in_without_a_password_and_as_the_second_step(
    browser: Browser, site: str, store: Store
) -> None:
    with _visitor(browser, site) as (page, devtools, complaints):
        authenticator = _authenticator(devtools)
        _password(page)
        _signed_in(page)
        page.goto("/account/second-step")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        page.get_by_role("link", name="I have kept them").click()
        expect(page.get_by_text("10 of 10 left")).to_be_visible()

        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        _signed_in(page)

        page.get_by_role("button", name="Sign out").click()
        _password(page)
        expect(page.get_by_role("heading", name="Second step")).to_be_visible()
        page.get_by_role("button", name="Use a passkey").click()
        _signed_in(page)

        # Without the person verified it is only a thing that somebody found.
        page.get_by_role("button", name="Sign out").click()
        devtools.send(
            "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
        )
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_text("No passkey was used")).to_be_visible()
        assert not complaints
    with store.reading() as session:
        passkey = session.exec(select(Passkey)).one()
        assert passkey.used_at
        assert passkey.sign_count >= 2
        assert len(session.exec(select(RecoveryCode)).all()) == 10


def test_a_passkey_of_nobody_here_and_a_copied_answer_open_nothing(
    browser: Browser, site: str, store: Store
) -> None:
    with _visitor(browser, site) as (page, devtools, _complaints):
        _authenticator(devtools)
        _password(page)
        _signed_in(page)
        page.goto("/account/second-step")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        page.get_by_role("link", name="Your account").or_(
            page.get_by_role("link", name="I have kept them")
        ).click()
        page.get_by_role("button", name="Sign out").click()

        # Cookie and answer as they were before the sign-in, sent a second time.
        asked = page.get_by_role("button", name="Sign in with a passkey")
        with page.expect_request("**/sign-in/passkey") as sent:
            asked.click()
        _signed_in(page)
        cookie = sent.value.all_headers()["cookie"]
        page.get_by_role("button", name="Sign out").click()
        page.context.clear_cookies()
        again = page.context.request.post(
            f"{site}/sign-in/passkey",
            data=sent.value.post_data,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie},
            max_redirects=0,
        )
        assert again.status == 302
        assert again.headers["location"].startswith("/sign-in")

        # Whoever deletes the key here has lost it, whatever the phone still holds.
        with store.writing() as session:
            session.delete(session.exec(select(Passkey)).one())
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_text("That passkey did not work")).to_be_visible()


def test_without_scripts_the_other_ways_stay(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    context.close()

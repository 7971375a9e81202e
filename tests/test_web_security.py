"""Attacks on the site that worked once: each must fail for good."""

import base64
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from flask import Flask
from PIL import Image
from sqlmodel import func, select
from werkzeug.datastructures import FileStorage

from bot.doors import House
from bot.webchat import webchat_blueprint
from casework.db import Store
from casework.models import AccessLog, Attachment, Case, Message
from tests.conftest import Cast
from tests.installation import HANDLER, PASSWORD, install
from tests.running import Running
from tests.webhelp import PASSWORD as CAST_PASSWORD
from tests.webhelp import Browser, build, file_case, give_accounts, settings
from tests.webphone import WebPhone
from webadmin.app import create_app
from webadmin.signin import find


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


# --- sessions -------------------------------------------------------------------------------------


def test_a_copied_cookie_ends_with_the_sign_out(app: Flask, browser: Browser) -> None:
    browser.sign_in("asha")
    copy = Browser(app)
    cookie = browser.client.get_cookie("recourse")
    assert cookie
    copy.client.set_cookie("recourse", cookie.value)
    assert copy.get("/cases").status_code == 200
    browser.get("/")
    browser.post("/sign-out")
    assert copy.get("/cases").status_code == 302


def test_a_session_that_only_runs_out_leaves_the_others_alone(
    store: Store, cast: Cast, now: datetime
) -> None:
    give_accounts(store, cast, now)
    times = [now]
    app = build(store, lambda: times[0])
    desk, phone = Browser(app), Browser(app)
    desk.sign_in("asha")
    times[0] = now.replace(hour=now.hour + 3)
    phone.sign_in("asha")
    assert desk.get("/").status_code == 302
    assert phone.get("/").status_code == 200


def test_nobody_stays_signed_in_by_asking_for_it(browser: Browser) -> None:
    browser.get("/sign-in")
    form = {"email": "asha@example.org", "password": CAST_PASSWORD, "remember": "y"}
    answer = browser.post("/sign-in", form)
    assert answer.status_code == 302
    assert all("remember" not in kept for kept in answer.headers.getlist("Set-Cookie"))


def test_a_sign_in_with_json_hands_out_no_token_and_none_opens_anything(
    app: Flask, browser: Browser
) -> None:
    browser.get("/sign-in")
    answer = browser.client.post(
        "/sign-in?include_auth_token",
        json={"email": "asha@example.org", "password": CAST_PASSWORD},
        headers={"X-CSRFToken": browser.token},
    )
    assert not answer.is_json
    assert browser.get("/cases").status_code == 302
    with app.test_request_context():
        user = find("asha@example.org")
        assert user
        token = str(user.get_auth_token())
    stranger = Browser(app)
    assert stranger.get("/cases", headers={"Authentication-Token": token}).status_code == 302
    assert stranger.get(f"/cases?auth_token={token}").status_code == 302


def test_the_token_of_the_forms_is_another_after_signing_in(browser: Browser) -> None:
    browser.get("/sign-in")
    with browser.client.session_transaction() as kept:
        before = kept["csrf_token"]
    browser.sign_in("asha")
    browser.get("/")
    with browser.client.session_transaction() as kept:
        assert kept["csrf_token"] != before


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("step", {"seen": "0", "action": "note", "text": "x"}),
        ("step", {"seen": "1", "action": "reply", "text": " "}),
        ("step", {"seen": "1", "action": "reject", "text": "no"}),
        ("triage", {"seen": "0"}),
        ("triage", {"seen": "1"}),
        ("assign", {"seen": "0"}),
    ],
)
def test_a_case_shown_again_after_a_mistake_was_read_too(
    browser: Browser,
    store: Store,
    cast: Cast,
    now: datetime,
    address: str,
    form: dict[str, str],
) -> None:
    case = file_case(store, cast, now, words="zebrafish")
    browser.sign_in("asha")
    browser.get("/account")
    answer = browser.post(f"/cases/{case.reference}/{address}", form)
    assert answer.status_code in (409, 422)
    assert "zebrafish" in browser.text
    with store.reading() as session:
        log = session.exec(select(AccessLog)).one()
        assert (log.staff_id, log.case_id, log.what) == (cast.asha.id, case.id, "case")
        assert session.exec(select(func.count()).select_from(Message)).one() == 1
        assert not session.get_one(Case, case.id).unread


def test_a_case_whose_reading_can_not_be_written_down_is_not_shown(
    browser: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now, words="zebrafish")
    browser.sign_in("asha")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE accesslog")
    assert browser.get(f"/cases/{case.reference}").status_code == 500
    assert "zebrafish" not in browser.page


# --- addresses that make no sense -----------------------------------------------------------------


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        '["n", 0, "", Infinity]',
        '["n", 0, "", 1e300]',
        json.dumps(["n", 0, "", 10**30]),
        '["n", 0, "0001-01-01T00:00:00+14:00", 5]',
        "[" * 20_000,
    ],
)
def test_a_made_up_page_of_the_list_leads_to_the_first(browser: Browser, cursor: str) -> None:
    browser.sign_in("asha")
    assert browser.get(f"/cases?page={_cursor(cursor)}").status_code == 302


@pytest.mark.parametrize("number", [2**63, 10**19 - 1, 10**40])
def test_a_number_that_no_row_has_is_no_mistake_of_ours(browser: Browser, number: int) -> None:
    browser.sign_in("chen")
    assert browser.get(f"/attachments/{number}").status_code == 404
    assert browser.get(f"/staff/{number}").status_code == 404
    assert browser.get(f"/cases?factory={number}&assignee={number}").status_code == 200


# --- crowds ---------------------------------------------------------------------------------------


def test_one_customer_of_an_ipv6_network_is_one_source_of_guesses(app: Flask) -> None:
    for last in range(6):
        guesser = Browser(app)
        guesser.client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{last + 1}"
        guesser.sign_in("asha", "a wrong password")
    assert "Too many tries" in guesser.text
    neighbour = Browser(app)
    neighbour.client.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert neighbour.sign_in("asha").status_code == 302


@pytest.fixture
def phone(store: Store, cast: Cast, now: datetime) -> WebPhone:
    """A worker who began a conversation in the web chat."""
    chat = webchat_blueprint(store, House("Fair Work Network"), lambda: now)
    app = create_app(
        store, settings(), now=lambda: now, secret_key=b"k" * 32, open_blueprints=[chat]
    )
    phone = WebPhone(app)
    phone.start("en", poster="F-GT7KM")
    return phone


def test_another_site_can_not_close_her_web_chat(phone: WebPhone) -> None:
    code = phone.code
    phone.client.post("/chat/leave", headers={"Sec-Fetch-Site": "cross-site"})
    phone.open()
    assert phone.code == code
    phone.client.post("/chat/leave", headers={"Sec-Fetch-Site": "same-origin"})
    phone.open()
    assert code not in phone.html


def test_of_a_made_up_form_with_many_pictures_one_is_looked_at(
    phone: WebPhone, store: Store
) -> None:
    phone.press("Yes, go on")
    phone.press("I work in the factory")
    phone.press("Pay")
    phone.press("No")
    phone.post("/send", file=[FileStorage(io.BytesIO(_png(64)), f"{n}.png") for n in range(5)])
    with store.reading() as session:
        assert session.exec(select(func.count()).select_from(Attachment)).one() == 1


def _png(width: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, width), "navy").save(out, "PNG")
    return out.getvalue()


_PEAK = """
import resource, sys, threading
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
def crowd(target, *args):
    threads = [threading.Thread(target=target, args=args) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""

_HASHES = """
from webadmin import passwords
stored = passwords.hashed("a lantern over seven quiet harbours")
before = peak()
crowd(passwords.matches, "wrong", stored)
print(peak() - before)
"""

_PICTURES = """
from casework.media import pictures
picture = open(sys.argv[1], "rb").read()
pictures.redraw(picture)
before = peak()
crowd(pictures.redraw, picture)
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("work", "most"), [(_HASHES, 100), (_PICTURES, 40)])
def test_many_at_once_take_hardly_more_memory_than_one(
    tmp_path: Path, work: str, most: int
) -> None:
    (tmp_path / "wide.png").write_bytes(_png(3000))
    root = Path(__file__).parent.parent
    found = subprocess.run(
        [sys.executable, "-c", _PEAK + work, tmp_path / "wide.png"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    assert int(found.stdout) < most, f"{found.stdout} MiB more"


# --- behind a proxy -------------------------------------------------------------------------------


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    installation = install(tmp_path)
    with Running(tmp_path) as program:
        yield program.address
    installation.store.engine.dispose()


@pytest.mark.slow
def test_the_running_program_knows_for_whom_a_proxy_on_this_machine_speaks(address: str) -> None:
    def visitor(forwarded: str = "") -> httpx.Client:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        return httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=30)

    def sign_in(client: httpx.Client, password: str) -> httpx.Response:
        page = client.get("/sign-in").text
        token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        form = {"email": HANDLER, "password": password, "csrf_token": token}
        return client.post("/sign-in", data=form)

    with visitor() as here, visitor("203.0.113.9") as away, visitor("198.51.100.7") as guesser:
        assert here.get("/metrics").status_code == 200
        assert away.get("/metrics").status_code == 404
        for _ in range(6):
            answer = sign_in(guesser, "a wrong password")
        assert "Too many tries" in answer.text
        assert sign_in(away, PASSWORD).status_code == 302

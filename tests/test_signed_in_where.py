"""Where somebody is signed in: listed, ended one by one or all; and known devices, never locked."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from casework.db import Store
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.webhelp import PASSWORD, Browser, build, give_accounts
from webadmin import accounts, browsers
from webadmin.signin_rows import SignInSession

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


def _browser(app: Flask, agent: str = "", address: str = "198.51.100.7") -> Browser:
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    return browser


def test_ones_sessions_are_listed_and_one_is_ended_from_elsewhere(app: Flask, store: Store) -> None:
    desk = _browser(app, FIREFOX)
    phone = _browser(app, CHROME, "203.0.113.9")
    desk.sign_in("asha")
    phone.sign_in("asha")
    desk.get("/account")
    assert "Firefox on Windows This one" in desk.text
    assert "Chrome on Android" in desk.text
    assert "Another network than here" in desk.text
    with store.reading() as session:
        row = session.exec(select(SignInSession).where(SignInSession.browser == "Chrome/Android"))
        number = row.one().id
    desk.post(f"/account/sessions/{number}/end")
    assert phone.get("/cases").status_code == 302
    assert desk.get("/cases").status_code == 200


def test_all_others_are_ended_and_nobody_elses(app: Flask) -> None:
    here, there, boris = _browser(app), _browser(app), _browser(app)
    for browser, name in ((here, "asha"), (there, "asha"), (boris, "boris")):
        browser.sign_in(name)
    here.get("/account")
    here.post("/account/sessions/end")
    assert here.get("/cases").status_code == 200
    assert there.get("/cases").status_code == 302
    assert boris.get("/cases").status_code == 200


def test_nobody_ends_a_colleagues_session(app: Flask, store: Store) -> None:
    asha, boris = _browser(app), _browser(app)
    asha.sign_in("asha")
    with store.reading() as session:
        number = session.exec(select(SignInSession)).one().id
    boris.sign_in("boris")
    boris.get("/account")
    boris.post(f"/account/sessions/{number}/end")
    assert asha.get("/cases").status_code == 200


def test_signing_out_here_leaves_the_others_alone(app: Flask) -> None:
    here, there = _browser(app), _browser(app)
    here.sign_in("asha")
    there.sign_in("asha")
    here.get("/account")
    here.post("/sign-out")
    assert there.get("/cases").status_code == 200


def test_no_token_and_no_address_of_a_session_is_stored(app: Flask, store: Store) -> None:
    browser = _browser(app, FIREFOX, "203.0.113.77")
    browser.sign_in("asha")
    with browser.client.session_transaction() as kept:
        token = kept["key"]
    with store.reading() as session:
        text = repr(session.exec(select(SignInSession)).one().model_dump())
    assert token not in text
    assert "203.0.113" not in text


def test_a_request_looks_its_session_up_in_one_read(app: Flask, store: Store, clock: Clock) -> None:
    from sqlalchemy import event

    browser = _browser(app)
    browser.sign_in("brigitte")
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    browser.get("/account")
    event.remove(store.engine, "before_cursor_execute", note)
    looked_up = [one for one in asked if "FROM account" in one and "signinsession" in one]
    assert len(looked_up) == 1


def test_what_ran_out_is_deleted_by_the_next_sign_in(
    app: Flask, store: Store, clock: Clock
) -> None:
    _browser(app).sign_in("asha")
    clock.at += timedelta(hours=3)
    _browser(app).sign_in("boris")
    with store.reading() as session:
        assert len(session.exec(select(SignInSession)).all()) == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROME, "Chrome on Android"),
        (CHROME.replace("Mobile Safari/537.36", "Safari/537.36 Edg/140.0"), "Edge on Android"),
        ("curl/8", "A browser we do not know"),
    ],
)
def test_a_browser_is_named_in_plain_words(agent: str, words: str) -> None:
    assert browsers.in_words(browsers.code(agent)) == words


# --- known devices --------------------------------------------------------------------------------


def test_who_tries_from_many_sources_can_not_keep_the_owner_out_of_a_known_device(
    app: Flask,
) -> None:
    owner = _browser(app)
    owner.sign_in("asha")
    owner.get("/account")
    owner.post("/sign-out")
    # Also from the owner's own address: a proxy, an office, a telephone company.
    for address in (*(f"203.0.113.{n}" for n in range(20)), *["198.51.100.7"] * 10):
        for _ in range(6):
            _browser(app, address=address).sign_in("asha", "a wrong password")
    stranger = _browser(app)
    stranger.sign_in("asha")
    assert "Too many tries" in stranger.text
    assert owner.sign_in("asha").location == "/"


def test_a_known_device_is_slowed_down_by_its_own_tries(app: Flask, clock: Clock) -> None:
    owner = _browser(app)
    owner.sign_in("asha")
    owner.get("/account")
    owner.post("/sign-out")
    for _ in range(10):
        owner.sign_in("asha", "a wrong password")
    owner.sign_in("asha")
    assert "Too many tries" in owner.text
    clock.at += timedelta(minutes=2)
    assert owner.sign_in("asha").location == "/"


def test_a_device_is_known_only_for_who_signed_in_there(app: Flask) -> None:
    shared = _browser(app)
    shared.sign_in("asha")
    shared.get("/account")
    shared.post("/sign-out")
    for _ in range(5):
        shared.sign_in("boris", "a wrong password")
    shared.sign_in("boris")
    assert "Too many tries" in shared.text
    assert shared.sign_in("asha").location == "/"


def test_a_made_up_device_is_not_known(app: Flask) -> None:
    stranger = _browser(app)
    stranger.client.set_cookie("recourse-device", f"{'a' * 32}.{'b' * 32}")
    for _ in range(5):
        stranger.sign_in("asha", "a wrong password")
    stranger.sign_in("asha")
    assert "Too many tries" in stranger.text


def test_the_device_cookie_says_nothing_of_who_it_was(app: Flask, cast: Cast) -> None:
    browser = _browser(app)
    answer = browser.sign_in("asha")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("recourse-dev"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "asha" not in cookie
    assert str(cast.asha.id) not in cookie


# --- invitations ----------------------------------------------------------------------------------


def test_wrong_links_are_slowed_down_and_a_good_one_still_opens(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        token = accounts.make_invitation(session, cast.asha, now)
    answers = [_browser(app).get(f"/welcome/wrong{n}").status_code for n in range(7)]
    assert answers == [404] * 5 + [429] * 2
    assert _browser(app).get(f"/welcome/{token}").status_code == 200


def test_an_admin_sees_links_that_wait_and_takes_one_back(
    app: Flask, store: Store, cast: Cast, clock: Clock
) -> None:
    chen = _browser(app)
    chen.sign_in("chen")
    chen.get(f"/staff/{cast.asha.id}")
    chen.post(f"/staff/{cast.asha.id}/link")
    link = chen.page.split("/welcome/")[1].split('"')[0]
    chen.get("/staff")
    assert "Links that wait to be used Asha Works until 23 Nov 2026" in chen.text
    chen.post(f"/staff/{cast.asha.id}/revoke-link", follow_redirects=True)
    assert "Links that wait" not in chen.text
    assert "The link to set a password was taken back" in chen.text
    assert _browser(app).get(f"/welcome/{link}").status_code == 404


def test_a_new_password_ends_every_session_but_the_new_one(app: Flask, store: Store) -> None:
    here, there = _browser(app), _browser(app)
    here.sign_in("asha")
    there.sign_in("asha")
    here.get("/account")
    words = "violet tractor sings at noon"
    here.post("/account/password", {"old": PASSWORD, "password": words, "again": words})
    assert there.get("/").status_code == 302
    with store.reading() as session:
        assert len(session.exec(select(SignInSession)).all()) == 1

"""The second step of signing in: codes of an app, recovery codes, who must have one, resets."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from casework.db import Store
from casework.models import StaffEvent
from casework.vocabulary import Role, StaffAct
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.webhelp import PASSWORD, Browser, build, give_accounts
from webadmin import accounts, factors, safety, totp
from webadmin.signin_rows import Authenticator, RecoveryCode


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


def _come_from(app: Flask, address: str) -> Browser:
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def _secret(store: Store, name: str) -> bytes:
    with store.reading() as session:
        account = accounts.by_email(session, f"{name}@example.org")
        assert account
        app = session.exec(
            select(Authenticator).where(Authenticator.account_id == account.id)
        ).one()
        return factors.secret_of(session, app)


def _set_up(browser: Browser, store: Store, clock: Clock, name: str) -> list[str]:
    """Sign in and set an app up; the recovery codes shown."""
    browser.sign_in(name)
    browser.get("/account/second-step")
    browser.post("/account/second-step/app", follow_redirects=True)
    code = totp.code_at(_secret(store, name), clock.at)
    assert browser.post("/account/second-step/app/code", {"code": code}).status_code == 200
    return re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", browser.page)


def _second(browser: Browser, **form: str) -> int:
    browser.get("/sign-in/second-step")
    return browser.post("/sign-in/second-step", form).status_code


def test_a_code_of_the_app_is_asked_for_after_the_password(
    app: Flask, store: Store, clock: Clock
) -> None:
    owner = Browser(app)
    assert len(_set_up(owner, store, clock, "asha")) == 10
    clock.at += timedelta(minutes=5)
    other = Browser(app)
    assert other.sign_in("asha").location.startswith("/sign-in/second-step")
    assert other.get("/cases").status_code == 302
    assert _second(other, code="000000") == 422
    assert other.get("/cases").status_code == 302
    assert _second(other, code=totp.code_at(_secret(store, "asha"), clock.at)) == 302
    assert other.get("/cases").status_code == 200


def test_a_code_works_once_and_no_earlier_one_after_it(
    app: Flask, store: Store, clock: Clock
) -> None:
    _set_up(Browser(app), store, clock, "asha")
    clock.at += timedelta(minutes=5)
    secret = _secret(store, "asha")
    code, earlier = (totp.code_at(secret, clock.at - timedelta(seconds=ago)) for ago in (0, 30))
    first, watcher = Browser(app), Browser(app)
    for browser in (first, watcher):
        browser.sign_in("asha")
    assert _second(first, code=code) == 302
    assert _second(watcher, code=code) == 422
    assert _second(watcher, code=earlier) == 422
    clock.at += timedelta(seconds=30)
    assert _second(watcher, code=totp.code_at(secret, clock.at)) == 302


def test_the_code_that_set_the_app_up_signs_nobody_in(
    app: Flask, store: Store, clock: Clock
) -> None:
    _set_up(Browser(app), store, clock, "asha")
    browser = Browser(app)
    browser.sign_in("asha")
    assert _second(browser, code=totp.code_at(_secret(store, "asha"), clock.at)) == 422


@pytest.mark.parametrize(("seconds", "good"), [(-60, 0), (-30, 1), (0, 1), (30, 1), (60, 0)])
def test_a_clock_may_be_off_by_one_step(now: datetime, seconds: int, good: int) -> None:
    secret = totp.new_secret()
    code = totp.code_at(secret, now + timedelta(seconds=seconds))
    spaced = f"{code[:3]} {code[3:]}"
    assert (totp.counter_of(secret, spaced, now, 0) is not None) == bool(good)


def test_the_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, its last six digits.
    secret = b"12345678901234567890"
    for second, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        at = datetime.fromtimestamp(second, tz=datetime.now().astimezone().tzinfo)
        assert totp.code_at(secret, at) == code


def test_wrong_codes_are_slowed_down(app: Flask, store: Store, clock: Clock) -> None:
    _set_up(Browser(app), store, clock, "asha")
    clock.at += timedelta(minutes=5)
    thief = _come_from(app, "203.0.113.8")
    thief.sign_in("asha")
    assert [_second(thief, code="000000") for _ in range(6)] == [422] * 5 + [429]
    right = totp.code_at(_secret(store, "asha"), clock.at)
    assert _second(thief, code=right) == 429


def test_a_thief_with_the_password_and_many_sources_is_slowed_down_and_the_owner_is_not(
    app: Flask, store: Store, clock: Clock
) -> None:
    owner = Browser(app)
    _set_up(owner, store, clock, "asha")
    owner.get("/account")
    owner.post("/sign-out")
    clock.at += timedelta(minutes=5)
    answers = []
    for number in range(8):
        thief = _come_from(app, f"203.0.113.{number}")
        thief.sign_in("asha")
        answers += [_second(thief, code="000000") for _ in range(3)]
    assert answers.count(422) == 20
    assert answers[-1] == 429
    owner.sign_in("asha")
    assert _second(owner, code=totp.code_at(_secret(store, "asha"), clock.at)) == 302
    owner.get("/cases")
    assert "Somebody typed your password and then wrong codes" in owner.text


def test_a_recovery_code_works_once_however_it_is_typed(
    app: Flask, store: Store, clock: Clock
) -> None:
    codes = _set_up(Browser(app), store, clock, "asha")
    browser = Browser(app)
    browser.sign_in("asha")
    assert _second(browser, recovery=f" {codes[0].lower().replace('-', ' ')} ") == 302
    browser.get("/cases")
    assert "9 are left" in browser.text
    again = Browser(app)
    again.sign_in("asha")
    assert _second(again, recovery=codes[0]) == 422
    assert _second(again, recovery=codes[1]) == 302


def test_recovery_codes_stand_nowhere_and_new_ones_end_the_old_ones(
    app: Flask, store: Store, clock: Clock
) -> None:
    browser = Browser(app)
    codes = _set_up(browser, store, clock, "asha")
    with store.reading() as session:
        kept = session.exec(select(RecoveryCode)).all()
        assert len(kept) == 10
        assert not any(code.encode() in one.code_hash for one in kept for code in codes)
    browser.get("/account/second-step")
    assert codes[0] not in browser.page
    assert browser.post("/account/second-step/codes").status_code == 200
    other = Browser(app)
    other.sign_in("asha")
    assert _second(other, recovery=codes[0]) == 422


def test_the_step_between_lasts_ten_minutes_and_ends_with_a_new_password(
    app: Flask, store: Store, clock: Clock
) -> None:
    owner = Browser(app)
    _set_up(owner, store, clock, "asha")
    slow, other = Browser(app), Browser(app)
    slow.sign_in("asha")
    slow.get("/sign-in/second-step")
    clock.at += timedelta(minutes=11)
    code = totp.code_at(_secret(store, "asha"), clock.at)
    assert slow.post("/sign-in/second-step", {"code": code}).location == "/sign-in"
    other.sign_in("asha")
    owner.get("/account")
    words = "violet tractor sings at noon"
    owner.post("/account/password", {"old": PASSWORD, "password": words, "again": words})
    assert other.get("/sign-in/second-step").location == "/sign-in"


def test_nobody_adds_a_key_at_a_browser_that_was_left_open(
    app: Flask, store: Store, clock: Clock
) -> None:
    browser = Browser(app)
    browser.sign_in("asha")
    clock.at += timedelta(minutes=11)
    browser.get("/account/second-step")
    browser.post("/account/second-step/app")
    with store.reading() as session:
        assert session.exec(select(Authenticator)).first() is None
    browser.get("/account/second-step")
    assert browser.post("/account/second-step/confirm", {"password": "no"}).status_code == 422
    assert browser.post("/account/second-step/confirm", {"password": PASSWORD}).status_code == 302
    browser.get("/account/second-step")
    browser.post("/account/second-step/app")
    with store.reading() as session:
        assert len(session.exec(select(Authenticator)).all()) == 1


def test_an_admin_is_reminded_for_seven_days_and_then_led_to_set_one_up(
    app: Flask, store: Store, clock: Clock
) -> None:
    chen = Browser(app)
    chen.sign_in("chen")
    chen.get("/staff")
    assert "Your role needs a second step" in chen.text
    asha = Browser(app)
    asha.sign_in("asha")
    asha.get("/cases")
    assert "Your role needs a second step" not in asha.text
    clock.at += safety.GRACE + timedelta(minutes=1)
    chen.sign_in("chen")
    assert chen.get("/staff").location == "/account/second-step"
    assert chen.get("/account").location == "/account/second-step"
    _set_up(chen, store, clock, "chen")
    assert chen.get("/staff").status_code == 200
    chen.get("/account/second-step")
    chen.post("/account/second-step/app/remove", follow_redirects=True)
    assert "Set up another one before you remove this one" in chen.text


def test_in_practice_nobody_is_led_anywhere(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    from dataclasses import replace

    from tests.webhelp import settings
    from webadmin.app import create_app

    give_accounts(store, cast, now)
    practice = replace(settings(), practice=True)
    chen = Browser(create_app(store, practice, now=clock, secret_key=b"k" * 32))
    chen.sign_in("chen")
    chen.get("/staff")
    assert "Your role needs a second step" not in chen.text


def test_an_admin_decides_which_roles_must_and_it_is_written_down(
    app: Flask, store: Store, cast: Cast, clock: Clock
) -> None:
    chen, asha = Browser(app), Browser(app)
    chen.sign_in("chen")
    chen.get("/staff/second-step")
    chen.post("/staff/second-step", {"role": ["admin", "handler"]})
    chen.get("/staff")
    assert "Decided who needs a second step" in chen.text
    assert "Administrator → Administrator, Case handler" in chen.text
    asha.sign_in("asha")
    asha.get("/cases")
    assert "Your role needs a second step" in asha.text
    with store.reading() as session:
        assert safety.required_roles(session) == {Role.ADMIN, Role.HANDLER}


def test_an_admin_removes_a_lost_second_step_and_its_owner_hears_of_it(
    app: Flask, store: Store, cast: Cast, clock: Clock
) -> None:
    asha, chen = Browser(app), Browser(app)
    _set_up(asha, store, clock, "asha")
    chen.sign_in("chen")
    chen.get(f"/staff/{cast.asha.id}")
    path = f"/staff/{cast.asha.id}/reset-second-step"
    chen.post(path)
    assert asha.get("/cases").status_code == 200
    chen.get(f"/staff/{cast.asha.id}")
    chen.post(path, {"sure": "yes"})
    assert asha.get("/cases").status_code == 302
    assert asha.sign_in("asha").location == "/"
    asha.get("/cases")
    assert "An administrator removed your second step" in asha.text
    asha.get("/cases")
    assert "An administrator removed your second step" not in asha.text
    with store.reading() as session:
        event = session.exec(select(StaffEvent)).one()
        assert (event.what, event.by_id) == (StaffAct.SECOND_STEP_RESET, cast.chen.id)


def test_an_admin_does_not_reset_the_own_second_step(
    app: Flask, store: Store, cast: Cast, clock: Clock
) -> None:
    chen = Browser(app)
    _set_up(chen, store, clock, "chen")
    chen.get("/staff")
    chen.post(f"/staff/{cast.chen.id}/reset-second-step", {"sure": "yes"})
    clock.at += timedelta(minutes=1)
    other = Browser(app)
    assert other.sign_in("chen").location.startswith("/sign-in/second-step")


def test_the_secret_of_an_app_is_sealed(app: Flask, store: Store, clock: Clock) -> None:
    _set_up(Browser(app), store, clock, "asha")
    with store.reading() as session:
        app_row = session.exec(select(Authenticator)).one()
        assert factors.secret_of(session, app_row) not in app_row.secret_sealed

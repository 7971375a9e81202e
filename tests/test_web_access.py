"""Who may open what in the case tracker, and how one signs in."""

from datetime import datetime, timedelta

import pytest
from flask import Blueprint, Flask

from casework.db import Store
from casework.vocabulary import Role
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.webhelp import PASSWORD, Browser, build, file_case, give_accounts, settings
from translations.sentences import spoken
from webadmin import accounts
from webadmin.access import OPEN_ENDPOINTS
from webadmin.app import create_app
from webadmin.problems import BLUEPRINT


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


HANDLING = {Role.HANDLER, Role.SUPERVISOR, Role.ADMIN}
EDITING = {Role.SUPERVISOR, Role.ADMIN}
AUDITING = {Role.AUDITOR, Role.ADMIN}
ALL = {*HANDLING, Role.INTERPRETER, Role.AUDITOR, Role.BRAND}
BRANDS = {*HANDLING, Role.BRAND}
FIGURES = {*EDITING, Role.BRAND}
MATRIX: dict[str, set[Role]] = {
    "home.index": ALL,
    "cases.index": HANDLING,
    "cases.show": HANDLING,
    "cases.step": HANDLING,
    "cases.triage": HANDLING,
    "cases.assign": HANDLING,
    "notices.index": HANDLING,
    "notices.read": HANDLING,
    "work.show": HANDLING,
    "work.find": HANDLING,
    "work.consider": HANDLING,
    "work.interview": HANDLING,
    "work.add_task": HANDLING,
    "work.change_task": HANDLING,
    "work.finish_task": HANDLING,
    "work.add_party": HANDLING,
    "work.change_party": HANDLING,
    "work.remove_party": HANDLING,
    "case_time.pause": HANDLING,
    "case_time.resume": HANDLING,
    "case_time.ask": HANDLING,
    "case_time.decide": EDITING,
    "case_ties.tie": HANDLING,
    "case_ties.declare": HANDLING,
    "case_file.show": HANDLING,
    "case_export.show": EDITING,
    "case_import.index": EDITING,
    "case_import.show": EDITING,
    "case_import.reading": EDITING,
    "case_import.apply": EDITING,
    "case_import.drop": EDITING,
    "case_import.bad_rows": EDITING,
    "group.show": HANDLING,
    "group.link": HANDLING,
    "group.unlink": HANDLING,
    "group.end_duplicate": HANDLING,
    "several.preview": HANDLING,
    "several.assign": HANDLING,
    "several.write": HANDLING,
    "several.collect": HANDLING,
    "entry.new": HANDLING,
    "entry.take": HANDLING,
    "entry.numbers": HANDLING,
    "entry.hide": HANDLING,
    "entry.phone": HANDLING,
    "entry.told": HANDLING,
    "entry.receipt": HANDLING,
    "entry.heard": HANDLING,
    "statistics.index": FIGURES,
    "statistics.rows": FIGURES,
    "statistics.chart": FIGURES,
    "statistics_report.show": FIGURES,
    "statistics_report.download": FIGURES,
    "patterns.index": HANDLING,
    "patterns.show": HANDLING,
    "writing.compose": HANDLING,
    "waiting.show": HANDLING,
    "waiting.send": HANDLING,
    "waiting.ask": HANDLING,
    "waiting.machine": HANDLING,
    "waiting.drop": HANDLING,
    "translating.show": HANDLING,
    "translating.write": HANDLING,
    "translating.ask": HANDLING,
    "translating.machine": HANDLING,
    "interpreting.index": {Role.INTERPRETER},
    "interpreting.show": {Role.INTERPRETER},
    "interpreting.file": {Role.INTERPRETER},
    "interpreting.done": {Role.INTERPRETER},
    "interpreting.tie": {Role.INTERPRETER},
    "phrases.index": EDITING,
    "phrases.new": EDITING,
    "phrases.show": EDITING,
    "phrases.write": EDITING,
    "phrases.withdraw": EDITING,
    "team.index": EDITING,
    "releases.index": EDITING,
    "releases.show": EDITING,
    "releases.recount": EDITING,
    "ties.office": EDITING,
    "ties.end": EDITING,
    "filters.save": HANDLING,
    "filters.remove": HANDLING,
    "identity.show": HANDLING,
    "files.show": HANDLING,
    "redactions.passage": HANDLING,
    "redactions.file": EDITING,
    "redactions.hold": EDITING,
    "api_tokens.index": {Role.ADMIN, Role.BRAND},
    "api_tokens.new": {Role.ADMIN, Role.BRAND},
    "api_tokens.revoke": {Role.ADMIN, Role.BRAND},
    "audit.index": AUDITING,
    "audit.check": AUDITING,
    "audit.reads": AUDITING,
    "audit.changes": AUDITING,
    "audit.rights": AUDITING,
    "audit.policies": AUDITING,
    "factories.index": BRANDS,
    "factories.show": BRANDS,
    "supplier_record.show": EDITING | {Role.BRAND},
    "supplier_record.rows": EDITING | {Role.BRAND},
    "factories.new": EDITING,
    "factories.edit": EDITING,
    "factories.upload": EDITING,
    "posters.show": HANDLING,
    "supplies.new": EDITING,
    "supplies.edit": EDITING,
    "calendars.index": HANDLING,
    "calendars.show": HANDLING,
    "calendars.new": EDITING,
    "calendars.edit": EDITING,
    "calendars.default": EDITING,
    "calendars.delete": EDITING,
    "policies.index": HANDLING,
    "policies.try_it": HANDLING,
    "policies.edit": EDITING,
    "policies.severities": EDITING,
    "brands.index": HANDLING,
    "brands.new": EDITING,
    "brands.edit": EDITING,
    "staff.index": {Role.ADMIN},
    "staff.new": {Role.ADMIN},
    "staff.edit": {Role.ADMIN},
    "staff.link": {Role.ADMIN},
    "staff_safety.rules": {Role.ADMIN},
    "staff_safety.reset": {Role.ADMIN},
    "staff_safety.revoke": {Role.ADMIN},
    "guidance.index": HANDLING,
    "guidance.show": HANDLING,
    "guidance.new": EDITING,
    "guidance.take_over": EDITING,
    "guidance.edit": EDITING,
    "guidance.up": EDITING,
    "guidance.delete": EDITING,
    "rights.new": EDITING,
    "rights.edit": EDITING,
    "rights.up": EDITING,
    "rights.delete": EDITING,
    "recordings.index": EDITING,
    "recordings.show": EDITING,
    "recordings.upload": EDITING,
    "recordings.sound": EDITING,
    "recordings.delete": EDITING,
    "recordings.tidy": EDITING,
    "remedy.index": HANDLING,
    "remedy.show": HANDLING,
    "remedy.new": HANDLING,
    "remedy.edit": HANDLING,
    "remedy.step": HANDLING,
    "remedy.verify": HANDLING,
    "remedy.again": HANDLING,
    "remedy_money.group": HANDLING,
    "remedy_money.record": HANDLING,
    "remedy_money.reverse": HANDLING,
    "remedy_contacts.add": HANDLING,
    "remedy_contacts.link": HANDLING,
    "remedy_contacts.revoke": HANDLING,
    "remedy_plan.show": HANDLING,
    "remedy_plan.for_factory": HANDLING,
    "rating.index": FIGURES,
    "rating.report": FIGURES,
    "rating.judge": EDITING,
    "attesting.index": FIGURES,
    "attesting.form": FIGURES,
    "attesting.withdraw": FIGURES,
    "attesting.file": FIGURES,
    "attesting.requests": FIGURES,
    "reviewing.index": FIGURES,
    "reviewing.new": EDITING,
    "reviewing.show": FIGURES,
    "reviewing.write": EDITING,
    "reviewing.add_action": EDITING,
    "reviewing.remove_action": EDITING,
    "reviewing.finish_action": EDITING,
    "reviewing.sign": EDITING,
    "reviewing.drop": EDITING,
    "account.index": ALL,
    "account.password": ALL,
    "ties.index": {*HANDLING, Role.INTERPRETER},
    "account.end_session": ALL,
    "account.end_sessions": ALL,
    "absences.own": HANDLING,
    "absences.of_person": EDITING,
    "absences.stop": HANDLING,
    "absences.take_back": HANDLING,
    "absences.leave": HANDLING,
    "factors.index": ALL,
    "factors.confirm": ALL,
    "factors.begin_app": ALL,
    "factors.set_up_app": ALL,
    "factors.confirm_app": ALL,
    "factors.drop_app": ALL,
    "factors.passkey_options": ALL,
    "factors.add_passkey": ALL,
    "factors.drop_passkey": ALL,
    "factors.new_codes": ALL,
    "security.logout": ALL,
    "security.verify": set(),
    "security.static": set(),
}
PEOPLE = {
    "asha": Role.HANDLER,
    "boris": Role.SUPERVISOR,
    "chen": Role.ADMIN,
    "indra": Role.INTERPRETER,
    "auguste": Role.AUDITOR,
    "brigitte": Role.BRAND,
}


def _walk(app: Flask) -> list[tuple[str, str, str]]:
    """Every route that is not open, with each of its methods, and holes filled. What a token alone
    opens, has tests of its own (``tests/test_api.py``)."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS or rule.endpoint.startswith(f"{BLUEPRINT}."):
            continue
        path = rule.rule.replace("<reference>", "RC-7K3M-9Q2T").replace("<code>", "GT7KM")
        path = path.replace("<int:row>", "1").replace("<path:filename>", "x")
        path = path.replace("<country>", "KH").replace("<kind>", "emergency")
        path = path.replace("<language>", "my").replace("<key>", spoken()[0].key)
        path = path.replace("<promise>", "triage").replace("<name>", "topics")
        path = path.replace("<period>", "2026-Q3")
        assert "<" not in path, f"say what fills the hole of {rule.rule}"
        found += [
            (rule.endpoint, method, path)
            for method in sorted(rule.methods or ())
            if method in ("GET", "POST")
        ]
    return found


def test_every_route_is_in_the_matrix(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in _walk(app)} == set(MATRIX)


def test_an_anonymous_visitor_gets_nothing_but_the_sign_in(app: Flask) -> None:
    browser = Browser(app)
    for _, method, path in _walk(app):
        browser.get("/sign-in")
        if method == "GET":
            answer = browser.get(path)
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/sign-in"), path
        else:
            assert browser.post(path).status_code == 401, path


@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_opens_what_is_for_it_and_nothing_else(app: Flask, name: str) -> None:
    browser = Browser(app)
    assert browser.sign_in(name).status_code == 302
    for endpoint, method, path in _walk(app):
        if endpoint == "security.logout":
            continue
        browser.get("/account")
        answer = browser.get(path) if method == "GET" else browser.post(path)
        if PEOPLE[name] in MATRIX[endpoint]:
            assert answer.status_code != 403, (name, method, path)
        else:
            assert answer.status_code == 403, (name, method, path)


def test_a_view_that_names_no_role_is_closed(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    browser = Browser(app)
    browser.sign_in("chen")
    assert browser.get("/forgotten").status_code == 403


def test_an_open_blueprint_is_open(store: Store, cast: Cast, clock: Clock) -> None:
    chat = Blueprint("chat", __name__)
    chat.add_url_rule("/chat", view_func=lambda: "welcome", endpoint="start")
    app = create_app(store, settings(), now=clock, secret_key=b"k" * 32, open_blueprints=[chat])
    assert app.test_client().get("/chat").text == "welcome"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser: Browser) -> None:
    assert browser.sign_in("asha", "wrong but long enough").status_code == 200
    wrong = browser.text
    assert browser.sign_in("nobody", "wrong but long enough").status_code == 200
    assert wrong.replace("asha", "nobody") == browser.text
    assert "Check the address and the password" in browser.text


def test_guessing_is_slowed_down_and_the_owner_still_gets_in_from_elsewhere(
    app: Flask, browser: Browser, clock: Clock
) -> None:
    for _ in range(5):
        browser.sign_in("asha", "a wrong password")
    browser.sign_in("asha")
    assert "Too many tries" in browser.text
    elsewhere = Browser(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert elsewhere.sign_in("asha").status_code == 302
    clock.at += timedelta(minutes=2)
    assert browser.sign_in("asha").status_code == 302


def test_a_proxy_on_this_machine_is_believed_about_who_asks(app: Flask) -> None:
    def come_from(address: str) -> Browser:
        browser = Browser(app)
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.1, {address}"
        return browser

    guesser = come_from("203.0.113.8")
    for _ in range(6):
        guesser.sign_in("asha", "a wrong password")
    assert "Too many tries" in guesser.text
    assert come_from("203.0.113.9").sign_in("asha").status_code == 302


def test_a_session_ends_after_two_hours_of_rest_and_after_twelve_in_all(
    browser: Browser, clock: Clock
) -> None:
    browser.sign_in("asha")
    clock.at += timedelta(hours=1, minutes=59)
    assert browser.get("/").status_code == 200
    clock.at += timedelta(hours=2, minutes=1)
    assert browser.get("/").status_code == 302
    browser.sign_in("asha")
    for _ in range(7):
        clock.at += timedelta(minutes=100)
        browser.get("/")
    clock.at += timedelta(minutes=30)
    assert browser.get("/").status_code == 302


def test_who_is_deactivated_is_out_at_once(browser: Browser, store: Store, cast: Cast) -> None:
    browser.sign_in("asha")
    with store.writing() as session:
        session.merge(cast.asha).active = False
    assert browser.get("/").status_code == 302
    assert browser.sign_in("asha").status_code == 200


def test_signing_out_takes_a_post(browser: Browser) -> None:
    browser.sign_in("asha")
    assert browser.get("/sign-out").status_code == 405
    browser.get("/")
    assert browser.post("/sign-out").status_code == 302
    assert browser.get("/").status_code == 302


def test_after_signing_in_one_comes_where_one_wanted_and_never_elsewhere(browser: Browser) -> None:
    browser.get("/cases?status=all", follow_redirects=True)
    form = {"email": "asha@example.org", "password": PASSWORD}
    assert browser.post("/sign-in?next=/cases?status%3Dall", form).location.endswith(
        "/cases?status=all"
    )
    browser.client.delete_cookie("recourse")
    browser.get("/sign-in")
    assert "evil" not in browser.post("/sign-in?next=//evil.example", form).location


def test_an_invitation_works_once(
    browser: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        token = accounts.make_invitation(session, cast.asha, now)
    assert "Welcome, Asha" in browser.get(f"/welcome/{token}").text
    words = "violet tractor sings at noon"
    short = browser.post(f"/welcome/{token}", {"password": "short", "again": "short"})
    assert short.status_code == 422
    assert "too short" in browser.text
    browser.post(f"/welcome/{token}", {"password": "asha@example.org", "again": "asha@example.org"})
    assert "easy to guess" in browser.text
    browser.post(f"/welcome/{token}", {"password": words, "again": "something else"})
    assert "not the same" in browser.text
    assert browser.post(f"/welcome/{token}", {"password": words, "again": words}).status_code == 302
    assert browser.get(f"/welcome/{token}").status_code == 404
    assert browser.sign_in("asha", words).status_code == 302


def test_an_invitation_ends_after_three_days_and_with_the_next_one(
    browser: Browser, store: Store, cast: Cast, clock: Clock
) -> None:
    with store.writing() as session:
        first = accounts.make_invitation(session, cast.asha, clock.at)
        second = accounts.make_invitation(session, cast.asha, clock.at)
    assert browser.get(f"/welcome/{first}").status_code == 404
    assert browser.get(f"/welcome/{second}").status_code == 200
    clock.at += timedelta(hours=72, seconds=1)
    assert browser.get(f"/welcome/{second}").status_code == 404


def test_a_new_password_signs_out_everywhere_but_here(app: Flask, browser: Browser) -> None:
    other = Browser(app)
    browser.sign_in("asha")
    other.sign_in("asha")
    browser.get("/account")
    words = "violet tractor sings at noon"
    form = {"old": PASSWORD, "password": words, "again": words}
    browser.post("/account/password", {**form, "old": "something wrong"})
    assert "not your present password" in browser.text
    assert browser.post("/account/password", form).status_code == 302
    assert browser.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_a_post_without_its_token_is_refused_and_changes_nothing(
    browser: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    browser.sign_in("asha")
    form = {"seen": "1", "action": "acknowledge", "csrf_token": "made up"}
    answer = browser.post(f"/cases/{case.reference}/step", form)
    assert answer.status_code == 400
    assert "This form has expired" in browser.text
    browser.get(f"/cases/{case.reference}")
    assert "Received" in browser.text


def test_every_answer_has_the_headers_that_protect_it(browser: Browser, app: Flask) -> None:
    browser.sign_in("asha")
    for path in ("/", "/cases", "/static/app.css", "/nothing", "/sign-in"):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert "Strict-Transport-Security" not in headers, path
    assert browser.get("/").headers["Cache-Control"] == "no-store"


def test_on_https_the_cookie_is_secure_and_the_browser_stays_there(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    give_accounts(store, cast, now)
    app = build(store, clock, RECOURSE_PUBLIC_URL="https://recourse.example.org")
    answer = app.test_client().get("/sign-in", base_url="https://recourse.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("__Host-", "Secure", "HttpOnly", "SameSite=Lax"))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_health_is_for_anyone_and_metrics_for_this_machine_or_an_admin(app: Flask) -> None:
    here, away = Browser(app), Browser(app)
    away.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert away.get("/healthz").text == "ok\n"
    assert "recourse_outbox_waiting 0" in here.get("/metrics").text
    assert away.get("/metrics").status_code == 404
    away.sign_in("chen")
    assert "recourse_clocks_overdue 0" in away.get("/metrics").text


def test_an_error_page_and_its_log_line_show_nothing(
    app: Flask, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        secret = "the worker's words"
        raise RuntimeError(secret)

    app.view_functions["home.index"] = broken
    broken.recourse_roles = frozenset(Role)  # type: ignore[attr-defined]
    browser.sign_in("asha")
    answer = browser.get("/?find=the+worker")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in browser.text
    assert "worker" not in browser.text
    assert "RuntimeError in GET / (tests/test_web_access.py:" in caplog.text
    assert "worker" not in caplog.text


def test_a_file_too_large_gets_a_calm_answer(browser: Browser) -> None:
    browser.sign_in("boris")
    browser.get("/factories/import")
    answer = browser.client.post("/factories/import", data=b"x" * (22 * 1024 * 1024))
    assert answer.status_code == 413

"""The read API: whom a token lets in, what it opens and never opens, and how it answers."""

import hashlib
import json
import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import col, select
from werkzeug.test import TestResponse

from casework import token_making, tokens
from casework.db import Store
from casework.errors import NotAllowed
from casework.models import ApiToken, Brand, Staff, StaffEvent, Supply
from casework.office import staff
from casework.token_making import TokenFacts
from casework.tokens import PER_MINUTE
from casework.vocabulary import ApiScope, Role, StaffAct
from tests.apihelp import EVERYTHING, Caller, all_addresses, make, publish, released
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.webhelp import Browser, build, give_accounts
from webadmin.api_answers import OPERATIONS


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    publish(store, cast, now)
    return build(store, clock)


@pytest.fixture
def aurora(app: Flask, store: Store, cast: Cast, now: datetime) -> Caller:
    return Caller(app, make(store, cast, now, cast.aurora))


@pytest.fixture
def everybody(app: Flask, store: Store, cast: Cast, now: datetime) -> Caller:
    return Caller(app, make(store, cast, now, None, ApiScope.FIGURES))


# --- what is answered ---


def test_the_newest_figures_come_without_a_parameter(aurora: Caller) -> None:
    answer = aurora.json("/figures")
    assert answer["release"]["audience"] == "AURORA"
    assert answer["release"]["period"] == "2026-Q3"
    assert answer["release"]["version"] == 2
    assert answer["release"]["first_day"] == "2026-07-01"
    assert answer["release"]["last_day"] == "2026-09-30"
    assert answer["newest"] is True
    assert {"measure": "received", "by": {}, "value": 412, "suppressed": False} in answer["figures"]


def test_what_is_hidden_has_no_value_and_one_reason(aurora: Caller) -> None:
    answer = aurora.json("/figures?measure=received&by=country")
    thai = {"measure": "received", "by": {"country": "TH"}, "value": None, "suppressed": True}
    assert thai in answer["figures"]
    assert answer["hidden"] == "Hidden: below 5, or it would give such a number away."
    assert {row["by"]["country"] for row in answer["figures"]} == {"KH", "TH", "VN"}


def test_days_come_with_their_90th_percentile_and_hidden_ones_without(aurora: Caller) -> None:
    rows = {r["by"]["promise"]: r for r in aurora.json("/figures?measure=days")["figures"]}
    assert (rows["acknowledge"]["value"], rows["acknowledge"]["p90"]) == (1.5, 4.0)
    assert rows["remedy"] == {
        "measure": "days",
        "by": {"promise": "remedy"},
        "value": None,
        "suppressed": True,
    }


def test_an_answer_names_the_tables_within_which_what_is_missing_is_0(aurora: Caller) -> None:
    answer = aurora.json("/figures?measure=overdue")
    assert answer["tables"] == [{"measure": "overdue", "by": ["factory"], "yearly": False}]
    assert [row["value"] for row in answer["figures"]] == [0]
    # A table that was not published is not there: an empty answer would read as zeros.
    assert aurora.get("/figures?measure=persons").status_code == 404
    assert aurora.get("/figures?measure=received&by=factory").status_code == 404


def test_an_earlier_version_stays_readable(aurora: Caller) -> None:
    answer = aurora.json("/figures?period=2026-Q3&version=1&by=total&measure=received")
    assert [row["value"] for row in answer["figures"]] == [411]
    assert answer["newest"] is False
    versions = [(one["period"], one["version"]) for one in aurora.json("/releases")["releases"]]
    assert versions == [("2026-Q3", 2), ("2026-Q3", 1), ("2026-Q2", 1)]
    of_one = aurora.json("/releases?period=2026-Q2")["releases"]
    assert [one["version"] for one in of_one] == [1]


def test_the_periods_are_listed_with_their_newest_version(aurora: Caller) -> None:
    found = aurora.json("/periods")["periods"]
    assert [(one["period"], one["version"]) for one in found] == [("2026-Q3", 2), ("2026-Q2", 1)]
    assert found[0]["pending_since"] == "2026-11-20"
    assert found[1]["pending_since"] is None


def test_a_reader_can_compute_the_digest_of_a_release(aurora: Caller) -> None:
    """As docs/api.md says."""
    answer = aurora.json("/figures")
    head = answer["release"]
    parts = {name: head[name] for name in ("audience", "period", "version", "threshold")}
    rows = [{k: v for k, v in row.items() if k != "suppressed"} for row in answer["figures"]]
    text = json.dumps(
        {**parts, "tables": answer["tables"], "figures": rows},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert hashlib.sha256(text.encode()).hexdigest() == head["digest"]


def test_the_definitions_are_those_of_the_audience(aurora: Caller) -> None:
    own, public = aurora.json("/definitions"), aurora.json("/definitions?audience=public")
    assert (own["threshold"], public["threshold"]) == (5, 10)
    by_factory = {"measure": "received", "by": ["factory"], "yearly": False}
    assert by_factory in own["tables"]
    assert by_factory not in public["tables"]
    received = next(one for one in own["measures"] if one["code"] == "received")
    assert received["counted"] == "cases"
    assert "duplicates" in received["definition"]
    ages = next(one for one in own["dimensions"] if one["code"] == "age")
    assert ages["values"][0] == {"code": "0-29", "title": "Less than 30 days"}


def test_a_brand_lists_the_factories_that_work_for_it_today(
    aurora: Caller, store: Store, cast: Cast, clock: Clock
) -> None:
    assert aurora.json("/factories") == {
        "audience": "AURORA",
        "day": "2026-11-20",
        "factories": [
            {
                "code": "GT7KM",
                "name": "Golden Thread Garments Co., Ltd",
                "country": "KH",
                "scope": "supply-chain",
                "tier": 1,
                "since": "2024-11-20",
                "workers": 1200,
            }
        ],
    }
    with store.writing() as session:
        session.exec(select(Supply).where(Supply.brand_id == cast.aurora.id)).one().until = (
            clock.at.date() - timedelta(days=1)
        )
    assert aurora.json("/factories")["factories"] == []


def test_the_first_address_says_what_the_token_opens_and_where_to_go(aurora: Caller) -> None:
    answer = aurora.json("")
    assert answer["token"]["audiences"] == ["AURORA", "public"]
    assert answer["token"]["scopes"] == ["figures:read", "factories:read"]
    assert answer["links"]["figures"] == "/api/v1/figures"
    for name, path in answer["links"].items():
        assert aurora.client.get(path, headers=aurora.headers).status_code == 200, name


# --- whose ---


_OF_AN_AUDIENCE = (
    "/figures?audience={}",
    "/figures?audience={}&period=2026-Q3",
    "/figures?audience={}&period=2025&version=1",
    "/figures?measure=received&audience={}",
    "/periods?audience={}",
    "/releases?audience={}",
    "/releases?audience={}&period=2025",
    "/definitions?audience={}",
)


def test_a_token_of_one_brand_gets_of_another_what_it_gets_of_none(
    aurora: Caller,
) -> None:
    for path in _OF_AN_AUDIENCE:
        other, none = aurora.get(path.format("BOREALIS")), aurora.get(path.format("NOSUCHBRAND"))
        assert other.status_code == none.status_code == 404
        assert other.data == none.data
        assert _headers(other) == _headers(none)


_PERIODS = ("2025", "2026-Q2", "2026-Q3")


def test_nothing_that_a_token_reads_holds_a_number_of_another_brand(
    aurora: Caller, everybody: Caller, clock: Clock
) -> None:
    of_borealis, of_aurora = (
        r"577|570|599|592|NORTH1|BOREALIS",
        r"388|381|411|404|412|405|GT7KM|AURORA",
    )
    for caller, hidden in ((aurora, of_borealis), (everybody, f"{of_borealis}|{of_aurora}")):
        read = 0
        for path in all_addresses(_PERIODS, ("public", "AURORA", "BOREALIS")):
            clock.at += timedelta(seconds=1)
            answer = caller.get(path)
            assert answer.status_code in (200, 403, 404), path
            # Not in what is random or our own: digests, and the description of what there is.
            text = re.sub(r'"digest":"[0-9a-f]+"', "", answer.text)
            assert not re.search(rf'[:"]({hidden})[,"}}]', text), path
            read += answer.status_code == 200
        assert read > 15


def test_a_period_of_another_brand_alone_is_no_period(aurora: Caller) -> None:
    missing, others = aurora.get("/figures?period=2024"), aurora.get("/figures?period=2025")
    assert missing.status_code == others.status_code == 404
    assert missing.data == others.data


def test_a_brands_token_reads_the_public_figures_too_and_theirs_nobody_elses(
    aurora: Caller, everybody: Caller
) -> None:
    public = aurora.json("/figures?audience=public&measure=received&by=total")
    assert [row["value"] for row in public["figures"]] == [911]
    assert everybody.json("/figures")["release"]["audience"] == "public"
    assert everybody.get("/figures?audience=AURORA").status_code == 404
    assert everybody.get("/factories").status_code == 403


# --- who is let in ---


def test_without_a_token_nothing_opens_but_the_description(app: Flask) -> None:
    nobody = Caller(app)
    assert nobody.get("/openapi.json").status_code == 200
    for operation in OPERATIONS:
        answer = nobody.get(operation.path)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Recourse"'
        assert answer.mimetype == "application/problem+json"
        assert answer.json is not None
        assert answer.json["type"] == "urn:recourse:problem:no-token"


def test_every_address_of_the_api_is_one_of_its_operations(app: Flask) -> None:
    """What is not among them has no scope that could open it."""
    rules = {r.endpoint for r in app.url_map.iter_rules() if r.rule.startswith("/api/")}
    assert rules == {"api.openapi", *(f"api.{one.name}" for one in OPERATIONS)}
    assert all(
        rule.methods == {"GET", "HEAD"}
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    )


def test_a_session_opens_no_address_of_the_api_and_a_token_no_page(
    app: Flask, aurora: Caller
) -> None:
    browser = Browser(app)
    browser.sign_in("chen")
    assert browser.client.get("/api/v1/figures").status_code == 401
    for path in ("/", "/factories", "/api-tokens", "/staff"):
        answer = aurora.client.get(path, headers=aurora.headers)
        assert answer.status_code in (302, 403, 404), path
    assert "Set-Cookie" not in aurora.get("/figures").headers


def test_a_token_that_is_expired_revoked_or_of_an_inactive_brand_opens_nothing(
    app: Flask, store: Store, cast: Cast, clock: Clock
) -> None:
    short = Caller(app, make(store, cast, clock.at, cast.aurora, until=date(2026, 11, 30)))
    other = Caller(app, make(store, cast, clock.at, cast.borealis))
    clock.at = datetime.fromisoformat("2026-11-30T23:59:59+00:00")
    assert short.get("/figures").status_code == 200
    clock.at += timedelta(seconds=1)
    answer = short.get("/figures")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert other.get("/figures").status_code == 200
    with store.writing() as session:
        session.get_one(Brand, cast.borealis.id).active = False
    assert other.get("/figures").status_code == 401
    with store.writing() as session:
        session.get_one(Brand, cast.borealis.id).active = True
        token = session.exec(select(ApiToken).order_by(col(ApiToken.id).desc())).first()
        assert token is not None
        token_making.revoke(session, token, by=cast.actor("chen"), now=clock.at)
    assert other.get("/figures").status_code == 401


def test_what_is_no_bearer_token_is_refused(app: Flask) -> None:
    for sent in ("", "Bearer", "Bearer ", "Basic YTpi", "Token x", "recourse_x", "Bearer é"):
        answer = app.test_client().get("/api/v1/figures", headers={"Authorization": sent})
        assert answer.status_code == 401, sent


def test_a_token_opens_what_it_was_made_for_alone(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    caller = Caller(app, make(store, cast, now, cast.aurora, ApiScope.FACTORIES))
    assert caller.get("/factories").status_code == 200
    for path in ("/figures", "/periods", "/releases", "/definitions"):
        answer = caller.get(path)
        assert answer.status_code == 403
        assert (
            'error="insufficient_scope", scope="figures:read"'
            in (answer.headers["WWW-Authenticate"])
        )
        assert answer.json is not None
        assert answer.json["scope"] == "figures:read"


# --- how often ---


def test_a_token_may_ask_so_often_in_a_minute_and_then_again_in_the_next(
    aurora: Caller, everybody: Caller, clock: Clock
) -> None:
    clock.at = clock.at.replace(second=18)
    first = aurora.get("")
    assert first.headers["RateLimit-Policy"] == '"token";q=120;w=60'
    assert first.headers["RateLimit"] == '"token";r=119;t=42'
    for _ in range(PER_MINUTE - 1):
        assert aurora.get("").status_code == 200
    answer = aurora.get("")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "42"
    assert answer.headers["RateLimit"] == '"token";r=0;t=42'
    assert everybody.get("").status_code == 200
    clock.at += timedelta(seconds=41)
    assert aurora.get("").headers["Retry-After"] == "1"
    clock.at += timedelta(seconds=1)
    assert aurora.get("").status_code == 200


def test_many_wrong_tokens_of_an_address_are_held_up_and_a_right_one_is_not(
    app: Flask, aurora: Caller, clock: Clock
) -> None:
    wrong = Caller(app, "recourse_" + "x" * 42)
    for _ in range(50):
        assert wrong.get("/figures").status_code == 401
    answer = wrong.get("/figures")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert aurora.get("/figures").status_code == 200
    assert Caller(app).get("/figures").status_code == 401
    elsewhere = wrong.client.get(
        "/api/v1/figures",
        headers=wrong.headers,
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    assert elsewhere.status_code == 401
    clock.at += timedelta(seconds=60)
    assert wrong.get("/figures").status_code == 401


# --- how it is answered ---


def test_an_answer_that_still_holds_is_not_sent_again(
    aurora: Caller, store: Store, now: datetime
) -> None:
    first = aurora.get("/figures")
    etag = first.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept"} <= set(first.headers["Vary"].split(", "))
    again = aurora.get("/figures", If_None_Match=f'"other", {etag}')
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert aurora.get("/figures?measure=met", If_None_Match=etag).status_code == 200
    released(store, now, "AURORA", "2026-Q3", 413, version=3)
    assert aurora.get("/figures", If_None_Match=etag).status_code == 200


def test_head_answers_like_get_without_the_body(aurora: Caller) -> None:
    got = aurora.get("/figures")
    head = aurora.client.head("/api/v1/figures", headers=aurora.headers)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length"):
        assert head.headers[name] == got.headers[name]


_BAD = (
    ("/figures?period=2026-Q5", "period"),
    ("/figures?period=2026-01-01..2026-01-31", "period"),
    ("/figures?period=1999", "period"),
    ("/figures?period=2026%0A", "period"),
    ("/figures?measure=cases", "measure"),
    ("/figures?by=topic,country", "by"),
    ("/figures?by=", "by"),
    ("/figures?version=0", "version"),
    ("/figures?version=1.0", "version"),
    ("/figures?version=1000000", "version"),
    ("/figures?version=%D9%A1", "version"),
    ("/figures?audience=aurora", "audience"),
    ("/figures?period=2026&period=2025", "period"),
    ("/figures?brand=AURORA", "brand"),
    ("/factories?audience=AURORA", "audience"),
    ("/openapi.json?x=1", "x"),
)


def test_a_parameter_that_cant_be_used_is_named(aurora: Caller) -> None:
    for path, parameter in _BAD:
        answer = aurora.get(path)
        assert answer.status_code == 400
        assert answer.json is not None
        assert answer.json["parameter"] == parameter
        assert answer.json["type"] == "urn:recourse:problem:bad-parameter"


def test_other_methods_are_refused_with_those_that_are_not(aurora: Caller) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = aurora.client.open("/api/v1/figures", method=method, headers=aurora.headers)
        assert answer.status_code == 405, method
        assert answer.headers["Allow"] == "GET, HEAD"
        assert answer.mimetype == "application/problem+json"


def test_what_is_no_address_is_said_in_json_too(aurora: Caller) -> None:
    for path in ("/nothing", "/", "/figures/1"):
        answer = aurora.get(path)
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"


def test_who_takes_no_json_is_told_so(aurora: Caller) -> None:
    assert aurora.get("/figures", Accept="text/html").status_code == 406
    assert aurora.get("/openapi.json", Accept="text/csv").status_code == 406
    for accepted in ("application/json", "*/*", "application/*, text/html", ""):
        assert aurora.get("/figures", Accept=accepted).status_code == 200


def test_every_answer_has_the_headers_that_protect_it_and_lets_no_other_site_read_it(
    app: Flask, aurora: Caller
) -> None:
    for caller, path in (
        (aurora, "/figures"),
        (aurora, "/figures?period=x"),
        (aurora, "/figures?audience=BOREALIS"),
        (aurora, "/factories"),
        (Caller(app), "/figures"),
        (Caller(app), "/openapi.json"),
        (Caller(app), "/nothing"),
    ):
        headers = caller.get(path, Origin="https://evil.example").headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert not any(name.startswith("Access-Control-") for name in dict(headers))
        if headers.get("ETag") is None:
            assert headers["Cache-Control"] == "no-store"


def test_a_mistake_of_ours_is_told_without_a_word_of_it(
    aurora: Caller, store: Store, now: datetime
) -> None:
    released(store, now, "AURORA", "2027", 0, tables=())
    with store.writing() as session:
        from casework.models import Release

        broken = session.exec(select(Release).where(Release.period == "2027")).one()
        broken.tables = [{"measure": "secret words"}]
    answer = aurora.get("/figures?period=2027")
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.text


# --- tokens ---


def test_of_a_token_only_a_hash_is_kept_and_the_day_of_its_use(
    aurora: Caller, store: Store, clock: Clock
) -> None:
    text = aurora.headers["Authorization"].removeprefix("Bearer ")
    assert re.fullmatch(r"recourse_[0-9A-Za-z]{42}", text)
    aurora.get("/figures")
    with store.reading() as session:
        token = session.exec(select(ApiToken)).one()
    assert token.token_hash == hashlib.sha256(text.encode()).digest()
    assert text.endswith(token.hint)
    assert token.used_on == clock.at.date()
    assert text[:-4] not in repr(token)


def test_a_mistyped_token_is_known_by_its_form_alone(
    store: Store, cast: Cast, now: datetime
) -> None:
    text = make(store, cast, now, cast.aurora)
    swapped = text[:12] + text[13] + text[12] + text[14:]
    with store.reading() as session:
        assert tokens.opened(session, text, now)
        for wrong in (swapped, text + "x", text[:-1], text.upper(), f" {text}", ""):
            assert wrong == text or tokens.opened(session, wrong, now) is None


def test_counting_holds_on_both_databases(any_store: Store, any_cast: Cast, now: datetime) -> None:
    make(any_store, any_cast, now, any_cast.aurora)
    with any_store.writing() as session:
        row = session.exec(select(ApiToken)).one().id
        assert tokens.count(session, row, now).left == PER_MINUTE - 1
        assert tokens.count(session, row, now).left == PER_MINUTE - 2
    with any_store.writing() as session:
        assert tokens.count(session, row, now + timedelta(seconds=59)).left == PER_MINUTE - 3
        assert tokens.count(session, row, now + timedelta(seconds=60)).left == PER_MINUTE - 1


def test_brand_staff_make_tokens_for_their_own_brand_only(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    brigitte, chen = Browser(app), Browser(app)
    brigitte.sign_in("brigitte")
    chen.sign_in("chen")
    form = {"name": "Report tool", "scope": "figures:read", "until": "2027-11-20"}
    brigitte.get("/api-tokens/new")
    assert brigitte.post("/api-tokens/new", {**form, "audience": "BOREALIS"}).status_code == 200
    text = re.findall(r"recourse_[0-9A-Za-z]{42}", brigitte.page)[0]
    assert Caller(app, text).json("")["token"]["audiences"] == ["AURORA", "public"]
    brigitte.get("/api-tokens")
    assert text not in brigitte.page
    assert f"recourse_…{text[-4:]}" in brigitte.page
    chen.get("/api-tokens/new")
    chen.post("/api-tokens/new", {**form, "audience": "BOREALIS", "name": "Other tool"})
    brigitte.get("/api-tokens")
    assert "Other tool" not in brigitte.page
    chen.get("/api-tokens")
    assert "Other tool" in chen.page
    assert "Report tool" in chen.page
    with store.reading() as session:
        other = session.exec(select(ApiToken).where(ApiToken.name == "Other tool")).one().id
    assert brigitte.get(f"/api-tokens/{other}/revoke").status_code == 404
    brigitte.get("/api-tokens")
    assert brigitte.post(f"/api-tokens/{other}/revoke").status_code == 404
    for name, brand in (("brigitte", cast.borealis), ("brigitte", None), ("boris", cast.aurora)):
        facts = TokenFacts("x", brand, EVERYTHING, now.date())
        with store.writing() as session, pytest.raises(NotAllowed):
            token_making.make(session, facts, by=cast.actor(name), now=now)


def test_a_revoked_token_stops_at_once_and_leaves_a_trace(
    app: Flask, store: Store, cast: Cast
) -> None:
    chen = Browser(app)
    chen.sign_in("chen")
    chen.get("/api-tokens/new")
    form = {"name": "Report tool", "scope": ["figures:read", "factories:read"]}
    chen.post("/api-tokens/new", {**form, "audience": "AURORA", "until": "2027-11-20"})
    caller = Caller(app, re.findall(r"recourse_[0-9A-Za-z]{42}", chen.page)[0])
    assert caller.get("/figures").status_code == 200
    with store.reading() as session:
        row = session.exec(select(ApiToken)).one().id
    chen.get(f"/api-tokens/{row}/revoke")
    assert "stop working at once" in chen.text
    assert chen.post(f"/api-tokens/{row}/revoke").status_code == 302
    assert caller.get("/figures").status_code == 401
    chen.get("/api-tokens")
    assert "Expired or revoked" in chen.text
    assert chen.get(f"/api-tokens/{row}/revoke").status_code == 404
    with store.reading() as session:
        acts = [e.what for e in session.exec(select(StaffEvent).order_by(col(StaffEvent.id)))]
    assert acts == [StaffAct.TOKEN_MADE, StaffAct.TOKEN_REVOKED]
    auguste = Browser(app)
    auguste.sign_in("auguste")
    auguste.get("/audit/rights")
    assert "Made a token for the API" in auguste.text
    assert "AURORA: Figures, Factories" in auguste.text


_WRONG_FORMS: tuple[tuple[dict[str, str], str], ...] = (
    ({"name": " "}, "Write what the token is for"),
    ({"audience": ""}, "Choose whose figures"),
    ({"audience": "NOSUCH"}, "Choose whose figures"),
    ({"scope": "everything"}, "Choose what the token may read"),
    (
        {"audience": "public", "scope": "factories:read"},
        "For the public there are figures only",
    ),
    ({"until": "2028-11-20"}, "within the next two years"),
    ({"until": "2026-11-19"}, "within the next two years"),
    ({"until": "soon"}, "within the next two years"),
)


def test_what_is_wrong_with_a_new_token_is_said(app: Flask, store: Store) -> None:
    chen = Browser(app)
    chen.sign_in("chen")
    chen.get("/api-tokens/new")
    good = {"name": "Tool", "audience": "AURORA", "scope": "figures:read", "until": "2027-11-20"}
    for form, said in _WRONG_FORMS:
        assert chen.post("/api-tokens/new", {**good, **form}).status_code == 422
        assert said in chen.text, form
    with store.reading() as session:
        assert session.exec(select(ApiToken)).first() is None


@pytest.mark.parametrize(
    ("change", "works"),
    [
        ({"name": "Birgit"}, True),
        ({"active": ""}, False),
        ({"role": "auditor"}, False),
        ({"brand": "BOREALIS"}, False),
    ],
)
def test_who_leaves_or_gets_another_role_or_brand_leaves_no_token_that_works(
    store: Store, cast: Cast, now: datetime, change: dict[str, str], works: bool
) -> None:
    with store.writing() as session:
        facts = TokenFacts("Tool", cast.aurora, (ApiScope.FIGURES,), date(2027, 1, 1))
        _, hers = token_making.make(session, facts, by=cast.actor("brigitte"), now=now)
        _, another = token_making.make(session, facts, by=cast.actor("chen"), now=now)
    with store.writing() as session:
        person = session.get_one(Staff, cast.brigitte.id)
        form = {**staff.as_typed(session, person), "active": "yes", **change}
        found = staff.check(session, form, person)
        assert isinstance(found, staff.StaffFacts)
        active = bool(form["active"])
        staff.change(session, person, found, active=active, by=cast.actor("chen"), now=now)
    with store.reading() as session:
        assert (tokens.opened(session, hers, now) is not None) is works
        assert tokens.opened(session, another, now) is not None
        revoked = select(StaffEvent).where(StaffEvent.what == StaffAct.TOKEN_REVOKED)
        assert [one.by_id for one in session.exec(revoked)] == ([] if works else [cast.chen.id])


def test_who_left_is_marked_where_their_tokens_still_work(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        facts = TokenFacts("Old tool", cast.aurora, (ApiScope.FIGURES,), date(2027, 1, 1))
        token_making.make(session, facts, by=cast.actor("brigitte"), now=now)
        person = session.get_one(Staff, cast.brigitte.id)
        assert person.role is Role.BRAND
        person.active = False
    chen = Browser(app)
    chen.sign_in("chen")
    chen.get("/api-tokens")
    assert "Has left" in chen.text


def _headers(answer: TestResponse) -> list[tuple[str, str]]:
    return sorted((k, v) for k, v in answer.headers if k != "RateLimit")

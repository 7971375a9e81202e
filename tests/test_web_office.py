"""Factories, brands, staff and one's own account, as a browser sees them."""

import io
from datetime import date, datetime

import pytest
from flask import Flask
from sqlmodel import col, select

from casework.db import Store
from casework.ids import new_id
from casework.models import Brand, Factory, Staff, StaffEvent, Supply
from casework.vocabulary import Role, Scope
from tests.conftest import Cast
from tests.webhelp import Browser, build, file_case, give_accounts

LOTUS = {
    "name": "Lotus Footwear",
    "place": "Bien Hoa",
    "country": "VN",
    "zone": "Asia/Ho_Chi_Minh",
    "workers": "5400",
}


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


@pytest.fixture
def boris(app: Flask) -> Browser:
    return _signed_in(app, "boris")


@pytest.fixture
def chen(app: Flask) -> Browser:
    return _signed_in(app, "chen")


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def test_a_supervisor_adds_and_changes_a_factory(boris: Browser, store: Store) -> None:
    boris.get("/factories/new")
    boris.post("/factories/new", LOTUS, follow_redirects=True)
    assert "The factory is in the list." in boris.text
    with store.reading() as session:
        factory = session.exec(select(Factory).where(Factory.name == "Lotus Footwear")).one()
    boris.get(f"/factories/{factory.code}/edit")
    boris.post(f"/factories/{factory.code}/edit", {**LOTUS, "workers": "6000"})
    with store.reading() as session:
        changed = session.get_one(Factory, factory.id)
        assert (changed.workers, changed.active) == (6000, False)


def test_a_mistake_in_a_form_keeps_what_was_typed(boris: Browser) -> None:
    boris.get("/factories/new")
    answer = boris.post("/factories/new", {**LOTUS, "zone": "Saigon"})
    assert answer.status_code == 422
    assert "Write a time zone of the list" in boris.text
    assert 'value="Lotus Footwear"' in boris.page


def test_a_factory_gets_a_brand_and_loses_it(boris: Browser, store: Store, cast: Cast) -> None:
    boris.get("/factories/GT7KM/brands/new")
    form = {"brand": "BOREALIS", "scope": "supply-chain", "tier": "2", "since": "2025-05-01"}
    boris.post("/factories/GT7KM/brands/new", form, follow_redirects=True)
    assert "Borealis Outdoor" in boris.text
    with store.reading() as session:
        of_borealis = select(Supply).where(Supply.brand_id == cast.borealis.id)
        supply = session.exec(of_borealis).one()
    form = {"scope": "supply-chain", "tier": "2", "until": "2026-01-31"}
    boris.get(f"/factories/GT7KM/brands/{supply.id}")
    boris.post(f"/factories/GT7KM/brands/{supply.id}", form, follow_redirects=True)
    with store.reading() as session:
        assert session.exec(of_borealis).one().until == date(2026, 1, 31)


def test_brand_staff_see_only_their_own_factories_and_relations(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        other = Factory(
            id=new_id(now), code="OTHER", name="Other Mill", country="BD", zone="Asia/Dhaka"
        )
        session.add(other)
        session.flush()
        for factory in (other, cast.golden_thread):
            session.add(
                Supply(
                    id=new_id(now),
                    factory_id=factory.id,
                    brand_id=cast.borealis.id,
                    scope=Scope.SUPPLY_CHAIN,
                    since=date(2024, 1, 1),
                )
            )
    brigitte = _signed_in(app, "brigitte")
    for path in ("/", "/factories", "/factories?find=other"):
        brigitte.get(path)
        assert "Other Mill" not in brigitte.text
    assert brigitte.get("/factories/OTHER").status_code == 404
    brigitte.get("/factories/GT7KM")
    assert "Aurora Sportswear" in brigitte.text
    assert "Borealis" not in brigitte.text


def test_a_brand_is_added_once(boris: Browser, store: Store) -> None:
    boris.get("/brands/new")
    boris.post("/brands/new", {"code": "corona", "name": "Corona"}, follow_redirects=True)
    assert "The brand is in the list." in boris.text
    boris.get("/brands/new")
    assert boris.post("/brands/new", {"code": "CORONA", "name": "Again"}).status_code == 422
    boris.post("/brands/CORONA", {"name": "Corona AG", "active": "yes"})
    with store.reading() as session:
        assert session.exec(select(Brand).where(Brand.code == "CORONA")).one().name == "Corona AG"


def _upload(browser: Browser, text: str) -> int:
    browser.get("/factories/import")
    form = {"csv": (io.BytesIO(text.encode()), "list.csv")}
    return browser.post("/factories/import", form).status_code


def test_an_import_is_looked_at_first_and_then_done(boris: Browser, store: Store) -> None:
    text = "name,country,zone,brand,since\nLotus,VN,Asia/Ho_Chi_Minh,AURORA,2024-01-01\n"
    assert _upload(boris, text) == 200
    assert "The file is good: 1 new" in boris.text
    with store.reading() as session:
        assert len(session.exec(select(Factory)).all()) == 1
    file = boris.page.split('name="file" value="')[1].split('"')[0]
    boris.post("/factories/import", {"apply": "yes", "file": file}, follow_redirects=True)
    assert "1 factory imported." in boris.text
    assert "Lotus" in boris.text


def test_an_import_with_a_mistake_names_it_and_does_nothing(boris: Browser, store: Store) -> None:
    text = "name,country,zone\nLotus,VN,Asia/Ho_Chi_Minh\n=cmd(),XX,Asia/Dhaka\n"
    assert _upload(boris, text) == 422
    assert "2 things to correct" in boris.text
    assert "begins like a formula" in boris.text
    with store.reading() as session:
        assert len(session.exec(select(Factory)).all()) == 1


def test_an_admin_adds_somebody_who_then_signs_in(app: Flask, chen: Browser) -> None:
    chen.get("/staff/new")
    assert 'name="email"' in chen.page
    form = {
        "name": "Esra",
        "email": "Esra@Example.org",
        "role": "brand",
        "brand": "AURORA",
        "zone": "Europe/Istanbul",
        "language": "en",
    }
    assert chen.post("/staff/new", {**form, "brand": ""}).status_code == 422
    chen.post("/staff/new", form)
    link = chen.page.split("/welcome/")[1].split('"')[0]
    esra = Browser(app)
    esra.get(f"/welcome/{link}")
    words = "violet tractor sings at noon"
    esra.post(f"/welcome/{link}", {"password": words, "again": words})
    esra.sign_in("esra", words)
    esra.get("/")
    assert "Golden Thread" in esra.text


def test_an_admin_can_not_lock_the_office_out(chen: Browser, store: Store, cast: Cast) -> None:
    chen.get(f"/staff/{cast.chen.id}")
    form = {"name": "Chen", "role": "handler", "zone": "UTC", "active": "yes"}
    assert chen.post(f"/staff/{cast.chen.id}", form).status_code == 422
    assert "take your own rights away" in chen.text
    chen.post(f"/staff/{cast.asha.id}", {**form, "name": "Asha", "active": ""})
    with store.reading() as session:
        assert session.get_one(Staff, cast.chen.id).role is Role.ADMIN
        assert not session.get_one(Staff, cast.asha.id).active


def test_one_changes_the_own_name_and_zone_but_no_rights(
    app: Flask, store: Store, cast: Cast
) -> None:
    asha = _signed_in(app, "asha")
    asha.get("/account")
    form = {
        "name": "Asha Rao",
        "language": "xx",
        "zone": "Asia/Kolkata",
        "role": "admin",
        "restricted_pool": "yes",
    }
    asha.post("/account", form)
    with store.reading() as session:
        me = session.get_one(Staff, cast.asha.id)
        assert (me.name, me.zone, me.language) == ("Asha Rao", "Asia/Kolkata", "en")
        assert (me.role, me.restricted_pool) == (Role.HANDLER, False)


def test_a_closed_factory_keeps_its_page_and_its_cases(
    boris: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    with store.writing() as session:
        session.get_one(Factory, cast.golden_thread.id).active = False
    boris.get("/factories/GT7KM")
    assert "Factory closed" in boris.text
    boris.get(f"/cases/{case.reference}")
    assert "Golden Thread" in boris.text


def test_supervisors_are_told_when_nobody_would_see_a_restricted_case(
    app: Flask, store: Store, cast: Cast
) -> None:
    before, after = _signed_in(app, "boris"), _signed_in(app, "boris")
    before.get("/")
    assert "Nobody is in the restricted pool" not in before.text
    with store.writing() as session:
        session.get_one(Staff, cast.dilani.id).restricted_pool = False
    after.get("/")
    assert "Nobody is in the restricted pool" in after.text


def test_who_gives_rights_leaves_a_trace(chen: Browser, store: Store, cast: Cast) -> None:
    chen.get(f"/staff/{cast.asha.id}")
    form = {
        "name": "Asha",
        "role": "supervisor",
        "organisation": "Workers' Desk",
        "zone": "Asia/Phnom_Penh",
        "language": "en",
        "restricted_pool": "yes",
        "may_identify": "yes",
        "active": "yes",
    }
    chen.post(f"/staff/{cast.asha.id}", form, follow_redirects=True)
    chen.get(f"/staff/{cast.asha.id}")
    chen.post(f"/staff/{cast.asha.id}/link")
    chen.get("/staff")
    assert "Restricted pool: no → yes" in chen.text
    assert "By Chen" in chen.text
    assert "Got a link to set a password" in chen.text
    with store.reading() as session:
        changed, invited = session.exec(select(StaffEvent).order_by(col(StaffEvent.id))).all()
    assert changed.by_id == invited.by_id == cast.chen.id
    assert set(changed.data) == {"role", "restricted_pool"}

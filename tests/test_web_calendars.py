"""Office hours and holidays, as a browser sees them."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlmodel import select

from casework.db import Store
from casework.deadlines import promises
from casework.models import Calendar, Case, Factory
from casework.vocabulary import Category, Promise
from tests.conftest import Cast
from tests.webhelp import Browser, build, file_case, give_accounts

DHAKA = {
    "name": "Dhaka",
    "zone": "Asia/Dhaka",
    "country": "BD",
    "hours": "Sun-Thu 09:00-13:00,14:00-17:00",
    "days_off": "2026-12-24",
    "days_on": "",
}


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


@pytest.fixture
def boris(app: Flask) -> Browser:
    return _signed_in(app, "boris")


@pytest.fixture
def asha(app: Flask) -> Browser:
    return _signed_in(app, "asha")


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def _row(store: Store, name: str = "Office") -> int:
    with store.reading() as session:
        return session.exec(select(Calendar.id).where(Calendar.name == name)).one()


def _add(boris: Browser, store: Store) -> int:
    boris.get("/calendars/new")
    boris.post("/calendars/new", DHAKA, follow_redirects=True)
    return _row(store, "Dhaka")


def _due(store: Store, case: Case) -> datetime:
    with store.reading() as session:
        found = promises.of_case(session, case.id)
        return next(clock.due_at for clock in found if clock.promise is Promise.ACKNOWLEDGE)


def test_a_calendar_is_added_found_and_changed(boris: Browser, store: Store) -> None:
    boris.get("/factories")
    assert "Office hours and holidays" in boris.text
    row = _add(boris, store)
    assert "The calendar is in the list." in boris.text
    assert "24 Dec" in boris.text
    assert "Own day off" in boris.text
    boris.get("/calendars")
    assert "Sun-Thu 09:00-13:00,14:00-17:00" in boris.text
    assert "Bangladesh" in boris.text
    assert "No factory" in boris.text
    assert "Golden Thread" in boris.text.partition("Dhaka")[0]
    boris.get(f"/calendars/{row}/edit")
    assert ">2026-12-24</textarea>" in boris.page
    boris.post(f"/calendars/{row}/edit", {**DHAKA, "hours": "Sun 09:00-17:00"})
    with store.reading() as session:
        assert session.get_one(Calendar, row).hours == "Sun 09:00-17:00"


def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(
    boris: Browser, store: Store
) -> None:
    boris.get("/calendars/new")
    typed = {**DHAKA, "zone": "Dacca", "hours": "Mon 9-17", "country": "XX", "days_on": "soon"}
    assert boris.post("/calendars/new", typed).status_code == 422
    for kept in ('value="Dacca"', ">Mon 9-17</textarea>", ">2026-12-24</textarea>", ">soon</"):
        assert kept in boris.page
    assert '<option value="XX" selected>' in boris.page
    for field in ("zone", "hours", "country", "days_on"):
        assert f'id="wrong-{field}"' in boris.page
    assert "“Dacca” is no time zone" in boris.text
    with store.reading() as session:
        assert len(session.exec(select(Calendar)).all()) == 1


def test_a_changed_calendar_tells_how_many_due_times_moved_and_each_case_why(
    boris: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now, category=Category.OTHER, kind="question")
    assert _due(store, case) == datetime(2026, 11, 27, 10, tzinfo=UTC)
    row = _row(store)
    boris.get(f"/calendars/{row}/edit")
    form = {"name": "Office", "zone": "Asia/Phnom_Penh", "country": "KH"}
    form |= {"hours": "Mon-Fri 08:00-17:00", "days_off": "2026-11-27"}
    boris.post(f"/calendars/{row}/edit", form, follow_redirects=True)
    assert "Saved. 1 due time moved." in boris.text
    assert _due(store, case) == datetime(2026, 11, 30, 10, tzinfo=UTC)
    boris.get(f"/cases/{case.reference}")
    assert "Boris changed the working calendar: a due time moved." in boris.text
    moved = "Acknowledgement: due 30 Nov 2026, 17:00 instead of 27 Nov 2026, 17:00."
    assert moved in boris.text
    assert 'value="recalculate"' not in boris.page
    boris.get(f"/calendars/{row}/edit")
    boris.post(f"/calendars/{row}/edit", form, follow_redirects=True)
    assert "Saved. No due time moved." in boris.text


def test_a_factory_chooses_the_office_that_answers_for_it(
    boris: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now, category=Category.OTHER, kind="question")
    row = _add(boris, store)
    boris.get("/factories/GT7KM/edit")
    assert '<option value="">The default one</option>' in boris.page
    form = {"name": "Golden Thread", "country": "KH", "zone": "Asia/Phnom_Penh", "active": "yes"}
    boris.post("/factories/GT7KM/edit", {**form, "calendar": str(row)}, follow_redirects=True)
    assert "Saved. 3 due times moved." in boris.text
    assert f'href="/calendars/{row}"' in boris.page
    assert _due(store, case) == datetime(2026, 11, 29, 11, tzinfo=UTC)
    boris.get("/factories/GT7KM/edit")
    assert f'<option value="{row}" selected>Dhaka</option>' in boris.page
    assert boris.post("/factories/GT7KM/edit", {**form, "calendar": "77"}).status_code == 400
    boris.get("/factories/GT7KM/edit")
    boris.post("/factories/GT7KM/edit", {**form, "calendar": ""}, follow_redirects=True)
    with store.reading() as session:
        assert session.get_one(Factory, cast.golden_thread.id).calendar_id is None
    boris.get("/factories/new")
    boris.post("/factories/new", {**form, "code": "NEWONE", "calendar": str(row)})
    with store.reading() as session:
        new = session.exec(select(Factory).where(Factory.code == "NEWONE")).one()
        assert new.calendar_id == row


def test_another_default_is_chosen_and_the_old_one_deleted(boris: Browser, store: Store) -> None:
    old, row = _row(store), _add(boris, store)
    boris.get(f"/calendars/{old}")
    assert "Delete this calendar" not in boris.text
    boris.post(f"/calendars/{old}/delete", follow_redirects=True)
    assert "Make another one the default first" in boris.text
    boris.get(f"/calendars/{row}")
    boris.post(f"/calendars/{row}/default", follow_redirects=True)
    assert "Saved. No due time moved." in boris.text
    boris.get(f"/calendars/{old}")
    boris.post(f"/calendars/{old}/delete", follow_redirects=True)
    assert "Deleted." in boris.text
    with store.reading() as session:
        assert [(one.name, one.is_default) for one in session.exec(select(Calendar))] == [
            ("Dhaka", True)
        ]


def test_a_due_time_is_tried_out_step_by_step(asha: Browser, store: Store) -> None:
    page = f"/calendars/{_row(store)}"
    asha.get(f"{page}?severity=standard&promise=acknowledge&moment=2026-11-20T17:00")
    assert "Starts with the filing: Friday, 20 November 2026, 17:00 (Asia/Phnom_Penh)." in asha.text
    assert "Monday, 23 November 2026 is not a working day ( Water Festival )." in asha.text
    assert "Ends when the office closes: Thursday, 26 November 2026, 17:00" in asha.text
    assert "Due Thursday, 26 November 2026, 17:00 Asia/Phnom_Penh" in asha.text
    for wrong in ("moment=soon", "moment=9999-12-31T10:00", "severity=x", "promise=x"):
        assert asha.get(f"{page}?{wrong}").status_code == 200
        assert "Choose severity, promise, day and time." in asha.text


def test_the_holidays_of_the_next_twelve_months_are_named(asha: Browser, store: Store) -> None:
    asha.get(f"/calendars/{_row(store)}")
    assert "Monday, 23 November 2026 Water Festival" in asha.text
    assert "Friday, 1 January 2027 International New Year Day" in asha.text
    assert "Closed on this weekday anyway" in asha.text


def test_a_handler_reads_the_calendars_and_a_brand_sees_nothing_of_them(
    app: Flask, asha: Browser, store: Store
) -> None:
    asha.get("/calendars")
    assert "Add a calendar" not in asha.text
    asha.get(f"/calendars/{_row(store)}")
    assert "Make it the default" not in asha.text
    assert "/edit" not in asha.page
    brigitte = _signed_in(app, "brigitte")
    for path in ("/factories", "/factories/GT7KM"):
        brigitte.get(path)
        assert "/calendars" not in brigitte.page

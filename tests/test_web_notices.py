"""The page of one's own notices and the bell, as a browser sees them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from casework.actors import staff_actor
from casework.db import Store
from casework.ids import new_id
from casework.models import Case, Clock, Mail, Staff, StaffNotice
from casework.office import notices
from casework.vocabulary import Promise, Severity, StaffNoticeKind
from tests import bothouse
from tests.conftest import Cast
from tests.desk import Desk
from tests.webhelp import Browser, build, give_accounts

MINUTE = timedelta(minutes=1)


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: bothouse.Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


@pytest.fixture
def asha(app: Flask) -> Browser:
    return signed_in(app, "asha")


def signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def case_of(desk: Desk, now: datetime) -> Case:
    return desk.case(desk.file(now, "Pay"))


def tell(
    store: Store, case: Case, person: Staff, at: datetime, level: str = "50%", **more: object
) -> int:
    with store.writing() as session:
        clock = session.exec(
            select(Clock).where(Clock.case_id == case.id, Clock.promise == Promise.ACKNOWLEDGE)
        ).one()
        facts: dict[str, Any] = {"kind": StaffNoticeKind.WARNING, "reached_at": at, **more}
        notice = StaffNotice(
            id=new_id(at),
            staff_id=person.id,
            case_id=case.id,
            clock_id=clock.id,
            level=level,
            at=at,
            **facts,
        )
        session.add(notice)
        return notice.id


def unread(store: Store, person: Staff) -> list[int]:
    with store.reading() as session:
        statement = select(StaffNotice.case_id).where(
            StaffNotice.staff_id == person.id, col(StaffNotice.read_at).is_(None)
        )
        return list(session.exec(statement))


def bell(browser: Browser) -> str:
    """What the bell of the last page says: ``""`` where it is quiet."""
    _before, found, rest = browser.page.partition('class="bell-count"')
    return rest.partition('aria-hidden="true">')[2].partition("<")[0] if found else ""


def test_an_empty_page_says_what_will_stand_there(asha: Browser) -> None:
    asha.get("/notices")
    assert "No notices" in asha.text
    assert "Mark all as read" not in asha.text
    assert bell(asha) == ""


def test_a_warning_of_the_sweep_rings_and_says_what_why_and_until_when(
    app: Flask, desk: Desk, now: datetime, clock: bothouse.Clock
) -> None:
    reference = desk.file(now, "Pay")
    desk.triage(reference, now, Severity.SERIOUS)
    desk.assign(reference, now, "asha")
    due_at = desk.case(reference).next_due_at
    assert due_at
    clock.at = now + (due_at - now) * 0.6
    desk.sweep(clock())
    asha, boris = signed_in(app, "asha"), signed_in(app, "boris")
    asha.get("/")
    assert bell(asha) not in ("", "0")
    asha.get("/notices")
    assert "Due soon: Acknowledgement" in asha.text
    assert "You handle this case." in asha.text
    assert "Promised until:" in asha.text
    assert f'href="/cases/{reference}"' in asha.page
    boris.get("/notices")
    assert "No notices" in boris.text


def test_the_newest_stands_first_and_older_ones_on_further_pages(
    asha: Browser, desk: Desk, now: datetime
) -> None:
    found = [case_of(desk, now) for _ in range(51)]
    for number, case in enumerate(found):
        tell(desk.store, case, desk.cast.asha, now - (60 - number) * MINUTE)
    asha.get("/notices")
    places = [asha.page.find(case.reference) for case in reversed(found[1:])]
    assert places == sorted(places)
    assert -1 not in places
    assert found[0].reference not in asha.page
    older = asha.page.partition("/notices?before=")[2].partition('"')[0]
    asha.get(f"/notices?before={older}")
    assert found[0].reference in asha.page
    assert found[1].reference not in asha.page
    assert bell(asha) == "51"


def test_reading_a_case_reads_what_one_was_told_of_it_and_nothing_else(
    app: Flask, desk: Desk, now: datetime
) -> None:
    mine, other = case_of(desk, now), case_of(desk, now)
    for person in (desk.cast.asha, desk.cast.boris):
        tell(desk.store, mine, person, now)
        tell(desk.store, mine, person, now, level="75%")
        tell(desk.store, other, person, now)
    asha = signed_in(app, "asha")
    asha.get("/")
    assert bell(asha) == "3"
    asha.get(f"/cases/{mine.reference}")
    assert bell(asha) == "1"
    assert unread(desk.store, desk.cast.asha) == [other.id]
    assert len(unread(desk.store, desk.cast.boris)) == 3
    asha.get("/notices")
    assert asha.page.count(">New<") == 1
    assert mine.reference in asha.page


def test_what_comes_after_a_page_was_shown_stays_unread(
    asha: Browser, desk: Desk, now: datetime, clock: bothouse.Clock
) -> None:
    first, second = case_of(desk, now), case_of(desk, now)
    newest = tell(desk.store, first, desk.cast.asha, now - MINUTE)
    asha.get("/notices")
    assert f'value="{newest}"' in asha.page
    tell(desk.store, second, desk.cast.asha, now)
    asha.post("/notices/read", {"newest": str(newest)}, follow_redirects=True)
    assert "All notices are marked as read." in asha.text
    assert unread(desk.store, desk.cast.asha) == [second.id]
    assert bell(asha) == "1"


@pytest.mark.parametrize("newest", ["", "x", "9" * 40])
def test_marking_nothing_is_no_error(asha: Browser, newest: str) -> None:
    asha.get("/notices")
    answer = asha.post("/notices/read", {"newest": newest})
    assert answer.status_code in (302, 400)


def test_what_was_read_is_not_mailed(asha: Browser, desk: Desk, now: datetime) -> None:
    newest = tell(desk.store, case_of(desk, now), desk.cast.asha, now)
    asha.get("/notices")
    asha.post("/notices/read", {"newest": str(newest)})
    with desk.store.reading() as session:
        assert not session.get_one(StaffNotice, newest).unmailed


def test_nobody_is_told_of_a_restricted_case_they_may_not_see(
    app: Flask, desk: Desk, now: datetime
) -> None:
    case = case_of(desk, now)
    for person in (desk.cast.asha, desk.cast.dilani):
        tell(desk.store, case, person, now)
    desk.triage(case.reference, now, restricted=True)
    asha, dilani = signed_in(app, "asha"), signed_in(app, "dilani")
    asha.get("/notices")
    assert case.reference not in asha.page
    assert bell(asha) == ""
    dilani.get("/notices")
    assert case.reference in dilani.page


def test_many_unread_notices_are_counted_to_ninety_nine(
    asha: Browser, desk: Desk, now: datetime
) -> None:
    case = case_of(desk, now)
    for number in range(102):
        tell(desk.store, case, desk.cast.asha, now, level=f"+{number + 1} hours")
    asha.get("/")
    assert bell(asha) == "99+"


def test_brand_staff_have_no_bell_and_no_notices(app: Flask) -> None:
    brigitte = signed_in(app, "brigitte")
    brigitte.get("/")
    assert 'class="bell"' not in brigitte.page
    assert brigitte.get("/notices").status_code == 403


@pytest.mark.parametrize(("name", "says"), [("chen", True), ("asha", False), ("boris", False)])
def test_where_mails_are_off_the_page_says_so_and_admins_how_to_change_it(
    app: Flask, name: str, says: bool
) -> None:
    browser = signed_in(app, name)
    browser.get("/notices")
    assert "Mails are off" in browser.text
    assert ("RECOURSE_SMTP_URL" in browser.text) is says


def test_where_mails_go_the_page_says_when(store: Store, cast: Cast, now: datetime) -> None:
    give_accounts(store, cast, now)
    app = build(store, lambda: now, RECOURSE_SMTP_URL="smtp://localhost")
    browser = signed_in(app, "asha")
    browser.get("/notices")
    assert "Mails are off" not in browser.text
    assert "at eight in the morning" in browser.text


# --- looked up, and deleted in the end ----------------------------------------------------------


def test_what_was_read_long_ago_is_deleted_with_its_mail_and_nothing_else(
    any_desk: Desk, now: datetime
) -> None:
    store, asha = any_desk.store, any_desk.cast.asha
    ended, running = case_of(any_desk, now), case_of(any_desk, now)
    gone = tell(store, ended, asha, now, read_at=now, unmailed=False)
    never_read = tell(store, ended, asha, now, level="75%")
    runs = tell(store, running, asha, now, read_at=now)
    fresh = tell(store, ended, asha, now, level="100%", read_at=now + MINUTE)
    with store.writing() as session:
        for row in (1, 2):
            session.add(Mail(id=row, staff_id=asha.id, created_at=now, not_before=now, sent_at=now))
        session.flush()
        session.get_one(StaffNotice, gone).mail_id = 1
        session.get_one(StaffNotice, never_read).mail_id = 2
        clock = session.get_one(StaffNotice, gone).clock_id
        session.get_one(Clock, clock).met_at = now
    with store.writing() as session:
        notices.tidy(session, now + notices.READ_LASTS + MINUTE / 2)
    with store.reading() as session:
        assert set(session.exec(select(StaffNotice.id))) == {never_read, runs, fresh}
        assert set(session.exec(select(Mail.id))) == {2}


def test_the_page_and_the_bell_find_the_same_on_both_databases(
    any_desk: Desk, now: datetime
) -> None:
    store, asha = any_desk.store, any_desk.cast.asha
    cases = [case_of(any_desk, now) for _ in range(3)]
    rows = [tell(store, case, asha, now + number * MINUTE) for number, case in enumerate(cases)]
    with store.reading() as session:
        actor = staff_actor(asha)
        page = notices.page(session, actor, size=2)
        assert [one.notice.id for one in page.entries] == rows[:0:-1]
        rest = notices.page(session, actor, before=page.older, size=2)
        assert [one.notice.id for one in rest.entries] == rows[:1]
        assert rest.older is None
        assert notices.unread(session, actor) == 3
        assert notices.unread(session, actor, but=cases[0].id) == 2
    with store.writing() as session:
        notices.read_all(session, asha.id, rows[1], now + 9 * MINUTE)
    with store.reading() as session:
        assert notices.unread(session, actor) == 1

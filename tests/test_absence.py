"""Being away: cases go to the stand-in on the first day, reminders too, and come back with a click."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from casework.db import Store
from casework.errors import BadInput
from casework.models import Absence, Staff, StaffNotice
from casework.office import absence as rules
from casework.office import leaves, mails
from casework.vocabulary import Action, Role, Severity, StaffNoticeKind
from recourse import rounds
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.desk import Desk
from tests.webhelp import Browser, build, give_accounts

# The fixture's today is Friday 20 November 2026 (17:00 in Phnom Penh).
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def say(
    desk: Desk,
    now: datetime,
    who: str = "asha",
    to: str = "dilani",
    first: date = MONDAY,
    last: date = FRIDAY,
) -> int:
    with desk.store.writing() as session:
        person = session.get_one(Staff, getattr(desk.cast, who).id)
        typed = {
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
            "stand_in": str(getattr(desk.cast, to).id) if to else "",
        }
        made = leaves.say(session, person, typed, by=desk.cast.actor(who), now=now)
        assert isinstance(made, Absence), made
        return made.id


def run(store: Store, now: datetime) -> None:
    rounds.run_due(store, lambda: now, lambda: True)


def staff(store: Store, person: Staff) -> Staff:
    with store.reading() as session:
        return session.get_one(Staff, person.id)


def told(store: Store, kind: StaffNoticeKind) -> set[str]:
    with store.reading() as session:
        statement = select(Staff.name).join(StaffNotice, col(StaffNotice.staff_id) == Staff.id)
        return set(session.exec(statement.where(StaffNotice.kind == kind)))


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (MONDAY, FRIDAY, None),
        (MONDAY, MONDAY, None),
        (date(2026, 11, 1), date(2026, 11, 20), None),
        (date(2026, 11, 1), date(2026, 11, 19), "last_day"),
        (FRIDAY, MONDAY, "last_day"),
        (MONDAY, MONDAY + rules.LONGEST + timedelta(days=1), "last_day"),
        (None, FRIDAY, "first_day"),
        (MONDAY, None, "last_day"),
    ],
)
def test_the_days_of_an_absence(first: date | None, last: date | None, wrong: str | None) -> None:
    assert next(iter(rules.problems(first, last, date(2026, 11, 20))), None) == wrong


def test_an_absence_runs_from_midnight_to_midnight_where_the_person_is() -> None:
    begins, ends = rules.moments(MONDAY, FRIDAY, ZoneInfo("Asia/Phnom_Penh"))
    assert begins.isoformat() == "2026-11-22T17:00:00+00:00"
    assert ends.isoformat() == "2026-11-27T17:00:00+00:00"


# --- handing over ---------------------------------------------------------------------------------


def test_on_the_first_day_open_cases_go_to_the_stand_in(any_desk: Desk, now: datetime) -> None:
    desk = any_desk
    mine, hers, ended = (desk.file(now, "They do not pay us.") for _ in range(3))
    desk.assign(mine, now, "asha")
    desk.assign(ended, now, "asha")
    desk.walk(ended, now, Action.ACKNOWLEDGE, Action.REFER)
    desk.assign(hers, now, "boris")
    say(desk, now)
    run(desk.store, now)
    assert desk.case(mine).assignee_id == desk.cast.asha.id
    run(desk.store, now + timedelta(days=3))
    assert desk.case(mine).assignee_id == desk.cast.dilani.id
    assert desk.case(ended).assignee_id == desk.cast.asha.id
    assert desk.case(hers).assignee_id == desk.cast.boris.id
    event = [one for one in desk.events(mine) if one.action is Action.ASSIGN][-1]
    assert event.role is Role.SYSTEM
    assert event.data["away"] == desk.cast.asha.id
    assert told(desk.store, StaffNoticeKind.HANDED_OVER) == {"Dilani"}
    assert staff(desk.store, desk.cast.asha).away_until == FRIDAY
    run(desk.store, now + timedelta(days=3))
    assert len([one for one in desk.events(mine) if one.action is Action.ASSIGN]) == 2


def test_what_the_stand_in_may_not_see_becomes_nobodys_and_the_pool_is_told(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "They do not pay us.")
    desk.triage(reference, now, by="dilani", restricted=True)
    desk.assign(reference, now, "dilani", by="dilani")
    with desk.store.writing() as session:
        session.get_one(Staff, desk.cast.boris.id).restricted_pool = True
    say(desk, now, "dilani", "asha")
    run(desk.store, now + timedelta(days=3))
    assert desk.case(reference).assignee_id is None
    assert told(desk.store, StaffNoticeKind.HANDED_OVER) == {"Boris"}


def test_without_a_stand_in_the_supervisors_are_told(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "They do not pay us.")
    desk.assign(reference, now, "asha")
    say(desk, now, to="")
    run(desk.store, now + timedelta(days=3))
    assert desk.case(reference).assignee_id is None
    assert told(desk.store, StaffNoticeKind.HANDED_OVER) == {"Boris"}


def test_very_many_cases_go_over_a_few_at_a_time(desk: Desk, now: datetime) -> None:
    references = [desk.file(now, "They do not pay us.") for _ in range(5)]
    for reference in references:
        desk.assign(reference, now, "asha")
    say(desk, now)
    later = now + timedelta(days=3)
    done = []
    while True:
        with desk.store.writing() as session:
            step = leaves.do_due(session, later, 2)
        if not step:
            break
        done.append(step)
    assert done == [2, 2, 1]
    assert {desk.case(one).assignee_id for one in references} == {desk.cast.dilani.id}


def test_reminders_of_who_is_away_go_to_the_stand_in(desk: Desk, now: datetime) -> None:
    say(desk, now, "boris", "dilani")
    later = now + timedelta(days=3)
    run(desk.store, later)
    reference = desk.file(later, "They do not pay us.")
    run(desk.store, later + timedelta(days=4))
    assert desk.case(reference).assignee_id is None
    assert told(desk.store, StaffNoticeKind.WARNING) == {"Dilani"}


def test_nobody_gets_a_case_while_away(desk: Desk, now: datetime) -> None:
    say(desk, now)
    later = now + timedelta(days=3)
    run(desk.store, later)
    reference = desk.file(later, "They do not pay us.")
    with pytest.raises(BadInput, match="away until 2026-11-27"):
        desk.assign(reference, later, "asha")


def test_mails_pause_and_what_is_still_worth_it_comes_afterwards(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "They do not pay us.")
    desk.triage(reference, now, Severity.CRITICAL)
    row = say(desk, now, "boris", "")
    later = now + timedelta(days=3)
    run(desk.store, later)
    with desk.store.writing() as session:
        case = desk.case(reference)
        session.add(
            StaffNotice(
                id=77,
                staff_id=desk.cast.boris.id,
                case_id=case.id,
                kind=StaffNoticeKind.WARNING,
                reached_at=later,
                at=later,
                urgent=True,
            )
        )
        session.flush()
        assert desk.cast.boris.id not in mails.due(session, later)
        leaves.stop(session, session.get_one(Absence, row), later)
        session.flush()
        assert desk.cast.boris.id in mails.due(session, later)


# --- coming back ----------------------------------------------------------------------------------


def test_who_is_back_sees_what_happened_and_takes_the_cases_back(desk: Desk, now: datetime) -> None:
    kept, given_on, quiet = (desk.file(now, "They do not pay us.") for _ in range(3))
    for reference in (kept, given_on, quiet):
        desk.assign(reference, now, "asha")
    row = say(desk, now)
    monday = now + timedelta(days=3)
    run(desk.store, monday)
    desk.act(kept, Action.ACKNOWLEDGE, monday, by="dilani")
    desk.assign(given_on, monday, "boris")
    saturday = now + timedelta(days=8)
    run(desk.store, saturday)
    assert staff(desk.store, desk.cast.asha).away_until is None
    asha = desk.cast.actor("asha")
    with desk.store.writing() as session:
        found = leaves.unseen(session, desk.cast.asha.id)
        assert found
        assert found.id == row
        listed = leaves.returned(session, found, asha)
        assert [(one.case.reference, one.handled_by, one.free) for one in listed] == [
            (kept, "Dilani", True),
            (given_on, "Boris", False),
            (quiet, "Dilani", True),
        ]
        assert [one.happened for one in listed] == [
            desk.case(one).event_count - 3 for one in (kept, given_on, quiet)
        ]
        person = session.get_one(Staff, desk.cast.asha.id)
        assert leaves.take_back(session, found, person, saturday, asha) == 2
        assert leaves.take_back(session, found, person, saturday, asha) == 0
    assert desk.case(kept).assignee_id == desk.case(quiet).assignee_id == desk.cast.asha.id
    assert desk.case(given_on).assignee_id == desk.cast.boris.id


def test_an_absence_of_the_past_week_that_nobody_ran_hands_nothing_over(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "They do not pay us.")
    desk.assign(reference, now, "asha")
    say(desk, now)
    run(desk.store, now + timedelta(days=20))
    assert desk.case(reference).assignee_id == desk.cast.asha.id
    with desk.store.reading() as session:
        assert leaves.planned(session, desk.cast.asha.id) == []


def test_absences_do_not_overlap_and_a_stand_in_is_there(desk: Desk, now: datetime) -> None:
    say(desk, now, "dilani", "boris")
    with desk.store.writing() as session:
        asha = session.get_one(Staff, desk.cast.asha.id)
        typed = {
            "first_day": "2026-11-26",
            "last_day": "2026-12-01",
            "stand_in": str(desk.cast.dilani.id),
        }
        by = desk.cast.actor("asha")
        made = leaves.say(session, asha, typed, by=by, now=now)
        assert isinstance(made, dict)
        assert set(made) == {"stand_in"}
        typed["stand_in"] = str(desk.cast.brigitte.id)
        assert "stand_in" in leaves.say(session, asha, typed, by=by, now=now)
    say(desk, now, to="boris")
    with desk.store.writing() as session:
        typed["stand_in"] = ""
        made = leaves.say(session, asha, typed, by=by, now=now)
        assert isinstance(made, dict)
        assert set(made) == {"first_day"}


# --- on the pages ---------------------------------------------------------------------------------


@pytest.fixture
def site(store: Store, cast: Cast, now: datetime, clock: Clock) -> "Site":
    give_accounts(store, cast, now)
    return Site(store, clock)


class Site:
    def __init__(self, store: Store, clock: Clock) -> None:
        self.app = build(store, clock)

    def browser(self, name: str) -> Browser:
        browser = Browser(self.app)
        browser.sign_in(name)
        return browser


def test_one_says_to_be_away_from_today_and_comes_back(
    site: Site, desk: Desk, now: datetime, clock: Clock
) -> None:
    reference = desk.file(now, "They do not pay us.")
    desk.assign(reference, now, "asha")
    asha, dilani = site.browser("asha"), site.browser("dilani")
    asha.get("/account/away")
    form = {"first_day": "2026-11-20", "last_day": "2026-11-27", "stand_in": desk.cast.dilani.id}
    assert asha.post("/account/away", {**form, "last_day": "x"}).status_code == 422
    assert asha.post("/account/away", form).status_code == 302
    assert desk.case(reference).assignee_id == desk.cast.dilani.id
    dilani.get("/")
    assert "You stand in for Asha until Friday, 27 November 2026" in dilani.text
    dilani.get(f"/cases/{reference}")
    assert "Asha is away, or has left." in dilani.text
    asha.get("/")
    assert "You are away until" in asha.text
    with desk.store.reading() as session:
        row = session.exec(select(Absence)).one().id
    asha.get("/account/away")
    asha.post(f"/account/away/{row}/stop")
    asha.get("/")
    assert "Welcome back" in asha.text
    asha.get("/account/away")
    assert reference in asha.text
    asha.post(f"/account/away/{row}/take-back", follow_redirects=True)
    assert "You took 1 case back." in asha.text
    assert "Welcome back" not in asha.text
    assert desk.case(reference).assignee_id == desk.cast.asha.id


def test_a_supervisor_says_it_for_a_colleague_and_nobody_else_touches_it(
    site: Site, desk: Desk, now: datetime
) -> None:
    boris, dilani = site.browser("boris"), site.browser("dilani")
    boris.get(f"/team/{desk.cast.asha.id}/away")
    form = {"first_day": "2026-11-23", "last_day": "2026-11-27"}
    boris.post(f"/team/{desk.cast.asha.id}/away", form, follow_redirects=True)
    assert "The supervisors take over." in boris.text
    with desk.store.reading() as session:
        row = session.exec(select(Absence)).one().id
    dilani.get("/account/away")
    assert dilani.post(f"/account/away/{row}/stop").status_code == 404
    dilani.get("/account/away")
    assert dilani.post(f"/account/away/{row}/take-back").status_code == 404
    assert dilani.get(f"/team/{desk.cast.asha.id}/away").status_code == 403
    assert boris.get(f"/team/{desk.cast.brigitte.id}/away").status_code == 404


def test_who_is_deactivated_hands_the_open_cases_over_at_once(
    site: Site, desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "They do not pay us.")
    desk.assign(reference, now, "asha")
    chen = site.browser("chen")
    path = f"/staff/{desk.cast.asha.id}"
    chen.get(path)
    form = {"name": "Asha", "role": "handler", "zone": "UTC", "language": "en"}
    chen.post(path, form)
    assert "Who takes over from Asha?" in chen.text
    assert staff(desk.store, desk.cast.asha).active
    chen.post(path, {**form, "hand_over": str(desk.cast.boris.id)}, follow_redirects=True)
    assert "All open cases were handed over" in chen.text
    assert not staff(desk.store, desk.cast.asha).active
    assert desk.case(reference).assignee_id == desk.cast.boris.id


def test_restricted_cases_of_who_leaves_are_handed_over_without_a_hint(
    site: Site, desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "They do not pay us.")
    desk.triage(reference, now, by="dilani", restricted=True)
    desk.assign(reference, now, "dilani", by="dilani")
    chen = site.browser("chen")
    path = f"/staff/{desk.cast.dilani.id}"
    chen.get(path)
    form = {"name": "Dilani", "role": "handler", "zone": "UTC", "language": "en"}
    assert chen.post(path, {**form, "restricted_pool": "yes"}).status_code == 302
    assert desk.case(reference).assignee_id is None

"""More time that is asked for while something else happens: a pause, a late decision, a kept promise."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot import unread
from casework.db import Store
from casework.errors import BadInput, NotAllowed
from casework.models import Case, Staff
from casework.vocabulary import Action, Notice, Promise, Role, StaffNoticeKind
from tests.conftest import Cast
from tests.office import Office

DAY = timedelta(days=1)


@pytest.fixture
def office(store: Store, cast: Cast) -> Office:
    return Office(store, cast)


def _investigated(office: Office, now: datetime) -> tuple[str, date]:
    """A case that waits for the worker, and a day well after its investigation is due."""
    reference = office.file(now, "No pay")
    office.walk(reference, now, Action.ACKNOWLEDGE, Action.INVESTIGATE, Action.ASK)
    due = office.clocks(reference)[Promise.INVESTIGATE].due_at
    return reference, (due + 4 * DAY).date()


def test_more_time_that_is_given_during_a_pause_is_told_with_the_day_that_was_asked_for(
    office: Office, now: datetime
) -> None:
    reference, day = _investigated(office, now)
    asked = office.ask_extension(reference, Promise.INVESTIGATE, day, now + DAY)
    given = office.extensions(reference)[0].until
    office.pause(reference, now + DAY)
    office.decide(reference, asked, now + 2 * DAY)
    assert office.clocks(reference)[Promise.INVESTIGATE].due_at > given
    (told,) = [one for one in office.outbox(reference) if one.notice is Notice.EXTENDED]
    with office.store.reading() as session:
        case: Case = office.case(reference)
        news = unread.news(session, told, now + 2 * DAY)
        page = unread.longer(session, case, now + 2 * DAY)
    assert news is not None
    assert news.longer is not None
    assert news.longer.until == given.date()
    assert page == news.longer
    office.resume(reference, now + 2 * DAY)
    assert office.clocks(reference)[Promise.INVESTIGATE].due_at == given


def test_nobody_is_promised_a_day_that_has_passed_by_the_time_of_the_decision(
    office: Office, now: datetime
) -> None:
    reference, day = _investigated(office, now)
    asked = office.ask_extension(reference, Promise.INVESTIGATE, day, now + DAY)
    later = datetime(day.year, day.month, day.day, tzinfo=UTC) + 3 * DAY
    with pytest.raises(BadInput):
        office.decide(reference, asked, later)
    assert Notice.EXTENDED not in office.notices(reference)
    office.decide(reference, asked, later, approve=False)


def test_where_the_only_supervisor_asks_who_else_may_decide_is_told(
    office: Office, now: datetime
) -> None:
    reference, day = _investigated(office, now)
    office.ask_extension(reference, Promise.INVESTIGATE, day, now + DAY, by="boris")
    told = [
        office.name(one.staff_id)
        for one in office.staff_notices(reference)
        if one.kind is StaffNoticeKind.EXTENSION_ASKED
    ]
    assert told == ["Chen"]


def test_nobody_is_asked_to_decide_who_may_not(office: Office, now: datetime) -> None:
    with office.store.writing() as session:
        for person in (office.cast.boris, office.cast.chen):
            session.get_one(Staff, person.id).role = Role.HANDLER
    reference, day = _investigated(office, now)
    office.ask_extension(reference, Promise.INVESTIGATE, day, now + DAY)
    kinds = [one.kind for one in office.staff_notices(reference)]
    assert StaffNoticeKind.EXTENSION_ASKED not in kinds


@pytest.mark.parametrize("action", [Action.PROPOSE_REMEDY, Action.WITHDRAW])
def test_what_is_asked_for_a_promise_that_is_kept_or_falls_away_waits_no_more(
    office: Office, now: datetime, action: Action
) -> None:
    reference, day = _investigated(office, now)
    asked = office.ask_extension(reference, Promise.INVESTIGATE, day, now + DAY)
    if action is Action.WITHDRAW:
        office.answer(reference, action, now + 2 * DAY)
    else:
        office.walk(reference, now + 2 * DAY, action)
    (extension,) = office.extensions(reference)
    assert (extension.decided_at, extension.approved) == (now + 2 * DAY, None)
    with pytest.raises(NotAllowed):
        office.decide(reference, asked, now + 3 * DAY)


def test_a_case_whose_worker_goes_says_that_its_clocks_run_again(
    office: Office, now: datetime
) -> None:
    reference, _day = _investigated(office, now)
    office.pause(reference, now + DAY)
    office.forget(now + 2 * DAY)
    event = office.events(reference)[-1]
    assert event.action is Action.FORGET
    assert event.data["resumed"]
    assert [one["promise"] for one in event.data["moved"]] == [Promise.INVESTIGATE]

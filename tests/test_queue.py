"""The list of cases and today's work, below the pages."""

import random
from datetime import datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest

from casework import cases
from casework.cases import Triage
from casework.db import Session, Store
from casework.errors import BadInput
from casework.lifecycle import ENDED, OPEN
from casework.models import Case
from casework.office import today as today_module
from casework.office.today import Why
from casework.searching import queue
from casework.searching.queue import Filter, Sort
from casework.vocabulary import Action, Category, Severity, Status
from tests.conftest import Cast
from tests.desk import REASONS
from tests.webhelp import file_case


def _many(store: Store, cast: Cast, now: datetime, count: int = 40) -> list[Case]:
    """Cases of every severity, some without anything due, some assigned, in a fixed seed."""
    chance = random.Random(7)
    found = []
    for number in range(count):
        at = now - timedelta(hours=chance.randrange(500))
        category = chance.choice(list(Category))
        case = file_case(store, cast, at, category=category, kind="")
        with store.writing() as session:
            row = session.get_one(Case, case.id)
            row.severity = chance.choice(list(Severity))
            row.assignee_id = chance.choice([None, cast.asha.id])
            row.updated_at = now - timedelta(minutes=chance.randrange(500))
            if number % 3 == 0:
                row.status, row.next_due_at = chance.choice(ENDED), None
            elif number % 7 == 0:
                row.status, row.next_due_at = Status.VERIFYING, None
            found.append(row)
    return found


def _forth(session: Session, cast: Cast, wanted: Filter, sort: Sort, size: int) -> list[list[str]]:
    pages, cursor = [], ""
    while True:
        page = queue.page(session, cast.actor("dilani"), wanted, sort, cursor, size)
        pages.append([row.reference for row in page.rows])
        if not page.next:
            return pages
        cursor = page.next


def _back(session: Session, cast: Cast, wanted: Filter, sort: Sort, size: int) -> list[list[str]]:
    cursor, last = "", None
    while True:
        last = queue.page(session, cast.actor("dilani"), wanted, sort, cursor, size)
        if not last.next:
            break
        cursor = last.next
    pages = [[row.reference for row in last.rows]]
    while last.previous:
        last = queue.page(session, cast.actor("dilani"), wanted, sort, last.previous, size)
        pages.insert(0, [row.reference for row in last.rows])
    return pages


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(statuses=OPEN),
        Filter(statuses=ENDED),
        Filter(severity=Severity.SERIOUS),
        Filter(unassigned=True),
    ],
)
def test_pages_show_every_case_once_forth_and_back(
    any_store: Store, now: datetime, sort: Sort, wanted: Filter
) -> None:
    cast = Cast(any_store, now)
    every = [case for case in _many(any_store, cast, now) if _fits(case, wanted)]
    with any_store.reading() as session:
        forth = _forth(session, cast, wanted, sort, 4)
        assert sorted(chain(*forth)) == sorted(case.reference for case in every)
        back = _back(session, cast, wanted, sort, 4)
        assert list(chain(*back)) == list(chain(*forth))


def _fits(case: Case, wanted: Filter) -> bool:
    return (
        (not wanted.statuses or case.status in wanted.statuses)
        and (wanted.severity in (None, case.severity))
        and (not wanted.unassigned or case.assignee_id is None)
    )


def test_each_sort_orders_as_it_says(store: Store, cast: Cast, now: datetime) -> None:
    _many(store, cast, now)
    with store.reading() as session:
        actor = cast.actor("dilani")
        due = [
            row.next_due_at for row in queue.page(session, actor, Filter(), Sort.DUE, size=99).rows
        ]
        dated = [at for at in due if at]
        assert dated == sorted(dated)
        assert due[len(dated) :] == [None] * (len(due) - len(dated))
        rows = queue.page(session, actor, Filter(), Sort.RECEIVED, size=99).rows
        assert [r.received_at for r in rows] == sorted((r.received_at for r in rows), reverse=True)
        rows = queue.page(session, actor, Filter(), Sort.UPDATED, size=99).rows
        assert [r.updated_at for r in rows] == sorted((r.updated_at for r in rows), reverse=True)
        rows = queue.page(session, actor, Filter(), Sort.SEVERITY, size=99).rows
        worst = list(Severity)
        places = [worst.index(row.severity) for row in rows]
        assert places == sorted(places)


def test_a_row_names_the_first_kind_of_its_category(
    store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    with store.writing() as session:
        issues = ((Category.WAGES, "late"), (Category.WAGES, "unpaid"), (Category.HOURS, ""))
        mine = session.get_one(Case, case.id)
        cases.triage(
            session, mine, Triage(Severity.SERIOUS, issues), by=cast.actor("asha"), now=now
        )
    with store.reading() as session:
        (row,) = queue.page(session, cast.actor("asha"), Filter()).rows
        assert row.category is Category.WAGES
        assert row.kind in ("unpaid", "late")


def test_brand_staff_see_no_case_whatever_they_ask(store: Store, cast: Cast, now: datetime) -> None:
    case = file_case(store, cast, now)
    with store.reading() as session:
        brigitte = cast.actor("brigitte")
        assert queue.page(session, brigitte, Filter()).rows == ()
        assert queue.find(session, brigitte, case.reference) is None


def test_only_the_pool_knows_of_a_restricted_case(store: Store, cast: Cast, now: datetime) -> None:
    case = file_case(store, cast, now, category=Category.HARASSMENT, kind="sexual")
    with store.reading() as session:
        for name in ("asha", "boris", "chen"):
            assert queue.page(session, cast.actor(name), Filter()).rows == ()
            assert queue.find(session, cast.actor(name), case.reference) is None
        assert queue.find(session, cast.actor("dilani"), case.reference) is not None


def test_a_cursor_somebody_made_up_is_refused(store: Store, cast: Cast) -> None:
    with store.reading() as session:
        for cursor in ("x", "W10", "WyJuIiwgOSwgIngiLCAxXQ", "é"):
            with pytest.raises(BadInput):
                queue.page(session, cast.actor("asha"), Filter(), Sort.DUE, cursor)


def test_a_case_that_has_ended_owes_nothing(store: Store, cast: Cast, now: datetime) -> None:
    """The list relies on it: sorted by what is due, ended cases never stand among the dated."""
    asha = cast.actor("asha")
    for action in (Action.REFER, Action.REJECT):
        case = file_case(store, cast, now)
        with store.writing() as session:
            mine = session.get_one(Case, case.id)
            cases.advance(session, mine, Action.ACKNOWLEDGE, by=asha, now=now)
            reason = REASONS[action]
            cases.advance(
                session,
                mine,
                action,
                by=asha,
                now=now,
                text="Because.",
                reason=reason,
                declared=True,
            )
            assert mine.next_due_at is None


def test_todays_work_names_each_case_once_with_the_most_urgent_reason(
    store: Store, cast: Cast, now: datetime
) -> None:
    zone = ZoneInfo("Asia/Phnom_Penh")
    late, soon, mine, asked = (file_case(store, cast, now) for _ in range(4))
    foreign = file_case(store, cast, now)
    with store.writing() as session:
        session.get_one(Case, late.id).next_due_at = now - timedelta(days=1)
        session.get_one(Case, soon.id).next_due_at = now + timedelta(hours=3)
        for row in (mine, asked, foreign):
            session.get_one(Case, row.id).next_due_at = now + timedelta(days=20)
        session.get_one(Case, mine.id).assignee_id = cast.asha.id
        waiting = session.get_one(Case, asked.id)
        waiting.assignee_id, waiting.open_question, waiting.unread = cast.asha.id, True, False
        session.get_one(Case, foreign.id).assignee_id = cast.boris.id
    with store.reading() as session:
        sections = today_module.today(session, cast.actor("asha"), zone, now)
        found = {section.why: [row.reference for row in section.rows] for section in sections}
    assert found == {
        Why.OVERDUE: [late.reference],
        Why.TODAY: [soon.reference],
        Why.NEWS: [mine.reference],
        Why.WAITING: [asked.reference],
    }


def test_a_supervisor_sees_everybodys_work(store: Store, cast: Cast, now: datetime) -> None:
    case = file_case(store, cast, now)
    with store.writing() as session:
        row = session.get_one(Case, case.id)
        row.assignee_id, row.next_due_at = cast.asha.id, now - timedelta(days=1)
    with store.reading() as session:
        zone = ZoneInfo("Asia/Phnom_Penh")
        (section,) = today_module.today(session, cast.actor("boris"), zone, now)
        assert [row.assignee_name for row in section.rows] == ["Asha"]
        dilani = cast.actor("dilani")
        assert today_module.today(session, dilani, zone, now) == ()

"""Conflicts of interest: who may not know of a case never sees it, gets it or is told of it."""

from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from casework import cases, conflicts, links, seeing, ties, unseen
from casework.actors import SYSTEM, Actor, staff_actor
from casework.db import Session, Store
from casework.deadlines import extending
from casework.errors import BadInput, NotAllowed
from casework.findings import Found
from casework.ids import new_id
from casework.models import (
    Brand,
    Case,
    Conflict,
    Declaration,
    Factory,
    Mail,
    Staff,
    StaffNotice,
    Tie,
)
from casework.office import mails, notices, team, telling
from casework.office import today as today_module
from casework.searching import queue, search
from casework.searching.queue import Filter, Sort
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    ConflictCause,
    Finding,
    LinkKind,
    PartyKind,
    Promise,
    Recipient,
    Role,
    Severity,
    StaffNoticeKind,
)
from tests.conftest import Cast
from tests.desk import Desk
from tests.office import Office
from tests.protecting import accuse

ZONE = ZoneInfo("Asia/Phnom_Penh")


def _accused(
    desk: Desk, reference: str, now: datetime, name: str = "", organisation: str = ""
) -> None:
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        person = getattr(desk.cast, name) if name else None
        accuse(session, case, now, person, organisation)
        conflicts.refresh(session, case, now, desk.cast.actor("chen"))


def _actor(store: Store, name: str) -> Actor:
    with store.reading() as session:
        return staff_actor(session.exec(select(Staff).where(Staff.name == name)).one())


def _set(store: Store, name: str, **values: object) -> None:
    with store.writing() as session:
        person = session.exec(select(Staff).where(Staff.name == name)).one()
        for field, value in values.items():
            setattr(person, field, value)


def _sees(store: Store, name: str, reference: str) -> bool:
    """Whether somebody finds a case by its reference; every other way has to say the same."""
    actor = _actor(store, name)
    with store.reading() as session:
        found = queue.find(session, actor, reference) is not None
        lists = {
            row.reference
            for sort in Sort
            for row in queue.page(session, actor, Filter(), sort).rows
        }
        assert (reference in lists) is found
        hits = search.page(session, actor, reference, Filter())
        assert (reference in {row.reference for row in hits.rows}) is found
        case = cases.by_reference(session, reference)
        assert case is not None
        person = session.exec(select(Staff).where(Staff.name == name)).one()
        assert seeing.sees(session, person, case) is found
    return found


def test_who_is_accused_finds_the_case_nowhere(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "Asha takes money from us.")
    assert _sees(any_desk.store, "Asha", reference)
    _accused(any_desk, reference, now, "asha")
    assert not _sees(any_desk.store, "Asha", reference)
    assert _sees(any_desk.store, "Boris", reference)


@pytest.mark.parametrize(
    "change",
    [
        {"restricted_pool": False},
        {"scope_factories": [1]},
        {"scope_languages": ["km"]},
        {"barred_factories": [1]},
        {"role": Role.AUDITOR},
    ],
)
def test_who_is_kept_from_any_case_does_not_see_all(
    store: Store, cast: Cast, change: dict[str, object]
) -> None:
    _set(store, "Boris", restricted_pool=True)
    with store.reading() as session:
        assert seeing.sees_all(session, _actor(store, "Boris"))
    _set(store, "Boris", **change)
    with store.reading() as session:
        assert not seeing.sees_all(session, _actor(store, "Boris"))


def test_who_has_a_conflict_of_interest_in_one_case_does_not_see_all(
    desk: Desk, now: datetime
) -> None:
    _set(desk.store, "Boris", restricted_pool=True)
    _accused(desk, desk.file(now, "Boris takes money from us."), now, "boris")
    with desk.store.reading() as session:
        assert not seeing.sees_all(session, _actor(desk.store, "Boris"))


def test_whoever_belongs_to_the_accused_organisation_does_not_see_the_case(
    desk: Desk, now: datetime
) -> None:
    _set(desk.store, "Dilani", organisation="Golden Recruiters Co., Ltd")
    reference = desk.file(now, "The agency took our passports.")
    _accused(desk, reference, now, organisation="GOLDEN RECRUITERS")
    assert not _sees(desk.store, "Dilani", reference)
    assert _sees(desk.store, "Asha", reference)


def test_a_witness_of_the_organisation_bars_nobody(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        accuse(session, case, now, desk.cast.asha, "Workers' Desk", PartyKind.WITNESS)
        conflicts.refresh(session, case, now, SYSTEM)
    assert _sees(desk.store, "Asha", reference)
    assert desk.actions(reference) == [Action.FILE]


def test_who_is_no_longer_accused_sees_the_case_again(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    _accused(desk, reference, now, "asha")
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        party = accuse(session, case, now)
        for one in session.exec(select(type(party)).where(col(type(party).staff_id).is_not(None))):
            one.removed_at = now
        conflicts.refresh(session, case, now, SYSTEM)
    assert _sees(desk.store, "Asha", reference)
    barred = [event.data for event in desk.events(reference) if event.action is Action.BAR]
    asha = desk.cast.asha.id
    assert barred == [{"barred": [asha], "cleared": []}, {"barred": [], "cleared": [asha]}]


def test_an_accused_handler_loses_the_case_and_the_supervisor_is_told(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    desk.assign(reference, now, "asha")
    _accused(desk, reference, now, "asha")
    assert desk.case(reference).assignee_id is None
    assert desk.events(reference)[-1].data["unassigned"] == desk.cast.asha.id
    assert _told(desk, reference) == {("Boris", StaffNoticeKind.UNASSIGNED)}


def _told(desk: Desk, reference: str) -> set[tuple[str, StaffNoticeKind]]:
    with desk.store.reading() as session:
        names = {person.id: person.name for person in session.exec(select(Staff))}
        wanted = select(StaffNotice).where(StaffNotice.case_id == desk.case(reference).id)
        return {(names[one.staff_id], one.kind) for one in session.exec(wanted)}


def test_where_the_supervisor_is_accused_it_climbs_to_the_admin(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.assign(reference, now, "boris")
    _accused(desk, reference, now, "boris")
    assert _told(desk, reference) == {("Chen", StaffNoticeKind.UNASSIGNED)}
    desk.sweep(now + timedelta(days=30))
    assert {name for name, _ in _told(desk, reference)} == {"Chen"}


def test_an_overdue_case_never_escalates_to_who_has_a_conflict(
    any_desk: Desk, now: datetime
) -> None:
    hidden, open_ = (any_desk.file(now, "No pay") for _ in range(2))
    any_desk.hire(2, now)
    _accused(any_desk, hidden, now, "boris")
    any_desk.sweep(now + timedelta(days=60))
    told = {name for name, _ in _told(any_desk, hidden)}
    assert "Boris" not in told
    assert {"Supervisor 0", "Supervisor 1", "Chen"} <= told
    assert "Boris" in {name for name, _ in _told(any_desk, open_)}


def test_where_everybody_has_a_conflict_nobody_is_told_and_a_warning_names_nothing(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "The whole office takes money.")
    with desk.store.reading() as session:
        assert not unseen.by_anybody(session)
    _accused(desk, reference, now, organisation="workers' desk")
    desk.sweep(now + timedelta(days=60))
    assert _told(desk, reference) == set()
    with desk.store.reading() as session:
        assert unseen.by_anybody(session)
    desk.answer(reference, Action.WITHDRAW, now)
    with desk.store.reading() as session:
        assert not unseen.by_anybody(session)


def test_a_case_linked_to_one_with_a_conflict_is_hidden_too(desk: Desk, now: datetime) -> None:
    first, second, third = (desk.file(now, "He shouts") for _ in range(3))
    desk.assign(third, now, "asha")
    with desk.store.writing() as session:
        one, two, three = (cases.by_reference(session, ref) for ref in (first, second, third))
        assert one
        assert two
        assert three
        links.link(session, one, two, LinkKind.COLLECTIVE, now=now)
        links.link(session, one, three, LinkKind.COLLECTIVE, now=now)
    _accused(desk, second, now, "asha")
    for reference in (first, second, third):
        assert not _sees(desk.store, "Asha", reference), reference
    assert desk.case(third).assignee_id is None


def test_a_case_about_retaliation_is_hidden_from_who_was_accused_in_the_first(
    desk: Desk, now: datetime
) -> None:
    first = desk.file(now, "Boris took our names to the boss.")
    _accused(desk, first, now, "boris")
    second = desk.file(now, "Now they dismissed me.")
    with desk.store.writing() as session:
        one, two = (cases.by_reference(session, ref) for ref in (first, second))
        assert one
        assert two
        links.link(session, one, two, LinkKind.RETALIATION, now=now)
    assert not _sees(desk.store, "Boris", second)


def test_the_case_can_not_be_given_to_who_may_not_see_it(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    _accused(desk, reference, now, "asha")
    with pytest.raises(BadInput, match="may not see"):
        desk.assign(reference, now, "asha")


def test_no_figure_counts_what_is_hidden(desk: Desk, now: datetime) -> None:
    """Lists, search, today, team, notices, patterns, extensions: each is the same as without it."""
    filed = now - timedelta(days=20)
    shown = desk.file(filed, "No pay", category=Category.WAGES, kind="unpaid")
    boris = desk.cast.actor("boris")
    desk.assign(shown, filed, "dilani")
    desk.sweep(now)
    before = _all_figures(desk.store, "Boris", shown, now)
    for _ in range(3):
        hidden = desk.file(filed, "No pay heliotrope", category=Category.WAGES, kind="unpaid")
        desk.assign(hidden, filed, "dilani")
        desk.sweep(now)
        with desk.store.writing() as session:
            case = cases.by_reference(session, hidden)
            other = cases.by_reference(session, shown)
            assert case
            assert other
            session.add(
                StaffNotice(
                    id=new_id(now),
                    staff_id=desk.cast.boris.id,
                    case_id=case.id,
                    kind=StaffNoticeKind.MISSED,
                    reached_at=now,
                    at=now,
                )
            )
        _accused(desk, hidden, now, "boris")
    assert _all_figures(desk.store, "Boris", shown, now) == before
    with desk.store.reading() as session:
        assert search.page(session, boris, "heliotrope", Filter()).rows == ()


def _all_figures(store: Store, name: str, reference: str, now: datetime) -> list[object]:
    actor = _actor(store, name)
    with store.reading() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        sections = today_module.today(session, actor, ZONE, now)
        return [
            [row.reference for row in queue.page(session, actor, Filter(), size=50).rows],
            [(one.why, [row.reference for row in one.rows], one.more) for one in sections],
            team.loads(session, actor, ZONE, now),
            team.missed(session, actor, now),
            team.unowned(session, actor),
            team.at_risk(session, actor, now),
            notices.unread(session, actor),
            [one.notice.id for one in notices.page(session, actor).entries],
            links.pattern(session, actor, case, now),
            links.of_case(session, actor, case),
            [one.case.reference for one in extending.to_decide(session, actor)],
            [row.reference for row in search.page(session, actor, "pay", Filter()).rows],
        ]


def test_a_mail_that_waits_is_not_sent_of_a_case_one_may_no_longer_see(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay", category=Category.DOCUMENTS, kind="passport")
    later = now + timedelta(days=3)
    desk.sweep(later)
    with desk.store.writing() as session:
        mails.gather(session, later)
    with desk.store.reading() as session:
        (mail,) = session.exec(select(Mail).where(Mail.staff_id == desk.cast.boris.id)).all()
        assert mails.letter(session, mail) is not None
    _accused(desk, reference, later, "boris")
    with desk.store.reading() as session:
        assert mails.letter(session, mail) is None


def test_more_time_is_not_asked_of_a_supervisor_with_a_conflict(
    store: Store, cast: Cast, now: datetime
) -> None:
    office = Office(store, cast)
    reference = office.file(now, "No pay", category=Category.WAGES, kind="unpaid")
    office.act(reference, Action.ACKNOWLEDGE, now)
    _accused(office, reference, now, "boris")
    office.ask_extension(reference, Promise.INVESTIGATE, (now + timedelta(days=80)).date(), now)
    assert {name for name, _ in _told(office, reference)} == {"Chen"}
    with store.reading() as session:
        assert extending.to_decide(session, cast.actor("boris")) == []
        assert len(extending.to_decide(session, cast.actor("chen"))) == 1


# --- ties ---


def _tie(desk: Desk, name: str, to: Factory | Brand | Case, now: datetime) -> Tie:
    with desk.store.writing() as session:
        return ties.declare(session, to, "My brother", by=_actor(desk.store, name), now=now)


def test_a_tie_to_a_factory_hides_its_cases_those_to_come_too(
    any_desk: Desk, now: datetime
) -> None:
    before = any_desk.file(now, "No pay")
    any_desk.assign(before, now, "asha")
    _tie(any_desk, "Asha", any_desk.cast.golden_thread, now)
    after = any_desk.file(now, "No pay")
    elsewhere = any_desk.file(now, "No pay", factory=None)
    assert not _sees(any_desk.store, "Asha", before)
    assert not _sees(any_desk.store, "Asha", after)
    assert _sees(any_desk.store, "Asha", elsewhere)
    assert any_desk.case(before).assignee_id is None
    assert _told(any_desk, before) == {("Boris", StaffNoticeKind.UNASSIGNED)}


def test_a_tie_to_a_brand_hides_the_cases_of_its_factories(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    _tie(desk, "Asha", desk.cast.borealis, now)
    assert _sees(desk.store, "Asha", reference)
    _tie(desk, "Asha", desk.cast.aurora, now)
    assert not _sees(desk.store, "Asha", reference)


def test_a_tie_to_one_case_hides_it_alone(desk: Desk, now: datetime) -> None:
    one, other = (desk.file(now, "No pay") for _ in range(2))
    _tie(desk, "Asha", desk.case(one), now)
    assert not _sees(desk.store, "Asha", one)
    assert _sees(desk.store, "Asha", other)
    with desk.store.reading() as session:
        (conflict,) = session.exec(select(Conflict)).all()
        assert (conflict.cause, conflict.staff_id) == (ConflictCause.TIE, desk.cast.asha.id)


@pytest.mark.parametrize("to", ["factory", "case"])
def test_only_somebody_else_who_leads_ends_a_tie(desk: Desk, now: datetime, to: str) -> None:
    reference = desk.file(now, "No pay")
    place = desk.cast.golden_thread if to == "factory" else desk.case(reference)
    tie = _tie(desk, "Boris", place, now)
    for name in ("asha", "boris"):
        with desk.store.writing() as session, pytest.raises(NotAllowed, match="Only another"):
            ties.end(session, session.get_one(Tie, tie.id), by=desk.cast.actor(name), now=now)
    with desk.store.writing() as session:
        ties.end(session, session.get_one(Tie, tie.id), by=desk.cast.actor("chen"), now=now)
    assert _sees(desk.store, "Boris", reference)


def test_a_tie_needs_words_and_is_declared_once(desk: Desk, now: datetime) -> None:
    with desk.store.writing() as session, pytest.raises(BadInput, match="what the tie is"):
        ties.declare(session, desk.cast.aurora, "  ", by=desk.cast.actor("asha"), now=now)
    _tie(desk, "Asha", desk.cast.aurora, now)
    with pytest.raises(NotAllowed, match="already"):
        _tie(desk, "Asha", desk.cast.aurora, now)


def test_a_supervisor_sees_no_tie_to_a_case_that_is_hidden_from_them(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    tie = _tie(desk, "Asha", desk.case(reference), now)
    _accused(desk, reference, now, "boris")
    with desk.store.reading() as session:
        assert ties.of_office(session, desk.cast.actor("boris")) == []
        assert ties.find(session, desk.cast.actor("boris"), tie.id) is None
        assert len(ties.of_office(session, desk.cast.actor("chen"))) == 1


def test_who_works_at_the_factory_itself_sees_none_of_its_cases(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    with desk.store.writing() as session:
        session.get_one(Staff, desk.cast.asha.id).organisation = "Golden Thread Garments"
        ties.refresh_factories(session, now, SYSTEM)
    assert not _sees(desk.store, "Asha", reference)


# --- scopes ---


def test_who_has_a_scope_sees_only_the_cases_in_it(any_desk: Desk, now: datetime) -> None:
    here, nowhere = any_desk.file(now, "No pay"), any_desk.file(now, "No pay", factory=None)
    _set(any_desk.store, "Asha", scope_factories=[any_desk.cast.golden_thread.id])
    assert _sees(any_desk.store, "Asha", here)
    assert not _sees(any_desk.store, "Asha", nowhere)
    _set(any_desk.store, "Asha", scope_factories=None, scope_languages=["km", "vi"])
    assert not _sees(any_desk.store, "Asha", here)
    _set(any_desk.store, "Asha", scope_languages=["km", "my"])
    assert _sees(any_desk.store, "Asha", here)


def test_cases_outside_all_scopes_go_to_the_supervisors_who_are_warned(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay", factory=None)
    boris = desk.cast.actor("boris")
    for name in ("Asha", "Dilani"):
        with desk.store.reading() as session:
            assert not unseen.by_handlers(session, boris)
        _set(desk.store, name, scope_factories=[desk.cast.golden_thread.id])
    with desk.store.reading() as session:
        assert unseen.by_handlers(session, boris)
        assert not unseen.by_anybody(session)
    desk.sweep(now + timedelta(days=20))
    assert {name for name, _ in _told(desk, reference)} <= {"Boris", "Chen"}
    for name in ("Boris", "Chen"):
        _set(desk.store, name, scope_languages=["km"])
    with desk.store.reading() as session:
        assert unseen.by_anybody(session)


def test_pages_of_a_small_scope_show_every_case_once(any_store: Store, now: datetime) -> None:
    cast = Cast(any_store, now)
    desk = Desk(any_store, cast)
    factories = [cast.golden_thread]
    with any_store.writing() as session:
        for number in range(3):
            factories.append(
                Factory(
                    id=new_id(now),
                    code=f"F{number}",
                    name=f"Factory {number}",
                    country="KH",
                    zone="Asia/Phnom_Penh",
                )
            )
            session.add(factories[-1])
    filed = {
        desk.file(now - timedelta(hours=number), "No pay", factory=factory): factory.id
        for number, factory in enumerate(factories * 5)
    }
    scope = sorted(one.id for one in factories[1:3])
    _set(any_store, "Asha", scope_factories=scope, scope_languages=["my"])
    wanted = sorted(ref for ref, factory in filed.items() if factory in scope)
    actor = _actor(any_store, "Asha")
    with any_store.reading() as session:
        for sort in Sort:
            found, cursor = [], ""
            while True:
                page = queue.page(session, actor, Filter(), sort, cursor, 3)
                found += [row.reference for row in page.rows]
                if not (cursor := page.next):
                    break
            assert sorted(found) == wanted, sort


# --- the two forms of the rule ---

_PEOPLE = st.lists(
    st.tuples(
        st.sampled_from([Role.HANDLER, Role.SUPERVISOR, Role.BRAND, Role.AUDITOR]),
        st.booleans(),
        st.sampled_from([None, [], ["here"], ["there"], ["here", "there"]]),
        st.sampled_from([None, ["my"], ["km", "my"], ["vi"]]),
        st.sampled_from([None, ["here"]]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(people=_PEOPLE)
def test_the_rule_for_the_database_and_the_one_for_values_say_the_same(
    store: Store,
    cast: Cast,
    now: datetime,
    people: list[tuple[Role, bool, list[str] | None, list[str] | None, list[str] | None, bool]],
) -> None:
    with store.writing() as session:
        for row in session.exec(select(Conflict)):
            session.delete(row)
        there = session.exec(select(Factory).where(Factory.code == "THERE")).first()
        if there is None:
            there = Factory(
                id=new_id(now), code="THERE", name="There", country="KH", zone="Asia/Phnom_Penh"
            )
            session.add(there)
            session.flush()
            for factory, language, restricted in product(
                (cast.golden_thread.id, there.id, None), ("my", "vi"), (False, True)
            ):
                session.add(_case(session, now, factory, language, restricted))
        rows = {"here": cast.golden_thread.id, "there": there.id}
        every = list(session.exec(select(Case).order_by(col(Case.id))))
        for role, pool, factories, languages, barred, conflicted in people:
            person = Staff(
                id=new_id(now),
                name="X",
                email=f"{new_id(now)}@example.org",
                role=role,
                restricted_pool=pool,
                scope_factories=None if factories is None else [rows[f] for f in factories],
                scope_languages=languages,
                barred_factories=None if barred is None else [rows[f] for f in barred],
                created_at=now,
            )
            session.add(person)
            session.flush()
            if conflicted:
                for case in every[::2]:
                    session.add(
                        Conflict(
                            staff_id=person.id, case_id=case.id, cause=ConflictCause.TIE, since=now
                        )
                    )
            session.flush()
            visible = set(session.exec(select(Case.id).where(*queue.visible(staff_actor(person)))))
            known = seeing.conflicted_in(session, [case.id for case in every])
            by_value = {
                case.id
                for case in every
                if seeing.may_see(person, case, known.get(case.id, frozenset()))
            }
            assert visible == by_value


def _case(
    session: Session, now: datetime, factory: int | None, language: str, restricted: bool
) -> Case:
    row = new_id(now)
    return Case(
        id=row,
        reference=f"RC-{row % 10**8:08}",
        factory_id=factory,
        severity=Severity.MINOR,
        channel=Channel.WEB,
        language=language,
        restricted=restricted,
        received_at=now,
        updated_at=now,
    )


def test_nobody_who_may_not_see_a_case_is_among_its_recipients(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    case = desk.case(reference)
    with desk.store.reading() as session:
        people = telling.handling(session)
    for to in Recipient:
        everybody = {one.id for one in people}
        assert telling.recipients(people, case, (to,), everybody) == []


# --- declarations ---


def test_who_decides_signs_first_to_have_no_tie(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS)
    with pytest.raises(NotAllowed, match="no tie to anybody"):
        desk.act(reference, Action.INVESTIGATE, now, declared=False)
    assert desk.actions(reference)[-1] is Action.ASSESS
    desk.act(reference, Action.INVESTIGATE, now, declared=True)
    assert desk.events(reference)[-1].data["declared"] is True
    desk.act(reference, Action.PROPOSE_REMEDY, now, "They pay.", declared=False)
    assert "declared" not in desk.events(reference)[-1].data
    with pytest.raises(NotAllowed, match="no tie"):
        desk.act(reference, Action.CONCLUDE, now, "Paid.", by="boris", declared=False)
    with desk.store.reading() as session:
        (signed,) = conflicts.declarations(session, [desk.case(reference).id])
        assert (signed.staff_id, signed.organisation) == (desk.cast.asha.id, "Workers' Desk")


def test_one_may_sign_before_any_step_and_once(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    for _ in range(2):
        with desk.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            conflicts.declare(session, case, by=desk.cast.actor("asha"), now=now)
    assert desk.actions(reference) == [Action.FILE, Action.DECLARE]
    with desk.store.reading() as session:
        assert len(session.exec(select(Declaration)).all()) == 1
    desk.act(reference, Action.ACKNOWLEDGE, now)
    desk.act(reference, Action.INVESTIGATE, now, declared=False)


@pytest.mark.parametrize("action", sorted(conflicts.MUST_DECLARE))
def test_every_deciding_step_asks_for_the_declaration(
    desk: Desk, now: datetime, action: Action
) -> None:
    reference = desk.file(now, "No pay")
    desk.act(reference, Action.ACKNOWLEDGE, now)
    if action is Action.FINDING:
        desk.triage(reference, now)
    if action in (Action.PROPOSE_REMEDY, Action.CONCLUDE, Action.FINDING):
        desk.act(reference, Action.INVESTIGATE, now)
    before = len(desk.actions(reference))

    def decide() -> None:
        if action is Action.FINDING:
            paid = Found(Finding.UNFOUNDED, "Paid.")
            desk.find(reference, now, paid, by="dilani", declared=False)
        else:
            desk.act(reference, action, now, "Words", by="dilani", declared=False)

    with pytest.raises(NotAllowed, match="no tie"):
        decide()
    assert len(desk.actions(reference)) == before

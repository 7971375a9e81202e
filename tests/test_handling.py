"""Findings, reasons, parties, interviews and tasks of a case, on both databases."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import col, select

from bot import notices, unread
from bot.rendering import render
from casework import (
    admission,
    cases,
    considering,
    decisions,
    interviews,
    outcomes,
    parties,
    partywords,
    places,
    tasks,
)
from casework.actors import Actor
from casework.db import Session
from casework.deadlines import promises
from casework.errors import BadInput, NotAllowed
from casework.findings import Found
from casework.interviews import Talk
from casework.messaging import messages
from casework.models import Case, Issue, Outbox, SearchWord, Staff
from casework.parties import About
from casework.remedy.remediation import remediation_due
from casework.searching import searchwords
from casework.vocabulary import (
    Action,
    Category,
    Direction,
    Finding,
    Gravity,
    Inadmissible,
    Meeting,
    MessageKind,
    Notice,
    Outcome,
    PartyKind,
    Referral,
    Severity,
    Status,
    Whom,
)
from tests.conftest import Cast
from tests.desk import Desk, prove_all
from tests.office import Office
from translations import catalog

TO_FIND = (Action.ACKNOWLEDGE, Action.INVESTIGATE)
FOUNDED = Found(Finding.FOUNDED, "The payslips show it.", Gravity.MAJOR)
HEAT = (Category.HEALTH_AND_SAFETY, "heat")
UNPAID = (Category.WAGES, "unpaid")
A_DAY = timedelta(days=1)


def _do(desk: Desk, reference: str, act: Callable[[Session, Case], Any]) -> Any:
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        return act(session, case)


def _issues(desk: Desk, reference: str) -> list[Issue]:
    return _do(desk, reference, lambda session, case: cases.issues_of(session, case.id))


def _investigated(desk: Desk, now: datetime, *about: tuple[Category, str]) -> str:
    reference = desk.file(now, "No pay", category=Category.WAGES, kind="unpaid")
    desk.triage(reference, now, issues=about or (UNPAID,))
    desk.walk(reference, now, *TO_FIND)
    return reference


def _advance(desk: Desk, reference: str, action: Action, now: datetime, **more: Any) -> Case:
    by = desk.cast.actor(more.pop("by", "asha"))
    return _do(
        desk,
        reference,
        lambda session, case: cases.advance(
            session, case, action, by=by, now=now, text="Because.", declared=True, **more
        ),
    )


# --- findings -------------------------------------------------------------------------------------


def test_the_outcome_is_told_only_when_each_issue_has_its_finding(
    any_desk: Desk, now: datetime
) -> None:
    reference = _investigated(any_desk, now, UNPAID, HEAT)
    with pytest.raises(BadInput, match="on the page “Work”"):
        _advance(any_desk, reference, Action.CONCLUDE, now)
    unfounded = Found(Finding.UNFOUNDED, "It was 26 degrees on each visit.")
    any_desk.find(reference, now, FOUNDED, unfounded)
    case = _advance(any_desk, reference, Action.CONCLUDE, now)
    assert case.status is Status.VERIFYING
    assert any_desk.said(reference) == [
        "No pay",
        "The payslips show it.",
        "It was 26 degrees on each visit.",
        "Because.",
    ]
    whole = outcomes.outcome(case.status, _issues(any_desk, reference))
    assert whole is Outcome.PARTLY
    told = any_desk.events(reference)[-1].data["findings"]
    assert [(one["kind"], one["finding"], one["gravity"]) for one in told] == [
        ("unpaid", "founded", "major"),
        ("heat", "unfounded", None),
    ]


def test_a_case_that_is_about_nothing_yet_is_triaged_before_its_outcome(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "Hello")
    desk.walk(reference, now, *TO_FIND)
    with pytest.raises(BadInput, match="triage it"):
        _advance(desk, reference, Action.CONCLUDE, now)


def test_a_question_is_answered_without_a_finding(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "When?", category=Category.OTHER, kind="question")
    desk.walk(reference, now, *TO_FIND)
    with pytest.raises(BadInput, match="needs no finding"):
        desk.find(reference, now, FOUNDED)
    assert _advance(desk, reference, Action.CONCLUDE, now).status is Status.VERIFYING


@pytest.mark.parametrize(
    ("about", "found", "problem"),
    [
        (UNPAID, Found(Finding.FOUNDED, " ", Gravity.MAJOR), "Write the reason"),
        (HEAT, Found(Finding.PARTLY, "Yes."), "major or minor"),
        (UNPAID, Found(Finding.FOUNDED, "Yes.", Gravity.MINOR), "zero tolerance"),
    ],
)
def test_a_finding_that_lacks_something_is_refused(
    desk: Desk, now: datetime, about: tuple[Category, str], found: Found, problem: str
) -> None:
    reference = _investigated(desk, now, about)
    with pytest.raises(BadInput, match=problem):
        desk.find(reference, now, found)
    assert Action.FINDING not in desk.actions(reference)


def test_what_is_unfounded_is_neither_major_nor_minor(desk: Desk, now: datetime) -> None:
    reference = _investigated(desk, now, HEAT)
    (issue,) = desk.find(reference, now, Found(Finding.UNFOUNDED, "No.", Gravity.MINOR))
    assert issue.gravity is None


def test_triage_keeps_the_findings_of_what_stays(any_desk: Desk, now: datetime) -> None:
    reference = _investigated(any_desk, now, UNPAID, HEAT)
    before = any_desk.find(reference, now, FOUNDED, FOUNDED)
    food = (Category.DORMITORY, "food")
    any_desk.triage(reference, now, issues=(food, UNPAID))
    after = _issues(any_desk, reference)
    assert [(one.category, one.kind) for one in after] == [food, UNPAID]
    assert after[1].id == before[0].id
    assert [one.finding for one in after] == [None, Finding.FOUNDED]
    with pytest.raises(BadInput, match="each issue"):
        _advance(any_desk, reference, Action.CONCLUDE, now)


def test_after_a_dispute_somebody_else_finds_anew(any_desk: Desk, now: datetime) -> None:
    reference = _investigated(any_desk, now)
    any_desk.find(reference, now, FOUNDED)
    _advance(any_desk, reference, Action.CONCLUDE, now)
    any_desk.answer(reference, Action.DISPUTE, now + A_DAY)
    any_desk.act(reference, Action.INVESTIGATE, now + A_DAY, by="dilani")
    with pytest.raises(NotAllowed, match="somebody who did not handle"):
        any_desk.find(reference, now + A_DAY, FOUNDED)
    with pytest.raises(BadInput, match="each issue"):
        _advance(any_desk, reference, Action.CONCLUDE, now + A_DAY, by="dilani")
    partly = Found(Finding.PARTLY, "Two months of three.", Gravity.MAJOR)
    any_desk.find(reference, now + A_DAY, partly, by="dilani")
    _advance(any_desk, reference, Action.CONCLUDE, now + A_DAY, by="dilani")
    with any_desk.store.reading() as session:
        found = decisions.of_case(session, any_desk.case(reference).id)
    assert [one.findings[0].finding for one in found] == [Finding.FOUNDED, Finding.PARTLY]


def test_a_minor_finding_is_due_in_three_calendar_months(desk: Desk, now: datetime) -> None:
    reference = _investigated(desk, now, HEAT)
    (issue,) = desk.find(reference, now, Found(Finding.FOUNDED, "38 degrees.", Gravity.MINOR))
    with desk.store.reading() as session:
        case = desk.case(reference)
        terms = promises.terms(session, case)
        due = remediation_due(issue, case.severity, terms.policy, terms.calendar)
    assert due is not None
    assert (due.at - now).days in range(90, 97)


# --- what the worker is told ----------------------------------------------------------------------


def _told(desk: Desk, reference: str, notice: Notice, now: datetime, language: str) -> str:
    with desk.store.reading() as session:
        case = desk.case(reference)
        wanted = select(Outbox).where(Outbox.case_id == case.id, Outbox.notice == notice)
        entry = session.exec(wanted.order_by(col(Outbox.id).desc())).first()
        assert entry is not None
        news = unread.news(session, entry, now)
        assert news is not None
        says = notices.say_all(news, reference=reference)
    return "\n".join(render(say, language, "Fair Work Network").text for say in says)


def test_a_reason_in_another_language_goes_out_with_her_version_or_not_at_all(
    desk: Desk, now: datetime
) -> None:
    reference = _investigated(desk, now, UNPAID)
    typed, hers = "The payslips of June are missing.", "ဇွန်လ လစာစာရွက်များ မရှိပါ။"
    with pytest.raises(BadInput, match="what the worker will read"):
        desk.find(reference, now, Found(Finding.FOUNDED, typed, Gravity.MAJOR, "en"))
    desk.find(reference, now, Found(Finding.FOUNDED, typed, Gravity.MAJOR, "en", hers))
    _advance(desk, reference, Action.CONCLUDE, now)
    text = _told(desk, reference, Notice.OUTCOME, now, "my")
    assert hers in text
    assert typed not in text
    assert prove_all(desk.store) == []


def test_she_reads_each_finding_with_its_reason_in_her_language(desk: Desk, now: datetime) -> None:
    reference = _investigated(desk, now, UNPAID, HEAT)
    proof, cool = "လစာစာရွက်များက ပြသပါသည်။", "အပူချိန်ကို တိုင်းတာခဲ့ပါသည်။"
    desk.find(
        reference,
        now,
        Found(Finding.FOUNDED, proof, Gravity.MAJOR),
        Found(Finding.UNFOUNDED, cool),
    )
    _advance(desk, reference, Action.CONCLUDE, now)
    text = _told(desk, reference, Notice.OUTCOME, now, "my")
    say = catalog("bot", "my").gettext
    in_order = [
        say("This is the result:"),
        say("Not paid at all"),
        say("We found that this is true."),
        proof,
        say("Too hot"),
        say("We did not find that this is true."),
        cool,
        "Because.",
    ]
    places_of = [text.index(part) for part in in_order]
    assert places_of == sorted(places_of)


@pytest.mark.parametrize(
    ("action", "reason", "notice", "says"),
    [
        (Action.REJECT, Inadmissible.DECIDED, Notice.INADMISSIBLE, "nothing is new"),
        (Action.REFER, Referral.CARE, Notice.REFERRED, "Doctors, counsellors"),
        (Action.REFER, Referral.OTHER, Notice.REFERRED, "Because."),
    ],
)
def test_she_reads_the_reason_and_the_handlers_words(
    desk: Desk,
    now: datetime,
    action: Action,
    reason: Inadmissible | Referral,
    notice: Notice,
    says: str,
) -> None:
    reference = desk.file(now, "No pay")
    desk.act(reference, Action.ACKNOWLEDGE, now)
    _advance(desk, reference, action, now, reason=reason)
    text = _told(desk, reference, notice, now, "en")
    assert says in text
    assert "Because." in text


# --- admission ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (Action.REJECT, None),
        (Action.REFER, None),
        (Action.REJECT, Referral.UNION),
        (Action.REFER, Inadmissible.NOT_WORK),
        (Action.ASSESS, Inadmissible.NOT_WORK),
    ],
)
def test_a_step_without_the_reason_it_needs_is_refused(
    desk: Desk, now: datetime, action: Action, reason: Inadmissible | Referral | None
) -> None:
    reference = desk.file(now, "No pay")
    desk.act(reference, Action.ACKNOWLEDGE, now)
    with pytest.raises(BadInput, match="reason"):
        _advance(desk, reference, action, now, reason=reason)


def test_nothing_to_act_on_can_be_said_only_after_asking(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "It is bad")
    desk.act(reference, Action.ACKNOWLEDGE, now)
    reason = Inadmissible.NOTHING_TO_ACT_ON
    with pytest.raises(BadInput, match="Ask the worker first"):
        _advance(desk, reference, Action.REJECT, now, reason=reason)
    desk.act(reference, Action.ASK, now, "What is bad?")
    case = _advance(desk, reference, Action.REJECT, now, reason=reason)
    assert (case.inadmissible, case.admissible_at) == (reason, None)
    assert desk.events(reference)[-1].data["reason"] == "nothing-to-act-on"


def test_a_case_is_admissible_from_its_investigation_on_and_not_when_it_is_refused(
    any_desk: Desk, now: datetime
) -> None:
    reference = _investigated(any_desk, now)
    assert any_desk.case(reference).admissible_at == now
    refused = _advance(any_desk, reference, Action.REJECT, now, reason=Inadmissible.OUTSIDE)
    assert not outcomes.is_admissible(refused.status, refused.admissible_at)
    any_desk.answer(reference, Action.APPEAL, now + A_DAY)
    again = any_desk.act(reference, Action.INVESTIGATE, now + A_DAY, by="dilani")
    assert (again.admissible_at, again.inadmissible) == (now + A_DAY, None)


def test_every_reason_belongs_to_one_step() -> None:
    assert {Action.REJECT: Inadmissible, Action.REFER: Referral} == admission.REASONS


# --- severity and forced labour -------------------------------------------------------------------


def test_triage_refuses_less_than_serious_where_there_is_zero_tolerance(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    with pytest.raises(BadInput, match="zero tolerance"):
        desk.triage(reference, now, Severity.STANDARD, issues=(HEAT, UNPAID))
    desk.triage(reference, now, Severity.STANDARD, issues=(HEAT,))


def _consider(desk: Desk, reference: str, yes: bool, now: datetime) -> None:
    by = desk.cast.actor("asha")
    _do(desk, reference, lambda s, c: considering.consider(s, c, yes, "Asked.", by=by, now=now))


def _newest(desk: Desk, reference: str) -> considering.Considered | None:
    return _do(desk, reference, considering.newest)


def test_a_no_holds_until_something_new_comes_up(desk: Desk, now: datetime) -> None:
    reference = _investigated(desk, now, (Category.HARASSMENT, "verbal"))
    assert _newest(desk, reference) is None
    _consider(desk, reference, False, now)
    held = _newest(desk, reference)
    assert held is not None
    assert (held.forced_labour, held.holds) == (False, True)
    assert "Asked." in desk.said(reference)
    desk.triage(reference, now, issues=((Category.HARASSMENT, "verbal"), UNPAID))
    again = _newest(desk, reference)
    assert again is not None
    assert not again.holds


def test_a_yes_adds_forced_labour_and_makes_the_case_critical(desk: Desk, now: datetime) -> None:
    reference = _investigated(desk, now, (Category.HOURS, "forced-overtime"))
    _consider(desk, reference, True, now)
    assert desk.case(reference).severity is Severity.CRITICAL
    assert [one.category for one in _issues(desk, reference)] == [
        Category.HOURS,
        Category.FORCED_LABOUR,
    ]
    with pytest.raises(BadInput, match="Nothing in this case asks"):
        _consider(desk, reference, False, now)


# --- parties --------------------------------------------------------------------------------------


def _is_found(desk: Desk, reference: str, word: str) -> bool:
    with desk.store.reading() as session:
        (one,) = searchwords.words_of(word)
        found = session.get(
            SearchWord, (searchwords.key(session.vault, one), desk.case(reference).id)
        )
        return found is not None


def test_a_party_is_found_by_name_and_organisation_until_it_is_removed(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay from okapi")
    by = any_desk.cast.actor("asha")
    about = About(PartyKind.RESPONDENT, "Mr Zebra", "Walrus Garments Co., Ltd.", "Okapi Street")
    party = _do(any_desk, reference, lambda s, c: parties.add(s, c, about, by=by, now=now))
    assert all(_is_found(any_desk, reference, word) for word in ("zebra", "walrus", "okapi"))
    with any_desk.store.reading() as session:
        assert party.organisation_index == session.vault.index(
            "organisation", places.fold("WALRUS garments")
        )
        assert partywords.name(session, party) == "Mr Zebra"
    other = About(PartyKind.WITNESS, "Mrs Heron", staff_id=any_desk.cast.boris.id)

    def change(session: Session, case: Case) -> None:
        found = parties.find(session, case, party.id)
        assert found is not None
        parties.change(session, case, found, other, by=by, now=now)

    _do(any_desk, reference, change)
    assert not _is_found(any_desk, reference, "zebra")
    assert _is_found(any_desk, reference, "heron")

    def remove(session: Session, case: Case) -> None:
        found = parties.find(session, case, party.id)
        assert found is not None
        parties.remove(session, case, found, by=by, now=now)

    _do(any_desk, reference, remove)
    assert not _is_found(any_desk, reference, "heron")
    assert _is_found(any_desk, reference, "okapi"), "the worker said it, too"
    assert [event.data["what"] for event in any_desk.events(reference)[1:]] == [
        "added",
        "changed",
        "removed",
    ]


def test_a_party_without_a_name_is_refused(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    by, about = desk.cast.actor("asha"), About(PartyKind.WITNESS, "  ")
    with pytest.raises(BadInput, match="Write a name"):
        _do(desk, reference, lambda s, c: parties.add(s, c, about, by=by, now=now))


def _add(session: Session, case: Case, about: About, by: Actor, now: datetime) -> None:
    parties.add(session, case, about, by=by, now=now)


def test_who_speaks_for_a_worker_is_forgotten_with_them(desk: Desk, now: datetime) -> None:
    office = Office(desk.store, desk.cast)
    reference = desk.file(now, "No pay")
    by = desk.cast.actor("asha")
    for about in (
        About(PartyKind.REPRESENTATIVE, "Sister Puma"),
        About(PartyKind.RESPONDENT, "Mr Stork"),
    ):
        _do(desk, reference, partial(_add, about=about, by=by, now=now))
    office.forget(now)
    with desk.store.reading() as session:
        found = partywords.present(session, desk.case(reference).id)
        assert [partywords.name(session, party) for party in found] == ["", "Mr Stork"]
    assert not _is_found(desk, reference, "puma")
    assert _is_found(desk, reference, "stork")


# --- interviews and tasks -------------------------------------------------------------------------

TODAY = date(2026, 11, 20)
GOOD = Talk(Whom.OTHER, TODAY, Meeting.PHONE, True, "Nobody got payslips.", name="A guard")


def _note(desk: Desk, reference: str, now: datetime, talk: Talk) -> Any:
    by = desk.cast.actor("asha")
    return _do(
        desk, reference, lambda s, c: interviews.note(s, c, talk, by=by, now=now, today=TODAY)
    )


def test_an_interview_is_kept_for_colleagues_and_found_by_its_words(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    held = _note(any_desk, reference, now, GOOD)
    with any_desk.store.reading() as session:
        assert interviews.name_of(session, held) == "A guard"
        message = messages.of_case(session, any_desk.case(reference).id)[-1]
        assert (message.kind, message.direction) == (MessageKind.INTERVIEW, Direction.INTERNAL)
    assert _is_found(any_desk, reference, "payslips")
    assert any_desk.notices(reference) == []


@pytest.mark.parametrize(
    ("talk", "problem"),
    [
        (Talk(Whom.OTHER, TODAY, Meeting.PHONE, True, "Yes."), "who it was"),
        (Talk(Whom.WORKER, TODAY + A_DAY, Meeting.PHONE, True, "Yes."), "still to come"),
        (Talk(Whom.PARTY, TODAY, Meeting.PHONE, True, "Yes.", party_id=5), "not in the case"),
        (Talk(Whom.WORKER, TODAY, Meeting.PHONE, True, " "), "what they said"),
        (Talk(Whom.WORKER, TODAY, Meeting.PHONE, False, "Yes."), "did not agree"),
    ],
)
def test_an_interview_that_can_not_be_kept_so_is_refused(
    desk: Desk, now: datetime, talk: Talk, problem: str
) -> None:
    reference = desk.file(now, "No pay")
    with pytest.raises(BadInput, match=problem):
        _note(desk, reference, now, talk)


def test_without_consent_only_that_a_talk_was_held_is_kept(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    held = _note(desk, reference, now, Talk(Whom.WORKER, TODAY, Meeting.IN_PERSON, False))
    assert held.message_id is None
    assert desk.said(reference) == ["No pay"]


def _add_task(desk: Desk, reference: str, now: datetime, due_on: date, to: Staff) -> Any:
    by = desk.cast.actor("boris")
    return _do(
        desk,
        reference,
        lambda s, c: tasks.add(s, c, "Call them", due_on, to, by=by, now=now),
    )


def test_my_tasks_are_the_open_ones_of_cases_i_may_see_overdue_first(
    any_desk: Desk, now: datetime
) -> None:
    cast = any_desk.cast
    late, soon = (any_desk.file(now, "No pay") for _ in range(2))
    _add_task(any_desk, soon, now, TODAY + A_DAY, cast.asha)
    overdue = _add_task(any_desk, late, now, TODAY - A_DAY, cast.asha)
    _add_task(any_desk, late, now, TODAY + 90 * A_DAY, cast.asha)
    _add_task(any_desk, late, now, TODAY, cast.boris)
    until = TODAY + 7 * A_DAY

    def mine() -> list[str]:
        with any_desk.store.reading() as session:
            return [one.case.reference for one in tasks.mine(session, cast.actor("asha"), until)]

    assert mine() == [late, soon]

    def finish(session: Session, case: Case) -> None:
        task = tasks.find(session, case, overdue.id)
        assert task is not None
        tasks.finish(session, case, task, by=cast.actor("asha"), now=now)

    _do(any_desk, late, finish)
    assert mine() == [soon]
    with pytest.raises(BadInput, match="done already"):
        _do(any_desk, late, finish)
    sexual = ((Category.HARASSMENT, "sexual"),)
    any_desk.triage(soon, now, Severity.CRITICAL, sexual, restricted=True, by="dilani")
    assert mine() == []


def test_a_task_of_who_may_not_see_the_case_any_more_comes_to_whoever_handles_it(
    any_desk: Desk, now: datetime
) -> None:
    cast = any_desk.cast
    reference = any_desk.file(now, "No pay")
    any_desk.assign(reference, now, "dilani")
    _add_task(any_desk, reference, now, TODAY, cast.asha)

    def mine(of: str) -> list[str]:
        with any_desk.store.reading() as session:
            return [one.title for one in tasks.mine(session, cast.actor(of), TODAY)]

    assert (mine("asha"), mine("dilani")) == (["Call them"], [])
    sexual = ((Category.HARASSMENT, "sexual"),)
    any_desk.triage(reference, now, Severity.CRITICAL, sexual, restricted=True, by="dilani")
    assert (mine("asha"), mine("dilani")) == ([], ["Call them"])


def test_a_task_is_given_only_to_who_may_see_the_case(
    desk: Desk, now: datetime, cast: Cast
) -> None:
    reference = desk.file(now, "No pay")
    sexual = ((Category.HARASSMENT, "sexual"),)
    desk.triage(reference, now, Severity.CRITICAL, sexual, restricted=True, by="dilani")
    for person in (cast.asha, cast.brigitte):
        with pytest.raises(BadInput, match="may not see the case"):
            _add_task(desk, reference, now, TODAY, person)
    _add_task(desk, reference, now, TODAY, cast.dilani)


def test_events_of_the_handling_hold_no_words(any_desk: Desk, now: datetime) -> None:
    cast = any_desk.cast
    reference = _investigated(any_desk, now)
    by = cast.actor("asha")
    about = About(PartyKind.WITNESS, "Mrs Heron", "Heron Mills", "heron")
    _do(any_desk, reference, lambda s, c: parties.add(s, c, about, by=by, now=now))
    _note(any_desk, reference, now, GOOD)
    _add_task(any_desk, reference, now, TODAY, cast.asha)
    any_desk.find(reference, now, FOUNDED)
    text = " ".join(str(event.data) for event in any_desk.events(reference)).lower()
    assert not any(word in text for word in ("heron", "payslip", "guard", "call"))

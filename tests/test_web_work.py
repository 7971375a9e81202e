"""The page "Work" of a case: findings, forced labour considered, interviews, tasks, parties."""

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import select

from casework import partywords, tasks
from casework.db import Store
from casework.models import AccessLog, Case, Interview, Issue, Party, Task
from casework.vocabulary import Action, Category, Finding, Severity, Status
from tests.conftest import Cast
from tests.desk import Desk
from tests.webhelp import Browser, build, file_case, give_accounts


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


@pytest.fixture
def asha(app: Flask) -> Browser:
    return _signed_in(app, "asha")


@pytest.fixture
def desk(store: Store, cast: Cast) -> Desk:
    return Desk(store, cast)


@pytest.fixture
def case(store: Store, cast: Cast, now: datetime, desk: Desk) -> Case:
    """About unpaid wages, under investigation."""
    case = file_case(store, cast, now)
    desk.walk(case.reference, now, Action.ACKNOWLEDGE, Action.INVESTIGATE)
    return case


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def _work(case: Case) -> str:
    return f"/cases/{case.reference}/work"


def _send(browser: Browser, case: Case, part: str, **form: object) -> int:
    """Open the page, send one of its forms, follow to the page after it."""
    browser.get(_work(case))
    sent = {"seen": browser.seen, **form}
    return browser.post(f"{_work(case)}/{part}", sent, follow_redirects=True).status_code


def _issue(store: Store, case: Case) -> Issue:
    with store.reading() as session:
        return session.exec(select(Issue).where(Issue.case_id == case.id)).one()


FOUND = {"finding": "founded", "gravity": "major", "reason": "The payslips show it."}


def test_the_outcome_waits_for_the_findings_and_then_tells_them(
    asha: Browser, store: Store, case: Case, desk: Desk
) -> None:
    page = f"/cases/{case.reference}"
    asha.get(page)
    assert "1 issue has no finding yet" in asha.text
    assert f'href="{_work(case)}#findings"' in asha.page
    form = {"seen": asha.seen, "action": "conclude", "text": "It is paid."}
    assert asha.post(f"{page}/step", form).status_code == 422
    assert "on the page “Work” of this case" in asha.text
    row = _issue(store, case).id
    sent = {"form": f"issue-{row}", **FOUND}
    assert _send(asha, case, f"issue/{row}", **sent) == 422
    assert "Write what the worker will read." in asha.text
    hers = "လစာစာရွက်များက ပြသပါသည်။"
    assert _send(asha, case, f"issue/{row}", **sent, worker_reads=hers) == 200
    assert "The finding is kept" in asha.text
    assert "The payslips show it." in asha.text
    assert hers in asha.text
    assert "To be put right until" in asha.text
    asha.get(page)
    assert "has no finding yet" not in asha.text
    form |= {"as_is": "yes", "seen": asha.seen}
    asha.post(f"{page}/step", form, follow_redirects=True)
    assert desk.case(case.reference).status is Status.VERIFYING
    assert "Finding told to the worker" in asha.text
    assert "Wages · Unpaid: Founded" in asha.text
    asha.get(_work(case))
    assert "Change the finding" not in asha.text


def test_a_finding_sent_wrong_keeps_what_was_typed(asha: Browser, store: Store, case: Case) -> None:
    row = _issue(store, case).id
    form = {"form": f"issue-{row}", "reason": "Half of it.", "finding": "maybe"}
    assert _send(asha, case, f"issue/{row}", **form) == 422
    assert "Choose what was found." in asha.text
    assert "Half of it." in asha.page
    assert _issue(store, case).finding is None
    assert _send(asha, case, "issue/77", **FOUND) == 422
    assert "not about this any more" in asha.text


def test_a_form_of_an_older_page_changes_nothing(
    asha: Browser, store: Store, case: Case, desk: Desk, now: datetime
) -> None:
    asha.get(_work(case))
    seen = asha.seen
    desk.add(case.reference, now, "One thing more")
    row = _issue(store, case).id
    answer = asha.post(f"{_work(case)}/issue/{row}", {"seen": seen, **FOUND})
    assert answer.status_code == 409
    assert "Somebody changed this case" in asha.text
    assert _issue(store, case).finding is None


def test_a_reason_is_chosen_when_a_case_is_refused(asha: Browser, case: Case, desk: Desk) -> None:
    assert asha.step(case, "reject", "No.", sure="yes", reason="").status_code == 422
    assert "Choose the reason" in asha.text
    assert asha.step(case, "reject", "No.", sure="yes", reason="union").status_code == 422
    asha.step(case, "reject", "No.", sure="yes", reason="not-covered")
    assert desk.case(case.reference).status is Status.INADMISSIBLE
    assert "A workplace that we do not cover" in asha.text


def test_indicators_ask_a_person_and_advice_stands_beside_it(
    asha: Browser, case: Case, desk: Desk, now: datetime
) -> None:
    asha.get(_work(case))
    assert "May this be forced labour?" not in asha.text
    assert "Ending the business is no remedy" in asha.text
    about = ((Category.WAGES, "unpaid"), (Category.HOURS, "forced-overtime"))
    desk.triage(case.reference, now, issues=about)
    asha.get(_work(case))
    assert "May this be forced labour?" in asha.text
    assert "Withholding of wages" in asha.text
    assert "What happens to those who refuse overtime?" in asha.text
    assert _send(asha, case, "forced-labour", answer="perhaps", reason="x") == 422
    assert _send(asha, case, "forced-labour", answer="no", reason="All could go home.") == 200
    assert "May this be forced labour?" not in asha.text
    assert "and said no" in asha.text
    assert desk.case(case.reference).severity is Severity.SERIOUS


def test_a_triage_that_makes_light_of_zero_tolerance_says_why_not(
    asha: Browser, case: Case
) -> None:
    page = f"/cases/{case.reference}"
    asha.get(page)
    form = {"seen": asha.seen, "severity": "minor", "issue": "WAG:unpaid"}
    assert asha.post(f"{page}/triage", form).status_code == 422
    assert "there is zero tolerance: it is serious at least" in asha.text


def test_parties_are_named_changed_and_removed_after_a_tick(
    asha: Browser, store: Store, case: Case, cast: Cast
) -> None:
    asha.get(_work(case))
    assert "Never name the worker who complained here" in asha.text
    assert _send(asha, case, "party", kind="x", name="Mr Stork") == 422
    named = {"kind": "respondent", "name": "Mr Stork", "organisation": "Golden Thread"}
    assert _send(asha, case, "party", **named) == 200
    assert "Mr Stork" in asha.text
    with store.reading() as session:
        row = session.exec(select(Party)).one().id
    changed = {**named, "kind": "witness", "staff": cast.dilani.id}
    assert _send(asha, case, f"party/{row}", **changed) == 200
    assert "Of the office: Dilani" in asha.text
    assert _send(asha, case, f"party/{row}/remove") == 422
    assert "Tick the box" in asha.text
    assert _send(asha, case, f"party/{row}/remove", sure="yes") == 200
    assert _send(asha, case, f"party/{row}", **named) == 422
    with store.reading() as session:
        assert partywords.present(session, case.id) == []


def test_an_interview_stands_on_the_page_and_in_the_story(
    asha: Browser, store: Store, case: Case, now: datetime
) -> None:
    day = now.date().isoformat()
    said = {"whom": "other", "name": "A guard", "held_on": day, "how": "phone"}
    assert _send(asha, case, "interview", **said, words="No payslips.") == 422
    assert "They did not agree" in asha.text
    assert _send(asha, case, "interview", **said, words="No payslips.", consent="yes") == 200
    assert "A guard" in asha.text
    assert "No payslips." in asha.text
    asha.get(f"/cases/{case.reference}")
    assert "No payslips." in asha.text
    with store.reading() as session:
        assert session.exec(select(Interview)).one().consent


def test_a_task_stands_on_the_first_page_of_whose_it_is(
    app: Flask, asha: Browser, store: Store, case: Case, cast: Cast, now: datetime
) -> None:
    day = now.date().isoformat()
    assert _send(asha, case, "task", title="Call them", due_on="soon") == 422
    asked = {"title": "Call them", "due_on": day, "assignee": cast.dilani.id}
    assert _send(asha, case, "task", **asked) == 200
    assert _send(asha, case, "task", **{**asked, "assignee": cast.brigitte.id}) == 422
    assert "may not see the case" in asha.text
    asha.get("/")
    assert "Your tasks" not in asha.text
    dilani = _signed_in(app, "dilani")
    dilani.get("/")
    assert "Your tasks" in dilani.text
    assert "Call them" in dilani.text
    with store.reading() as session:
        row = session.exec(select(Task)).one().id
        read = session.exec(select(AccessLog).where(AccessLog.what == "tasks")).all()
        assert [(one.staff_id, one.case_id) for one in read] == [(cast.dilani.id, case.id)]
    assert _send(dilani, case, f"task/{row}", due_on=day, assignee=cast.asha.id) == 200
    assert _send(asha, case, f"task/{row}/done") == 200
    assert "1 task is done" in asha.text
    with store.reading() as session:
        assert tasks.open_of_case(session, case.id) == []
    asha.get(_work(case))
    seen = {"seen": asha.seen}
    assert asha.post(f"{_work(case)}/task/77/done", seen).status_code == 404


def test_reading_the_page_is_written_down_and_who_may_not_see_the_case_gets_nothing(
    app: Flask, asha: Browser, store: Store, case: Case, cast: Cast, desk: Desk, now: datetime
) -> None:
    asha.get(_work(case))
    with store.reading() as session:
        (log,) = session.exec(select(AccessLog)).all()
        assert (log.staff_id, log.case_id, log.what) == (cast.asha.id, case.id, "work")
    seen = asha.seen
    sexual = ((Category.HARASSMENT, "sexual"),)
    desk.triage(case.reference, now, Severity.CRITICAL, sexual, restricted=True, by="dilani")
    assert asha.get(_work(case)).status_code == 404
    for part in ("party", "party/1", "party/1/remove", "interview", "task", "task/1"):
        asha.get("/account")  # whose form has a token
        assert asha.post(f"{_work(case)}/{part}", {"seen": seen}).status_code == 404
    assert _issue(store, case).finding is not Finding.FOUNDED
    dilani = _signed_in(app, "dilani")
    dilani.get(_work(case))
    assert "Sexual violence: the survivor decides" in dilani.text

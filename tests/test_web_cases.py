"""A handler at work: the list, a case's page and its steps, as a browser sees them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from casework import filing
from casework.actors import staff_actor
from casework.db import Store
from casework.deadlines import sweeping
from casework.filing import Complaint, Piece
from casework.media import attachments
from casework.models import AccessLog, Case, CaseEvent, Outbox, Staff
from casework.vocabulary import Action, Category, MediaKind, Notice, Resolution, Severity, Status
from tests.conftest import Cast
from tests.plan import plan
from tests.webhelp import Browser, build, file_case, give_accounts


@pytest.fixture
def times(now: datetime) -> list[datetime]:
    """The time the site believes it is; tests change it."""
    return [now]


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, times: list[datetime]) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: times[0])


@pytest.fixture
def asha(app: Flask) -> Browser:
    return _signed_in(app, "asha")


@pytest.fixture
def case(store: Store, cast: Cast, now: datetime) -> Case:
    return file_case(store, cast, now)


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def _fresh(store: Store, case: Case) -> Case:
    with store.reading() as session:
        return session.get_one(Case, case.id)


def test_the_first_page_says_what_is_due_and_the_next_step(asha: Browser, case: Case) -> None:
    asha.get("/")
    assert case.reference in asha.text
    assert "Due within a week" in asha.text
    assert "Acknowledge" in asha.text
    assert "Unpaid" in asha.text


def test_an_empty_morning_says_so(asha: Browser) -> None:
    asha.get("/")
    assert "Nothing is due" in asha.text


def test_brand_staff_see_their_factories_and_no_case(app: Flask, case: Case) -> None:
    brigitte = _signed_in(app, "brigitte")
    brigitte.get("/")
    assert "Golden Thread" in brigitte.text
    assert case.reference not in brigitte.text
    assert "/cases" not in brigitte.page


def test_a_case_shows_the_story_in_its_own_language_and_notes_who_read_it(
    asha: Browser, case: Case, store: Store, cast: Cast
) -> None:
    asha.get(f"/cases/{case.reference}")
    assert "ကျွန်မတို့ လစာ မရသေးပါ" in asha.text
    assert 'lang="my"' in asha.page
    assert "The worker reads Burmese" in asha.text
    with store.reading() as session:
        log = session.exec(select(AccessLog)).one()
        assert (log.staff_id, log.case_id, log.what) == (cast.asha.id, case.id, "case")
    assert not _fresh(store, case).unread


def test_words_are_shown_as_words_never_as_markup(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now, words="<script>alert(1)</script> & {{ 7*7 }}")
    asha.get(f"/cases/{case.reference}")
    assert "<script>alert" not in asha.page
    assert "<script>alert(1)</script> & {{ 7*7 }}" in asha.page.replace("&lt;", "<").replace(
        "&gt;", ">"
    ).replace("&amp;", "&")


def test_a_case_goes_from_filing_to_closing(
    app: Flask, asha: Browser, case: Case, store: Store, now: datetime
) -> None:
    asha.step(case, "acknowledge")
    assert "The worker is being told" in asha.text
    asha.step(case, "assess")
    asha.step(case, "investigate")
    assert "Make the plan of remedy first" in asha.text
    assert 'id="text-propose-remedy"' not in asha.page
    asha.step(case, "propose-remedy", "The factory pays by Friday.")
    assert "Make the plan first" in asha.text
    with store.writing() as session:
        by = staff_actor(session.exec(select(Staff).where(Staff.name == "Asha")).one())
        plan(session, session.get_one(Case, case.id), by=by, now=now)
    asha.get(f"/cases/{case.reference}/remedy")
    assert 'id="as-is-propose-remedy"' in asha.page
    asha.step(case, "propose-remedy", "The factory pays by Friday.")
    asha.get(f"/cases/{case.reference}")
    assert "1 action of the plan is not verified yet" in asha.text
    asha.step(case, "conclude", "The wages were paid.")
    assert "Wait for the worker" in asha.text
    with store.writing() as session:
        filing.answer(session, session.get_one(Case, case.id), Action.CONFIRM, now=now)
    asha.step(case, "close", sure="yes")
    closed = _fresh(store, case)
    assert (closed.status, closed.resolution) == (Status.CLOSED, Resolution.CONFIRMED)
    with store.reading() as session:
        told = [entry.notice for entry in session.exec(select(Outbox).order_by(Outbox.id))]  # type: ignore[arg-type]
    assert told == [
        Notice.ACKNOWLEDGED,
        Notice.ASSESSING,
        Notice.INVESTIGATING,
        Notice.REMEDY_PROPOSED,
        Notice.OUTCOME,
        Notice.CLOSED,
    ]


def test_silence_resolves_only_after_thirty_days(
    asha: Browser, case: Case, store: Store, times: list[datetime]
) -> None:
    for action, text in (("acknowledge", ""), ("assess", ""), ("conclude", "It was paid.")):
        asha.step(case, action, text)
    assert asha.step(case, "resolve", sure="yes").status_code == 422
    times[0] += timedelta(days=30)
    asha.sign_in("asha")
    asha.step(case, "resolve", sure="yes")
    assert _fresh(store, case).resolution is Resolution.UNANSWERED


def test_ending_a_case_takes_a_reason_and_a_tick(asha: Browser, case: Case, store: Store) -> None:
    asha.step(case, "acknowledge")
    assert asha.step(case, "reject", "Not about work.").status_code == 422
    assert "Tick the box" in asha.text
    assert "Not about work." in asha.page
    assert asha.step(case, "reject", "  ", sure="yes").status_code == 422
    assert _fresh(store, case).status is Status.ACKNOWLEDGED
    asha.step(case, "reject", "Not about work.", sure="yes")
    assert _fresh(store, case).status is Status.INADMISSIBLE


def test_what_was_typed_survives_that_the_worker_wrote_meanwhile(
    asha: Browser, case: Case, store: Store, now: datetime
) -> None:
    asha.get(f"/cases/{case.reference}")
    seen = asha.seen
    with store.writing() as session:
        filing.add(session, session.get_one(Case, case.id), Piece("အခုမှ ရပါပြီ"), now=now)
    form = {"seen": seen, "action": "reply", "text": "We are looking into it.", "as_is": "yes"}
    answer = asha.post(f"/cases/{case.reference}/step", form)
    assert answer.status_code == 409
    assert "Somebody changed this case" in asha.text
    assert "We are looking into it." in asha.page
    assert "အခုမှ ရပါပြီ" in asha.text
    with store.reading() as session:
        assert not session.exec(select(Outbox)).all()
    asha.post(f"/cases/{case.reference}/step", {**form, "seen": asha.seen})
    with store.reading() as session:
        assert session.exec(select(Outbox)).one().notice is Notice.REPLY


def test_a_refused_step_changes_nothing(asha: Browser, case: Case, store: Store) -> None:
    assert asha.step(case, "close", sure="yes").status_code == 422
    assert "not open for the case as it stands" in asha.text
    assert _fresh(store, case).event_count == 1


def test_triage_sets_what_was_found(asha: Browser, case: Case, store: Store) -> None:
    asha.get(f"/cases/{case.reference}")
    form = {
        "seen": asha.seen,
        "severity": "critical",
        "issue": ["WAG:late", "RET:retaliation"],
        "retaliation_risk": "yes",
        "summary": "Wages late since October.",
    }
    asha.post(f"/cases/{case.reference}/triage", form, follow_redirects=True)
    assert "Wages late since October." in asha.text
    assert "Severity: from Serious to Critical." in asha.text
    found = _fresh(store, case)
    assert (found.severity, found.category) == (Severity.CRITICAL, Category.WAGES)
    assert found.retaliation_risk


def test_triage_without_a_category_keeps_what_was_typed(asha: Browser, case: Case) -> None:
    asha.get(f"/cases/{case.reference}")
    form = {"seen": asha.seen, "severity": "minor", "summary": "Half a sentence"}
    assert asha.post(f"/cases/{case.reference}/triage", form).status_code == 422
    assert "Choose at least one category" in asha.text
    assert "Half a sentence" in asha.page


def test_a_restricted_case_does_not_exist_for_who_is_not_in_the_pool(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    hidden = file_case(store, cast, now, category=Category.HARASSMENT, kind="sexual")
    nothing = _signed_in(app, "asha")
    nothing.get("/cases/RC-2222-2222")
    for name in ("asha", "boris", "chen"):
        browser = _signed_in(app, name)
        assert browser.get(f"/cases/{hidden.reference}").status_code == 404
        assert browser.page == nothing.page
        for path in (
            "/",
            "/cases?status=all",
            f"/cases?factory={cast.golden_thread.id}&status=all",
        ):
            browser.get(path)
            assert hidden.reference not in browser.page
    dilani = _signed_in(app, "dilani")
    assert dilani.get(f"/cases/{hidden.reference}").status_code == 200
    dilani.get("/")
    assert hidden.reference in dilani.page


def test_restricting_a_case_takes_it_from_a_handler_outside_the_pool(
    asha: Browser, case: Case, store: Store, cast: Cast
) -> None:
    asha.get(f"/cases/{case.reference}")
    asha.post(f"/cases/{case.reference}/assign", {"seen": asha.seen, "assignee": cast.asha.id})
    asha.get(f"/cases/{case.reference}")
    form = {"seen": asha.seen, "severity": "serious", "issue": "HAR:sexual", "restricted": "yes"}
    asha.post(f"/cases/{case.reference}/triage", form, follow_redirects=True)
    assert "only the restricted pool sees it" in asha.text
    assert asha.get(f"/cases/{case.reference}").status_code == 404
    assert _fresh(store, case).assignee_id is None


def test_a_case_is_assigned_to_a_colleague(asha: Browser, case: Case, cast: Cast) -> None:
    asha.get(f"/cases/{case.reference}")
    form = {"seen": asha.seen, "assignee": cast.boris.id}
    asha.post(f"/cases/{case.reference}/assign", form, follow_redirects=True)
    assert "Asha assigned the case. To Boris." in asha.text
    asha.get(f"/cases/{case.reference}")
    asha.post(f"/cases/{case.reference}/assign", {"seen": asha.seen, "assignee": cast.brigitte.id})
    assert "does not handle cases" in asha.text


def test_an_appeal_asks_for_another_handler(
    app: Flask, asha: Browser, case: Case, store: Store, cast: Cast, now: datetime
) -> None:
    asha.get(f"/cases/{case.reference}")
    asha.post(f"/cases/{case.reference}/assign", {"seen": asha.seen, "assignee": cast.asha.id})
    for action, text in (("acknowledge", ""), ("assess", ""), ("conclude", "It was paid.")):
        asha.step(case, action, text)
    with store.writing() as session:
        mine = session.get_one(Case, case.id)
        filing.answer(session, mine, Action.DISPUTE, now=now, reason="မရသေးပါ")
    asha.get(f"/cases/{case.reference}")
    assert "Give it to somebody else" in asha.text
    boris = _signed_in(app, "boris")
    boris.step(case, "investigate")
    assert _fresh(store, case).status is Status.INVESTIGATING


def test_a_late_promise_is_said_in_words_with_the_time_at_the_factory(
    app: Flask, case: Case, store: Store, cast: Cast, times: list[datetime]
) -> None:
    times[0] += timedelta(days=10)
    with store.writing() as session:
        sweeping.sweep(session, times[0])
        session.merge(cast.boris).zone = "Europe/Berlin"
    boris = _signed_in(app, "boris")
    boris.get(f"/cases/{case.reference}")
    assert "Acknowledgement Was due" in boris.text
    assert "in Phnom Penh (" in boris.text
    assert "A promise passed without being kept." in boris.text
    boris.get("/")
    assert "Overdue by" in boris.text


def test_promises_are_shown_with_what_came_of_them_but_not_every_message_that_came_in_time(
    app: Flask, asha: Browser, case: Case, store: Store, now: datetime, times: list[datetime]
) -> None:
    for action, text in (("acknowledge", ""), ("assess", ""), ("reply", "Wait."), ("reply", "Yes")):
        asha.step(case, action, text)
        times[0] += timedelta(minutes=1)
    asha.get(f"/cases/{case.reference}")
    panel = asha.text.rpartition("Told to the worker")[0].rpartition("Promises")[2]
    assert panel.count("Message on progress") == 1
    assert "Investigation and plan" in panel
    with store.writing() as session:
        filing.answer(session, session.get_one(Case, case.id), Action.WITHDRAW, now=times[0])
    asha.get(f"/cases/{case.reference}")
    assert (
        "No longer due: Triage, Interim protection, Investigation and plan, Message on progress, Outcome."
        in asha.text
    )


def test_what_could_not_be_delivered_is_seen(
    asha: Browser, case: Case, store: Store, now: datetime
) -> None:
    asha.step(case, "reply", "Hello")
    with store.writing() as session:
        entry = session.exec(select(Outbox)).one()
        entry.failed_at, entry.reason = now, "unreachable"
    asha.get(f"/cases/{case.reference}")
    assert "Not delivered: the worker blocked the bot" in asha.text


def _with_file(
    store: Store, cast: Cast, now: datetime, mime: str, kind: MediaKind
) -> tuple[Case, int]:
    with store.writing() as session:
        file = attachments.received(session, cast.htwe.id, kind, b"0123456789" * 10_000, mime, now)
        complaint = Complaint((Piece("", file.id),), cast.golden_thread)
        return filing.open_case(session, cast.htwe, complaint, now=now), file.id


def test_a_voice_message_plays_in_the_page_and_in_pieces(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case, file = _with_file(store, cast, now, "audio/ogg", MediaKind.VOICE)
    asha.get(f"/cases/{case.reference}")
    assert f'<audio controls preload="none" src="/attachments/{file}"' in asha.page
    whole = asha.get(f"/attachments/{file}")
    assert (whole.mimetype, len(whole.data)) == ("audio/ogg", 100_000)
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    piece = asha.get(f"/attachments/{file}", headers={"Range": "bytes=10-19"})
    assert (piece.status_code, piece.data) == (206, b"0123456789")
    with store.reading() as session:
        # A piece is a reading too: it may be the one that is heard.
        read = [log.what for log in session.exec(select(AccessLog))]
        assert read == ["case", "attachment", "attachment"]


def test_a_document_is_only_ever_a_download(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    _case, file = _with_file(store, cast, now, "application/pdf", MediaKind.DOCUMENT)
    answer = asha.get(f"/attachments/{file}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=RC-")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_is_as_visible_as_its_case(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case, file = _with_file(store, cast, now, "image/png", MediaKind.PHOTO)
    with store.writing() as session:
        session.merge(case).restricted = True
    assert asha.get(f"/attachments/{file}").status_code == 404


def test_the_list_filters_by_what_the_address_says(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    wages = file_case(store, cast, now)
    heat = file_case(store, cast, now, category=Category.HEALTH_AND_SAFETY, kind="heat")
    for query, shown, hidden in (
        ("category=WAG", wages, heat),
        ("category=OHS&status=received", heat, wages),
        ("severity=standard", heat, wages),
    ):
        asha.get(f"/cases?{query}")
        assert shown.reference in asha.page, query
        assert hidden.reference not in asha.page, query
    for query in ("status=closed", "overdue=yes", "assignee=me", "language=vi"):
        asha.get(f"/cases?{query}")
        assert "No case fits" in asha.text, query


def test_the_list_pages_forth_and_back(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    every = {file_case(store, cast, now + timedelta(minutes=n)).reference for n in range(30)}
    asha.get("/cases")
    first = {reference for reference in every if reference in asha.page}
    after = asha.page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    asha.get(after)
    second = {reference for reference in every if reference in asha.page}
    assert (len(first), first | second) == (25, every)
    assert not first & second
    before = asha.page.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    asha.get(before)
    assert {reference for reference in every if reference in asha.page} == first
    assert asha.get("/cases?page=nonsense").status_code == 302


def test_a_reference_typed_in_any_way_opens_its_case(asha: Browser, case: Case) -> None:
    plain = case.reference.lower().replace("-", " ")
    assert asha.get(f"/cases?find={plain}").location.endswith(case.reference)
    asha.get("/cases?find=RC-7K3M")
    assert "no case reference" in asha.text


def test_practice_is_said_on_every_page(store: Store, cast: Cast, now: datetime) -> None:
    from dataclasses import replace

    from tests.webhelp import settings
    from webadmin.app import create_app

    give_accounts(store, cast, now)
    practising = replace(settings(), practice=True)
    app = create_app(store, practising, now=lambda: now, secret_key=b"k" * 32)
    browser = _signed_in(app, "chen")
    for path in ("/", "/cases", "/factories", "/staff", "/nothing"):
        browser.get(path)
        assert "All cases here are invented" in browser.text, path


def test_the_events_of_a_case_are_told_in_words(asha: Browser, case: Case, store: Store) -> None:
    asha.step(case, "reply", "Hello")
    assert "Asha acknowledged the complaint." in asha.text
    assert "Asha replied to the worker." in asha.text
    with store.reading() as session:
        assert len(session.exec(select(CaseEvent)).all()) == 3

"""A day of the office in a real Chromium: eight cases from received to verified and closed.

What people of the office and of the factory do goes through their own browser, once for each kind
of step; the rest of a case is carried by the same functions. Five workers complain of one matter,
one is treated badly because she complained, one appeals, and one case is of sexual violence.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from sqlmodel import col, select

from casework import cases, filing, lifecycle, links, seeing
from casework.audit import events, proving
from casework.cases import Triage
from casework.db import Session, Store
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.messaging import messages
from casework.models import Case, Interpreting, Message, Outbox, Reporter, Staff
from casework.remedy import ledger, remedies, verifying
from casework.remedy.verifying import Finding
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    LinkKind,
    Notice,
    RemedyKind,
    RemedyOwner,
    RemedyStep,
    Resolution,
    Severity,
    Status,
    VerifiedBy,
)
from recourse import evidence_jobs
from tests.conftest import Cast
from tests.desk import find_founded
from tests.plan import plan
from tests.test_web_browser import Watch, _page, _photo, _sign_in, now, site
from tests.webhelp import PASSWORD

__all__ = ["now", "site"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

STORY = "ကျွန်မတို့ အောက်တိုဘာလ လစာ မရသေးပါ။ မန်နေဂျာက နောက်အပတ်လို့ပဲ ပြောပါတယ်။"
ENGLISH = "We ask the factory for the wage lists this week."
BURMESE = "ဒီအပတ် စက်ရုံကို လစာစာရင်းများ တောင်းပါမည်။"
TO_ALL = {"my": "လစာများကို ယခုလကုန်တွင် ပေးပါမည်။", "km": "ប្រាក់ឈ្នួលនឹងត្រូវបានបើកនៅចុងខែនេះ។"}
FOR_FACTORY = "Pay all wages that are missing since September, and send the list of payments."
VIOLENCE = "The supervisor touches me when nobody is near."


def _now() -> datetime:
    return datetime.now(UTC)


def _day(days: int = 0) -> str:
    return f"{_now() + timedelta(days=days):%Y-%m-%d}"


@dataclass
class Desks:
    """Who is at work, each in a browser of their own, and all that their pages complain about."""

    browser: Browser
    site: str
    stack: ExitStack
    watches: list[Watch] = field(default_factory=list)

    def handler(self, name: str) -> Page:
        page = self.page()
        _sign_in(page, name)
        return page

    def other(self, name: str, heading: str) -> Page:
        page = self.page()
        page.goto("/")
        page.get_by_label("E-mail").fill(f"{name}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()
        return page

    def page(self, **more: Any) -> Page:
        page, watch = self.stack.enter_context(_page(self.browser, self.site, **more))
        self.watches.append(watch)
        return page


@pytest.fixture
def desks(browser: Browser, site: str) -> Iterator[Desks]:
    # As patient as the pages are, on a machine that does much else.
    expect.set_options(timeout=20_000)
    with ExitStack() as stack:
        yield Desks(browser, site, stack)
    expect.set_options(timeout=5_000)


@dataclass(frozen=True)
class Day:
    """What workers do, and what of a case is carried on without a browser."""

    store: Store
    cast: Cast

    def worker(self, number: int, language: str) -> int:
        with self.store.writing() as session:
            row, address = new_id(_now()), f"88000{number}"
            session.add(
                Reporter(
                    id=row,
                    channel=Channel.TELEGRAM,
                    address_index=session.vault.index("address.telegram", address),
                    address_sealed=session.vault.seal_text(
                        "reporter", "address_sealed", row, address
                    ),
                    language=language,
                    created_at=_now(),
                )
            )
        return row

    def file(self, worker: int, words: str, category: Category, kind: str) -> str:
        with self.store.writing() as session:
            complaint = Complaint((Piece(words),), self.cast.golden_thread, "", category, kind)
            at = _now() - timedelta(hours=2)
            reporter = session.get_one(Reporter, worker)
            return filing.open_case(session, reporter, complaint, now=at).reference

    def answer(self, reference: str, action: Action, reason: str = "") -> None:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            filing.answer(session, case, action, now=_now(), reason=reason)

    def case(self, reference: str) -> Case:
        with self.store.reading() as session:
            case = cases.by_reference(session, reference)
            assert case is not None
            return case

    def carry(self, reference: str, by: str = "asha", verifier: str = "boris") -> None:
        """From wherever the case stands to its close, as the pages do it."""
        while self.case(reference).status is not Status.CLOSED:
            with self.store.writing() as session:
                case = cases.by_reference(session, reference, lock=True)
                assert case is not None
                before = case.status
                self._step(session, case, by, verifier)
                assert case.status is not before

    def _step(self, session: Session, case: Case, by: str, verifier: str) -> None:
        me, at = self.cast.actor(by), _now()
        if case.status is Status.RECEIVED:
            staff = session.get_one(Staff, getattr(self.cast, by).id)
            cases.assign(session, case, staff, by=me, now=at)
        if case.status is Status.ACKNOWLEDGED and case.severity is not Severity.CRITICAL:
            about = tuple((one.category, one.kind) for one in cases.issues_of(session, case.id))
            cases.triage(session, case, Triage(Severity.SERIOUS, about), by=me, now=at)
        if case.status is Status.INVESTIGATING:
            clinic = {
                "kind": RemedyKind.REFER,
                "owner": RemedyOwner.OTHER,
                "organisation": "Clinic",
            }
            plan(session, case, by=me, now=at, **(clinic if case.restricted else {}))
            find_founded(session, case, me, at)
        if case.status is Status.REMEDYING:
            self._verify(session, case, by, verifier)
        if case.status is Status.VERIFYING:
            filing.answer(session, case, Action.CONFIRM, now=at)
        else:
            action = lifecycle.NEXT[case.status]
            text = "It is put right."
            cases.advance(session, case, action, by=me, now=at, text=text, declared=True)

    def _verify(self, session: Session, case: Case, by: str, verifier: str) -> None:
        at, seen = _now(), Finding(True, VerifiedBy.DOCUMENTS, _now().date(), "Seen")
        for action in remedies.of_case(session, case.id):
            if by != verifier:
                me, step = self.cast.actor(by), RemedyStep.CLAIMED
                remedies.take(session, case, action, step, "They say so", by=me, now=at)
            eyes = self.cast.actor(verifier)
            verifying.verify(session, case, action, seen, by=eyes, now=at)


def _unfold(page: Page, name: str) -> Locator:
    """Open a folded form, and give it."""
    fold = page.locator("details", has=page.locator("summary", has_text=name)).last
    fold.locator("summary").first.click()
    return fold


def _tab(page: Page, name: str) -> None:
    page.locator(".case-tabs").get_by_role("link", name=name, exact=True).click()
    expect(page.locator(".case-tabs [aria-current=page]")).to_have_text(name)


def _said(page: Page, text: str) -> None:
    expect(page.locator(".notice")).to_contain_text(text)


def test_eight_cases_from_received_to_verified_and_closed_in_a_day(
    desks: Desks, store: Store, cast: Cast
) -> None:
    day = Day(store, cast)
    with store.writing() as session:
        session.get_one(Staff, cast.indra.id).speaks = "my"
    tongues = ("my", "my", "my", "km", "km")
    workers = [day.worker(number, tongue) for number, tongue in enumerate(tongues)]
    wages = [day.file(worker, STORY, Category.WAGES, "unpaid") for worker in workers]
    first = wages[0]
    dismissed = day.file(cast.htwe.id, "They sent me away.", Category.CONTRACT, "dismissal")
    violence = day.file(day.worker(9, "my"), VIOLENCE, Category.HARASSMENT, "sexual")

    # --- the morning: one of the wages cases is taken up, and the worker is answered ---
    asha = desks.handler("asha")
    _taken_up(asha, first)
    _worked_on(asha)
    _answered_by_an_interpreter(asha, desks, day, first, (*wages, dismissed, violence))
    _answered_by_a_phrase(asha)

    # --- one is treated badly; five are one matter, and all are written to at once ---
    punished = day.file(workers[0], "အခု ကျွန်မကို ပြောင်းလိုက်ပါပြီ။", Category.RETALIATION, "retaliation")
    _linked_as_retaliation(asha, punished, first)
    _made_one_matter(asha, wages)
    _written_to_all(asha, [*wages, punished])

    # --- remedy: planned, asked of the factory, proved, looked at by somebody else ---
    link = _planned(asha, first)
    _answered_by_the_factory(desks, link, first)
    boris = desks.handler("boris")
    _verified(boris, first)
    _brought_to_its_close(asha, day, first)

    # --- one appeals: somebody else decides ---
    day.carry(dismissed)
    day.answer(dismissed, Action.APPEAL, "I am still without work.")
    _decided_by_somebody_else(asha, boris, day, dismissed)

    # --- what only the restricted pool sees ---
    _taken_up_in_the_pool(desks, violence)
    day.carry(violence, by="dilani", verifier="dilani")
    for reference in (*wages, punished):
        day.carry(reference)
    _seen_by_nobody_else((asha, boris, desks.handler("chen")), violence)

    # --- the evening: who looks from outside ---
    everything = [*wages, punished, dismissed, violence]
    _proved_to_the_auditor(desks, store, everything)
    _hidden_from_the_brand(desks, everything)
    assert [text for watch in desks.watches for text in watch.complaints] == []
    _ended_as_meant(store, cast, day, wages, punished, dismissed, violence)


def _taken_up(page: Page, reference: str) -> None:
    page.get_by_role("link", name=reference).first.click()
    expect(page.get_by_text(STORY)).to_be_visible()
    page.get_by_role("button", name="Take it").click()
    _said(page, "Assigned.")
    page.get_by_role("button", name="I have no tie", exact=True).click()
    expect(page.get_by_text("You signed that you have no tie")).to_be_visible()
    page.get_by_role("button", name="Acknowledge").click()
    _said(page, "Acknowledged.")
    triage = _unfold(page, "Triage")
    triage.locator("label[for=severity-serious]").click()
    triage.get_by_label("Summary", exact=True).fill("October wages unpaid for the whole factory.")
    triage.get_by_role("button", name="Save triage").click()
    expect(page.locator(".summary")).to_contain_text("October wages unpaid")
    page.get_by_role("button", name="Begin to assess").click()
    _said(page, "is being assessed")
    page.get_by_role("button", name="Begin to investigate").click()
    _said(page, "under investigation")


def _worked_on(page: Page) -> None:
    """A party, an interview, a task and the finding."""
    _tab(page, "Work")
    party = _unfold(page, "Add a party")
    party.get_by_label("What part they have").select_option(label="Accused")
    party.get_by_label("Name, or what is known instead").fill("The wages office")
    party.get_by_role("button", name="Add the party").click()
    expect(page.locator("#parties")).to_contain_text("The wages office")
    talk = _unfold(page, "Note an interview")
    talk.get_by_label("With whom").select_option("worker")
    talk.get_by_label("They agreed that it is written down").check()
    talk.get_by_label("What they said").fill("All of them wait for October.")
    talk.get_by_role("button", name="Keep the interview").click()
    expect(page.locator("#interviews .said")).to_contain_text("All of them wait for October.")
    task = _unfold(page, "Add a task")
    task.get_by_label("What is to be done").fill("Ask for the wage lists")
    task.get_by_label("Until which day").fill(_day(2))
    task.get_by_role("button", name="Add the task").click()
    _said(page, "The task is kept.")
    page.get_by_role("button", name=re.compile("^Done.*Ask for the wage lists")).click()
    expect(page.get_by_text("1 task is done")).to_be_visible()
    found = page.locator("#findings")
    found.get_by_text("Founded", exact=True).click()
    expect(found).to_contain_text("there is zero tolerance for this")
    found.get_by_label("Why, in words for the worker").fill("စာရင်းများတွင် တွေ့ရပါသည်။")
    found.get_by_label("I wrote this in").check()
    found.get_by_role("button", name="Keep the finding").click()
    _said(page, "The finding is kept.")


def _answered_by_an_interpreter(
    page: Page, desks: Desks, day: Day, reference: str, known: tuple[str, ...]
) -> None:
    """What waits in English is translated in the interpreter's own session, and sent by that."""
    _tab(page, "Case")
    page.get_by_label("Your message to the worker").fill(ENGLISH)
    page.get_by_role("button", name="Send as reply").click()
    expect(page.get_by_text("Nothing was sent yet")).to_be_visible()
    page.get_by_role("button", name="Ask", exact=True).click()
    _said(page, "Asked. It is sent to the worker")
    indra = desks.other("indra", "Messages to translate")
    indra.get_by_role("link", name="From English to Burmese").click()
    expect(indra.get_by_text(ENGLISH)).to_be_visible()
    assert not any(one in indra.content() for one in known)
    indra.get_by_label("In Burmese").fill(BURMESE)
    indra.get_by_role("button", name="Done").click()
    expect(indra.get_by_text("Nothing waits for you")).to_be_visible()
    assert indra.request.get(f"/cases/{reference}").status == 403
    with day.store.reading() as session:
        asked = session.exec(select(Interpreting)).one()
        assert asked.ended_at is not None
    page.goto(f"/cases/{reference}")
    story = page.locator("#story")
    expect(story).to_contain_text(ENGLISH)
    expect(story).to_contain_text(BURMESE)


def _answered_by_a_phrase(page: Page) -> None:
    _tab(page, "Write from phrases")
    page.get_by_label("Words of the phrase").fill("working on it")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name=re.compile("^Add.*I have read what you sent")).click()
    shown = page.locator("#preview")
    expect(shown).to_contain_text("What the worker reads, in Burmese")
    expect(shown).to_contain_text("I have read what you sent")
    shown.get_by_role("button", name="Send as reply").click()
    _said(page, "Your reply is on its way")


def _linked_as_retaliation(page: Page, later: str, first: str) -> None:
    page.goto(f"/cases/{later}/related")
    page.get_by_label("Number of the other case").fill(first.lower())
    page.locator("#kind-retaliation").check()
    page.get_by_role("button", name="Link", exact=True).click()
    _said(page, "Linked. Neither worker is told.")
    expect(page.locator(".case-head")).to_contain_text("Retaliation risk")
    expect(page.locator(".case-head")).to_contain_text("Critical")


def _ticked(page: Page, references: list[str], do: str) -> None:
    page.goto("/cases")
    for reference in references:
        page.get_by_label(f"Choose {reference}").check()
    page.get_by_role("button", name=do).click()


def _made_one_matter(page: Page, references: list[str]) -> None:
    _ticked(page, references, "Make it one matter…")
    page.get_by_role("button", name="Link 5 cases").click()
    expect(page.get_by_role("heading", name="5 cases linked")).to_be_visible()
    page.goto(f"/cases/{references[0]}/related")
    expect(page.get_by_text("5 cases of one matter")).to_be_visible()


def _written_to_all(page: Page, references: list[str]) -> None:
    """Six cases of five workers: five messages."""
    _ticked(page, references, "Write to the workers…")
    expect(page.get_by_text("6 cases, 5 workers, 2 languages")).to_be_visible()
    page.get_by_label("Burmese").fill(TO_ALL["my"])
    page.get_by_label("Khmer").fill(TO_ALL["km"])
    page.get_by_label("No worker learns from it that there are others").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Written to 5 workers")).to_be_visible()


def _planned(page: Page, reference: str) -> str:
    """Who is asked at the factory, what is to be done, what is owed and paid; the path of the link."""
    page.goto(f"/cases/{reference}/remedy")
    contact = _unfold(page, "Add a contact")
    contact.get_by_label("Name", exact=True).fill("Mrs Sok")
    contact.get_by_role("button", name="Add the contact").click()
    expect(page.locator("#contacts")).to_contain_text("Mrs Sok")
    page.get_by_role("link", name="Add an action").first.click()
    page.get_by_label("Kind", exact=True).select_option("pay")
    page.get_by_label("Done by").fill(_day(20))
    page.get_by_label("What is to be done", exact=True).fill("Pay October to all forty people")
    page.get_by_label("The factory", exact=True).check()
    page.get_by_label("Asked by link").select_option(label="Mrs Sok")
    page.get_by_label("What the factory reads").fill(FOR_FACTORY)
    page.get_by_label("I have read it once more").check()
    page.get_by_role("button", name="Add it to the plan").click()
    _said(page, "The action is in the plan")
    page.goto(f"/cases/{reference}/remedy")
    group = page.locator("#money")
    group.get_by_label("Who they are").fill("The sewing floor")
    group.get_by_label("How many people").fill("40")
    group.get_by_role("button", name="Add the group").click()
    for what, amount in (("owed", "8000.50"), ("paid", "8000.50")):
        booked = _unfold(page, "Note a payment")
        booked.get_by_label("What", exact=True).select_option(what)
        booked.get_by_label("Currency").select_option("USD")
        booked.get_by_label("Amount").fill(amount)
        booked.get_by_role("button", name="Note it").click()
        expect(page.locator("#money table")).to_contain_text("8,000.50")
    expect(page.locator("#money table [data-label=Outstanding]")).to_contain_text("0.00")
    page.get_by_role("button", name="New link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    page.get_by_role("link", name="To the case").click()
    told = _unfold(page, "The factory was told")
    told.get_by_label("Yes, the factory knows of it").check()
    told.get_by_role("button", name="The factory was told").click()
    _said(page, "Noted. We will ask the worker")
    return urlsplit(link).path


def _answered_by_the_factory(desks: Desks, link: str, reference: str) -> None:
    """On a phone, without signing in; nothing there tells of the case."""
    phone = desks.page(viewport={"width": 390, "height": 844}, is_mobile=True)
    phone.goto(link)
    expect(phone.get_by_text(FOR_FACTORY)).to_be_visible()
    assert not phone.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    phone.get_by_label("Your answer").fill("We pay on Friday.")
    phone.get_by_role("button", name="Only answer").click()
    _said(phone, "Your answer has arrived")
    phone.get_by_label("Your answer").fill("All of them are paid.")
    proof: FilePayload = {"name": "list.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    phone.get_by_label("Proof").set_input_files(proof)
    phone.get_by_role("button", name="It is done").click()
    expect(phone.get_by_text("You say it is done: it is being checked")).to_be_visible()
    expect(phone.locator(".sent")).to_contain_text("A file")
    read = phone.content()
    assert not any(one in read for one in (reference, STORY, "October", "sewing", "forty"))
    assert phone.request.get(f"/cases/{reference}", max_redirects=0).status == 302


def _verified(page: Page, reference: str) -> None:
    page.goto(f"/cases/{reference}/remedy")
    page.get_by_role("link", name="1. Pay").click()
    expect(page.locator(".story")).to_contain_text("All of them are paid.")
    look = page.locator("#verify")
    look.get_by_label("Yes", exact=True).check()
    look.get_by_label("How it was checked").select_option("payment-proof")
    look.get_by_label("On which day").fill(_day())
    look.get_by_label("What was seen or heard").fill("The list of the bank has all forty.")
    look.get_by_role("button", name="Keep it").click()
    _said(page, "Verified.")


def _brought_to_its_close(page: Page, day: Day, reference: str) -> None:
    page.goto(f"/cases/{reference}/remedy")
    proposal = page.locator("#propose")
    proposal.get_by_label("What will be done to put it right").fill("လစာအားလုံး ပေးပါမည်။")
    proposal.get_by_label("I wrote this in Burmese").check()
    proposal.get_by_role("button", name="Propose a remedy").click()
    _said(page, "The proposed remedy is on its way")
    _told_the_outcome(page)
    day.answer(reference, Action.CONFIRM)
    page.reload()
    page.get_by_label("Yes, end the case").check()
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("Nothing is left to do")).to_be_visible()


def _told_the_outcome(page: Page) -> None:
    page.get_by_label("What was done, and what happens now").fill("လစာအားလုံး ပေးပြီးပါပြီ။")
    page.locator("#next").get_by_label("I wrote this in Burmese").check()
    page.get_by_role("button", name="Tell the outcome").click()
    expect(page.get_by_role("heading", name="Wait for the worker")).to_be_visible()


def _decided_by_somebody_else(asha: Page, boris: Page, day: Day, reference: str) -> None:
    asha.goto(f"/cases/{reference}")
    expect(asha.get_by_role("heading", name="Give it to somebody else")).to_be_visible()
    expect(asha.get_by_role("button", name="Begin to investigate")).to_have_count(0)
    asha.locator("#assignee").select_option(label="Boris")
    asha.get_by_role("button", name="Assign", exact=True).click()
    _said(asha, "Assigned.")
    boris.goto(f"/cases/{reference}")
    expect(boris.locator("#story")).to_contain_text("I am still without work.")
    boris.locator("#next").get_by_label("I have no tie").check()
    boris.get_by_role("button", name="Begin to investigate").click()
    _said(boris, "under investigation")
    _tab(boris, "Work")
    expect(boris.get_by_text("The worker did not accept this.")).to_be_visible()
    found = boris.locator("#findings")
    found.get_by_text("Founded", exact=True).last.click()
    found.get_by_text("Major finding", exact=True).last.click()
    found.get_by_label("Why, in words for the worker").fill("အလုပ်ပြန်ရရပါမည်။")
    found.get_by_label("I wrote this in").check()
    found.get_by_role("button", name="Keep the finding").click()
    _said(boris, "The finding is kept.")
    with day.store.writing() as session:
        # What was promised before stands; what was missing is added, and somebody else looks.
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        by, at = day.cast.actor("boris"), _now()
        more = plan(session, case, by=by, now=at, kind=RemedyKind.REINSTATE, what="Take back")
        seen = Finding(True, VerifiedBy.INTERVIEW, at.date(), "Back at work")
        verifying.verify(session, case, more, seen, by=day.cast.actor("chen"), now=at)
    boris.goto(f"/cases/{reference}/remedy")
    boris.locator("#propose").get_by_label("I wrote this in Burmese").check()
    boris.locator("#propose").get_by_role("button", name="Propose a remedy").click()
    _said(boris, "The proposed remedy is on its way")
    _told_the_outcome(boris)
    day.answer(reference, Action.CONFIRM)
    boris.reload()
    boris.get_by_label("Yes, end the case").check()
    boris.get_by_role("button", name="Close the case").click()
    expect(boris.get_by_text("Nothing is left to do")).to_be_visible()


def _taken_up_in_the_pool(desks: Desks, reference: str) -> None:
    dilani = desks.handler("dilani")
    dilani.get_by_role("link", name=reference).first.click()
    expect(dilani.get_by_text(VIOLENCE)).to_be_visible()
    expect(dilani.locator(".case-head")).to_contain_text("Restricted")
    dilani.get_by_role("button", name="Take it").click()
    _said(dilani, "Assigned.")
    dilani.get_by_role("button", name="Acknowledge").click()
    _said(dilani, "Acknowledged.")


def _seen_by_nobody_else(pages: tuple[Page, ...], reference: str) -> None:
    for page in pages:
        assert page.request.get(f"/cases/{reference}").status == 404
        assert page.request.get(f"/cases/{reference}/remedy").status == 404
        for path in ("/", "/cases?status=all", "/notices", "/patterns"):
            page.goto(path)
            expect(page.locator("h1").first).to_be_visible()
            assert reference not in page.content(), path


def _proved_to_the_auditor(desks: Desks, store: Store, references: list[str]) -> None:
    evidence_jobs.anchor(store, _now)
    auguste = desks.other("auguste", "Audit")
    auguste.get_by_role("button", name="Check now").click()
    _said(auguste, "The check has begun.")
    evidence_jobs.verify(store, _now)
    auguste.reload()
    expect(auguste.get_by_role("heading", name="Everything is whole")).to_be_visible()
    expect(auguste.locator(".verdict .facts")).to_contain_text(f"Cases{len(references)}")
    for name in ("Who read what", "Taken away", "Rights", "Promises"):
        auguste.get_by_role("link", name=name).click()
        expect(auguste.locator(".tabs [aria-current]")).to_have_text(name)
    assert auguste.request.get(f"/cases/{references[0]}").status == 403


def _hidden_from_the_brand(desks: Desks, references: list[str]) -> None:
    brigitte = desks.other("brigitte", "Aurora Sportswear")
    brigitte.get_by_role("link", name="Golden Thread").click()
    expect(brigitte.get_by_role("heading", name="Golden Thread")).to_be_visible()
    nowhere = brigitte.request.get("/cases/RC-2222-2222")
    for reference in references:
        assert reference not in brigitte.content()
        # Refused as an address that leads nowhere is: nobody learns that there is a case.
        answer = brigitte.request.get(f"/cases/{reference}")
        assert (answer.status, answer.text()) == (nowhere.status, nowhere.text())
        assert answer.status in (403, 404)


def _ended_as_meant(
    store: Store,
    cast: Cast,
    day: Day,
    wages: list[str],
    punished: str,
    dismissed: str,
    violence: str,
) -> None:
    everything = [*wages, punished, dismissed, violence]
    with store.reading() as session:
        piece = proving.prove(session)
        assert (piece.cases, piece.breaks) == (8, ())
    with store.reading() as session:
        for reference in everything:
            case = cases.by_reference(session, reference)
            assert case is not None
            assert (case.status, case.resolution) == (Status.CLOSED, Resolution.CONFIRMED)
            assert cases.issues_of(session, case.id)[0].finding is not None
            assert verifying.standing_in(session, case).effective, reference
            past = events.history(session, case.id)
            assert events.first_broken(case, past) is None
            assert past[0].action is Action.FILE
    kept = {reference: day.case(reference) for reference in everything}
    with store.reading() as session:
        asha, dilani = cast.actor("asha"), cast.actor("dilani")
        group = links.group(session, asha, kept[wages[0]])
        assert {case.reference for case in group} == set(wages)
        [tied] = [
            one
            for one in links.of_case(session, asha, kept[punished])
            if one.kind is LinkKind.RETALIATION
        ]
        assert tied.case.reference == wages[0]
        [paid] = ledger.balances(ledger.entries_of(session, kept[wages[0]].id))
        assert (paid.owed, paid.paid, paid.outstanding) == (800_050, 800_050, 0)
        by = {event.staff_id for event in events.history(session, kept[dismissed].id)[-8:]}
        assert cast.asha.id not in by
        # Who may see what: everybody of the office all but one, the pool that one, too.
        for name in ("asha", "boris", "chen", "indra", "auguste", "brigitte"):
            assert not seeing.sees(session, getattr(cast, name), kept[violence])
        assert seeing.sees(session, cast.dilani, kept[violence])
        assert dilani.restricted_pool
        # One worker, one message: six cases hold the words, five notices tell of them.
        mine = {kept[one].id for one in (*wages, punished)}
        told = [
            entry
            for entry in session.exec(
                select(Outbox).where(Outbox.notice == Notice.REPLY, col(Outbox.case_id).in_(mine))
            )
            if _words(session, entry) in TO_ALL.values()
        ]
        assert len(told) == len({entry.reporter_id for entry in told}) == 5
        for row in mine:
            said = [messages.words(session, one) for one in messages.of_case(session, row)]
            assert sum(words in TO_ALL.values() for words in said) == 1


def _words(session: Session, entry: Outbox) -> str:
    return messages.words(session, session.get_one(Message, entry.message_id))

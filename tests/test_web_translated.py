"""Staff read every page in their own language: walked in a language that marks what was translated.

``tests/pseudo.py`` makes that language. What is left in English on any page fails here, with its
address.
"""

import ast
import base64
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlmodel import col, select
from werkzeug.routing import Rule

import translations
from casework import guidance, rights
from casework.db import Session, Store
from casework.errors import BadInput, NotAllowed, Remark
from casework.lifecycle import OPEN
from casework.media.files import Refusal
from casework.models import (
    Attachment,
    Brand,
    Calendar,
    Case,
    Factory,
    Issue,
    Outbox,
    Reporter,
    Staff,
)
from casework.taking_in import imports
from casework.vocabulary import (
    Category,
    Contact,
    FileState,
    HelpKind,
    Role,
    Service,
    Status,
)
from tests.lived import NOW, Lived
from tests.pages import Site, addresses, be_away, invitation, let_in, publish, same_everywhere
from tests.pseudo import TAG, not_translated, sentences, write_catalog
from tests.webhelp import PASSWORD, Browser, build
from translations.loading import Catalogs
from translations.update import ROOT
from webadmin import acts, happenings, i18n, labels, totp
from webadmin.access import EVERYBODY, allowed

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Catalogs:
    folder = tmp_path_factory.mktemp("catalogs")
    write_catalog(folder, sentences("webadmin"))
    return Catalogs(folder)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, lived: Lived) -> Iterator[Store]:
    """The sample data, some of its files and notices gone wrong, and everybody able to sign in."""
    with lived.copied(tmp_path_factory.mktemp("sample")) as store:
        with store.writing() as session:
            _go_wrong(session)
            let_in(session)
        be_away(store)
        publish(store)
        yield store


def _go_wrong(session: Session) -> None:
    """What the sample data has none of: lost and refused files, notices that did not arrive, help
    and rights that the operator wrote down."""
    by = session.exec(select(Staff.id)).first()
    assert by
    own = guidance.Contact("023 456", name="សហជីព")
    for contact in (guidance.Contact("119", Service.AMBULANCE), own):
        guidance.add_contact(session, "KH", HelpKind.EMERGENCY, contact, staff_id=by, now=NOW)
    for published in (True, False):
        text = rights.Written("ម៉ោងបន្ថែម", "២ ម៉ោង")
        written = rights.add_text(session, "KH", "km", text, staff_id=by, now=NOW)
        written.published = published
    wrong = [(FileState.PENDING, ""), (FileState.FAILED, "")]
    wrong += [(FileState.REFUSED, refusal.value) for refusal in Refusal]
    for file, (state, reason) in zip(_files(session), itertools.cycle(wrong), strict=False):
        file.state, file.reason = state, reason
    reasons = ("no-answer", "unreachable", "asked-not-to", "refused")
    entries = session.exec(select(Outbox).where(col(Outbox.case_id).is_not(None))).all()
    for entry, reason in zip(entries, itertools.cycle(reasons), strict=False):
        entry.sent_at, entry.failed_at, entry.reason = None, NOW, reason
    for number, reporter in enumerate(session.exec(select(Reporter))):
        if number % 3 == 0:
            reporter.contact = Contact.NEVER
        if number % 3 == 1:
            reporter.unreachable_since = NOW


def _files(session: Session) -> list[Attachment]:
    return list(session.exec(select(Attachment).where(col(Attachment.case_id).is_not(None))))[::2]


@pytest.fixture
def site(store: Store, pseudo: Catalogs, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(translations, "_shipped", pseudo)
    app = build(store, lambda: NOW)
    app.add_url_rule("/broken", "broken", allowed(*EVERYBODY)(_broken))
    with store.reading() as session:
        return Site(app, store, frozenset(same_everywhere(session)))


def _broken() -> str:
    raise RuntimeError


VIEWS = (
    "/calendars/{office}?severity=standard&promise=first-reply&moment=2026-11-20T18:40",
    "/calendars/{office}?severity=critical&promise=outcome&moment=2026-11-20T18:40",
    "/calendars/{office}?severity=critical&promise=acknowledge&moment=2026-11-20T18:40",
    "/calendars/{office}?moment=soon",
    "/cases?status=all",
    "/cases?status=ended&overdue=yes&sort=received",
    "/cases?status=all&page=x",
    "/cases?assignee=me&severity=minor&category=dormitory",
    "/cases?find=RC-0000",
    "/patterns?weeks=13&practice=yes",
    "/patterns/VN7K2?category=HRS&kind=excessive-overtime&weeks=13&practice=yes",
    "/cases?find=x",
    "/cases?find=nothing+of+the+kind",
    "/policies/triage?category=WAG",
    "/policies/try?severity=serious&category=WAG&promise=all-file&moment=2026-11-20T18:40",
    "/policies/try?severity=critical&promise=outcome&moment=2026-11-20T18:40",
    "/policies/try?severity=minor&promise=protection&moment=2026-11-20T18:40",
    "/factories?find=nothing+of+the+kind",
    "/statistics?period=2026&scope=own&compare=no",
    "/statistics?period=days&from=2026-02-30",
    "/statistics?scope=supply-chain",
    "/statistics/report?brand=BRINDLE",
    "/rating?brand=BRINDLE&scope=own",
    "/rating?brand=BRINDLE&scope=supply-chain",
    "/rating?brand=TANSY&year=2025",
    "/rating/attest?brand=BRINDLE&about=Q2",
    "/rating/attest?brand=BRINDLE&about=S2b",
    "/rating/attest?brand=TANSY&about=E2.1",
    "/rating/attestations?brand=TANSY",
    "/no-such-page",
    "/broken",
)


@pytest.mark.parametrize(
    ("role", "pool"),
    [
        (Role.ADMIN, None),
        (Role.SUPERVISOR, None),
        (Role.HANDLER, True),
        (Role.AUDITOR, None),
        (Role.BRAND, None),
        (Role.INTERPRETER, None),
    ],
)
def test_no_page_holds_a_word_that_was_not_translated(
    site: Site, role: Role, pool: bool | None
) -> None:
    browser, wrong, opened = site.browser(role, pool=pool), {}, 0
    with site.store.reading() as session:
        with_holidays = session.exec(select(Calendar.id).where(Calendar.country == "KH")).one()
    views = [view.format(office=with_holidays) for view in VIEWS]
    for address in (*addresses(site), *views):
        answer = browser.get(address, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        opened += answer.status_code == 200
        assert f'<html lang="{TAG}" dir="ltr">' in browser.page, address
        if address != "/broken":
            # A link that opens nothing, tried once for each role, makes the next one wait.
            fine = {200, 403, 404} | ({429} if address.startswith("/welcome/") else set())
            assert answer.status_code in fine, (address, answer.status_code)
        if english := site.english(browser):
            wrong[address] = english
    few = {Role.INTERPRETER: 2, Role.AUDITOR: 5, Role.BRAND: 5}
    assert opened > few.get(role, 20)
    assert not wrong


def test_a_page_left_in_english_would_be_seen(site: Site) -> None:
    browser = site.browser(Role.ADMIN)
    browser.get("/account")
    assert site.english(browser) == []
    browser.page = browser.page.replace("⟦Name⟧", "Name").replace("⟦Main menu⟧", "Main menu")
    assert set(site.english(browser)) == {"Main menu", "Name"}


# --- what a form answers ---------------------------------------------------------------------


@dataclass(frozen=True)
class Mistake:
    """A form sent wrong: from which page, to where, and a word of the sentence that must come."""

    page: str
    to: str
    says: str
    form: tuple[tuple[str, str], ...] = ()


def _mistake(page: str, says: str, to: str = "", **form: str) -> Mistake:
    return Mistake(page, to or page, says, tuple(form.items()))


GOOD = {"name": "", "country": "KH", "zone": "Asia/Phnom_Penh"}
OFFICE = {"name": "Lotus", "zone": "Asia/Phnom_Penh", "hours": "Mon-Fri 08:00-17:00"}
DAY = "2026-12-07"
MISTAKES = (
    _mistake("/factories/new", "two-letter code"),
    _mistake("/factories/new", "begins like a formula", name="=1+1"),
    _mistake("/factories/new", "Another factory", code="{factory}", **{**GOOD, "name": "Lotus"}),
    _mistake("/factories/{factory}/edit", "at most 160 characters", **GOOD),
    _mistake("/factories/{factory}/brands/new", "code of a brand", tier="x", since="x", until="x"),
    _mistake("/factories/{factory}/brands/new", "no brand", brand="NOBODY", since="2026-01-01"),
    _mistake("/factories/import", "Choose a file"),
    _mistake("/factories/new", "could not be understood", calendar="1", **GOOD),
    _mistake("/calendars/new", "no time zone", zone="?", country="??", hours="Mon 9-17"),
    _mistake("/calendars/new", "no open hour"),
    _mistake("/calendars/new", "they overlap", hours="Mon 22:00-09:00;Tue 08:00-12:00"),
    _mistake("/calendars/new", "no date", days_off="31.12.2026", days_on="?"),
    _mistake("/calendars/new", "stands in both", **OFFICE, days_off=DAY, days_on=DAY),
    _mistake("/calendars/new", "has no hours on that weekday", **OFFICE, days_on="2026-12-05"),
    _mistake("/calendars/new", "Another office", **{**OFFICE, "name": "OFFICE"}),
    _mistake("/brands/new", "without spaces"),
    _mistake("/brands/new", "Another brand", code="{brand}", name="Aurora"),
    _mistake("/brands/{brand}", "brand's name"),
    _mistake("/staff/new", "Choose a role"),
    _mistake("/staff/new", "has this address", email="{email}", name="Asha", role="handler"),
    _mistake("/staff/new", "Choose the brand", name="A", email="a@b.cd", role="brand"),
    _mistake("/staff/{me}", "own rights", name="Chen", role="handler", zone="UTC"),
    _mistake("/account", "time zone of the list", name="", zone="Nowhere"),
    _mistake("/account", "not your present", "/account/password", old="x"),
    _mistake("/account", "too short", "/account/password", old=PASSWORD, password="x", again="x"),
    _mistake("/account", "are not the same", "/account/password", old=PASSWORD, password="x"),
    _mistake(
        "/account",
        "easy to guess",
        "/account/password",
        old=PASSWORD,
        password="password1234",
        again="password1234",
    ),
    _mistake(
        "/account",
        "too long",
        "/account/password",
        old=PASSWORD,
        **dict.fromkeys(("password", "again"), "x" * 200),
    ),
    _mistake("/cases/{fresh}", "needs words", "/cases/{fresh}/step", action="reply", seen="{seen}"),
    _mistake(
        "/cases/{fresh}",
        "not open",
        "/cases/{fresh}/step",
        action="close",
        sure="yes",
        seen="{seen}",
    ),
    _mistake(
        "/cases/{fresh}", "Tick the box", "/cases/{fresh}/step", action="refer", seen="{seen}"
    ),
    _mistake("/cases/{fresh}", "Somebody changed", "/cases/{fresh}/step", action="reply", seen="0"),
    _mistake("/cases/{fresh}", "at least one category", "/cases/{fresh}/triage", seen="{seen}"),
    _mistake("/cases/{fresh}", "could not be understood", "/cases/{fresh}/step", action="fly"),
    _mistake(
        "/cases/{fresh}",
        "does not handle",
        "/cases/{fresh}/assign",
        assignee="{brigitte}",
        seen="{seen}",
    ),
    _mistake("{work}", "Choose what was found", "{work}/issue/{issue}", seen="{known}"),
    _mistake(
        "{work}",
        "the worker is told why",
        "{work}/issue/{issue}",
        seen="{known}",
        finding="founded",
    ),
    _mistake("{work}", "on which day and how", "{work}/interview", seen="{known}"),
    _mistake("{work}", "a day and a person", "{work}/task", seen="{known}"),
    _mistake("{work}", "what part they have", "{work}/party", seen="{known}"),
    _mistake("{work}", "Somebody changed", "{work}/party", seen="0"),
    _mistake("/api-tokens/new", "what the token is for"),
    _mistake(
        "/api-tokens/new", "For the public there are", audience="public", scope="factories:read"
    ),
    _mistake("/api-tokens/new", "next two years", until="x"),
    _mistake("/account", "form has expired", csrf_token="x"),
    _mistake("/", "could not be understood", "/cases"),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.to}-{m.says}")
def test_what_is_wrong_with_a_form_is_said_in_the_readers_language(
    site: Site, mistake: Mistake
) -> None:
    browser = site.browser(Role.ADMIN)
    with site.store.reading() as session:
        people = {person.role: person for person in session.exec(select(Staff))}
        fresh = session.exec(
            select(Case).where(Case.status == Status.RECEIVED, col(Case.restricted).is_(False))
        ).first()
        assert fresh
        worked_on = session.exec(
            select(Case, Issue)
            .join(Issue, col(Issue.case_id) == col(Case.id))
            .where(
                Case.status == Status.INVESTIGATING,
                col(Case.restricted).is_(False),
                col(Issue.category) != Category.OTHER,
            )
        ).first()
        assert worked_on
        case, issue = worked_on
        values = {
            "factory": session.exec(select(Factory.code)).first(),
            "brand": session.exec(select(Brand.code)).first(),
            "me": people[Role.ADMIN].id,
            "email": people[Role.HANDLER].email,
            "brigitte": people[Role.BRAND].id,
            "fresh": fresh.reference,
            "seen": fresh.event_count,
            "work": f"/cases/{case.reference}/work",
            "issue": issue.id,
            "known": case.event_count,
        }
    browser.get(mistake.page.format_map(values))
    form = {name: text.format_map(values) for name, text in mistake.form}
    answer = browser.post(mistake.to.format_map(values), form)
    assert answer.status_code in (400, 405, 409, 422)
    assert mistake.says in browser.text
    assert site.english(browser) == []


IMPORTS = {
    "": "only a first line",
    "colour\nred\n": "must name the columns",
    "name,country,zone\nLotus,KH,UTC,x,y\n": "separator between quotation marks",
    "name,country,zone,scope,brand,tier\nLotus,XX,Nowhere,both,NOBODY,12\n": "supply-chain",
    "name,country,zone\nLotus,KH,UTC\nLotus,KH,UTC\n": "same name and place",
    "code,name,country,zone\nNEW1,Lotus,KH,UTC\nNEW1,Lotus,VN,UTC\n": "something else",
    "code,name,country,zone\nNEW1,Lotus,KH,UTC\nNEW2,Iris,VN,UTC\n": "The file is good",
    "\0\0": "no CSV file",
}


@pytest.mark.parametrize("text", IMPORTS, ids=IMPORTS.values())
def test_what_an_import_found_is_said_in_the_readers_language(site: Site, text: str) -> None:
    browser = site.browser(Role.SUPERVISOR)
    browser.get("/factories/import")
    header = "name,country,zone\n" if not text else ""
    csv = (io.BytesIO((header + text).encode()), "factories.csv")
    browser.post("/factories/import", {"csv": csv})
    assert IMPORTS[text] in browser.text
    own = {"Lotus", "Iris", ", ".join(imports.COLUMNS)}
    assert not_translated(browser.page, site.data | own) == []


def test_the_door_speaks_the_browsers_language_and_a_welcome_that_of_the_person(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = site.browser()
    stranger.get("/sign-in")
    assert site.english(stranger) == []
    for _ in range(8):
        stranger.post("/sign-in", {"email": "nobody@example.net", "password": "x"})
        assert stranger.page
        assert site.english(stranger) == []
    assert "Too many tries" in stranger.text
    with site.store.writing() as session:
        [welcome, _] = invitation(session, Rule("/"))
    fresh = Browser(site.app)
    fresh.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    fresh.get(f"/welcome/{welcome['token']}")
    assert f'<html lang="{TAG}"' in fresh.page
    fresh.post(f"/welcome/{welcome['token']}", {"password": "x", "again": "x"})
    assert "too short" in fresh.text
    assert site.english(fresh) == []


def test_steps_are_answered_and_told_in_the_readers_language(site: Site) -> None:
    browser = site.browser(Role.SUPERVISOR)
    with site.store.reading() as session:
        wanted = select(Case).where(
            col(Case.status).in_(OPEN), col(Case.restricted).is_(False), col(Case.unread).is_(True)
        )
        case = session.exec(wanted).first()
    assert case
    for action in ("reply", "ask", "note"):
        browser.step(case, action, "မင်္ဂလာပါ")
        assert site.english(browser) == []
    browser.post(
        f"/cases/{case.reference}/triage",
        {"seen": browser.seen, "severity": "serious", "issue": f"{Category.WAGES.value}:unpaid"},
        follow_redirects=True,
    )
    assert "⟦Saved.⟧" in browser.text
    assert site.english(browser) == []


# --- one's language --------------------------------------------------------------------------


def test_who_chooses_another_language_is_answered_in_it_at_once(site: Site) -> None:
    browser = site.browser(Role.BRAND)
    browser.get("/account")
    assert f'<option value="{TAG}" selected>日本語</option>' in browser.page
    assert '<option value="en">English</option>' in browser.page
    form = {"name": "Brigitte", "zone": "UTC", "language": "en"}
    browser.post("/account", form, follow_redirects=True)
    assert '<html lang="en" dir="ltr">' in browser.page
    assert "Saved." in browser.text
    assert "⟦" not in browser.page
    browser.post("/account", {**form, "language": TAG}, follow_redirects=True)
    assert "⟦Saved.⟧" in browser.text


# --- nothing slips past the catalogs ---------------------------------------------------------


def test_an_error_is_english_as_text_and_said_in_the_readers_language(site: Site) -> None:
    overlap = BadInput("The intervals of “%(part)s” overlap.", part="Mon 8-12,9-13")
    late = NotAllowed("The 30 days for an appeal are over.")
    assert str(overlap) == "The intervals of “Mon 8-12,9-13” overlap."
    assert str(late) == "The 30 days for an appeal are over."
    with site.app.test_request_context(headers={"Accept-Language": TAG}):
        assert i18n.said(overlap) == "⟦The intervals of “⟧Mon 8-12,9-13⟦” overlap.⟧"
        assert i18n.said(overlap.remark) == i18n.said(overlap)
        assert i18n.said(late) == "⟦The 30 days for an appeal are over.⟧"
        assert i18n.said("Said already, 100 %.") == "Said already, 100 %."


def test_a_remark_whose_hole_nothing_fills_is_an_error_where_it_is_made() -> None:
    with pytest.raises(KeyError):
        Remark("Row %(row)s", column=1)
    assert Remark("100 %") == "100 %"


def _remarks() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((*ROOT.glob("casework/**/*.py"), *ROOT.glob("webadmin/**/*.py"))):
        if path == ROOT / "casework" / "errors.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in ("Remark", "BadInput", "NotAllowed"):
                assert isinstance(node, ast.Call)
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_remark_of_the_domain_is_a_whole_sentence_that_catalogs_hold() -> None:
    known = {message.id for message in sentences("webadmin")}
    found = list(_remarks())
    assert len(found) > 50
    for place, call in found:
        msgid = call.args[0] if call.args else None
        assert isinstance(msgid, ast.Constant), f"{place}: no f-string; holes have names"
        assert msgid.value in known, place
        holes = set(HOLE.findall(str(msgid.value)))
        assert holes == {keyword.arg for keyword in call.keywords}, place


HOLE = re.compile(r"%\((\w+)\)[sd]")


def test_every_name_in_the_tables_of_the_site_is_in_the_catalogs() -> None:
    known = {message.id for message in sentences("webadmin")}
    named = {label.msgid for label in labels._LABELS.values()}
    named |= {*labels.KINDS.values(), *labels.WHY_HINTS.values(), *acts.DONE.values()}
    named |= {*happenings.SENTENCES.values(), *labels._REASONS.values(), labels._OTHER_REASON}
    for step in acts.STEPS.values():
        named |= {step.verb, step.meaning, step.told, step.text}
    assert named - {""} <= known


def test_signing_in_with_a_second_step_speaks_the_readers_language(site: Site) -> None:
    browser = site.browser(Role.SUPERVISOR)
    seen = []

    def look() -> None:
        assert site.english(browser) == [], browser.page
        seen.append(browser.page)

    browser.get("/account/second-step")
    look()
    browser.post("/account/second-step/app", follow_redirects=True)
    look()
    letters = re.search(r'<code class="secret" dir="ltr">([A-Z2-7 ]+)</code>', browser.page)
    assert letters
    browser.page = browser.page.replace(letters[1], "")
    secret = base64.b32decode(letters[1].replace(" ", ""))
    browser.post("/account/second-step/app/code", {"code": "x"})
    browser.page = browser.page.replace(letters[1], "")
    look()
    browser.post("/account/second-step/app/code", {"code": totp.code_at(secret, NOW)})
    codes = re.findall(r"<code>([0-9A-Z-]{11})</code>", browser.page)
    assert len(codes) == 10
    for code in codes:
        browser.page = browser.page.replace(code, "")
    look()
    browser.get("/account/second-step")
    look()
    other = site.browser(Role.SUPERVISOR)
    browser = other
    browser.get("/sign-in/second-step")
    look()
    browser.post("/sign-in/second-step", {"code": "000000"})
    look()
    browser.post("/sign-in/second-step", {"recovery": "nothing"})
    look()
    browser.post("/sign-in/second-step", {"recovery": codes[0]}, follow_redirects=True)
    look()
    assert len(set(seen)) == len(seen)

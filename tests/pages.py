"""Every page of the site with the sample data behind it: which addresses there are, with what fills the
holes in them, and the words on the pages that are the same in every language."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from sqlmodel import col, select
from werkzeug.routing import Rule

from casework import places
from casework.actors import staff_actor
from casework.categories import CATEGORIES
from casework.db import Session, Store
from casework.deadlines.calendars import WEEKDAYS
from casework.deadlines.policies import DEFAULT, write_chain
from casework.figures import snapshots
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, Sheet, Spread, by
from casework.ids import new_id
from casework.models import (
    Absence,
    ApiToken,
    Attachment,
    AttestedStatement,
    Brand,
    Calendar,
    Case,
    Factory,
    HeldWords,
    HelpContact,
    Interpreting,
    MechanismReview,
    Message,
    MessageVersion,
    PersonGroup,
    Release,
    RemedyAction,
    Reporter,
    RightsText,
    Staff,
    SupplierContact,
    Supply,
)
from casework.office import leaves
from casework.publication import releases
from casework.ratings import reviewing
from casework.ratings.review_figures import Taken
from casework.remedy import ledger, money, suppliers
from casework.taking_in import pastcases, uploads
from casework.vocabulary import (
    Category,
    Channel,
    FileState,
    Finding,
    HelpKind,
    Promise,
    RemedyState,
    Resolution,
    Role,
    Severity,
    Status,
)
from recourse.sample.words import staff_notes
from tests.lived import NOW
from tests.pseudo import TAG, not_translated
from tests.released import BEFORE, NUMBERS, QUARTER, YEAR, release
from tests.test_past_cases import past_cases
from tests.webhelp import PASSWORD, Browser
from webadmin import accounts, browsers, passwords
from webadmin.api_answers import OPERATIONS

FORMATS = {"CSV", "XLSX", "JSON"}
OWN_WORDS = {
    "Recourse",
    "English",
    "KB",
    "MB",
    "UTC",
    "SHA-256",
    *FORMATS,
    *WEEKDAYS,
    *browsers.NAMES,
}
"""A name, a language's name in itself, units, a zone, formats of files, what hours are written with,
and names of browsers: the same everywhere."""


TYPED = {"2 months", "16 working hours", "5 working days", "75% owner", "+5 working days admins"}
"""Examples of what is typed into the forms of promises."""


def publish(store: Store) -> None:
    """Each brand has figures of two quarters to read, one of them revised, and of a year."""
    with store.reading() as session:
        codes = [
            brand.code
            for brand in places.brands(session)
            if not releases.periods(session, brand.code)
        ]
    for code in codes:
        release(store, NOW, code, NUMBERS, period=BEFORE)
        release(store, NOW, code, NUMBERS)
        release(store, NOW, code, NUMBERS, version=2, pending_since=NOW)
        release(store, NOW, code, NUMBERS, period=YEAR, pending_since=NOW)


def be_away(store: Store) -> None:
    """Two handlers: one is away, and one has just come back."""
    with store.writing() as session:
        made: list[Absence] = []
        for person in session.exec(select(Staff).where(Staff.role == Role.HANDLER).limit(2)).all():
            days = {"first_day": "2026-11-20", "last_day": "2026-11-27", "stand_in": ""}
            said = leaves.say(session, person, days, by=staff_actor(person), now=NOW)
            assert isinstance(said, Absence)
            leaves.work_on(session, said, NOW)
            made.append(said)
        leaves.stop(session, made[-1], NOW)


def let_in(session: Session, language: str = TAG) -> None:
    """Everybody of the staff can sign in, and reads that language."""
    hashed = passwords.hashed(PASSWORD)
    for person in session.exec(select(Staff)):
        person.language = language
        session.add(
            accounts.Account(
                id=new_id(NOW),
                staff_id=person.id,
                email=person.email,
                password=hashed,
                fs_uniquifier=f"session-of-{person.email}",
                password_set_at=NOW,
            )
        )


@dataclass(frozen=True)
class Site:
    """The site over the sample data, and the words on it that nobody translates."""

    app: Flask
    store: Store
    data: frozenset[str]

    def browser(self, role: Role | None = None, *, pool: bool | None = None) -> Browser:
        browser = Browser(self.app)
        browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = TAG
        if role:
            with self.store.reading() as session:
                wanted = select(Staff.email).where(Staff.role == role)
                if pool is not None:
                    wanted = wanted.where(col(Staff.restricted_pool).is_(pool))
                email = session.exec(wanted).first()
            assert email, f"the sample data has no {role}"
            browser.sign_in(email.partition("@")[0])
        return browser

    def english(self, browser: Browser) -> list[str]:
        return not_translated(browser.page, self.data)


def same_everywhere(session: Session) -> set[str]:
    """Names and addresses of the database, which are the same in every language."""
    found = set(OWN_WORDS)
    for table in (Staff, Brand, Factory, Calendar):
        for row in session.exec(select(table)):
            found |= {value for value in row.model_dump().values() if type(value) is str}
    found |= set(session.exec(select(Reporter.zone)))
    for token in session.exec(select(ApiToken)):
        found |= {token.name, f"{token.name} (…{token.hint})"}
    found |= set(session.exec(select(Release.digest)))
    found |= {ledger.label(session, group) for group in session.exec(select(PersonGroup))}
    contacts = session.exec(select(SupplierContact)).all()
    # With the organisation, and without.
    found |= {part for one in contacts for part in suppliers.name(session, one).split(", ")}
    found |= {suppliers.name(session, one) for one in contacts}
    # Names of francs hold letters that Unicode writes the same everywhere.
    found |= money.currencies() | {"CFA", "CFP"}
    # Whom the sample cases name: in a list to choose from nothing marks a person's words.
    found |= set(staff_notes("accused"))
    # What spans and chains are typed with is the same in every language.
    found |= {write_chain(chain) for chain in DEFAULT.chains.values()}
    found |= {str(level) for chain in DEFAULT.chains.values() for level in chain}
    found |= {str(line.span) for line in DEFAULT.lines.values()} | TYPED
    # So are the columns and codes of a list of past cases, and the command that opens an archive.
    for codes in (Status, Category, Finding, Resolution, Severity, Channel):
        found.add(", ".join(code.value for code in codes))
    found |= {", ".join(facts.kinds) for facts in CATEGORIES.values()}
    found |= {", ".join(pastcases.NEEDED), "received", "acknowledged", "told"}
    found |= {"recourse case open", ".rccase"}
    return found


# --- every page ------------------------------------------------------------------------------


def _codes(session: Session, rule: Rule) -> list[dict[str, object]]:
    table = Brand if rule.endpoint.startswith("brands.") else Factory
    return [{"code": code} for code in session.exec(select(table.code).limit(2))]


def _references(session: Session, rule: Rule) -> list[dict[str, object]]:
    """Cases of each status, the newest, and each way they came; of the smaller pages of a case one
    of each status."""
    found: set[str] = set()
    few = 3 if rule.endpoint == "cases.show" else 1
    newest = select(Case.reference).order_by(col(Case.id).desc()).limit(few)
    for status in Status:
        found |= set(session.exec(newest.where(Case.status == status)))
    if rule.endpoint != "cases.show":
        return [{"reference": reference} for reference in sorted(found)]
    for channel in Channel:
        found |= set(session.exec(select(Case.reference).where(Case.channel == channel).limit(2)))
    by_file = select(Case.reference).join(Attachment, col(Attachment.case_id) == Case.id)
    found |= {
        reference
        for state in FileState
        for reference in session.exec(by_file.where(Attachment.state == state).limit(4))
    }
    return [{"reference": reference} for reference in sorted(found)]


def _supplies(session: Session, _rule: Rule) -> list[dict[str, object]]:
    pairs = select(Factory.code, Supply.id).join(Supply, col(Supply.factory_id) == Factory.id)
    return [{"code": code, "row": row} for code, row in session.exec(pairs.limit(2))]


def _people(session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"row": row} for row in session.exec(select(Staff.id).limit(2))]


def _handlers(session: Session, _rule: Rule) -> list[dict[str, object]]:
    found = session.exec(select(Staff.id).where(Staff.role == Role.HANDLER).limit(2))
    return [{"row": row} for row in found]


def _offices(session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"row": row} for row in session.exec(select(Calendar.id))]


def _languages(_session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"language": tag} for tag in ("en", "my")]


def _countries(session: Session, _rule: Rule) -> list[dict[str, object]]:
    found = session.exec(select(Factory.country).distinct().order_by(Factory.country)).all()
    return [{"country": code} for code in (*found[:2], "CH")]


def _kinds_of_help(_session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"country": "KH", "kind": kind.value} for kind in HelpKind]


def _help(session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"country": one.country, "row": one.id} for one in session.exec(select(HelpContact))]


def _rights(session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"country": one.country, "row": one.id} for one in session.exec(select(RightsText))]


def invitation(session: Session, _rule: Rule) -> list[dict[str, object]]:
    person = session.exec(select(Staff)).first()
    assert person
    return [{"token": accounts.make_invitation(session, person, NOW)}, {"token": "used-up"}]


def _remedies(session: Session, rule: Rule) -> list[dict[str, object]]:
    """Actions of the plan in each state, and one that may be changed."""
    found: list[dict[str, object]] = []
    for state in RemedyState:
        if rule.endpoint == "remedy.edit" and state is not RemedyState.OPEN:
            continue
        wanted = select(Case.reference, RemedyAction.id).join(
            RemedyAction, col(RemedyAction.case_id) == Case.id
        )
        rows = session.exec(wanted.where(RemedyAction.state == state).limit(2))
        found += [{"reference": reference, "row": row} for reference, row in rows]
    return found


def _asked(session: Session, _rule: Rule) -> list[dict[str, object]]:
    wanted = select(RemedyAction.contact_id).where(col(RemedyAction.contact_id).is_not(None))
    return [{"row": row} for row in session.exec(wanted.distinct().limit(6))]


def _links(session: Session, _rule: Rule) -> list[dict[str, object]]:
    wanted = select(Case, SupplierContact).join(RemedyAction, col(RemedyAction.case_id) == Case.id)
    wanted = wanted.join(SupplierContact, col(SupplierContact.id) == RemedyAction.contact_id)
    open_one = wanted.where(RemedyAction.state == RemedyState.OPEN)
    case, contact = session.exec(open_one).first() or session.exec(wanted).one()
    by = session.exec(select(Staff).where(Staff.role == Role.SUPERVISOR)).first()
    assert by
    token = suppliers.make_link(session, case, contact, by=staff_actor(by), now=NOW)
    return [{"token": token}, {"token": "used-up"}]


Fill = Callable[[Session, Rule], list[dict[str, object]]]


def _promises(_session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"promise": promise.value} for promise in Promise]


def _uploads(session: Session, _rule: Rule) -> list[dict[str, object]]:
    """A list of past cases with all that can be wrong, brought by each who may."""
    leading = session.exec(select(Staff).where(col(Staff.role).in_((Role.SUPERVISOR, Role.ADMIN))))
    return [{"row": uploads.keep(session, person.id, past_cases(), NOW).id} for person in leading]


def _messages(session: Session, _rule: Rule) -> list[dict[str, object]]:
    pairs = select(Case.reference, Message.id).join(Message, col(Message.case_id) == Case.id)
    with_file = pairs.where(col(Message.attachment_id).is_not(None)).limit(2)
    found = [*session.exec(pairs.limit(2)), *session.exec(with_file)]
    return [{"reference": reference, "row": row} for reference, row in found]


def _held(session: Session, _rule: Rule) -> list[dict[str, object]]:
    both = select(Case.reference, HeldWords.id).join(HeldWords, col(HeldWords.case_id) == Case.id)
    return [{"reference": reference, "row": row} for reference, row in session.exec(both)]


def _said(session: Session, _rule: Rule) -> list[dict[str, object]]:
    both = select(Case.reference, Message.id).join(Message, col(Message.case_id) == Case.id)
    asked = both.join(MessageVersion, col(MessageVersion.message_id) == Message.id)
    found = [*session.exec(asked.limit(3)), *session.exec(both.limit(9))]
    return [{"reference": reference, "row": row} for reference, row in found]


def _interpreted(session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"row": row} for row in session.exec(select(Interpreting.id))]


def _phrases(_session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"key": key} for key in ("thank-read", "will-pay")]


def _frozen(session: Session, _rule: Rule) -> list[dict[str, object]]:
    """A quarter that was counted again, and differed."""
    for (audience, period), before in snapshots.of_year(session, Period.year(2026)).items():
        if period == str(QUARTER):
            counts = {
                (Measure.RECEIVED, ()): 147,
                (Measure.PAID, by({Dimension.CURRENCY: "KHR"})): 5,
            }
            days = {(Measure.DAYS, by({Dimension.PROMISE: "outcome"})): Spread(99, 13.5, 41.0)}
            found, tables = Sheet(QUARTER, counts, days), snapshots.tables(before)
            snapshots.add(session, audience, found, tables, NOW, NOW, before)
    return [{"period": QUARTER}, {"period": BEFORE}]


def _tokens(session: Session, _rule: Rule) -> list[dict[str, object]]:
    live = select(ApiToken.id).where(col(ApiToken.revoked_at).is_(None))
    return [{"row": row} for row in session.exec(live)]


def _attested(session: Session, _rule: Rule) -> list[dict[str, object]]:
    return [{"row": row} for row in session.exec(select(AttestedStatement.id).limit(2))]


def _reviews(session: Session, _rule: Rule) -> list[dict[str, object]]:
    """One that is signed, and one that can't be yet."""
    by = session.exec(select(Staff).where(Staff.role == Role.SUPERVISOR)).first()
    assert by
    taken = Taken((Figure(Measure.RECEIVED, (), 3),))
    begun = reviewing.begin(
        session, None, None, Period.year(2026), taken, by=staff_actor(by), now=NOW
    )
    signed = select(MechanismReview.id).where(col(MechanismReview.signed_at).is_not(None))
    return [{"row": row} for row in (begun.id, *session.exec(signed.limit(1)))]


HOLES: dict[str, Fill] = {
    "attesting.withdraw": _attested,
    "releases.show": _frozen,
    "reviewing.show": _reviews,
    "case_import.show": _uploads,
    "absences.of_person": _handlers,
    "redactions.passage": _messages,
    "supplies.edit": _supplies,
    "staff.edit": _people,
    "calendars.show": _offices,
    "calendars.edit": _offices,
    "account.welcome": invitation,
    "guidance.new": _kinds_of_help,
    "guidance.edit": _help,
    "rights.edit": _rights,
    "policies.edit": _promises,
    "remedy.show": _remedies,
    "remedy.edit": _remedies,
    "remedy_plan.for_factory": _asked,
    "supplier.show": _links,
    "waiting.show": _held,
    "translating.show": _said,
    "interpreting.show": _interpreted,
    "interpreting.tie": _interpreted,
    "phrases.show": _phrases,
    "api_tokens.revoke": _tokens,
}
"""What fills the holes of an address."""
BY_HOLE: dict[frozenset[str], Fill] = {
    frozenset({"code"}): _codes,
    frozenset({"reference"}): _references,
    frozenset({"language"}): _languages,
    frozenset({"country"}): _countries,
}
"""The same by the names of the holes, where an endpoint needs nothing of its own."""
NO_PAGES = {
    "static",
    "attesting.file",
    "case_import.bad_rows",
    "statistics.rows",
    "statistics.chart",
    "statistics_report.download",
    "files.show",
    "interpreting.file",
    "security.static",
    "recordings.sound",
    # For programs, in English.
    "api.openapi",
    *(f"api.{one.name}" for one in OPERATIONS),
    # In the languages of workers: ``tests/test_public.py`` reads it in each of them.
    "public.show",
    "public.as_csv",
    "supplier_record.rows",
    "public.as_json",
}


def addresses(site: Site) -> list[str]:
    """Every page of the site that is opened by its address."""
    found = []
    with site.app.test_request_context(), site.store.writing() as session:
        adapter = site.app.url_map.bind("")
        for rule in site.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
                continue
            fill = HOLES.get(rule.endpoint) or BY_HOLE.get(frozenset(rule.arguments))
            assert fill or not rule.arguments, f"say in HOLES what fills the holes of {rule.rule}"
            filled = fill(session, rule) if fill else [{}]
            found += [adapter.build(rule.endpoint, values) for values in filled]
    return sorted(found)

"""Random months of a whole office: many workers, factories and brands, and everything that figures
are made of. Only real domain functions; what is refused did not happen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from casework import (
    cases,
    detaching,
    factories,
    filing,
    findings,
    grouping,
    issues,
    parties,
    retaliation,
)
from casework.actors import SYSTEM
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.factories import FactoryFacts, SupplyFacts
from casework.filing import Complaint, Door, Piece
from casework.findings import Found
from casework.ids import new_id
from casework.lifecycle import NEXT
from casework.models import Case, Factory, Link, Reporter
from casework.parties import About
from casework.places import by_code
from casework.remedy import ledger, remedies, verifying
from casework.remedy.ledger import Line
from casework.remedy.remedies import Draft
from casework.remedy.verifying import Finding as Looked
from casework.taking_in import importing, taking_up
from casework.taking_in.pastcases import Reading
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Danger,
    Finding,
    Gravity,
    Inadmissible,
    LedgerKind,
    LinkKind,
    PartyKind,
    Promise,
    Referral,
    Relation,
    RemedyKind,
    RemedyOwner,
    RemedyStep,
    Scope,
    Severity,
    Status,
    VerifiedBy,
)
from tests.office import Office
from tests.test_past_cases import ENDED as PAST
from tests.test_past_cases import as_csv

START = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
EDGES = [datetime(2026, month, 1, tzinfo=UTC) for month in (7, 10)] + [
    datetime(2027, 1, 1, tzinfo=UTC)
]
_HANDLERS = ("asha", "dilani", "boris", "chen")
_ABOUT = [
    (Category.WAGES, "unpaid"),
    (Category.WAGES, "below-living-wage"),
    (Category.WAGES, ""),
    (Category.HOURS, "no-rest-day"),
    (Category.HARASSMENT, "verbal"),
    (Category.CONTRACT, "dismissal"),
    (Category.DORMITORY, "food"),
    (Category.RETALIATION, "retaliation"),
    (Category.OTHER, "question"),
]
_CURRENCIES = ("USD", "KHR")


@dataclass
class Year:
    """What happens is drawn from ``chance``; every step is a transaction of its own."""

    office: Office
    chance: Random
    now: datetime = START
    workers: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    done: int = 0

    def live(self, steps: int) -> None:
        """So many steps, over some months."""
        self._set_up()
        for _ in range(4):
            self._try(self._file)
        for _ in range(steps):
            self._go_on()
            what = self.chance.choices(_STEPS, _WEIGHTS)[0]
            self._try(partial(what, self))

    def _try(self, what: Callable[[], object]) -> None:
        try:
            what()
            self.done += 1
        except (NotAllowed, BadInput):
            pass

    def _go_on(self) -> None:
        later = self.now + timedelta(
            seconds=self.chance.choice((0, 1, 600, 7200, 86400, self.chance.randrange(5 * 86400)))
        )
        for edge in EDGES:
            if self.now < edge <= later and self.chance.random() < 0.6:
                later = edge - timedelta(seconds=self.chance.choice((0, 1)))
        self.now = later
        if self.chance.random() < 0.5:
            self.office.jobs(self.now)

    # --- who and where ---

    def _set_up(self) -> None:
        with self.office.store.writing() as session:
            wanted: list[tuple[str, int | None, list[tuple[str, Scope, int | None, str, str]]]] = [
                ("KH", 300, [("AURORA", Scope.OWN, 0, "2026-01-01", "")]),
                ("VN", None, [("BOREALIS", Scope.SUPPLY_CHAIN, None, "2026-06-15", "")]),
                (
                    "BD",
                    900,
                    [
                        ("AURORA", Scope.SUPPLY_CHAIN, 2, "2025-01-01", "2026-06-30"),
                        ("BOREALIS", Scope.OWN, 0, "2026-05-10", "2026-08-20"),
                        ("AURORA", Scope.SUPPLY_CHAIN, 1, "2026-09-01", ""),
                    ],
                ),
                ("BD", 50, []),
            ]
            for number, (country, workers, supplies) in enumerate(wanted):
                facts = FactoryFacts(
                    f"PLANT{number}", f"Plant {number}", "", country, "Asia/Dhaka", workers
                )
                factory = factories.add_factory(session, facts, START)
                assert isinstance(factory, Factory)
                for brand, scope, tier, since, until in supplies:
                    last = date.fromisoformat(until) if until else None
                    line = SupplyFacts(brand, scope, tier, date.fromisoformat(since), last)
                    assert not isinstance(factories.link(session, factory, line, START), dict)
                self.places.append(factory.code)
            self.places.append(self.office.cast.golden_thread.code)
            for number, language in enumerate(("my", "km", "vi")):
                row = Reporter(
                    id=new_id(START),
                    channel=Channel.WEB,
                    address_index=bytes([number]) * 16,
                    address_sealed=b"",
                    language=language,
                    created_at=START,
                )
                session.add(row)
                self.workers.append(row.id)
            self.workers.append(self.office.cast.htwe.id)

    def _who(self) -> str:
        return self.chance.choice(_HANDLERS)

    def _in(self, then: Callable[[Session, Case], object], reference: str = "") -> None:
        """Do something to a case: most often to one of the newest."""
        if not reference:
            some = self.cases[-6:] if self.chance.random() < 0.7 else self.cases
            reference = self.chance.choice(some)
        with self.office.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            then(session, case)

    # --- what comes in ---

    def _complaint(self, session: Session) -> Complaint:
        category, kind = self.chance.choice([*_ABOUT, (None, "")])
        code = self.chance.choice([*self.places, ""])
        return Complaint(
            (Piece("It is not right."),),
            factory=by_code(session, code) if code else None,
            category=category,
            kind=kind,
            relation=self.chance.choice([None, *Relation]),
            danger=self.chance.choice([None, None, None, Danger.NOW]),
            practice=self.chance.random() < 0.05,
        )

    def _file(self) -> None:
        with self.office.store.writing() as session:
            complaint = self._complaint(session)
            if self.chance.random() < 0.15:  # by phone: nobody to write to
                door = Door(Channel.PHONE, "bn")
                by = self.office.cast.actor("asha")
                case = filing.file(session, door, complaint, by=by, now=self.now)
            else:
                reporter = session.get(Reporter, self.chance.choice(self.workers))
                if reporter is None:
                    return
                case = filing.open_case(session, reporter, complaint, now=self.now)
            self.cases.append(case.reference)

    def _import(self) -> None:
        day = (self.now - timedelta(days=self.chance.randrange(5, 200))).date()
        status = self.chance.choice(list(Status))
        ended = status in (
            *(Status.RESOLVED, Status.CLOSED, Status.INADMISSIBLE, Status.REFERRED),
            Status.WITHDRAWN,
        )
        told = status in (Status.VERIFYING, Status.RESOLVED, Status.CLOSED, Status.APPEALED)
        row = {
            **PAST,
            "reference": f"OLD-{self.done}-{self.chance.random()}",
            "factory": self.chance.choice([*self.places, ""]),
            "received": str(day),
            "acknowledged": "",
            "status": status.value,
            "told": str(day + timedelta(days=2)) if told and self.chance.random() < 0.7 else "",
            "closed": str(day + timedelta(days=3)) if ended else "",
            "finding": self.chance.choice(["", "founded", "unfounded"]) if told else "",
            "resolution": "",
        }
        with self.office.store.writing() as session:
            how = Reading(ZoneInfo("Asia/Dhaka"), self.now)
            plan = importing.read_cases(as_csv([row]), session, how)
            taking_up.apply(session, plan, by=SYSTEM, now=self.now)
            newest = select(Case.reference).where(Case.imported_at == self.now)
            self.cases.extend(set(session.exec(newest)) - set(self.cases))

    # --- what is done about it ---

    def _next(self) -> None:
        def then(session: Session, case: Case) -> None:
            self._step(session, case, NEXT.get(case.status, Action.NOTE))

        self._in(then)

    def _other(self) -> None:
        action = self.chance.choice(
            [
                *(Action.ASK, Action.REPLY, Action.PROTECT, Action.NOTIFY_FACTORY),
                *(Action.CONCLUDE, Action.REFER, Action.REJECT, Action.RESOLVE),
            ]
        )
        self._in(lambda session, case: self._step(session, case, action))

    def _step(self, session: Session, case: Case, action: Action) -> None:
        by = self.office.cast.actor(self._who())
        if action is Action.PROPOSE_REMEDY and self.chance.random() < 0.9:
            self._plan(session, case)
        if action is Action.CONCLUDE:
            if not issues.of_case(session, case.id):
                issues.replace(session, case, [(Category.OTHER, "question")], self.now)
                session.flush()
            for issue in findings.undecided(session, case):
                found = Found(self.chance.choice(list(Finding)), "Papers.", Gravity.MAJOR)
                findings.decide(session, case, issue, found, by=by, now=self.now, declared=True)
        reasons: dict[Action, Inadmissible | Referral] = {
            Action.REJECT: self.chance.choice(
                [Inadmissible.NOT_WORK, Inadmissible.OUTSIDE, Inadmissible.SPAM]
            ),
            Action.REFER: Referral.UNION,
        }
        cases.advance(
            session,
            case,
            action,
            by=by,
            now=self.now,
            text="We looked into it.",
            reason=reasons.get(action),
            declared=True,
        )

    def _triage(self) -> None:
        about = tuple(self.chance.sample(_ABOUT, self.chance.choice((1, 1, 2, 3))))
        severity = self.chance.choice(list(Severity))
        self._in(
            lambda session, case: cases.triage(
                session,
                case,
                cases.Triage(severity, about),
                by=self.office.cast.actor("dilani"),
                now=self.now,
            )
        )

    def _answer(self) -> None:
        def then(session: Session, case: Case) -> None:
            usual = [Action.CONFIRM, Action.DISPUTE, Action.DISPUTE, Action.APPEAL]
            action = self.chance.choice([*usual, Action.WITHDRAW])
            filing.answer(session, case, action, now=self.now)

        self._in(then)

    def _check_in(self) -> None:
        def then(session: Session, case: Case) -> None:
            harmed = self.chance.random() < 0.5
            answered = retaliation.answer(session, case, harmed, now=self.now)
            if answered and answered.opened and answered.linked:
                self.cases.append(answered.linked.reference)

        self._in(then)

    def _wait(self) -> None:
        reference = self.chance.choice(self.cases[-6:])
        match self.chance.randrange(5):
            case 0:
                self._in(lambda s, case: self._step(s, case, Action.ASK), reference)
                self.office.pause(reference, self.now)
            case 1:
                self.office.resume(reference, self.now)
            case 2:
                self.office.add(reference, self.now, "This one.")
            case 3:
                wanted = self.chance.choice(
                    [Promise.INVESTIGATE, Promise.REMEDY, Promise.OUTCOME, Promise.APPEAL]
                )
                until = self.now.date() + timedelta(days=self.chance.randrange(3, 90))
                if wanted in self.office.clocks(reference):
                    self.office.ask_extension(reference, wanted, until, self.now)
            case _:
                for one in self.office.extensions(reference):
                    if one.decided_at is None:
                        approve = self.chance.random() < 0.8
                        self.office.decide(reference, one.id, self.now, approve=approve)

    def _link(self) -> None:
        first, other = self.chance.sample(self.cases, 2) if len(self.cases) > 1 else ("", "")
        kind = self.chance.choice(list(LinkKind))
        by = self.office.cast.actor("chen")

        def then(session: Session, case: Case) -> None:
            beside = cases.by_reference(session, other, lock=True)
            assert beside is not None
            found = session.exec(select(Link).where(col(Link.other_id).in_([case.id, beside.id])))
            if (one := found.first()) and self.chance.random() < 0.3:
                a, b = session.get_one(Case, one.case_id), session.get_one(Case, one.other_id)
                grouping.unlink(session, a, b, one.kind, by=by, now=self.now)
            elif self.chance.random() < 0.3:
                grouping.end_duplicate(session, case, by=by, now=self.now)
            else:
                grouping.link(session, case, beside, kind, by=by, now=self.now, same_worker=True)

        if first:
            self._in(then, first)

    def _forget(self) -> None:
        if self.chance.random() < 0.8:
            return
        row = self.chance.choice(self.workers)
        with self.office.store.writing() as session:
            reporter = session.get(Reporter, row)
            if reporter is not None:
                withdraw = self.chance.random() < 0.5
                detaching.forget(session, reporter, withdraw=withdraw, now=self.now)

    # --- what is put right ---

    def _plan(self, session: Session, case: Case) -> None:
        draft = Draft(
            RemedyKind.PAY,
            RemedyOwner.OTHER,
            "Pay what is owed",
            (self.now + timedelta(days=self.chance.randrange(0, 40))).date(),
            organisation=self.chance.choice(["Legal Aid", "Fair Pay"]),
        )
        remedies.add(session, case, draft, by=self.office.cast.actor("asha"), now=self.now)

    def _remedy(self) -> None:
        def then(session: Session, case: Case) -> None:
            planned = remedies.of_case(session, case.id)
            if not planned or self.chance.random() < 0.1:
                return self._plan(session, case)
            action = self.chance.choice(planned)
            by = self.office.cast.actor(self._who())
            match self.chance.randrange(6):
                case 0:
                    step = self.chance.choice(
                        [RemedyStep.CLAIMED, RemedyStep.REFUSED, RemedyStep.DROPPED]
                    )
                    remedies.take(session, case, action, step, "So it is.", by=by, now=self.now)
                case 1:
                    day = (self.now + timedelta(days=self.chance.randrange(-20, 40))).date()
                    draft = Draft(
                        RemedyKind.PAY, RemedyOwner.OTHER, "Pay", day, organisation="Legal Aid"
                    )
                    remedies.change(session, case, action, draft, by=by, now=self.now)
                case 2:
                    still = self.chance.random() < 0.4
                    verifying.look_again(
                        *(session, case, action, "We looked."),
                        still_so=still,
                        again_on=None,
                        by=by,
                        now=self.now,
                    )
                case _:
                    outside = self.chance.random() < 0.3
                    looked = Looked(
                        self.chance.random() < 0.85,
                        VerifiedBy.VISIT,
                        self.now.date(),
                        "We looked.",
                        verifier="Somebody" if outside else "",
                        organisation="Union House" if outside else "",
                    )
                    verifying.verify(session, case, action, looked, by=by, now=self.now)
            return None

        self._in(then)

    def _money(self) -> None:
        def then(session: Session, case: Case) -> None:
            by = self.office.cast.actor("asha")
            groups = ledger.groups_of(session, case.id)
            if not groups or self.chance.random() < 0.2:
                persons = self.chance.randrange(1, 30)
                groups = [ledger.add_group(session, case, "Them", persons, by=by, now=self.now)]
            entries = ledger.entries_of(session, case.id)
            if entries and self.chance.random() < 0.25:
                one = self.chance.choice(entries)
                ledger.reverse(session, case, one, "Wrong.", by=by, now=self.now)
                return
            kind = self.chance.choice([LedgerKind.OWED, LedgerKind.PAID, LedgerKind.PAID])
            back = 0 if kind is LedgerKind.OWED else self.chance.randrange(40)
            line = Line(
                kind,
                self.chance.choice(_CURRENCIES),
                self.chance.choice([100, 200, 250]),
                (self.now - timedelta(days=back)).date(),
            )
            ledger.record(session, case, self.chance.choice(groups), line, by=by, now=self.now)

        self._in(then)

    def _accuse(self) -> None:
        """Somebody of the office, or an organisation that verified, turns out to be accused."""

        def then(session: Session, case: Case) -> None:
            about = About(
                PartyKind.RESPONDENT,
                "Somebody",
                organisation=self.chance.choice(["", "Union House"]),
                staff_id=self.chance.choice([None, None, self.office.cast.boris.id]),
            )
            party = parties.add(
                session, case, about, by=self.office.cast.actor("dilani"), now=self.now
            )
            if self.chance.random() < 0.3:
                by = self.office.cast.actor("dilani")
                parties.remove(session, case, party, by=by, now=self.now)

        self._in(then)


_ACTS: list[tuple[Callable[[Year], None], int]] = [
    (Year._file, 8),
    (Year._import, 2),
    (Year._next, 34),
    (Year._other, 9),
    (Year._triage, 6),
    (Year._answer, 10),
    (Year._check_in, 3),
    (Year._wait, 9),
    (Year._link, 3),
    (Year._forget, 1),
    (Year._remedy, 18),
    (Year._money, 9),
    (Year._accuse, 1),
]
_STEPS, _WEIGHTS = zip(*_ACTS, strict=True)

"""A year of a mechanism that scores 5, lived through with the real rooms of the house, in which single
events can be left out or happen otherwise."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import select

from casework import cases, channels, links, retaliation, taking
from casework.db import Session
from casework.figures.measures import Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure
from casework.filing import Complaint, Piece
from casework.findings import Found
from casework.ids import new_id
from casework.messaging import reaching
from casework.models import (
    Attachment,
    AttestedStatement,
    Brand,
    Case,
    CaseEvent,
    Declaration,
    Factory,
    Message,
    Staff,
    Supply,
)
from casework.ratings import methodology, rated, reviewing
from casework.ratings.rated import Rated
from casework.ratings.rating import Scored, State
from casework.ratings.review_figures import Taken
from casework.remedy import ledger, remedies, verifying
from casework.remedy.ledger import Line
from casework.taking import Taken as Call
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Finding,
    Gravity,
    LedgerKind,
    LinkKind,
    MediaKind,
    MessageKind,
    Promise,
    Reach,
    Relation,
    RemedyStep,
    Scope,
    Severity,
    VerifiedBy,
)
from tests.office import Office
from tests.protecting import accuse

ASN = methodology.load("asn-living-wage")
PROCEDURE = "https://operator.example/public"
END = datetime(2026, 11, 20, 10, tzinfo=UTC)
"""Until when it is lived, a Friday."""
_UNFOUNDED = Found(Finding.UNFOUNDED, "The slips show that it was paid.")
_FOUNDED = Found(Finding.FOUNDED, "The slips show it.", Gravity.MAJOR)


def at(month: int, day: int, hour: int = 3) -> datetime:
    """A moment of 2026 while the office in Phnom Penh is open."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@dataclass(frozen=True)
class Year(Office):
    """2026 of Aurora's supply chain: an unfounded case that needed more time, a founded one carried
    to remedy, one that came in this week."""

    def live(self, but: Collection[str] = ()) -> dict[str, str]:
        """Live through it; ``but`` names what is otherwise. The cases by name."""
        with self.store.writing() as session:
            channels.note_alive(session, [Channel.TELEGRAM], END - timedelta(hours=1))
        self._review(but)
        found = {"slow": self._slow(but), "paid": self._paid(but)}
        found["new"] = self._new(but)
        self._afterwards(found, but)
        return found

    def rate(
        self,
        scope: Scope = Scope.SUPPLY_CHAIN,
        *,
        brand: str = "AURORA",
        now: datetime = END,
        year: int = 2026,
        procedure: str = PROCEDURE,
    ) -> Rated:
        with self.store.reading() as session:
            row = session.exec(select(Brand).where(Brand.code == brand)).one()
            return rated.rate(session, row, scope, year, ASN, now=now, procedure=procedure)

    def seven(
        self,
        scope: Scope = Scope.SUPPLY_CHAIN,
        *,
        now: datetime = END,
        year: int = 2026,
        procedure: str = PROCEDURE,
    ) -> Scored:
        found = self.rate(scope, now=now, year=year, procedure=procedure)
        return found.result.questions[6]

    def other_brands_factory(self, scope: Scope, code: str = "OWN01", brand: str = "aurora") -> int:
        """A factory more; its row."""
        with self.store.writing() as session:
            factory = Factory(
                id=new_id(END), code=code, name=f"Factory {code}", country="KH", zone="UTC"
            )
            session.add(factory)
            session.flush()
            session.add(
                Supply(
                    id=new_id(END),
                    factory_id=factory.id,
                    brand_id=getattr(self.cast, brand).id,
                    scope=scope,
                    since=date(2024, 1, 1),
                )
            )
            return factory.id

    def late(self, when: datetime | None = None, **facts: object) -> str:
        """A case that nobody ever looked at, of October."""
        return self.file(when or at(10, 5), "Nobody answers", category=Category.CONTRACT, **facts)

    def mark(self, reference: str, **values: object) -> None:
        """Set columns of a case."""
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            for name, value in values.items():
                setattr(case, name, value)

    def tie(self, first: str, other: str, kind: LinkKind, now: datetime) -> None:
        with self.store.writing() as session:
            one, two = (cases.by_reference(session, each, lock=True) for each in (first, other))
            assert one is not None
            assert two is not None
            links.link(session, one, two, kind, now=now, by=self.cast.actor("boris"))

    def attest(self, about: str, scope: Scope = Scope.SUPPLY_CHAIN, **more: object) -> None:
        """A statement as somebody made it, its document aside."""
        facts: dict[str, Any] = {
            "address": "https://aurora.example/report",
            "stated_on": date(2026, 3, 1),
            "expires_on": date(2028, 3, 1),
            **more,
        }
        with self.store.writing() as session:
            file = Attachment(id=new_id(END), kind=MediaKind.DOCUMENT, created_at=END)
            session.add(file)
            session.flush()
            session.add(
                AttestedStatement(
                    id=new_id(END),
                    brand_id=self.cast.aurora.id,
                    scope=scope,
                    methodology=ASN.id,
                    about=about,
                    attachment_id=file.id,
                    sha256=b"0" * 32,
                    at=END,
                    staff_id=self.cast.boris.id,
                    **facts,
                )
            )

    # --- the parts of the year ---

    def _review(self, but: Collection[str]) -> None:
        boris, day = self.cast.actor("boris"), at(6, 1)
        with self.store.writing() as session:
            taken = Taken((Figure(Measure.RECEIVED, (), 12),))
            review = reviewing.begin(
                session, None, None, Period.read("2026-Q1"), taken, by=boris, now=day
            )
            said = {"participants": "Ms Noi of the union", "learned": "Answers take too long here."}
            reviewing.write(session, review, said, (), by=boris, now=day)
            plan = {"what": "A second handler", "who": "Boris", "due_on": "2026-09-01"}
            reviewing.add_action(session, review, plan, by=boris, now=day, today=day.date())
            if "the review is not signed" not in but:
                reviewing.sign(session, review, by=boris, now=day)

    def _slow(self, but: Collection[str]) -> str:
        """Standard: filed in June, investigated for longer than 45 days, unfounded."""
        reference = self.file(at(6, 1), "No contract", category=Category.CONTRACT)
        self.triage(reference, at(6, 2), Severity.STANDARD)
        self.walk(reference, at(6, 2), Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)
        self.act(reference, Action.REPLY, at(6, 10), "We look into it.")
        self.act(reference, Action.REPLY, at(7, 6), "We still do.")
        asked = at(7, 13)
        if "the extension is asked for too late" in but:
            asked = at(7, 30)
        if "no extension is asked for" not in but:
            row = self.ask_extension(reference, Promise.INVESTIGATE, date(2026, 8, 20), asked)
            approve = "the extension is refused" not in but
            self.decide(reference, row, asked + timedelta(hours=1), approve=approve)
        self.act(reference, Action.REPLY, at(8, 3), "We will tell you soon.")
        if "the assessor belongs to the brand" in but:
            self._belongs("asha", "AURORA Sportswear")
        if "nobody knows to whom the assessor belongs" in but:
            self._belongs("asha", "")
        self.find(reference, at(8, 11), _UNFOUNDED)
        if "the outcome is never told" not in but:
            self.act(reference, Action.CONCLUDE, at(8, 12), "It was paid, the slips show it.")
            self.answer(reference, Action.CONFIRM, at(8, 14))
        return reference

    def _paid(self, but: Collection[str]) -> str:
        """Critical: wages unpaid, founded, paid, verified, confirmed, asked whether all is well."""
        if "taken by phone" in but:
            reference = self._called()
        else:
            reference = self.file(
                at(11, 2), "No pay", category=Category.WAGES, kind="below-living-wage"
            )
        issue = ((Category.WAGES, "below-living-wage"),)
        if "it is only a question" in but:
            issue = ((Category.OTHER, "question"),)
        self.triage(reference, at(11, 2), Severity.CRITICAL, issue)
        if "taken by phone" not in but:
            self.act(reference, Action.ACKNOWLEDGE, at(11, 2))
        self.act(reference, Action.PROTECT, at(11, 3), "Moved to another shift.")
        self.act(reference, Action.REPLY, at(11, 3), "We look into it.")
        self.walk(reference, at(11, 4), Action.ASSESS, Action.INVESTIGATE)
        self.act(reference, Action.NOTIFY_FACTORY, at(11, 4))
        if "it is only a question" in but:
            self.act(reference, Action.CONCLUDE, at(11, 9), "This is how it works.")
            self.answer(reference, Action.CONFIRM, at(11, 10))
            return reference
        found = _UNFOUNDED if "nothing was found to be true" in but else _FOUNDED
        self.find(reference, at(11, 5), found)
        self.act(reference, Action.PROPOSE_REMEDY, at(11, 5, 5), "It will be paid.")
        self._money(reference, but)
        self._verify(reference, but)
        if "the outcome is not told yet" not in but:
            self.act(reference, Action.CONCLUDE, at(11, 9), "All of it is paid.")
            self._taken(reference, but)
        else:
            for day in (11, 17):
                self.act(reference, Action.REPLY, at(11, day), "We will tell you soon.")
        if "taken by phone" not in but:
            self._asked(reference, but)
        return reference

    def _called(self) -> str:
        with self.store.writing() as session:
            factory = session.get_one(Factory, self.cast.golden_thread.id)
            complaint = Complaint(
                (Piece("No pay"),),
                factory=factory,
                category=Category.WAGES,
                kind="below-living-wage",
                relation=Relation.WORKER,
            )
            call = Call(complaint, Channel.PHONE, "my", "en", at(11, 2), Reach.RETURNS, True)
            return taking.take(
                session, call, by=self.cast.actor("asha"), now=at(11, 2)
            ).case.reference

    def _money(self, reference: str, but: Collection[str]) -> None:
        asha, day = self.cast.actor("asha"), at(11, 6)

        def then(session: Session, case: Case) -> None:
            group = ledger.add_group(session, case, "The line", 40, by=asha, now=day)
            short = 1 if "one minor unit was not paid" in but else 0
            for kind, amount in ((LedgerKind.OWED, 800_050), (LedgerKind.PAID, 800_050 - short)):
                line = Line(kind, "USD", amount, day.date())
                ledger.record(session, case, group, line, by=asha, now=day)

        self._in(reference, then)

    def _verify(self, reference: str, but: Collection[str]) -> None:
        asha, boris, day = self.cast.actor("asha"), self.cast.actor("boris"), at(11, 9, 2)
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            (action,) = remedies.of_case(session, case.id)
            if "the plan was dropped" in but:
                remedies.take(session, case, action, RemedyStep.DROPPED, "No", by=asha, now=day)
                return
            if "nobody did what was planned" in but:
                return
            remedies.take(session, case, action, RemedyStep.CLAIMED, "", by=asha, now=day)
            if "nobody looked" in but:
                return
            own = "the factory itself looked" in but
            seen = verifying.Finding(
                True,
                VerifiedBy.PAYMENT_PROOF,
                day.date(),
                "The list of the bank",
                verifier="Mr Ho" if own else "",
                organisation="Golden Thread Garments" if own else "",
            )
            verifying.verify(session, case, action, seen, by=boris, now=day)

    def _taken(self, reference: str, but: Collection[str]) -> None:
        """What the worker says to the outcome."""
        if "the worker disputes it" in but:
            self.answer(reference, Action.DISPUTE, at(11, 10), "Not mine.")
            self.act(reference, Action.REPLY, at(11, 16), "Somebody else looks at it.")
            return
        if "taken by phone" in but:
            if "nobody called back" in but:
                return
            asha = self.cast.actor("asha")
            with self.store.writing() as session:
                case = cases.by_reference(session, reference, lock=True)
                assert case is not None
                last = reaching.untold(session, case)[-1].id
                reaching.tell(session, case, last, by=asha, now=at(11, 10))
                reaching.hear(session, case, Action.CONFIRM, "", by=asha, now=at(11, 10))
            return
        self.answer(reference, Action.CONFIRM, at(11, 10))

    def _asked(self, reference: str, but: Collection[str]) -> None:
        """Seven days after the factory was told we ask whether anybody was punished."""
        self.jobs(at(11, 11, 4))
        harmed = "the worker was punished" in but
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            answered = retaliation.answer(session, case, harmed, now=at(11, 11, 5))
            assert answered is not None
            assert bool(answered.linked) is harmed
            linked = answered.linked.reference if answered.linked else ""
        if not linked:
            return
        self.triage(linked, at(11, 11, 6), Severity.CRITICAL, ((Category.RETALIATION, ""),))
        self.act(linked, Action.ACKNOWLEDGE, at(11, 11, 6))
        self.act(linked, Action.PROTECT, at(11, 12), "Somebody goes there.")
        self.act(linked, Action.REPLY, at(11, 12), "We look into it.")
        self.walk(linked, at(11, 12, 4), Action.ASSESS, Action.INVESTIGATE)
        if "and that was looked into" in but:
            self.find(linked, at(11, 13), _UNFOUNDED)
            self.act(linked, Action.CONCLUDE, at(11, 13), "It was a misunderstanding.")
            self.answer(linked, Action.CONFIRM, at(11, 14))
        else:
            self.act(linked, Action.REPLY, at(11, 18), "We are still at it.")

    def _new(self, but: Collection[str]) -> str:
        """Standard: filed this week, answered, nothing else due."""
        relation = Relation.HELPER if "a union brings it" in but else Relation.WORKER
        reference = self.file(
            at(11, 13), "No contract", category=Category.CONTRACT, relation=relation
        )
        self.triage(reference, at(11, 16), Severity.STANDARD)
        if "nobody acknowledged" not in but:
            self.act(reference, Action.ACKNOWLEDGE, at(11, 16, 4))
        return reference

    def _afterwards(self, found: dict[str, str], but: Collection[str]) -> None:
        """What no step can do any more, because the house takes care: rows of an older version."""
        with self.store.writing() as session:
            row = cases.by_reference(session, found["slow"])
            assert row is not None
            outcome = select(Message).where(
                Message.case_id == row.id, Message.kind == MessageKind.OUTCOME
            )
            if "the outcome is in another language" in but:
                session.exec(outcome).one().language = "en"
            if "the outcome has no reasons" in but:
                told = select(CaseEvent).where(
                    CaseEvent.case_id == row.id, CaseEvent.action == Action.CONCLUDE
                )
                event = session.exec(told).one()
                event.data = {k: v for k, v in event.data.items() if k != "findings"}
            if "the declaration is missing" in but:
                signed = select(Declaration).where(Declaration.case_id == row.id)
                for one in session.exec(signed):
                    session.delete(one)
            if "the office is accused" in but:
                accuse(session, row, at(8, 1), organisation="Workers Desk")

    def _belongs(self, name: str, organisation: str) -> None:
        with self.store.writing() as session:
            person = session.get_one(Staff, getattr(self.cast, name).id)
            person.organisation = organisation
            for one in session.exec(select(Declaration).where(Declaration.staff_id == person.id)):
                one.organisation = organisation


def missing(found: Scored) -> str:
    """The sentences of a question that are not met, with their states."""
    return " ".join(
        f"{one.id}:{one.state.value.replace(' ', '-')}"
        for one in found.sentences
        if one.state is not State.MET
    )

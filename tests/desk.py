"""A case handler's desk for tests: one line for each thing that happens to a case, committed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from casework import cases, filing, findings
from casework import issues as case_issues
from casework.actors import Actor
from casework.audit import events, proving
from casework.cases import Triage
from casework.db import Session, Store
from casework.deadlines import promises, sweeping
from casework.filing import Complaint, Piece
from casework.findings import Found
from casework.ids import new_id
from casework.messaging import messages
from casework.models import (
    Case,
    CaseEvent,
    Clock,
    Factory,
    Issue,
    Message,
    Outbox,
    Reporter,
    Staff,
)
from casework.vocabulary import (
    Action,
    Category,
    Finding,
    Gravity,
    Inadmissible,
    Notice,
    Promise,
    Referral,
    Role,
    Severity,
    Status,
)
from tests.conftest import Cast
from tests.plan import plan

REASONS: dict[Action, Inadmissible | Referral] = {
    Action.REJECT: Inadmissible.NOT_WORK,
    Action.REFER: Referral.LABOUR_OFFICE,
}


def find_founded(
    session: Session, case: Case, by: Actor, now: datetime, *, declared: bool = True
) -> None:
    """What has to be there before the outcome is told: all that it is about is founded."""
    if not case_issues.of_case(session, case.id):
        case_issues.replace(session, case, [(Category.OTHER, "question")], now)
        session.flush()
    for issue in findings.undecided(session, case):
        found = Found(Finding.FOUNDED, "The papers show it.", Gravity.MAJOR)
        findings.decide(session, case, issue, found, by=by, now=now, declared=declared)


def prove_all(store: Store, at_once: int = 200) -> list[proving.Found]:
    """What does not fit in the chains of all cases."""
    found: list[proving.Found] = []
    after: int | None = -1
    while after is not None:
        with store.reading() as session:
            piece = proving.prove(session, after, at_once)
        found += piece.breaks
        after = piece.until
    return found


@dataclass(frozen=True)
class Desk:
    """Every method is a transaction of its own and names a case by its reference."""

    store: Store
    cast: Cast

    def file(self, now: datetime, *said: str | Piece, **facts: object) -> str:
        """Htwe files a complaint; of Golden Thread, unless ``factory=None``."""
        pieces = tuple(Piece(one) if isinstance(one, str) else one for one in said)
        with self.store.writing() as session:
            reporter = session.get_one(Reporter, self.cast.htwe.id)
            factory = session.get_one(Factory, self.cast.golden_thread.id)
            complaint = Complaint(pieces, **{"factory": factory, **facts})  # type: ignore[arg-type]
            return filing.open_case(session, reporter, complaint, now=now).reference

    def act(
        self,
        reference: str,
        action: Action,
        now: datetime,
        text: str = "",
        by: str = "asha",
        *,
        declared: bool = True,
    ) -> Case:
        """Take a step; whoever decides by it signs to have no tie, unless not ``declared``."""
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            actor = self.cast.actor(by)
            if action is Action.PROPOSE_REMEDY and case.status is Status.INVESTIGATING:
                plan(session, case, by=actor, now=now)
            if action is Action.CONCLUDE:
                find_founded(session, case, actor, now, declared=declared)
            reason = REASONS.get(action)
            return cases.advance(
                session,
                case,
                action,
                by=actor,
                now=now,
                text=text,
                reason=reason,
                declared=declared,
            )

    def find(
        self,
        reference: str,
        now: datetime,
        *found: Found,
        by: str = "asha",
        declared: bool = True,
    ) -> list[Issue]:
        """Findings about the issues of a case, in their order; signed, unless not ``declared``."""
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            actor, known = self.cast.actor(by), case_issues.of_case(session, case.id)
            return [
                findings.decide(session, case, issue, one, by=actor, now=now, declared=declared)
                for issue, one in zip(known, found, strict=True)
            ]

    def walk(self, reference: str, now: datetime, *actions: Action, by: str = "asha") -> Case:
        """Several steps in a row, with some text for each that needs one."""
        for action in actions:
            self.act(reference, action, now, "We looked into it.", by=by)
        return self.case(reference)

    def triage(
        self,
        reference: str,
        now: datetime,
        severity: Severity = Severity.SERIOUS,
        issues: tuple[tuple[Category, str], ...] | None = None,
        by: str = "asha",
        **more: object,
    ) -> Case:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            grave = severity in (Severity.CRITICAL, Severity.SERIOUS)
            usual = (Category.WAGES, "unpaid") if grave else (Category.CONTRACT, "dismissal")
            about = (usual,) if issues is None else issues
            found = Triage(severity, about, **more)  # type: ignore[arg-type]
            return cases.triage(session, case, found, by=self.cast.actor(by), now=now)

    def assign(self, reference: str, now: datetime, to: str = "", by: str = "boris") -> Case:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            staff = session.get_one(Staff, getattr(self.cast, to).id) if to else None
            return cases.assign(session, case, staff, by=self.cast.actor(by), now=now)

    def add(self, reference: str, now: datetime, piece: str | Piece) -> Message:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            words = Piece(piece) if isinstance(piece, str) else piece
            return filing.add(session, case, words, now=now)

    def answer(self, reference: str, action: Action, now: datetime, reason: str = "") -> Case:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            return filing.answer(session, case, action, now=now, reason=reason)

    def sweep(self, now: datetime, limit: int = 200) -> int:
        with self.store.writing() as session:
            return sweeping.sweep(session, now, limit)

    def hire(self, number: int, now: datetime) -> None:
        """So many supervisors more, who are all told what supervisors are."""
        with self.store.writing() as session:
            session.add_all(
                Staff(
                    id=new_id(now),
                    name=f"Supervisor {count}",
                    email=f"{count}@example.org",
                    role=Role.SUPERVISOR,
                    organisation="Workers' Desk",
                    zone="Asia/Dhaka",
                    created_at=now,
                )
                for count in range(number)
            )

    # --- looking ---

    def case(self, reference: str) -> Case:
        with self.store.reading() as session:
            case = cases.by_reference(session, reference)
            assert case is not None
            return case

    def events(self, reference: str) -> list[CaseEvent]:
        """The events of a case, after a look whether their chain is whole."""
        case = self.case(reference)
        with self.store.reading() as session:
            found = events.history(session, case.id)
        assert events.first_broken(case, found) is None
        return found

    def actions(self, reference: str) -> list[Action]:
        return [event.action for event in self.events(reference)]

    def said(self, reference: str) -> list[str]:
        """All words in a case, oldest first."""
        with self.store.reading() as session:
            found = messages.of_case(session, self.case(reference).id)
            return [messages.words(session, message) for message in found]

    def clocks(self, reference: str) -> dict[Promise, Clock]:
        """The clocks of a case by promise; of several rounds, the newest."""
        with self.store.reading() as session:
            found = promises.of_case(session, self.case(reference).id)
            return {clock.promise: clock for clock in sorted(found, key=lambda one: one.round)}

    def rounds(self, reference: str, promise: Promise) -> list[Clock]:
        """All rounds of one promise, the first one first."""
        with self.store.reading() as session:
            found = promises.of_case(session, self.case(reference).id)
        return sorted((c for c in found if c.promise is promise), key=lambda one: one.round)

    def notices(self, reference: str) -> list[Notice]:
        """What Htwe is to be told about a case, in order."""
        with self.store.reading() as session:
            statement = select(Outbox).where(Outbox.case_id == self.case(reference).id)
            return [entry.notice for entry in session.exec(statement.order_by(col(Outbox.id)))]

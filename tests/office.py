"""The whole office around a desk: it pauses, extends, and changes its policy and its calendars."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlmodel import col, select

from casework import cases, detaching
from casework.db import Session
from casework.deadlines import (
    extending,
    offices,
    pausing,
    policies,
    policing,
    promises,
    recalculating,
)
from casework.deadlines.policies import Policy
from casework.deadlines.terms import Terms
from casework.ids import new_id
from casework.messaging import checkins, progress
from casework.models import (
    Calendar,
    Case,
    CheckIn,
    Extension,
    Outbox,
    Pause,
    PolicyVersion,
    Reporter,
    Staff,
    StaffNotice,
)
from casework.vocabulary import ExtensionReason, PauseReason, Promise
from tests.desk import Desk

Row = TypeVar("Row", StaffNotice, Pause, Extension, Outbox, CheckIn)


@dataclass(frozen=True)
class Office(Desk):
    """A desk with everything that moves clocks. Every method is a transaction of its own."""

    def _in(self, reference: str, then: Callable[[Session, Case], object]) -> None:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            then(session, case)

    def pause(self, reference: str, now: datetime, by: str = "asha") -> None:
        actor, reason = self.cast.actor(by), PauseReason.ANSWER
        self._in(reference, lambda s, case: pausing.pause(s, case, reason, by=actor, now=now))

    def resume(self, reference: str, now: datetime, by: str = "asha") -> None:
        actor = self.cast.actor(by)
        self._in(reference, lambda s, case: pausing.resume(s, case, by=actor, now=now))

    def ask_extension(
        self, reference: str, promise: Promise, until: date, now: datetime, by: str = "asha"
    ) -> int:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            row = self.clocks(reference)[promise].id
            why, actor = ExtensionReason.FACTORY, self.cast.actor(by)
            found = extending.ask(session, case, row, until, why, "Late.", by=actor, now=now)
            return found.id

    def decide(
        self, reference: str, row: int, now: datetime, *, approve: bool = True, by: str = "boris"
    ) -> None:
        def then(session: Session, case: Case) -> None:
            extension = extending.find(session, case, row, lock=True)
            assert extension is not None
            actor = self.cast.actor(by)
            extending.decide(session, case, extension, approve, by=actor, now=now)

        self._in(reference, then)

    def forget(self, now: datetime, *, withdraw: bool = False) -> None:
        with self.store.writing() as session:
            reporter = session.get_one(Reporter, self.cast.htwe.id)
            detaching.forget(session, reporter, withdraw=withdraw, now=now)

    def new_policy(self, now: datetime, **changed: Any) -> Policy:
        """Another policy holds from now on, and the open clocks follow it."""
        with self.store.writing() as session:
            before = policing.current(session)
            policy = replace(before, number=before.number + 1, **changed)
            data = policies.to_data(policy)
            row = PolicyVersion(id=new_id(now), number=policy.number, at=now, data=data)
            session.add(row)
            session.flush()
            recalculating.of_all(session, before, by=self.cast.actor("chen"), now=now)
            return policy

    def change_calendar(self, now: datetime, **changed: Any) -> None:
        """Change the default calendar, and the open clocks follow it."""
        with self.store.writing() as session:
            row = session.exec(select(Calendar).where(col(Calendar.is_default))).one()
            facts = offices.OfficeFacts(
                row.name,
                row.zone,
                row.country,
                row.hours,
                tuple(row.days_off),
                tuple(row.days_on),
            )
            facts = replace(facts, **changed)
            actor = self.cast.actor("boris")
            assert isinstance(offices.change_office(session, row, facts, by=actor, now=now), int)

    def jobs(self, now: datetime) -> int:
        """What the schedule does; how much of it there was."""
        found = self.sweep(now)
        with self.store.writing() as session:
            found += progress.tell_due(session, now)
        with self.store.writing() as session:
            return found + checkins.ask_due(session, now)

    # --- looking ---

    def terms(self, reference: str) -> Terms:
        with self.store.reading() as session:
            return promises.terms(session, self.case(reference))

    def told(self, reference: str) -> list[tuple[str, str, str]]:
        """Whom of the office which level of which promise was told, in order."""
        names = {row.id: promise for promise in Promise for row in self.rounds(reference, promise)}
        return [
            (names[notice.clock_id].value, notice.level, self.name(notice.staff_id))
            for notice in self.staff_notices(reference)
            if notice.clock_id in names
        ]

    def name(self, staff_id: int | None) -> str:
        with self.store.reading() as session:
            return session.get_one(Staff, staff_id).name if staff_id is not None else ""

    def staff_notices(self, reference: str) -> list[StaffNotice]:
        return self._rows(reference, StaffNotice)

    def pauses(self, reference: str) -> list[Pause]:
        return self._rows(reference, Pause)

    def extensions(self, reference: str) -> list[Extension]:
        return self._rows(reference, Extension)

    def outbox(self, reference: str) -> list[Outbox]:
        return self._rows(reference, Outbox)

    def check_ins(self, reference: str) -> list[CheckIn]:
        return self._rows(reference, CheckIn)

    def _rows(self, reference: str, model: type[Row]) -> list[Row]:
        with self.store.reading() as session:
            statement = select(model).where(model.case_id == self.case(reference).id)
            return list(session.exec(statement.order_by(col(model.id))))

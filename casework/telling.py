"""Who of the office is told what about a case: written with the fact, each thing once.

A person reads it on the own page; where mail is set up it is mailed as well (``casework.mails``).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from casework.db import Session
from casework.ids import new_id
from casework.lifecycle import HANDLING_ROLES
from casework.models import Case, Clock, Extension, Staff, StaffNotice
from casework.policies import Level
from casework.vocabulary import Recipient, Role, Severity, StaffNoticeKind


def handling(session: Session) -> list[Staff]:
    """Everybody who works on cases and still does, in the order they came."""
    statement = select(Staff).where(col(Staff.active), col(Staff.role).in_(HANDLING_ROLES))
    return list(session.exec(statement.order_by(col(Staff.id))))


def recipients(people: Sequence[Staff], case: Case, to: Iterable[Recipient]) -> list[Staff]:
    """Who of ``people`` is meant in a case, each once.

    Nobody is told of a case that they may not see. What reaches nobody climbs: from the owner to the
    supervisors, from them to the admins; of a restricted case, in the end to anyone of the pool.
    """
    able = [person for person in people if person.restricted_pool or not case.restricted]
    found: dict[int, Staff] = {}
    for one in to:
        found |= {person.id: person for person in _meant(able, case, one)}
    return list(found.values())


def _meant(able: Sequence[Staff], case: Case, to: Recipient) -> list[Staff]:
    owner = [person for person in able if person.id == case.assignee_id]
    supervisors = [person for person in able if person.role is Role.SUPERVISOR]
    admins = [person for person in able if person.role is Role.ADMIN]
    order = {
        Recipient.OWNER: (owner, supervisors, admins, able),
        Recipient.SUPERVISORS: (supervisors, admins, able),
        Recipient.ADMINS: (admins, supervisors, able),
    }
    return list(next((group for group in order[to] if group), ()))


class Told:
    """What was told of some clocks by now, and the people who can be told."""

    def __init__(self, session: Session, clock_ids: Sequence[int]) -> None:
        """Look both up once for all of them."""
        self._session = session
        self._people = handling(session)
        statement = select(
            StaffNotice.clock_id, StaffNotice.extensions, StaffNotice.level, StaffNotice.staff_id
        ).where(col(StaffNotice.clock_id).in_(clock_ids))
        self._known: set[tuple[Any, ...]] = {tuple(row) for row in session.exec(statement)}

    def of_level(
        self, case: Case, clock: Clock, level: Level, at: datetime, now: datetime
    ) -> list[Staff]:
        """Tell who is meant by a level that was reached ``at``; who was told just now."""
        kind = StaffNoticeKind.WARNING if level.warns else StaffNoticeKind.MISSED
        if level.late:
            kind = StaffNoticeKind.ESCALATED
        fresh = []
        for person in recipients(self._people, case, level.to):
            key = (clock.id, clock.extensions, level.key, person.id)
            if key not in self._known:
                self._known.add(key)
                fresh.append(person)
                self._session.add(
                    StaffNotice(
                        id=new_id(now),
                        staff_id=person.id,
                        case_id=case.id,
                        clock_id=clock.id,
                        extensions=clock.extensions,
                        level=level.key,
                        kind=kind,
                        reached_at=at,
                        at=now,
                        urgent=case.severity is Severity.CRITICAL,
                    )
                )
        return fresh


def of_extension(
    session: Session,
    case: Case,
    extension: Extension,
    kind: StaffNoticeKind,
    people: Iterable[Staff],
    now: datetime,
) -> None:
    """Tell people of an extension that was asked for, approved or refused."""
    for person in people:
        session.add(
            StaffNotice(
                id=new_id(now),
                staff_id=person.id,
                case_id=case.id,
                clock_id=extension.clock_id,
                level=f"{extension.id}:{kind.value}"[:32],
                kind=kind,
                reached_at=now,
                at=now,
                urgent=case.severity is Severity.CRITICAL,
            )
        )

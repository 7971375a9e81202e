"""Who of the office is told what about a case: written with the fact, each thing once.

A person reads it on the own page; where mail is set up it is mailed as well (``casework.office.mails``).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import col, select

from casework.db import Session
from casework.deadlines.policies import Level
from casework.ids import new_id
from casework.lifecycle import HANDLING_ROLES
from casework.models import Case, Extension, Staff, StaffNotice
from casework.office import absence
from casework.seeing import Seen, Viewer, conflicted_in, may_see
from casework.vocabulary import Recipient, Role, Severity, StaffNoticeKind

_HANDLING = (col(Staff.active), col(Staff.role).in_(HANDLING_ROLES))


def handling(session: Session) -> list[Staff]:
    """Everybody who works on cases and still does, in the order they came."""
    return list(session.exec(select(Staff).where(*_HANDLING).order_by(col(Staff.id))))


class Person(Viewer, Protocol):
    """Of a member of staff, what decides what they are told."""

    @property
    def away_until(self) -> date | None: ...
    @property
    def stand_in_id(self) -> int | None: ...


class Concerning(Seen, Protocol):
    """Of a case, what decides who is told of it, and how soon."""

    @property
    def id(self) -> int: ...
    @property
    def assignee_id(self) -> int | None: ...
    @property
    def severity(self) -> Severity: ...


class Numbered(Protocol):
    """Of a clock, what the notices about it are known by."""

    @property
    def id(self) -> int: ...
    @property
    def extensions(self) -> int: ...


_Person = TypeVar("_Person", bound=Person)


def recipients(
    people: Sequence[_Person],
    case: Concerning,
    to: Iterable[Recipient],
    conflicted: Collection[int],
) -> list[_Person]:
    """Who of ``people`` is meant in a case, each once. ``conflicted``: ``seeing.conflicted_in``.

    Nobody is told of a case that they may not see. What reaches nobody climbs: from the owner to the
    supervisors, from them to the admins, in the end to anyone who may see the case. Who is away is
    told nothing: the stand-in is, who may see the case.
    """
    able = [person for person in people if may_see(person, case, conflicted)]
    found: dict[int, _Person] = {}
    for one in to:
        found |= {person.id: person for person in _meant(able, case, one)}
    return list(found.values())


def _meant(able: Sequence[_Person], case: Concerning, to: Recipient) -> list[_Person]:
    owner = [person for person in able if person.id == case.assignee_id]
    supervisors = [person for person in able if person.role is Role.SUPERVISOR]
    admins = [person for person in able if person.role is Role.ADMIN]
    order = {
        Recipient.OWNER: (owner, supervisors, admins, able),
        Recipient.SUPERVISORS: (supervisors, admins, able),
        Recipient.ADMINS: (admins, supervisors, able),
    }
    for group in order[to]:
        if found := absence.there(group, able):
            return found
    # All of them are away: they find it when they are back.
    return list(next((group for group in order[to] if group), ()))


class _Known(NamedTuple):
    id: int
    role: Role
    restricted_pool: bool
    scope_factories: Collection[int] | None
    scope_languages: Collection[str] | None
    barred_factories: Collection[int] | None
    away_until: date | None
    stand_in_id: int | None


# Asked for each batch: built once, because building them takes longer than the database does.
_PEOPLE: Any = (
    sa.select(*(getattr(Staff, name) for name in _Known._fields))
    .where(*_HANDLING)
    .order_by(col(Staff.id))
)
_TOLD = select(
    StaffNotice.clock_id, StaffNotice.extensions, StaffNotice.level, StaffNotice.staff_id
).where(col(StaffNotice.clock_id).in_(bindparam("clocks", expanding=True)))


_NOBODY: frozenset[int] = frozenset()


class Told:
    """What was told of some clocks by now, and the people who can be told."""

    def __init__(self, session: Session, clock_ids: Sequence[int], case_ids: Iterable[int]) -> None:
        """Look both up once for all of them, and who may not see which of their cases."""
        self._people = [_Known(*row) for row in session.execute(_PEOPLE)]
        self._conflicted = conflicted_in(session, case_ids)
        self._by_factory = any(p.scope_factories or p.barred_factories for p in self._people)
        self._by_language = any(p.scope_languages for p in self._people)
        before = session.exec(_TOLD, params={"clocks": clock_ids})
        self._known: set[tuple[Any, ...]] = {tuple(row) for row in before}
        self._meant: dict[tuple[Any, ...], list[int]] = {}
        self.rows: list[dict[str, Any]] = []
        """The columns of the notices to write, for ``StaffNotice``."""

    def of_level(
        self, case: Concerning, clock: Numbered, level: Level, at: datetime, now: datetime
    ) -> list[int]:
        """Tell who is meant by a level that was reached ``at``; who was told just now, by id."""
        kind = StaffNoticeKind.WARNING if level.warns else StaffNoticeKind.MISSED
        if level.late:
            kind = StaffNoticeKind.ESCALATED
        name, urgent = level.key, case.severity is Severity.CRITICAL
        fresh = []
        for person in self._recipients(case, level):
            key = (clock.id, clock.extensions, name, person)
            if key not in self._known:
                self._known.add(key)
                fresh.append(person)
                self.rows.append(
                    {
                        "id": new_id(now),
                        "staff_id": person,
                        "case_id": case.id,
                        "clock_id": clock.id,
                        "extensions": clock.extensions,
                        "level": name,
                        "kind": kind,
                        "reached_at": at,
                        "at": now,
                        "urgent": urgent,
                        "unmailed": True,
                    }
                )
        return fresh

    def _recipients(self, case: Concerning, level: Level) -> list[int]:
        conflicted = self._conflicted.get(case.id, _NOBODY)
        # The same for all cases that differ in nothing that somebody's rights depend on.
        factory = case.factory_id if self._by_factory else None
        language = case.language if self._by_language else None
        key = (case.assignee_id, case.restricted, level.to, factory, language, conflicted)
        if key not in self._meant:
            meant = recipients(self._people, case, level.to, conflicted)
            self._meant[key] = [one.id for one in meant]
        return self._meant[key]


def of_case(
    session: Session,
    case: Case,
    kind: StaffNoticeKind,
    to: Iterable[Recipient],
    now: datetime,
    *,
    level: str = "",
    not_to: int | None = None,
) -> None:
    """Tell those who are meant, and may see the case, of something that concerns no clock; not
    the one (``not_to``) who knows it anyway.

    ``level`` names what exactly, where there can be several.
    """
    conflicted = conflicted_in(session, [case.id]).get(case.id, _NOBODY)
    for person in recipients(handling(session), case, to, conflicted):
        if person.id == not_to:
            continue
        session.add(
            StaffNotice(
                id=new_id(now),
                staff_id=person.id,
                case_id=case.id,
                level=level,
                kind=kind,
                reached_at=now,
                at=now,
                urgent=case.severity is Severity.CRITICAL,
            )
        )


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
                level=f"{extension.id}:{kind.value}",
                kind=kind,
                reached_at=now,
                at=now,
                urgent=case.severity is Severity.CRITICAL,
            )
        )

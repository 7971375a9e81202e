"""Who may know of which case: one rule, as conditions for the database and as a test of values.

Whoever handles cases sees those of their scopes, restricted ones only in the restricted pool, and
none that they have a conflict of interest in. For all others no case exists. The two forms say the
same; a test holds them to it.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement
from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.lifecycle import HANDLING_ROLES
from casework.models import Case, Conflict
from casework.searching.caserows import Loose
from casework.vocabulary import Role

Where = ColumnElement[bool]


class Viewer(Protocol):
    """Of a person of the office, what decides which cases exist for them."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> Role: ...
    @property
    def restricted_pool(self) -> bool: ...
    @property
    def scope_factories(self) -> Collection[int] | None: ...
    @property
    def scope_languages(self) -> Collection[str] | None: ...
    @property
    def barred_factories(self) -> Collection[int] | None: ...


class Seen(Protocol):
    """Of a case, what decides for whom it exists."""

    @property
    def restricted(self) -> bool: ...
    @property
    def factory_id(self) -> int | None: ...
    @property
    def language(self) -> str: ...


# A page asks some times, each time for the same person; what is built is never changed.
@lru_cache(maxsize=512)
def visible(actor: Actor) -> tuple[Where, ...]:
    """The conditions on ``Case`` under which an actor may know that a case exists.

    None of them may choose an index: what is asked for does (``casework.searching.queue``).
    """
    if not actor.handles_cases:
        return (sa.false(),)
    where: list[Where] = [] if actor.restricted_pool else [col(Case.restricted).is_(False)]
    where += _in_reach(actor.scope_factories, actor.scope_languages)
    return (*where, *free_of_conflict(actor.staff_id, actor.barred_factories))


def free_of_conflict(staff_id: int | None, barred: Collection[int]) -> tuple[Where, ...]:
    """The conditions that a person has no conflict of interest in a case, ``barred`` from its factory
    or not: the part of ``visible`` that also holds for who sees something of a case by another
    right, such as an interpreter."""
    factory: Any = Loose(col(Case.factory_id))
    tied = [sa.or_(col(Case.factory_id).is_(None), factory.not_in(sorted(barred)))]
    # A look-up for each case that is shown. PostgreSQL could turn an EXISTS into a join.
    mine = select(Conflict.staff_id).where(
        Conflict.staff_id == staff_id, col(Conflict.case_id) == col(Case.id)
    )
    return (*(tied if barred else ()), mine.scalar_subquery().is_(None))


def may_see(person: Viewer, case: Seen, conflicted: Collection[int]) -> bool:
    """The same for a person and a case at hand. ``conflicted`` are those who have a conflict of
    interest in it (``conflicted_in``)."""
    if person.role not in HANDLING_ROLES or person.id in conflicted:
        return False
    if case.restricted and not person.restricted_pool:
        return False
    factories, languages = person.scope_factories, person.scope_languages
    return (
        (factories is None or case.factory_id in factories)
        and (languages is None or case.language in languages)
        and case.factory_id not in (person.barred_factories or ())
    )


def conflicted_in(session: Session, case_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Who has a conflict of interest in which of some cases, by case; one look for all of them."""
    found: dict[int, set[int]] = {}
    for case, person in session.execute(_CONFLICTED, {"cases": list(case_ids)}):
        found.setdefault(case, set()).add(person)
    return {case: frozenset(people) for case, people in found.items()}


# Asked for each batch of the sweep: building it takes longer than the database does.
_CONFLICTED = sa.select(col(Conflict.case_id), col(Conflict.staff_id)).where(
    col(Conflict.case_id).in_(sa.bindparam("cases", expanding=True))
)


def sees(session: Session, person: Viewer, case: Case) -> bool:
    """``may_see`` with the look for conflicts: for one person and one case."""
    return may_see(person, case, conflicted_in(session, [case.id]).get(case.id, frozenset()))


def sees_all(session: Session, actor: Actor) -> bool:
    """Whether every case exists for an actor. Exact numbers of all cases are for these alone: of whom
    a case is kept, a number must not tell that there is one more."""
    if not actor.handles_cases or not actor.restricted_pool or actor.barred_factories:
        return False
    if actor.scope_factories is not None or actor.scope_languages is not None:
        return False
    theirs = select(Conflict.case_id).where(Conflict.staff_id == actor.staff_id).limit(1)
    return session.exec(theirs).first() is None


def _in_reach(factories: Collection[int] | None, languages: Collection[str] | None) -> list[Where]:
    factory: Any = Loose(col(Case.factory_id))
    where: list[Where] = []
    if factories is not None:
        where.append(factory.in_(sorted(factories)))
    if languages is not None:
        where.append(Loose(col(Case.language)).in_(sorted(languages)))
    return where

"""Is there an open case that nobody may see, or that no case handler may? Says only whether."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from casework.actors import Actor, staff_actor
from casework.db import Session
from casework.lifecycle import OPEN
from casework.models import Case, Conflict, Staff
from casework.office import telling
from casework.searching.caserows import Loose
from casework.seeing import Where, visible
from casework.vocabulary import Role


def by_anybody(session: Session) -> bool:
    """Whether an open case is seen by nobody at all, although the restricted pool has people: it
    would wait unnoticed. Which one it is, nobody may learn from here."""
    people = telling.handling(session)
    pool = [person for person in people if person.restricted_pool]
    is_open = col(Case.status).in_(OPEN)
    return _some(session, people, (is_open, col(Case.restricted).is_(False))) or (
        bool(pool) and _some(session, pool, (is_open, col(Case.restricted).is_(True)))
    )


def by_handlers(session: Session, actor: Actor) -> bool:
    """Whether an open case that the actor may see, and nobody handles, lies outside the scopes of
    all case handlers. Restricted ones are left out: the pool may be of supervisors."""
    handlers = [one for one in telling.handling(session) if one.role is Role.HANDLER]
    where = (
        col(Case.assignee_id).is_(None),
        Loose(col(Case.status)).in_(OPEN),
        col(Case.restricted).is_(False),
        *visible(actor),
    )
    return bool(handlers) and _some(session, handlers, where)


def _some(session: Session, people: Sequence[Staff], where: Iterable[Where]) -> bool:
    """Whether a case under some conditions is seen by none of some people."""
    free = [one for one in people if _sees_everything(one)]
    found = select(Case.id).where(*where)
    if free:
        # Only what all of these are barred from can be seen by none: few cases, found at once.
        barred = (
            sa.select(col(Conflict.case_id))
            .where(col(Conflict.staff_id).in_([one.id for one in free]))
            .group_by(col(Conflict.case_id))
            .having(sa.func.count() == len(free))
        )
        rows = list(session.execute(barred).scalars())
        if not rows:
            return False
        found = found.where(col(Case.id).in_(rows))
    for person in people:
        # Not NOT: of a case without a factory, whether it is in a scope is unknown to the database.
        seen = sa.case((sa.and_(*visible(staff_actor(person))), 1), else_=0)
        found = found.where(seen == 0)
    return session.exec(found.limit(1)).first() is not None


def _sees_everything(person: Staff) -> bool:
    """Whether only conflicts of interest keep a person from a case, pool or not."""
    scopes = (person.scope_factories, person.scope_languages)
    return all(scope is None for scope in scopes) and not person.barred_factories

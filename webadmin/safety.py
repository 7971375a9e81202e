"""Which roles must have a second step when they sign in, and by when somebody has to set one up."""

from datetime import datetime, timedelta

from sqlmodel import select

from casework.db import Session
from casework.models import Staff
from casework.vocabulary import STAFF_ROLES, Role
from webadmin import factors
from webadmin.accounts import Account
from webadmin.signin_rows import SecondStepRule

GRACE = timedelta(days=7)
"""From the first sign-in at which it is required (our default): nobody is led away from a worker's
case without warning."""
_DEFAULT = frozenset({Role.ADMIN})
"""Administrators give rights to everybody else (our default)."""


def required_roles(session: Session) -> frozenset[Role]:
    """The roles that must have a second step."""
    said = {rule.role: rule.required for rule in session.exec(select(SecondStepRule))}
    return frozenset(role for role in STAFF_ROLES if said.get(role, role in _DEFAULT))


def require(session: Session, roles: frozenset[Role]) -> None:
    """From now on these roles must, and no others; it holds from each person's next sign-in."""
    for role in STAFF_ROLES:
        rule = session.get(SecondStepRule, role) or SecondStepRule(role=role, required=False)
        rule.required = role in roles
        session.add(rule)


def set_up_by(
    session: Session, account: Account, staff: Staff, now: datetime, *, practice: bool
) -> datetime | None:
    """Somebody signs in: until when they have to set a second step up; ``None`` where they have
    one or need none. In practice nobody needs one."""
    required = not practice and staff.role in required_roles(session)
    if not required or factors.of(session, account.id).any:
        account.second_step_by = None
    elif account.second_step_by is None:
        account.second_step_by = now + GRACE
    return account.second_step_by

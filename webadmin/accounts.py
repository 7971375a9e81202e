"""How staff sign in: accounts, one-time invitations, and counters that slow down guessing.

The tables here are the only ones outside ``casework``: the domain knows staff, not passwords.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, col, delete, select

from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.models import Staff, Table
from webadmin import passwords
from webadmin.signin_rows import SignInSession

INVITATION_LASTS = timedelta(hours=72)


class Account(Table, table=True):
    """What lets one staff member sign in. Roles stand on ``Staff``."""

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    staff_id: int = Field(foreign_key="staff.id", unique=True, sa_type=sa.BigInteger)
    email: str = Field(max_length=254, unique=True)
    """Lower case: what the person signs in with."""
    password: str = Field(max_length=255, repr=False)
    """An argon2id hash with its parameters."""
    fs_uniquifier: str = Field(max_length=64, unique=True, repr=False)
    """What sessions refer to; a new one signs the person out everywhere."""
    active: bool = True
    password_set_at: datetime
    second_step_by: datetime | None = None
    """Until when a second step is to be set up, from the first sign-in at which one was required;
    ``None`` where none is, or there is one."""
    second_step_reset_at: datetime | None = None
    """When an administrator took the second steps away; told at the next sign-in, then ``None``."""


class Invitation(Table, table=True):
    """A one-time link to set a password; the token itself is stored nowhere."""

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    staff_id: int = Field(foreign_key="staff.id", index=True, sa_type=sa.BigInteger)
    token_hash: bytes = Field(max_length=32, unique=True)
    expires_at: datetime
    used_at: datetime | None = None


class SignInFailure(Table, table=True):
    """Wrong passwords or codes in a row for one account from one source, in a keyed hash."""

    key: bytes = Field(primary_key=True, max_length=16)
    count: int = 0
    last_at: datetime = Field(index=True)


def create(session: Session, staff: Staff, password: str, now: datetime) -> Account:
    """The account of a staff member, made or given a new password. ``BadInput`` if it is weak."""
    passwords.check(password, (staff.name, staff.email, staff.organisation))
    account = of_staff(session, staff.id)
    if account is None:
        account = Account(
            id=new_id(now),
            staff_id=staff.id,
            email=normal(staff.email),
            password="",
            fs_uniquifier=secrets.token_hex(32),
            password_set_at=now,
        )
        session.add(account)
    _set(session, account, password, now)
    return account


def set_password(session: Session, account: Account, password: str, now: datetime) -> None:
    """Change a password, which signs the person out everywhere. ``BadInput`` if it is weak."""
    staff = session.get_one(Staff, account.staff_id)
    passwords.check(password, (staff.name, staff.email, staff.organisation))
    _set(session, account, password, now)


def make_invitation(session: Session, staff: Staff, now: datetime) -> str:
    """A token for ``/welcome/<token>``, good once and for 72 hours; earlier ones end."""
    open_ones = select(Invitation).where(
        Invitation.staff_id == staff.id, col(Invitation.used_at).is_(None)
    )
    for earlier in session.exec(open_ones):
        earlier.used_at = now
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            id=new_id(now),
            staff_id=staff.id,
            token_hash=_digest(token),
            expires_at=now + INVITATION_LASTS,
        )
    )
    return token


def invited(session: Session, token: str, now: datetime) -> Staff | None:
    """Whom a token invites; ``None`` if it is unknown, used, too old or of somebody inactive."""
    invitation = _open_invitation(session, token, now)
    staff = session.get(Staff, invitation.staff_id) if invitation else None
    return staff if staff and staff.active else None


def accept(session: Session, token: str, password: str, now: datetime) -> Account:
    """Use an invitation up and set the password. ``BadInput`` says what to do instead."""
    invitation = _open_invitation(session, token, now, lock=True)
    staff = session.get(Staff, invitation.staff_id) if invitation else None
    if invitation is None or staff is None or not staff.active:
        raise BadInput("This link is used up or too old. Ask your administrator for a new one.")
    account = create(session, staff, password, now)
    invitation.used_at = now
    return account


def pending(session: Session, now: datetime) -> dict[int, Invitation]:
    """The links that wait to be used, by staff member."""
    statement = (
        select(Invitation)
        .join(Staff, col(Staff.id) == col(Invitation.staff_id))
        .where(col(Invitation.used_at).is_(None), Invitation.expires_at > now, col(Staff.active))
    )
    return {found.staff_id: found for found in session.exec(statement)}


def revoke_invitation(session: Session, staff: Staff, now: datetime) -> bool:
    """End the link of a person; ``False`` where none waits."""
    statement = select(Invitation).where(
        Invitation.staff_id == staff.id,
        col(Invitation.used_at).is_(None),
        Invitation.expires_at > now,
    )
    found = list(session.exec(statement))
    for invitation in found:
        invitation.used_at = now
    return bool(found)


def end_sessions(session: Session, account: Account) -> None:
    """Sign a person out everywhere: no cookie given out until now leads in any more."""
    account.fs_uniquifier = secrets.token_hex(32)
    session.exec(delete(SignInSession).where(col(SignInSession.account_id) == account.id))


def of_staff(session: Session, staff_id: int) -> Account | None:
    """The account of a staff member, ``None`` until the first password is set."""
    return session.exec(select(Account).where(Account.staff_id == staff_id)).first()


def by_email(session: Session, email: str) -> Account | None:
    """The account somebody signs in with."""
    return session.exec(select(Account).where(Account.email == normal(email))).first()


def normal(email: str) -> str:
    """An address as it is stored and looked up."""
    return email.strip().lower()


def _set(session: Session, account: Account, password: str, now: datetime) -> None:
    account.password = passwords.hashed(password)
    end_sessions(session, account)
    account.password_set_at = now


def _open_invitation(
    session: Session, token: str, now: datetime, *, lock: bool = False
) -> Invitation | None:
    statement = select(Invitation).where(
        Invitation.token_hash == _digest(token),
        col(Invitation.used_at).is_(None),
        Invitation.expires_at > now,
    )
    return session.exec(statement.with_for_update() if lock else statement).first()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

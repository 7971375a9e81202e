"""Who is signed in where: each session is a row, ends by itself, and can be ended from elsewhere."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import col, delete, select, update

from casework.db import Session
from casework.ids import new_id
from casework.models import Staff
from webadmin.accounts import Account
from webadmin.signin_rows import SignInSession

LONGEST = timedelta(hours=12)
"""After this time one signs in anew."""
IDLE = timedelta(hours=2)
"""After this time without a request, too."""
SEEN_EVERY = timedelta(minutes=1)
"""So often it is written down that somebody is still there."""


def begin(
    session: Session,
    account: Account,
    now: datetime,
    *,
    browser: str,
    network: bytes,
    set_up_by: datetime | None,
) -> tuple[SignInSession, str]:
    """A new session, and its token for the cookie alone. What ran out long ago goes."""
    session.exec(
        delete(SignInSession).where(
            (col(SignInSession.since) < now - LONGEST) | (col(SignInSession.seen) < now - IDLE)
        )
    )
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        id=new_id(now),
        account_id=account.id,
        token_hash=digest(token),
        since=now,
        seen=now,
        proved_at=now,
        browser=browser,
        network=network,
        set_up_by=set_up_by,
    )
    session.add(row)
    return row, token


def find(
    session: Session, uniquifier: str, token: str, now: datetime
) -> tuple[Account, Staff, SignInSession] | None:
    """Whose session it is, looked up at each request; ``None`` where it has ended."""
    statement = (
        select(Account, Staff, SignInSession)
        .join(Staff, col(Staff.id) == col(Account.staff_id))
        .join(SignInSession, col(SignInSession.account_id) == col(Account.id))
        .where(
            SignInSession.token_hash == digest(token),
            Account.fs_uniquifier == uniquifier,
            SignInSession.since >= now - LONGEST,
            SignInSession.seen >= now - IDLE,
        )
    )
    return session.exec(statement).first()


def open_ones(session: Session, account_id: int, now: datetime) -> list[SignInSession]:
    """Where somebody is signed in, the newest first."""
    statement = select(SignInSession).where(
        SignInSession.account_id == account_id,
        SignInSession.since >= now - LONGEST,
        SignInSession.seen >= now - IDLE,
    )
    return list(session.exec(statement.order_by(col(SignInSession.seen).desc())))


def note_seen(session: Session, row: int, now: datetime) -> None:
    """Somebody is still there."""
    session.exec(update(SignInSession).where(col(SignInSession.id) == row).values(seen=now))


def end(session: Session, account_id: int, row: int) -> None:
    """End one session of an account; nothing where it has ended."""
    session.exec(
        delete(SignInSession).where(
            col(SignInSession.id) == row, col(SignInSession.account_id) == account_id
        )
    )


def end_all(session: Session, account_id: int, but: int | None = None) -> None:
    """End every session of an account, ``but`` perhaps the one this is asked from."""
    statement = delete(SignInSession).where(col(SignInSession.account_id) == account_id)
    session.exec(statement if but is None else statement.where(col(SignInSession.id) != but))


def digest(token: str) -> bytes:
    """What of a token is stored."""
    return hashlib.sha256(token.encode()).digest()

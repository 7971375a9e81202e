"""Slows down who guesses passwords, without letting anybody lock others out.

Tries are counted for an account from one source, and loosely for the source alone. Someone who
guesses from elsewhere never touches the counters of the person the account belongs to.
"""

from datetime import datetime, timedelta

from sqlmodel import col, delete

from casework.db import Session, Store
from webadmin.accounts import SignInFailure, normal

_FREE_TRIES = 5
_FREE_TRIES_OF_SOURCE = 50
_LONGEST_WAIT = timedelta(hours=1)
_FORGOTTEN_AFTER = timedelta(days=1)


def begin(store: Store, email: str, source: str, now: datetime) -> bool:
    """Count a try before it is made (so that many at once count too); ``False``: not now."""
    with store.writing() as session:
        session.exec(
            delete(SignInFailure).where(col(SignInFailure.last_at) < now - _FORGOTTEN_AFTER)
        )
        keys = _keys(session, email, source)
        if any(_blocked(session.get(SignInFailure, key), free, now) for key, free in keys):
            return False
        for key, _ in keys:
            counter = session.get(SignInFailure, key) or SignInFailure(key=key, last_at=now)
            counter.count, counter.last_at = counter.count + 1, now
            session.add(counter)
        return True


def too_many(session: Session, purpose: str, source: str, now: datetime) -> bool:
    """Whether so many secrets that open nothing came from an address that it has to wait.

    Who has a right one is never held up: this only keeps guessing from costing us work.
    """
    counter = session.get(SignInFailure, _strikes(session, purpose, source))
    return _blocked(counter, _FREE_TRIES_OF_SOURCE, now)


def strike(session: Session, purpose: str, source: str, now: datetime) -> None:
    """Count a secret of an address that opens nothing."""
    key = _strikes(session, purpose, source)
    counter = session.get(SignInFailure, key) or SignInFailure(key=key, last_at=now)
    if counter.last_at < now - _FORGOTTEN_AFTER:
        counter.count = 0
    counter.count, counter.last_at = counter.count + 1, now
    session.add(counter)


def _strikes(session: Session, purpose: str, source: str) -> bytes:
    return session.vault.index(f"strike.{purpose}", source)


def succeeded(store: Store, email: str, source: str) -> None:
    """The password was right: the tries for this account from here are forgiven."""
    with store.writing() as session:
        (own, _), (everyone, _) = _keys(session, email, source)
        counter, shared = session.get(SignInFailure, own), session.get(SignInFailure, everyone)
        if shared and counter:
            shared.count = max(0, shared.count - counter.count)
        if counter:
            session.delete(counter)


def _keys(session: Session, email: str, source: str) -> tuple[tuple[bytes, int], ...]:
    own = session.vault.index("sign-in", f"{source}\0{normal(email)}")
    return (own, _FREE_TRIES), (session.vault.index("sign-in", source), _FREE_TRIES_OF_SOURCE)


def _blocked(counter: SignInFailure | None, free: int, now: datetime) -> bool:
    if counter is None or counter.count < free:
        return False
    minutes: int = 1 << min(counter.count - free, 10)
    return now < counter.last_at + min(timedelta(minutes=minutes), _LONGEST_WAIT)

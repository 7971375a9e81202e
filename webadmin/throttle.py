"""Slows down who guesses passwords and codes, without letting anybody lock others out.

Tries are counted for an account from one source, and loosely for the source alone. Someone who
guesses from elsewhere never touches the counters of the person the account belongs to, and on a
device the person signed in on before (``webadmin.devices``) nobody else's tries count at all: not
even from the same source. Six digits are few: who already has the password and tries them from many
sources is also slowed down for the account as a whole. That leaves its owner every known device,
passkeys and recovery codes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import col, delete

from casework.db import Session, Store
from webadmin.accounts import SignInFailure, normal

_FREE_TRIES = 5
_FREE_TRIES_OF_DEVICE = 10
_FREE_TRIES_OF_SOURCE = 50
_FREE_TRIES_OF_ACCOUNT = 20
_LONGEST_WAIT = timedelta(hours=1)
_FORGOTTEN_AFTER = timedelta(days=1)


class Door(StrEnum):
    """What is tried. Each is counted for itself."""

    PASSWORD = "sign-in"  # noqa: S105  the name of a counter
    SECOND_STEP = "second-step"
    """The six digits of an authenticator app."""
    RECOVERY = "recovery-code"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries what: the address somebody signs in with, where from, and on which device of
    theirs (``""``: on none that is known)."""

    door: Door
    whom: str
    source: str
    device: str = ""


def begin(store: Store, one: Attempt, now: datetime) -> bool:
    """Count a try before it is made (so that many at once count too); ``False``: not now."""
    with store.writing() as session:
        if is_blocked(session, one, now):
            return False
        count(session, one, now)
        return True


def too_many(session: Session, purpose: str, source: str, now: datetime) -> bool:
    """Whether so many secrets that open nothing came from an address that it has to wait.

    Who has a right one is never held up: this only keeps guessing from costing us work.
    """
    return held_until(session, purpose, source, now) is not None


def held_until(session: Session, purpose: str, source: str, now: datetime) -> datetime | None:
    """The same: until when it has to wait, ``None`` where it has not."""
    counter = session.get(SignInFailure, _strikes(session, purpose, source))
    until = _until(counter, _FREE_TRIES_OF_SOURCE)
    return until if until is not None and now < until else None


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


def is_blocked(session: Session, one: Attempt, now: datetime) -> bool:
    """Whether a try has to wait."""
    keys = _keys(session, one)
    return any(_blocked(session.get(SignInFailure, key), free, now) for key, free in keys)


def count(session: Session, one: Attempt, now: datetime) -> None:
    """Count a try."""
    session.exec(delete(SignInFailure).where(col(SignInFailure.last_at) < now - _FORGOTTEN_AFTER))
    for key, _ in _keys(session, one):
        counter = session.get(SignInFailure, key) or SignInFailure(key=key, last_at=now)
        counter.count, counter.last_at = counter.count + 1, now
        session.add(counter)


def wrong_codes(session: Session, email: str) -> int:
    """How many wrong codes were typed lately for an account on devices that are not known as its
    owner's, by somebody who had its password."""
    found = session.get(SignInFailure, _everywhere(session, email))
    return found.count if found else 0


def succeeded(store: Store, one: Attempt) -> None:
    """It was right: the tries for this account from here are forgiven."""
    with store.writing() as session:
        (own, _), *shared = _keys(session, one)
        counter = session.get(SignInFailure, own)
        if counter is None:
            return
        for key, _ in shared:
            if other := session.get(SignInFailure, key):
                other.count = max(0, other.count - counter.count)
        session.delete(counter)


def _keys(session: Session, one: Attempt) -> list[tuple[bytes, int]]:
    """The counters of a try with what is free of each; the first is nobody else's."""

    def key(*parts: str) -> bytes:
        return session.vault.index(one.door.value, "\0".join(parts))

    whom = normal(one.whom)
    if one.device:
        return [(key("device", one.device, whom), _FREE_TRIES_OF_DEVICE)]
    keys = [(key(one.source, whom), _FREE_TRIES), (key(one.source), _FREE_TRIES_OF_SOURCE)]
    if one.door is Door.SECOND_STEP:
        keys.append((_everywhere(session, whom), _FREE_TRIES_OF_ACCOUNT))
    return keys


def _everywhere(session: Session, email: str) -> bytes:
    return session.vault.index(Door.SECOND_STEP.value, f"everywhere\0\0{normal(email)}")


def _blocked(counter: SignInFailure | None, free: int, now: datetime) -> bool:
    until = _until(counter, free)
    return until is not None and now < until


def _until(counter: SignInFailure | None, free: int) -> datetime | None:
    if counter is None or counter.count < free:
        return None
    minutes: int = 1 << min(counter.count - free, 10)
    return counter.last_at + min(timedelta(minutes=minutes), _LONGEST_WAIT)

"""The second steps of an account: authenticator app, passkeys, and ten recovery codes."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, delete, select, update
from sqlmodel.sql.expression import SelectOfScalar

from casework.db import Session, for_change
from casework.errors import BadInput
from casework.ids import new_id
from webadmin import totp
from webadmin.accounts import Account, end_sessions
from webadmin.signin_rows import Authenticator, Passkey, RecoveryCode, SignInSession

CODES = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter is taken for another or for a digit."""
_READ_AS = str.maketrans("OIL", "011", " -")
_LETTERS = 10
"""Of 5 bits each: 50 bits, which nobody guesses through the counters of ``webadmin.throttle``."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account has."""

    app: Authenticator | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether signing in takes a second step."""
        return self.app is not None or bool(self.passkeys)

    @property
    def count(self) -> int:
        """How many second steps there are, recovery codes left out."""
        return len(self.passkeys) + (self.app is not None)


def of(session: Session, account_id: int) -> Factors:
    """What an account has."""
    keys = select(Passkey).where(Passkey.account_id == account_id).order_by(col(Passkey.id))
    codes = select(sa.func.count()).select_from(RecoveryCode)
    unused = codes.where(
        col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None)
    )
    return Factors(
        session.exec(_apps(account_id).where(col(Authenticator.confirmed_at).is_not(None))).first(),
        tuple(session.exec(keys)),
        session.exec(unused).one(),
    )


def who_has_one(session: Session) -> set[int]:
    """The staff members who have a second step."""
    apps = select(Account.staff_id).join(
        Authenticator, col(Authenticator.account_id) == col(Account.id)
    )
    keys = select(Account.staff_id).join(Passkey, col(Passkey.account_id) == col(Account.id))
    confirmed = apps.where(col(Authenticator.confirmed_at).is_not(None))
    return {*session.exec(confirmed), *session.exec(keys)}


def begin_app(session: Session, account_id: int, now: datetime) -> None:
    """A new secret for an app; the app used so far stays until the first code of the new one."""
    unfinished = delete(Authenticator).where(col(Authenticator.confirmed_at).is_(None))
    session.exec(unfinished.where(col(Authenticator.account_id) == account_id))
    row, secret = new_id(now), totp.new_secret()
    sealed = session.vault.seal("authenticator", "secret_sealed", row, secret)
    session.add(Authenticator(id=row, account_id=account_id, secret_sealed=sealed, created_at=now))


def unfinished_app(session: Session, account_id: int) -> Authenticator | None:
    """The app that is being set up."""
    return session.exec(_apps(account_id).where(col(Authenticator.confirmed_at).is_(None))).first()


def secret_of(session: Session, app: Authenticator) -> bytes:
    """What it shares with us."""
    return session.vault.open("authenticator", "secret_sealed", app.id, app.secret_sealed)


def confirm_app(session: Session, account: Account, typed: str, now: datetime) -> None:
    """The first code of a new app: from now on it counts, and an earlier app no more.
    ``BadInput`` where the code does not fit."""
    app = unfinished_app(session, account.id)
    counter = totp.counter_of(secret_of(session, app), typed, now, 0) if app else None
    if app is None or counter is None:
        raise BadInput(
            "This code does not fit. Type the six digits the app shows now. If that does not help,"
            " let the phone set its time by itself."
        )
    earlier = delete(Authenticator).where(col(Authenticator.account_id) == account.id)
    session.exec(earlier.where(col(Authenticator.id) != app.id))
    app.confirmed_at, app.last_counter = now, counter
    has_one(session, account)


def take_code(session: Session, account_id: int, typed: str, now: datetime) -> bool:
    """Whether a code of the app fits; it fits once."""
    statement = _apps(account_id).where(col(Authenticator.confirmed_at).is_not(None))
    app = session.exec(for_change(statement)).first()
    if app is None:
        return False
    counter = totp.counter_of(secret_of(session, app), typed, now, app.last_counter)
    if counter is None:
        return False
    app.last_counter = counter
    return True


def new_codes(session: Session, account_id: int, now: datetime) -> list[str]:
    """Ten recovery codes, to be shown once; earlier ones end."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    found = []
    for _ in range(CODES):
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
        found.append(f"{code[:5]}-{code[5:]}")
        hashed = _hash(session, account_id, code)
        session.add(RecoveryCode(id=new_id(now), account_id=account_id, code_hash=hashed))
    return found


def take_recovery_code(session: Session, account_id: int, typed: str, now: datetime) -> bool:
    """Whether a recovery code fits; it fits once, however many try it at the same moment."""
    found = session.exec(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.code_hash) == _hash(session, account_id, typed),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now)
    )
    return found.rowcount == 1


def has_one(session: Session, account: Account) -> None:
    """There is a second step now: nobody waits for one any more."""
    account.second_step_by = None
    session.exec(
        update(SignInSession)
        .where(col(SignInSession.account_id) == account.id)
        .values(set_up_by=None)
    )


def drop_app(session: Session, account_id: int) -> None:
    """Take the app away."""
    session.exec(delete(Authenticator).where(col(Authenticator.account_id) == account_id))
    _drop_useless_codes(session, account_id)


def drop_passkey(session: Session, account_id: int, row: int) -> None:
    """Take a passkey away."""
    session.exec(
        delete(Passkey).where(col(Passkey.id) == row, col(Passkey.account_id) == account_id)
    )
    _drop_useless_codes(session, account_id)


def reset(session: Session, account: Account, now: datetime) -> None:
    """Take all second steps away, for who lost them: signed out everywhere, and told about it."""
    for table in (Authenticator, Passkey, RecoveryCode):
        session.exec(delete(table).where(col(table.account_id) == account.id))
    # Whoever must have one sets it up at once: the grace is for who never had one.
    account.second_step_by = account.second_step_reset_at = now
    end_sessions(session, account)


def _drop_useless_codes(session: Session, account_id: int) -> None:
    if not of(session, account_id).any:
        session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))


def _apps(account_id: int) -> SelectOfScalar[Authenticator]:
    return select(Authenticator).where(Authenticator.account_id == account_id)


def _hash(session: Session, account_id: int, typed: str) -> bytes:
    code = typed.upper().translate(_READ_AS)
    return session.vault.index("recovery-code", f"{account_id}\0{code}")

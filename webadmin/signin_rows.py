"""The tables of signing in beside accounts: open sessions, second steps, and who must have one.

Nothing here lets anybody in by itself: tokens and recovery codes stand as hashes, secrets of
authenticator apps are sealed, of a passkey only the public half is known.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models import RowId, Table, stored_by_value
from casework.vocabulary import Role


class SignInSession(Table, table=True):
    """Somebody is signed in on one browser. The row goes when it ends: a copied cookie, too."""

    id: int = Field(primary_key=True, sa_type=RowId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=sa.BigInteger)
    token_hash: bytes = Field(max_length=32, unique=True, repr=False)
    """Of the token in the cookie, which is stored nowhere."""
    since: datetime
    seen: datetime
    proved_at: datetime
    """When the password, or more, was given here last: what changes the sign-in asks for it."""
    browser: str = Field(default="", max_length=24)
    """The kind of browser and of machine, as codes of ``webadmin.browsers``."""
    network: bytes = Field(max_length=16, repr=False)
    """A keyed hash of the network it came from: tells whether two are the same, and not where."""
    set_up_by: datetime | None = None
    """Until when a second step is to be set up; afterwards nothing else opens."""


class Authenticator(Table, table=True):
    """An authenticator app: the secret it shares with us, and the newest code it was used with."""

    id: int = Field(primary_key=True, sa_type=RowId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=sa.BigInteger)
    secret_sealed: bytes = Field(repr=False)
    last_counter: int = Field(default=0, sa_type=sa.BigInteger)
    """The 30-second step of the newest code: it and all before it are used up."""
    created_at: datetime
    confirmed_at: datetime | None = None
    """When its first code was typed; until then it is only being set up."""


class Passkey(Table, table=True):
    """A passkey: the public half of a key that never leaves the person's device."""

    id: int = Field(primary_key=True, sa_type=RowId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=sa.BigInteger)
    credential_id: bytes = Field(max_length=1023, unique=True, repr=False)
    public_key: bytes = Field(repr=False)
    sign_count: int = Field(default=0, sa_type=sa.BigInteger)
    browser: str = Field(default="", max_length=24)
    """Where it was made."""
    created_at: datetime
    used_at: datetime | None = None


class UsedChallenge(Table, table=True):
    """A challenge that a passkey has answered: it takes no second answer."""

    hash: bytes = Field(primary_key=True, max_length=32)
    at: datetime = Field(index=True)


class RecoveryCode(Table, table=True):
    """One of ten codes for who has lost the second step; each works once."""

    id: int = Field(primary_key=True, sa_type=RowId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=sa.BigInteger)
    code_hash: bytes = Field(max_length=16, unique=True, repr=False)
    """A keyed hash that no one can try codes against without the key file."""
    used_at: datetime | None = None


class SecondStepRule(Table, table=True):
    """Whether a role must have a second step; without a row the default holds
    (``webadmin.safety``)."""

    role: Role = Field(primary_key=True, sa_type=stored_by_value(Role, growing=True))
    required: bool

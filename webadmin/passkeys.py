"""Passkeys: made and checked with the ``webauthn`` package, always with the person verified.

A passkey proves both the device and the person (finger, face or PIN), so it signs in without a
password. Which site it is for comes from RECOURSE_PUBLIC_URL: browsers take a name there
(``localhost`` or one with https), never a bare address in numbers.
"""

import hashlib
import ipaddress
import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlmodel import col, delete, select
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from casework.config import Settings
from casework.db import Session, for_change, insert_into
from casework.errors import BadInput
from casework.ids import new_id
from webadmin.accounts import Account
from webadmin.factors import has_one
from webadmin.signin_rows import Passkey, UsedChallenge

LASTS = timedelta(minutes=5)
"""So long a challenge waits for its answer."""
MOST = 10
"""Passkeys of one account."""
_VERIFIED = UserVerificationRequirement.REQUIRED
_LONGEST = 16_384


def possible(settings: Settings) -> bool:
    """Whether browsers make passkeys for the address of this site."""
    parts = urlsplit(settings.public_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" or host == "localhost"
    return False


def new_challenge() -> bytes:
    """What a passkey is to sign; kept in the session's cookie until then."""
    return secrets.token_bytes(32)


def to_make(
    session: Session, settings: Settings, account: Account, name: str, challenge: bytes
) -> str:
    """What the browser is asked to make a passkey with, as JSON. Of any kind: the phone's or the
    computer's own, or a key to plug in."""
    have = session.exec(select(Passkey).where(Passkey.account_id == account.id))
    options = webauthn.generate_registration_options(
        rp_id=_host(settings),
        rp_name=settings.operator,
        user_id=_handle(session, account.id),
        user_name=account.email,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in have],
    )
    return webauthn.options_to_json(options)


def make(
    session: Session,
    settings: Settings,
    account: Account,
    answer: str,
    challenge: bytes,
    now: datetime,
    *,
    browser: str,
) -> None:
    """Keep a new passkey. ``BadInput`` where the browser's answer does not hold."""
    have = session.exec(select(Passkey.id).where(Passkey.account_id == account.id)).all()
    if len(have) >= MOST:
        raise BadInput("You have ten passkeys already. Remove one that you no longer use.")
    try:
        found = webauthn.verify_registration_response(
            credential=_parsed(answer),
            expected_challenge=challenge,
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise BadInput("The passkey was not made. Try again.") from None
    if not _use_up(session, challenge, now):
        raise BadInput("The passkey was not made. Try again.")
    same = select(Passkey.id).where(Passkey.credential_id == found.credential_id)
    if session.exec(same).first() is not None:
        raise BadInput("This passkey is known already.")
    session.add(
        Passkey(
            id=new_id(now),
            account_id=account.id,
            credential_id=found.credential_id,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            browser=browser,
            created_at=now,
        )
    )
    has_one(session, account)


def to_sign_in(
    session: Session, settings: Settings, challenge: bytes, account_id: int | None = None
) -> str:
    """What the browser is asked to sign in with, as JSON: a passkey of the account, or of anybody
    (it then says itself whose it is)."""
    mine = select(Passkey).where(Passkey.account_id == account_id)
    options = webauthn.generate_authentication_options(
        rp_id=_host(settings),
        challenge=challenge,
        allow_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential_id)
            for one in (session.exec(mine) if account_id is not None else ())
        ],
        user_verification=_VERIFIED,
    )
    return webauthn.options_to_json(options)


def signed(
    session: Session, settings: Settings, answer: str, challenge: bytes, now: datetime
) -> Account | None:
    """Whose passkey answered the challenge; ``None`` where the answer does not hold."""
    try:
        credential = _parsed(answer)
        credential_id = webauthn.base64url_to_bytes(str(credential["rawId"]))
        statement = select(Passkey).where(Passkey.credential_id == credential_id)
        passkey = session.exec(for_change(statement)).first()
        if passkey is None:
            return None
        handle = credential["response"].get("userHandle")
        expected = _handle(session, passkey.account_id)
        if handle and webauthn.base64url_to_bytes(str(handle)) != expected:
            return None
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
        return None
    if not _use_up(session, challenge, now):
        return None
    passkey.sign_count, passkey.used_at = found.new_sign_count, now
    return session.get(Account, passkey.account_id)


def _use_up(session: Session, challenge: bytes, now: datetime) -> bool:
    """Take a challenge once: whoever copied the cookie and the answer has nothing of them."""
    session.exec(delete(UsedChallenge).where(col(UsedChallenge.at) < now - 2 * LASTS))
    table = UsedChallenge.__table__  # type: ignore[attr-defined]
    digest = hashlib.sha256(challenge).digest()
    statement = insert_into(session, table).values(hash=digest, at=now).on_conflict_do_nothing()
    return session.exec(statement.returning(table.c.hash)).first() is not None


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > _LONGEST:
        raise ValueError
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError
    return found


def _handle(session: Session, account_id: int) -> bytes:
    """What a passkey knows its account by: says nothing to anybody else."""
    return session.vault.index("passkey-account", str(account_id))


def _host(settings: Settings) -> str:
    return urlsplit(settings.public_url).hostname or ""


def _origin(settings: Settings) -> str:
    parts = urlsplit(settings.public_url)
    return f"{parts.scheme}://{parts.netloc}"

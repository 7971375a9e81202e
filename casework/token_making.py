"""Who makes and revokes tokens for the read API, and for whom; each leaves a trace.

Administrators for everybody, brand staff for their own brand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import col, select

from casework import tokens
from casework.actors import Actor
from casework.db import Session
from casework.errors import NotAllowed, Remark
from casework.ids import new_id
from casework.models import ApiToken, Brand, Staff
from casework.office import staff_log
from casework.publication import releases
from casework.vocabulary import ApiScope, Role, StaffAct

Problems = dict[str, Remark]

_HINT = 4
"""Characters of a token that its list shows."""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as it was asked for and found good."""

    name: str
    brand: Brand | None
    scopes: tuple[ApiScope, ...]
    until: date


def check(
    session: Session, typed: Mapping[str, str], scopes: Sequence[str], *, by: Actor, now: datetime
) -> TokenFacts | Problems:
    """Read ``name``, ``audience`` (of an admin; brand staff have theirs) and ``until``, the last day.

    ``NotAllowed`` for whoever may make none.
    """
    _makes_any(by)
    name, today = " ".join(typed.get("name", "").split()), now.date()
    known, brand = _brand(session, typed.get("audience", ""), by)
    chosen = tuple(scope for scope in ApiScope if scope in scopes)
    until = (
        _day(typed.get("until", ""))
        if typed.get("until", "").strip()
        else today + tokens.USUAL_LIFE
    )
    problems: Problems = {}
    if not 0 < len(name) <= 80:
        problems["name"] = Remark("Write what the token is for, at most 80 characters.")
    if not known:
        problems["audience"] = Remark("Choose whose figures the token opens.")
    if not chosen:
        problems["scopes"] = Remark("Choose what the token may read.")
    elif brand is None and tokens.OF_BRANDS & set(chosen):
        problems["scopes"] = Remark("For the public there are figures only. Choose a brand first.")
    if until is None or not today <= until <= today + tokens.LONGEST_LIFE:
        problems["until"] = Remark("Choose a day within the next two years.")
    if problems or until is None:
        return problems
    return TokenFacts(name, brand, chosen, until)


def make(session: Session, facts: TokenFacts, *, by: Actor, now: datetime) -> tuple[ApiToken, str]:
    """A new token and its text, which is stored nowhere. ``NotAllowed`` for another's brand."""
    brand_id = facts.brand.id if facts.brand else None
    _may(by, brand_id)
    text = tokens.new_text()
    token = ApiToken(
        id=new_id(now),
        name=facts.name,
        brand_id=brand_id,
        scopes=[scope.value for scope in facts.scopes],
        token_hash=tokens.hash_of(text),
        hint=text[-_HINT:],
        made_at=now,
        made_by=by.staff_id,
        expires_at=datetime.combine(facts.until + timedelta(days=1), time(), UTC),
    )
    session.add(token)
    session.flush()
    _record(session, token, StaffAct.TOKEN_MADE, by, now)
    return token, text


def revoke(session: Session, token: ApiToken, *, by: Actor, now: datetime) -> None:
    """From now on it opens nothing. Once is enough."""
    _may(by, token.brand_id)
    if token.revoked_at is None:
        _revoke(session, token, by, now)


def revoke_of(session: Session, person: Staff, *, by: Actor, now: datetime) -> None:
    """Revoke what somebody made who left, or is something else now: they may have kept the text.

    Whoever may change people's rights does it; therefore nothing more is asked."""
    theirs = select(ApiToken).where(
        ApiToken.made_by == person.id, col(ApiToken.revoked_at).is_(None)
    )
    for token in session.exec(theirs.order_by(col(ApiToken.id))).all():
        _revoke(session, token, by, now)


def listed(session: Session, by: Actor) -> list[ApiToken]:
    """The tokens somebody may see and revoke, the newest first: brand staff those of the brand."""
    wanted = select(ApiToken).where(*_whose(by)).order_by(col(ApiToken.id).desc())
    return list(session.exec(wanted))


def found(session: Session, row: int, by: Actor) -> ApiToken | None:
    """One of them; ``None`` where there is none or it is another's."""
    return session.exec(select(ApiToken).where(ApiToken.id == row, *_whose(by))).first()


def _revoke(session: Session, token: ApiToken, by: Actor, now: datetime) -> None:
    token.revoked_at, token.revoked_by = now, by.staff_id
    session.add(token)
    _record(session, token, StaffAct.TOKEN_REVOKED, by, now)


def _may(by: Actor, brand_id: int | None) -> None:
    _makes_any(by)
    if by.role is Role.BRAND and (brand_id is None or brand_id != by.brand_id):
        raise NotAllowed("You can make and revoke tokens of your own brand only.")


def _makes_any(by: Actor) -> None:
    if by.role not in (Role.ADMIN, Role.BRAND):
        raise NotAllowed("Only administrators and brand staff make and revoke tokens.")


def _whose(by: Actor) -> list[Any]:
    _makes_any(by)
    return [] if by.role is Role.ADMIN else [col(ApiToken.brand_id) == (by.brand_id or 0)]


def _brand(session: Session, audience: str, by: Actor) -> tuple[bool, Brand | None]:
    """Whether it is known whose figures are opened, and the brand: ``None`` for the public's."""
    if by.role is Role.BRAND:
        brand = session.get(Brand, by.brand_id) if by.brand_id else None
    elif audience == releases.PUBLIC:
        return True, None
    else:
        brand = session.exec(select(Brand).where(Brand.code == audience)).first()
    return brand is not None and brand.active, brand


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _record(session: Session, token: ApiToken, what: StaffAct, by: Actor, now: datetime) -> None:
    """Beside the rights that people were given: a token is one, too."""
    data = {
        "token": token.name,
        "hint": token.hint,
        "audience": tokens.audience(session, token),
        "scopes": token.scopes,
        "until": (token.expires_at - timedelta(days=1)).date().isoformat(),
    }
    staff_log.note(session, by.staff_id or 0, what, data, by=by, now=now)

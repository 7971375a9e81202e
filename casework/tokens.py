"""Tokens for the read API: their form, what is kept of them, whom they let in, how often.

A token is ``recourse_`` and 42 letters and digits: 36 at random (214 bits) and a check of 6, so that
programs which look for leaked secrets find it by its form and are not misled by what only looks
like one. It opens the figures of one audience: the public's, or a brand's and the public's. Made and
revoked: ``casework.token_making``.
"""

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import select

from casework.db import Session, insert_into
from casework.models import ApiToken, ApiUse, Brand
from casework.publication.releases import PUBLIC
from casework.vocabulary import ApiScope

PREFIX = "recourse_"
USUAL_LIFE = timedelta(days=365)
LONGEST_LIFE = timedelta(days=730)
PER_MINUTE = 120
"""How often one token may ask in a minute. Our default: a program that reads all it can needs some
dozens."""
OF_BRANDS = frozenset({ApiScope.FACTORIES})
"""What only a brand's token may open."""

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 36, 6
_FORM = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_RANDOM}}})([0-9A-Za-z]{{{_CHECK}}})")
_MINUTE = timedelta(minutes=1)
_USE = ApiUse.metadata.tables["apiuse"]


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of a minute."""

    left: int
    """Below 0: this one is too many."""
    seconds: int
    """Until the next minute begins, at least 1."""


def is_over(token: ApiToken, now: datetime) -> bool:
    """Whether it opens nothing any more."""
    return token.revoked_at is not None or token.expires_at <= now


def opened(session: Session, text: str, now: datetime) -> ApiToken | None:
    """The token of a text, as long as it opens something."""
    form = _FORM.fullmatch(text)
    if form is None or _checked(form[1]) != form[2]:
        return None
    token = session.exec(select(ApiToken).where(ApiToken.token_hash == hash_of(text))).first()
    if token is None or is_over(token, now):
        return None
    brand = session.get(Brand, token.brand_id) if token.brand_id is not None else None
    return None if brand is not None and not brand.active else token


def audience(session: Session, token: ApiToken) -> str:
    """``public``, or the code of the token's brand."""
    return session.get_one(Brand, token.brand_id).code if token.brand_id is not None else PUBLIC


def count(session: Session, token_id: int, now: datetime) -> Quota:
    """Count a request before it is answered (so that many at once count too), and note the day."""
    since = now.replace(second=0, microsecond=0)
    fresh = {"token_id": token_id, "since": since, "count": 1}
    asked = insert_into(session, _USE).values(fresh)
    more = sa.case((_USE.c.since == asked.excluded.since, _USE.c.count + 1), else_=1)
    asked = asked.on_conflict_do_update(
        index_elements=[_USE.c.token_id], set_={"since": asked.excluded.since, "count": more}
    )
    asks = int(session.execute(asked.returning(_USE.c.count)).scalar_one())
    token = session.get_one(ApiToken, token_id)
    if token.used_on != now.date():
        token.used_on = now.date()
        session.add(token)
    seconds = (since + _MINUTE - now).total_seconds()
    return Quota(PER_MINUTE - asks, max(1, -int(-seconds // 1)))


def new_text() -> str:
    """A fresh one."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return PREFIX + random + _checked(random)


def _checked(random: str) -> str:
    """Six characters out of the others: tells a typing mistake, proves nothing."""
    number, check = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        check = _ALPHABET[digit] + check
    return check


def hash_of(text: str) -> bytes:
    """What is kept of it."""
    return hashlib.sha256(text.encode()).digest()

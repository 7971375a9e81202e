"""The door of the read API: a bearer token, and nothing else, opens it.

No cookie counts here, and a token counts nowhere else. Every request with a right token is counted
before it is answered; wrong tokens are counted by where they come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request

from casework import tokens
from casework.models import ApiToken
from casework.publication import releases
from casework.tokens import PER_MINUTE
from casework.vocabulary import ApiScope
from webadmin import problems, throttle
from webadmin.context import db, now, office
from webadmin.edge import address, keep

_COUNTER = "api"
_LONGEST_WAIT = 3600
"""Seconds: as long as an address with many wrong tokens is held up at most."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Which token asks, and what it opens."""

    token: ApiToken
    audience: str
    """Its own; ``public`` is open to every token."""

    @property
    def audiences(self) -> Sequence[str]:
        """Whose figures it may read, its own first."""
        return tuple(dict.fromkeys((self.audience, releases.PUBLIC)))


def caller() -> Caller:
    """Who asks, in a view of the API."""
    found = g.recourse_caller
    assert isinstance(found, Caller)
    return found


def enter(scope: ApiScope | None) -> None:
    """Let a request in, or raise a ``Problem``. ``None``: any scope will do."""
    text = _bearer()
    if text is None:
        raise problems.no_token(wrong=False)
    token = tokens.opened(db(), text, now())
    if token is None:
        _count_wrong()
        raise problems.no_token(wrong=True)
    with office().store.writing() as session:
        quota = tokens.count(session, token.id, now())
    g.recourse_quota = {
        "RateLimit-Policy": f'"token";q={PER_MINUTE};w=60',
        "RateLimit": f'"token";r={max(0, quota.left)};t={quota.seconds}',
    }
    if quota.left < 0:
        raise problems.too_many(quota.seconds)
    if scope is not None and scope.value not in token.scopes:
        raise problems.missing(scope)
    g.recourse_caller = Caller(token, tokens.audience(db(), token))


def quota_headers() -> dict[str, str]:
    """What is left to the token that asks; empty where none was counted."""
    found: dict[str, str] = g.get("recourse_quota", {})
    return found


def _bearer() -> str | None:
    """The token that was sent, ``None`` without one."""
    sent = request.headers.getlist("Authorization")
    if not sent:
        return None
    kind, _, text = sent[0].partition(" ")
    return text.strip(" ") if kind.lower() == "bearer" and len(sent) == 1 else None


def _count_wrong() -> None:
    """Whoever guesses is slowed down; a right token is never held up by others' wrong ones."""
    source, at = address(), now()
    until = throttle.held_until(db(), _COUNTER, source, at)
    if until is not None:
        seconds = (until - at).total_seconds()
        raise problems.too_many(min(_LONGEST_WAIT, max(1, -int(-seconds // 1))))
    keep(lambda session: throttle.strike(session, _COUNTER, source, at))

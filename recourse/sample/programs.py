"""Tokens of the sample brands, so that the demo shows the page. Nobody knows them: make your own."""

from datetime import datetime, timedelta

from casework import token_making, tokens
from casework.actors import staff_actor
from casework.db import Session
from casework.models import ApiToken, Brand, Staff
from casework.token_making import TokenFacts
from casework.vocabulary import ApiScope
from recourse.sample.people_and_places import Rows

_WEEK = timedelta(days=7)


def add(session: Session, rows: Rows, now: datetime) -> None:
    """One in use, one of the public, one that was revoked."""
    brand, figures = "BRINDLE", ApiScope.FIGURES
    begun = now - 20 * _WEEK
    report = _made(session, rows, "brindle", "Annual report", brand, tuple(ApiScope), begun)
    report.used_on = now.date()
    _made(session, rows, "admin", "Open data portal", "", (figures,), now - 6 * _WEEK)
    old = _made(session, rows, "brindle", "Supplier scorecard", brand, (figures,), begun)
    by = staff_actor(session.get_one(Staff, rows.staff["admin"].id))
    token_making.revoke(session, old, by=by, now=now - 2 * _WEEK)


def _made(
    session: Session,
    rows: Rows,
    who: str,
    name: str,
    code: str,
    scopes: tuple[ApiScope, ...],
    at: datetime,
) -> ApiToken:
    brand = session.get_one(Brand, rows.brands[code].id) if code else None
    facts = TokenFacts(name, brand, scopes, (at + tokens.USUAL_LIFE).date())
    by = staff_actor(session.get_one(Staff, rows.staff[who].id))
    return token_making.make(session, facts, by=by, now=at)[0]

"""What the tracker knows of the mechanism, for a brand, a scope and a year: gathered for the proofs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

from sqlmodel import select

from casework import channels, conflicts, facts, places
from casework.db import Session
from casework.deadlines import policing
from casework.deadlines.policies import Policy
from casework.errors import BadInput
from casework.figures.periods import Period
from casework.models import Brand, Factory, Staff
from casework.ratings import rated_cases, review_dates
from casework.ratings.casefacts import Assessor, Look, Past, facts_of
from casework.ratings.proofs import ALIVE_WITHIN, Mechanism
from casework.remedy import remediation
from casework.vocabulary import Category, Channel, Gravity, Scope

_TICK = timedelta(microseconds=1)


def until(year: int, now: datetime) -> datetime:
    """The moment for which a year is rated: now, or the last moment of a year that is over.
    ``BadInput`` for one that has not begun."""
    period = Period.year(year)
    if period.begins > now:
        raise BadInput("%(year)s has not begun yet. Choose an earlier year.", year=str(year))
    return min(now, period.ends - _TICK)


def gather(
    session: Session,
    brand: Brand,
    scope: Scope,
    year: int,
    *,
    now: datetime,
    procedure: str = "",
    cases_until: datetime | None = None,
) -> Mechanism:
    """All that the proofs look at: a year that is over as it was at its end.

    ``procedure``: where the rules are published now (``casework.procedure.address_of``); of a year
    that is over, where they were at its end, as far as that was noted. ``cases_until``: what cases
    show is read as it was then, for readers who were told no more; ``None``: as it is.
    """
    moment, begins = until(year, now), Period.year(year).begins
    told = moment if cases_until is None else min(moment, cases_until)
    policy = policing.current(session)
    found = (
        rated_cases.gather(
            session,
            brand.id,
            scope,
            begins,
            told,
            founded_since=begins - remediation.at_most(policy),
        )
        if told >= begins
        else []
    )
    look = _look(session, brand, policy, begins, told)
    # A case that came in by a channel shows that it works; so it is a thing that cases show.
    seen = channels.seen(session, moment, by_cases=told == moment)
    return Mechanism(
        moment,
        channels={channel.value: at for channel, at in seen.items()},
        procedure=procedure if moment == now else _published(session, moment, seen),
        # The intake asks everybody who they are, and takes what helpers tell as what workers do.
        takes_outsiders=any(moment - at <= ALIVE_WITHIN for at in seen.values()),
        cases=[one for past in found if (one := facts_of(past, look)) is not None],
        reviews=review_dates.proofs_of(session, brand.id, scope, moment + _TICK),
    )


def _published(session: Session, moment: datetime, seen: Mapping[Channel, datetime]) -> str:
    """Where the rules of procedure could be read at a moment. The address is noted when it changes;
    that the pages were served then, as the web chat was beside them. Nothing was noted: not known."""
    served = seen.get(Channel.WEB)
    if served is None or moment - served > ALIVE_WITHIN:
        return ""
    return facts.rules_at(session, moment)


def _look(
    session: Session, brand: Brand, policy: Policy, begins: datetime, moment: datetime
) -> Look:
    @cache
    def index(organisation: str) -> bytes | None:
        return conflicts.organisation_index(session, organisation)

    people = dict(session.exec(select(Staff.id, Staff.organisation)).all())

    def assessor(past: Past, staff_id: int) -> Assessor:
        # What they signed as then; nobody knows more of a person than what was written down.
        known = index(past.signed.get(staff_id) or people.get(staff_id, ""))
        declared = staff_id in past.signed
        return Assessor(frozenset() if known is None else frozenset({known}), declared)

    factories: dict[int | None, Factory | None] = {None: None}

    def remedy_due(
        past: Past, category: Category, gravity: Gravity, found_at: datetime
    ) -> datetime | None:
        if past.factory_id not in factories:
            factories[past.factory_id] = places.factory_of(session, past.factory_id)
        calendar = places.calendar_for(session, factories[past.factory_id])
        issue = _Found(category, gravity, found_at)
        due = remediation.remediation_due(issue, past.severity, policy, calendar)
        return due.at if due else None

    names = (index(name) for name in (brand.name, brand.code))
    return Look(
        begins, moment, frozenset(one for one in names if one is not None), assessor, remedy_due
    )


class _Found:
    """Of an issue, what decides until when it is put right."""

    def __init__(self, category: Category, gravity: Gravity | None, finding_at: datetime) -> None:
        self.category, self.gravity = category, gravity
        self.finding_at: datetime | None = finding_at

"""What the read API answers at each address, out of releases and of nothing else.

Another brand's figures, and those of a period that was not published, are not there: a program gets
one and the same answer for both.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlmodel import col, or_, select

from casework.disclosure import audiences
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.models import Factory, Release, Supply
from casework.publication import releases
from casework.vocabulary import ApiScope
from webadmin import api_door, api_query, api_words, problems
from webadmin import api_models as shapes
from webadmin.api_query import AUDIENCE, BY, MEASURE, PERIOD, VERSION, Asked, Operation
from webadmin.context import db, now


def index(_asked: Asked) -> shapes.Index:
    """Where to go on, and what the token may read."""
    caller = api_door.caller()
    return shapes.Index(
        token=shapes.Token(
            name=caller.token.name,
            audiences=list(caller.audiences),
            scopes=[ApiScope(scope) for scope in caller.token.scopes],
            expires_at=caller.token.expires_at,
        ),
        links={
            "openapi": url_for("api.openapi"),
            **{one.name: url_for(f"api.{one.name}") for one in OPERATIONS},
        },
    )


def periods(asked: Asked) -> shapes.Periods:
    """Of which periods there are figures, the newest first."""
    whose = _audience(asked)
    found = [releases.newest(db(), whose, period) for period in releases.periods(db(), whose)]
    return shapes.Periods(audience=whose, periods=[_summary(one) for one in found if one])


def listed_releases(asked: Asked) -> shapes.Releases:
    """All versions of all periods, or of one: what was corrected, and when."""
    whose = _audience(asked)
    wanted = [Period.read(asked["period"])] if "period" in asked else releases.periods(db(), whose)
    found = [one for period in wanted for one in releases.versions(db(), whose, period)]
    if "period" in asked and not found:
        raise problems.Problem(404)
    return shapes.Releases(audience=whose, releases=[_summary(one) for one in found])


def figures(asked: Asked) -> shapes.Figures:
    """The figures of one period: all of them, or those of a measure or a breakdown."""
    whose = _audience(asked)
    release = _release(asked, whose)
    newest = releases.newest(db(), whose, Period.read(release.period))
    tables = [one for one in release.tables if _is_asked(asked, one["measure"], one["by"])]
    if not tables:
        raise problems.Problem(404)
    rows = [
        one for one in release.figures if _is_asked(asked, one["measure"], one["by"], exact=True)
    ]
    return shapes.Figures(
        release=_summary(release),
        newest=newest is not None and newest.version == release.version,
        hidden=api_words.hidden(release.threshold),
        tables=[shapes.TableName.model_validate(one) for one in tables],
        figures=[_figure(row) for row in rows],
    )


def definitions(asked: Asked) -> shapes.Definitions:
    """What each measure and each breakdown means, what is hidden and why, and how not to read it."""
    whose = _audience(asked)
    public = whose == releases.PUBLIC
    reader = audiences.PUBLIC if public else audiences.brand(whose)
    return api_words.definitions(whose, reader.threshold)


def factories(_asked: Asked) -> shapes.Factories:
    """The factories that work for the token's brand today, by code."""
    caller, today = api_door.caller(), now().date()
    wanted = (
        select(Factory, Supply)
        .join(Supply, col(Supply.factory_id) == col(Factory.id))
        .where(
            Supply.brand_id == caller.token.brand_id,
            col(Factory.active),
            Supply.since <= today,
            or_(col(Supply.until).is_(None), col(Supply.until) >= today),
        )
        .order_by(col(Factory.code), col(Supply.since))
    )
    entries = [
        shapes.FactoryEntry(
            code=factory.code,
            name=factory.name,
            country=factory.country,
            scope=supply.scope,
            tier=supply.tier,
            since=supply.since,
            workers=factory.workers,
        )
        for factory, supply in db().exec(wanted)
    ]
    return shapes.Factories(audience=caller.audience, day=today, factories=entries)


_READ = ApiScope.FIGURES
OPERATIONS = (
    Operation("", "index", None, (), shapes.Index, index),
    Operation("/periods", "periods", _READ, (AUDIENCE,), shapes.Periods, periods),
    Operation(
        "/figures",
        "figures",
        _READ,
        (AUDIENCE, PERIOD, MEASURE, BY, VERSION),
        shapes.Figures,
        figures,
    ),
    Operation("/definitions", "definitions", _READ, (AUDIENCE,), shapes.Definitions, definitions),
    Operation("/factories", "factories", ApiScope.FACTORIES, (), shapes.Factories, factories),
    Operation("/releases", "releases", _READ, (AUDIENCE, PERIOD), shapes.Releases, listed_releases),
)


def _audience(asked: Asked) -> str:
    """Whose figures are asked for: another brand's are not there."""
    caller = api_door.caller()
    whose = asked.get("audience", caller.audience)
    if whose not in caller.audiences:
        raise problems.Problem(404)
    return whose


def _release(asked: Asked, whose: str) -> Release:
    """The release that is asked for."""
    if "period" in asked:
        period = Period.read(asked["period"])
    else:
        known = releases.periods(db(), whose)
        if not known:
            raise problems.Problem(404)
        period = known[0]
    if "version" in asked:
        found = releases.version(db(), whose, period, int(asked["version"]))
    else:
        found = releases.newest(db(), whose, period)
    if found is None:
        raise problems.Problem(404)
    return found


def _is_asked(asked: Asked, measure: str, by: Any, *, exact: bool = False) -> bool:
    """Whether a table, or (``exact``) a figure, is among what is asked for. A table holds the
    totals of what it is broken down by."""
    if asked.get("measure", measure) != measure:
        return False
    if "by" not in asked:
        return True
    wanted = set() if asked["by"] == api_query.TOTAL else set(asked["by"].split(","))
    return wanted == set(by) if exact else wanted <= set(by)


def _summary(release: Release) -> shapes.ReleaseSummary:
    period = Period.read(release.period)
    return shapes.ReleaseSummary(
        audience=release.audience,
        period=release.period,
        first_day=period.start,
        last_day=period.end - timedelta(days=1),
        version=release.version,
        made_at=release.made_at,
        threshold=release.threshold,
        digest=release.digest,
        pending_since=release.pending_since.date() if release.pending_since else None,
    )


def _figure(row: Mapping[str, Any]) -> shapes.ShownFigure | shapes.ShownDays | shapes.HiddenFigure:
    """A row of a release; one that is hidden holds no value."""
    measure, by = Measure(row["measure"]), {Dimension(one): row["by"][one] for one in row["by"]}
    if row["value"] is None:
        return shapes.HiddenFigure(measure=measure, by=by)
    if measure is Measure.DAYS:
        return shapes.ShownDays(measure=measure, by=by, value=row["value"], p90=row.get("p90"))
    return shapes.ShownFigure(measure=measure, by=by, value=row["value"])

"""The figures a page shows: counted now for staff, read out of releases for everybody else."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlmodel import col, select

from casework.disclosure.audiences import PUBLIC
from casework.figures import statistics
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Table
from casework.figures.uncounted import Uncounted
from casework.models import Factory, Release
from casework.publication import releases
from translations import is_rtl
from webadmin import figure_words
from webadmin.context import actor, db, now
from webadmin.figure_charts import View
from webadmin.figure_source import LIVE_TABLES, Numbers
from webadmin.i18n import language
from webadmin.statistics_asked import Asked

TREND = 8
"""So many quarters stand beside each other."""
_RECEIVED = (Table(Measure.RECEIVED),)


def view(asked: Asked) -> View | None:
    """What is shown; ``None`` where nothing was released of it."""
    return _live(asked) if asked.live else _released(asked)


def release(asked: Asked) -> Release | None:
    """What was released to a brand: the newest version, or the one that is asked for."""
    if asked.period is None:
        return None
    if asked.version is not None:
        return releases.version(db(), asked.audience, asked.period, asked.version)
    return releases.newest(db(), asked.audience, asked.period)


def numbers_of(one: Release, uncounted: Uncounted) -> Numbers:
    """The figures of a release."""
    period = Period.read(one.period)
    countries = uncounted.countries(period)
    return Numbers.of(period, releases.tables(one), releases.figures(one), countries)


def _live(asked: Asked) -> View | None:
    if asked.period is None:
        return None
    tables = [one for one in LIVE_TABLES if not _fixed(asked) & set(one.by)]
    brand_id = asked.brand.id if asked.brand else None
    uncounted = Uncounted.read(db(), brand_id, asked.scope)

    whole = (asked.period, asked.period.before)[: 1 + asked.compare]
    quarters = quarters_to(asked.period)
    # What is counted whole needs not be counted again as a quarter.
    wanted = {**dict.fromkeys(quarters, _RECEIVED), **dict.fromkeys(whole, tables)}
    sheets = statistics.counts(
        *(db(), wanted.items()),
        brand_id=brand_id,
        scope=asked.scope,
        seen_by=actor(),
        now=now(),
    )
    numbers = {
        period: Numbers.of_sheet(sheet, wanted[period], uncounted.countries(sheet.period))
        for period, sheet in zip(wanted, sheets, strict=True)
    }
    return _view([numbers[one] for one in whole], 0, [numbers[one] for one in quarters])


def quarters_to(period: Period) -> list[Period]:
    """The quarters up to the last day of a period, the oldest first."""
    found = [Period.quarter_of(period.end - timedelta(days=1))]
    while len(found) < TREND:
        found.append(found[-1].before)
    return found[::-1]


def _fixed(asked: Asked) -> set[Dimension]:
    """What is chosen needs no breakdown."""
    return ({Dimension.BRAND} if asked.brand else set()) | (
        {Dimension.SCOPE} if asked.scope else set()
    )


def _released(asked: Asked) -> View | None:
    shown = release(asked)
    if shown is None or asked.period is None:
        return None
    before = releases.newest(db(), asked.audience, asked.period.before) if asked.compare else None
    uncounted = Uncounted.read(db(), asked.brand.id if asked.brand else None, asked.scope)
    found = [numbers_of(one, uncounted) for one in (shown, before) if one]
    quarters = [releases.newest(db(), asked.audience, one) for one in quarters_to(asked.period)]
    trend = [numbers_of(one, uncounted) for one in quarters if one]
    if asked.scope:
        found = [one.within(asked.scope) for one in found]
        trend = [one.within(asked.scope) for one in trend]
    return _view(found, shown.threshold, trend)


def _view(found: Sequence[Numbers], threshold: int, trend: Sequence[Numbers]) -> View:
    names = _factory_names(found)

    def place(dimension: Dimension, value: str) -> str:
        if dimension is Dimension.FACTORY and value in names:
            return names[value]
        return figure_words.value_name(dimension, value)

    return View(
        found[0],
        found[1] if len(found) > 1 else None,
        figure_words.hidden(threshold or PUBLIC.threshold),
        is_rtl(language()),
        place,
        tuple(trend),
    )


def _factory_names(found: Iterable[Numbers]) -> dict[str, str]:
    codes = {
        value
        for numbers in found
        for figure in numbers.figures
        for dimension, value in figure.by
        if dimension is Dimension.FACTORY
    }
    rows = db().exec(select(Factory.code, Factory.name).where(col(Factory.code).in_(codes)))
    return dict(rows.all()) if codes else {}

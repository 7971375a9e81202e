"""The sections of the page of figures: which numbers stand where, under which words."""

from dataclasses import dataclass

from casework.figures.measures import Dimension, Measure
from casework.vocabulary import Promise
from webadmin import figure_grids, figure_words
from webadmin.charts import Chart, Drawing, Row
from webadmin.figure_charts import (
    NOTHING,
    Grid,
    Key,
    View,
    any_numbers,
    per_thousand,
    shares,
)
from webadmin.i18n import gettext as _

_D, _M = Dimension, Measure
_WORKERS_SEE = (
    Promise.ACKNOWLEDGE,
    Promise.FIRST_REPLY,
    Promise.OUTCOME,
    Promise.REMEDY,
    Promise.APPEAL,
)
"""First those that workers wait for; then whatever else was promised."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a sentence below it, and what stands there."""

    name: str
    title: str
    text: str
    keys: tuple[Key, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    grids: tuple[Grid, ...] = ()


def sections(view: View) -> tuple[Section, ...]:
    """The whole page, without sections in which nothing stands."""
    made = (
        _key_figures(view),
        _about(view),
        _where(view),
        _who(view),
        _ended(view),
        _fast(view),
        _open(view),
        _money(view),
        _said(view),
        _reach(view),
    )
    return tuple(one for one in made if one.keys or one.drawings or one.grids)


def drawing(view: View, name: str) -> Drawing | None:
    """The chart of this name; ``None`` where there is none."""
    found = (one for section in sections(view) for one in section.drawings)
    return next((one for one in found if one.chart.name == name), None)


def _kept(*found: Drawing | None) -> tuple[Drawing, ...]:
    return tuple(one for one in found if one)


def _keys(view: View, *measures: Measure) -> tuple[Key, ...]:
    return tuple(key for measure in measures if (key := view.key(measure)))


def _key_figures(view: View) -> Section:
    return Section(
        "key-figures",
        _("Key figures"),
        _(
            "Workers, cases and issues are three different counts: one worker may file two cases, and"
            " one case may hold several issues."
        ),
        _keys(
            view,
            *(_M.RECEIVED, _M.PERSONS, _M.ISSUES, _M.ADMISSIBLE),
            *(_M.DECIDED, _M.OPEN, _M.REMEDIED, _M.RETALIATION),
        ),
        _kept(
            view.trend(
                "quarters",
                _M.RECEIVED,
                _("Cases by quarter"),
                _("Cases received in each quarter, as far as it is over."),
            )
        ),
    )


def _about(view: View) -> Section:
    by_issue = _("Cases received, by the category of their first issue. What is not listed is 0.")
    return Section(
        "about",
        _("What it is about"),
        "",
        drawings=_kept(
            view.chart(
                "topics",
                _M.RECEIVED,
                _D.TOPIC,
                _("Cases by topic"),
                _("Cases received, in seven groups of categories."),
            ),
            view.chart("categories", _M.RECEIVED, _D.CATEGORY, _("Cases by category"), by_issue),
            view.chart(
                "kinds",
                _M.ISSUES,
                _D.KIND,
                _("Issues by kind"),
                _("Each issue of the cases received counts."),
            ),
            view.chart(
                "wages",
                _M.RECEIVED,
                _D.WAGE,
                _("Cases about wages"),
                _("Cases received, by whether they are about wages below a living wage."),
            ),
            view.chart(
                "severity",
                _M.RECEIVED,
                _D.SEVERITY,
                _("Cases by severity"),
                _("Cases received, by how severe they are."),
            ),
        ),
        grids=figure_grids.cross(
            view,
            _D.COUNTRY,
            _D.TOPIC,
            "country-topic",
            _("Countries and topics"),
            _("Cases received, by country and topic."),
        ),
    )


def _where(view: View) -> Section:
    text = _("Cases received. What is not listed is 0.")
    return Section(
        "where",
        _("Where"),
        "",
        drawings=_kept(
            view.chart("brands", _M.RECEIVED, _D.BRAND, _("Cases by brand"), text),
            view.chart("scopes", _M.RECEIVED, _D.SCOPE, _("Cases by scope"), text),
            view.chart("countries", _M.RECEIVED, _D.COUNTRY, _("Cases by country"), text),
            view.chart(
                "tiers",
                _M.RECEIVED,
                _D.TIER,
                _("Cases by tier"),
                _(
                    "Cases received, by how far the factory is from the brand: tier 1 delivers to it."
                ),
            ),
        ),
        grids=figure_grids.factories(view)
        + figure_grids.cross(
            view,
            _D.FACTORY,
            _D.MATTER,
            "factory-matter",
            _("Factories and topics"),
            _(
                "Cases received, by factory, in three groups. They are this wide so that nothing tells"
                " of anybody’s body or union."
            ),
        ),
    )


def _who(view: View) -> Section:
    text = _("Cases received. What is not listed is 0.")
    return Section(
        "who",
        _("Who complained, and how"),
        "",
        drawings=_kept(
            view.chart("channels", _M.RECEIVED, _D.CHANNEL, _("Cases by channel"), text),
            view.chart(
                "languages",
                _M.RECEIVED,
                _D.LANGUAGE,
                _("Cases by language"),
                _("Cases received, by the language of the worker. What is not listed is 0."),
            ),
            view.chart("relations", _M.RECEIVED, _D.RELATION, _("Cases by who filed them"), text),
        ),
    )


def _ended(view: View) -> Section:
    return Section(
        "ended",
        _("How it ended"),
        "",
        drawings=_kept(
            view.chart(
                "outcomes",
                _M.DECIDED,
                _D.OUTCOME,
                _("Cases by outcome"),
                figure_words.meaning(_M.DECIDED),
            )
        ),
    )


def _fast(view: View) -> Section:
    promises = [*_WORKERS_SEE, *(one for one in Promise if one not in _WORKERS_SEE)]
    found = {one: shares(view.now, one) for one in promises}
    rows = any_numbers([Row(_promise(one), found[one]) for one in promises])
    drawings = []
    if rows:
        drawings.append(
            view.draw(
                Chart(
                    "in-time",
                    _("Promises kept in time"),
                    _(
                        "Of 100 promises that were due, how many were kept in time: counted raw, and with"
                        " time in which we waited for the worker and extensions that were approved before"
                        " the promise was due."
                    ),
                    figure_words.dimension_name(_D.PROMISE),
                    (_("Raw"), _("With pauses and extensions")),
                    rows,
                    view.mark,
                    most=100,
                )
            )
        )
    return Section(
        "fast",
        _("How fast"),
        "",
        drawings=tuple(drawings),
        grids=figure_grids.days(view, promises),
    )


def _promise(promise: Promise) -> str:
    return figure_words.value_name(_D.PROMISE, promise.value)


def _open(view: View) -> Section:
    return Section(
        "open",
        _("What is still open"),
        "",
        _keys(view, _M.ZERO_TOLERANCE, _M.OVERDUE),
        _kept(
            view.chart(
                "age", _M.OPEN, _D.AGE, _("Open cases by age"), figure_words.meaning(_M.OPEN)
            )
        ),
    )


def _money(view: View) -> Section:
    return Section("money-paid", _("Money owed and paid"), "", grids=figure_grids.money(view))


def _said(view: View) -> Section:
    return Section(
        "said",
        _("What workers say"),
        "",
        drawings=_kept(
            view.chart(
                "answers",
                _M.ANSWERED,
                _D.ANSWER,
                _("Answers to the outcome"),
                figure_words.meaning(_M.ANSWERED),
            ),
            view.chart(
                "rulings",
                _M.APPEALS,
                _D.RULING,
                _("Disputes and appeals"),
                figure_words.meaning(_M.APPEALS),
            ),
        ),
    )


def _reach(view: View) -> Section:
    keys = _keys(view, _M.SITES, _M.WORKERS, _M.LANGUAGES)
    rate = _rate(view)
    return Section(
        "reach",
        _("Reach"),
        _("Who could complain: whoever works at these factories."),
        (*keys, rate) if rate else keys,
        grids=figure_grids.reach(view),
    )


def _rate(view: View) -> Key | None:
    now = per_thousand(view.now)
    if now is NOTHING:
        return None
    before = per_thousand(view.before) if view.before else None
    return Key(
        _("Cases for each 1,000 workers"),
        now,
        before,
        _(
            "Cases received, divided by the workers at the factories covered, times 1,000. Left out"
            " where the number of workers of a factory is not known."
        ),
    )

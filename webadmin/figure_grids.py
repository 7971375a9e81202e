"""Tables of figures without a chart: several numbers about each factory, country, promise, currency."""

from collections.abc import Sequence

from casework.figures.measures import Dimension, Measure
from casework.vocabulary import Promise
from webadmin import figure_words
from webadmin.charts import Row
from webadmin.figure_charts import Grid, View, ninetieth, ordered, per_thousand, value
from webadmin.i18n import gettext as _

_D, _M = Dimension, Measure


def factories(view: View) -> tuple[Grid, ...]:
    measures = [
        one
        for one in (_M.RECEIVED, _M.ZERO_TOLERANCE, _M.OVERDUE, _M.RETALIATION)
        if view.now.has(one, _D.FACTORY)
    ]
    found = {one: view.now.values(one, _D.FACTORY) for one in measures}
    named = {code: figure for one in reversed(measures) for code, figure in found[one].items()}
    rows = tuple(
        Row(
            view.place(_D.FACTORY, code),
            tuple(value(view.now.one(one, {_D.FACTORY: code})) for one in measures),
        )
        for code in ordered(_D.FACTORY, named, view.place)
    )
    if not rows:
        return ()
    return (
        Grid(
            "factories",
            _("Factories"),
            _("Cases received and retaliation during the period; the others at its end."),
            figure_words.dimension_name(_D.FACTORY),
            tuple(figure_words.measure_name(one) for one in measures),
            rows,
            view.mark,
        ),
    )


def cross(
    view: View, down: Dimension, across: Dimension, name: str, title: str, text: str
) -> tuple[Grid, ...]:
    """Cases received by two dimensions, where that is told of this period."""
    if not view.now.has(_M.RECEIVED, down, across):
        return ()
    rows = []
    columns = figure_words.ORDERS[across]
    for one in ordered(down, view.now.values(_M.RECEIVED, down), view.place):
        cells = (view.now.one(_M.RECEIVED, {down: one, across: each}) for each in columns)
        rows.append(Row(view.place(down, one), tuple(map(value, cells))))
    if not rows:
        return ()
    heads = tuple(figure_words.value_name(across, each) for each in columns)
    head = figure_words.dimension_name(down)
    return (Grid(name, title, text, head, heads, tuple(rows), view.mark),)


def days(view: View, promises: Sequence[Promise]) -> tuple[Grid, ...]:
    rows = []
    for promise in promises:
        at = {_D.PROMISE: promise.value}
        days = view.now.one(_M.DAYS, at)
        if days is None:
            continue
        values = [value(view.now.one(_M.MET, at)), value(days), ninetieth(days)]
        if view.before:
            values.append(value(view.before.one(_M.DAYS, at)))
        rows.append(Row(figure_words.value_name(_D.PROMISE, promise.value), tuple(values)))
    if not rows:
        return ()
    heads = [figure_words.measure_name(_M.MET), _("Median days"), _("90 of 100 within, days")]
    if view.before:
        heads.append(_("Median days, %(period)s") % {"period": view.periods[1]})
    text = _("From the start of a promise until it was kept. Half were kept within the median.")
    head = figure_words.dimension_name(_D.PROMISE)
    return (Grid("days", _("Days"), text, head, tuple(heads), tuple(rows), view.mark),)


def money(view: View) -> tuple[Grid, ...]:
    """What was owed and paid, each currency by itself."""
    measures = [
        one
        for one in (_M.OWED_PERSONS, _M.OWED, _M.PAID_PERSONS, _M.PAID)
        if view.now.has(one, _D.CURRENCY)
    ]
    currencies = sorted(
        {one for measure in measures for one in view.now.values(measure, _D.CURRENCY)}
    )
    rows = tuple(
        Row(code, tuple(value(view.now.one(one, {_D.CURRENCY: code})) for one in measures))
        for code in currencies
    )
    if not rows:
        return ()
    grid = Grid(
        "money",
        _("Money by currency"),
        _("Noted as owed, and paid, during the period. Currencies are never mixed."),
        figure_words.dimension_name(_D.CURRENCY),
        tuple(figure_words.measure_name(one) for one in measures),
        rows,
        view.mark,
    )
    return (grid,)


def reach(view: View) -> tuple[Grid, ...]:
    """Factories, workers and cases of each country."""
    rows = []
    for country in ordered(_D.COUNTRY, view.now.values(_M.SITES, _D.COUNTRY), view.place):
        at = {_D.COUNTRY: country}
        cases, workers = view.now.one(_M.RECEIVED, at), view.now.one(_M.WORKERS, at)
        numbers = (value(view.now.one(_M.SITES, at)), value(workers), value(cases))
        rows.append(
            Row(view.place(_D.COUNTRY, country), (*numbers, per_thousand(view.now, country)))
        )
    heads = (
        figure_words.measure_name(_M.SITES),
        figure_words.measure_name(_M.WORKERS),
        figure_words.measure_name(_M.RECEIVED),
        _("Cases for each 1,000 workers"),
    )
    if not rows:
        return ()
    grid = Grid(
        "reach",
        _("Reach by country"),
        _("Factories and workers as they were at the end of the period."),
        figure_words.dimension_name(_D.COUNTRY),
        heads,
        tuple(rows),
        view.mark,
    )
    return (grid,)

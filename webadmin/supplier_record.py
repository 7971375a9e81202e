"""The record of a supplier: what feeds its rating from A to E, which people set elsewhere."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from casework.figures.measures import Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure
from casework.lifecycle import LEADING
from casework.models import Brand, Factory, Release
from casework.ratings import supplier_record
from casework.ratings.supplier_record import MEASURES, Answers, Record
from casework.taking_in import tables
from casework.vocabulary import Role
from translations import N_
from webadmin import figure_meanings, figure_words
from webadmin.access import allowed
from webadmin.charts import Mark, Value
from webadmin.context import actor, db, me, now
from webadmin.factories import visible_factories, visible_factory
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext
from webadmin.statistics import as_file

blueprint = Blueprint("supplier_record", __name__, url_prefix="/factories")

READERS = (*LEADING, Role.BRAND)

GRADES = (
    (
        "A, B",
        N_(
            "Good. Such a factory is audited every second year, and is trained to look after itself."
            " It is what the programme wants of its strategic partners."
        ),
    ),
    (
        "C",
        N_("The least that is expected of every factory that makes products. Audited every year."),
    ),
    (
        "D, E",
        N_("Below what is expected: the programme says no more of what follows."),
    ),
)
"""The supplier programme in the seed, in our own words: audits by 17 criteria give each supplier a
rating from A to E."""


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the record."""

    name: str
    value: Value
    meaning: str


@blueprint.get("/<code>/record")
@allowed(*READERS)
def show(code: str) -> str:
    """One factory: exact for who leads, out of the newest release for a brand."""
    factory = visible_factory(code)
    release = _release()
    lines, mark = [], None
    if _is_brand() and release is not None:
        mark = figure_words.hidden(release.threshold)
        lines = _released(release, factory.code, mark)
    elif not _is_brand():
        found = supplier_record.records(db(), now(), actor(), factory)[factory.code]
        lines = _exact(found)
    return render_template(
        "supplier_record.html",
        factory=factory,
        exact=not _is_brand(),
        lines=lines,
        mark=mark,
        hides=any(line.value.hidden for line in lines),
        period=figure_words.period_name(Period.read(release.period)) if release else "",
        release=release,
        grades=[(grade, _(text)) for grade, text in GRADES],
    )


@blueprint.get("/records.csv")
@allowed(*READERS)
def rows() -> Response:
    """All factories the reader may see, as a table: what is hidden says so."""
    factories = visible_factories()
    measures = [measure.value for measure in MEASURES]
    if _is_brand():
        release = _release()
        header = ["period", "factory", "name", "country", *measures, "suppressed"]
        lines = [_told_row(release, one) for one in factories] if release else []
        name = f"suppliers-{release.period if release else 'none'}"
    else:
        known = supplier_record.records(db(), now(), actor())
        header = ["factory", "name", "country", *measures, "answer-days", "waiting"]
        lines = [_exact_row(known.get(one.code, Record()), one) for one in factories]
        name = f"suppliers-{now().date()}"
    return as_file(tables.as_csv(header, lines), "text/csv; charset=utf-8", f"{name}.csv")


def _is_brand() -> bool:
    return me().role is Role.BRAND


def _release() -> Release | None:
    """What is released to the reader's brand; nothing for who sees exact numbers."""
    brand = db().get(Brand, me().brand_id) if _is_brand() and me().brand_id else None
    return supplier_record.released(db(), brand.code) if brand else None


def _exact(record: Record) -> list[Line]:
    found = [
        Line(
            _(figure_meanings.MEASURES[measure]),
            _value(record.counts.get(measure, 0)),
            meaning,
        )
        for measure, meaning in _meanings(exact=True).items()
    ]
    return [*found, _time_to_answer(record.answers)]


def _time_to_answer(answers: Answers) -> Line:
    days = answers.median
    said = []
    if days is not None:
        said.append(
            _(
                "Half of what the factory was asked by link in the last twelve months was answered sooner."
            )
        )
    if answers.waiting:
        waiting = ngettext(
            "%(n)s action waits for its answer.",
            "%(n)s actions wait for its answer.",
            answers.waiting,
        )
        said.append(waiting % {"n": figure_words.count(answers.waiting)})
    if not said:
        said.append(_("The factory was asked nothing by link in the last twelve months."))
    text = "–"
    if days is not None:
        text = ngettext("%(n)s day", "%(n)s days", int(days)) % {"n": figure_words.count(days)}
    return Line(_("Time to answer"), Value(days, text), " ".join(said))


def _released(release: Release, code: str, mark: Mark) -> list[Line]:
    told = supplier_record.told(release, code)
    return [
        Line(_(figure_meanings.MEASURES[measure]), _shown(told[measure], mark), meaning)
        for measure, meaning in _meanings(exact=False).items()
    ]


def _meanings(*, exact: bool) -> dict[Measure, str]:
    if not exact:
        return {measure: _(figure_meanings.MEANINGS[measure]) for measure in MEASURES}
    return {
        Measure.ZERO_TOLERANCE: _("Cases open now with an issue for which there is no tolerance."),
        Measure.OVERDUE: _("Cases with an action of the plan whose last day has passed."),
        Measure.RETALIATION: _(
            "Cases of the last twelve months in which somebody said that they were punished for"
            " complaining."
        ),
    }


def _value(count: int) -> Value:
    return Value(count, figure_words.count(count))


def _shown(figure: Figure | None, mark: Mark) -> Value:
    if figure is None or figure.value is None:
        return Value(None, mark.sign, hidden=True)
    return _value(int(figure.value))


def _exact_row(record: Record, factory: Factory) -> list[str]:
    days = record.answers.median
    return [
        factory.code,
        factory.name,
        factory.country,
        *(str(record.counts.get(measure, 0)) for measure in MEASURES),
        "" if days is None else str(days),
        str(record.answers.waiting),
    ]


def _told_row(release: Release, factory: Factory) -> list[str]:
    told = supplier_record.told(release, factory.code)
    shown = [told[measure] for measure in MEASURES]
    hidden = [
        measure.value
        for measure, one in zip(MEASURES, shown, strict=True)
        if one is None or one.value is None
    ]
    return [
        release.period,
        factory.code,
        factory.name,
        factory.country,
        *("" if one is None or one.value is None else str(int(one.value)) for one in shown),
        " ".join(hidden),
    ]

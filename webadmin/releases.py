"""Releases: which past quarters and years are frozen, for whom, and what was corrected since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework import seeing
from casework.errors import BadInput
from casework.figures import figurerows, snapshots
from casework.figures.measures import COUNTED, Counted, Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Key
from casework.lifecycle import LEADING
from casework.models import Brand, Staff
from casework.publication import freezing, frozen, releases
from casework.publication.frozen import Line
from webadmin import figure_words
from webadmin.access import allowed
from webadmin.context import actor, db, now
from webadmin.i18n import gettext as _

blueprint = Blueprint("releases", __name__, url_prefix="/releases")


@dataclass(frozen=True, slots=True)
class Row:
    """A period in the list."""

    period: Period
    name: str
    lines: tuple[Line, ...]

    @property
    def public(self) -> Line:
        """What everybody may read of it: there before any brand's."""
        return self.lines[0]

    @property
    def pending(self) -> bool:
        """Somebody reads of it that there are corrections too small to be shown."""
        return any(one.releases and one.releases[0].pending_since for one in self.lines)

    @property
    def revised(self) -> int:
        """For how many audiences there is more than one version."""
        return sum(len(one.releases) > 1 for one in self.lines)

    @property
    def asked(self) -> bool:
        """It is about to be counted again."""
        return any(one.asked for one in self.lines)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that a later count found otherwise, in words."""

    measure: str
    by: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Recount:
    """A count that differed from the one before it."""

    audience: str
    version: int
    at: datetime
    by: int | None
    changes: tuple[Change, ...]
    """What differs; nothing of it for a reader of whom any case is kept."""


@blueprint.get("")
@allowed(*LEADING)
def index() -> str:
    """Every period that is frozen."""
    quarter, day = freezing.next_at(now())
    rows = [
        Row(period, figure_words.period_name(period), tuple(lines))
        for period, lines in groupby(frozen.lines(db()), key=lambda line: line.period)
    ]
    return render_template(
        "releases.html",
        rows=rows,
        next_name=figure_words.period_name(quarter),
        next_day=day,
        late=freezing.LATE.days,
        again=freezing.AGAIN.days,
    )


@blueprint.get("/<period>")
@allowed(*LEADING)
def show(period: str) -> str:
    """One period: each audience with its versions, and what differed when it was counted again."""
    found = _period(period)
    lines = frozen.lines(db(), found)
    if not lines:
        abort(404)
    exact = seeing.sees_all(db(), actor())
    return render_template(
        "release.html",
        row=Row(found, figure_words.period_name(found), tuple(lines)),
        recounts=_recounts(lines, exact=exact),
        exact=exact,
        brands=dict(db().exec(select(Brand.code, Brand.name)).all()),
        names=dict(db().exec(select(Staff.id, Staff.name)).all()),
        public=releases.PUBLIC,
        year=figure_words.period_name(freezing.year_of(found)),
    )


@blueprint.post("/<period>/recount")
@allowed(*LEADING)
def recount(period: str) -> Response:
    """Have it counted again; the jobs do it."""
    found = _period(period)
    try:
        freezing.ask(db(), found, actor().staff_id, now())
    except BadInput:
        abort(404)
    flash(_("It is counted again by itself, within some minutes. Look again then."))
    return redirect(url_for("releases.show", period=str(found)))


def _period(text: str) -> Period:
    try:
        return Period.read(text)
    except BadInput:
        abort(404)


def _recounts(lines: Sequence[Line], *, exact: bool) -> list[Recount]:
    found = []
    for line in lines:
        if line.counts == 1:
            continue
        for one in snapshots.versions(db(), line.audience, line.period)[:-1]:
            shown = one.changes if exact else []
            changes = tuple(_change(figurerows.key_of(row), row) for row in shown)
            found.append(Recount(line.audience, one.version, one.made_at, one.staff_id, changes))
    return sorted(found, key=lambda one: (one.at, one.version), reverse=True)


def _change(key: Key, row: snapshots.Row) -> Change:
    measure, by = key
    return Change(
        figure_words.measure_name(measure),
        tuple(figure_words.value_name(dimension, value) for dimension, value in by),
        _written(key, row["before"], row.get("before_p90")),
        _written(key, row["after"], row.get("after_p90")),
    )


def _written(key: Key, value: float | None, p90: float | None) -> str:
    measure, by = key
    if value is None:
        return "–"
    if measure is Measure.DAYS and p90 is not None:
        return _("%(median)s (9 of 10 within %(p90)s)") % {
            "median": figure_words.count(value),
            "p90": figure_words.count(p90),
        }
    if COUNTED.get(measure) is Counted.MONEY:
        return figure_words.amount(int(value), dict(by).get(Dimension.CURRENCY, ""))
    return figure_words.count(value)

"""The rating of a brand: own operations and supply chain, what is proved, what is only said, what is
missing; and the category that a person gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import col, or_, select
from werkzeug.wrappers import Response

from casework import places, procedure
from casework.errors import BadInput
from casework.lifecycle import LEADING
from casework.models import Brand, Case, Supply
from casework.publication import releases
from casework.ratings import attesting, judging, methodology, rated
from casework.ratings.methodology import Methodology
from casework.ratings.rated import Rated
from casework.searching import queue
from casework.vocabulary import Channel, Promise, Role, Scope
from translations import babel_locale
from webadmin import dates, labels, rating_supplied, rating_view
from webadmin.access import allowed
from webadmin.context import actor, db, me, now, office
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import language
from webadmin.rating_view import Document, View

blueprint = Blueprint("rating", __name__, url_prefix="/rating")

READERS = (*sorted(LEADING), Role.BRAND)
Answer = str | Response | tuple[str, int]

_YEARS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rating somebody asks for."""

    brand: Brand
    scope: Scope
    year: int
    methodology: Methodology

    def address(self, **other: str | int) -> dict[str, Any]:
        """What stands in an address that asks for the same, but for what is other."""
        return {
            "brand": self.brand.code,
            "scope": self.scope.value,
            "year": self.year,
            "methodology": self.methodology.id,
        } | other


def brands() -> list[Brand]:
    """The brands whose rating the reader may open: all, or the one they work for."""
    listed = [one for one in places.brands(db()) if one.active]
    if me().role is Role.BRAND:
        return [one for one in listed if one.id == me().brand_id]
    return listed


def asked(given: Mapping[str, str] | None = None) -> Asked | None:
    """What the address or a form asks for; ``None`` where there is no brand yet. Another one than
    the reader's own is not found."""
    said = request.args if given is None else given
    listed = brands()
    wanted = said.get("brand")
    brand = next((one for one in listed if wanted in (None, "", one.code)), None)
    if brand is None:
        if wanted:
            abort(404)
        return None
    scopes = scopes_of(brand)
    scope = chosen(Scope, said.get("scope")) or (scopes or (Scope.SUPPLY_CHAIN,))[-1]
    year = said.get("year", "")
    this_year = now().year
    number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else this_year
    if not this_year - 50 <= number <= this_year:
        abort(404)
    name = said.get("methodology") or methodology.names()[0]
    if name not in methodology.names():
        abort(404)
    return Asked(brand, scope, number, methodology.load(name))


def scopes_of(brand: Brand) -> tuple[Scope, ...]:
    """The scopes in which factories work for a brand today."""
    today = now().date()
    wanted = select(Supply.scope).where(
        Supply.brand_id == brand.id,
        Supply.since <= today,
        or_(col(Supply.until).is_(None), col(Supply.until) >= today),
    )
    found = set(db().exec(wanted.distinct()))
    return tuple(one for one in Scope if one in found)


@blueprint.get("")
@allowed(*READERS)
def index() -> Answer:
    """The rating, both scopes beside each other, and one of them question by question."""
    which = asked()
    if which is None:
        return render_template("rating_none.html")
    return _page(which, {}, {})


@blueprint.get("/print")
@allowed(*READERS)
def report() -> Answer:
    """The same on paper: both scopes with all their questions, sources, method and date. Paper leaves
    the house, so it names no case and no number that was not released, whoever prints it."""
    which = asked()
    if which is None:
        return render_template("rating_none.html")
    return render_template("rating_print.html", **_both(which, inside=False))


@blueprint.post("/category")
@allowed(*sorted(LEADING))
def judge() -> Answer:
    """Give a category, on the score that the brand reads at this moment: it is shown to the brand and
    on paper, so it may tell of no case before the figures do."""
    form = typed()
    which = asked(form)
    if which is None:
        abort(404)
    told = releases.told_until(db(), which.brand.code)
    score = _rate(which, which.scope, cases_until=told).result.weighted
    try:
        judging.judge(
            db(),
            which.brand,
            which.scope,
            which.year,
            which.methodology,
            form.get("category", ""),
            form.get("why", ""),
            score,
            by=actor(),
            now=now(),
        )
    except BadInput as error:
        return _page(which, form, {"why": error.remark}), 422
    flash(_("The category is kept, with its reason and the score it was given on."))
    return redirect(url_for("rating.index", **which.address(), _anchor="category"))


def _page(which: Asked, form: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    inside = me().role is not Role.BRAND
    return render_template("rating.html", typed=form, wrong=wrong, **_both(which, inside=inside))


def _both(which: Asked, *, inside: bool) -> dict[str, object]:
    """Both scopes; ``inside``: for who may read cases and exact numbers."""
    views = {scope: _view(which, scope, inside=inside) for scope in Scope}
    judged = {
        scope: judging.judgements(db(), which.brand.id, scope, which.year, which.methodology.id)
        for scope in Scope
    }
    return {
        "asked": which,
        "views": views,
        "view": views[which.scope],
        "judged": judged,
        "requests": {
            scope: attesting.requests(db(), which.brand.id, scope, which.year) for scope in Scope
        },
        "covered": scopes_of(which.brand),
        "brands": brands(),
        "years": [now().year - n for n in range(_YEARS)],
        "methodologies": [methodology.load(name) for name in methodology.names()],
        "may_attest": attesting.may_attest(actor(), which.brand.id),
        "may_judge": me().role in LEADING,
        "score_of": judging.score_of,
        "additions": {
            scope: rating_supplied.additions(db(), one.rated, seen_by=actor() if inside else None)
            for scope, one in views.items()
        },
    }


def _view(which: Asked, scope: Scope, *, inside: bool) -> View:
    # What was not released yet changes nothing here for who is not to know of it.
    told = None if inside else releases.told_until(db(), which.brand.code)
    found = _rate(which, scope, cases_until=told)
    before = _rate(which, scope, which.year - 1, cases_until=told)
    on = found.known.on
    stated = attesting.statements(db(), which.brand.id, scope, which.methodology.id)
    documents = [
        (
            one.row.about,
            Document(
                one.row.id,
                one.row.address,
                one.row.stated_on,
                one.row.expires_on,
                one.person.name,
            ),
        )
        for one in stated
        if one.row.withdrawn_at is None and attesting.as_value(one.row).holds(on)
    ]
    visible = _visible(found) if inside else None
    return rating_view.view(found, before, documents=documents, visible=visible)


def _rate(
    which: Asked, scope: Scope, year: int | None = None, *, cases_until: datetime | None = None
) -> Rated:
    return rated.rate(
        db(),
        which.brand,
        scope,
        year or which.year,
        which.methodology,
        now=now(),
        procedure=procedure.address_of(office().settings),
        cases_until=cases_until,
    )


def _visible(found: Rated) -> frozenset[str]:
    """Of the cases that the evidence names those that the reader may open."""
    named = sorted(rating_view.references(found))
    seen: set[str] = set()
    for start in range(0, len(named), 500):
        some = col(Case.reference).in_(named[start : start + 500])
        seen |= set(db().exec(select(Case.reference).where(some, *queue.visible(actor()))))
    return frozenset(seen)


@blueprint.app_template_filter("score_text")
def _score(value: Fraction | int) -> str:
    """``3.45`` as the reader writes it."""
    hundredths = round(Fraction(value) * 100)
    return str(format_decimal(hundredths / 100, format="0.00", locale=babel_locale(language())))


@blueprint.app_template_filter("channel_label")
def _channel(value: str) -> str:
    found = chosen(Channel, value)
    return labels.label(found) if found else value


@blueprint.app_template_filter("promise_label")
def _promise(value: str) -> str:
    found = chosen(Promise, value)
    return labels.label(found) if found else value


@blueprint.app_template_filter("iso_day")
def _iso_day(value: str) -> str:
    return dates.day(date.fromisoformat(value))


blueprint.add_app_template_filter(rating_supplied.aspect_name, "aspect_name")
blueprint.add_app_template_filter(rating_supplied.stand_name, "stand_name")

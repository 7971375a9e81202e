"""Patterns: which kinds of complaint come from the same factory again and again."""

from flask import Blueprint, abort, render_template, request
from sqlmodel import select

from casework import patterns
from casework.categories import CATEGORIES
from casework.models import Factory
from casework.patterns import WEEKS, Period
from casework.vocabulary import Category
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, now, office
from webadmin.forms import chosen, number

blueprint = Blueprint("patterns", __name__, url_prefix="/patterns")


@blueprint.get("")
@allowed(*HANDLING)
def index() -> str:
    """The most frequent kinds of the last weeks, factory by factory."""
    period = _period()
    return render_template(
        "patterns.html",
        found=patterns.find(db(), actor(), period),
        period=period,
        weeks=WEEKS,
        least=patterns.LEAST,
        usual=office().settings.practice,
    )


@blueprint.get("/<code>")
@allowed(*HANDLING)
def show(code: str) -> str:
    """The cases of one kind at one factory, to be ticked."""
    factory = db().exec(select(Factory).where(Factory.code == code)).first()
    category, kind = chosen(Category, request.args.get("category")), request.args.get("kind", "")
    if factory is None or category is None or kind not in ("", *CATEGORIES[category].kinds):
        abort(404)
    period = _period()
    return render_template(
        "pattern.html",
        rows=patterns.cases_of(db(), actor(), period, factory, category, kind),
        at_most=patterns.LISTED,
        factory=factory,
        category=category,
        kind=kind,
        period=period,
    )


def _period() -> Period:
    weeks = number(request.args.get("weeks"))
    practice = request.args.get("practice")
    usual = office().settings.practice
    return Period(
        weeks=weeks if weeks in WEEKS else WEEKS[1],
        practice=practice == "yes" if practice else usual,
        now=now(),
    )

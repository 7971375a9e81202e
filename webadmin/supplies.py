"""For whom a factory works: add a relation, change or end one."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import factories as casework_factories
from casework import places, ties
from casework.lifecycle import LEADING
from casework.models import Factory, Supply
from webadmin.access import allowed
from webadmin.context import actor, db, now
from webadmin.factories import visible_factory
from webadmin.forms import typed
from webadmin.i18n import gettext as _

blueprint = Blueprint("supplies", __name__, url_prefix="/factories/<code>/brands")

Answer = str | Response | tuple[str, int]


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*LEADING)
def new(code: str) -> Answer:
    """Say that the factory works for a brand."""
    factory = visible_factory(code)
    if request.method == "GET":
        return _page(factory, {"scope": "supply-chain"}, {})
    return _save(factory, typed())


@blueprint.route("/<int:row>", methods=["GET", "POST"])
@allowed(*LEADING)
def edit(code: str, row: int) -> Answer:
    """Change a relation; its brand and first day stay."""
    factory = visible_factory(code)
    found = casework_factories.supplies_of(db(), factory.id)
    supply, brand = next((pair for pair in found if pair[0].id == row), (None, None))
    if supply is None or brand is None:
        abort(404)
    fixed = {"brand": brand.code, "since": supply.since.isoformat()}
    if request.method == "GET":
        values = {
            "scope": supply.scope.value,
            "tier": "" if supply.tier is None else str(supply.tier),
            "until": supply.until.isoformat() if supply.until else "",
        }
        return _page(factory, {**values, **fixed}, {}, supply)
    return _save(factory, {**typed(), **fixed}, supply)


def _save(factory: Factory, form: dict[str, str], supply: Supply | None = None) -> Answer:
    facts = casework_factories.check_supply(form)
    linked = (
        facts if isinstance(facts, dict) else casework_factories.link(db(), factory, facts, now())
    )
    if isinstance(linked, dict):
        return _page(factory, form, linked, supply), 422
    ties.refresh_factories(db(), now(), actor())
    flash(_("Saved."))
    return redirect(url_for("factories.show", code=factory.code))


def _page(
    factory: Factory, form: dict[str, str], wrong: Mapping[str, str], supply: Supply | None = None
) -> str:
    return render_template(
        "supply_form.html",
        factory=factory,
        supply=supply,
        typed=form,
        wrong=wrong,
        brands=places.brands(db()),
    )

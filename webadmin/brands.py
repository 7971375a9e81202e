"""Brands: the list, adding and changing."""

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import col, func, select
from werkzeug.wrappers import Response

from casework import factories as casework_factories
from casework import places
from casework.lifecycle import LEADING
from casework.models import Brand, Supply
from webadmin.access import HANDLING, allowed
from webadmin.context import db, now
from webadmin.forms import typed
from webadmin.i18n import gettext as _

blueprint = Blueprint("brands", __name__, url_prefix="/brands")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@allowed(*HANDLING)
def index() -> str:
    """All brands, with how many factories work for each today."""
    today = now().date()
    ended = col(Supply.until) < today
    working = sa.and_(col(Supply.since) <= today, sa.or_(col(Supply.until).is_(None), ~ended))
    counted = select(Supply.brand_id, func.count(func.distinct(Supply.factory_id))).where(working)
    counts = dict(db().exec(counted.group_by(col(Supply.brand_id))).all())
    return render_template("brands.html", brands=places.brands(db()), counts=counts)


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*LEADING)
def new() -> Answer:
    """Add one."""
    form, wrong = typed(), {}
    if request.method == "POST":
        facts = casework_factories.check_brand(form)
        added = (
            facts if isinstance(facts, dict) else casework_factories.add_brand(db(), *facts, now())
        )
        if isinstance(added, Brand):
            flash(_("The brand is in the list."))
            return redirect(url_for("brands.index"))
        wrong = added
    page = render_template("brand_form.html", brand=None, typed=form, wrong=wrong)
    return (page, 422) if wrong else page


@blueprint.route("/<code>", methods=["GET", "POST"])
@allowed(*LEADING)
def edit(code: str) -> Answer:
    """Change its name. The code stays: exports and imports refer to it."""
    brand = casework_factories.brand_by_code(db(), code)
    if brand is None:
        abort(404)
    form = {**typed(), "code": brand.code}
    if request.method == "GET":
        form["name"] = brand.name
        return render_template("brand_form.html", brand=brand, typed=form, wrong={})
    facts = casework_factories.check_brand(form)
    if isinstance(facts, dict):
        page = render_template("brand_form.html", brand=brand, typed=form, wrong=facts)
        return page, 422
    brand.name, brand.active = facts[1], bool(form.get("active"))
    flash(_("Saved."))
    return redirect(url_for("brands.index"))

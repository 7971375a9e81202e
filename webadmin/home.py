"""The first page: today's work for who handles cases, the factories for who is of a brand."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework import extending, facts, places, today
from casework import staff as people
from casework.lifecycle import HANDLING_ROLES
from casework.vocabulary import Role
from webadmin import labels
from webadmin.access import EVERYBODY, allowed
from webadmin.context import actor, db, me, now, zone

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@allowed(*EVERYBODY)
def index() -> str | Response:
    """What to do today."""
    staff = me()
    if staff.role is Role.BRAND:
        brand = next((b for b in places.brands(db()) if b.id == staff.brand_id), None)
        factories = places.suppliers_of(db(), brand.id) if brand else []
        return render_template("brand_home.html", brand=brand, factories=factories)
    if staff.role is Role.INTERPRETER:
        return redirect(url_for("interpreting.index"))
    if staff.role not in HANDLING_ROLES:
        return render_template("nothing_yet.html")
    sections = today.today(db(), actor(), zone(), now())
    leads = staff.role in (Role.SUPERVISOR, Role.ADMIN)
    return render_template(
        "today.html",
        sections=sections,
        asked=extending.to_decide(db(), actor()) if leads else [],
        hints=labels.WHY_HINTS,
        stands_still_since=None
        if staff.role is Role.HANDLER
        else facts.stands_still_since(db(), now()),
        pool_is_empty=staff.role is not Role.HANDLER and people.pool_is_empty(db()),
        may_change_staff=staff.role is Role.ADMIN,
    )

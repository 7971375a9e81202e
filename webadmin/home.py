"""The first page: today's work for who handles cases, the factories for who is of a brand."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework import facts, places, tasks, unseen
from casework.deadlines import extending
from casework.lifecycle import HANDLING_ROLES
from casework.office import leaves, today
from casework.office import staff as people
from casework.ratings import review_dates
from casework.remedy import verifying
from casework.vocabulary import Role
from webadmin import labels
from webadmin.access import EVERYBODY, allowed
from webadmin.context import actor, db, me, now, zone
from webadmin.reading import reading

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
    if staff.role is Role.AUDITOR:
        return redirect(url_for("audit.index"))
    if staff.role is Role.INTERPRETER:
        return redirect(url_for("interpreting.index"))
    if staff.role not in HANDLING_ROLES:
        return render_template("nothing_yet.html")
    this_day = now().astimezone(zone()).date()
    mine = tasks.mine(db(), actor(), today.end_of_week(zone(), now()).date())
    reading("tasks", *sorted({one.case.id for one in mine}))
    sections = today.today(db(), actor(), zone(), now())
    waiting = verifying.waiting(db(), actor(), this_day)
    leads = staff.role in (Role.SUPERVISOR, Role.ADMIN)
    return render_template(
        "today.html",
        sections=sections,
        mine=mine,
        asked=extending.to_decide(db(), actor()) if leads else [],
        waiting=waiting[: verifying.MOST_WAITING],
        more_waiting=len(waiting) > verifying.MOST_WAITING,
        this_day=this_day,
        hints=labels.WHY_HINTS,
        stands_still_since=None
        if staff.role is Role.HANDLER
        else facts.stands_still_since(db(), now()),
        standing_in=leaves.standing_in(db(), staff.id),
        was_away=staff.away_until is None and leaves.unseen(db(), staff.id) is not None,
        pool_is_empty=staff.role is not Role.HANDLER and people.pool_is_empty(db()),
        reviews_due=review_dates.due(db(), this_day) if leads else [],
        review_actions=review_dates.open_actions(db(), this_day) if leads else [],
        unseen=leads and unseen.by_anybody(db()),
        outside_scopes=leads and unseen.by_handlers(db(), actor()),
        may_change_staff=staff.role is Role.ADMIN,
    )

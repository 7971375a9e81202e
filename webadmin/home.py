"""The first page: today's work for who handles cases, the factories for who is of a brand."""

from flask import Blueprint, render_template

from casework import extending, facts, places, tasks, today
from casework import staff as people
from casework.db import Session
from casework.ids import new_id
from casework.lifecycle import HANDLING_ROLES
from casework.models import AccessLog
from casework.vocabulary import Role
from webadmin import labels
from webadmin.access import EVERYBODY, allowed
from webadmin.context import actor, db, me, now, zone
from webadmin.edge import keep

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@allowed(*EVERYBODY)
def index() -> str:
    """What to do today."""
    staff = me()
    if staff.role is Role.BRAND:
        brand = next((b for b in places.brands(db()) if b.id == staff.brand_id), None)
        factories = places.suppliers_of(db(), brand.id) if brand else []
        return render_template("brand_home.html", brand=brand, factories=factories)
    if staff.role not in HANDLING_ROLES:
        return render_template("nothing_yet.html")
    mine = tasks.mine(db(), actor(), today.end_of_week(zone(), now()).date())
    _note_read(mine)
    sections = today.today(db(), actor(), zone(), now())
    leads = staff.role in (Role.SUPERVISOR, Role.ADMIN)
    return render_template(
        "today.html",
        sections=sections,
        mine=mine,
        on=now().astimezone(zone()).date(),
        asked=extending.to_decide(db(), actor()) if leads else [],
        hints=labels.WHY_HINTS,
        stands_still_since=None
        if staff.role is Role.HANDLER
        else facts.stands_still_since(db(), now()),
        pool_is_empty=staff.role is not Role.HANDLER and people.pool_is_empty(db()),
        may_change_staff=staff.role is Role.ADMIN,
    )


def _note_read(mine: list[tasks.Mine]) -> None:
    """What is to be done was written about cases: who read it is kept, as on their pages."""
    at, reader = now(), me().id
    rows = sorted({one.case.id for one in mine})

    def log(session: Session) -> None:
        for row in rows:
            session.add(AccessLog(id=new_id(at), at=at, staff_id=reader, case_id=row, what="tasks"))

    if rows:
        keep(log)

"""The corrective-action plan on paper: for the operator, or for the factory without the case.

Browsers print the address of a page, so that of the factory's version names no case either.
"""

from flask import Blueprint, abort, render_template
from sqlmodel import col, select
from werkzeug.wrappers import Response

from casework import places
from casework.models import Case, SupplierContact
from casework.remedy import answering, suppliers
from casework.searching import queue
from webadmin import case_head, remedy_view
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import visible
from webadmin.context import actor, db, now
from webadmin.i18n import speak
from webadmin.reading import reading

blueprint = Blueprint("remedy_plan", __name__)


@blueprint.get("/cases/<reference>/remedy/plan")
@allowed(*HANDLING)
def show(reference: str) -> str | Response:
    """For the operator: with the number of the case, and the words of colleagues."""
    case = visible(reference)
    reading("remedy", case.id)
    return render_template(
        "remedy_plan.html", head=case_head.head(case), view=remedy_view.of_case(case)
    )


@blueprint.get("/asked-of/<int:row>")
@allowed(*HANDLING)
def for_factory(row: int) -> str | Response:
    """For one person of the factory, as their link shows it, in their language."""
    wanted = select(SupplierContact).join(Case, col(Case.id) == SupplierContact.case_id)
    contact = db().exec(wanted.where(SupplierContact.id == row, *queue.visible(actor()))).first()
    if contact is None:
        abort(404)
    asked = answering.asked_of(db(), contact.id, now())
    if contact.language:
        speak(contact.language)
    return render_template(
        "remedy_plan_factory.html",
        asked=asked,
        name=suppliers.name(db(), contact),
        factory=places.factory_of(db(), contact.factory_id),
    )

"""Who of a factory is asked to put things right: contacts, and links that open what is asked."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.errors import BadInput, NotAllowed
from casework.models import Case, SupplierContact
from casework.remedy import suppliers
from translations import languages
from webadmin import case_head, remedy
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import stale, visible
from webadmin.context import actor, db, now, office
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.reading import reading

blueprint = Blueprint("remedy_contacts", __name__, url_prefix="/cases/<reference>/remedy/contacts")

Answer = str | Response | tuple[str, int]
Form = Mapping[str, str]


@blueprint.post("")
@allowed(*HANDLING)
def add(reference: str) -> Answer:
    """Add somebody of the factory."""

    def take(case: Case, form: Form) -> Answer:
        spoken = form.get("language", "")
        suppliers.add_contact(
            db(),
            case,
            form.get("name", ""),
            form.get("email", ""),
            form.get("organisation", ""),
            spoken if spoken in languages("webadmin") else "",
            sure=bool(form.get("agreed")),
            by=actor(),
            now=now(),
        )
        flash(_("Added. Now an action of the plan can be addressed to this person."))
        return _back(case)

    return _do(reference, take)


@blueprint.post("/<int:row>/link")
@allowed(*HANDLING)
def link(reference: str, row: int) -> Answer:
    """Make a fresh link and show it: once, because only a hash of it is kept."""

    def take(case: Case, form: Form) -> Answer:
        contact, sure = _contact(case, row), bool(form.get("agreed"))
        token = suppliers.make_link(db(), case, contact, sure=sure, by=actor(), now=now())
        path = url_for("supplier.show", token=token)
        reading("case", case.id)
        return render_template(
            "remedy_link.html",
            head=case_head.head(case),
            name=suppliers.name(db(), contact),
            link=office().settings.public_url + path,
            until=now() + suppliers.LINK_LASTS,
        )

    return _do(reference, take)


@blueprint.post("/<int:row>/revoke")
@allowed(*HANDLING)
def revoke(reference: str, row: int) -> Answer:
    """No link of this person opens any more."""

    def take(case: Case, _form: Form) -> Answer:
        suppliers.revoke(db(), case, _contact(case, row), by=actor(), now=now())
        flash(_("The link is taken back: it opens nothing any more."))
        return _back(case)

    return _do(reference, take)


def _contact(case: Case, row: int) -> SupplierContact:
    contact = suppliers.find(db(), case, row)
    if contact is None:
        abort(404)
    return contact


def _back(case: Case) -> Response:
    return redirect(url_for("remedy.index", reference=case.reference, _anchor="contacts"))


def _do(reference: str, take: Callable[[Case, Form], Answer]) -> Answer:
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return remedy.page(case, form, problem), 409
    try:
        return take(case, form)
    except (BadInput, NotAllowed) as error:
        return remedy.page(case, form, said(error)), 422

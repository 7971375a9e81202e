"""What the list of cases is asked for again and again: save it under a name, share it, remove it."""

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from casework.errors import BadInput
from casework.searching import saved_filters
from webadmin import case_list, case_list_page
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, me, now
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said

blueprint = Blueprint("filters", __name__, url_prefix="/filters")


@blueprint.post("/save")
@allowed(*HANDLING)
def save() -> Response | tuple[str, int]:
    """Keep what the list shows now under a name."""
    form = typed()
    asked = case_list.read(form, me(), now())
    try:
        saved_filters.save(
            db(),
            actor(),
            form.get("name", ""),
            asked.texts,
            shared=bool(form.get("shared")),
            now=now(),
        )
    except BadInput as error:
        return case_list_page.render(asked, form=form, problem=said(error)), 422
    flash(_("The filter is saved."))
    return redirect(asked.address())


@blueprint.post("/<int:row>/remove")
@allowed(*HANDLING)
def remove(row: int) -> Response:
    """Take a filter away: one's own, or as an admin a shared one."""
    if not saved_filters.remove(db(), actor(), row):
        abort(404)
    flash(_("The filter is removed."))
    return redirect(url_for("cases.index"))

"""Who the worker is, where a helper told it: shown on a page of its own, to who says why."""

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from casework import identity
from casework.errors import BadInput
from casework.references import parse_reference
from casework.searching import queue
from casework.vocabulary import SPOKEN
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, now
from webadmin.forms import typed
from webadmin.i18n import said

blueprint = Blueprint("identity", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]


@blueprint.post("/<reference>/identity")
@allowed(*HANDLING)
def show(reference: str) -> Answer:
    """Open it, and write down who did and why: the answer leaves only once that is on disk."""
    case = queue.find(db(), actor(), parse_reference(reference) or "")
    if case is None or case.identity_sealed is None:
        abort(404)
    if not actor().may_identify:
        abort(403)
    reason = typed().get("reason", "")
    try:
        person = identity.show(db(), case, reason, by=actor(), now=now())
    except BadInput as error:
        page = render_template("identity.html", case=case, problem=said(error), spoken=SPOKEN)
        return page, 422
    return render_template("identity.html", case=case, person=person, spoken=SPOKEN)

"""What a handler says about themselves before deciding a case: to have no tie in it, or one."""

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework import conflicts, ties
from casework.errors import BadInput, NotAllowed
from casework.models import Case
from webadmin import case_head
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import page, stale, visible
from webadmin.context import actor, db, now
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.reading import reading

blueprint = Blueprint("case_ties", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]


@blueprint.route("/<reference>/tie", methods=["GET", "POST"])
@allowed(*HANDLING)
def tie(reference: str) -> Answer:
    """Say that one has a tie to somebody in a case: from then on it is not there for them."""
    form = typed()
    case = visible(reference, lock="words" in form)
    if "words" not in form:
        return _of_case(case, {}, {})
    try:
        ties.declare(db(), case, form["words"], by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        return _of_case(case, form, {"words": said(error)}), 422
    flash(_("Declared. You do not see this case any more; somebody else takes it up."))
    return redirect(url_for("cases.index"))


@blueprint.post("/<reference>/declare")
@allowed(*HANDLING)
def declare(reference: str) -> Answer:
    """Sign that one has no tie to anybody in a case."""
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return page(case, form, problem), 409
    conflicts.declare(db(), case, by=actor(), now=now())
    flash(_("Signed: you have no tie to anybody in this case."))
    return redirect(url_for("cases.show", reference=case.reference))


def undeclared(case: Case) -> bool:
    """Whether the reader has still to sign that they have no tie to anybody in a case."""
    known: dict[int, bool] = g.setdefault("recourse_declared", {})
    if case.id not in known:
        known[case.id] = conflicts.has_declared(db(), case, actor())
    return not known[case.id]


def _of_case(case: Case, form: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    reading("case", case.id)
    return render_template(
        "tie_case.html",
        head=case_head.head(case),
        typed=form,
        wrong=wrong,
        words_at_most=ties.WORDS_AT_MOST,
    )

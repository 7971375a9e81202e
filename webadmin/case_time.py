"""What staff do about the clocks of a case: pause them, let them run, ask for more time, decide."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from casework.deadlines import extending, pausing
from casework.errors import BadInput, NotAllowed
from casework.lifecycle import LEADING
from casework.models import Case
from casework.vocabulary import ExtensionReason, PauseReason
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import page, stale, visible
from webadmin.context import actor, db, now
from webadmin.forms import chosen, number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said

blueprint = Blueprint("case_time", __name__, url_prefix="/cases")

Answer = Response | tuple[str, int]
Form = dict[str, str]


@blueprint.post("/<reference>/pause")
@allowed(*HANDLING)
def pause(reference: str) -> Answer:
    """Pause the clocks that may: the case waits for the worker."""

    def take(case: Case, form: Form) -> str:
        reason = chosen(PauseReason, form.get("reason"))
        if reason is None:
            raise BadInput("Choose what the case waits for.")
        pausing.pause(db(), case, reason, by=actor(), now=now())
        return _("The clocks are paused. They run again when the worker writes.")

    return _do(reference, take)


@blueprint.post("/<reference>/resume")
@allowed(*HANDLING)
def resume(reference: str) -> Answer:
    """Let the clocks run again."""

    def take(case: Case, _form: Form) -> str:
        pausing.resume(db(), case, by=actor(), now=now())
        return _("The clocks run again.")

    return _do(reference, take)


@blueprint.post("/<reference>/extension")
@allowed(*HANDLING)
def ask(reference: str) -> Answer:
    """Ask for more time for one promise."""

    def take(case: Case, form: Form) -> str:
        until, reason = _day(form.get("until", "")), chosen(ExtensionReason, form.get("reason"))
        clock, words = number(form.get("clock")), form.get("text", "")
        if reason is None or until is None:
            raise BadInput("Choose a day and a reason.")
        extending.ask(db(), case, clock or 0, until, reason, words, by=actor(), now=now())
        return _("Asked. A supervisor decides; until then the old date holds.")

    return _do(reference, take)


@blueprint.post("/<reference>/extension/<int:row>")
@allowed(*LEADING)
def decide(reference: str, row: int) -> Answer:
    """Give more time, or refuse it."""

    def take(case: Case, form: Form) -> str:
        extension = extending.find(db(), case, row, lock=True)
        if extension is None or form.get("answer") not in ("approve", "refuse"):
            abort(400)
        approve = form["answer"] == "approve"
        extending.decide(db(), case, extension, approve, by=actor(), now=now())
        if not approve:
            return _("Refused. The old date holds, and who asked is told.")
        if case.reporter_id is None:
            return _("Approved. Who asked is told.")
        return _("Approved. The worker is being told the new date and why.")

    return _do(reference, take)


def _do(reference: str, take: Callable[[Case, Form], str]) -> Answer:
    """Take a step on a case if the form still fits it, and say what came of it."""
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return page(case, form, problem), 409
    try:
        done = take(case, form)
    except (BadInput, NotAllowed) as error:
        return page(case, form, said(error)), 422
    flash(done)
    return redirect(url_for("cases.show", reference=case.reference))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

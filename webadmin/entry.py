"""A case taken by phone or in person: its form, the numbers to tell, once more where they were lost,
and what is said later on."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from casework import receipts, taking
from casework.errors import BadInput, NotAllowed
from casework.messaging import reaching
from casework.models import Case
from casework.vocabulary import Action
from webadmin import entry_form
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import page, stale, visible
from webadmin.context import actor, db, me, now, office
from webadmin.forms import chosen, number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said

blueprint = Blueprint("entry", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]

SHOWN = timedelta(minutes=15)
"""So long the secret number can be looked at again by who took the case, in the same browser."""
_KEPT = "entered"


@blueprint.get("/new")
@allowed(*HANDLING)
def new() -> Answer:
    """The form, with the moment of now."""
    return entry_form.render(entry_form.fresh())


@blueprint.post("/new")
@allowed(*HANDLING)
def take() -> Answer:
    """File what was heard."""
    form = typed()
    found = entry_form.read(form, practice=office().settings.practice)
    if isinstance(found, entry_form.Doubts):
        return entry_form.render(form, found), 422
    try:
        filed = taking.take(db(), found, by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        return entry_form.render(form, problem=said(error)), 422
    return _numbers_of(filed.case, filed.secret)


@blueprint.get("/new/numbers")
@allowed(*HANDLING)
def numbers() -> Answer:
    """The two numbers to tell the worker."""
    kept = session.get(_KEPT)
    # Colleagues share browsers: whoever signs in here next has not taken this case.
    if kept is None or kept[3:] != [me().id] or now() - datetime.fromisoformat(kept[2]) > SHOWN:
        session.pop(_KEPT, None)
        return redirect(url_for("cases.index"))
    return render_template("entry_numbers.html", reference=kept[0], secret=kept[1])


@blueprint.post("/new/numbers")
@allowed(*HANDLING)
def hide() -> Answer:
    """The worker has them: the secret number is shown never again."""
    kept = session.pop(_KEPT, None)
    if kept is None:
        return redirect(url_for("cases.index"))
    return redirect(url_for("cases.show", reference=kept[0]))


@blueprint.post("/<reference>/phone")
@allowed(*HANDLING)
def phone(reference: str) -> Answer:
    """Show the worker's number, and write down who asked for it and why."""
    case = visible(reference)
    if case.phone_sealed is None:
        abort(404)
    try:
        shown = reaching.show(db(), case, typed().get("reason", ""), by=actor(), now=now())
    except BadInput as error:
        return render_template("phone.html", case=case, problem=said(error)), 422
    return render_template("phone.html", case=case, number=shown[0], when=shown[1])


@blueprint.post("/<reference>/receipt")
@allowed(*HANDLING)
def receipt(reference: str) -> Answer:
    """A new secret number for a worker who lost the old one: shown like the first."""
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return page(case, form, problem), 409
    try:
        secret = receipts.renew(db(), case, form.get("known", ""), by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        return page(case, form, said(error)), 422
    return _numbers_of(case, secret)


@blueprint.post("/<reference>/told")
@allowed(*HANDLING)
def told(reference: str) -> Answer:
    """Somebody told the worker what was written."""

    def do(case: Case, form: dict[str, str]) -> str:
        until = number(form.get("until")) or 0
        reaching.tell(db(), case, until, by=actor(), now=now())
        return _("Noted: the worker knows it.")

    return _do(reference, do)


@blueprint.post("/<reference>/heard")
@allowed(*HANDLING)
def heard(reference: str) -> Answer:
    """Write down what the worker said."""

    def do(case: Case, form: dict[str, str]) -> str:
        action = chosen(Action, form.get("heard"))
        if action is None:
            raise BadInput("Choose what the worker said.")
        reaching.hear(db(), case, action, form.get("text", ""), by=actor(), now=now())
        return _("Written down as the worker said it.")

    return _do(reference, do)


def _numbers_of(case: Case, secret: str) -> Response:
    session[_KEPT] = [case.reference, secret, now().isoformat(), me().id]
    return redirect(url_for("entry.numbers"))


def _do(reference: str, do: Callable[[Case, dict[str, str]], str]) -> Answer:
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return page(case, form, problem), 409
    try:
        done = do(case, form)
    except (BadInput, NotAllowed) as error:
        return page(case, form, said(error)), 422
    flash(done)
    return redirect(url_for("cases.show", reference=case.reference))

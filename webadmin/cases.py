"""The list of cases, and the steps a handler takes on one."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from casework import cases as casework_cases
from casework.cases import Triage
from casework.categories import CATEGORIES
from casework.errors import BadInput, NotAllowed
from casework.messaging import holding
from casework.models import Case, Staff
from casework.references import parse_reference
from casework.vocabulary import Action, Category, Inadmissible, Referral, Severity
from translations import N_
from webadmin import acts, beside_words, case_list, case_list_page
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import page, stale, visible
from webadmin.context import actor, db, me, now
from webadmin.forms import chosen, number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]

UNSURE = N_("Tick the box to say that you are sure: this step ends the case.")
UNTOLD = N_("Tick the box to say that the factory knows of it: then we begin to ask the worker.")


@blueprint.get("")
@allowed(*HANDLING)
def index() -> Answer:
    """The list, as the address asks for it."""
    if reference := parse_reference(request.args.get("find", "")):
        return redirect(url_for("cases.show", reference=reference))
    asked = case_list.read(request.args, me(), now())
    try:
        return case_list_page.render(asked, request.args.get("page", ""))
    except BadInput:
        return redirect(asked.address())


@blueprint.get("/<reference>")
@allowed(*HANDLING)
def show(reference: str) -> Answer:
    """A case, with all that was said."""
    return page(visible(reference))


@blueprint.post("/<reference>/step")
@allowed(*HANDLING)
def step(reference: str) -> Answer:
    """Take one step: acknowledge, ask, reply, note, or move the case on."""
    case, form = visible(reference, lock=True), typed()
    action = chosen(Action, form.get("action"))
    if action not in casework_cases.EFFECTS:
        abort(400)
    if problem := stale(case, form):
        return page(case, form, problem), 409
    if action in acts.ASKING and not form.get("sure"):
        unsure = UNSURE if action in acts.ENDING else UNTOLD
        return page(case, form, _(unsure)), 422
    try:
        text = form.get("text", "")
        held = holding.step(
            db(),
            case,
            action,
            by=actor(),
            now=now(),
            text=text,
            language=beside_words.written_in(case, form),
            reason=chosen(Inadmissible, form.get("reason")) or chosen(Referral, form.get("reason")),
            declared=bool(form.get("declared")),
        )
    except (BadInput, NotAllowed) as error:
        return page(case, form, said(error)), 422
    if held is not None:
        return redirect(url_for("waiting.show", reference=case.reference, row=held.id))
    return _done(case, action)


@blueprint.post("/<reference>/triage")
@allowed(*HANDLING)
def triage(reference: str) -> Answer:
    """Set severity, issues, flags and summary."""
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return page(case, form, problem), 409
    found = Triage(
        severity=chosen(Severity, form.get("severity")) or case.severity,
        issues=_issues(request.form.getlist("issue")),
        restricted=bool(form.get("restricted")),
        retaliation_risk=bool(form.get("retaliation_risk")),
        summary=form.get("summary", ""),
    )
    try:
        casework_cases.triage(db(), case, found, by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        return page(case, form, said(error)), 422
    if found.restricted and not actor().restricted_pool:
        flash(_("The case is restricted now: only the restricted pool sees it, and takes it over."))
        return redirect(url_for("cases.index"))
    return _done(case, Action.TRIAGE)


@blueprint.post("/<reference>/assign")
@allowed(*HANDLING)
def assign(reference: str) -> Answer:
    """Give the case to somebody, or to nobody."""
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return page(case, form, problem), 409
    row = number(form.get("assignee"))
    to = db().get(Staff, row) if row else None
    if row and to is None:
        abort(400)
    try:
        casework_cases.assign(db(), case, to, by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        return page(case, form, said(error)), 422
    return _done(case, Action.ASSIGN)


def _issues(texts: list[str]) -> tuple[tuple[Category, str], ...]:
    found = []
    for text in texts:
        code, _colon, kind = text.partition(":")
        category = chosen(Category, code)
        if category and (not kind or kind in CATEGORIES[category].kinds):
            found.append((category, kind))
    return tuple(dict.fromkeys(found))


def _done(case: Case, action: Action) -> Response:
    flash(_(acts.DONE_UNTOLD if case.reporter_id is None else acts.DONE[action]))
    return redirect(url_for("cases.show", reference=case.reference))

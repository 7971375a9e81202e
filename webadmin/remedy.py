"""The remedy of a case: its plan, and what is done about each action."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.errors import BadInput, NotAllowed
from casework.models import Case, RemedyAction
from casework.remedy import remedies, verifying
from casework.remedy.remedies import Draft
from casework.vocabulary import Action, RemedyStep
from translations import babel_locale, languages
from webadmin import case_head, remedy_forms, remedy_view
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import stale, visible
from webadmin.context import actor, db, now
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import language, said
from webadmin.reading import reading

blueprint = Blueprint("remedy", __name__, url_prefix="/cases/<reference>/remedy")

Answer = str | Response | tuple[str, int]
Form = Mapping[str, str]


@blueprint.get("")
@allowed(*HANDLING)
def index(reference: str) -> Answer:
    """The plan, the money and the factory's side."""
    return page(visible(reference))


@blueprint.get("/<int:row>")
@allowed(*HANDLING)
def show(reference: str, row: int) -> Answer:
    """One action, with all that happened to it."""
    case = visible(reference)
    return _action_page(case, _action(case, row))


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*HANDLING)
def new(reference: str) -> Answer:
    """Add an action to the plan."""
    case = visible(reference, lock=request.method == "POST")
    if request.method == "GET":
        due_on = remedies.suggested_day(db(), case, now())
        return _form(case, None, {"due_on": due_on.isoformat()}, _all_issues(case))

    def write(draft: Draft) -> RemedyAction:
        return remedies.add(db(), case, draft, by=actor(), now=now())

    return _write(case, None, write, _("The action is in the plan."))


@blueprint.route("/<int:row>/edit", methods=["GET", "POST"])
@allowed(*HANDLING)
def edit(reference: str, row: int) -> Answer:
    """Change an action that is still open."""
    case = visible(reference, lock=request.method == "POST")
    action = _action(case, row)
    if request.method == "GET":
        return _form(case, action, remedy_forms.as_typed(action), action.issues)

    def write(draft: Draft) -> RemedyAction:
        remedies.change(db(), case, action, draft, by=actor(), now=now())
        return action

    return _write(case, action, write, _("Saved."))


@blueprint.post("/<int:row>/step")
@allowed(*HANDLING)
def step(reference: str, row: int) -> Answer:
    """Note that an action is said to be done, is refused, dropped or open again."""

    def take(case: Case, action: RemedyAction, form: Form) -> str:
        wanted = chosen(RemedyStep, form.get("step"))
        if wanted is None:
            abort(400)
        words = form.get("words", "")
        remedies.take(db(), case, action, wanted, words, by=actor(), now=now())
        return _("Saved.")

    return _do(reference, row, take)


@blueprint.post("/<int:row>/verify")
@allowed(*HANDLING)
def verify(reference: str, row: int) -> Answer:
    """Note what somebody found who looked whether it is done."""

    def take(case: Case, action: RemedyAction, form: Form) -> str:
        finding = remedy_forms.finding(form)
        verifying.verify(db(), case, action, finding, by=actor(), now=now())
        return _("Verified.") if finding.done else _("Noted: it is not done, and open again.")

    return _do(reference, row, take)


@blueprint.post("/<int:row>/again")
@allowed(*HANDLING)
def again(reference: str, row: int) -> Answer:
    """Note what somebody found who looked some time after."""

    def take(case: Case, action: RemedyAction, form: Form) -> str:
        if form.get("still_so") not in ("yes", "no"):
            raise BadInput("Say whether it is still so.")
        still_so = form["still_so"] == "yes"
        verifying.look_again(
            db(),
            case,
            action,
            form.get("words", ""),
            still_so=still_so,
            again_on=remedy_forms.day(form.get("again_on")),
            by=actor(),
            now=now(),
        )
        return _("Noted.") if still_so else _("Noted: it is not done, and open again.")

    return _do(reference, row, take)


def page(case: Case, form: Form | None = None, problem: str = "") -> str:
    """The page of the remedy, after a mistake with what was typed."""
    reading("remedy", case.id)
    return render_template(
        "remedy.html",
        head=case_head.head(case),
        view=remedy_view.of_case(case),
        typed=form or {},
        problem=problem,
        money=remedy_view.money_choices(case, babel_locale(language())),
        today=remedy_forms.today(now()),
        spoken=languages("webadmin"),
        propose=Action.PROPOSE_REMEDY,
    )


def _action(case: Case, row: int) -> RemedyAction:
    action = remedies.find(db(), case, row)
    if action is None:
        abort(404)
    return action


def _action_page(
    case: Case, action: RemedyAction, form: Form | None = None, problem: str = ""
) -> str:
    reading("remedy", case.id)
    today = remedy_forms.today(now())
    items = remedy_view.items(case)
    return render_template(
        "remedy_action.html",
        head=case_head.head(case),
        item=next(item for item in items if item.row.id == action.id),
        may=remedy_view.may(case),
        typed=form or {"on": today.isoformat()},
        problem=problem,
        today=today,
        again_on=today + verifying.LOOK_AGAIN_AFTER,
        Step=RemedyStep,
    )


def _form(
    case: Case, action: RemedyAction | None, form: Form, issues: list[str], problem: str = ""
) -> str:
    reading("remedy", case.id)
    return render_template(
        "remedy_form.html",
        head=case_head.head(case),
        action=action,
        typed=form,
        problem=problem,
        issues=remedy_view.issues_of(case),
        chosen=issues,
        people=remedy_view.people(),
        contacts=remedy_view.contacts(case),
    )


def _all_issues(case: Case) -> list[str]:
    return [code for code, _name in remedy_view.issues_of(case)]


def _write(
    case: Case,
    action: RemedyAction | None,
    write: Callable[[Draft], RemedyAction],
    done: str,
) -> Answer:
    form = typed()
    known = dict(remedy_view.issues_of(case))
    issues = [code for code in request.form.getlist("issue") if code in known]
    if problem := stale(case, form):
        return _form(case, action, form, issues, problem), 409
    try:
        written = write(remedy_forms.draft(form, issues))
    except (BadInput, NotAllowed) as error:
        return _form(case, action, form, issues, said(error)), 422
    flash(done)
    return redirect(url_for("remedy.show", reference=case.reference, row=written.id))


def _do(reference: str, row: int, take: Callable[[Case, RemedyAction, Form], str]) -> Answer:
    """Take a step with an action if the form still fits the case, and say what came of it."""
    case, form = visible(reference, lock=True), typed()
    action = _action(case, row)
    if problem := stale(case, form):
        return _action_page(case, action, form, problem), 409
    try:
        done = take(case, action, form)
    except (BadInput, NotAllowed) as error:
        return _action_page(case, action, form, said(error)), 422
    flash(done)
    return redirect(url_for("remedy.show", reference=case.reference, row=action.id))

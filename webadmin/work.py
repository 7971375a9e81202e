"""The page "Work" of a case: findings, forced labour considered, interviews and tasks."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from casework import considering, findings, interviews, issues, tasks
from casework.errors import BadInput, NotAllowed
from casework.findings import Found
from casework.interviews import Talk
from casework.models import Case, Staff, Task
from casework.vocabulary import Finding, Gravity, Meeting, Whom
from webadmin import work_page, work_parties
from webadmin.access import HANDLING, allowed
from webadmin.beside_words import written_in
from webadmin.case_requests import stale, visible
from webadmin.context import actor, db, now, zone
from webadmin.forms import chosen, number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said

blueprint = Blueprint("work", __name__, url_prefix="/cases")

Answer = Response | tuple[str, int]
Form = dict[str, str]


@blueprint.get("/<reference>/work")
@allowed(*HANDLING)
def show(reference: str) -> str:
    """What the handling of a case has come to."""
    return work_page.render(visible(reference))


@blueprint.post("/<reference>/work/issue/<int:row>")
@allowed(*HANDLING)
def find(reference: str, row: int) -> Answer:
    """Keep what was found about an issue."""

    def take(case: Case, form: Form) -> str:
        issue = issues.find(db(), case, row)
        if issue is None:
            raise BadInput("The case is not about this any more.")
        finding = chosen(Finding, form.get("finding"))
        if finding is None:
            raise BadInput("Choose what was found.")
        gravity = chosen(Gravity, form.get("gravity"))
        found = Found(
            finding,
            form.get("reason", ""),
            gravity,
            written_in(case, form),
            form.get("worker_reads", ""),
        )
        declared = bool(form.get("declared"))
        findings.decide(db(), case, issue, found, by=actor(), now=now(), declared=declared)
        return _("The finding is kept. The worker is told with the outcome.")

    return _do(reference, take, "findings")


@blueprint.post("/<reference>/work/forced-labour")
@allowed(*HANDLING)
def consider(reference: str) -> Answer:
    """Say whether this may be forced labour."""

    def take(case: Case, form: Form) -> str:
        if form.get("answer") not in ("yes", "no"):
            raise BadInput("Choose yes or no.")
        yes = form["answer"] == "yes"
        considering.consider(db(), case, yes, form.get("reason", ""), by=actor(), now=now())
        if yes:
            return _("The case is about forced labour now, and critical.")
        return _("Your answer is kept with its reason.")

    return _do(reference, take, "prompts")


@blueprint.post("/<reference>/work/interview")
@allowed(*HANDLING)
def interview(reference: str) -> Answer:
    """Note an interview."""

    def take(case: Case, form: Form) -> str:
        held_on, how = _day(form.get("held_on", "")), chosen(Meeting, form.get("how"))
        choice, _dash, row = form.get("whom", "").partition("-")
        whom = chosen(Whom, choice)
        if held_on is None or how is None or whom is None:
            raise BadInput("Choose with whom, on which day and how.")
        talk = Talk(
            whom,
            held_on,
            how,
            bool(form.get("consent")),
            form.get("words", ""),
            number(row),
            form.get("name", ""),
        )
        today = now().astimezone(zone()).date()
        interviews.note(db(), case, talk, by=actor(), now=now(), today=today)
        return _("The interview is noted. Only colleagues see it.")

    return _do(reference, take, "interviews")


@blueprint.post("/<reference>/work/task")
@allowed(*HANDLING)
def add_task(reference: str) -> Answer:
    """Give somebody a task."""

    def take(case: Case, form: Form) -> str:
        due_on, to = _due(form)
        tasks.add(db(), case, form.get("title", ""), due_on, to, by=actor(), now=now())
        return _("The task is kept.")

    return _do(reference, take, "tasks")


@blueprint.post("/<reference>/work/task/<int:row>")
@allowed(*HANDLING)
def change_task(reference: str, row: int) -> Answer:
    """Another day, or another person."""

    def take(case: Case, form: Form) -> str:
        due_on, to = _due(form)
        tasks.change(db(), case, _task(case, row), due_on, to, by=actor(), now=now())
        return _("The task is changed.")

    return _do(reference, take, "tasks")


@blueprint.post("/<reference>/work/task/<int:row>/done")
@allowed(*HANDLING)
def finish_task(reference: str, row: int) -> Answer:
    """It is done."""

    def take(case: Case, _form: Form) -> str:
        tasks.finish(db(), case, _task(case, row), by=actor(), now=now())
        return _("The task is done.")

    return _do(reference, take, "tasks")


@blueprint.post("/<reference>/work/party")
@allowed(*HANDLING)
def add_party(reference: str) -> Answer:
    """Add a party."""
    return _do(reference, work_parties.add, "parties")


@blueprint.post("/<reference>/work/party/<int:row>")
@allowed(*HANDLING)
def change_party(reference: str, row: int) -> Answer:
    """Put what is known now in place of what was known."""
    return _do(reference, lambda case, form: work_parties.change(case, form, row), "parties")


@blueprint.post("/<reference>/work/party/<int:row>/remove")
@allowed(*HANDLING)
def remove_party(reference: str, row: int) -> Answer:
    """Take a party out of the case."""
    return _do(reference, lambda case, form: work_parties.remove(case, form, row), "parties")


def _do(reference: str, take: Callable[[Case, Form], str], part: str) -> Answer:
    """Take a step on a case if the form still fits it, and say what came of it."""
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return work_page.render(case, form, problem), 409
    try:
        done = take(case, form)
    except (BadInput, NotAllowed) as error:
        return work_page.render(case, form, said(error)), 422
    flash(done)
    return redirect(url_for("work.show", reference=case.reference, _anchor=part))


def _task(case: Case, row: int) -> Task:
    task = tasks.find(db(), case, row)
    if task is None:
        abort(404)
    return task


def _due(form: Form) -> tuple[date, Staff]:
    due_on, row = _day(form.get("due_on", "")), number(form.get("assignee"))
    to = db().get(Staff, row) if row else None
    if due_on is None or to is None:
        raise BadInput("Choose a day and a person.")
    return due_on, to


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""Words to the worker that wait for the worker's version: written, asked for, sent, thrown away."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework.errors import BadInput, NotAllowed
from casework.messaging import holding, interpreting
from casework.models import Case, HeldWords, Staff
from casework.vocabulary import VersionBy
from webadmin import acts, beside_words, case_head
from webadmin import machine as translator
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import visible
from webadmin.context import actor, db, now, office
from webadmin.forms import number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.reading import reading

blueprint = Blueprint("waiting", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]
Form = dict[str, str]


@blueprint.get("/<reference>/waiting/<int:row>")
@allowed(*HANDLING)
def show(reference: str, row: int) -> Answer:
    """What waits, and the ways to the worker's version."""
    case = visible(reference)
    return _page(case, _held(case, row), {})


@blueprint.post("/<reference>/waiting/<int:row>/send")
@allowed(*HANDLING)
def send(reference: str, row: int) -> Answer:
    """Send both versions: with what is typed, or what an interpreter wrote."""

    def take(case: Case, held: HeldWords, form: Form) -> str:
        if "text" in form:
            made_by = VersionBy.MACHINE if form.get("drafted") == "machine" else VersionBy.STAFF
            text = form["text"]
            holding.translate(db(), case, held, text, made_by, by=actor(), now=now())
        holding.release(db(), case, held, by=actor(), now=now())
        return _(acts.DONE[held.action])

    return _do(reference, row, take)


@blueprint.post("/<reference>/waiting/<int:row>/interpreter")
@allowed(*HANDLING)
def ask(reference: str, row: int) -> Answer:
    """Ask an interpreter for the worker's version; it is sent when that is written."""

    def take(case: Case, held: HeldWords, form: Form) -> str:
        to = db().get(Staff, number(form.get("to")) or 0)
        interpreting.ask(db(), case, held, held.language, held.wanted, by=actor(), now=now(), to=to)
        return _("Asked. It is sent to the worker as soon as an interpreter has translated it.")

    return _do(reference, row, take)


@blueprint.post("/<reference>/waiting/<int:row>/machine")
@allowed(*HANDLING)
def machine(reference: str, row: int) -> Answer:
    """Let the translator draft the worker's version: it is shown here, and sent by a person."""
    case = visible(reference)
    held, settings = _held(case, row), office().settings
    if not translator.offered(settings, restricted=case.restricted):
        abort(404)
    reading("translator", case.id)
    try:
        text = translator.translate(settings, holding.words(db(), held), held.language, held.wanted)
    except BadInput as error:
        return _page(case, held, {}, said(error)), 422
    return _page(case, held, {"text": text, "drafted": "machine"})


@blueprint.post("/<reference>/waiting/<int:row>/drop")
@allowed(*HANDLING)
def drop(reference: str, row: int) -> Answer:
    """Throw it away."""

    def take(case: Case, held: HeldWords, form: Form) -> str:
        if not form.get("sure"):
            raise BadInput("Tick the box to say that you are sure: the words are thrown away.")
        holding.drop(db(), case, held, by=actor(), now=now())
        return _("Thrown away. The worker never reads it.")

    return _do(reference, row, take)


def _do(reference: str, row: int, take: Callable[[Case, HeldWords, Form], str]) -> Answer:
    case = visible(reference, lock=True)
    held, form = _held(case, row, lock=True), typed()
    try:
        with db().begin_nested():
            done = take(case, held, form)
    except (BadInput, NotAllowed) as error:
        db().refresh(case)
        return _page(case, held, form, said(error)), 422
    flash(done)
    return redirect(url_for("cases.show", reference=case.reference))


def _held(case: Case, row: int, *, lock: bool = False) -> HeldWords:
    held = holding.find(db(), case, row, lock=lock)
    if held is None:
        abort(404)
    return held


def _page(case: Case, held: HeldWords, form: Form, problem: str = "") -> str:
    reading("waiting", case.id)
    staff = {person.id: person for person in db().exec(select(Staff))}
    settings = office().settings
    one = beside_words.opened(held, staff)
    begun = one.version.words if one.version else holding.begun(db(), held)
    return render_template(
        "case_waiting.html",
        head=case_head.head(case),
        one=one,
        writer_is_me=held.staff_id == actor().staff_id,
        typed={"text": begun} | form,
        problem=problem,
        able=interpreting.able_for(db(), case, held.language, held.wanted),
        machine_at=settings.translator_url
        if translator.offered(settings, restricted=case.restricted)
        else "",
        machine_is_ours=settings.translator_is_ours,
        kept_from_machine=bool(settings.translator_url)
        and not translator.offered(settings, restricted=case.restricted),
    )

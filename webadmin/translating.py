"""One message of the story: its translation, and what a recording says, written beside it."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework.errors import BadInput, NotAllowed
from casework.messaging import interpreting, messages, translating
from casework.messaging.beside import Wording
from casework.models import Attachment, Case, Message, Staff
from casework.vocabulary import FileState, MediaKind, VersionBy, VersionKind
from webadmin import beside_words, case_head
from webadmin import machine as translator
from webadmin.access import HANDLING, allowed
from webadmin.case_page import Said
from webadmin.case_requests import visible
from webadmin.context import actor, db, me, now, office
from webadmin.forms import chosen, number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.reading import reading

blueprint = Blueprint("translating", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]
Form = dict[str, str]

HEARD = frozenset({MediaKind.VOICE, MediaKind.VIDEO})
"""What can be written down."""


@blueprint.get("/<reference>/messages/<int:row>")
@allowed(*HANDLING)
def show(reference: str, row: int) -> Answer:
    """A message, what stands beside it, and the ways to more of that."""
    case = visible(reference)
    return _page(case, _message(case, row), {})


@blueprint.post("/<reference>/messages/<int:row>/words")
@allowed(*HANDLING)
def write(reference: str, row: int) -> Answer:
    """Write a translation, or what a recording says, beside the message."""

    def take(case: Case, message: Message, form: Form) -> str:
        kind = chosen(VersionKind, form.get("kind"))
        if kind is None:
            abort(400)
        is_machine = form.get("drafted") == "machine" and kind is VersionKind.TRANSLATION
        made_by = VersionBy.MACHINE if is_machine else VersionBy.STAFF
        heard = kind is VersionKind.TRANSCRIPT
        language = message.language or case.language if heard else me().language
        wording = Wording(form.get("text", "").strip(), language, made_by, kind)
        translating.put_beside(db(), case, message, wording, by=actor(), now=now())
        return _("Kept beside the message.")

    return _do(reference, row, take)


@blueprint.post("/<reference>/messages/<int:row>/interpreter")
@allowed(*HANDLING)
def ask(reference: str, row: int) -> Answer:
    """Ask an interpreter to translate the message for the reader."""

    def take(case: Case, message: Message, form: Form) -> str:
        to = db().get(Staff, number(form.get("to")) or 0)
        source = message.language or case.language
        interpreting.ask(db(), case, message, source, me().language, by=actor(), now=now(), to=to)
        return _("Asked. The translation will stand beside the message.")

    return _do(reference, row, take)


@blueprint.post("/<reference>/messages/<int:row>/machine")
@allowed(*HANDLING)
def machine(reference: str, row: int) -> Answer:
    """Let the translator draft it: it is shown here, and kept by a person."""
    case = visible(reference)
    message, settings = _message(case, row), office().settings
    text = messages.words(db(), message) or _heard(message)
    if not translator.offered(settings, restricted=case.restricted) or not text:
        abort(404)
    reading("translator", case.id)
    source = message.language or case.language
    try:
        found = translator.translate(settings, text, source, me().language)
    except BadInput as error:
        return _page(case, message, {}, said(error)), 422
    return _page(case, message, {"text": found, "drafted": "machine", "kind": "translation"})


def _heard(message: Message) -> str:
    """What a recording says, where somebody has written it down."""
    found = beside_words.of_message(message, {})
    return next((one.words for one in found if one.version.kind is VersionKind.TRANSCRIPT), "")


def _do(reference: str, row: int, take: Callable[[Case, Message, Form], str]) -> Answer:
    case = visible(reference, lock=True)
    message, form = _message(case, row), typed()
    try:
        done = take(case, message, form)
    except (BadInput, NotAllowed) as error:
        return _page(case, message, form, said(error)), 422
    flash(done)
    return redirect(url_for("cases.show", reference=case.reference, _anchor=f"message-{row}"))


def _message(case: Case, row: int) -> Message:
    message = translating.find(db(), case, row)
    if message is None:
        abort(404)
    return message


def _page(case: Case, message: Message, form: Form, problem: str = "") -> str:
    reading("message", case.id)
    staff = {person.id: person for person in db().exec(select(Staff))}
    settings, source = office().settings, message.language or case.language
    file = db().get(Attachment, message.attachment_id) if message.attachment_id else None
    author = staff.get(message.staff_id or 0)
    may_machine = translator.offered(settings, restricted=case.restricted) and bool(
        messages.words(db(), message) or _heard(message)
    )
    return render_template(
        "case_message.html",
        head=case_head.head(case),
        said=Said(
            message,
            messages.words(db(), message),
            author.name if author else "",
            file,
            beside=beside_words.of_message(message, staff),
        ),
        source=source,
        to=me().language,
        heard=bool(file and file.kind in HEARD and file.state is FileState.STORED),
        asked=interpreting.asked(db(), message_id=message.id),
        typed=form,
        problem=problem,
        able=interpreting.able_for(db(), case, source, me().language),
        machine_at=settings.translator_url if may_machine else "",
        machine_is_ours=settings.translator_is_ours,
        kept_from_machine=bool(settings.translator_url)
        and not translator.offered(settings, restricted=case.restricted),
    )

"""Black out a passage of what was said, destroy a file, and keep a case from being deleted."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework import redacting, retaining
from casework.errors import BadInput, NotAllowed
from casework.lifecycle import LEADING
from casework.messaging import messages
from casework.models import Attachment, Case, Message
from casework.vocabulary import FileState, RedactionReason
from translations import N_
from webadmin import case_head
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import page, stale, visible
from webadmin.context import actor, db, now
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext, said
from webadmin.reading import reading

blueprint = Blueprint("redactions", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]

_UNSURE = N_("Tick the box to say that you are sure: nobody can undo this.")


@blueprint.route("/<reference>/redact/<int:row>", methods=["GET", "POST"])
@allowed(*HANDLING)
def passage(reference: str, row: int) -> Answer:
    """A message, and what of it is to be blacked out."""
    case, message = _found(reference, row)
    form = typed()
    if request.method == "GET":
        return _page(case, message, {"everywhere": "yes"})
    if problem := _hasty(case, form):
        return _page(case, message, form, problem), 422
    try:
        count = redacting.redact(
            db(),
            case,
            message,
            form.get("passage", "")[: redacting.PASSAGE_AT_MOST],
            chosen(RedactionReason, form.get("reason")) or RedactionReason.IDENTIFIES,
            everywhere=bool(form.get("everywhere")),
            by=actor(),
            now=now(),
        )
    except (BadInput, NotAllowed) as error:
        return _page(case, message, form, said(error)), 422
    told = ngettext("Blacked out in %(n)d text.", "Blacked out in %(n)d texts.", count)
    flash(told % {"n": count})
    return redirect(url_for("cases.show", reference=case.reference, _anchor=f"message-{row}"))


@blueprint.post("/<reference>/redact/<int:row>/file")
@allowed(*LEADING)
def file(reference: str, row: int) -> Answer:
    """Destroy the file of a message."""
    case, message = _found(reference, row)
    form = typed()
    if problem := _hasty(case, form):
        return _page(case, message, form, problem), 422
    found = _file(message)
    if found is None:
        abort(404)
    reason = chosen(RedactionReason, form.get("reason")) or RedactionReason.IDENTIFIES
    try:
        redacting.destroy_file(db(), case, found, reason, by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        return _page(case, message, form, said(error)), 422
    flash(_("The file is destroyed."))
    return redirect(url_for("cases.show", reference=case.reference, _anchor=f"message-{row}"))


@blueprint.post("/<reference>/hold")
@allowed(*LEADING)
def hold(reference: str) -> Answer:
    """Keep the words of a case longer than others, or no longer."""
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return page(case, form, problem), 409
    try:
        retaining.hold(db(), case, bool(form.get("on")), by=actor(), now=now())
    except NotAllowed as error:
        return page(case, form, said(error)), 422
    flash(_("The case is kept.") if case.legal_hold else _("The case is no longer kept."))
    return redirect(url_for("cases.show", reference=case.reference))


def _found(reference: str, row: int) -> tuple[Case, Message]:
    case = visible(reference, lock=request.method == "POST")
    message = db().get(Message, row)
    if message is None or message.case_id != case.id or case.words_deleted_at is not None:
        abort(404)
    return case, message


def _file(message: Message) -> Attachment | None:
    if message.attachment_id is None:
        return None
    wanted = select(Attachment).where(
        Attachment.id == message.attachment_id, Attachment.state == FileState.STORED
    )
    return db().exec(wanted).first()


def _hasty(case: Case, form: dict[str, str]) -> str:
    return stale(case, form) or ("" if form.get("sure") else _(_UNSURE))


def _page(case: Case, message: Message, form: dict[str, str], problem: str = "") -> str:
    reading("redaction", case.id)
    return render_template(
        "redact.html",
        head=case_head.head(case),
        message=message,
        words=messages.words(db(), message),
        file=_file(message),
        typed=form,
        problem=problem,
        reasons=tuple(RedactionReason),
        may_destroy=actor().role in LEADING,
    )

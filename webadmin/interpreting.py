"""The interpreter's pages: what waits, one message with nothing of the case around it, and that one
knows the people it is about."""

import io
import mimetypes

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from casework import ties
from casework.errors import BadInput, NotAllowed
from casework.media import attachments
from casework.messaging import holding, interpreting, messages
from casework.models import Attachment, HeldWords, Interpreting, Message
from casework.vocabulary import FileState, MediaKind, Role, VersionBy
from webadmin.access import allowed
from webadmin.context import actor, db, me, now
from webadmin.files import INLINE
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.reading import reading

blueprint = Blueprint("interpreting", __name__, url_prefix="/interpreting")

Answer = str | Response | tuple[str, int]

READ = "interpreting"
"""What the log of who read what calls it."""


@blueprint.get("")
@allowed(Role.INTERPRETER)
def index() -> str:
    """What waits for a translation: from which language, to which, since when."""
    return render_template("interpreting.html", waiting=interpreting.waiting(db(), me()))


@blueprint.get("/<int:row>")
@allowed(Role.INTERPRETER)
def show(row: int) -> Answer:
    """One message, by itself."""
    return _page(_mine(row), {})


@blueprint.get("/<int:row>/file")
@allowed(Role.INTERPRETER)
def file(row: int) -> Response:
    """The recording or picture of that message. Its name says nothing."""
    one = _mine(row)
    _message, found = _message_of(one)
    if found is None or found.state is not FileState.STORED:
        abort(404)
    reading(READ, one.case_id)
    content = b"".join(attachments.content(db(), found))
    suffix = mimetypes.guess_extension(found.mime) or ""
    response = send_file(
        io.BytesIO(content),
        mimetype=found.mime,
        as_attachment=found.mime not in INLINE,
        download_name=f"message{suffix}",
        conditional=True,
        etag=False,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; media-src 'self'; sandbox; frame-ancestors 'none'"
    )
    return response


@blueprint.post("/<int:row>")
@allowed(Role.INTERPRETER)
def done(row: int) -> Answer:
    """The translation: kept beside the message, or sent to the worker if that waited for it."""
    one, form = _mine(row), typed()
    case = interpreting.locked_case(db(), one)
    one, text = _mine(row, lock=True), form.get("text", "")
    try:
        if one.held_id is not None:
            held = db().get_one(HeldWords, one.held_id)
            holding.translate(db(), case, held, text, VersionBy.INTERPRETER, by=actor(), now=now())
            interpreting.finish(one, actor(), now())
            holding.release_by_itself(db(), case, held, now())
        else:
            heard = form.get("heard", "")
            interpreting.done(db(), case, one, text, by=actor(), now=now(), heard=heard)
    except (BadInput, NotAllowed) as error:
        return _page(one, form, said(error)), 422
    flash(_("Thank you. It is handed on, and gone from your page."))
    return redirect(url_for("interpreting.index"))


@blueprint.route("/<int:row>/tie", methods=["GET", "POST"])
@allowed(Role.INTERPRETER)
def tie(row: int) -> Answer:
    """Say that one has a tie to somebody in the case a message belongs to: none of its messages is
    there for one any more, and who handles it asks somebody else."""
    one, form = _mine(row), typed()
    if "words" not in form:
        return _tie_page(one, {})
    case = interpreting.locked_case(db(), one)
    one = _mine(row, lock=True)
    try:
        ties.declare(db(), case, form["words"], by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        return _tie_page(one, form, said(error)), 422
    flash(_("Declared. You do not see this case any more; somebody else takes it up."))
    return redirect(url_for("interpreting.index"))


def _mine(row: int, *, lock: bool = False) -> Interpreting:
    found = interpreting.find(db(), me(), row, lock=lock)
    if found is None:
        abort(404)
    return found


def _message_of(one: Interpreting) -> tuple[Message | None, Attachment | None]:
    message = db().get(Message, one.message_id) if one.message_id else None
    has_file = message is not None and message.attachment_id is not None
    found = db().get(Attachment, message.attachment_id) if message and has_file else None
    return message, found


def _page(one: Interpreting, form: dict[str, str], problem: str = "") -> str:
    reading(READ, one.case_id)
    message, found = _message_of(one)
    if message is not None:
        words = messages.words(db(), message)
    else:
        words = holding.words(db(), db().get_one(HeldWords, one.held_id))
    return render_template(
        "interpreting_one.html",
        one=one,
        words=words,
        file=found,
        heard=bool(found and found.kind in (MediaKind.VOICE, MediaKind.VIDEO)),
        typed=form,
        problem=problem,
    )


def _tie_page(one: Interpreting, form: dict[str, str], problem: str = "") -> str:
    return render_template(
        "interpreting_tie.html",
        one=one,
        typed=form,
        wrong={"words": problem} if problem else {},
        words_at_most=ties.WORDS_AT_MOST,
    )

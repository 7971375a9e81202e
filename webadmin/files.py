"""Workers' files: shown or played in the page where that is safe, offered as a download else."""

import io
import mimetypes

from flask import Blueprint, abort, request, send_file
from sqlmodel import select
from werkzeug.wrappers import Response

from casework.audit import access_log
from casework.media import attachments
from casework.models import Attachment, Case
from casework.searching import queue
from casework.vocabulary import FileState
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, me, now, office

blueprint = Blueprint("files", __name__, url_prefix="/attachments")

INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/ogg",
        "audio/mpeg",
        "audio/mp4",
        "audio/wav",
        "audio/aac",
        "audio/webm",
        "video/mp4",
        "video/webm",
    }
)
"""Types that a browser shows without running anything in them."""

_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; sandbox; frame-ancestors 'none'"


@blueprint.get("/<int:row>")
@allowed(*HANDLING)
def show(row: int) -> Response:
    """A file of a visible case. ``?download`` saves it instead of showing it."""
    found = (
        db()
        .exec(
            select(Attachment, Case)
            .where(Attachment.id == row, Attachment.state == FileState.STORED)
            .join(Case, Attachment.case_id == Case.id)  # type: ignore[arg-type]
            .where(*queue.visible(actor()))
        )
        .first()
    )
    if found is None:
        abort(404)
    file, case = found
    # Every piece that a player asks for is written down: any of them may be the one that is heard.
    _log(case)
    content = b"".join(attachments.content(db(), file))
    inline = file.mime in INLINE and "download" not in request.args
    suffix = mimetypes.guess_extension(file.mime) or ""
    response = send_file(
        io.BytesIO(content),
        mimetype=file.mime,
        as_attachment=not inline,
        download_name=f"{case.reference}-{file.id % 10_000:04}{suffix}",
        conditional=True,
        etag=False,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _log(case: Case) -> None:
    with office().store.writing() as session:
        access_log.note(session, case.id, "attachment", staff_id=me().id, now=now())

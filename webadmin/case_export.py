"""Hands a case over as a sealed file: asked once more, with a reason, its passphrase shown once.

The passphrase is made for the form and comes back with it: it stands in no database and in no log.
"""

import tempfile
from typing import BinaryIO, cast

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from casework import archive, handing_over
from casework.errors import BadInput, NotAllowed
from casework.handing_over import Wish
from casework.lifecycle import LEADING
from casework.models import Case
from translations import N_
from webadmin import case_head
from webadmin.access import allowed
from webadmin.case_requests import visible
from webadmin.context import actor, db, now
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.reading import reading

blueprint = Blueprint("case_export", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]

UNSURE = N_("Tick the box to say that you have written down the passphrase.")
UNEXPLAINED = N_("Say in a few words why they need to know who the worker is.")
_IN_MEMORY = 8 * 1024 * 1024
"""So much of a file waits in memory; a larger one waits sealed on the disk."""


@blueprint.route("/<reference>/export", methods=["GET", "POST"])
@allowed(*LEADING)
def show(reference: str) -> Answer:
    """The form, and the file."""
    if request.method == "GET":
        return _page(visible(reference), {}, archive.new_passphrase())
    case, form = visible(reference, lock=True), typed()
    passphrase = archive.parse_passphrase(form.get("passphrase", ""))
    if passphrase is None:  # never one that somebody thought of
        return _page(case, form, archive.new_passphrase(), _(UNSURE)), 422
    if form.get("sure") != "yes":
        return _page(case, form, passphrase, _(UNSURE)), 422
    why = form.get("identity_reason", "").strip() if form.get("identity") == "yes" else ""
    if form.get("identity") == "yes" and not why:
        return _page(case, form, passphrase, _(UNEXPLAINED)), 422
    wish = Wish(form.get("reason", ""), form.get("notes") == "yes", why)
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  it is sent, then closed
    try:
        sealed = cast(BinaryIO, out)
        handing_over.export(db(), case, wish, sealed, passphrase, by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        out.close()
        return _page(case, form, passphrase, said(error)), 422
    out.seek(0)
    return send_file(
        sealed,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"{case.reference}.rccase",
        max_age=0,
        etag=False,
    )


def _page(case: Case, form: dict[str, str], passphrase: str, problem: str = "") -> str:
    reading("case", case.id)
    return render_template(
        "case_export.html",
        head=case_head.head(case),
        typed=form,
        passphrase=passphrase,
        problem=problem,
    )

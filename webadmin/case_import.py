"""Past cases out of a file: brought, looked at, and taken in: all of it, or the good rows by choice.

Looking reads only: it takes seconds for a long file, and whoever writes meanwhile does not wait. The
file stays sealed until it is imported, thrown away, or a day old.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from casework.lifecycle import LEADING
from casework.models import CaseUpload
from casework.taking_in import importing, letters, pastcases, taking_up, uploads
from casework.taking_in.importing import Plan
from casework.taking_in.pastcases import DateOrder, Reading
from casework.vocabulary import Channel, Finding, Resolution, Severity, Status
from translations import N_
from webadmin.access import allowed
from webadmin.context import actor, db, me, now, office, zone
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext, said

blueprint = Blueprint("case_import", __name__, url_prefix="/cases/import")

Answer = str | Response | tuple[str, int]

ENCODINGS = {
    "utf-8": N_("UTF-8"),
    "utf-16": N_("UTF-16"),
    "cp1252": N_("Western European (Windows)"),
    "cp874": N_("Thai (Windows)"),
    "cp932": N_("Japanese (Shift-JIS)"),
    "gb18030": N_("Chinese, simplified (GB)"),
    "big5": N_("Chinese, traditional (Big5)"),
    "cp949": N_("Korean (Windows)"),
    "cp1258": N_("Vietnamese (Windows)"),
    "cp1251": N_("Cyrillic (Windows)"),
}
ORDERS = {
    DateOrder.ISO: N_("Like 2024-03-31"),
    DateOrder.DMY: N_("Day first: 31/03/2024"),
    DateOrder.MDY: N_("Month first: 03/31/2024"),
}
SHOWN = 200
"""So many problems stand on the page; the file of bad rows has all."""


@blueprint.route("", methods=["GET", "POST"])
@allowed(*LEADING)
def index() -> Answer:
    """Bring a file."""
    problem = ""
    if request.method == "POST":
        file = request.files.get("list")
        raw = file.read(importing.MAX_BYTES + 1) if file and file.filename else b""
        if 0 < len(raw) <= importing.MAX_BYTES:
            upload = uploads.keep(db(), me().id, raw, now())
            upload.dates = (chosen(DateOrder, request.form.get("dates")) or DateOrder.ISO).value
            return redirect(url_for("case_import.show", row=upload.id))
        problem = (
            _("The file is larger than 16 MB. Split it.") if raw else _("Choose a file first.")
        )
    page = render_template(
        "case_import.html",
        problem=problem,
        orders=[(order.value, _(name)) for order, name in ORDERS.items()],
        columns=pastcases.COLUMNS,
        needed=pastcases.NEEDED,
        codes={
            "status": [one.value for one in Status],
            "severity": [one.value for one in Severity],
            "channel": [one.value for one in Channel],
            "finding": [one.value for one in Finding],
            "resolution": [one.value for one in Resolution],
        },
        waiting=uploads.newest(db(), me().id) if not problem else None,
    )
    return (page, 422) if problem else page


@blueprint.get("/<int:row>")
@allowed(*LEADING)
def show(row: int) -> str:
    """What the file would do. Nothing is written."""
    upload = _mine(row)
    plan = _plan(upload)
    return render_template(
        "case_import_plan.html",
        upload=upload,
        plan=plan,
        shown=SHOWN,
        encodings=_encodings(plan),
        orders=[(order.value, _(name)) for order, name in ORDERS.items()],
    )


@blueprint.post("/<int:row>/reading")
@allowed(*LEADING)
def reading(row: int) -> Answer:
    """Say in which letters and with which dates the file is written."""
    upload, form = _mine(row), typed()
    encoding = form.get("encoding", "")
    upload.encoding = encoding if encoding in letters.KNOWN else ""
    upload.dates = (chosen(DateOrder, form.get("dates")) or DateOrder.ISO).value
    return redirect(url_for("case_import.show", row=row))


@blueprint.post("/<int:row>/apply")
@allowed(*LEADING)
def apply(row: int) -> Answer:
    """Import what is good: of a file with problems only where somebody ticked that."""
    upload, form = _mine(row), typed()
    plan = _plan(upload)
    skip_bad = form.get("skip_bad") == "yes"
    if plan.problems and not (skip_bad and plan.readable):
        flash(_("Nothing was imported: tick that the other rows are to be left out."))
        return redirect(url_for("case_import.show", row=row))
    practice = office().settings.practice
    try:
        # Read before, so that others wait for the writing alone.
        with office().store.writing() as session:
            count = taking_up.apply(
                session, plan, by=actor(), now=now(), skip_bad=skip_bad, practice=practice
            )
            if not plan.problems and (done := uploads.of(session, row, me().id)):
                session.delete(done)
    except IntegrityError:
        flash(_("Somebody imported some of these cases meanwhile. Look at the file again."))
        return redirect(url_for("case_import.show", row=row))
    flash(ngettext("%(n)d case imported.", "%(n)d cases imported.", count) % {"n": count})
    if plan.problems:
        return redirect(url_for("case_import.show", row=row))
    return redirect(url_for("cases.index", status="all", sort="received"))


@blueprint.post("/<int:row>/drop")
@allowed(*LEADING)
def drop(row: int) -> Answer:
    """Throw the file away."""
    db().delete(_mine(row))
    flash(_("The file is deleted."))
    return redirect(url_for("case_import.index"))


@blueprint.get("/<int:row>/bad-rows")
@allowed(*LEADING)
def bad_rows(row: int) -> Response:
    """The rows with problems, each with what is wrong, as a file to correct."""
    plan = _plan(_mine(row))
    text = importing.bad_rows(plan, importing.in_one_line(plan, said))
    headers = {"Content-Disposition": "attachment; filename=rows-to-correct.csv"}
    return Response(text, mimetype="text/csv", headers=headers)


def _mine(row: int) -> CaseUpload:
    return uploads.of(db(), row, me().id) or abort(404)


def _plan(upload: CaseUpload) -> Plan:
    how = Reading(zone(), now(), chosen(DateOrder, upload.dates) or DateOrder.ISO)
    return importing.read_cases(uploads.content(db(), upload), db(), how, upload.encoding)


def _encodings(plan: Plan) -> list[tuple[str, str]]:
    """What the letters may be, the likeliest first, each with how a passage would read."""
    if not plan.unsure:
        return [(code, _(name)) for code, name in ENCODINGS.items()]
    return [(one.encoding, _(ENCODINGS[one.encoding])) for one in plan.unsure]

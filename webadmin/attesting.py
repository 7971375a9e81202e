"""Attestations: what people state for a brand, with the address, the date and the archived copy."""

import io
import mimetypes
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from casework.media import attachments
from casework.models import Attachment, AttestedStatement, Brand, Staff
from casework.ratings import attesting
from casework.ratings.attesting import Topic
from casework.vocabulary import RequestsAnswered, Role, Scope
from webadmin import labels
from webadmin.access import allowed
from webadmin.context import actor, db, me, now, zone
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.rating import READERS, Asked, asked

blueprint = Blueprint("attesting", __name__, url_prefix="/rating")

Answer = str | Response | tuple[str, int]


@blueprint.get("/attestations")
@allowed(*READERS)
def index() -> Answer:
    """What was attested in one scope, with what can be and was not."""
    which = _which()
    listed = attesting.statements(db(), which.brand.id, which.scope, which.methodology.id)
    today = _today()
    counting = {
        one.row.id
        for one in listed
        if one.row.withdrawn_at is None and attesting.as_value(one.row).holds(today)
    }
    newest: dict[str, int] = {}
    for one in listed:
        if one.row.id in counting:
            newest.setdefault(one.row.about, one.row.id)
    withdrawers = {one.row.withdrawn_by for one in listed} - {None}
    return render_template(
        "attestations.html",
        asked=which,
        scopes=list(Scope),
        stated=listed,
        topics=attesting.topics(which.methodology),
        by_name={one.about: one for one in attesting.topics(which.methodology)},
        newest=set(newest.values()),
        counting=counting,
        today=today,
        may_attest=attesting.may_attest(actor(), which.brand.id),
        people={row: db().get_one(Staff, row).name for row in withdrawers if row},
    )


@blueprint.route("/attest", methods=["GET", "POST"])
@allowed(*READERS)
def form() -> Answer:
    """State something: choose the rung, name the address and the date, add the archived copy."""
    said = typed()
    which = _which(said if request.method == "POST" else None)
    source = said if request.method == "POST" else request.args
    about = attesting.topic(which.methodology, source.get("about", ""))
    if about is None or not attesting.may_attest(actor(), which.brand.id):
        abort(404)
    if request.method == "GET":
        return _form_page(which, about, {}, {})
    file = request.files.get("file")
    content = file.read() if file and file.filename else None
    checked = attesting.check(about, said, content, _today())
    if isinstance(checked, dict):
        return _form_page(which, about, said, checked), 422
    attesting.attest(
        db(),
        which.brand,
        which.scope,
        which.methodology,
        about,
        checked,
        by=actor(),
        now=now(),
    )
    flash(_("Kept, with the archived copy and its hash."))
    return redirect(url_for("rating.index", **which.address(), _anchor=f"q{about.question.number}"))


@blueprint.route("/attestations/<int:row>/withdraw", methods=["GET", "POST"])
@allowed(*READERS)
def withdraw(row: int) -> Answer:
    """Take one back, after a look at what that means."""
    found = _own(row)
    if found.withdrawn_at is not None:
        abort(404)
    given = {
        "brand": _code(found),
        "scope": found.scope.value,
        "methodology": found.methodology,
    }
    which = _which(given)
    if request.method == "GET":
        about = attesting.topic(which.methodology, found.about)
        return render_template("attestation_withdraw.html", asked=which, one=found, about=about)
    attesting.withdraw(db(), found, by=actor(), now=now())
    flash(_("Withdrawn: it counts for no year any more."))
    return redirect(url_for("attesting.index", **which.address()))


@blueprint.get("/attestations/<int:row>/file")
@allowed(*READERS)
def file(row: int) -> Response:
    """The archived copy, as a download: its SHA-256 is the one that is shown."""
    found = _own(row)
    kept = db().get_one(Attachment, found.attachment_id)
    suffix = mimetypes.guess_extension(kept.mime) or ""
    response = send_file(
        io.BytesIO(b"".join(attachments.content(db(), kept))),
        mimetype=kept.mime,
        as_attachment=True,
        download_name=f"{_code(found)}-{found.about}-{found.stated_on.isoformat()}{suffix}",
        etag=False,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.route("/requests", methods=["GET", "POST"])
@allowed(*READERS)
def requests() -> Answer:
    """How a brand answered those who asked it for information in a year."""
    said = typed()
    which = _which(said if request.method == "POST" else None)
    if not attesting.may_attest(actor(), which.brand.id):
        abort(404)
    answered = chosen(RequestsAnswered, said.get("answered"))
    if request.method == "GET" or answered is None:
        page = render_template(
            "attest_requests.html",
            asked=which,
            noted=attesting.requests(db(), which.brand.id, which.scope, which.year),
            choices=[(one.value, labels.label(one)) for one in RequestsAnswered],
            why_at_most=attesting.WHY_AT_MOST,
            typed=said,
            wrong={}
            if request.method == "GET"
            else {"answered": _("Choose how they were answered.")},
        )
        return page if request.method == "GET" else (page, 422)
    attesting.answer_requests(
        db(),
        which.brand,
        which.scope,
        which.year,
        answered,
        said.get("why", ""),
        by=actor(),
        now=now(),
    )
    flash(_("Noted."))
    return redirect(url_for("rating.index", **which.address(), _anchor="questions"))


def _form_page(
    which: Asked, about: Topic, said: Mapping[str, str], wrong: Mapping[str, str]
) -> str:
    stated = attesting.statements(
        db(), which.brand.id, which.scope, which.methodology.id, about.about
    )
    return render_template(
        "attest_form.html",
        asked=which,
        about=about,
        typed=said,
        wrong=wrong,
        latest=attesting.latest_expiry(_today()),
        today=_today(),
        why_at_most=attesting.WHY_AT_MOST,
        before=next((one for one in stated if one.row.withdrawn_at is None), None),
    )


def _which(given: Mapping[str, str] | None = None) -> Asked:
    which = asked(given)
    if which is None:
        abort(404)
    return which


def _own(row: int) -> AttestedStatement:
    """A statement that the reader may open: of their own brand, or any for who leads."""
    found = db().get(AttestedStatement, row)
    if found is None or (me().role is Role.BRAND and found.brand_id != me().brand_id):
        abort(404)
    return found


def _code(found: AttestedStatement) -> str:
    return db().get_one(Brand, found.brand_id).code


def _today() -> date:
    return now().astimezone(zone()).date()

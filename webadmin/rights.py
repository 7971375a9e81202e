"""Short texts about rights, for a country and a language: writing, publishing, ordering."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import rights
from casework.lifecycle import LEADING
from casework.models import RightsText
from casework.rights import Written
from translations import languages, own_name
from webadmin.access import allowed
from webadmin.context import db, me, now
from webadmin.forms import typed
from webadmin.guidance import known
from webadmin.i18n import gettext as _

blueprint = Blueprint("rights", __name__, url_prefix="/guidance/<country>/rights")

Answer = str | Response | tuple[str, int]


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*LEADING)
def new(country: str) -> Answer:
    """Write one."""
    form = typed()
    if request.method == "GET":
        return _form(known(country), {"language": request.args.get("language", "")}, {})
    text = rights.check_text(form)
    wrong = {} if isinstance(text, Written) else dict(text)
    if form.get("language") not in languages("bot"):
        return _form(known(country), form, {**wrong, "language": _("Choose a language.")}), 422
    if not isinstance(text, Written):
        return _form(known(country), form, wrong), 422
    row = rights.add_text(db(), known(country), form["language"], text, staff_id=me().id, now=now())
    row.published = bool(form.get("published"))
    return _saved(country, row)


@blueprint.route("/<int:row>", methods=["GET", "POST"])
@allowed(*LEADING)
def edit(country: str, row: int) -> Answer:
    """Change one, publish it or take it back."""
    found = _text(country, row)
    if request.method == "GET":
        form = {"title": found.title, "body": found.body, "language": found.language}
        form |= {"published": "yes"} if found.published else {}
        return _form(country, form, {}, found)
    form = {**typed(), "language": found.language}
    text = rights.check_text(form)
    if not isinstance(text, Written):
        return _form(country, form, text, found), 422
    rights.change_text(
        found, text, published=bool(form.get("published")), staff_id=me().id, now=now()
    )
    return _saved(country, found)


@blueprint.post("/<int:row>/up")
@allowed(*LEADING)
def up(country: str, row: int) -> Response:
    """Its button stands before the one it stands behind."""
    rights.move_up(db(), _text(country, row))
    return redirect(url_for("guidance.show", country=country, _anchor="rights"))


@blueprint.post("/<int:row>/delete")
@allowed(*LEADING)
def delete(country: str, row: int) -> Response:
    """Take it away for good."""
    db().delete(_text(country, row))
    flash(_("Deleted."))
    return redirect(url_for("guidance.show", country=country, _anchor="rights"))


def _text(country: str, row: int) -> RightsText:
    found = db().get(RightsText, row)
    if found is None or found.country != country:
        abort(404)
    return found


def _saved(country: str, text: RightsText) -> Response:
    flash(
        _("Saved. Workers can read it from now on.")
        if text.published
        else _("Saved. No worker sees it before you publish it.")
    )
    return redirect(url_for("guidance.show", country=country, _anchor="rights"))


def _form(
    country: str,
    form: dict[str, str],
    wrong: Mapping[str, str],
    text: RightsText | None = None,
) -> str:
    return render_template(
        "rights_form.html",
        country=country,
        text=text,
        typed=form,
        wrong=wrong,
        languages=[(tag, own_name(tag)) for tag in languages("bot")],
        title_at_most=rights.TITLE_AT_MOST,
        body_at_most=rights.BODY_AT_MOST,
    )

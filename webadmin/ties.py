"""Ties to factories and brands: one's own, and those of the office, which somebody else ends."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework import factories as casework_factories
from casework import places, ties
from casework.errors import BadInput, NotAllowed
from casework.lifecycle import LEADING
from casework.models import Brand, Factory
from casework.vocabulary import Role
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, me, now
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.reading import reading

blueprint = Blueprint("ties", __name__)

TIED = (*HANDLING, Role.INTERPRETER)
"""Who declares ties: whoever may come to read what workers say."""

Answer = str | Response | tuple[str, int]


@blueprint.route("/account/ties", methods=["GET", "POST"])
@allowed(*TIED)
def index() -> Answer:
    """One's own ties, and another one to declare: to a factory or a brand."""
    form = typed()
    if "to" not in form:
        return _own({}, {})
    to = _chosen(form["to"])
    if to is None:
        return _own(form, {"to": _("Choose a factory or a brand.")}), 422
    try:
        ties.declare(db(), to, form.get("words", ""), by=actor(), now=now())
    except (BadInput, NotAllowed) as error:
        return _own(form, {"words": said(error)}), 422
    flash(_("Declared. You do not see these cases any more."))
    return redirect(url_for("ties.index"))


@blueprint.get("/team/ties")
@allowed(*LEADING)
def office() -> str:
    """All ties of the office that the reader may know of."""
    found = ties.of_office(db(), actor())
    reading("tie", *(one.case.id for one in found if one.case is not None))
    return render_template("ties_office.html", ties=found)


@blueprint.post("/team/ties/<int:row>/end")
@allowed(*LEADING)
def end(row: int) -> Response:
    """A tie is over: somebody else than who declared it says so."""
    tie = ties.find(db(), actor(), row, lock=True)
    if tie is None:
        abort(404)
    try:
        ties.end(db(), tie, by=actor(), now=now())
    except NotAllowed as error:
        flash(said(error))
        return redirect(url_for("ties.office"))
    flash(_("The tie has ended. The person sees these cases again, as far as their rights go."))
    return redirect(url_for("ties.office"))


def _chosen(text: str) -> Factory | Brand | None:
    kind, _colon, code = text.partition(":")
    if kind == "factory":
        return places.by_code(db(), code)
    return casework_factories.brand_by_code(db(), code) if kind == "brand" else None


def _own(form: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    factories = db().exec(select(Factory).order_by(Factory.name))
    return render_template(
        "ties.html",
        ties=ties.mine(db(), me().id),
        typed=form,
        wrong=wrong,
        brands=places.brands(db()),
        factories=list(factories),
        words_at_most=ties.WORDS_AT_MOST,
    )

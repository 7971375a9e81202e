"""The library of phrases: supervisors and admins write, approve and withdraw them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework.errors import BadInput, NotAllowed
from casework.lifecycle import LEADING
from casework.messaging import phrases
from casework.messaging.phrases import Entry
from casework.models import Staff
from casework.searching.folding import plain
from casework.vocabulary import Hole, Situation
from translations import languages
from webadmin.access import allowed
from webadmin.context import actor, db, me, now
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said

blueprint = Blueprint("phrases", __name__, url_prefix="/phrases")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@allowed(*LEADING)
def index() -> str:
    """All phrases by situation, with how many languages each has and how many are approved."""
    find, situation = request.args.get("find", ""), chosen(Situation, request.args.get("situation"))
    asked, mine = plain(find).split(), me().language
    found = [
        entry
        for entry in phrases.library(db(), withdrawn=True)
        if (situation is None or entry.situation is situation)
        and all(word in plain(entry.read_in(mine).words) for word in asked)
    ]
    return render_template(
        "phrases.html",
        entries=found,
        situations=list(dict.fromkeys(entry.situation for entry in found)),
        reader=mine,
        find=find,
        chosen=situation,
        languages=languages("bot"),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*LEADING)
def new() -> Answer:
    """Begin a phrase, in English."""
    form = typed()
    if request.method == "GET":
        return render_template("phrase_new.html", typed=form, wrong={}, **_limits())
    situation = chosen(Situation, form.get("situation"))
    if situation is None:
        abort(400)
    try:
        row = phrases.add(db(), situation, form.get("words", ""), by=actor(), now=now())
    except BadInput as error:
        wrong = {"words": said(error)}
        return render_template("phrase_new.html", typed=form, wrong=wrong, **_limits()), 422
    flash(_("Saved. Write it in the languages of your workers now."))
    return redirect(url_for("phrases.show", key=row.key))


@blueprint.get("/<key>")
@allowed(*LEADING)
def show(key: str) -> Answer:
    """One phrase in all its languages."""
    return _page(_entry(key))


@blueprint.post("/<key>/<language>")
@allowed(*LEADING)
def write(key: str, language: str) -> Answer:
    """Write it in one language, or approve what is written there."""
    entry, form = _entry(key), typed()
    if language not in languages("bot"):
        abort(404)
    text = entry.texts.get(language)
    words = " ".join(form.get("words", "").split())
    try:
        # Who approves what was changed in the same form has changed it first.
        if text is None or text.words != words:
            phrases.write(db(), key, language, words, by=actor(), now=now())
        phrases.approve(db(), key, language, by=actor(), now=now(), good=bool(form.get("approve")))
    except (BadInput, NotAllowed) as error:
        return _page(entry, language, form, said(error)), 422
    flash(_("Approved.") if form.get("approve") else _("Saved. It is not approved yet."))
    return redirect(url_for("phrases.show", key=key, _anchor=language))


@blueprint.post("/<key>/withdraw")
@allowed(*LEADING)
def withdraw(key: str) -> Response:
    """Take it out of the library, or put it back."""
    entry = _entry(key)
    phrases.withdraw(db(), key, not entry.withdrawn, by=actor(), now=now())
    flash(_("Back in the library.") if entry.withdrawn else _("Nobody is offered it any more."))
    return redirect(url_for("phrases.show", key=key))


def _entry(key: str) -> Entry:
    entry = phrases.find(db(), key)
    if entry is None:
        abort(404)
    return entry


def _page(
    entry: Entry, language: str = "", form: dict[str, str] | None = None, problem: str = ""
) -> str:
    known = languages("bot")
    mine = [tag for tag in (phrases.SOURCE, me().language) if tag in known]
    return render_template(
        "phrase.html",
        phrase=entry,
        order=tuple(dict.fromkeys([*mine, *known])),
        names={person.id: person.name for person in db().exec(select(Staff))},
        typed=form or {},
        wrong_in=language,
        problem=problem,
        reader=me().language,
        **_limits(),
    )


def _limits() -> dict[str, object]:
    return {"at_most": phrases.WORDS_AT_MOST, "holes": list(Hole)}

"""Writing to the worker from phrases: chosen, filled, seen as the worker reads it, then sent."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.errors import BadInput, NotAllowed
from casework.lifecycle import WRITING, moves
from casework.messaging import holding, holes, phrases
from casework.messaging.beside import Wording
from casework.messaging.phrases import Entry
from casework.models import Case
from casework.office import staff as people
from casework.standing import standing
from casework.vocabulary import Action, Hole, Situation, VersionBy
from translations import N_
from webadmin import acts, case_head, phrase_words
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import stale, visible
from webadmin.context import actor, db, me, now
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.reading import reading

blueprint = Blueprint("writing", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]

MOST = 10
"""Phrases in one message."""
_OWN_AT_MOST = 4000

EMPTY = N_("Choose a phrase, or write something in your own words.")
UNFILLED = N_("Fill in what is still open in the phrases.")
LOOK = N_("Look at what the worker will read, then send it.")


class Blank(NamedTuple):
    """A hole of a chosen phrase as the form shows it."""

    field: str
    hole: Hole
    typed: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A chosen phrase, with its holes."""

    entry: Entry
    blanks: tuple[Blank, ...]
    ours: str = field(repr=False)
    """As its reader reads it; what is not filled in yet stands between angle brackets."""
    hers: str = field(repr=False)
    whole: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What is being written: in the writer's language, and as the worker will read it."""

    pieces: tuple[Piece, ...]
    own: str = field(repr=False)
    own_is_hers: bool
    """The own words are in the worker's language."""
    language: str
    """What ``ours`` is written in."""
    checked: bool

    @property
    def ours(self) -> str:
        """The whole letter in the writer's language."""
        return _joined([piece.ours for piece in self.pieces], self.own)

    @property
    def phrases_alone(self) -> str:
        """As far as the phrases go, in the worker's language."""
        return _joined([piece.hers for piece in self.pieces], "")

    @property
    def hers(self) -> str:
        """What the worker reads; ``""`` where somebody has to translate the own words first."""
        if self.own and not self.own_is_hers:
            return ""
        return _joined([piece.hers for piece in self.pieces], self.own)

    @property
    def whole(self) -> bool:
        """Whether nothing is left open."""
        return all(piece.whole for piece in self.pieces)

    @property
    def print(self) -> str:
        """By this a form knows whether what is sent is what was looked at."""
        text = f"{self.ours}\0{self.phrases_alone}\0{self.own_is_hers}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@blueprint.route("/<reference>/write", methods=["GET", "POST"])
@allowed(*HANDLING)
def compose(reference: str) -> Answer:
    """Choose, fill in, look, send. Every button but the last two shows the page again."""
    case = visible(reference, lock=request.method == "POST")
    form = typed()
    keys = request.form.getlist("phrase")[:MOST]
    wish, _colon, of = form.get("do", "").partition(":")
    if wish == "add" and len(keys) < MOST:
        keys.append(of)
    if wish == "drop" and of.isdecimal() and int(of) < len(keys):
        del keys[int(of)]
        form = _moved_up(form, int(of))
    letter = _read(case, keys, form)
    action = chosen(Action, wish)
    if action not in WRITING:
        return _page(case, letter, form, asked=wish in ("look", "add", "drop"))
    if problem := stale(case, form) or _wrong(letter, form):
        return _page(case, letter, form, problem, asked=True), 422
    try:
        held = _send(case, action, letter)
    except (BadInput, NotAllowed) as error:
        return _page(case, letter, form, said(error), asked=True), 422
    if held is not None:
        return redirect(url_for("waiting.show", reference=case.reference, row=held))
    flash(_(acts.DONE[action]))
    return redirect(url_for("cases.show", reference=case.reference))


def _send(case: Case, action: Action, letter: Letter) -> int | None:
    reads, language = None, letter.language
    if not letter.hers:
        language = me().language
    elif not letter.pieces:
        language = case.language
    elif language != case.language:
        made_by = VersionBy.STAFF if letter.own else VersionBy.PHRASES
        reads = Wording(letter.hers, case.language, made_by, checked=letter.checked)
    held = holding.step(
        db(),
        case,
        action,
        by=actor(),
        now=now(),
        text=letter.ours,
        language=language,
        worker_reads=reads,
        begun=letter.phrases_alone,
    )
    return held.id if held else None


def _wrong(letter: Letter, form: dict[str, str]) -> str:
    if not letter.pieces and not letter.own:
        return _(EMPTY)
    if not letter.whole:
        return _(UNFILLED)
    return "" if form.get("looked") == letter.print else _(LOOK)


def _read(case: Case, keys: list[str], form: dict[str, str]) -> Letter:
    known = {entry.key: entry for entry in phrases.library(db())}
    chosen_ones = [known[key] for key in keys if key in known]
    if any(case.language not in entry.texts for entry in chosen_ones):
        abort(400)
    mine = me().language
    # A letter is in one language: where one phrase has not the writer's, all are read in English.
    reader = mine if all(mine in entry.texts for entry in chosen_ones) else phrases.SOURCE
    pieces = [_piece(case, entry, at, reader, form) for at, entry in enumerate(chosen_ones)]
    own = form.get("own", "").strip()[:_OWN_AT_MOST]
    both = (case.language, reader)
    return Letter(
        tuple(pieces),
        own,
        bool(form.get("as_is")) or mine == case.language,
        reader,
        all(entry.texts[tag].checked for entry in chosen_ones for tag in both),
    )


def _piece(case: Case, entry: Entry, at: int, reader: str, form: dict[str, str]) -> Piece:
    blanks, values = [], {}
    for name in entry.holes:
        hole, place = holes.kind(name), f"hole-{at}-{name}"
        text = form.get(place, "")
        value = holes.read(hole, text)
        if value is not None:
            values[name] = value
        wrong = said(holes.SAY[hole]) if text.strip() and value is None else ""
        blanks.append(Blank(place, hole, text, wrong))
    both = []
    for tag in (reader, case.language):
        words = entry.texts[tag].words
        for name in entry.holes:
            if name not in values:
                words = words.replace(f"{{{name}}}", "‹…›")
        both.append(phrase_words.filled(words, values, tag))
    return Piece(entry, tuple(blanks), both[0], both[1], len(values) == len(entry.holes))


def _moved_up(form: dict[str, str], gone: int) -> dict[str, str]:
    """What was typed, with the holes of the phrases behind the one that is gone a place up."""
    found = {}
    for name, text in form.items():
        word, _dash, rest = name.partition("-")
        at, _dash, hole = rest.partition("-")
        if word != "hole" or not at.isdecimal():
            found[name] = text
        elif int(at) != gone:
            found[f"hole-{int(at) - (int(at) > gone)}-{hole}"] = text
    return found


def _joined(pieces: list[str], own: str) -> str:
    return "\n\n".join([*pieces, own] if own else pieces)


def _page(
    case: Case, letter: Letter, form: dict[str, str], problem: str = "", *, asked: bool = False
) -> str:
    library = phrases.library(db())
    situation = chosen(Situation, form.get("situation"))
    found = phrases.offered(
        library,
        case.language,
        me().language,
        situation=situation,
        words=form.get("find", ""),
    )
    open_now = moves(standing(case, actor()), actor().role, now())
    reading("case", case.id)
    return render_template(
        "case_write.html",
        head=case_head.head(case),
        letter=letter,
        shown=asked and bool(letter.pieces or letter.own),
        typed={"as_is": "yes" if case.language in people.spoken(me()) else ""} | form
        if request.method == "GET"
        else form,
        problem=problem,
        offered=found,
        situations=list(dict.fromkeys(entry.situation for entry in found)),
        reader=me().language,
        not_offered=sum(case.language not in entry.texts for entry in library),
        may={action.value for action in WRITING & set(open_now)},
        full=len(letter.pieces) >= MOST,
    )

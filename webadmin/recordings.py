"""Recordings: which sentences of the bot can be heard in a language; adding, playing, deleting."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework.errors import BadInput
from casework.lifecycle import LEADING
from casework.media import recordings
from casework.models import Recording, Staff
from translations import SOURCE_LANGUAGE, languages
from translations.sentences import Sentence, by_key, key_of, spoken
from webadmin.access import allowed
from webadmin.context import db, me, now
from webadmin.forms import number
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext, said

blueprint = Blueprint("recordings", __name__, url_prefix="/recordings")

Answer = str | Response | tuple[str, int]

PER_PAGE = 40
SHOWN = ("all", "missing", "recorded")


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence as the page shows it."""

    sentence: Sentence
    text: str
    recording: Recording | None

    @property
    def reworded(self) -> bool:
        """The sentence was changed in this language after it was recorded."""
        return self.recording is not None and self.recording.wording != key_of(self.text)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what makes no sense in it counts for nothing."""

    language: str
    show: str
    words: str
    page: int

    def address(self, endpoint: str, **more: str | int) -> str:
        """A page of this room that comes back to the same place of the list."""
        kept = {"show": self.show, "find": self.words or None, "page": self.page}
        return url_for(f"recordings.{endpoint}", **{"language": self.language, **kept, **more})  # type: ignore[arg-type]


@blueprint.get("")
@allowed(*LEADING)
def index() -> str:
    """The languages, and how much of each can be heard."""
    found, wanted = recordings.all_keys(db()), _wanted()
    counts = {tag: len(found.get(tag, frozenset()) & wanted) for tag in languages("bot")}
    return render_template("recordings.html", counts=counts, total=len(wanted))


@blueprint.get("/<language>")
@allowed(*LEADING)
def show(language: str) -> str:
    """The sentences of one language, with what is recorded of them."""
    return _page(_asked(language))


@blueprint.post("/<language>/<key>")
@allowed(*LEADING)
def upload(language: str, key: str) -> Answer:
    """Keep the recording of one sentence, instead of the one there was."""
    asked, sentence = _asked(language), _sentence(key)
    file = request.files.get("sound")
    if file is None or not file.filename:
        return _page(asked, {key: _("Choose a file first.")}), 422
    try:
        sound = recordings.check(file.read(recordings.MAX_BYTES + 1))
    except BadInput as error:
        return _page(asked, {key: said(error)}), 422
    wording = sentence.wording_in(language)
    recordings.put(db(), language, key, sound, wording=wording, by=me().id, now=now())
    flash(_("The recording is kept. Workers hear it within half a minute."))
    return redirect(asked.address("show", _anchor=key))


@blueprint.get("/<language>/<key>/sound")
@allowed(*LEADING)
def sound(language: str, key: str) -> Response:
    """The recording, to be played."""
    found = recordings.find(db(), language, key)
    content = recordings.content(db(), found.id) if found else None
    if found is None or content is None:
        abort(404)
    return send_file(io.BytesIO(content), mimetype=found.mime, conditional=True, etag=False)


@blueprint.post("/<language>/<key>/delete")
@allowed(*LEADING)
def delete(language: str, key: str) -> Response:
    """Take a recording away."""
    asked = _asked(language)
    if not recordings.remove(db(), language, key):
        abort(404)
    flash(_("The recording is deleted."))
    return redirect(asked.address("show", _anchor=key))


@blueprint.post("/<language>/outdated")
@allowed(*LEADING)
def tidy(language: str) -> Response:
    """Take away what is not heard any more, because its sentence has changed."""
    asked = _asked(language)
    gone = recordings.remove_others(db(), language, by_key())
    flash(ngettext("%(n)d recording deleted.", "%(n)d recordings deleted.", gone) % {"n": gone})
    return redirect(asked.address("show"))


def _page(asked: Asked, wrong: Mapping[str, str] | None = None) -> str:
    recorded = recordings.of_language(db(), asked.language)
    # The words on buttons come last: they are heard only where a message repeats them.
    ordered = sorted(spoken(), key=lambda sentence: sentence.is_label)
    rows = [Row(one, one.said_in(asked.language), recorded.get(one.key)) for one in ordered]
    fitting = [row for row in rows if _fits(row, asked)]
    pages = max(1, -(-len(fitting) // PER_PAGE))
    page = min(asked.page, pages)
    return render_template(
        "recording_language.html",
        asked=asked,
        rows=fitting[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
        done=sum(row.recording is not None and not row.sentence.is_label for row in rows),
        total=len(_wanted()),
        outdated=len(recorded.keys() - by_key().keys()),
        wrong=wrong or {},
        is_source=asked.language == SOURCE_LANGUAGE,
        people=dict(db().exec(select(Staff.id, Staff.name)).all()),
        accept=",".join(recordings.SUFFIXES),
    )


def _wanted() -> frozenset[str]:
    """The keys of what is worth recording first: whole sentences."""
    return frozenset(sentence.key for sentence in spoken() if not sentence.is_label)


def _fits(row: Row, asked: Asked) -> bool:
    if asked.show != "all" and (row.recording is not None) != (asked.show == "recorded"):
        return False
    wanted = asked.words.casefold()
    return wanted in f"{row.sentence.english}\n{row.text}\n{row.sentence.key}".casefold()


def _asked(language: str) -> Asked:
    if language not in languages("bot"):
        abort(404)
    show, words = request.args.get("show", ""), request.args.get("find", "").strip()[:100]
    page = number(request.args.get("page")) or 1
    return Asked(language, show if show in SHOWN else "all", words, page)


def _sentence(key: str) -> Sentence:
    found = by_key().get(key)
    if found is None:
        abort(404)
    return found

"""The form of a case taken by phone or in person: what it offers, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template
from sqlmodel import col, select

from casework import places
from casework.categories import CATEGORIES
from casework.errors import Remark
from casework.filing import Complaint, Piece
from casework.messaging import reaching
from casework.models import Factory
from casework.taking import AT_MOST_BACK, BY_HAND, Taken
from casework.vocabulary import Category, Channel, Danger, HowMany, Reach, Relation, Since
from translations import languages
from webadmin.context import db, me, now, zone
from webadmin.forms import chosen

_LISTED = 500
"""Factories that the browser offers while one types; any other is found by its name, too."""
_AGREED = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is wrong with the form, and the factories that may be meant."""

    wrong: dict[str, Remark] = field(default_factory=dict)
    factories: tuple[Factory, ...] = ()


def fresh() -> dict[str, str]:
    """An empty form: the call was just now, and who takes it keeps it."""
    return {
        "channel": Channel.PHONE.value,
        "received_at": now().astimezone(zone()).strftime("%Y-%m-%dT%H:%M"),
        "keeps": "yes",
        "words_in": me().language,
    }


def render(form: Mapping[str, str], doubts: Doubts | None = None, problem: str = "") -> str:
    """The page with what was typed."""
    factories = select(Factory.code, Factory.name).where(col(Factory.active).is_(True))
    return render_template(
        "entry.html",
        typed=form,
        wrong=doubts.wrong if doubts else {},
        meant=doubts.factories if doubts else (),
        problem=problem,
        factories=list(db().exec(factories.order_by(Factory.name).limit(_LISTED))),
        tongues=languages("bot"),
        mine=me().language,
        channels=BY_HAND,
        reaches=list(Reach),
        relations=list(Relation),
        dangers=list(Danger),
        sinces=list(Since),
        how_many=list(HowMany),
        categories=CATEGORIES,
        back=AT_MOST_BACK.days,
        number_at_most=reaching.NUMBER_AT_MOST,
        when_at_most=reaching.WHEN_AT_MOST,
    )


def read(form: Mapping[str, str], *, practice: bool) -> Taken | Doubts:
    """What was heard, or what is still to be said."""
    channel, reach = chosen(Channel, form.get("channel")), chosen(Reach, form.get("reach"))
    language, words_in = form.get("language", ""), form.get("words_in", "")
    received = _moment(form.get("received_at", ""))
    category, kind = _about(form.get("about", ""))
    words = form.get("words", "").strip()
    factory, factory_words, meant = _factory(form)
    missing = {
        "channel": channel is None,
        "received_at": received is None,
        "language": language not in languages("bot"),
        "reach": reach is None,
        "about": category is None and not words,
        "factory": bool(meant),
    }
    wrong = {name: _SAY[name] for name, bad in missing.items() if bad}
    if wrong or channel is None or reach is None or received is None:
        return Doubts(wrong, meant)
    relation = chosen(Relation, form.get("relation"))
    complaint = Complaint(
        pieces=(Piece(words),) if words else (),
        factory=factory,
        factory_words=factory_words,
        category=category,
        kind=kind,
        relation=relation,
        danger=chosen(Danger, form.get("danger")),
        since=chosen(Since, form.get("since")),
        how_many=chosen(HowMany, form.get("how_many")),
        agreed=_AGREED.get(form.get("agreed", "")),
        practice=practice,
    )
    return Taken(
        complaint=complaint,
        channel=channel,
        language=language,
        words_language=me().language if words_in == me().language else language,
        received_at=received,
        reach=reach,
        agreed_to_notes=bool(form.get("consent")),
        phone=form.get("phone", ""),
        when=form.get("when", ""),
        keeps=bool(form.get("keeps")),
    )


_SAY = {
    "channel": Remark("Say whether it was a call or a talk."),
    "received_at": Remark("Write when it was: day and time."),
    "language": Remark("Choose the language the worker reads and speaks best."),
    "reach": Remark("Ask the worker how we may reach them, and choose it."),
    "about": Remark("Choose what it is about, or write down what the worker said."),
    "factory": Remark("Which factory is meant? Choose one of these, or keep the worker’s words."),
}


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone())
    except ValueError:
        return None


def _about(text: str) -> tuple[Category | None, str]:
    code, _colon, kind = text.partition(":")
    category = chosen(Category, code)
    return category, kind if category and kind in CATEGORIES[category].kinds else ""


def _factory(form: Mapping[str, str]) -> tuple[Factory | None, str, tuple[Factory, ...]]:
    """The factory, or the worker's words for it, or which ones may be meant."""
    text, picked = form.get("factory", "").strip(), form.get("factory_code", "")
    if not text:
        return None, "", ()
    if picked == "words":
        return None, text, ()
    if picked and (known := places.by_code(db(), picked)):
        return known, "", ()
    found = places.find(db(), text)
    if found.exact:
        return found.factories[0], "", ()
    return None, text, found.factories

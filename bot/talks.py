"""Conversations in the database: found by address, locked, opened, and sealed again.

Who writes takes the locks in one order, reporters by their ids, so that two processes never wait
for each other.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import col, select

from bot import chatjson
from bot.doors import Incoming
from bot.rendering import Button, Rendered, Voice
from bot.turns import Chat, Draft
from casework import cases
from casework.db import Session
from casework.ids import new_id
from casework.models import Conversation, Reporter
from casework.vault import Unsealable
from casework.vocabulary import Channel
from translations import SOURCE_LANGUAGE, match

_TRANSCRIPT = 60
"""Messages of a web chat that its page still shows."""

UNREADABLE = (Unsealable, ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""What ``load`` raises: another key, a damaged row, or a form this version does not know."""

# Written by the table, not by the class: a session would first look at each row by itself.
_TABLE = Conversation.metadata.tables["conversation"]
_CHANGE = _TABLE.update().where(_TABLE.c.reporter_id == sa.bindparam("whose"))

Place = tuple[Channel, bytes]
"""A channel, and the keyed hash by which an address is found again."""


class Spoken(NamedTuple):
    """One message on the page of a web chat: who ("me" or "you"), what, and what is heard."""

    who: str
    text: str
    voices: tuple[Voice, ...] = ()


@dataclass(slots=True)
class Talk:
    """An open conversation."""

    reporter: Reporter
    chat: Chat
    said: list[Rendered] = field(default_factory=list)
    """What was said for the newest batch, to be said again if it is delivered again."""
    keys: list[str] = field(default_factory=list)
    """The updates that ``said`` answers."""
    transcript: list[Spoken] = field(default_factory=list)
    """The web chat's page."""
    owed: bool = False
    """What was said did not get through: it is still to be said (``bot.unasked``)."""
    replied: bool = False
    """Something is to be said for the batch that is taken in now."""
    stored: bool = False
    """Whether it has a row already."""
    quiet_since: datetime | None = None
    """When she last did something here."""
    gone: bool = False
    """She was forgotten just now: there is nobody to save it for."""


def place_of(session: Session, channel: Channel, address: str) -> Place:
    return channel, session.vault.index(f"address.{channel.value}", address)


def open_all(
    session: Session,
    wanted: Mapping[Place, Incoming],
    now: datetime,
    *,
    begin: Collection[Place],
    anew: bool = False,
) -> dict[Place, Talk]:
    """The conversations of all who sent something, locked; where there is none, and for one of
    ``begin``, it is begun.

    With ``anew``, what can't be read begins from the start instead of raising.
    """
    statement = (
        select(Reporter, Conversation.sealed, Conversation.updated_at)
        .join(Conversation, col(Conversation.reporter_id) == col(Reporter.id))
        .where(sa.tuple_(col(Reporter.channel), col(Reporter.address_index)).in_(list(wanted)))
        .order_by(col(Reporter.id))
        # A handler's reply refers to the reporter while she writes: that must not wait for us.
        .with_for_update(key_share=True)
    )
    talks: dict[Place, Talk] = {}
    for reporter, sealed, talked_at in session.exec(statement):
        talk = (
            load_or_begin_anew(session, reporter, sealed)
            if anew
            else load(session, reporter, sealed)
        )
        talk.quiet_since = talked_at
        talks[reporter.channel, reporter.address_index] = talk
    missing = [place for place in wanted if place not in talks and place in begin]
    if missing:
        known = _without_conversation(session, missing)
        for place in missing:
            reporter = known.get(place) or _meet(session, wanted[place], place, now)
            talks[place] = Talk(reporter, Chat(channel=place[0], language=reporter.language))
        # Whatever else is written for somebody new refers to her row.
        session.flush()
    return talks


def lock(session: Session, reporter: Reporter) -> Talk:
    """The conversation of one reporter as it stands now, for changing it."""
    sealed = session.exec(
        select(Conversation.sealed)
        .where(Conversation.reporter_id == reporter.id)
        .with_for_update(key_share=True)
    ).first()
    if sealed is None:
        return Talk(reporter, Chat(channel=reporter.channel, language=reporter.language))
    return load(session, reporter, sealed)


def load(session: Session, reporter: Reporter, sealed: bytes) -> Talk:
    """Open a sealed conversation; ``Unsealable`` or another error where it can't be read."""
    saved = json.loads(session.vault.open("conversation", "sealed", reporter.id, sealed))
    return Talk(
        reporter=reporter,
        chat=chatjson.load(saved["chat"].encode()),
        said=[_rendered(entry) for entry in saved["said"]],
        keys=saved["keys"],
        transcript=[_spoken(*entry) for entry in saved["transcript"]],
        owed=saved.get("owed", False),
        stored=True,
    )


def load_or_begin_anew(session: Session, reporter: Reporter, sealed: bytes) -> Talk:
    """``load``, or where that fails the start of a conversation: she must be able to go on.

    Her cases are not touched. An unfinished complaint is lost with what can't be read.
    """
    try:
        return load(session, reporter, sealed)
    except UNREADABLE:
        filed = bool(cases.of_reporter(session, reporter.id))
        chat = Chat(
            "home" if filed else "language", reporter.language, reporter.channel, filed=filed
        )
        return Talk(reporter, chat, stored=True)


def save(session: Session, talks: Iterable[Talk], now: datetime, *, by_her: bool = True) -> None:
    """Write down where the conversations stand: one statement for all that have a row, and one for
    the others. What was not done ``by_her`` does not prolong the life of an unfinished complaint.
    """
    changed: list[dict[str, object]] = []
    new: list[dict[str, object]] = []
    for talk in talks:
        row = _row(session, talk)
        if by_her or not talk.stored:
            row |= {"updated_at": now, "reminded_at": None}
        if talk.stored:
            whose = row.pop("reporter_id")
            changed.append({**row, "whose": whose})
        else:
            new.append(row)
    session.flush()
    if changed:
        session.connection().execute(_CHANGE, changed)
    if new:
        session.connection().execute(_TABLE.insert(), new)


def append(talk: Talk, pieces: Sequence[Rendered]) -> None:
    """Say something more on the page of a web chat, below what stands there."""
    talk.transcript += [Spoken("you", piece.text, piece.voices) for piece in pieces]
    talk.said = [*talk.said, *pieces]


def _without_conversation(session: Session, places: Sequence[Place]) -> dict[Place, Reporter]:
    """Reporters at these addresses who have never talked here."""
    statement = (
        select(Reporter)
        .where(sa.tuple_(col(Reporter.channel), col(Reporter.address_index)).in_(list(places)))
        .order_by(col(Reporter.id))
        .with_for_update(key_share=True)
    )
    return {(one.channel, one.address_index): one for one in session.exec(statement)}


def _meet(session: Session, one: Incoming, place: Place, now: datetime) -> Reporter:
    row = new_id(now)
    reporter = Reporter(
        id=row,
        channel=one.channel,
        address_index=place[1],
        address_sealed=session.vault.seal_text("reporter", "address_sealed", row, one.address),
        language=(match(one.hint, "bot") if one.hint else None) or SOURCE_LANGUAGE,
        created_at=now,
    )
    session.add(reporter)
    return reporter


def _row(session: Session, talk: Talk) -> dict[str, object]:
    saved: dict[str, object] = {
        "chat": chatjson.dump(talk.chat).decode(),
        "said": talk.said,
        "keys": talk.keys,
        "transcript": talk.transcript[-_TRANSCRIPT:],
    }
    if talk.owed:
        saved["owed"] = True
    row = talk.reporter.id
    plain = json.dumps(saved, ensure_ascii=False, separators=(",", ":")).encode()
    return {
        "reporter_id": row,
        "sealed": session.vault.seal("conversation", "sealed", row, plain),
        "has_draft": talk.chat.draft != Draft() or bool(talk.chat.held),
    }


# Conversations that were saved before there were recordings hold no voices.


def _rendered(entry: list[object]) -> Rendered:
    text, rows, *voices = entry
    assert isinstance(text, str)
    assert isinstance(rows, list)
    buttons = tuple(tuple(Button(*button) for button in row) for row in rows)
    return Rendered(text, buttons, _voices(*voices))


def _spoken(who: str, text: str, voices: object = ()) -> Spoken:
    return Spoken(who, text, _voices(voices))


def _voices(saved: object = ()) -> tuple[Voice, ...]:
    assert isinstance(saved, list | tuple)
    return tuple(Voice(*voice) for voice in saved)

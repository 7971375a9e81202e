"""The page of a web chat: what she did, what was said, and which buttons still count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from bot import talks
from bot.dialogue import step
from bot.doors import Happening, House, Upload
from bot.rendering import Button, Rendered, Voice, encode, render
from bot.talks import Spoken, Talk
from bot.turns import (
    ActOnCase,
    AddToCase,
    Chat,
    Command,
    Effect,
    FileComplaint,
    OpenWithReceipt,
    Pressed,
    Text,
)
from casework.db import Store
from casework.models import Conversation, Reporter
from casework.vocabulary import Channel, MediaKind

_FILE_ICONS = {
    MediaKind.VOICE: "🎤",
    MediaKind.PHOTO: "📷",
    MediaKind.VIDEO: "🎞",
    MediaKind.DOCUMENT: "📄",
}


_DOTS = "••••••••"
_SECRET = re.compile(r"\b\d{4} \d{4}\b")
"""A secret number as a receipt shows it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message on the page of a web chat: who ("me" or "you") said what, its buttons where they
    still count, and what is heard with it."""

    who: str
    text: str = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = field(default=(), repr=False)
    voices: tuple[Voice, ...] = ()


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a web chat shows now. ``step`` is the question that is open."""

    lines: tuple[Line, ...] = field(repr=False)
    language: str
    step: str


def page(store: Store, code: str, house: House) -> WebPage | None:
    """The page of the web chat with this return code; ``None`` where there is none."""
    with store.reading() as session:
        statement = (
            select(Reporter, Conversation.sealed)
            .join(Conversation, col(Conversation.reporter_id) == col(Reporter.id))
            .where(
                Reporter.channel == Channel.WEB,
                Reporter.address_index == talks.place_of(session, Channel.WEB, code)[1],
            )
        )
        found = session.exec(statement).first()
        if found is None:
            return None
        talk = talks.load_or_begin_anew(session, *found)
        recorded = house.recorded(session, talk.chat.language)
    chat = talk.chat
    if not talk.transcript:
        # An unfinished complaint was forgotten, and the page with it: offer the ways on.
        home = step(chat, Command("home")).say
        said = [render(say, chat.language, house.operator, recorded) for say in home]
        talks.append(talk, said)
    return WebPage(_lines(talk), chat.language, chat.step)


def write_down(
    talk: Talk,
    what: Happening,
    before: tuple[Chat, Sequence[Rendered]],
    said: Sequence[Rendered],
    done: Sequence[Effect],
) -> None:
    """Put what she did and what was answered onto the page. ``before``: where the conversation
    stood until now, and what had been said last."""
    chat, said_before = before
    own = _own_words(what, said_before)
    if isinstance(what, Text) and _told_secret(chat, talk.chat, done):
        own = _DOTS
    if chat.step == "receipt":
        _hide_receipt(talk, said_before)
    if _forgot(chat, talk.chat, done):
        talk.transcript, own = [], ""
    elif chat.step == "language" != talk.chat.step:
        # The page speaks her language now; that she was asked for it need not stand there.
        newest = talk.transcript[-1][:2] if talk.transcript else ()
        if said_before and newest == ("you", said_before[0].text):
            talk.transcript.pop()
        own = ""
    talk.transcript += [Spoken("me", own)] if own else []
    talk.transcript += [Spoken("you", piece.text, piece.voices) for piece in said]


def _told_secret(before: Chat, after: Chat, done: Sequence[Effect]) -> bool:
    """Whether she typed the secret number of a receipt, or something in place of it."""
    if any(isinstance(effect, OpenWithReceipt) and effect.secret for effect in done):
        return True
    return before.step == "secret" == after.step and after.held == before.held


def _hide_receipt(talk: Talk, shown: Sequence[Rendered]) -> None:
    """A secret number stands on the page only until she goes on."""
    texts = {piece.text for piece in shown}
    talk.transcript = [
        one._replace(text=_SECRET.sub(f"{_DOTS[:4]} {_DOTS[4:]}", one.text))
        if one.text in texts
        else one
        for one in talk.transcript
    ]


def _own_words(what: Happening, before: Sequence[Rendered]) -> str:
    """What she did, as the web chat's page shows it: her words, or the button she pressed."""
    match what:
        case Text(text=text):
            return text
        case Pressed(step=pressed, value=value):
            data = encode(pressed, value)
            buttons = (b for piece in before for row in piece.rows for b in row)
            return next((b.label for b in buttons if b.data == data), "")
        case Upload(kind=kind, caption=caption):
            return f"{_FILE_ICONS[kind]} {caption}".strip()
        case _:
            return ""


def _forgot(before: Chat, after: Chat, done: Sequence[Effect]) -> bool:
    """Whether she was told that something she wrote is deleted: her page must not show it either."""
    if after.step == "stopped":
        return True
    if before.step == "resume" and after.draft != before.draft:
        return True
    kept = {*after.draft.parts, *after.held}
    gone = any(part not in kept for part in (*before.draft.parts, *before.held))
    return gone and not any(isinstance(e, FileComplaint | AddToCase | ActOnCase) for e in done)


def _lines(talk: Talk) -> tuple[Line, ...]:
    """The transcript; what was said since she last did something keeps its buttons."""
    found: list[Line] = []
    current = list(talk.said)
    for who, text, voices in reversed(talk.transcript):
        rows: tuple[tuple[Button, ...], ...] = ()
        if who == "me":
            current = []
        elif current:
            rows = current.pop().rows
        found.append(Line(who, text, rows, voices))
    return tuple(reversed(found))

"""A batch of what workers sent, taken in: one transaction, then the replies to send.

Load and lock each conversation, skip what was seen before, ``step``, apply effects, save the sealed
chat together with what it said. The caller sends the replies only after this returns: by then
everything is on disk. A second delivery of an update changes nothing and answers the same again.
"""

import json
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, delete, select

from bot import chatjson, notices
from bot.dialogue import forgotten, step
from bot.effects import Doing, apply, drop_files
from bot.rendering import Button, Rendered, encode, render
from bot.turns import (
    ActOnCase,
    AddToCase,
    Chat,
    Command,
    Draft,
    Edited,
    Effect,
    Event,
    FileComplaint,
    Media,
    Pressed,
    Say,
    Text,
)
from casework import attachments, filing, outbox
from casework.db import Session, Store
from casework.ids import new_id
from casework.models import Conversation, FailedUpdate, Reporter, SeenUpdate
from casework.vocabulary import Channel, MediaKind, Notice
from translations import SOURCE_LANGUAGE, match

log = logging.getLogger(__name__)

DRAFTS_LAST = timedelta(hours=72)
"""How long an unfinished complaint is kept (issue 3 of the plan: drafts vanish after 72 hours)."""
_TRANSCRIPT = 60
"""Messages of a web chat that its page still shows."""
_MOST_EFFECTS = 20
_FILE_ICONS = {
    MediaKind.VOICE: "🎤",
    MediaKind.PHOTO: "📷",
    MediaKind.VIDEO: "🎞",
    MediaKind.DOCUMENT: "📄",
}


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the channel names it, still to be fetched."""

    kind: MediaKind
    name: str = field(repr=False)
    caption: str = field(default="", repr=False)
    source: str = ""
    """The channel's name for the message it came in."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came whole and was checked already."""

    kind: MediaKind
    clean: bytes = field(repr=False)
    mime: str
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reachability:
    """The worker blocked the bot, or lets it speak again."""

    reachable: bool


Happening = Event | RemoteFile | Upload | Reachability


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a worker did. ``key`` names it for ever; ``address`` is where replies go."""

    key: str
    channel: Channel
    address: str = field(repr=False)
    what: Happening = field(repr=False)
    hint: str = ""
    """The language the channel guesses."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say at one address, in order."""

    reporter_id: int
    channel: Channel
    address: str = field(repr=False)
    said: tuple[Rendered, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class House:
    """What the conversation must know about this installation."""

    operator: str
    practice: bool = False


@dataclass(slots=True)
class Talk:
    """An open conversation while a batch is taken in."""

    reporter: Reporter
    chat: Chat
    said: list[Rendered] = field(default_factory=list)
    """What was said for the newest batch, to be said again if it is delivered again."""
    keys: list[str] = field(default_factory=list)
    transcript: list[tuple[str, str]] = field(default_factory=list)
    """The web chat's page: who ("me" or "you") and what."""
    replied: bool = False
    stored: bool = False
    """Whether it has a row already."""


def take_in(
    store: Store, incoming: Sequence[Incoming], *, now: datetime, house: House
) -> list[Reply]:
    """Take in a batch, in order, and return what to say. On return it is all committed.

    If anything in the batch fails, the batch is done again one by one: what fails by itself is kept
    sealed for the operator, its worker is asked to try again, and the others go on.
    """
    try:
        return _take_in(store, incoming, now=now, house=house)
    except Exception:  # noqa: BLE001 -- the edge: whatever one update breaks, the others go on
        replies: list[Reply] = []
        for one in incoming:
            replies += _take_in_alone(store, one, now=now, house=house)
        return replies


def _take_in_alone(store: Store, one: Incoming, *, now: datetime, house: House) -> list[Reply]:
    try:
        return _take_in(store, (one,), now=now, house=house)
    except sa.exc.IntegrityError:
        # Another process took the same update or met the same new worker a moment ago.
        return _take_in(store, (one,), now=now, house=house)
    except sa.exc.OperationalError:
        # The database is away: nothing was taken in, so the channel must deliver again.
        raise
    except Exception as error:  # noqa: BLE001 -- the edge, as above
        # Never the error's text: it may quote what somebody wrote.
        log.error("An update could not be taken in (%s); it is kept.", type(error).__name__)  # noqa: TRY400
        with store.writing() as session:
            return _keep_failed(session, one, error, now, house)


def _take_in(
    store: Store, incoming: Sequence[Incoming], *, now: datetime, house: House
) -> list[Reply]:
    with store.writing() as session:
        talks = _open_talks(session, incoming, now)
        seen = _seen(session, incoming)
        new: list[dict[str, object]] = []
        for one in incoming:
            talk = talks[_place(session, one)]
            if one.key not in seen:
                seen.add(one.key)
                new.append({"key": one.key, "at": now})
                _take_one(session, talk, one, now, house)
            elif one.key in talk.keys:
                talk.replied = True
        if new:
            session.exec(sa.insert(SeenUpdate), params=new)
        _save(session, talks.values(), now)
        return [
            _reply(session, talk.reporter, talk.said)
            for talk in talks.values()
            if talk.replied and talk.said
        ]


def _keep_failed(
    session: Session, one: Incoming, error: Exception, now: datetime, house: House
) -> list[Reply]:
    """Keep what could not be taken in, sealed for the operator, and ask the worker to try again."""
    if session.get(SeenUpdate, one.key) is not None:
        return []
    session.add(SeenUpdate(key=one.key, at=now))
    row = new_id(now)
    plain = repr((one.what, getattr(one.what, "text", ""), getattr(one.what, "caption", "")))
    session.add(
        FailedUpdate(
            id=row,
            at=now,
            key=one.key,
            error=type(error).__name__,
            sealed=session.vault.seal_text("failedupdate", "sealed", row, plain),
        )
    )
    talk = _open_talks(session, [one], now)[_place(session, one)]
    try_again = render(notices.say(Notice.TRY_AGAIN), talk.chat.language, house.operator)
    if talk.reporter.channel is Channel.WEB:
        # Her page shows the buttons of what was said last: those of the open question must stay.
        _append(talk, [try_again])
    else:
        talk.said = [try_again]
    talk.keys = [one.key]
    _save(session, [talk], now)
    return [_reply(session, talk.reporter, talk.said)]


def _reply(session: Session, reporter: Reporter, said: Sequence[Rendered]) -> Reply:
    return Reply(reporter.id, reporter.channel, _address(session, reporter), tuple(said))


def _take_one(session: Session, talk: Talk, one: Incoming, now: datetime, house: House) -> None:
    if isinstance(one.what, Reachability) and not one.what.reachable:
        talk.reporter.unreachable_since = talk.reporter.unreachable_since or now
        return
    if talk.reporter.unreachable_since is not None:
        talk.reporter.unreachable_since = None
        outbox.wake(session, talk.reporter.id, now)
    if isinstance(one.what, Reachability):
        return
    doing = Doing(session, talk.reporter, now, house.operator, house.practice)
    event = _as_event(session, talk.reporter, one.what, now)
    chat_before = talk.chat
    talk.chat, says, done = converse(doing, talk.chat, event)
    language = talk.chat.language
    rendered = [render(say, language, house.operator) for say in says]
    before = talk.said
    if not talk.replied:
        talk.said, talk.keys, talk.replied = [], [], True
    talk.said += rendered
    talk.keys.append(one.key)
    if talk.reporter.channel is Channel.WEB:
        own = _own_words(one.what, before)
        if _forgot(chat_before, talk.chat, done):
            talk.transcript, own = [], ""
        elif chat_before.step == "language" != talk.chat.step:
            # The page speaks her language now; that she was asked for it need not stand there.
            if before and talk.transcript[-1:] == [("you", before[0].text)]:
                talk.transcript.pop()
            own = ""
        talk.transcript += [("me", own)] if own else []
        talk.transcript += [("you", piece.text) for piece in rendered]


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


def converse(doing: Doing, chat: Chat, event: Event) -> tuple[Chat, list[Say], list[Effect]]:
    """One event through the dialogue, with all the effects and results it leads to: the new state,
    what to say, what was done."""
    says: list[Say] = []
    done: list[Effect] = []
    events: deque[Event] = deque([event])
    for _ in range(_MOST_EFFECTS):
        if not events:
            return chat, says, done
        turn = step(chat, events.popleft())
        chat = turn.chat
        says += turn.say
        done += turn.do
        for effect in turn.do:
            result = apply(doing, effect)
            if result is not None:
                events.append(result)
    raise RuntimeError("The conversation goes round in circles.")


def _as_event(session: Session, reporter: Reporter, what: Happening, now: datetime) -> Event:
    match what:
        case RemoteFile():
            row = attachments.promised(session, reporter.id, what.kind, what.name, now)
            return Media(what.kind, row.id, what.caption, what.source)
        case Upload():
            row = attachments.received(session, reporter.id, what.kind, what.clean, what.mime, now)
            return Media(what.kind, row.id, what.caption)
        case Edited(text=text, source=source) if source:
            case = filing.amend(session, reporter.id, source, text, now=now)
            return replace(what, case=case.reference) if case else what
        case Reachability():
            raise TypeError("Reachability is no event of the conversation.")
        case _:
            return what


# --- loading and saving -------------------------------------------------------------------------


def _place(session: Session, one: Incoming) -> tuple[Channel, bytes]:
    return one.channel, address_index(session, one.channel, one.address)


def address_index(session: Session, channel: Channel, address: str) -> bytes:
    """The keyed hash by which an address is found again."""
    return session.vault.index(f"address.{channel.value}", address)


def _open_talks(
    session: Session, incoming: Iterable[Incoming], now: datetime
) -> dict[tuple[Channel, bytes], Talk]:
    wanted = {_place(session, one): one for one in incoming}
    statement = (
        select(Reporter, Conversation.sealed)
        .join(Conversation, col(Conversation.reporter_id) == col(Reporter.id))
        .where(sa.tuple_(col(Reporter.channel), col(Reporter.address_index)).in_(list(wanted)))
        # Always in the same order, so that two processes never wait for each other.
        .order_by(col(Reporter.id))
        # A handler's reply refers to the reporter while she writes: that must not wait for us.
        .with_for_update(key_share=True)
    )
    talks = {}
    for reporter, sealed in session.exec(statement):
        talks[reporter.channel, reporter.address_index] = _load(session, reporter, sealed)
    for place, one in wanted.items():
        if place not in talks:
            talks[place] = _begin(session, one, place[1], now)
    # Whatever else is written for somebody new refers to her row.
    session.flush()
    return talks


def _load(session: Session, reporter: Reporter, sealed: bytes) -> Talk:
    plain = session.vault.open("conversation", "sealed", reporter.id, sealed)
    saved = json.loads(plain)
    return Talk(
        reporter=reporter,
        chat=chatjson.load(saved["chat"].encode()),
        said=[_rendered(entry) for entry in saved["said"]],
        keys=saved["keys"],
        transcript=[(who, text) for who, text in saved["transcript"]],
        stored=True,
    )


def _begin(session: Session, one: Incoming, index: bytes, now: datetime) -> Talk:
    row = new_id(now)
    sealed = session.vault.seal_text("reporter", "address_sealed", row, one.address)
    reporter = Reporter(
        id=row,
        channel=one.channel,
        address_index=index,
        address_sealed=sealed,
        language=(match(one.hint, "bot") if one.hint else None) or SOURCE_LANGUAGE,
        created_at=now,
    )
    session.add(reporter)
    return Talk(reporter, Chat(channel=one.channel, language=reporter.language))


def _save(session: Session, talks: Iterable[Talk], now: datetime) -> None:
    """Write down where the conversations stand: one statement for all that have a row, and one for
    the others."""
    changed: list[dict[str, object]] = []
    new: list[dict[str, object]] = []
    for talk in talks:
        (changed if talk.stored else new).append(_row(session, talk, now))
    if changed:
        session.exec(sa.update(Conversation), params=changed)
    if new:
        session.exec(sa.insert(Conversation), params=new)


def _row(session: Session, talk: Talk, now: datetime) -> dict[str, object]:
    saved = {
        "chat": chatjson.dump(talk.chat).decode(),
        "said": talk.said,
        "keys": talk.keys,
        "transcript": talk.transcript[-_TRANSCRIPT:],
    }
    row = talk.reporter.id
    plain = json.dumps(saved, ensure_ascii=False, separators=(",", ":")).encode()
    return {
        "reporter_id": row,
        "sealed": session.vault.seal("conversation", "sealed", row, plain),
        "updated_at": now,
        "has_draft": talk.chat.draft != Draft() or bool(talk.chat.held),
    }


def _seen(session: Session, incoming: Iterable[Incoming]) -> set[str]:
    keys = [one.key for one in incoming]
    return set(session.exec(select(SeenUpdate.key).where(col(SeenUpdate.key).in_(keys))))


def _address(session: Session, reporter: Reporter) -> str:
    return session.vault.open_text(
        "reporter", "address_sealed", reporter.id, reporter.address_sealed
    )


def _rendered(entry: list[object]) -> Rendered:
    text, rows = entry
    assert isinstance(text, str)
    assert isinstance(rows, list)
    return Rendered(text, tuple(tuple(Button(*button) for button in row) for row in rows))


# --- when a reply does not get through ------------------------------------------------------------


def mark_unreachable(store: Store, reply: Reply, now: datetime) -> None:
    """She blocked the bot: the case page shows it, and she can come back at any time."""
    with store.writing() as session:
        reporter = session.get_one(Reporter, reply.reporter_id)
        reporter.unreachable_since = reporter.unreachable_since or now


def repeat_later(store: Store, reply: Reply, now: datetime) -> None:
    """The channel did not take a reply: the outbox says it again when it can."""
    with store.writing() as session:
        outbox.tell(session, reply.reporter_id, Notice.REPEAT, now=now)


# --- what nobody asked for -------------------------------------------------------------------------


def last_said(session: Session, reporter: Reporter) -> tuple[Rendered, ...]:
    """What was said to a reporter for her newest message."""
    conversation = session.get(Conversation, reporter.id)
    return tuple(_load(session, reporter, conversation.sealed).said) if conversation else ()


def append_unasked(
    session: Session, reporter: Reporter, pieces: Sequence[Rendered], now: datetime
) -> None:
    """Put what the mechanism says by itself onto the page of a web chat."""
    conversation = session.get(Conversation, reporter.id, with_for_update=True)
    talk = (
        _load(session, reporter, conversation.sealed)
        if conversation
        else Talk(reporter, Chat(channel=reporter.channel))
    )
    _append(talk, pieces)
    _save(session, [talk], now)


def _append(talk: Talk, pieces: Sequence[Rendered]) -> None:
    talk.transcript += [("you", piece.text) for piece in pieces]
    talk.said = [*talk.said, *pieces]


# --- the web chat's page ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One message on the page of a web chat: who ("me" or "you") said what, and its buttons where
    they still count."""

    who: str
    text: str = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = field(default=(), repr=False)


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
                Reporter.address_index == address_index(session, Channel.WEB, code),
            )
        )
        found = session.exec(statement).first()
        if found is None:
            return None
        talk = _load(session, *found)
    chat = talk.chat
    if not talk.transcript:
        # An unfinished complaint was forgotten, and the page with it: offer the ways on.
        home = step(chat, Command("home")).say
        _append(talk, [render(say, chat.language, house.operator) for say in home])
    return WebPage(_lines(talk), chat.language, chat.step)


def _lines(talk: Talk) -> tuple[Line, ...]:
    """The transcript; what was said since she last did something keeps its buttons."""
    found: list[Line] = []
    current = list(talk.said)
    for who, text in reversed(talk.transcript):
        rows: tuple[tuple[Button, ...], ...] = ()
        if who == "me":
            current = []
        elif current:
            rows = current.pop().rows
        found.append(Line(who, text, rows))
    return tuple(reversed(found))


def forget_drafts(store: Store, now: datetime, limit: int = 100) -> int:
    """Drop complaints left unfinished for ``DRAFTS_LAST``, files included; how many there were."""
    with store.writing() as session:
        statement = (
            select(Reporter, Conversation.sealed)
            .join(Conversation, col(Conversation.reporter_id) == col(Reporter.id))
            .where(col(Conversation.has_draft), Conversation.updated_at < now - DRAFTS_LAST)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = list(session.exec(statement))
        for reporter, sealed in found:
            talk = _load(session, reporter, sealed)
            drop_files(session, reporter.id)
            _save(session, [Talk(reporter, forgotten(talk.chat), stored=True)], now)
        return len(found)


def prune_seen(store: Store, now: datetime) -> None:
    """Forget updates seen over two days ago: Telegram keeps undelivered ones for one."""
    with store.writing() as session:
        session.exec(delete(SeenUpdate).where(col(SeenUpdate.at) < now - timedelta(days=2)))

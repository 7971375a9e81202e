"""A batch of what workers sent, taken in: one transaction, then the replies to send.

Load and lock each conversation, skip what was seen before, ``step``, apply effects, save the sealed
chat together with what it said. The caller sends the replies only after this returns: by then
everything is on disk. A second delivery of an update changes nothing and answers the same again.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from bot import notices, posted, talks, webpage
from bot.dialogue import rested, step
from bot.doing import Doing
from bot.doors import (
    Happening,
    House,
    Incoming,
    Reachability,
    RemoteFile,
    Reply,
    Upload,
)
from bot.effects import apply
from bot.rendering import render
from bot.talks import Talk
from bot.turns import (
    Chat,
    Draft,
    Edited,
    Effect,
    EraseChat,
    Event,
    ForgetMe,
    Media,
    MediaTooBig,
    Say,
    Text,
)
from bot.unasked import not_owed
from casework import filing
from casework.db import Session, Store
from casework.ids import new_id
from casework.media import attachments
from casework.messaging import outbox
from casework.models import FailedUpdate, Reporter, SeenUpdate
from casework.vocabulary import Channel, Notice
from translations import SOURCE_LANGUAGE, match

log = logging.getLogger(__name__)

_SEEN = SeenUpdate.metadata.tables["seenupdate"]
_MOST_EFFECTS = 20
_TRIES = 3
_SAME_TALK = timedelta(hours=24)
"""So long what she sends goes on where she stopped (our own default)."""
_DATABASE_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)


def take_in(
    store: Store, incoming: Sequence[Incoming], *, now: datetime, house: House
) -> list[Reply]:
    """Take in a batch, in order, and return what to say. On return it is all committed.

    If anything in the batch fails, it is done again one by one: what fails by itself is kept sealed
    for the operator, its worker is asked to try again, and the others go on.
    """
    try:
        return _take_in(store, incoming, now, house)
    except Exception:  # noqa: BLE001 -- the edge: whatever one update breaks, the others go on
        chats: dict[tuple[Channel, str], list[Incoming]] = {}
        for one in incoming:
            chats.setdefault((one.channel, one.address), []).append(one)
        return [reply for chat in chats.values() for reply in _one_by_one(store, chat, now, house)]


def _one_by_one(store: Store, chat: Sequence[Incoming], now: datetime, house: House) -> list[Reply]:
    """Take in what came from one chat, each by itself. What was before it is delivered with it once
    more, so that all the answers stand together, in order."""
    replies: list[Reply] = []
    for number in range(1, len(chat) + 1):
        replies = _take_in_or_keep(store, chat[:number], now, house) or replies
    return replies


def _take_in_or_keep(
    store: Store, chat: Sequence[Incoming], now: datetime, house: House
) -> list[Reply]:
    try:
        return _patiently(lambda: _take_in(store, chat, now, house))
    except _DATABASE_AWAY:
        # Nothing was taken in, so the channel must deliver again.
        raise
    except Exception as error:  # noqa: BLE001 -- the edge, as above
        # Never the error's text: it may quote what somebody wrote.
        kind = type(error).__name__
        log.error("An update could not be taken in (%s); it is kept.", kind)  # noqa: TRY400
        return _patiently(lambda: _keep_failed(store, chat, kind, now, house))


def _patiently(do: Callable[[], list[Reply]]) -> list[Reply]:
    """Another process may take the same update or meet the same new worker at the same moment."""
    for _ in range(_TRIES - 1):
        try:
            return do()
        except sa.exc.IntegrityError:
            continue
    return do()


def _take_in(
    store: Store, incoming: Sequence[Incoming], now: datetime, house: House
) -> list[Reply]:
    with store.writing() as session:
        placed = [(talks.place_of(session, one.channel, one.address), one) for one in incoming]
        wanted = dict(placed)
        seen = _seen(session, incoming)
        # What was seen before begins nothing: its sender may have been forgotten meanwhile.
        begin = {place for place, one in placed if one.begins and one.key not in seen}
        found = talks.open_all(session, wanted, now, begin=begin)
        new: list[dict[str, object]] = []
        numbers: list[posted.Row] = []
        for place, one in placed:
            talk = found.get(place)
            if talk is None or talk.gone:
                continue
            if one.key not in seen:
                seen.add(one.key)
                new.append({"key": one.key, "at": now})
                if one.number is not None:
                    # Before it is taken in: if it erases the chat, it is erased as well.
                    numbers.append(posted.row(talk.reporter.id, one.number, now))
                _take_one(session, talk, one, now, house)
            elif one.key in talk.keys:
                _begin_answer(session, talk, again=True)
        if new:
            session.connection().execute(_SEEN.insert(), new)
        posted.write_down(session, numbers)
        talks.save(session, (talk for talk in found.values() if not talk.gone), now)
        return [
            _reply(talk, wanted[place])
            for place, talk in found.items()
            if talk.replied and talk.said
        ]


def _seen(session: Session, incoming: Iterable[Incoming]) -> set[str]:
    keys = [one.key for one in incoming]
    return set(session.exec(select(SeenUpdate.key).where(col(SeenUpdate.key).in_(keys))))


def _reply(talk: Talk, one: Incoming) -> Reply:
    return Reply(talk.reporter.id, talk.reporter.channel, one.address, tuple(talk.said))


def _keep_failed(
    store: Store, chat: Sequence[Incoming], kind: str, now: datetime, house: House
) -> list[Reply]:
    """Keep the last of what came from a chat, sealed for the operator, and ask the worker to try
    again. Where her conversation can't be read any more, it begins anew."""
    one = chat[-1]
    with store.writing() as session:
        place = talks.place_of(session, one.channel, one.address)
        begin = {place} if one.begins else set()
        talk = talks.open_all(session, {place: one}, now, begin=begin, anew=True).get(place)
        if talk is None or session.get(SeenUpdate, one.key) is not None:
            return []
        session.add(SeenUpdate(key=one.key, at=now))
        if one.number is not None:
            posted.write_down(session, [posted.row(talk.reporter.id, one.number, now)])
        row = new_id(now)
        plain = repr((one.what, getattr(one.what, "text", ""), getattr(one.what, "caption", "")))
        sealed = session.vault.seal_text("failedupdate", "sealed", row, plain)
        failed = FailedUpdate(id=row, at=now, key=one.key, error=kind, sealed=sealed)
        failed.reporter_id = talk.reporter.id
        session.add(failed)
        if talk.chat.draft == Draft() and not talk.chat.held:
            attachments.drop_unfiled(session, talk.reporter.id)
        language = match(talk.chat.language, "bot") or SOURCE_LANGUAGE
        recorded = house.recorded(session, language)
        try_again = render(notices.say(Notice.TRY_AGAIN), language, house.operator, recorded)
        if talk.reporter.channel is Channel.WEB:
            # Her page shows the buttons of what was said last: those of the open question must stay.
            talks.append(talk, [try_again])
            talk.keys = [one.key]
        else:
            before = any(earlier.key in talk.keys for earlier in chat[:-1])
            _begin_answer(session, talk, again=before)
            talk.said.append(try_again)
            talk.keys.append(one.key)
        talks.save(session, [talk], now)
        return [_reply(talk, one)]


def _begin_answer(session: Session, talk: Talk, *, again: bool = False) -> None:
    """What is said from here on answers this batch. What she has not got yet comes before it."""
    if talk.replied:
        return
    if talk.owed:
        not_owed(session, talk)
    elif not again:
        talk.said, talk.keys = [], []
    talk.replied = True


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
    if isinstance(event, Text | Media | MediaTooBig) and _was_away(talk, now):
        talk.chat = rested(talk.chat)
    talk.quiet_since = now
    before = talk.chat, tuple(talk.said)
    talk.chat, says, done = converse(doing, talk.chat, event)
    language = talk.chat.language
    recorded = house.recorded(session, language)
    rendered = [render(say, language, house.operator, recorded) for say in says]
    owed = talk.owed
    _begin_answer(session, talk)
    if any(isinstance(effect, EraseChat | ForgetMe) for effect in done):
        talk.said.clear()
        talk.gone = session.get(Reporter, talk.reporter.id) is None
    if not owed or talk.said[-1:] != rendered:  # what she was owed may end with this question
        talk.said += rendered
    talk.keys.append(one.key)
    if talk.reporter.channel is Channel.WEB:
        webpage.write_down(talk, one.what, before, rendered, done)


def _was_away(talk: Talk, now: datetime) -> bool:
    return talk.quiet_since is not None and now - talk.quiet_since >= _SAME_TALK


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

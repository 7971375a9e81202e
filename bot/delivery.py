"""The outbox, drained: what the mechanism says by itself, put into her language and sent.

Claim in one transaction, send, mark in another. A crash between sending and marking says something
twice, never never.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select
from telegram import Bot

from bot import erasing, forgetting, notices, safety, sending, unread
from bot.doors import House
from bot.posted import DELETABLE, Posted
from bot.rendering import Rendered, render
from bot.speaking import Speaking
from bot.turns import Say
from bot.unasked import append_unasked, last_said, repeated
from casework import receipts
from casework.db import Session, Store, for_change
from casework.messaging import outbox
from casework.models import Case, Outbox, Reporter
from casework.vocabulary import Channel, Contact, Notice
from translations import SOURCE_LANGUAGE, match

log = logging.getLogger(__name__)

_STILL_AN_ANSWER = timedelta(minutes=15)
"""So long after her message a reply finds her where she wrote; later it is a message like others,
and comes when she said that messages are safe."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed notice, ready to send. ``owed``: a reply that did not get through, in full."""

    entry_id: int
    reporter_id: int
    address: str = field(repr=False)
    pieces: tuple[Rendered, ...] = field(repr=False)
    owed: bool = False
    deletes: tuple[int, ...] = ()
    """Messages of the chat that are deleted before something is said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending went. ``wait``: seconds the channel asked for."""

    entry_id: int
    reporter_id: int
    owed: bool = False
    """What she was owed has been said, in full."""
    arrived: bool = False
    unreachable: bool = False
    refused: bool = False
    wait: float = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything needed to deliver. Without ``bot`` only the web chat is served."""

    store: Store
    bot: Bot | None
    house: House
    now: Callable[[], datetime]
    posted: Posted = field(default_factory=Posted)
    _lingers: threading.Event = field(default_factory=threading.Event, repr=False)
    """Something was deleted that may still stand in the database's files."""

    async def run_once(self) -> int:
        """Deliver what waits now; how many notices were handled."""
        entries, letters = await asyncio.to_thread(self._claim)
        outcomes = await asyncio.gather(*(self._send(letter) for letter in letters))
        if outcomes:
            await asyncio.to_thread(self._mark, outcomes)
        if any(entry.notice in erasing.CLEARING for entry in entries):
            self._lingers.set()
        if self._lingers.is_set() and await asyncio.to_thread(self.store.scrub):
            self._lingers.clear()
        return len(entries)

    def _claim(self) -> tuple[list[Outbox], list[Letter]]:
        with self.store.reading() as session:
            if not outbox.any_waiting(session, self.now()):
                return [], []
        self.posted.write(self.store)  # a chat can be erased as far as its messages are known
        with self.store.writing() as session:
            now = self.now()
            entries = outbox.claim(session, now)
            letters = [self._letter_or_none(session, entry, now) for entry in entries]
            return entries, [letter for letter in letters if letter]

    def _letter_or_none(self, session: Session, entry: Outbox, now: datetime) -> Letter | None:
        try:
            with session.begin_nested():
                return self._letter(session, entry, now)
        except sa.exc.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 -- the edge: the other letters still go out
            # Never the error's text: it may quote what somebody wrote.
            log.error("A notice can't be written (%s).", type(error).__name__)  # noqa: TRY400
            outbox.give_up(entry, now, "unreadable")
            if entry.notice in erasing.CLEARING:
                erasing.ended(session, entry, session.get_one(Reporter, entry.reporter_id))
            return None

    def _letter(self, session: Session, entry: Outbox, now: datetime) -> Letter | None:
        if receipts.follow(session, entry):
            return None
        reporter = session.get_one(Reporter, entry.reporter_id)
        if entry.notice in erasing.CLEARING:
            return self._clearing(session, entry, reporter, now)
        if entry.notice is Notice.DRAFT_WAITS and not forgetting.waits(session, reporter):
            session.delete(entry)
            return None
        if reporter.channel is Channel.WEB:
            append_unasked(session, reporter, self._words(session, entry, reporter, now), now)
            outbox.sent(entry, now)
            entry.read_at = now  # her page shows it whole, and lights up no phone
            return None
        if entry.read_at or outbox.knocked_just_now(session, entry, now):
            # She has opened it on its way, or will with what she was just told about.
            outbox.sent(entry, now)
            return None
        answers = entry.notice is Notice.REPEAT and now - entry.created_at < _STILL_AN_ANSWER
        if reporter.contact is Contact.NEVER and not answers:
            outbox.give_up(entry, now, outbox.ASKED_NOT_TO)
            return None
        if self.bot is None:
            # Another process, or a later start with a token, will send it.
            outbox.postpone(entry, now + timedelta(minutes=1))
            return None
        later = _safe_time(reporter, now)
        if later and not answers:
            outbox.postpone(entry, later)
            return None
        address = _address(session, reporter)
        words = self._words(session, entry, reporter, now)  # what does not open is not announced
        if entry.notice in outbox.ANNOUNCED or (entry.notice is Notice.REPEAT and not answers):
            return Letter(entry.id, reporter.id, address, self._knock(session, entry, reporter))
        return Letter(entry.id, reporter.id, address, words, owed=entry.notice is Notice.REPEAT)

    def _clearing(
        self, session: Session, entry: Outbox, reporter: Reporter, now: datetime
    ) -> Letter | None:
        """What she asked for herself, so it waits for no hours."""
        erasing.only_erase_if_back(session, entry, reporter)
        too_late = now - entry.created_at > DELETABLE
        if reporter.channel is Channel.WEB or (self.bot is None and too_late):
            outbox.sent(entry, now)
            erasing.ended(session, entry, reporter)
            return None
        if self.bot is None:
            outbox.postpone(entry, now + timedelta(minutes=1))
            return None
        address = _address(session, reporter)
        farewell = [Say(safety.farewell())] if entry.notice is Notice.FAREWELL else []
        pieces = self._rendered(session, reporter, farewell)
        deletes = erasing.numbers(session, entry, now)
        return Letter(entry.id, reporter.id, address, pieces, deletes=deletes)

    def _knock(self, session: Session, entry: Outbox, reporter: Reporter) -> tuple[Rendered, ...]:
        case = session.get_one(Case, entry.case_id) if entry.case_id else None
        said = notices.knock(entry.notice, case.reference if case else "")
        return self._rendered(session, reporter, [said])

    def _words(
        self, session: Session, entry: Outbox, reporter: Reporter, now: datetime
    ) -> tuple[Rendered, ...]:
        """All that is said; nothing where it is not so any more."""
        if entry.notice is Notice.REPEAT:
            return last_said(session, reporter)
        if entry.notice is Notice.DRAFT_WAITS:
            until = date.fromisoformat(entry.data["until"])
            return self._rendered(session, reporter, [notices.draft_waits(until)])
        case = session.get_one(Case, entry.case_id) if entry.case_id else None
        news = unread.news(session, entry, now)
        said = notices.say_all(news, reference=case.reference if case else "") if news else ()
        return self._rendered(session, reporter, said)

    def _rendered(
        self, session: Session, reporter: Reporter, said: Sequence[Say]
    ) -> tuple[Rendered, ...]:
        language = match(reporter.language, "bot") or SOURCE_LANGUAGE
        recorded = self.house.recorded(session, language)
        return tuple(render(one, language, self.house.operator, recorded) for one in said)

    async def _send(self, letter: Letter) -> Outcome:
        assert self.bot is not None
        entry, reporter = letter.entry_id, letter.reporter_id
        try:
            await sending.delete(self.bot, letter.address, letter.deletes)
            await sending.send_all(
                self.bot,
                letter.address,
                letter.pieces,
                Speaking(self.store, self.bot).speak,
                lambda number: self.posted.note(reporter, number, self.now()),
            )
        except sending.Unreachable:
            return Outcome(entry, reporter, unreachable=True)
        except sending.Refused:
            return Outcome(entry, reporter, refused=True)
        except sending.TryLater as error:
            return Outcome(entry, reporter, wait=error.seconds)
        except Exception as error:  # noqa: BLE001 -- the edge: the others' outcomes must be marked
            # Never the error's text: it may quote what somebody wrote.
            log.error("A notice can't be sent (%s).", type(error).__name__)  # noqa: TRY400
            return Outcome(entry, reporter)
        return Outcome(entry, reporter, letter.owed, arrived=True)

    def _mark(self, outcomes: Sequence[Outcome]) -> None:
        by_id = {outcome.entry_id: outcome for outcome in outcomes}
        with self.store.writing() as session:
            now = self.now()
            # First the reporters, in order, like whoever takes in their messages.
            wanted = {outcome.reporter_id for outcome in outcomes}
            locked = select(Reporter).where(col(Reporter.id).in_(wanted)).order_by(col(Reporter.id))
            reporters = {one.id: one for one in session.exec(for_change(locked))}
            entries = select(Outbox).where(
                col(Outbox.id).in_(by_id),
                col(Outbox.reporter_id).in_(wanted),  # not moved to another phone meanwhile
                col(Outbox.sent_at).is_(None),
            )
            repeats: list[Reporter] = []
            clearing: list[Outbox] = []
            for entry in session.exec(for_change(entries)):
                reporter = reporters[entry.reporter_id]
                self._note(entry, by_id[entry.id], reporter, now)
                if by_id[entry.id].owed:
                    repeats.append(reporter)
                if entry.notice in erasing.CLEARING and (entry.sent_at or entry.failed_at):
                    clearing.append(entry)
            repeated(session, repeats, now)
            # Last: nothing else of theirs may be written after it.
            for entry in clearing:
                erasing.ended(session, entry, reporters[entry.reporter_id])

    def _note(self, entry: Outbox, outcome: Outcome, reporter: Reporter, now: datetime) -> None:
        if outcome.arrived:
            outbox.sent(entry, now)
            reporter.unreachable_since = None
        elif outcome.unreachable:
            outbox.give_up(entry, now, outbox.UNREACHABLE)
            reporter.unreachable_since = reporter.unreachable_since or now
        elif outcome.refused:
            log.error("Telegram refuses to carry a notice.")
            outbox.give_up(entry, now, "refused")
        elif outcome.wait:
            outbox.postpone(entry, now + timedelta(seconds=outcome.wait))
        else:
            outbox.retry(entry, now)


def _address(session: Session, reporter: Reporter) -> str:
    return session.vault.open_text(
        "reporter", "address_sealed", reporter.id, reporter.address_sealed
    )


def _safe_time(reporter: Reporter, now: datetime) -> datetime | None:
    """When her next safe hour begins, ``None`` if a message is safe now.

    Hours are local to her factory and may pass midnight.
    """
    begins, ends = reporter.safe_from, reporter.safe_to
    if reporter.contact is not Contact.SAFE_HOURS or begins is None or ends is None:
        return None
    zone = ZoneInfo(reporter.zone)
    local = now.astimezone(zone)
    clock = local.time()
    inside = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if inside:
        return None
    day = local.date() if clock < begins else local.date() + timedelta(days=1)
    return datetime.combine(day, begins, zone)

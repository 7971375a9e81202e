"""The outbox, drained: what the mechanism says by itself, put into her language and sent.

Claim in one transaction, send, mark in another. A crash between sending and marking says something
twice, never never.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select
from telegram import Bot

from bot import notices, sending
from bot.doors import House
from bot.rendering import Rendered, render
from bot.unasked import append_unasked, last_said, repeated
from casework import messages, outbox
from casework.db import Session, Store, for_change
from casework.models import Case, Message, Outbox, Reporter
from casework.vocabulary import Channel, Contact, Notice
from translations import SOURCE_LANGUAGE, match

log = logging.getLogger(__name__)

_STILL_AN_ANSWER = timedelta(minutes=15)
"""So long after her message a reply finds her where she wrote; later it is a message like others,
and comes when she said that messages are safe."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed notice, ready to send."""

    entry_id: int
    reporter_id: int
    address: str = field(repr=False)
    pieces: tuple[Rendered, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending went. ``wait``: seconds the channel asked for."""

    entry_id: int
    reporter_id: int
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

    async def run_once(self) -> int:
        """Deliver what waits now; how many notices were handled."""
        handled, letters = await asyncio.to_thread(self._claim)
        outcomes = await asyncio.gather(*(self._send(letter) for letter in letters))
        if outcomes:
            await asyncio.to_thread(self._mark, outcomes)
        return handled

    def _claim(self) -> tuple[int, list[Letter]]:
        with self.store.reading() as session:
            if not outbox.any_waiting(session, self.now()):
                return 0, []
        with self.store.writing() as session:
            now = self.now()
            entries = outbox.claim(session, now)
            letters = [self._letter_or_none(session, entry, now) for entry in entries]
            return len(entries), [letter for letter in letters if letter]

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
            return None

    def _letter(self, session: Session, entry: Outbox, now: datetime) -> Letter | None:
        reporter = session.get_one(Reporter, entry.reporter_id)
        if reporter.channel is Channel.WEB:
            append_unasked(session, reporter, self._words(session, entry, reporter), now)
            outbox.sent(entry, now)
            return None
        answers = entry.notice is Notice.REPEAT and now - entry.created_at < _STILL_AN_ANSWER
        if reporter.contact is Contact.NEVER and not answers:
            outbox.give_up(entry, now, "asked-not-to")
            return None
        if self.bot is None:
            # Another process, or a later start with a token, will send it.
            outbox.postpone(entry, now + timedelta(minutes=1))
            return None
        later = _safe_time(reporter, now)
        if later and not answers:
            outbox.postpone(entry, later)
            return None
        address = session.vault.open_text(
            "reporter", "address_sealed", reporter.id, reporter.address_sealed
        )
        return Letter(entry.id, reporter.id, address, self._words(session, entry, reporter))

    def _words(self, session: Session, entry: Outbox, reporter: Reporter) -> tuple[Rendered, ...]:
        if entry.notice is Notice.REPEAT:
            return last_said(session, reporter)
        case = session.get_one(Case, entry.case_id) if entry.case_id else None
        message = session.get_one(Message, entry.message_id) if entry.message_id else None
        said = notices.say(
            entry.notice,
            reference=case.reference if case else "",
            words=messages.words(session, message) if message else "",
        )
        language = match(reporter.language, "bot") or SOURCE_LANGUAGE
        return (render(said, language, self.house.operator),)

    async def _send(self, letter: Letter) -> Outcome:
        assert self.bot is not None
        entry, reporter = letter.entry_id, letter.reporter_id
        try:
            await sending.send_all(self.bot, letter.address, letter.pieces)
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
        return Outcome(entry, reporter, arrived=True)

    def _mark(self, outcomes: Sequence[Outcome]) -> None:
        by_id = {outcome.entry_id: outcome for outcome in outcomes}
        with self.store.writing() as session:
            now = self.now()
            # First the reporters, in order, like whoever takes in their messages.
            wanted = {outcome.reporter_id for outcome in outcomes}
            locked = select(Reporter).where(col(Reporter.id).in_(wanted)).order_by(col(Reporter.id))
            reporters = {one.id: one for one in session.exec(for_change(locked))}
            entries = select(Outbox).where(col(Outbox.id).in_(by_id), col(Outbox.sent_at).is_(None))
            repeats: list[Reporter] = []
            for entry in session.exec(for_change(entries)):
                reporter = reporters[entry.reporter_id]
                self._note(entry, by_id[entry.id], reporter, now)
                if entry.notice is Notice.REPEAT and entry.sent_at:
                    repeats.append(reporter)
            repeated(session, repeats, now)

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

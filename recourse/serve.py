"""The running service: starts its parts in one process, or each by itself, and stops them.

One event loop carries Telegram and the jobs; a few threads carry the pages. Everything that must
survive a crash is in the database, so stopping is allowed at any moment.
"""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.answering import Answering
from bot.doors import House
from bot.polling import UNKNOWN_BOT, poll, stopped_within
from bot.posted import WRITE_EVERY, Posted
from bot.recorded import Recorded
from bot.telegram import ALLOWED_UPDATES, make_bot
from casework import facts, procedure
from casework.config import Settings
from casework.db import Store
from casework.errors import SettingError
from recourse.alive import Alive
from recourse.jobs import start_jobs
from recourse.wallclock import wall_clock

if TYPE_CHECKING:
    from recourse.pages import Pages

log = logging.getLogger(__name__)

_WEBHOOK_CONNECTIONS = 6
"""Updates that Telegram posts at the same time; the other threads stay free for the pages."""
_AGAIN = 10.0
"""Seconds between two tries to tell Telegram the webhook, or to ask it for our bot's name."""


class Part(Flag):
    """What a process does."""

    WEB = auto()
    BOT = auto()
    JOBS = auto()
    ALL = WEB | BOT | JOBS


@dataclass(slots=True)
class Service:
    """One process of an installation."""

    settings: Settings
    store: Store
    parts: Part
    ready: Callable[[str], None]
    """Called once with the address when everything answers."""
    _learning: asyncio.Task[None] | None = field(default=None, init=False, repr=False)

    async def run(self) -> None:
        """Serve until a signal; ``SettingError`` where a setting makes that impossible."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        bot = await self._open_bot(stop)
        posted = Posted()
        answering = Answering(self.store, bot, self._house(), wall_clock, posted) if bot else None
        writing = asyncio.create_task(self._write_down(posted, stop))
        rules = procedure.address_of(self.settings)
        alive = Alive(self.store, wall_clock, web=bool(self.parts & Part.WEB), rules=rules)
        watching = asyncio.create_task(alive.watch(stop, *self._called(bot)))
        pages = jobs = None
        try:
            pages = self._serve_pages(answering, loop)
            listening = await self._listen(answering, stop, alive)
            if self.parts & Part.JOBS:
                jobs = start_jobs(
                    self.store,
                    bot,
                    self._house(),
                    posted,
                    self._mailing(),
                    self.settings.keep_years,
                )
            # What is loaded by now stays: the collector need not look at it again and again.
            gc.freeze()
            self.ready(pages.address if pages else "")
            waiting = asyncio.create_task(stop.wait())
            tasks = {waiting, listening} if listening else {waiting}
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            if listening:
                await listening
        finally:
            stop.set()
            if jobs:
                await jobs.stop()
            if pages:
                pages.close()
            await writing
            await watching
            await self._note(posted)
            if bot:
                await bot.shutdown()

    async def _write_down(self, posted: Posted, stop: asyncio.Event) -> None:
        """Keep the numbers of what was sent, in batches."""
        while not await stopped_within(stop, WRITE_EVERY):
            await self._note(posted)

    async def _note(self, posted: Posted) -> None:
        try:
            await asyncio.to_thread(posted.write, self.store)
        except SQLAlchemyError as error:
            log.warning("What was sent is not noted yet (%s).", type(error).__name__)

    def _mailing(self) -> Callable[[], object] | None:
        if not self.settings.mails_go:
            return None
        # As for the pages: without it a process starts faster.
        from recourse.mailing import Mailing  # noqa: PLC0415

        return Mailing(self.store, self.settings, wall_clock).run_once

    def _called(self, bot: Bot | None) -> tuple[Bot | None, str]:
        """The bot, where Telegram calls this process, and at which address."""
        if bot is None or not self.parts & Part.BOT or not self.settings.webhook_url:
            return None, ""
        from bot.webhook import webhook_address  # noqa: PLC0415  as for the pages

        return bot, webhook_address(self.settings)

    def _house(self) -> House:
        return House(self.settings.operator, self.settings.practice, Recorded(wall_clock))

    # --- Telegram ---

    async def _open_bot(self, stop: asyncio.Event) -> Bot | None:
        if not self.parts & (Part.BOT | Part.JOBS):
            return None
        if not self.settings.telegram_token:
            if self.parts & Part.BOT:
                self._note_name("")
            return None
        bot = make_bot(self.settings)
        try:
            await bot.initialize()
        except InvalidToken:
            await bot.shutdown()
            raise SettingError(UNKNOWN_BOT) from None
        except TelegramError as error:
            log.warning(
                "Telegram can't be reached yet (%s); it is tried again.", type(error).__name__
            )
            self._learning = asyncio.create_task(self._learn_name(bot, stop))
        else:
            self._note_name(bot.username)
        return bot

    async def _learn_name(self, bot: Bot, stop: asyncio.Event) -> None:
        while not await stopped_within(stop, _AGAIN):
            with contextlib.suppress(TelegramError, SQLAlchemyError):
                self._note_name((await bot.get_me()).username or "")
                return

    def _note_name(self, name: str) -> None:
        """Posters name the bot, and the process that prints one does not talk to Telegram."""
        with self.store.writing() as session:
            facts.note_bot_name(session, name)

    async def _listen(
        self, answering: Answering | None, stop: asyncio.Event, alive: Alive
    ) -> asyncio.Task[None] | None:
        if answering is None or not self.parts & Part.BOT:
            return None
        if not self.settings.webhook_url:
            try:
                await answering.bot.delete_webhook()
            except TelegramError as error:
                log.warning("The old webhook was not taken away (%s).", type(error).__name__)
            return asyncio.create_task(poll(answering, stop, alive.heard))
        if await self._announce(answering.bot):
            return None
        return asyncio.create_task(self._announce_later(answering.bot, stop))

    async def _announce(self, bot: Bot) -> bool:
        """Tell Telegram where to call. False where it can't be reached just now."""
        from bot.webhook import secret_of, webhook_address  # noqa: PLC0415  as for the pages

        try:
            await bot.set_webhook(
                webhook_address(self.settings),
                secret_token=secret_of(self.store.vault, self.settings),
                allowed_updates=ALLOWED_UPDATES,
                max_connections=_WEBHOOK_CONNECTIONS,
            )
        except (BadRequest, Forbidden, InvalidToken) as error:
            raise SettingError(
                f"Telegram refused the webhook ({type(error).__name__}): RECOURSE_WEBHOOK_URL must"
                " be an https address that Telegram can reach."
            ) from None
        except TelegramError as error:
            log.warning("The webhook is not set yet (%s); it is tried again.", type(error).__name__)
            return False
        return True

    async def _announce_later(self, bot: Bot, stop: asyncio.Event) -> None:
        """The pages need no Telegram: handlers work on while it is away."""
        while not await stopped_within(stop, _AGAIN):
            if await self._announce(bot):
                await stop.wait()

    # --- pages ---

    def _serve_pages(
        self, answering: Answering | None, loop: asyncio.AbstractEventLoop
    ) -> "Pages | None":
        hooked = answering if self.parts & Part.BOT and self.settings.webhook_url else None
        if not (self.parts & Part.WEB or hooked):
            return None
        # A process without pages starts faster, and smaller, without what they need.
        from recourse.pages import serve_site, serve_webhook  # noqa: PLC0415

        if self.parts & Part.WEB:
            return serve_site(self.settings, self.store, self._house(), hooked, loop)
        assert hooked
        return serve_webhook(self.settings, hooked, loop)

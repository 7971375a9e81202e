"""The running service: starts its parts in one process, or each by itself, and stops them.

One event loop carries Telegram and the jobs; a few threads carry the pages. Everything that must
survive a crash is in the database, so stopping is allowed at any moment.
"""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from typing import TYPE_CHECKING

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.answering import Answering
from bot.doors import House
from bot.polling import UNKNOWN_BOT, poll, stopped_within
from bot.telegram import ALLOWED_UPDATES, make_bot
from casework.config import Settings
from casework.db import Store
from casework.errors import SettingError
from recourse.jobs import start_jobs
from recourse.wallclock import wall_clock

if TYPE_CHECKING:
    from recourse.pages import Pages

log = logging.getLogger(__name__)

_WEBHOOK_CONNECTIONS = 6
"""Updates that Telegram posts at the same time; the other threads stay free for the pages."""
_ANNOUNCE_AGAIN = 10.0
"""Seconds between two tries to tell Telegram the webhook."""


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

    async def run(self) -> None:
        """Serve until a signal; ``SettingError`` where a setting makes that impossible."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        bot = await self._open_bot()
        answering = Answering(self.store, bot, self._house(), wall_clock) if bot else None
        pages = None
        try:
            pages = self._serve_pages(answering, loop)
            listening = await self._listen(answering, stop)
            if self.parts & Part.JOBS:
                start_jobs(self.store, bot, self._house())
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
            if pages:
                pages.close()
            if bot:
                await bot.shutdown()

    def _house(self) -> House:
        return House(self.settings.operator, self.settings.practice)

    # --- Telegram ---

    async def _open_bot(self) -> Bot | None:
        if not self.settings.telegram_token or not self.parts & (Part.BOT | Part.JOBS):
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
        return bot

    async def _listen(
        self, answering: Answering | None, stop: asyncio.Event
    ) -> asyncio.Task[None] | None:
        if answering is None or not self.parts & Part.BOT:
            return None
        if not self.settings.webhook_url:
            try:
                await answering.bot.delete_webhook()
            except TelegramError as error:
                log.warning("The old webhook was not taken away (%s).", type(error).__name__)
            return asyncio.create_task(poll(answering, stop))
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
        while not await stopped_within(stop, _ANNOUNCE_AGAIN):
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

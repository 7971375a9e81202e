"""The running service: web pages, conversation, jobs, in one process or each by itself.

One event loop carries Telegram and the jobs; a few threads carry the pages. Everything that must
survive a crash is in the database, so stopping is allowed at any moment.
"""

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Flag, auto

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from flask import Blueprint, Flask
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from bot import conversation
from bot.answering import Answering
from bot.conversation import House
from bot.delivery import Delivery
from bot.fetching import Fetching
from bot.polling import UNKNOWN_BOT, poll
from bot.telegram import ALLOWED_UPDATES, make_bot
from bot.webchat import webchat_blueprint
from bot.webhook import secret_of, webhook_address, webhook_blueprint
from casework import promises
from casework.config import Settings
from casework.db import Store
from casework.errors import SettingError
from webadmin import create_app

log = logging.getLogger(__name__)

_THREADS = 8
_SWEEP = 200
_WEBHOOK_LIMIT = 1024 * 1024
"""Bytes of one update; files come separately."""
_REQUEST_LIMIT = 70 * 1000 * 1000
"""Bytes of any request: above the web chat's own limit, which answers with her words kept."""


class Part(Flag):
    """What a process does."""

    WEB = auto()
    BOT = auto()
    JOBS = auto()
    ALL = WEB | BOT | JOBS


def wall_clock() -> datetime:
    """The one place where the time of day enters."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Service:
    """One process of an installation."""

    settings: Settings
    store: Store
    parts: Part
    ready: Callable[[str], None]
    """Called once with the address when everything answers."""
    _pages: MultiSocketServer | BaseWSGIServer | None = None

    async def run(self) -> None:
        """Serve until a signal; ``SettingError`` where a setting makes that impossible."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        bot = await self._open_bot()
        answering = Answering(self.store, bot, self._house(), wall_clock) if bot else None
        try:
            address = self._serve_pages(answering, loop)
            polling = await self._listen(answering, stop)
            self._start_jobs(bot)
            self.ready(address)
            waiting = asyncio.create_task(stop.wait())
            tasks = {waiting, polling} if polling else {waiting}
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            if polling:
                await polling
        finally:
            if self._pages:
                self._pages.close()
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
        try:
            await answering.bot.set_webhook(
                webhook_address(self.settings),
                secret_token=secret_of(self.store.vault, self.settings),
                allowed_updates=ALLOWED_UPDATES,
            )
        except TelegramError as error:
            raise SettingError(
                f"Telegram refused the webhook ({type(error).__name__}): RECOURSE_WEBHOOK_URL must"
                " be an https address that Telegram can reach."
            ) from None
        return None

    # --- pages ---

    def _serve_pages(self, answering: Answering | None, loop: asyncio.AbstractEventLoop) -> str:
        chat = hook = None
        if self.parts & Part.WEB:
            chat = webchat_blueprint(self.store, self._house(), wall_clock)
        if answering and self.parts & Part.BOT and self.settings.webhook_url:
            hook = webhook_blueprint(answering, self.settings, lambda: loop)
        if not (chat or hook):
            return ""
        listening = _listen_at(self.settings)
        self._pages = create_server(
            self._app(chat, hook),
            sockets=[listening],
            threads=_THREADS,
            ident="Recourse",
            max_request_body_size=_REQUEST_LIMIT,
        )
        threading.Thread(target=self._pages.run, name="pages", daemon=True).start()
        return f"http://{self.settings.host}:{listening.getsockname()[1]}"

    def _app(self, chat: Blueprint | None, hook: Blueprint | None) -> Flask:
        if chat is None:
            app = Flask(__name__, static_folder=None)
            app.config["MAX_CONTENT_LENGTH"] = _WEBHOOK_LIMIT
            if hook:
                app.register_blueprint(hook)
            return app
        vault = self.store.vault
        app = create_app(
            self.store,
            self.settings,
            now=wall_clock,
            secret_key=vault.index("flask", "session") + vault.index("flask", "more"),
            open_blueprints=[blueprint for blueprint in (chat, hook) if blueprint],
        )
        if hook:
            # Telegram has no form to take a token from; it sends the webhook's own secret.
            app.extensions["csrf"].exempt(hook)
        return app

    # --- jobs ---

    def _start_jobs(self, bot: Bot | None) -> None:
        if not self.parts & Part.JOBS:
            return
        scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True})
        delivery = Delivery(self.store, bot, self._house(), wall_clock)
        _every(scheduler, 1, delivery.run_once)
        if bot:
            _every(scheduler, 2, Fetching(self.store, bot, wall_clock).run_once)
        _every(scheduler, 30, lambda: asyncio.to_thread(self._sweep))
        _every(scheduler, 3600, lambda: asyncio.to_thread(self._tidy))
        scheduler.start()

    def _sweep(self) -> None:
        found = _SWEEP
        while found == _SWEEP:
            with self.store.writing() as session:
                found = promises.sweep(session, wall_clock(), _SWEEP)

    def _tidy(self) -> None:
        conversation.prune_seen(self.store, wall_clock())
        conversation.forget_drafts(self.store, wall_clock())


def _every(scheduler: AsyncIOScheduler, seconds: int, job: Callable[[], Awaitable[object]]) -> None:
    async def run() -> None:
        try:
            await job()
        except Exception as error:  # noqa: BLE001 -- the edge: the next run tries again
            # Never the error's text: it may quote what somebody wrote.
            log.error("A job failed (%s); it runs again.", type(error).__name__)  # noqa: TRY400

    scheduler.add_job(run, "interval", seconds=seconds, next_run_time=wall_clock(), max_instances=1)


def _listen_at(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=256)
    except OSError as error:
        raise SettingError(
            f"{settings.host}:{settings.port} can't be used ({error.strerror}): stop what uses it,"
            " or set RECOURSE_LISTEN to another address, for example 127.0.0.1:8001."
        ) from None

"""The bot's side of Telegram inside a test's process: the real client over HTTP, no process started."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from flask import Flask
from telegram import Bot
from werkzeug.serving import make_server

from bot.answering import Answering
from bot.delivery import Delivery
from bot.doors import House
from bot.fetching import Fetching
from bot.polling import poll
from bot.posted import Posted
from bot.telegram import ALLOWED_UPDATES, make_bot
from bot.webhook import secret_of, webhook_address, webhook_blueprint
from casework.config import Settings, settings_from
from casework.db import Store
from tests.botapi import BotApi
from tests.door import HOUSE


class Clock:
    """The time of day, moved by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        """As the stand-in counts."""
        return self.at.timestamp()

    def forward(self, **much: float) -> datetime:
        self.at += timedelta(**much)
        return self.at


def bot_settings(api: BotApi, **more: str) -> Settings:
    given = {"RECOURSE_TELEGRAM_TOKEN": api.token, "RECOURSE_TELEGRAM_API_URL": api.url}
    return settings_from({**given, **more})


@asynccontextmanager
async def open_bot(api: BotApi) -> AsyncIterator[Bot]:
    bot = make_bot(bot_settings(api))
    await bot.initialize()
    try:
        yield bot
    finally:
        await bot.shutdown()


def deliver(
    api: BotApi, store: Store, clock: Clock, house: House = HOUSE, posted: Posted | None = None
) -> int:
    """One run of the delivery; how many notices it handled."""

    async def run() -> int:
        async with open_bot(api) as bot:
            return await Delivery(store, bot, house, clock, posted or Posted()).run_once()

    return asyncio.run(run())


def deliver_all(api: BotApi, store: Store, clock: Clock, posted: Posted | None = None) -> None:
    """Run the delivery until nothing waits for this moment."""
    for _ in range(50):
        if not deliver(api, store, clock, posted=posted):
            return
    raise AssertionError("The delivery comes to no end.")


def fetch(api: BotApi, store: Store, clock: Clock) -> int:
    """One run of the fetching; how many files it looked at."""

    async def run() -> int:
        async with open_bot(api) as bot:
            return await Fetching(store, bot, clock).run_once()

    return asyncio.run(run())


class BotHouse:
    """The bot, answering in a thread of its own until the test is over."""

    def __init__(
        self, api: BotApi, store: Store, clock: Callable[[], datetime], house: House = HOUSE
    ) -> None:
        self.api = api
        self.house = house
        self.posted = Posted()
        self.store = store
        self.clock = clock
        self.settings = bot_settings(api)
        self.loop = asyncio.new_event_loop()
        self.heard = threading.Event()
        """Telegram answered it."""
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="bot")
        self._ready = threading.Event()
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self.loop.close()
        if self._error and not error:
            raise self._error

    def _run(self) -> None:
        try:
            self.loop.run_until_complete(self._main())
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
        except BaseException as error:  # noqa: BLE001 -- raised again where the test ends
            self._error = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        bot = make_bot(self.settings)
        await bot.initialize()
        try:
            answering = Answering(self.store, bot, self.house, self.clock, self.posted)
            await self._serve(answering, self._stop)
        finally:
            await bot.shutdown()

    async def _serve(self, answering: Answering, stop: asyncio.Event) -> None:
        raise NotImplementedError


class Polling(BotHouse):
    """By long polling."""

    async def _serve(self, answering: Answering, stop: asyncio.Event) -> None:
        self._ready.set()
        await poll(answering, stop, self.heard.set)


class Hooked(BotHouse):
    """By webhook, from a web server of its own."""

    url = ""
    secret = ""

    async def _serve(self, answering: Answering, stop: asyncio.Event) -> None:
        app = Flask(__name__)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        self.settings = bot_settings(
            self.api, RECOURSE_WEBHOOK_URL=f"http://127.0.0.1:{server.port}/telegram"
        )
        app.register_blueprint(webhook_blueprint(answering, self.settings, lambda: self.loop))
        pages = threading.Thread(target=server.serve_forever, name="pages")
        pages.start()
        self.url = webhook_address(self.settings)
        self.secret = secret_of(self.store.vault, self.settings)
        await answering.bot.set_webhook(
            self.url, secret_token=self.secret, allowed_updates=ALLOWED_UPDATES
        )
        self._ready.set()
        await stop.wait()
        await answering.bot.delete_webhook()
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        await asyncio.to_thread(pages.join)

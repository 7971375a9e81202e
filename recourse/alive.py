"""Notes which ways in work: the bot while Telegram answers it, the web chat while it is served; and
where the rules of procedure stand.

The rating asks for a channel that was seen alive lately (``casework.channels``) and for rules that
are published (``casework.facts``); of a year that is over, for what was so then.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import TelegramError

from bot.polling import stopped_within
from casework import channels, facts
from casework.db import Store
from casework.vocabulary import Channel

log = logging.getLogger(__name__)

_LOOK_EVERY = 60.0
"""Seconds."""
_LATELY = timedelta(minutes=5)
"""A bot that fetched updates in this time is heard; each request of long polling is shorter."""


class Alive:
    """What this process knows of the ways in."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], *, web: bool, rules: str = ""
    ) -> None:
        """``web``: this process serves the web chat, and the rules of procedure at the address
        ``rules``; ``""``: where nobody else can read them."""
        self._store, self._clock, self._web, self._rules = store, clock, web, rules
        self._heard: datetime | None = None

    def heard(self) -> None:
        """Telegram answered the bot that fetches updates."""
        self._heard = self._clock()

    async def ask(self, bot: Bot, address: str) -> None:
        """With a webhook: whether Telegram calls us at ``address``, and did not fail to lately."""
        try:
            info = await bot.get_webhook_info()
        except TelegramError:
            return
        failed = info.last_error_date
        if info.url == address and (failed is None or self._clock() - failed > _LATELY):
            self.heard()

    def note(self) -> None:
        """Write down what works now, at most once an hour, and where the rules are, once."""
        now = self._clock()
        if self._web:
            self._note_rules(now)
        telegram = self._heard is not None and now - self._heard <= _LATELY
        works = [
            channel
            for channel, does in ((Channel.TELEGRAM, telegram), (Channel.WEB, self._web))
            if does
        ]
        if not works:
            return
        with self._store.reading() as session:
            if not channels.is_news(session, works, now):
                return
        with self._store.writing() as session:
            channels.note_alive(session, works, now)

    def _note_rules(self, now: datetime) -> None:
        with self._store.reading() as session:
            if facts.rules_at(session, now) == self._rules:
                return
        with self._store.writing() as session:
            facts.note_rules(session, self._rules, now)

    async def watch(self, stop: asyncio.Event, bot: Bot | None, address: str) -> None:
        """Note it until ``stop``. ``bot``: one that is called at ``address``."""
        while not await stopped_within(stop, _LOOK_EVERY):
            if bot:
                await self.ask(bot, address)
            try:
                await asyncio.to_thread(self.note)
            except SQLAlchemyError as error:
                log.warning("What works is not noted yet (%s).", type(error).__name__)

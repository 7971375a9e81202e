"""Updates from Telegram, taken in and answered: what polling and the webhook share.

Only after ``answer`` returns may Telegram be told that the updates arrived: until then it is the
queue that forgets nothing.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import Bot

from bot import telegram
from bot.conversation import House, Incoming, Reply, mark_unreachable, repeat_later, take_in
from casework.db import Store


@dataclass(frozen=True, slots=True)
class Answering:
    """Everything needed to turn updates into answers."""

    store: Store
    bot: Bot
    house: House
    now: Callable[[], datetime]

    async def answer(self, updates: Sequence[dict[str, Any]]) -> None:
        """Take the updates in, in one transaction, then send what is to be said."""
        found = [telegram.read_json(update, self.bot) for update in updates]
        presses = [
            asyncio.create_task(telegram.confirm_press(self.bot, one.press))
            for one in found
            if one.press
        ]
        incoming = [one.incoming for one in found if one.incoming]
        replies = await asyncio.to_thread(self._take_in, incoming) if incoming else []
        await asyncio.gather(
            *(self._reply(reply) for reply in replies),
            *(telegram.refuse_elsewhere(self.bot, o.elsewhere) for o in found if o.elsewhere),
            *presses,
        )

    def _take_in(self, incoming: list[Incoming]) -> list[Reply]:
        return take_in(self.store, incoming, now=self.now(), house=self.house)

    async def _reply(self, reply: Reply) -> None:
        try:
            await telegram.send_all(self.bot, reply.address, reply.said)
        except telegram.Unreachable:
            await asyncio.to_thread(mark_unreachable, self.store, reply, self.now())
        except telegram.TryLater:
            await asyncio.to_thread(repeat_later, self.store, reply, self.now())

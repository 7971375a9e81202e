"""Updates from Telegram, taken in and answered: what polling and the webhook share.

Only after ``answer`` returns may Telegram be told that the updates arrived: until then it is the
queue that forgets nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot

from bot import sending, telegram
from bot.conversation import take_in
from bot.doors import House, Incoming, Reply
from bot.posted import Posted
from bot.speaking import Speaking
from bot.telegram import Read
from bot.unasked import mark_unreachable, repeat_later
from casework.db import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answering:
    """Everything needed to turn updates into answers."""

    store: Store
    bot: Bot
    house: House
    now: Callable[[], datetime]
    posted: Posted = field(default_factory=Posted)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False
    )

    async def answer(self, updates: Sequence[dict[str, Any]]) -> None:
        """Take the updates in, in one transaction, then send what is to be said."""
        found = [telegram.read(update) for update in updates]
        presses = [
            asyncio.create_task(sending.confirm_press(self.bot, one.press))
            for one in found
            if one.press
        ]
        incoming = [one.incoming for one in found if one.incoming]
        async with AsyncExitStack() as turns:
            # Two requests of the webhook may bring updates of one chat: the answer to the first is
            # out before the second is looked at.
            for address in sorted({one.address for one in incoming}):
                await turns.enter_async_context(self._turn(address))
            replies = await asyncio.to_thread(self._take_in, incoming) if incoming else []
            await self._say(replies, found, presses)

    def _turn(self, address: str) -> asyncio.Lock:
        return self._turns.setdefault(address, asyncio.Lock())

    def _take_in(self, incoming: list[Incoming]) -> list[Reply]:
        return take_in(self.store, incoming, now=self.now(), house=self.house)

    async def _say(
        self, replies: Sequence[Reply], found: Sequence[Read], presses: Sequence[asyncio.Task[None]]
    ) -> None:
        ends = await asyncio.gather(
            *(self._reply(reply) for reply in replies),
            *(sending.refuse_elsewhere(self.bot, o.elsewhere) for o in found if o.elsewhere),
            *presses,
            return_exceptions=True,
        )
        # Only now that the others have been answered: these updates will be delivered again.
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _reply(self, reply: Reply) -> None:
        try:
            speak = Speaking(self.store, self.bot).speak
            await sending.send_all(
                self.bot,
                reply.address,
                reply.said,
                speak,
                lambda number: self.posted.note(reply.reporter_id, number, self.now()),
            )
        except sending.Unreachable:
            await asyncio.to_thread(mark_unreachable, self.store, reply, self.now())
        except sending.Refused:
            log.error("Telegram refuses to carry a reply.")  # noqa: TRY400 -- its text has her words
        except sending.TryLater as error:
            await asyncio.to_thread(repeat_later, self.store, reply, self.now(), error.seconds)

"""Telegram's side of the door: what is said is sent, and what Telegram says to that is understood."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.rendering import Rendered, render
from bot.telegram import ONLY_PRIVATE, Elsewhere
from bot.turns import Msg, Say
from translations import SOURCE_LANGUAGE, match

_TRIES = 4
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 3.0
_SEND_TIMEOUT = 8.0
"""Seconds. What takes longer is left to the outbox, so that the others' updates go on."""


class Unreachable(Exception):
    """She blocked the bot or her chat is gone: trying again is no use."""


class Refused(Exception):
    """Telegram will not take this message, ever; others it would."""


class TryLater(Exception):
    """Telegram does not take the message now. ``seconds``: what it asked us to wait, or 0.

    ``silent``: it did not answer at all, so that asking again at once is no use.
    """

    def __init__(self, seconds: float = 0, *, silent: bool = False) -> None:
        super().__init__("Telegram does not take the message now.")
        self.seconds = seconds
        self.silent = silent


async def send(bot: Bot, address: str, piece: Rendered) -> None:
    """Send one message; ``Unreachable``, ``Refused`` or ``TryLater`` where that can't be done."""
    try:
        # Not ``Bot.send_message``: the objects it makes of each button, and of an answer that nobody
        # reads, take longer than the call itself.
        await bot.do_api_request(
            "sendMessage", _message_of(address, piece), read_timeout=_SEND_TIMEOUT
        )
    except RetryAfter as error:
        raise TryLater(seconds_of(error)) from None
    except (Forbidden, BadRequest) as error:
        raise _verdict(error) from None
    except TimedOut:
        raise TryLater(silent=True) from None
    except (TelegramError, KeyError):
        # The second is what the library makes of an answer that is not Telegram's.
        raise TryLater from None


def _verdict(error: Forbidden | BadRequest) -> Exception:
    """What a refusal means: of her chat, of this message, or by something between us and Telegram."""
    words = error.message.lower()
    if words.endswith(("(400)", "(403)")):
        return TryLater()  # no words of Telegram's: the page of a proxy
    if isinstance(error, Forbidden) or "chat not found" in words or "deactivated" in words:
        return Unreachable()
    return Refused()


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def send_all(bot: Bot, address: str, said: Sequence[Rendered]) -> None:
    """Send a reply's messages in order, trying each a few times; what ``send`` raises in the end.

    A message that Telegram refuses does not hold back those after it.
    """
    refused: Refused | None = None
    for piece in said:
        try:
            await _send_patiently(bot, address, piece)
        except Refused as error:
            refused = error
    if refused:
        raise refused


async def _send_patiently(bot: Bot, address: str, piece: Rendered) -> None:
    wait = _FIRST_WAIT
    for _ in range(_TRIES - 1):
        try:
            return await send(bot, address, piece)
        except TryLater as error:
            pause = max(error.seconds, wait)
            if error.silent or pause > _LONGEST_WAIT:
                raise
            await asyncio.sleep(pause)
            wait *= 2
    return await send(bot, address, piece)


async def confirm_press(bot: Bot, press: str) -> None:
    """Let a pressed button stop waiting. Too late or lost is no harm."""
    try:
        await bot.answer_callback_query(press, read_timeout=_SEND_TIMEOUT)
    except TelegramError:
        return


async def refuse_elsewhere(bot: Bot, elsewhere: Elsewhere) -> None:
    """Say that a complaint is only for a private chat, and leave."""
    tag = match(elsewhere.hint, "bot") or SOURCE_LANGUAGE
    words = render(Say(Msg(ONLY_PRIVATE)), tag, "").text
    for call in (
        lambda: bot.send_message(elsewhere.chat_id, words),
        lambda: bot.leave_chat(elsewhere.chat_id),
    ):
        try:
            await call()
        except TelegramError:
            # We may not write there, or were put out already: nothing more to do.
            continue


def _message_of(address: str, piece: Rendered) -> dict[str, Any]:
    message: dict[str, Any] = {
        "chat_id": int(address),
        "text": piece.text,
        "link_preview_options": {"is_disabled": True},
    }
    if piece.rows:
        rows = [[{"text": b.label, "callback_data": b.data} for b in row] for row in piece.rows]
        message["reply_markup"] = {"inline_keyboard": rows}
    return message

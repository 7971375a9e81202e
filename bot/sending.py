"""Telegram's side of the door: what is said is sent, and what Telegram says to that is understood."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.rendering import Rendered, Voice, render
from bot.telegram import ONLY_PRIVATE, Elsewhere
from bot.turns import Msg, Say
from translations import SOURCE_LANGUAGE, match

_TRIES = 4
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 3.0
_DELETED_AT_ONCE = 100
"""Messages of one ``deleteMessages`` (https://core.telegram.org/bots/api#deletemessages)."""
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


async def send(bot: Bot, address: str, piece: Rendered) -> int | None:
    """Send one message; ``Unreachable``, ``Refused`` or ``TryLater`` where that can't be done.

    Returns Telegram's number of it, by which it can be deleted.
    """
    sent = await _call(bot, "sendMessage", _message_of(address, piece))
    number = sent.get("message_id") if isinstance(sent, dict) else None
    return number if isinstance(number, int) else None


async def delete(bot: Bot, address: str, numbers: Sequence[int]) -> None:
    """Delete messages of a chat; ``Unreachable`` or ``TryLater`` where that can't be done.

    What Telegram will not delete (it is older than 48 hours, or gone already) is passed over.
    """
    for at in range(0, len(numbers), _DELETED_AT_ONCE):
        await _delete_some(bot, address, numbers[at : at + _DELETED_AT_ONCE])


async def _delete_some(bot: Bot, address: str, numbers: Sequence[int]) -> None:
    try:
        given = {"chat_id": int(address), "message_ids": list(numbers)}
        await _call(bot, "deleteMessages", given)
    except Refused:
        # One of them may spoil it for the others. Old ones stand together, so halving is quick.
        half = len(numbers) // 2
        if half:
            await _delete_some(bot, address, numbers[:half])
            await _delete_some(bot, address, numbers[half:])


async def _call(bot: Bot, method: str, given: dict[str, Any]) -> object:
    try:
        # Not ``Bot.send_message`` and its like: the objects it makes of each button, and of an answer
        # of which we read a number at most, take longer than the call itself.
        return await bot.do_api_request(method, given, read_timeout=_SEND_TIMEOUT)
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


Sent = Callable[[int], None]
"""Told Telegram's number of each message as soon as it is known."""
Speak = Callable[[str, Sequence[Voice]], Awaitable[Sequence[int]]]
"""Sends recordings to an address; the ids of the messages (``bot.speaking``)."""


async def send_all(
    bot: Bot,
    address: str,
    said: Sequence[Rendered],
    speak: Speak | None = None,
    sent: Sent = lambda _: None,
) -> None:
    """Send a reply's messages in order, trying each a few times; what ``send`` raises in the end.

    What is recorded is heard before it is read. A message that Telegram refuses does not hold back
    those after it.
    """
    refused: Refused | None = None
    for piece in said:
        if speak and piece.voices:
            for spoken in await speak(address, piece.voices):
                sent(spoken)
        try:
            number = await _send_patiently(bot, address, piece)
        except Refused as error:
            refused = error
        else:
            if number is not None:
                sent(number)
    if refused:
        raise refused


async def _send_patiently(bot: Bot, address: str, piece: Rendered) -> int | None:
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

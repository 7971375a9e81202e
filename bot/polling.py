"""Long polling: fetch a batch, answer it, and only then confirm it with the next offset."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.exc import OperationalError
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.answering import Answering
from bot.sending import seconds_of
from bot.telegram import ALLOWED_UPDATES
from casework.errors import SettingError

log = logging.getLogger(__name__)

_LONG_POLL = 25
"""Seconds Telegram may hold the request open while nothing happens."""
_LONGEST_WAIT = 30.0

UNKNOWN_BOT = (
    "Telegram does not know this bot token. Copy RECOURSE_TELEGRAM_TOKEN from BotFather again"
    " (/mybots → your bot → API Token)."
)


async def poll(
    answering: Answering, stop: asyncio.Event, heard: Callable[[], None] | None = None
) -> None:
    """Answer workers until ``stop``, and say each time that Telegram was ``heard``.
    ``SettingError`` where the token is wrong."""
    bot, offset, wait = answering.bot, 0, 1.0
    while not stop.is_set():
        try:
            updates = await _next(bot, offset, stop)
            if heard and not stop.is_set():
                heard()
            await answering.answer(updates)
        except (InvalidToken, EndPointNotFound):
            # The second is what ``do_api_request`` makes of the first.
            raise SettingError(UNKNOWN_BOT) from None
        except Conflict:
            log.warning("Another process polls for this bot, or a webhook is set: waiting.")
        except RetryAfter as error:
            wait = max(wait, seconds_of(error))
        except TelegramError as error:
            log.warning("Telegram can't be reached (%s): trying again.", type(error).__name__)
        except OperationalError:
            log.warning("The database can't be reached: nothing is confirmed, trying again.")
        except Exception as error:  # noqa: BLE001 -- the edge: the other workers still wait
            # Never the error's text: it may quote what somebody wrote.
            log.error("Updates could not be answered (%s): trying again.", type(error).__name__)  # noqa: TRY400
        else:
            wait = 1.0
            if updates:
                offset = updates[-1]["update_id"] + 1
            continue
        await stopped_within(stop, wait)
        wait = min(wait * 2, _LONGEST_WAIT)
    if offset:
        # Confirms the last batch, so that the next start does not answer it again.
        with contextlib.suppress(TelegramError, KeyError):
            await _get_updates(bot, offset, 0)


async def _next(bot: Bot, offset: int, stop: asyncio.Event) -> Sequence[dict[str, Any]]:
    """The next updates as Telegram sends them.

    Not ``Bot.get_updates``: one update that the library can't read would fail the whole batch, and
    write everybody's words into the log.
    """
    fetching = asyncio.ensure_future(_get_updates(bot, offset, _LONG_POLL))
    stopping = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if fetching in done:
        return await fetching
    fetching.cancel()
    return ()


async def _get_updates(bot: Bot, offset: int, seconds: int) -> list[dict[str, Any]]:
    asked = {
        "offset": offset,
        "limit": 100,
        "timeout": seconds,
        "allowed_updates": ALLOWED_UPDATES,
    }
    found: list[dict[str, Any]] = await bot.do_api_request(
        "getUpdates", asked, read_timeout=seconds + 15
    )
    return found


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so many seconds, or less where the process is to stop; whether it is."""
    try:
        async with asyncio.timeout(seconds):
            return await stop.wait()
    except TimeoutError:
        return False

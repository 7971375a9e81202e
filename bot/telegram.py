"""Telegram's side of the door: an ``Update`` read into what happened, and a reply sent.

Nothing that Telegram tells of a person is kept but the chat's id, sealed: no name, no number.
"""

import asyncio
import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram import Bot, CallbackQuery, Chat, Message, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from bot.conversation import Happening, Incoming, Reachability, RemoteFile
from bot.rendering import Rendered, decode, render
from bot.request import AiohttpRequest
from bot.turns import Command, Edited, MediaTooBig, Msg, Say, Started, Text, Unsupported
from casework.config import Settings
from casework.vocabulary import Channel, MediaKind
from translations import N_, SOURCE_LANGUAGE, match

log = logging.getLogger(__name__)

# Where we call the Bot API by ``do_api_request``, it is said why we do not take this advice.
warnings.filterwarnings(
    "ignore", message=r"Please use 'Bot\.(getUpdates|sendMessage)'", category=PTBUserWarning
)

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]
LARGEST_FILE = 20
"""Megabytes that the Bot API hands to a bot (Telegram's limit for getFile)."""
_TRIES = 4
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 3.0
"""Seconds. What takes longer is left to the outbox, so that the others' updates go on."""

ONLY_PRIVATE = N_(
    "I only talk in private, so that nobody else can read along. Please open a chat with me alone."
)


class Unreachable(Exception):
    """She blocked the bot or her chat is gone: trying again is no use."""


class TryLater(Exception):
    """Telegram does not take the message now. ``seconds``: what it asked us to wait, or 0."""

    def __init__(self, seconds: float = 0) -> None:
        super().__init__("Telegram does not take the message now.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody put the bot into a group or channel, where no complaint may be told."""

    chat_id: int = field(repr=False)
    hint: str
    leave: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """What an update means to us."""

    incoming: Incoming | None = None
    elsewhere: Elsewhere | None = None
    press: str = ""
    """The id of a button's press, which Telegram wants confirmed so that the button stops waiting."""


def make_bot(settings: Settings) -> Bot:
    """A client of the Bot API, wherever the settings say it is."""
    return Bot(
        settings.telegram_token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=AiohttpRequest(read_timeout=20),
        get_updates_request=AiohttpRequest(connections=2, read_timeout=40),
    )


def read_json(update: dict[str, Any], bot: Bot) -> Read:
    """``read`` for an update as Telegram sends it.

    What the library can't make sense of still gets an answer, if we can tell whose it is.
    """
    try:
        return read(Update.de_json(_without_old_message(update), bot))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Never the error's text: it may quote what somebody wrote.
        log.warning("An update can't be read (%s).", type(error).__name__)
    chat = update.get("message", {}).get("chat", {})
    if chat.get("type") != Chat.PRIVATE:
        return Read()
    key, address = f"telegram:{update['update_id']}", str(chat["id"])
    return Read(Incoming(key, Channel.TELEGRAM, address, Unsupported("unknown")))


def _without_old_message(update: dict[str, Any]) -> dict[str, Any]:
    """Of the message below which a button was pressed only the chat counts: to make objects of its
    words and buttons takes longer than the rest of reading."""
    press = update.get("callback_query")
    if not press or "message" not in press:
        return update
    kept = {name: press["message"][name] for name in ("message_id", "date", "chat")}
    return {**update, "callback_query": {**press, "message": kept}}


def read(update: Update) -> Read:
    """What happened, or nothing where the update is of no use to us."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None:
        return Read()
    hint = (user.language_code or "") if user else ""
    if chat.type != Chat.PRIVATE:
        return Read(elsewhere=_elsewhere(update, chat, hint))
    what: Happening | None = None
    press = ""
    if update.callback_query:
        press = update.callback_query.id
        what = _press(update.callback_query)
    elif update.edited_message:
        message = update.edited_message
        words = message.text or message.caption or ""
        what = Edited(words, source=str(message.message_id)) if words else None
    elif update.message:
        what = _message(update.message, hint)
    elif update.my_chat_member:
        status = update.my_chat_member.new_chat_member.status
        what = Reachability(status not in ("kicked", "left"))
    if what is None:
        return Read(press=press)
    key = f"telegram:{update.update_id}"
    return Read(Incoming(key, Channel.TELEGRAM, str(chat.id), what, hint), press=press)


def _elsewhere(update: Update, chat: Chat, hint: str) -> Elsewhere | None:
    member = update.my_chat_member
    if member and member.new_chat_member.status in ("left", "kicked"):
        return None
    if update.message and update.message.new_chat_members:
        return None  # the other news of the same thing
    return Elsewhere(chat.id, hint)


def _press(query: CallbackQuery) -> Happening:
    return decode(query.data or "") or Unsupported("button")


def _message(message: Message, hint: str) -> Happening | None:
    source = str(message.message_id)
    if message.text:
        return _words(message.text, source, hint)
    if message.voice or message.audio:
        return _file(message, MediaKind.VOICE)
    if message.photo:
        return _file(message, MediaKind.PHOTO)
    if message.video or message.video_note or message.animation:
        return _file(message, MediaKind.VIDEO)
    if message.document:
        return _file(message, MediaKind.DOCUMENT)
    for what in ("sticker", "location", "venue", "contact", "poll", "dice", "game", "story"):
        if getattr(message, what, None):
            return Unsupported(what)
    # Service messages (a pinned message, a changed timer) ask for no answer.
    return None


def _words(text: str, source: str, hint: str) -> Happening:
    stripped = text.strip()
    if not stripped.startswith("/"):
        return Text(stripped, source=source) if stripped else Unsupported("empty")
    name, _, payload = stripped[1:].partition(" ")
    name = name.partition("@")[0].lower()
    return Started(payload.strip(), hint) if name == "start" else Command(name)


def _file(message: Message, kind: MediaKind) -> Happening:
    found = message.effective_attachment
    file = found[-1] if isinstance(found, Sequence) else found
    size = getattr(file, "file_size", None) or 0
    if size > LARGEST_FILE * 1_000_000:
        return MediaTooBig(LARGEST_FILE)
    name = getattr(file, "file_id", "")
    return RemoteFile(kind, name, message.caption or "", str(message.message_id))


async def send(bot: Bot, address: str, piece: Rendered) -> None:
    """Send one message; ``Unreachable`` or ``TryLater`` where that can't be done."""
    try:
        # Not ``Bot.send_message``: the objects it makes of each button, and of an answer that nobody
        # reads, take longer than the call itself.
        await bot.do_api_request("sendMessage", _message_of(address, piece))
    except RetryAfter as error:
        raise TryLater(seconds_of(error)) from None
    except Forbidden:
        raise Unreachable from None
    except BadRequest as error:
        if "chat not found" in error.message.lower() or "deactivated" in error.message.lower():
            raise Unreachable from None
        raise
    except NetworkError:
        raise TryLater from None


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def send_all(bot: Bot, address: str, said: Sequence[Rendered]) -> None:
    """Send a reply's messages in order, trying each a few times; what ``send`` raises in the end."""
    for piece in said:
        wait = _FIRST_WAIT
        for attempt in range(_TRIES):
            try:
                await send(bot, address, piece)
                break
            except TryLater as error:
                pause = max(error.seconds, wait)
                if attempt == _TRIES - 1 or pause > _LONGEST_WAIT:
                    raise
                await asyncio.sleep(pause)
                wait *= 2


async def confirm_press(bot: Bot, press: str) -> None:
    """Let a pressed button stop waiting. Too late or lost is no harm."""
    try:
        await bot.answer_callback_query(press)
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

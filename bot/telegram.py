"""Telegram's side of the door: an update read into what happened (``bot.sending`` answers).

Updates are read as Telegram writes them (https://core.telegram.org/bots/api#update): the library's
objects would take longer to make than all else that reading does, and we need little of them.
Nothing that Telegram tells of a person is kept but the chat's id, sealed: no name, no number.
"""

import logging
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Chat
from telegram.warnings import PTBUserWarning

from bot.doors import Happening, Incoming, Reachability, RemoteFile
from bot.rendering import decode
from bot.request import AiohttpRequest
from bot.turns import Command, Edited, MediaTooBig, Started, Text, Unsupported
from casework.config import Settings
from casework.vocabulary import Channel, MediaKind
from translations import N_

log = logging.getLogger(__name__)

# Where we call the Bot API by ``do_api_request``, it is said why we do not take this advice.
warnings.filterwarnings(
    "ignore",
    message=r"Please use 'Bot\.(getUpdates|sendMessage|deleteMessages)'",
    category=PTBUserWarning,
)

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]
JSON = dict[str, Any]
_GONE = ("kicked", "left")
_COMMAND = re.compile(r"/(\w{1,32})(?:@\w+)?(?:\s+([\w-]{1,64}))?", re.ASCII)
"""A command as Telegram knows it, perhaps with the payload of a deep link: nobody's sentence."""
_FILES = {
    "voice": MediaKind.VOICE,
    "audio": MediaKind.VOICE,
    "photo": MediaKind.PHOTO,
    "video": MediaKind.VIDEO,
    "video_note": MediaKind.VIDEO,
    "animation": MediaKind.VIDEO,
    "document": MediaKind.DOCUMENT,
}
"""Files of a message. An animation comes as a document as well: the first that is found counts."""
_OF_NO_USE = frozenset(
    "sticker location venue contact poll dice game story paid_media checklist invoice giveaway"
    " giveaway_winners".split()
)
LARGEST_FILE = 20
"""Megabytes that the Bot API hands to a bot (Telegram's limit for getFile)."""

ONLY_PRIVATE = N_(
    "I only talk in private, so that nobody else can read along. Please open a chat with me alone."
)


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


def read(update: JSON) -> Read:
    """What happened, or nothing where the update is of no use to us.

    What we can't make sense of still gets an answer, if we can tell whose it is.
    """
    try:
        return _read(update)
    except Exception as error:  # noqa: BLE001 -- the edge: one odd update must not stop the others
        # Never the error's text: it may quote what somebody wrote.
        log.warning("An update can't be read (%s).", type(error).__name__)
    chat = _private_chat(update)
    if chat is None:
        return Read()
    key = f"telegram:{update['update_id']}"
    what = Unsupported("unknown")
    return Read(Incoming(key, Channel.TELEGRAM, str(chat), what, number=_number(update)))


def _number(update: JSON) -> int | None:
    """The message an update brings, or whose button was pressed."""
    for kind in ("message", "edited_message", "callback_query"):
        found = update.get(kind)
        if kind == "callback_query" and isinstance(found, dict):
            found = found.get("message")
        number = found.get("message_id") if isinstance(found, dict) else None
        if isinstance(number, int):
            return number
    return None


def _private_chat(update: JSON) -> int | None:
    """Whose chat an update is about, where it looks at least a little like one."""
    for kind in ("message", "edited_message", "callback_query"):
        found = update.get(kind)
        if kind == "callback_query" and isinstance(found, dict):
            found = found.get("message")
        chat = found.get("chat") if isinstance(found, dict) else None
        if isinstance(chat, dict) and chat.get("type") == Chat.PRIVATE:
            number = chat.get("id")
            return number if isinstance(number, int) else None
    return None


def _read(update: JSON) -> Read:
    kind = next((kind for kind in ALLOWED_UPDATES if update.get(kind)), "")
    if not kind:
        return Read()
    news: JSON = update[kind]
    hint: str = news.get("from", {}).get("language_code") or ""
    chat = (news.get("message") or {}).get("chat") if kind == "callback_query" else news["chat"]
    if chat is None:
        return Read()
    if chat["type"] != Chat.PRIVATE:
        return Read(elsewhere=_elsewhere(kind, news, chat["id"], hint))
    press = str(news["id"]) if kind == "callback_query" else ""
    what = _READERS[kind](news, hint)
    if what is None:
        return Read(press=press)
    key = f"telegram:{update['update_id']}"
    number = _number(update)
    return Read(Incoming(key, Channel.TELEGRAM, str(chat["id"]), what, hint, number), press=press)


def _elsewhere(kind: str, news: JSON, chat_id: int, hint: str) -> Elsewhere | None:
    if kind == "my_chat_member" and news["new_chat_member"]["status"] in _GONE:
        return None
    if kind == "message" and news.get("new_chat_members"):
        return None  # the other news of the same thing
    return Elsewhere(chat_id, hint)


def _press(query: JSON, hint: str) -> Happening:
    return decode(query.get("data") or "") or Unsupported("button")


def _edited(message: JSON, hint: str) -> Happening | None:
    words = message.get("text") or message.get("caption") or ""
    return Edited(words, source=str(message["message_id"])) if words else None


def _reachability(member: JSON, hint: str) -> Happening:
    return Reachability(member["new_chat_member"]["status"] not in _GONE)


def _message(message: JSON, hint: str) -> Happening | None:
    if message.get("text"):
        return _words(message["text"], str(message["message_id"]), hint)
    for name, kind in _FILES.items():
        if message.get(name):
            return _file(message, message[name], kind)
    if message.get("caption"):
        return _words(message["caption"], str(message["message_id"]), hint)
    for what in _OF_NO_USE & message.keys():
        return Unsupported(what)
    # Service messages (a pinned message, a changed timer) ask for no answer.
    return None


def _words(text: str, source: str, hint: str) -> Happening:
    stripped = text.strip()
    found = _COMMAND.fullmatch(stripped)
    name, payload = found.groups(default="") if found else ("", "")
    if name.lower() == "start":
        return Started(payload, hint)
    if name and not payload:
        return Command(name.lower())
    # Also what begins with a slash and goes on like a sentence: her words.
    return Text(stripped, source=source) if stripped else Unsupported("empty")


def _file(message: JSON, found: Any, kind: MediaKind) -> Happening:
    # Of a picture come several sizes, the largest last.
    file: JSON = found[-1] if isinstance(found, list) else found
    caption, source = message.get("caption") or "", str(message["message_id"])
    if (file.get("file_size") or 0) > LARGEST_FILE * 1_000_000:
        return MediaTooBig(LARGEST_FILE, caption, source)
    return RemoteFile(kind, file["file_id"], caption, source)


_READERS: dict[str, Callable[[JSON, str], Happening | None]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "my_chat_member": _reachability,
}
"""How each kind of news is read in a private chat."""

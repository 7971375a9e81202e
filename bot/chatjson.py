"""A chat as JSON and back, exactly; what an older version did not know yet takes its default.

Only what differs from a fresh chat is written: most of a sealed conversation is her story.
"""

from typing import Final

from pydantic import TypeAdapter

from bot.turns import Chat

_CHAT: Final = TypeAdapter(Chat)


def dump(chat: Chat) -> bytes:
    return _CHAT.dump_json(chat, exclude_defaults=True)


def load(sealed: bytes) -> Chat:
    """The chat that ``dump`` wrote, now or in an older version.

    Raises ``pydantic.ValidationError`` where it is none.
    """
    return _CHAT.validate_json(sealed)

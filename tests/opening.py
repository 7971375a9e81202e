"""She presses "Open": what a phone only announced, read."""

import re

from bot.turns import Pressed
from tests.botapi import Phone
from tests.botapi.values import Message
from tests.door import Door

_ANNOUNCED = re.compile(r"read:[\w-]+")


def is_knock(message: Message) -> bool:
    """Whether a message of the bot says only that there is something."""
    return bool(_ANNOUNCED.search(str(message.rows)))


def opened(door: Door, phone: Phone, message: Message | None = None) -> list[str]:
    """The texts answered when she opens the newest announcement (or this one), without a network."""
    knock = message or next(m for m in reversed(phone.messages) if is_knock(m))
    found = _ANNOUNCED.search(str(knock.rows))
    assert found, knock
    replies = door.take(door.update(str(phone.id), Pressed("case", found.group())))
    return [piece.text for reply in replies for piece in reply.said]


def open_news(phone: Phone, reference: str) -> Message:
    """She presses the newest announcement about a case; the newest message that answers it."""
    knock = phone.wait_for(lambda m: m.button(f"read:{reference}") is not None)
    phone.press(f"read:{reference}", message=knock)
    return phone.wait_for(lambda m: "|.help" in str(m.rows))

"""A Telegram Bot API server on loopback, driven the way a phone would.

    with BotApi() as api:                       # api.url, api.token
        thiri = api.phone(language="my", first_name="Thiri")
        thiri.start("F-KH01")
        thiri.press("မြန်မာ")                    # waits for the answer that has this button
        assert "RC-" in thiri.answer().text      # waits for what came after her last action

It speaks HTTP, checks what Telegram checks, keeps what no bot has confirmed, and breaks on demand.
"""

from tests.botapi.chats import Channel, Chat, Group
from tests.botapi.faults import Faults
from tests.botapi.phone import Phone
from tests.botapi.server import BotApi
from tests.botapi.values import ApiError, Button, Call, Message

__all__ = [
    "ApiError",
    "BotApi",
    "Button",
    "Call",
    "Channel",
    "Chat",
    "Faults",
    "Group",
    "Message",
    "Phone",
]

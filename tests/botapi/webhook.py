"""Delivery by webhook: posts each update, again and again until it is taken."""

import asyncio
import re
import time
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp

from tests.botapi.values import JSON, bad_request

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
"""Seconds between two attempts; Telegram's own are longer, and tests should not be."""


class Webhook:
    """Where updates are posted to. Updates of one chat go one after another, chats side by side."""

    def __init__(self, api: "BotApi") -> None:
        self._api = api
        self.url = ""
        self.secret = ""
        self.deliveries: list[tuple[int, int]] = []
        """``(update_id, HTTP status)`` of each attempt, 0 where nobody answered."""
        self._most = 40
        self._last_error = ""
        self._last_error_at = 0
        self._under_way: dict[object, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    # --- its methods, called with the lock held ---

    def set(self, params: JSON) -> bool:
        url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
        parts = urlsplit(url)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if url and not (parts.scheme == "https" or (parts.scheme == "http" and local)):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        self._api.drop_pending_if_asked(params)
        self.url, self.secret = url, secret
        self._most = int(params.get("max_connections") or 40)
        self._last_error, self._last_error_at = "", 0
        return True

    def info(self) -> JSON:
        updates = self._api.updates
        told: JSON = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(updates.pending),
            "allowed_updates": updates.allowed,
        }
        if self.url:
            told["max_connections"] = self._most
        if self._last_error:
            told |= {
                "last_error_message": self._last_error,
                "last_error_date": self._last_error_at,
            }
        return told

    # --- delivery, in the server's loop ---

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with aiohttp.ClientSession() as self._session:
            try:
                while True:
                    with self._api.lock:
                        bell = self._api.updates.bell
                        self._begin()
                    await bell.wait()
            finally:
                for task in self._under_way.values():
                    task.cancel()

    def _begin(self) -> None:
        """Begin to deliver the oldest update of each chat that has none under way."""
        if not self.url:
            return
        for update in self._api.updates.pending:
            if len(self._under_way) >= self._most:
                return
            chat = _chat(update)
            if chat not in self._under_way:
                task = asyncio.create_task(self._deliver(update, self.url, self.secret))
                self._under_way[chat] = task
                task.add_done_callback(partial(self._ended, chat))

    def _ended(self, chat: object, _task: asyncio.Task[None]) -> None:
        self._under_way.pop(chat, None)
        self._api.updates.ring()

    async def _deliver(self, update: JSON, url: str, secret: str) -> None:
        pause = FIRST_PAUSE
        while self.url == url and self.secret == secret:
            status = await self._post(update, url, secret)
            with self._api.lock:
                self.deliveries.append((update["update_id"], status))
                if 200 <= status < 300:
                    self._api.updates.confirm(update["update_id"])
                self._api.changed()
            if 200 <= status < 300:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, update: JSON, url: str, secret: str) -> int:
        assert self._session
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with self._session.post(
                url, json=update, headers=headers, timeout=aiohttp.ClientTimeout(total=15)
            ) as answer:
                await answer.read()
                if answer.status >= 300:
                    self._failed(
                        f"Wrong response from the webhook: {answer.status} {answer.reason}"
                    )
                return answer.status
        except (aiohttp.ClientError, OSError) as broken:
            refused = isinstance(broken, aiohttp.ClientConnectorError)
            self._failed("Connection refused" if refused else "Connection reset by peer")
            return 0

    def _failed(self, why: str) -> None:
        self._last_error, self._last_error_at = why, int(time.time())


def _chat(update: JSON) -> object:
    """What keeps an update in order with others: its chat, else itself."""
    for kind, content in update.items():
        if kind != "update_id":
            message = content.get("message", content)
            return message.get("chat", {}).get("id", update["update_id"])
    return update["update_id"]

"""The updates no bot has confirmed yet, and the HTTP calls that hand them out: Telegram's queue."""

import asyncio
import time
from collections import deque

from tests.botapi.values import JSON, ApiError

MAX_WAIT = 50.0
"""Seconds a long poll is held at most."""

_NOT_UNLESS_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """The queue. Its owner's lock guards it; ``ring`` and ``poll`` belong to the server's loop."""

    def __init__(self, first_id: int) -> None:
        self.pending: list[JSON] = []
        self.confirmed: deque[JSON] = deque(maxlen=100_000)
        self.allowed: list[str] = []
        self._next_id = first_id
        self._again: set[int] = set()
        self._poller = 0
        self._bell = asyncio.Event()

    def add(self, kind: str, content: JSON) -> bool:
        """Queue an update, unless the bot asked for other kinds only."""
        wanted = kind in self.allowed if self.allowed else kind not in _NOT_UNLESS_ASKED
        if wanted:
            self.pending.append({"update_id": self._next_id, kind: content})
            self._next_id += 1
        return wanted

    def confirm(self, update_id: int) -> None:
        """A webhook answered for this one."""
        for update in self.pending:
            if update["update_id"] == update_id:
                self.pending.remove(update)
                self.confirmed.append(update)
                return

    def confirm_before(self, offset: int) -> None:
        """A poll asked for what begins at ``offset``: everything before is done.

        What is delivered again on purpose stays until it was handed out.
        """
        if offset < 0:
            offset = ([u["update_id"] for u in self.pending][offset:] or [0])[0]
        keep: list[JSON] = []
        for update in self.pending:
            n = update["update_id"]
            (keep if n >= offset or n in self._again else self.confirmed).append(update)
        self.pending = keep

    def again(self, count: int | None) -> int:
        """Queue the last ``count`` confirmed updates (all: ``None``) once more."""
        back = list(self.confirmed)
        back = back if count is None else back[len(back) - count :]
        for update in back:
            self.confirmed.remove(update)
        self._again |= {u["update_id"] for u in back}
        self.pending = sorted(self.pending + back, key=lambda u: int(u["update_id"]))
        return len(back)

    def batch(self, limit: int) -> list[JSON]:
        handed = self.pending[:limit]
        self._again -= {u["update_id"] for u in handed}
        return handed

    def ring(self) -> None:
        """Wake whoever waits for an update, or should notice that something else changed."""
        self._bell.set()
        self._bell = asyncio.Event()

    @property
    def bell(self) -> asyncio.Event:
        return self._bell

    def new_poll(self, offset: int) -> int:
        """A poll begins; the one before it, if still open, ends with a conflict."""
        self._poller += 1
        self.confirm_before(offset)
        self.ring()
        return self._poller

    def bell_for(self, poller: int) -> asyncio.Event:
        if poller != self._poller:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        return self._bell


async def heard(bell: asyncio.Event, until: float) -> bool:
    """Wait for the bell; false where ``until`` (``time.monotonic``) came first."""
    try:
        async with asyncio.timeout(max(0.0, until - time.monotonic())):
            await bell.wait()
    except TimeoutError:
        return False
    return True

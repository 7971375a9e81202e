"""Whose turn it is to run the jobs, where several processes could: one does, another takes over.

On SQLite there is no lease, and it is always this process's turn: one process does everything there,
and after a crash its successor must not wait for anything.
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from casework import leases
from casework.db import Store

LEASE = "jobs"
LASTS = timedelta(seconds=40)
"""So long the turn of a process lasts that shows no sign of life."""
LOOK_EVERY = 10
"""Seconds between two looks: who was killed is followed within ``LASTS`` and one look, which is
less than a minute. Three looks may fail before a turn is lost."""


class Turn:
    """The turn of one process. For any thread.

    It is believed in only as long as the database was promised to: a process that was suspended, or
    can't reach the database, has lost its turn by the time when another one may have it.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        """It is nobody's turn before the first look, but on SQLite."""
        self._store = store
        self._now = now
        self._owner = f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(6)}"
        self._until: datetime | None = None
        self._over = False
        self._looking = threading.Lock()

    def mine(self) -> bool:
        """Whether this process may begin something now. Asks no database."""
        if self._over:
            return False
        return self._store.sqlite or (self._until is not None and self._now() < self._until)

    def look(self) -> None:
        """Take the turn, or renew it. Raises what the database raises; look again later."""
        if self._store.sqlite:
            return
        with self._looking:
            if self._over:
                return
            now = self._now()
            with self._store.writing() as session:
                held = leases.take(session, LEASE, self._owner, now, LASTS)
            self._until = now + LASTS if held else None

    def end(self) -> None:
        """Begin nothing any more: the process is about to stop."""
        self._over = True

    def give_back(self) -> None:
        """End it, and let another process begin at once."""
        self.end()
        if self._store.sqlite:
            return
        with self._looking, self._store.writing() as session:
            leases.give_back(session, LEASE, self._owner)

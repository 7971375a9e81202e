"""Which sentences are recorded, kept in memory: asking the database at each message would cost."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.db import Session
from casework.media import recordings

_GOOD_FOR = timedelta(seconds=30)
"""So long a new recording may stay unheard, and one that was taken away be asked for in vain."""


@dataclass(slots=True)
class Recorded:
    """The keys of all recordings by language. ``now`` gives aware times. Safe among threads."""

    now: Callable[[], datetime]
    _read_at: datetime | None = field(default=None, repr=False)
    _keys: Mapping[str, Collection[str]] = field(default_factory=dict, repr=False)

    def keys(self, session: Session, language: str) -> Collection[str]:
        """The keys of one language, as they were within the last half minute."""
        now = self.now()
        if self._read_at is None or not timedelta() <= now - self._read_at < _GOOD_FOR:
            # What this transaction is about to write need not be written for this.
            with session.no_autoflush:
                self._keys = recordings.all_keys(session)
            self._read_at = now
        return self._keys.get(language, ())

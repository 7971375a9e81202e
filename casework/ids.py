"""Row ids: 63 bits, made by us, ordered by time, so that a row can be sealed before it is written.

41 bits of milliseconds since 2020 (good until 2089), then 22 bits of a counter that starts at a
random place in every process. One process never makes the same id twice. Two processes that happen
to count at the same place in the same millisecond do; the primary key refuses the second row, and
whoever made it does its work again.
"""

import itertools
import secrets
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_COUNTER_BITS = 22
_counter = itertools.count(secrets.randbelow(1 << _COUNTER_BITS))


def new_id(now: datetime) -> int:
    """A fresh id for something that happens at ``now`` (aware)."""
    milliseconds = max(0, int((now - _EPOCH).total_seconds() * 1000))
    return milliseconds << _COUNTER_BITS | next(_counter) % (1 << _COUNTER_BITS)


def first_of(moment: datetime) -> int:
    """No id of an earlier moment is as large, and none of a later one smaller."""
    return max(0, int((moment - _EPOCH).total_seconds() * 1000)) << _COUNTER_BITS


def time_of(row: int) -> datetime:
    """When an id was made."""
    return _EPOCH + timedelta(milliseconds=row >> _COUNTER_BITS)

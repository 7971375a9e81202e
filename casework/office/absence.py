"""What an absence is: its days, when it begins and ends, and who is told instead. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from casework.deadlines.calendars import wall_moment
from casework.errors import Remark

LONGEST = timedelta(days=366)
"""Who is away for longer leaves the office, and is deactivated (our default)."""


class Colleague(Protocol):
    """Of a member of staff, what says whether they are there."""

    @property
    def id(self) -> int: ...
    @property
    def away_until(self) -> date | None: ...
    @property
    def stand_in_id(self) -> int | None: ...


_Colleague = TypeVar("_Colleague", bound=Colleague)


def problems(first: date | None, last: date | None, today: date) -> dict[str, Remark]:
    """What is wrong with the days of a new absence, by field."""
    if first is None:
        return {"first_day": Remark("Write the first day away, like 2026-12-31.")}
    if last is None:
        return {"last_day": Remark("Write the last day away, like 2026-12-31.")}
    if last < first:
        return {"last_day": Remark("The last day can't be before the first.")}
    if last < today:
        return {"last_day": Remark("These days are over already.")}
    if last - first > LONGEST:
        return {"last_day": Remark("At most a year. Who leaves for longer is deactivated.")}
    return {}


def moments(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When an absence begins and ends: at midnight where the person is."""
    midnight = time(0)
    after = last + timedelta(days=1)
    return wall_moment(first, midnight, zone), wall_moment(after, midnight, zone)


def overlap(first: date, last: date, others: Sequence[tuple[date, date]]) -> bool:
    """Whether days fall into another absence of the same person."""
    return any(first <= until and since <= last for since, until in others)


def there(meant: Sequence[_Colleague], able: Sequence[_Colleague]) -> list[_Colleague]:
    """Who of those meant is told: in place of who is away the stand-in, if that is one of
    ``able`` and there; each once."""
    by_id = {one.id: one for one in able}
    found: dict[int, _Colleague] = {}
    for person in meant:
        told: _Colleague | None = person
        if person.away_until is not None:
            told = by_id.get(person.stand_in_id) if person.stand_in_id is not None else None
        if told is not None and told.away_until is None:
            found[told.id] = told
    return list(found.values())

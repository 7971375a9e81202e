"""Which days an office is closed on besides its weekends, and what each is called. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from casework.deadlines.calendars import WorkingCalendar

_ESTIMATED = " (estimated)"
"""How ``holidays`` marks a feast whose day is not certain before the moon is seen."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that is special in a calendar. ``holidays``: names in English, none if it has none."""

    day: date
    holidays: tuple[str, ...]
    estimated: bool = False
    """The authorities may move it by a day or two."""
    own: bool = False
    """The operator's own day off."""
    worked: bool = False
    """Worked in spite of the holiday."""
    weekend: bool = False
    """The office is closed on this weekday anyway."""


def days_off(calendar: WorkingCalendar, first: date, last: date) -> list[DayOff]:
    """Every public holiday and every own day of a calendar from ``first`` to ``last``."""
    found = []
    day = first
    while day <= last:
        name = calendar.holiday(day)
        own, worked = day in calendar.days_off, day in calendar.days_on
        if name or own or worked:
            names = tuple(part.removesuffix(_ESTIMATED) for part in name.split("; ") if part)
            weekend = not calendar.week[day.weekday()]
            estimated = _ESTIMATED in name
            found.append(DayOff(day, names, estimated, own, worked and not own, weekend))
        day += timedelta(days=1)
    return found

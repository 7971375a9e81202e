"""Dates as the reader writes them, in the reader's zone, and due times as sentences."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel import dates as babel_dates

from translations import babel_locale
from webadmin import context
from webadmin.i18n import gettext as _
from webadmin.i18n import language, ngettext


def _locale() -> Locale:
    return babel_locale(language())


def day(at: datetime | date) -> str:
    """``20 Nov 2026``."""
    local = at.astimezone(context.zone()).date() if isinstance(at, datetime) else at
    return _day(language(), local)


# A page writes some hundred times, most of them more than once: the same day, the same minute.
@lru_cache(maxsize=4096)
def _day(tag: str, local: date) -> str:
    return babel_dates.format_date(local, "medium", locale=babel_locale(tag))


@lru_cache(maxsize=4096)
def _clock(tag: str, local: time) -> str:
    return babel_dates.format_time(local, "short", locale=babel_locale(tag))


def long_day(local: date) -> str:
    """``Friday 20 November 2026``."""
    return babel_dates.format_date(local, "full", locale=_locale())


def wall_moment(at: datetime) -> str:
    """``Friday 20 November 2026, 17:00 (Asia/Dhaka)``: in the zone the moment itself is in."""
    zone = at.tzinfo
    assert isinstance(zone, ZoneInfo)
    return f"{long_moment(at, zone)} ({zone.key})"


def moment(at: datetime) -> str:
    """``20 Nov 2026, 17:00``."""
    return _joined(day(at), clock(at, context.zone()))


def long_moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """``Friday 20 November 2026, 17:00``."""
    zone = zone or context.zone()
    return _joined(long_day(at.astimezone(zone).date()), clock(at, zone))


def short_moment(at: datetime, zone: ZoneInfo) -> str:
    """``Fri, 20 Nov 2026, 17:00``."""
    local = at.astimezone(zone)
    return _joined(babel_dates.format_skeleton("yMMMEd", local, locale=_locale()), clock(at, zone))


def weekday(at: datetime, zone: ZoneInfo) -> str:
    """``Friday``."""
    return babel_dates.format_datetime(at, "EEEE", tzinfo=zone, locale=_locale())


def _joined(date_text: str, time_text: str) -> str:
    """Day and time in the order, and with what stands between them, of the language."""
    return str(_locale().datetime_formats["medium"]).format(time_text, date_text)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """``17:00``."""
    return _clock(language(), at.astimezone(zone).time().replace(second=0, microsecond=0))


def elsewhere(at: datetime, zone_name: str) -> str:
    """The same moment in another zone; ``""`` where clocks there show the same."""
    try:
        zone = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    if at.astimezone(zone).utcoffset() == at.astimezone(context.zone()).utcoffset():
        return ""
    return long_moment(at, zone)


def there(at: datetime, zone_name: str) -> str:
    """``19:40``, or with the day where that is another one: the same moment in another zone, short;
    ``""`` where clocks there show the same."""
    if not elsewhere(at, zone_name):
        return ""
    zone = ZoneInfo(zone_name)
    local = at.astimezone(zone)
    if local.date() == at.astimezone(context.zone()).date():
        return clock(at, zone)
    return _joined(babel_dates.format_skeleton("MMMd", local, locale=_locale()), clock(at, zone))


def ago(at: datetime) -> str:
    """``3 days ago``, ``in 2 hours``."""
    return babel_dates.format_timedelta(at - context.now(), add_direction=True, locale=_locale())


def due(at: datetime) -> str:
    """A due time as one reads it in a list: ``Overdue by 3 days``, ``Due today, 17:00``."""
    now, zone = context.now(), context.zone()
    if at < now:
        return _("Overdue by %(time)s") % {"time": span(now - at)}
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    time = clock(at, zone)
    if days == 0:
        return _("Due today, %(time)s") % {"time": time}
    if days == 1:
        return _("Due tomorrow, %(time)s") % {"time": time}
    if days < 7:
        return _("Due %(weekday)s, %(time)s") % {"weekday": weekday(at, zone), "time": time}
    return _("Due %(day)s") % {"day": day(at)}


def span(late: timedelta) -> str:
    """``3 days``, ``2 hours``: how long, in the largest whole unit."""
    days, hours = late.days, late.seconds // 3600
    if days:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if hours:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    minutes = max(1, late.seconds // 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}

"""Sentences about one clock, out of values: when it is due where, since when it pauses, how long it
took."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import dates as babel_dates
from babel.core import get_global

from casework.deadlines.calendars import WorkingCalendar
from casework.deadlines.worktime import working_days_left
from casework.vocabulary import PauseReason
from translations import N_, babel_locale
from webadmin import dates
from webadmin.i18n import gettext as _
from webadmin.i18n import language, ngettext

_PAUSED = {
    PauseReason.ANSWER: N_(
        "Paused since %(since)s because we wait for the worker’s answer, at most until %(until)s."
    ),
    PauseReason.DOCUMENTS: N_(
        "Paused since %(since)s because we wait for papers or pictures from the worker, at most until"
        " %(until)s."
    ),
    PauseReason.DECISION: N_(
        "Paused since %(since)s because the worker wants to think about it, at most until %(until)s."
    ),
}


_FORMER: dict[str, list[str]] = {}
for _former, _present in get_global("zone_aliases").items():
    _FORMER.setdefault(_present, []).append(_former)


def city(zone: ZoneInfo) -> str:
    """The city a zone is named after, as the reader calls it."""
    locale = babel_locale(language())
    # Unicode's data knows some cities by the name their zone had once: Asia/Saigon.
    for key in (zone.key, *_FORMER.get(zone.key, ())):
        if found := locale.time_zones.get(key, {}).get("city"):
            return str(found)
    return babel_dates.get_timezone_location(zone, locale=locale, return_city=True)


def when(at: datetime, office: ZoneInfo, reader: ZoneInfo) -> str:
    """``Tue, 24 Nov 2026, 17:00 in Dhaka (18:00 for you)``."""
    there, here = at.astimezone(office), at.astimezone(reader)
    values = {"moment": dates.short_moment(at, office), "place": city(office)}
    if there.utcoffset() == here.utcoffset():
        return _("%(moment)s in %(place)s") % values
    same_day = there.date() == here.date()
    values["yours"] = dates.clock(at, reader) if same_day else dates.short_moment(at, reader)
    return _("%(moment)s in %(place)s (%(yours)s for you)") % values


def due(at: datetime, calendar: WorkingCalendar, reader: ZoneInfo, now: datetime) -> str:
    """When a promise is due that is still owed, and how much time is left by the office's days."""
    values: dict[str, object] = {"when": when(at, calendar.zone, reader)}
    if at < now:
        values["time"] = dates.span(now - at)
        return _("Was due %(when)s: overdue by %(time)s.") % values
    if at.astimezone(calendar.zone).date() == now.astimezone(calendar.zone).date():
        return _("Due today, %(when)s.") % values
    left = working_days_left(calendar, now, at)
    if not left:
        return _("Due %(when)s, before the next working day.") % values
    text = ngettext(
        "Due %(when)s, in %(n)d working day.", "Due %(when)s, in %(n)d working days.", left
    )
    return text % {**values, "n": left}


def paused(
    reason: PauseReason, since: datetime, until: datetime, reader: ZoneInfo, now: datetime
) -> str:
    """Why clocks pause, since when, and until when at most."""
    recent = now - since < timedelta(days=6)
    day = dates.day(since.astimezone(reader).date())
    return _(_PAUSED[reason]) % {
        "since": dates.weekday(since, reader) if recent else day,
        "until": dates.day(until.astimezone(reader).date()),
    }


def took(raw: timedelta, pause: timedelta) -> str:
    """How long it took until a promise was kept, and how much of that did not count."""
    if not pause:
        return _("Took %(time)s.") % {"time": dates.span(raw)}
    return _("Took %(time)s, of which %(paused)s were paused.") % {
        "time": dates.span(raw),
        "paused": dates.span(pause),
    }

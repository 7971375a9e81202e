"""Try it: when a promise would be due, with every step, as somebody typed it into a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request

from casework.deadlines import promised, trying
from casework.deadlines.calendars import WorkingCalendar, wall_moment
from casework.deadlines.policies import Policy
from casework.deadlines.trying import Tried
from casework.deadlines.worktime import Stretch
from casework.errors import BadInput, Remark
from casework.vocabulary import Action, Category, Promise, Severity
from translations import N_
from webadmin import labels
from webadmin.context import now
from webadmin.forms import chosen
from webadmin.i18n import gettext as _

ALL: dict[str, tuple[Action, str]] = {
    "all-file": (Action.FILE, N_("All that start with the filing")),
    "all-acknowledge": (Action.ACKNOWLEDGE, N_("All that start with the acknowledgement")),
    "all-appeal": (Action.APPEAL, N_("All that start with a dispute or an appeal")),
}
"""What may be chosen instead of one promise, and with which action those start."""

_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Trial:
    """What was typed, and what came of it."""

    form: Mapping[str, str]
    zone: ZoneInfo
    found: tuple[Tried, ...] = ()
    wrong: Mapping[str, Remark] = field(default_factory=dict)

    @property
    def promises(self) -> list[tuple[str, str]]:
        """What may be chosen, with its name."""
        every = [(value, _(text)) for value, (_action, text) in ALL.items()]
        return every + [(one.value, labels.label(one)) for one in Promise]

    @property
    def severity(self) -> Severity:
        """The severity that was tried."""
        return Severity(self.form["severity"])

    @property
    def category(self) -> Category | None:
        """The category that was tried, if any was chosen."""
        return chosen(Category, self.form["category"])


def trial(policy: Policy, calendar: WorkingCalendar, promise: str) -> Trial:
    """Work out what the address asks for; ``promise`` is what stands chosen at first."""
    here = now().astimezone(calendar.zone)
    form = {
        "severity": Severity.SERIOUS.value,
        "category": "",
        "promise": promise,
        "moment": f"{here:%Y-%m-%dT%H:%M}",
        "pause_from": "",
        "pause_until": "",
    } | {name: request.args[name] for name in request.args}
    severity, wanted = chosen(Severity, form["severity"]), _wanted(form["promise"])
    started = _moment(form["moment"], calendar)
    if severity is None or not wanted or started is None:
        what = Remark("Choose severity, promise, day and time.")
        form["severity"] = (severity or Severity.SERIOUS).value
        return Trial(form, calendar.zone, wrong={"moment": what})
    category = chosen(Category, form["category"])
    pauses = _pauses(form, calendar)
    if pauses is None:
        what = Remark("Give both: from when until when it was paused.")
        return Trial(form, calendar.zone, wrong={"pause_from": what})
    lines = [one for one in wanted if policy.line(one, severity, category)]
    try:
        found = tuple(
            trying.try_out(policy, one, severity, category, started, calendar, pauses)
            for one in (lines or wanted)
        )
    except BadInput as error:
        at = "pause_from" if lines and pauses else "moment"
        return Trial(form, calendar.zone, wrong={at: error.remark})
    return Trial(form, calendar.zone, found)


def _wanted(text: str) -> list[Promise]:
    if text in ALL:
        action, _text = ALL[text]
        return [one for one in Promise if action in promised.RULES[one].starts]
    one = chosen(Promise, text)
    return [one] if one else []


def _moment(text: str, calendar: WorkingCalendar) -> datetime | None:
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    if local.year not in _YEARS:
        return None
    return wall_moment(local.date(), local.time(), calendar.zone)


def _pauses(form: Mapping[str, str], calendar: WorkingCalendar) -> tuple[Stretch, ...] | None:
    """The pause that was typed, if one was; ``None`` where it is half."""
    if not (form["pause_from"] or form["pause_until"]):
        return ()
    begin, end = (_moment(form[name], calendar) for name in ("pause_from", "pause_until"))
    return ((begin, end),) if begin and end else None

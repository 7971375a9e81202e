"""What the handling of a case left in its events, in plain words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from casework.models import Staff
from casework.vocabulary import (
    Action,
    Category,
    Finding,
    Gravity,
    Inadmissible,
    PartyKind,
    Referral,
)
from translations import N_
from webadmin import dates, labels
from webadmin.i18n import gettext as _

Data = Mapping[str, Any]
People = Mapping[int, Staff]

_WHAT = {
    "added": N_("Added."),
    "changed": N_("Changed."),
    "removed": N_("Removed."),
    "done": N_("Done."),
}


def _what(data: Data) -> str:
    done: str = data["what"]
    return _(_WHAT[done])


def issue_name(category: Category, kind: str) -> str:
    """What an issue is about, in one line."""
    name = labels.kind(category, kind)
    return labels.label(category) + (f" · {name}" if name else "")


def _party(data: Data, _staff: People) -> list[str]:
    return [labels.label(PartyKind(data["kind"])), _what(data)]


def _interview(data: Data, _staff: People) -> list[str]:
    return [dates.long_day(date.fromisoformat(data["held"]))]


def _task(data: Data, staff: People) -> list[str]:
    found = [_what(data)]
    to = staff.get(data["to"])
    if to and data["what"] != "done":
        found.append(_("To %(name)s.") % {"name": to.name})
    return [*found, _("Due %(day)s.") % {"day": dates.long_day(date.fromisoformat(data["due"]))}]


def _considered(data: Data, _staff: People) -> list[str]:
    if data["forced-labour"]:
        return [_("Yes: it is treated as forced labour.")]
    return [_("No, with a reason.")]


def _finding(data: Data, _staff: People) -> list[str]:
    about = issue_name(Category(data["category"]), data["kind"])
    words = [labels.label(Finding(data["finding"]))]
    if data["gravity"]:
        words.append(labels.label(Gravity(data["gravity"])))
    return [about, ", ".join(words)]


def _concluded(data: Data, staff: People) -> list[str]:
    return [line for one in data.get("findings", ()) for line in _finding(one, staff)]


def _rejected(data: Data, _staff: People) -> list[str]:
    return [labels.label(Inadmissible(data["reason"]))] if "reason" in data else []


def _referred(data: Data, _staff: People) -> list[str]:
    return [labels.label(Referral(data["reason"]))] if "reason" in data else []


DETAILS: dict[Action, Callable[[Data, People], list[str]]] = {
    Action.PARTY: _party,
    Action.INTERVIEW: _interview,
    Action.TASK: _task,
    Action.CONSIDER: _considered,
    Action.FINDING: _finding,
    Action.CONCLUDE: _concluded,
    Action.REJECT: _rejected,
    Action.REFER: _referred,
}
"""What to add to the sentence of an event. Events from before reasons and findings have none."""

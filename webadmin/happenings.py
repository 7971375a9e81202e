"""The events of a case in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.models import CaseEvent, Staff
from casework.promises import FELL_AWAY
from casework.recalculating import POLICY
from casework.vocabulary import Action, Category, LinkKind, Promise, Severity
from translations import N_
from webadmin import dates, labels
from webadmin.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Happening:
    """When something happened, and a sentence about it."""

    at: datetime
    text: str
    details: tuple[str, ...] = ()


SENTENCES: dict[Action, str] = {
    Action.FILE: N_("The worker filed the complaint."),
    Action.ADD: N_("The worker added something."),
    Action.CONFIRM: N_("The worker confirmed that it is put right."),
    Action.DISPUTE: N_("The worker says that it is not put right."),
    Action.APPEAL: N_("The worker appealed."),
    Action.WITHDRAW: N_("The worker took the complaint back."),
    Action.RATE: N_("The worker said how they were treated."),
    Action.CHECK_IN: N_("The worker answered whether anyone treats them badly because of it."),
    Action.MOVE: N_("The worker opened the case on another phone, with its receipt."),
    Action.LINK: N_("The case was linked to another."),
    Action.FORGET: N_("The worker asked to be forgotten. The case goes on without them."),
    Action.MISS: N_("A promise passed without being kept."),
    Action.ESCALATE: N_("A promise is still not kept: others were told."),
    Action.RECALCULATE: N_("%(name)s changed the working calendar: a due time moved."),
    Action.PROTECT: N_("%(name)s noted the interim protection."),
    Action.PAUSE: N_("%(name)s paused the clocks: the case waits for the worker."),
    Action.RESUME: N_("%(name)s let the clocks run again."),
    Action.ASK_EXTENSION: N_("%(name)s asked for more time."),
    Action.EXTEND: N_("%(name)s gave more time."),
    Action.REFUSE_EXTENSION: N_("%(name)s refused more time."),
    Action.ACKNOWLEDGE: N_("%(name)s acknowledged the complaint."),
    Action.TRIAGE: N_("%(name)s triaged the case."),
    Action.ASSIGN: N_("%(name)s assigned the case."),
    Action.ASK: N_("%(name)s asked the worker."),
    Action.REPLY: N_("%(name)s replied to the worker."),
    Action.NOTE: N_("%(name)s left a note for colleagues."),
    Action.NOTIFY_FACTORY: N_("%(name)s noted that the factory was told."),
    Action.ASSESS: N_("%(name)s began to assess."),
    Action.INVESTIGATE: N_("%(name)s began to investigate."),
    Action.PROPOSE_REMEDY: N_("%(name)s proposed a remedy to the worker."),
    Action.CONCLUDE: N_("%(name)s told the worker the outcome."),
    Action.RESOLVE: N_("%(name)s counted the case as resolved: the worker did not answer."),
    Action.CLOSE: N_("%(name)s closed the case."),
    Action.REFER: N_("%(name)s referred the case."),
    Action.REJECT: N_("%(name)s marked the case as inadmissible."),
}


def told(event: CaseEvent, staff: Mapping[int, Staff]) -> Happening:
    """An event as a sentence, with what it changed."""
    who = staff.get(event.staff_id) if event.staff_id else None
    name = who.name if who else labels.label(event.role)
    text = _(_sentence(event)) % {"name": name}
    return Happening(event.at, text, (*_details(event, staff), *_fell_away(event)))


_BY_POLICY = N_("%(name)s changed what is promised and until when.")


def _sentence(event: CaseEvent) -> str:
    if event.action is Action.RECALCULATE and event.data.get("why") == POLICY:
        return _BY_POLICY
    return SENTENCES[event.action]


def _fell_away(event: CaseEvent) -> list[str]:
    names = [labels.label(Promise(value)) for value in event.data.get(FELL_AWAY, ())]
    return [_("No longer due: %(promises)s.") % {"promises": ", ".join(names)}] if names else []


def _details(event: CaseEvent, staff: Mapping[int, Staff]) -> list[str]:
    match event.action:
        case Action.TRIAGE:
            return _triaged(event)
        case Action.ASSIGN:
            to = staff.get(event.data.get("to") or 0)
            return [_("To %(name)s.") % {"name": to.name} if to else _("To nobody.")]
        case Action.CHECK_IN:
            harmed = event.data["harmed"]
            return [_("Yes, somebody did.") if harmed else _("No, nobody did.")]
        case Action.LINK:
            return [labels.label(LinkKind(event.data["kind"]))]
        case Action.MISS:
            promise = labels.label(Promise(event.data["promise"]))
            due = dates.moment(datetime.fromisoformat(event.data["due"]))
            return [_("%(promise)s was due on %(day)s.") % {"promise": promise, "day": due}]
        case Action.RECALCULATE:
            return [_moved(event)]
        case _:
            return []


def _moved(event: CaseEvent) -> str:
    before, after = (
        dates.moment(datetime.fromisoformat(event.data[name])) if event.data[name] else ""
        for name in ("before", "after")
    )
    values = {
        "promise": labels.label(Promise(event.data["promise"])),
        "before": before,
        "after": after,
    }
    if not before:
        return _("%(promise)s: promised now, due %(after)s.") % values
    if not after:
        return _("%(promise)s: no longer promised. It was due %(before)s.") % values
    return _("%(promise)s: due %(after)s instead of %(before)s.") % values


def _triaged(event: CaseEvent) -> list[str]:
    before, after = (labels.label(Severity(text)) for text in event.data["severity"])
    found = [_("Severity: %(severity)s.") % {"severity": after}]
    if before != after:
        found = [_("Severity: from %(before)s to %(after)s.") % {"before": before, "after": after}]
    for code, kind in event.data["issues"]:
        category = Category(code)
        kind_name = labels.kind(category, kind)
        found.append(labels.label(category) + (f" · {kind_name}" if kind_name else ""))
    if event.data["restricted"]:
        found.append(_("Restricted."))
    if event.data["retaliation-risk"]:
        found.append(_("Risk of retaliation."))
    return found

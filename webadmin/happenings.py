"""The events of a case in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.clocks import parse_span
from casework.models import CaseEvent, Staff
from casework.promises import FELL_AWAY
from casework.recalculating import POLICY
from casework.vocabulary import (
    Action,
    Category,
    ExtensionReason,
    LinkKind,
    PauseReason,
    Promise,
    Severity,
    VersionBy,
)
from translations import N_
from webadmin import dates, labels, spans
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
    Action.HOLD_WORDS: N_("%(name)s wrote words that wait for a translation."),
    Action.DROP_WORDS: N_("%(name)s threw away words that waited for a translation."),
    Action.TRANSLATE: N_("%(name)s translated a message."),
    Action.TRANSCRIBE: N_("%(name)s wrote down what a recording says."),
    Action.ASK_INTERPRETER: N_("%(name)s asked for an interpreter."),
}


def told(event: CaseEvent, staff: Mapping[int, Staff]) -> Happening:
    """An event as a sentence, with what it changed."""
    who = staff.get(event.staff_id) if event.staff_id else None
    name = who.name if who else labels.label(event.role)
    text = _(_sentence(event)) % {"name": name}
    details = (*_details(event, staff), *_paused(event), *_fell_away(event))
    return Happening(event.at, text, details)


_BY_POLICY = N_("%(name)s changed what is promised and until when.")


def _sentence(event: CaseEvent) -> str:
    if event.action is Action.RECALCULATE and event.data.get("why") == POLICY:
        return _BY_POLICY
    return SENTENCES[event.action]


def _fell_away(event: CaseEvent) -> list[str]:
    names = [labels.label(Promise(value)) for value in event.data.get(FELL_AWAY, ())]
    return [_("No longer due: %(promises)s.") % {"promises": ", ".join(names)}] if names else []


def _paused(event: CaseEvent) -> list[str]:
    """What a pause, or its end by whatever ended it, did to the clocks."""
    found = []
    if event.data.get("resumed") and event.action is not Action.RESUME:
        found.append(_("The clocks run again."))
    both = (one for one in event.data.get("moved", ()) if one["before"] and one["after"])
    return [*found, *map(_moved, both)]


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
            due = _moment(event.data["due"])
            return [_("%(promise)s was due on %(day)s.") % {"promise": promise, "day": due}]
        case Action.RECALCULATE:
            return [_moved(event.data)]
        case Action.TRANSLATE:
            return [labels.label(VersionBy(event.data["made-by"]))]
        case Action.PAUSE:
            until = _moment(event.data["until"])
            reason = labels.label(PauseReason(event.data["reason"]))
            return [_("%(reason)s, at most until %(day)s.") % {"reason": reason, "day": until}]
        case Action.ASK_EXTENSION | Action.EXTEND | Action.REFUSE_EXTENSION:
            return _extension(event)
        case Action.ESCALATE:
            return _escalated(event, staff)
        case _:
            return []


def _extension(event: CaseEvent) -> list[str]:
    values = {
        "promise": labels.label(Promise(event.data["promise"])),
        "until": _moment(event.data["until"]),
        "before": _moment(event.data["before"]),
    }
    if event.action is Action.REFUSE_EXTENSION:
        return [_("%(promise)s: stays due %(before)s, not %(until)s.") % values]
    return [
        _("%(promise)s: until %(until)s instead of %(before)s.") % values,
        labels.label(ExtensionReason(event.data["reason"])),
    ]


def _escalated(event: CaseEvent, staff: Mapping[int, Staff]) -> list[str]:
    promise = labels.label(Promise(event.data["promise"]))
    span = parse_span(event.data["level"].removeprefix("+"))
    names = [staff[row].name for row in event.data["told"] if row in staff]
    values = {"promise": promise, "time": spans.in_words(span), "people": ", ".join(names)}
    return [_("%(promise)s: %(time)s late. Told: %(people)s.") % values]


def _moment(text: str) -> str:
    return dates.moment(datetime.fromisoformat(text)) if text else ""


def _moved(data: Mapping[str, str | None]) -> str:
    before, after = (_moment(data[name] or "") for name in ("before", "after"))
    values = {
        "promise": labels.label(Promise(data["promise"] or "")),
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

"""The events of a case in plain words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.deadlines.clocks import parse_span
from casework.deadlines.promises import FELL_AWAY
from casework.deadlines.recalculating import POLICY
from casework.filing import NOTED_BY
from casework.models import CaseEvent, Staff
from casework.remedy import money
from casework.vocabulary import (
    Action,
    Category,
    ExtensionReason,
    LedgerKind,
    LinkKind,
    PauseReason,
    Promise,
    RedactionReason,
    RemedyStep,
    Role,
    Severity,
    VersionBy,
)
from translations import N_, babel_locale
from webadmin import dates, handled, labels, spans
from webadmin.i18n import gettext as _
from webadmin.i18n import language


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
    Action.UNLINK: N_("%(name)s took a link to another case away."),
    Action.END_DUPLICATE: N_("%(name)s ended the case: it goes on in an earlier one."),
    Action.TOLD: N_("%(name)s told the worker in person."),
    Action.RENEW_RECEIPT: N_("%(name)s gave the worker a new secret number."),
    Action.FORGET: N_("The worker asked to be forgotten. The case goes on without them."),
    Action.MISS: N_("A promise passed without being kept."),
    Action.ESCALATE: N_("A promise is still not kept: others were told."),
    Action.RECALCULATE: N_("%(name)s changed the working calendar: a due time moved."),
    Action.REDACT: N_("%(name)s blacked something out."),
    Action.HOLD: N_("%(name)s keeps the case from being deleted."),
    Action.RELEASE: N_("%(name)s no longer keeps the case from being deleted."),
    Action.EXPIRE: N_("What was said and sent was deleted: the time to keep it is over."),
    Action.PROTECT: N_("%(name)s noted the interim protection."),
    Action.PARTY: N_("%(name)s noted who has a part in the case."),
    Action.INTERVIEW: N_("%(name)s noted an interview."),
    Action.TASK: N_("%(name)s changed the tasks of the case."),
    Action.CONSIDER: N_("%(name)s considered whether this may be forced labour."),
    Action.FINDING: N_("%(name)s noted a finding."),
    Action.PAUSE: N_("%(name)s paused the clocks: the case waits for the worker."),
    Action.RESUME: N_("%(name)s let the clocks run again."),
    Action.ASK_EXTENSION: N_("%(name)s asked for more time."),
    Action.EXTEND: N_("%(name)s gave more time."),
    Action.REFUSE_EXTENSION: N_("%(name)s refused more time."),
    Action.DECLARE: N_("%(name)s signed to have no tie to anybody in the case."),
    Action.BAR: N_("Others may see this case than before."),
    Action.PLAN_REMEDY: N_("%(name)s changed the plan of remedy."),
    Action.VERIFY_REMEDY: N_("%(name)s looked whether it was done."),
    Action.RECORD_MONEY: N_("%(name)s noted money that is owed or was paid."),
    Action.INVITE_FACTORY: N_("%(name)s changed who of the factory is asked."),
    Action.FACTORY_ANSWER: N_("The factory answered to what is asked of it."),
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
    Action.IMPORT: N_("The case was imported from another system."),
    Action.EXPORT: N_("%(name)s handed the case over to another organisation, as a sealed file."),
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
    details = (
        *_details(event, staff),
        *_noted(event, staff),
        *_paused(event),
        *_fell_away(event),
        *_signed(event),
    )
    return Happening(event.at, text, details)


_TAKEN = N_("%(name)s took the complaint by phone or in person.")
_BY_POLICY = N_("%(name)s changed what is promised and until when.")


def _sentence(event: CaseEvent) -> str:
    if event.action is Action.RECALCULATE and event.data.get("why") == POLICY:
        return _BY_POLICY
    if event.action is Action.FILE and event.role is not Role.WORKER:
        return _TAKEN
    return SENTENCES[event.action]


def _signed(event: CaseEvent) -> list[str]:
    return (
        [_("Signed to have no tie to anybody in the case.")] if event.data.get("declared") else []
    )


def _barred(event: CaseEvent, staff: Mapping[int, Staff]) -> list[str]:
    said = {
        "barred": _("Has a tie or is accused, and does not see it any more: %(people)s."),
        "cleared": _("Sees it again: %(people)s."),
        "unassigned": _("Handles it no longer: %(people)s."),
    }
    found = []
    for name, sentence in said.items():
        rows = event.data.get(name) or []
        names = [staff[row].name for row in (rows if isinstance(rows, list) else [rows])]
        if names:
            found.append(sentence % {"people": ", ".join(names)})
    return found


def _noted(event: CaseEvent, staff: Mapping[int, Staff]) -> list[str]:
    """Who wrote down what the worker said or did."""
    if event.action is Action.FILE and "entered" in event.data:
        return [_("Written down on %(day)s.") % {"day": _moment(event.data["entered"])}]
    who = staff.get(event.data.get(NOTED_BY) or 0)
    return [_("Written down by %(name)s.") % {"name": who.name}] if who else []


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
    if event.action in handled.DETAILS:
        return handled.DETAILS[event.action](event.data, staff)
    tell = _DETAILS.get(event.action)
    return tell(event, staff) if tell else []


def _assigned(event: CaseEvent, staff: Mapping[int, Staff]) -> list[str]:
    to = staff.get(event.data.get("to") or 0)
    found = [_("To %(name)s.") % {"name": to.name} if to else _("To nobody.")]
    if away := staff.get(event.data.get("away") or 0):
        found.append(_("%(name)s is away, or has left.") % {"name": away.name})
    if "back" in event.data:
        found.append(_("Taken back after an absence."))
    return found


def _checked_in(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    return [_("Yes, somebody did.") if event.data["harmed"] else _("No, nobody did.")]


def _linked(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    found = [labels.label(LinkKind(event.data["kind"]))]
    if "severity" in event.data:
        before, after = (labels.label(Severity(text)) for text in event.data["severity"])
        found.append(
            _("Severity: from %(before)s to %(after)s.") % {"before": before, "after": after}
        )
    if event.data.get("restricted"):
        found.append(_("Restricted."))
    return found


def _missed(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    promise = labels.label(Promise(event.data["promise"]))
    due = _moment(event.data["due"])
    return [_("%(promise)s was due on %(day)s.") % {"promise": promise, "day": due}]


def _pause_began(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    until = _moment(event.data["until"])
    reason = labels.label(PauseReason(event.data["reason"]))
    return [_("%(reason)s, at most until %(day)s.") % {"reason": reason, "day": until}]


def _action_of_plan(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    step = labels.label(RemedyStep(event.data["step"]))
    values = {"number": event.data["number"], "step": step}
    # Translators: %(step)s is like “Verified” or “Said to be done”
    return [_("Action %(number)s: %(step)s") % values]


def _money_noted(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    if "entry" not in event.data:
        return []
    return [f"{labels.label(LedgerKind(event.data['kind']))}: {_amount(event.data)}"]


def _amount(data: Mapping[str, Any]) -> str:
    return money.written(data["amount"], data["currency"], babel_locale(language()))


def _handed_over(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    found = [_("It says who the worker is.")] if event.data["identity"] else []
    return [*found, _("With notes among colleagues.")] if event.data["notes"] else found


def _translated(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    return [labels.label(VersionBy(event.data["made-by"]))]


def _blacked_out(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
    what = _("A file was destroyed.") if "file" in event.data else _("Words were destroyed.")
    return [what, labels.label(RedactionReason(event.data["reason"]))]


def _extension(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
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


def _triaged(event: CaseEvent, _staff: Mapping[int, Staff]) -> list[str]:
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


_DETAILS: dict[Action, Callable[[CaseEvent, Mapping[int, Staff]], list[str]]] = {
    Action.TRIAGE: _triaged,
    Action.ASSIGN: _assigned,
    Action.CHECK_IN: _checked_in,
    Action.LINK: _linked,
    Action.UNLINK: _linked,
    Action.MISS: _missed,
    Action.RECALCULATE: lambda event, _staff: [_moved(event.data)],
    Action.PAUSE: _pause_began,
    Action.ASK_EXTENSION: _extension,
    Action.EXTEND: _extension,
    Action.REFUSE_EXTENSION: _extension,
    Action.BAR: _barred,
    Action.ESCALATE: _escalated,
    Action.EXPORT: _handed_over,
    Action.REDACT: _blacked_out,
    Action.TRANSLATE: _translated,
    Action.PLAN_REMEDY: _action_of_plan,
    Action.VERIFY_REMEDY: _action_of_plan,
    Action.FACTORY_ANSWER: _action_of_plan,
    Action.RECORD_MONEY: _money_noted,
}
"""What an event changed, where its sentence does not say so."""

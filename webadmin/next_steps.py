"""What a handler does next with a case in a list, in few words, and where on its page that is."""

from datetime import timedelta

from casework import lifecycle
from casework.searching.caserows import Row
from casework.vocabulary import Action, Promise, Status
from translations import N_
from webadmin import acts, context, dates
from webadmin.i18n import gettext as _

_KEPT_BY = {
    Promise.TRIAGE: (N_("Triage it"), "triage"),
    Promise.FIRST_REPLY: (N_("Reply to the worker"), "write"),
    Promise.PROTECTION: (acts.STEPS[Action.PROTECT].verb, "protect"),
    Promise.PROGRESS: (N_("Write to the worker how it stands"), "write"),
}
"""What keeps a promise that the next step of the case's status does not keep."""

_NEXT = "next"


def next_step(row: Row) -> str:
    """What to do next."""
    return _what(row)[0]


def where(row: Row) -> str:
    """The part of the case's page in which it is done."""
    return _what(row)[1]


def _what(row: Row) -> tuple[str, str]:
    action = lifecycle.NEXT.get(row.status)
    if row.status is Status.RECEIVED:
        return _(acts.STEPS[Action.ACKNOWLEDGE].verb), _NEXT
    if row.unread:
        return _("Read what the worker wrote"), "story"
    if row.promise in _KEPT_BY and not (row.open_question and _later(row)):
        text, part = _KEPT_BY[row.promise]
        return _(text), part
    if row.status is Status.VERIFYING and row.asked_at:
        until = row.asked_at + lifecycle.APPEAL_WINDOW
        if context.now() < until:
            return _("Wait for the worker until %(day)s") % {"day": dates.day(until)}, _NEXT
    if row.open_question:
        return _("Wait for the worker's answer"), _NEXT
    if row.status is Status.APPEALED:
        return _("Somebody else takes it up"), _NEXT
    return (_(acts.STEPS[action].verb) if action else _("Nothing is left to do")), _NEXT


def _later(row: Row) -> bool:
    return row.next_due_at is None or row.next_due_at > context.now() + timedelta(days=7)

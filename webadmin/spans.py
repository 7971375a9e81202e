"""Spans of a policy in the reader's language: ``2 working days``."""

from casework.deadlines.clocks import Span, Unit
from webadmin.i18n import ngettext


def in_words(span: Span) -> str:
    """A span as a person says it."""
    n = span.amount
    match span.unit:
        case Unit.HOURS:
            text = ngettext("%(n)d hour", "%(n)d hours", n)
        case Unit.DAYS:
            text = ngettext("%(n)d day", "%(n)d days", n)
        case Unit.MONTHS:
            text = ngettext("%(n)d month", "%(n)d months", n)
        case Unit.WORKING_HOURS:
            text = ngettext("%(n)d working hour", "%(n)d working hours", n)
        case Unit.WORKING_DAYS:
            text = ngettext("%(n)d working day", "%(n)d working days", n)
    return text % {"n": n}

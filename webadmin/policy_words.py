"""The policy in words: spans, chains, what starts and keeps a promise, what differs."""

from collections.abc import Iterable
from dataclasses import dataclass

from babel.lists import format_list
from babel.numbers import format_percent

from casework.deadlines import promised
from casework.deadlines.clocks import Span, Unit
from casework.deadlines.comparing import (
    ChainDiffers,
    CheckInsDiffer,
    Difference,
    PromiseDiffers,
    Usual,
)
from casework.deadlines.policies import Chain, Level, Line
from casework.vocabulary import Action, Promise
from translations import N_, babel_locale
from webadmin import labels
from webadmin.i18n import gettext as _
from webadmin.i18n import language
from webadmin.spans import in_words

HAPPENS: dict[Action, str] = {
    Action.FILE: N_("The worker files the complaint."),
    Action.ACKNOWLEDGE: N_("A person acknowledges the complaint."),
    Action.TRIAGE: N_("A person sets the severity at triage."),
    Action.PROTECT: N_("A person notes what keeps the worker safe, or why nothing is needed."),
    Action.ASK: N_("A person asks the worker something."),
    Action.REPLY: N_("A person replies to the worker."),
    Action.ASSESS: N_("A person begins to assess, and the worker is told."),
    Action.INVESTIGATE: N_("A person begins to investigate, and the worker is told."),
    Action.PROPOSE_REMEDY: N_("A person proposes a remedy to the worker."),
    Action.CONCLUDE: N_("A person tells the worker the outcome."),
    Action.REFER: N_("The case is referred, and the worker is told why."),
    Action.REJECT: N_("The case is not taken up, and the worker is told why."),
    Action.RESOLVE: N_("It counts as resolved, because the worker did not answer in time."),
    Action.CONFIRM: N_("The worker confirms that it is put right."),
    Action.DISPUTE: N_("The worker says that it is not put right."),
    Action.APPEAL: N_("The worker appeals."),
    Action.WITHDRAW: N_("The worker takes the complaint back."),
    Action.END_DUPLICATE: N_("It goes on in an earlier case"),
    Action.FORGET: N_("The worker asks to be forgotten."),
}
"""What starts, keeps and ends promises."""


def days(number: int) -> str:
    """``30 days``."""
    return in_words(Span(number, Unit.DAYS))


def line(value: Line) -> str:
    """``3 days, around the clock; may pause``."""
    parts = [in_words(value.span)]
    if value.exact:
        parts.append(_("around the clock"))
    if value.pauses:
        parts.append(_("may pause"))
    if not value.chain:
        return _listed(parts)
    return f"{_listed(parts)}. {_chain(value.chain)}"


def _chain(value: Chain) -> str:
    """A sentence for each level."""
    return " ".join(f"{reached(level)}: {told(level)}." for level in value)


def reached(level: Level) -> str:
    """When a level of a chain is reached: ``75% of the time has passed``."""
    if level.late:
        return _("%(span)s after it was due") % {"span": in_words(level.late)}
    if level.percent == 100:
        return _("When it is due")
    share = format_percent(level.percent / 100, locale=babel_locale(language()))
    return _("After %(percent)s of the time") % {"percent": share}


def told(level: Level) -> str:
    """Whom a level tells."""
    return _listed([labels.label(one) for one in level.to])


def happen(actions: Iterable[Action]) -> list[str]:
    """What happens to a case, a sentence each, in the order of a case's life."""
    wanted = frozenset(actions)
    return [_(text) for action, text in HAPPENS.items() if action in wanted]


def rules(promise: Promise) -> list[tuple[str, list[str]]]:
    """What starts a promise, keeps it and ends it, each with its heading."""
    rule = promised.RULES[promise]
    found = [
        (_("Its time starts when"), happen(rule.starts)),
        (_("It is kept when"), happen(rule.meets)),
        (_("It is kept, and starts again, when"), happen(rule.renews)),
        (_("It falls away when"), happen(rule.ends)),
    ]
    return [(heading, sentences) for heading, sentences in found if sentences]


@dataclass(frozen=True, slots=True)
class Differs:
    """A difference in words."""

    about: str
    """``Triage · Serious · Wages``."""
    before: str
    after: str


def difference(one: Difference) -> Differs:
    """What differs between two versions: of what, before, and now."""
    match one:
        case PromiseDiffers(promise, severity, category):
            about = [labels.label(promise), labels.label(severity)]
            about += [labels.label(category)] if category else []
        case ChainDiffers(severity):
            about = [_("Who is told when"), labels.label(severity)]
        case CheckInsDiffer(severity):
            about = [_("Check-ins after"), labels.label(severity)]
        case _:
            about = [_("Pauses at most"), labels.label(one.severity)]
    return Differs(" · ".join(about), _said(one.before, one), _said(one.after, one))


def _said(value: Line | Usual | Chain | int | tuple[int, ...] | None, of: Difference) -> str:
    match value:
        case Line():
            return line(value)
        case Usual():
            return _("as for the others")
        case None:
            return _("not promised")
        case int():
            return days(value)
        case _ if isinstance(of, CheckInsDiffer):
            return _listed([days(one) for one in value if isinstance(one, int)]) or _("none")
        case _:
            return _chain(tuple(one for one in value if isinstance(one, Level)))


def _listed(parts: list[str]) -> str:
    # Not "unit": Chinese and Khmer would write the parts without anything between them.
    return str(format_list(parts, "standard", locale=babel_locale(language()))) if parts else ""

"""Reads what was typed about the policy, field by field, into the policy it would be. Pure.

Two promises are bound: every worker is told by when a person answers, and what came of it. They run
for every severity and in every category, within the limits of ``BOUND``, and never pause. A longer
one is refused, not warned of: the poster on the wall and the receipt in a worker's hand say it, no
rule of the field allows more, and a warning would be clicked away by whoever is behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from casework.deadlines.clocks import Span, Unit, parse_span
from casework.deadlines.policies import Chain, Line, Policy, parse_chain, write_chain
from casework.errors import BadInput, Remark
from casework.vocabulary import Category, Promise, Severity

Problems = dict[str, Remark]
"""What is wrong, by the name of the field."""

WHY_AT_MOST = 400
CHAIN_AT_MOST = 400
SPAN_AT_MOST = 40
"""Characters."""
PAUSE_AT_MOST = 90
"""Days for which the clocks of a case may be paused, all pauses together."""
CHECK_INS_AT_MOST = 8
LATEST_CHECK_IN = 730
"""Days."""

USUAL, OWN, NONE = "usual", "own", "none"
"""What a category's field ``rule-…`` says: as everywhere, a span of its own, not promised."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The longest span of each unit, judged by a week of five days with eight hours, and what is
    said to whoever types a longer one."""

    most: Mapping[Unit, int]
    too_long: Remark


_LONGEST = {
    Unit.HOURS: 9_999,
    Unit.DAYS: 730,
    Unit.MONTHS: 24,
    Unit.WORKING_HOURS: 4_000,
    Unit.WORKING_DAYS: 500,
}
_TOO_LONG = Remark("That is more than two years.")
BOUND: dict[Promise, Bound] = {
    Promise.ACKNOWLEDGE: Bound(
        {
            Unit.HOURS: 168,
            Unit.DAYS: 7,
            Unit.MONTHS: 0,
            Unit.WORKING_HOURS: 40,
            Unit.WORKING_DAYS: 5,
        },
        Remark(
            "At most 7 days, or 5 working days: Article 9 of the EU whistleblower directive, and"
            " every worker is told this date."
        ),
    ),
    # February makes three months as short as 89 days.
    Promise.OUTCOME: Bound(
        {
            Unit.HOURS: 89 * 24,
            Unit.DAYS: 89,
            Unit.MONTHS: 3,
            Unit.WORKING_HOURS: 480,
            Unit.WORKING_DAYS: 60,
        },
        Remark(
            "At most 3 months (89 days, or 60 working days) after the acknowledgement: Article 9 of"
            " the EU whistleblower directive."
        ),
    ),
}
_MUST_RUN = Remark("Every worker is promised this: it can’t be taken away.")
_NEVER_PAUSES = Remark("This promise never pauses.")
_CRITICAL_NEVER_PAUSES = Remark("Critical cases never pause.")
_NOBODY = Remark("Say who is told when the time is over: write a level that starts with 100%.")


def may_pause(promise: Promise, severity: Severity) -> bool:
    """Whether a policy may let it pause at all."""
    return promise not in BOUND and severity is not Severity.CRITICAL


def check_why(typed: Mapping[str, str]) -> str | Problems:
    """Why the policy is changed, in a few words; or what is wrong with them."""
    why = " ".join(typed.get("why", "").split())
    if not 0 < len(why) <= WHY_AT_MOST:
        return {
            "why": Remark("Write in a few words why: colleagues will ask. 400 letters at most.")
        }
    return why


def check_promise(
    policy: Policy, promise: Promise, category: Category | None, typed: Mapping[str, str]
) -> Policy | Problems:
    """The policy with what was typed about a promise, everywhere or for one category.

    Fields, each ending in a severity: ``span``, empty where it is not promised; ``exact``,
    ``pauses``, ticked or not; ``chain``, empty for the severity's own; for a category ``rule`` too.
    """
    problems: Problems = {}
    lines, exceptions = dict(policy.lines), dict(policy.exceptions)
    for severity in Severity:
        rule = typed.get(f"rule-{severity.value}", USUAL) if category else OWN
        found = _line(promise, severity, category, rule, typed, problems)
        if category is None:
            lines.pop((promise, severity), None)
            if found:
                lines[promise, severity] = found
        else:
            exceptions.pop((category, promise, severity), None)
            if rule != USUAL:
                exceptions[category, promise, severity] = found
    return problems or replace(policy, lines=lines, exceptions=exceptions)


def promise_typed(policy: Policy, promise: Promise, category: Category | None) -> dict[str, str]:
    """The fields of ``check_promise`` as they are typed for what holds."""
    typed = {}
    for severity in Severity:
        line = policy.line(promise, severity, category)
        if category:
            own = (category, promise, severity) in policy.exceptions
            typed[f"rule-{severity.value}"] = (OWN if line else NONE) if own else USUAL
        if line:
            typed[f"span-{severity.value}"] = str(line.span)
            typed[f"chain-{severity.value}"] = write_chain(line.chain)
            typed |= {f"exact-{severity.value}": "yes"} if line.exact else {}
            typed |= {f"pauses-{severity.value}": "yes"} if line.pauses else {}
    return typed


def check_severities(policy: Policy, typed: Mapping[str, str]) -> Policy | Problems:
    """The policy with what was typed about severities: fields ``chain``, ``pause`` (days) and
    ``check-ins`` (days), each ending in a severity."""
    problems: Problems = {}
    chains = {s: _chain(f"chain-{s.value}", typed, problems, must=True) for s in Severity}
    caps = {s: _cap(s, typed, problems) for s in Severity}
    check_ins = {s: _check_ins(s, typed, problems) for s in Severity}
    return problems or replace(policy, chains=chains, pause_at_most=caps, check_ins=check_ins)


def severities_typed(policy: Policy) -> dict[str, str]:
    """The fields of ``check_severities`` as they are typed for what holds."""
    typed = {}
    for severity in Severity:
        typed[f"chain-{severity.value}"] = write_chain(policy.chains[severity])
        typed[f"pause-{severity.value}"] = str(policy.pause_at_most[severity])
        typed[f"check-ins-{severity.value}"] = ", ".join(map(str, policy.check_ins[severity]))
    return typed


def _line(
    promise: Promise,
    severity: Severity,
    category: Category | None,
    rule: str,
    typed: Mapping[str, str],
    problems: Problems,
) -> Line | None:
    if rule == USUAL:
        return None
    field = f"span-{severity.value}"
    text = typed.get(field, "").strip()
    if rule != OWN or (not text and category is None):
        if promise in BOUND:
            problems[field] = _MUST_RUN
        return None
    exact, pauses = (bool(typed.get(f"{name}-{severity.value}")) for name in ("exact", "pauses"))
    if pauses and not may_pause(promise, severity):
        wrong = _NEVER_PAUSES if promise in BOUND else _CRITICAL_NEVER_PAUSES
        problems[f"pauses-{severity.value}"] = wrong
    chain = _chain(f"chain-{severity.value}", typed, problems)
    span = _span(field, text, BOUND.get(promise), problems)
    return Line(span, exact, pauses, chain) if span else None


def _span(field: str, text: str, bound: Bound | None, problems: Problems) -> Span | None:
    try:
        span = parse_span(text[: SPAN_AT_MOST + 1])
    except BadInput as error:
        problems[field] = error.remark
        return None
    if span.amount > (bound.most if bound else _LONGEST)[span.unit]:
        problems[field] = bound.too_long if bound else _TOO_LONG
    return span


def _chain(
    field: str, typed: Mapping[str, str], problems: Problems, *, must: bool = False
) -> Chain:
    # A level a line is as natural to type.
    text = typed.get(field, "").replace("\n", ";").strip()
    try:
        if len(text) > CHAIN_AT_MOST:
            raise BadInput("At most 400 characters.")
        chain = parse_chain(text)
    except BadInput as error:
        problems[field] = error.remark
        return ()
    if any(one.late and one.late.amount > _LONGEST[one.late.unit] for one in chain):
        problems[field] = _TOO_LONG
    elif must and not chain:
        problems[field] = _NOBODY
    return chain


def _cap(severity: Severity, typed: Mapping[str, str], problems: Problems) -> int:
    field = f"pause-{severity.value}"
    days = _number(typed.get(field, ""))
    if severity is Severity.CRITICAL and days:
        problems[field] = _CRITICAL_NEVER_PAUSES
    elif days is None or days > PAUSE_AT_MOST:
        problems[field] = Remark("Write a number of days from 0 to 90.")
    return days or 0


def _check_ins(severity: Severity, typed: Mapping[str, str], problems: Problems) -> tuple[int, ...]:
    field = f"check-ins-{severity.value}"
    days = [_number(word) for word in typed.get(field, "").replace(",", " ").split()]
    good = sorted({day for day in days if day is not None and 1 <= day <= LATEST_CHECK_IN})
    if len(good) != len(days) or len(good) > CHECK_INS_AT_MOST:
        problems[field] = Remark(
            "Write at most 8 different numbers of days from 1 to 730, like 30, 90."
        )
    return tuple(good)


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None

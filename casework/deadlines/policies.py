"""The policy: which promises run for a case, how long each may take, who is warned when. Pure.

What starts, meets and ends a promise is its meaning (``casework.deadlines.promised``); everything here an
operator may change (``casework.deadlines.policing`` keeps the versions). When something is due:
``casework.deadlines.clocks``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from casework.deadlines import clocks
from casework.deadlines.calendars import WorkingCalendar
from casework.deadlines.clocks import Due, Span, Unit, parse_span
from casework.deadlines.worktime import Stretch, after_time, paused_time
from casework.errors import BadInput, Remark
from casework.vocabulary import Category, Promise, Recipient, Severity

LONGEST_CHAIN = 12
"""So many levels a chain may have."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a chain: when it is reached, and who is told then.

    ``percent`` of the time has passed, 100 is the due time itself; or ``late``: so long after it.
    """

    to: tuple[Recipient, ...]
    percent: int = 0
    late: Span | None = None

    def __str__(self) -> str:
        """As ``parse_chain`` reads it: ``75% owner``, ``+2 working days supervisors, admins``."""
        return f"{self.key} {', '.join(self.to)}"

    @property
    def key(self) -> str:
        """What the level is known by: one of a chain is told once of each clock."""
        return f"+{self.late}" if self.late else f"{self.percent}%"

    @property
    def warns(self) -> bool:
        """It comes before the due time."""
        return self.late is None and self.percent < 100


Chain = tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What a policy says of one promise for one severity."""

    span: Span
    exact: bool = False
    """Around the clock: due at the very moment instead of the close of the office's day. Says
    nothing for spans in hours, which are exact by themselves."""
    pauses: bool = False
    """It may pause while the case waits for the worker."""
    chain: Chain = ()
    """Who is warned and told; empty: as ``Policy.chains`` says for the severity."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of the policy. A promise without a line does not run."""

    lines: Mapping[tuple[Promise, Severity], Line]
    chains: Mapping[Severity, Chain]
    pause_at_most: Mapping[Severity, int]
    """Calendar days for which the clocks of a case may be paused, all pauses together. Critical
    cases never pause, whatever stands here."""
    check_ins: Mapping[Severity, tuple[int, ...]]
    """So many calendar days after the factory was told, and again after the case was closed, the
    worker is asked whether anyone treats them badly because of it."""
    exceptions: Mapping[tuple[Category, Promise, Severity], Line | None] = field(
        default_factory=dict
    )
    """For cases of a category instead of the line; ``None``: there it does not run."""
    number: int = 0
    """1, 2, 3 …; 0 is what comes along."""

    def line(self, promise: Promise, severity: Severity, category: Category | None) -> Line | None:
        """What holds for a case."""
        if category is not None and (category, promise, severity) in self.exceptions:
            return self.exceptions[category, promise, severity]
        return self.lines.get((promise, severity))

    def chain_of(
        self, promise: Promise, severity: Severity, category: Category | None
    ) -> Chain | None:
        """Who is told when of a promise; ``None`` where it does not run."""
        line = self.line(promise, severity, category)
        return self.chain(line, severity) if line else None

    def chain(self, line: Line, severity: Severity) -> Chain:
        """Who is told when of a promise with this line."""
        return line.chain or self.chains[severity]


def due(
    promise: Promise,
    started: datetime,
    calendar: WorkingCalendar,
    line: Line,
    pauses: Sequence[Stretch] = (),
) -> Due:
    """When a promise is due by its line; pauses count where the line lets it pause."""
    counted = pauses if line.pauses else ()
    return clocks.due(promise, started, calendar, line.span, exact=line.exact, pauses=counted)


def reached_at(
    level: Level,
    started: datetime,
    due_at: datetime,
    calendar: WorkingCalendar,
    pauses: Sequence[Stretch] = (),
) -> datetime:
    """When a level of a chain is reached, in UTC. Time that was paused is no part of the percents.

    ``pauses`` are those that moved ``due_at``.
    """
    if level.late is not None:
        return _after(due_at, calendar, level.late)
    if level.percent >= 100:
        return due_at
    if not pauses:
        return started.astimezone(UTC) + (due_at - started) * level.percent / 100
    counted = due_at - started - paused_time(started, due_at, pauses)
    return after_time(started, max(counted, timedelta()) * level.percent / 100, pauses)


@lru_cache(maxsize=4096)
def _after(due_at: datetime, calendar: WorkingCalendar, late: Span) -> datetime:
    # Most promises are due when an office closes, so that many clocks ask the same.
    exact = late.unit in (Unit.DAYS, Unit.MONTHS)
    return clocks.passed(due_at, calendar, late, exact=exact).at


def answer_days(policy: Policy) -> int:
    """Days within which a person answers whatever is told: the longest span of that promise.

    A case that is in a hurry is answered sooner; what is promised on a wall must hold for all.
    """
    lines = [*policy.lines.items(), *((key[1:], one) for key, one in policy.exceptions.items())]
    spans = [line.span for (promise, _), line in lines if line and promise is Promise.ACKNOWLEDGE]
    return max(math.ceil(span.amount * _HOURS_OF[span.unit] / 24) for span in spans)


# --- in words ---


def parse_chain(text: str) -> Chain:
    """Read ``50% owner; 100% owner, supervisors; +2 working days admins``; ``BadInput`` where it is
    no chain. Levels come in the order in which they are reached."""
    levels = [_level(part) for part in map(str.strip, text.split(";")) if part]
    if len(levels) > LONGEST_CHAIN:
        raise BadInput("At most %(number)s levels.", number=LONGEST_CHAIN)
    keys = [level.key for level in levels]
    for key in keys:
        if keys.count(key) > 1:
            raise BadInput("“%(text)s” stands twice.", text=key)
    if levels and not any(level.percent == 100 for level in levels):
        raise BadInput(
            "Say who is told when the time is over: write a level that starts with 100%."
        )
    return tuple(sorted(levels, key=_order))


def write_chain(chain: Chain) -> str:
    """A chain as ``parse_chain`` reads it."""
    return "; ".join(map(str, chain))


_HOURS_OF = {
    Unit.HOURS: 1,
    Unit.WORKING_HOURS: 3,
    Unit.DAYS: 24,
    Unit.WORKING_DAYS: 34,
    Unit.MONTHS: 730,
}
"""About so many hours each takes, weekends included: only the order of levels goes by it."""


def _order(level: Level) -> float:
    if level.late is None:
        return level.percent
    return 100 + level.late.amount * _HOURS_OF[level.late.unit]


def _level(text: str) -> Level:
    when, _, names = text.rpartition(" ") if "," not in text else _before_names(text)
    people = []
    for name in names.replace(",", " ").split():
        try:
            people.append(Recipient(name.lower()))
        except ValueError:
            raise BadInput(
                "“%(text)s” is nobody who can be told; write owner, supervisors or admins.",
                text=name,
            ) from None
    to = tuple(dict.fromkeys(people))
    when = when.strip()
    if not to:
        raise _no_level(text)
    if when.startswith("+"):
        return Level(to, late=parse_span(when[1:]))
    number = when.removesuffix("%").strip()
    if not (when.endswith("%") and number.isascii() and number.isdecimal()):
        raise _no_level(text)
    if not 0 < int(number) <= 100:
        raise _no_level(text)
    return Level(to, percent=int(number))


def _before_names(text: str) -> tuple[str, str, str]:
    first, _, rest = text.partition(",")
    when, _, name = first.rstrip().rpartition(" ")
    return when, " ", f"{name},{rest}"


def _no_level(text: str) -> BadInput:
    return BadInput(
        "“%(text)s” is no level; write one like “75%% owner” or “+2 working days supervisors”.",
        text=text,
    )


def to_data(policy: Policy) -> dict[str, Any]:
    """A policy as JSON keeps it, without its number."""
    return {
        "lines": [
            {"promise": promise.value, "severity": severity.value, **_line_data(line)}
            for (promise, severity), line in policy.lines.items()
        ],
        "exceptions": [
            {
                "category": category.value,
                "promise": promise.value,
                "severity": severity.value,
                **(_line_data(line) if line else {"span": ""}),
            }
            for (category, promise, severity), line in policy.exceptions.items()
        ],
        "chains": {severity.value: write_chain(chain) for severity, chain in policy.chains.items()},
        "pause_at_most": {severity.value: days for severity, days in policy.pause_at_most.items()},
        "check_ins": {severity.value: list(days) for severity, days in policy.check_ins.items()},
    }


def from_data(data: Mapping[str, Any], number: int) -> Policy:
    """The policy that ``to_data`` wrote."""
    return Policy(
        lines={
            (Promise(one["promise"]), Severity(one["severity"])): _line_of(one)
            for one in data["lines"]
        },
        chains={Severity(name): parse_chain(text) for name, text in data["chains"].items()},
        pause_at_most={Severity(name): days for name, days in data["pause_at_most"].items()},
        check_ins={Severity(name): tuple(days) for name, days in data["check_ins"].items()},
        exceptions={
            (Category(one["category"]), Promise(one["promise"]), Severity(one["severity"])): (
                _line_of(one) if one["span"] else None
            )
            for one in data["exceptions"]
        },
        number=number,
    )


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "span": str(line.span),
        "exact": line.exact,
        "pauses": line.pauses,
        "chain": write_chain(line.chain),
    }


def _line_of(data: Mapping[str, Any]) -> Line:
    return Line(parse_span(data["span"]), data["exact"], data["pauses"], parse_chain(data["chain"]))


# --- what comes along ---

_MAY_PAUSE = frozenset({Promise.INVESTIGATE, Promise.REMEDY, Promise.APPEAL})
"""What an answer of the worker can hold up. What the worker is promised to be told goes on."""


def _row(promise: Promise, *texts: str) -> dict[tuple[Promise, Severity], Line]:
    """The lines of a promise, worst severity first; ``""`` where it does not run."""
    return {
        (promise, severity): Line(
            parse_span(text),
            exact=severity is Severity.CRITICAL,
            pauses=promise in _MAY_PAUSE and severity is not Severity.CRITICAL,
        )
        for severity, text in zip(Severity, texts, strict=True)
        if text
    }


_CRITICAL_CHAIN = (
    "50% owner; 75% owner; 100% owner, supervisors; +4 hours supervisors; +24 hours admins"
)
_USUAL_CHAIN = (
    "50% owner; 75% owner; 100% owner, supervisors; +2 working days supervisors;"
    " +5 working days admins"
)

DEFAULT = Policy(
    lines={
        **_row(Promise.ACKNOWLEDGE, "24 hours", "2 days", "3 days", "7 days"),
        **_row(Promise.TRIAGE, "24 hours", "3 days", "5 days", "10 days"),
        **_row(Promise.FIRST_REPLY, "72 hours", "7 days", "14 days", "30 days"),
        **_row(Promise.PROTECTION, "48 hours", "7 days", "", ""),
        **_row(Promise.INVESTIGATE, "14 days", "30 days", "45 days", "45 days"),
        **_row(Promise.REMEDY, "30 days", "60 days", "90 days", "3 months"),
        **_row(Promise.PROGRESS, "7 days", "14 days", "30 days", "30 days"),
        **_row(Promise.OUTCOME, "3 months", "3 months", "3 months", "3 months"),
        **_row(Promise.CONFIRMATION, "35 days", "35 days", "35 days", "35 days"),
        **_row(Promise.APPEAL, "30 days", "30 days", "30 days", "30 days"),
    },
    chains={
        Severity.CRITICAL: parse_chain(_CRITICAL_CHAIN),
        Severity.SERIOUS: parse_chain(_USUAL_CHAIN),
        Severity.STANDARD: parse_chain(_USUAL_CHAIN),
        Severity.MINOR: parse_chain(_USUAL_CHAIN),
    },
    pause_at_most={
        Severity.CRITICAL: 0,
        Severity.SERIOUS: 14,
        Severity.STANDARD: 21,
        Severity.MINOR: 30,
    },
    check_ins={
        Severity.CRITICAL: (7, 30, 90, 180),
        Severity.SERIOUS: (30, 90),
        Severity.STANDARD: (30, 90),
        Severity.MINOR: (30,),
    },
)
"""The default deadlines of field.md section 4; where each comes from says ``SOURCES``. Chains and
the caps of pauses are our defaults."""

SOURCES: dict[Promise, Remark] = {
    Promise.ACKNOWLEDGE: Remark(
        "At most 7 days: EU whistleblower directive, Article 9. Within 2 working days: World Bank"
        " Grievance Redress Service. The rest are our defaults."
    ),
    Promise.TRIAGE: Remark("Our default."),
    Promise.FIRST_REPLY: Remark("Our default."),
    Promise.PROTECTION: Remark("Our default. ISO 37002 asks to assess the risk of harm at once."),
    Promise.INVESTIGATE: Remark(
        "45 days: Fair Labor Association, third party complaints. The shorter ones are our defaults."
    ),
    Promise.REMEDY: Remark(
        "Three months for minor findings: the audit criteria of the supplier programme. The others are"
        " our defaults."
    ),
    Promise.PROGRESS: Remark("Our default."),
    Promise.OUTCOME: Remark(
        "Three months after the acknowledgement: EU whistleblower directive, Article 9."
    ),
    Promise.CONFIRMATION: Remark(
        "Our default: the 30 days in which the worker can answer, and five days to go on after them."
    ),
    Promise.APPEAL: Remark("Our default."),
}
"""Where the default of each promise comes from, for the operator."""

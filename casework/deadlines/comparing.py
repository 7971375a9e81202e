"""What differs between two versions of the policy. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from casework.deadlines.policies import Chain, Line, Policy
from casework.vocabulary import Category, Promise, Severity


class Usual(Enum):
    """Stands where a category has no line of its own: what holds for the others holds there."""

    USUAL = "usual"


Said = Line | Usual | None
"""What a version says of one promise: a line, nothing of its own, or that it is not promised."""


@dataclass(frozen=True, slots=True)
class PromiseDiffers:
    """A promise for a severity, everywhere or in one category."""

    promise: Promise
    severity: Severity
    category: Category | None
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class ChainDiffers:
    """Who is warned and told for a severity, where a promise names nobody of its own."""

    severity: Severity
    before: Chain
    after: Chain


@dataclass(frozen=True, slots=True)
class PauseDiffers:
    """For how many days the clocks of a case may be paused."""

    severity: Severity
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class CheckInsDiffer:
    """After how many days a worker is asked whether anyone treats them badly."""

    severity: Severity
    before: tuple[int, ...]
    after: tuple[int, ...]


Difference = PromiseDiffers | ChainDiffers | PauseDiffers | CheckInsDiffer


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Everything that differs, promise by promise, the worst severity first."""
    return (*_promises(before, after), *_exceptions(before, after), *_severities(before, after))


def _promises(before: Policy, after: Policy) -> Iterable[Difference]:
    for promise in Promise:
        for severity in Severity:
            old, new = (one.lines.get((promise, severity)) for one in (before, after))
            if old != new:
                yield PromiseDiffers(promise, severity, None, old, new)


def _exceptions(before: Policy, after: Policy) -> Iterable[Difference]:
    for promise in Promise:
        for category in Category:
            for severity in Severity:
                key = (category, promise, severity)
                old, new = (one.exceptions.get(key, Usual.USUAL) for one in (before, after))
                if old != new:
                    yield PromiseDiffers(promise, severity, category, old, new)


def _severities(before: Policy, after: Policy) -> Iterable[Difference]:
    for severity in Severity:
        if before.chains[severity] != after.chains[severity]:
            yield ChainDiffers(severity, before.chains[severity], after.chains[severity])
        old, new = before.pause_at_most[severity], after.pause_at_most[severity]
        if old != new:
            yield PauseDiffers(severity, old, new)
        if before.check_ins[severity] != after.check_ins[severity]:
            yield CheckInsDiffer(severity, before.check_ins[severity], after.check_ins[severity])


Kind = tuple[Promise, Severity, Category | None]
"""What decides which line of a policy holds for a case."""


def touched(before: Policy, after: Policy) -> tuple[frozenset[Kind], frozenset[Kind]]:
    """For which cases a clock may run otherwise than before, or somebody else is told; and for which
    a promise is made that was not."""
    changed, new = set(), set()
    for promise in Promise:
        for severity in Severity:
            for category in (None, *Category):
                old, now = (one.line(promise, severity, category) for one in (before, after))
                if now and not old:
                    new.add((promise, severity, category))
                elif old and (
                    not now or _told(before, old, severity) != _told(after, now, severity)
                ):
                    changed.add((promise, severity, category))
    return frozenset(changed), frozenset(new)


def _told(policy: Policy, line: Line, severity: Severity) -> tuple[object, ...]:
    return line.span, line.exact, line.pauses, policy.chain(line, severity)

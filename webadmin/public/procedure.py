"""The rules of procedure as they hold here: sections of sentences, and the deadlines of each step.

What the rules say is ``words``; what stands in the holes is the policy in force and how this
installation is set up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from casework.deadlines.clocks import Unit
from casework.deadlines.policies import Line, Policy, answer_days
from casework.lifecycle import APPEAL_WINDOW
from casework.vocabulary import Category, Promise, Severity
from webadmin.public import words
from webadmin.public.speaking import Voice


@dataclass(frozen=True, slots=True)
class House:
    """What the rules have to know of an installation."""

    operator: str
    doors: tuple[tuple[str, str], ...]
    """Where one can complain: an address, and how it is written."""
    telegram: bool
    """One of them is Telegram."""
    keep_years: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph, with what is listed below it."""

    text: Markup
    listed: tuple[Markup, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the rules. ``name`` is its anchor: others link to it, so it stays."""

    name: str
    title: Markup
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What is promised, and how long it may take for each severity: some lines, or nothing."""

    title: Markup
    times: tuple[tuple[str, ...], ...]


def sections(voice: Voice, house: House, policy: Policy) -> tuple[Section, ...]:
    """The rules in the order of the questions a worker asks."""
    says = voice.says

    def section(name: str, title: str, *items: Item | Markup | None) -> Section:
        there = (item if isinstance(item, Item) else Item(item) for item in items if item)
        return Section(name, says(title), tuple(there))

    return (
        section(
            "who-we-are",
            words.WHO_WE_ARE,
            says(words.OPERATOR, operator=house.operator),
            says(words.IMPARTIAL),
        ),
        section(
            "who-can-complain",
            words.WHO_CAN,
            says(words.ANYBODY),
            Item(says(words.ABOUT), tuple(_matters(voice))),
            says(words.NO_PROOF),
        ),
        section(
            "how-to-complain",
            words.HOW,
            says(words.OWN_LANGUAGE),
            Item(says(words.TELL), links=house.doors),
            says(words.FREE) + " " + says(words.NO_ACCOUNT),
            says(words.READER, operator=house.operator) + " " + says(words.LOCKED),
            says(words.TELEGRAM_READS) if house.telegram else None,
            says(words.SECRET),
            says(words.RESTRICTED),
        ),
        section(
            "what-happens",
            words.WHAT_FOLLOWS,
            voice.counts(words.ANSWER, answer_days(policy)),
            says(words.TALK),
            says(words.RESULT),
            says(words.PUT_RIGHT),
            says(words.APPEAL, days=voice.number(APPEAL_WINDOW.days)) + " " + says(words.APPEAL_BY),
            Item(says(words.NOT_TAKEN_UP), tuple(map(says, words.REASONS.values()))),
        ),
        section(
            "your-rights",
            words.RIGHTS,
            says(words.NO_PUNISHMENT),
            says(words.PROTECTION) if any(policy.check_ins.values()) else None,
            says(words.YOURS),
            says(words.COURT),
        ),
        section(
            "what-we-keep",
            words.KEEPING,
            says(words.DELETED, time=voice.years(house.keep_years))
            if house.keep_years
            else says(words.NOT_DELETED),
            says(words.FORGOTTEN),
            says(words.REVIEW),
        ),
    )


def steps(voice: Voice, policy: Policy) -> tuple[Step, ...]:
    """How long each step may take, worst severity first; where a category has times of its own,
    they follow."""
    found = []
    for promise in words.PROMISES:
        if any(policy.line(promise, severity, None) for severity in Severity):
            found.append(_step(voice, policy, promise, None))
        found += [
            _step(voice, policy, promise, category)
            for category in words.CATEGORIES
            if any((category, promise, one) in policy.exceptions for one in Severity)
        ]
    if any(policy.check_ins.values()):
        asked = tuple(
            tuple(map(voice.days, policy.check_ins.get(severity, ()))) for severity in Severity
        )
        found.append(Step(voice.says(words.CHECK_INS), asked))
    return tuple(found)


def notes(voice: Voice, policy: Policy) -> Iterator[Markup]:
    """How these times are counted."""
    yield voice.says(words.COUNTED_FROM)
    text = voice.says(words.ENDS)
    if all(map(_is_exact, _lines(policy, Severity.CRITICAL))):
        text += " " + voice.says(words.DAYS_OFF_COUNT)
    yield text
    if any(line.pauses for severity in Severity for line in _lines(policy, severity)):
        yield voice.says(words.PAUSES)
    yield voice.says(words.LONGER)


def _step(voice: Voice, policy: Policy, promise: Promise, category: Category | None) -> Step:
    title = voice.says(words.PROMISES[promise])
    if category:
        title += " – " + voice.says(words.CATEGORIES[category])
    lines = (policy.line(promise, severity, category) for severity in Severity)
    return Step(title, tuple((voice.span(line.span),) if line else () for line in lines))


def _is_exact(line: Line) -> bool:
    unit = line.span.unit
    return unit is Unit.HOURS or (line.exact and unit in (Unit.DAYS, Unit.MONTHS))


def _lines(policy: Policy, severity: Severity) -> list[Line]:
    everything = [(key[1], line) for key, line in policy.lines.items()]
    everything += [(key[2], line) for key, line in policy.exceptions.items() if line]
    return [line for of, line in everything if of is severity]


def _matters(voice: Voice) -> Iterator[Markup]:
    for category, name in words.CATEGORIES.items():
        if category is not Category.OTHER:
            yield voice.says(name)
        if category is Category.HARASSMENT:
            yield voice.says(words.SEXUAL)

"""Who reads what beside what: each reader's system, and what is to stay hidden from them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.disclosure.audiences import PUBLIC, Audience, Past, of_year
from casework.disclosure.cells import AT_END, Cell, Part, System, cell
from casework.disclosure.relations import system
from casework.figures.measures import BASES, OPEN_FACTS
from casework.figures.tables import Table


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the release that is being made, and others."""

    knows: System
    targets: Mapping[Cell, int]
    """What must stay hidden from them, and how far apart its possible values must be."""
    ours: bool
    """Whether they are the audience of the release: what it hides is to stay hidden from them. A
    brand that reads the public's release knows its own part of each number, so what counts for it
    is what is left to others."""


def counted(tables: Iterable[Table]) -> tuple[Table, ...]:
    """Those that count people or cases."""
    return tuple(one for one in tables if one.measure not in OPEN_FACTS | BASES.keys())


def readers(
    mine: Part,
    audience: Audience,
    earlier: Sequence[Past],
    beside: Mapping[Audience, Sequence[Past]],
) -> list[Reader]:
    """All who read a release, with all they could read before of the same year: no sum reaches
    further."""
    parts, targets = _released(audience, earlier, mine)
    parts.append(mine)
    if audience != PUBLIC:
        for other, pasts in beside.items():
            parts += _released(other, pasts, mine)[0]
        knows = system(parts, PUBLIC.name)
        return [Reader(knows, {**targets, **_others(knows)}, ours=True)]
    found = [Reader(system(parts, PUBLIC.name), targets, ours=True)]
    for other, pasts in beside.items():
        theirs, hidden = _released(other, pasts, mine)
        if theirs:
            knows = system([*parts, *theirs], PUBLIC.name)
            found.append(Reader(knows, {**hidden, **_others(knows)}, ours=False))
    return found


def _others(knows: System) -> dict[Cell, int]:
    return {one: PUBLIC.apart for one, value in knows.others.items() if value < PUBLIC.threshold}


def _released(
    audience: Audience, pasts: Sequence[Past], mine: Part
) -> tuple[list[Part], dict[Cell, int]]:
    """What an audience has read, and what is hidden from it."""
    released = of_year(pasts, mine.sheet.period)
    if audience.name == mine.who:
        released.pop(mine.sheet.period, None)
    periods = {*released, mine.sheet.period} if audience.name == mine.who else {*released}
    parts, targets = [], {}
    for period, past in released.items():
        assert past.published is not None
        tables = counted(past.published.tables)
        if period.is_year and period.quarters[3] in periods:
            tables = tuple(one for one in tables if one.measure not in AT_END)
        measures = {one.measure for one in tables}
        hidden = [
            key
            for figure in past.published.figures
            if figure.value is None and figure.measure in measures
            if past.sheet.counts.get(key := (figure.measure, figure.by))
        ]
        parts.append(Part(audience.name, past.sheet, tables, frozenset(hidden)))
        for key in hidden:
            targets[cell(audience.name, period, key)] = audience.apart
    return parts, targets

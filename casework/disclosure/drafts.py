"""A release that is being made: what is hidden for itself, what besides, what is withheld. Pure;
solves integer programs."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import log2

from casework.disclosure.audiences import PUBLIC, Audience, Past, Published, of_year
from casework.disclosure.behind_counts import without_count
from casework.disclosure.cells import AT_END, Cell, Part, cell, keys, margins
from casework.disclosure.one_factory import tells
from casework.disclosure.protecting import Protector, Unprotected
from casework.disclosure.readers import counted, readers
from casework.figures.measures import BASES, OPEN_FACTS, Dimension, Measure
from casework.figures.tables import Figure, Key, Sheet, Table

_D = Dimension
_COLLAPSING = (
    Table(Measure.RECEIVED, (_D.CATEGORY,)),
    Table(Measure.RECEIVED, (_D.COUNTRY, _D.TOPIC), yearly=True),
)
"""Not in a release where most of their cells are small: a coarser table stands beside each."""
_WORTH = (
    *(_D.TOPIC, _D.COUNTRY, _D.SCOPE, _D.OUTCOME, _D.PROMISE, _D.KEPT, _D.ANSWER, _D.RULING),
    *(_D.AGE, _D.CURRENCY, _D.FACTORY, _D.WAGE, _D.CATEGORY, _D.SEVERITY, _D.TIER, _D.RELATION),
    *(_D.CHANNEL, _D.LANGUAGE),
)
"""What readers need most comes first; the last is withheld first."""


def _collapses(sheet: Sheet, table: Table, threshold: int) -> bool:
    """Whether most cells of a table are too small to show, so that a coarser one must do."""
    inner = [value for key, value in keys(sheet, [table]).items() if len(key[1]) == len(table.by)]
    return table in _COLLAPSING and 2 * sum(value >= threshold for value in inner) < len(inner)


def _price(key: Key, value: int) -> float:
    """What it costs to hide a number, for each case by which it must be uncertain: the rarer its
    kind is in a release and the larger it is, the more."""
    return (1.0 + log2(value)) * (1.0, 0.3, 0.1)[min(len(key[1]), 2)]


class Draft:
    """A release that is being made."""

    def __init__(
        self,
        sheet: Sheet,
        tables: Sequence[Table],
        audience: Audience,
        earlier: Sequence[Past],
        beside: Mapping[Audience, Sequence[Past]],
    ) -> None:
        self._sheet, self._audience = sheet, audience
        self._earlier, self._beside = earlier, beside
        self._asked = tuple(one for one in tables if sheet.period.is_year or not one.yearly)
        self._tables = [
            one
            for one in counted(self._asked)
            if not _collapses(sheet, one, audience.threshold)
            and not tells(sheet, one, audience, earlier, beside)
        ]
        self._hidden: set[Key] = set()
        self._settled: set[Key] = set()
        """Numbers that readers know already."""
        pasts = of_year(earlier, sheet.period)
        if before := pasts.get(sheet.period):
            self._keep(before, frozenset(Measure))  # a revision shows no more than before
        last = pasts.get(sheet.period.quarters[3]) if sheet.period.is_year else None
        if last:
            self._keep(last, AT_END)
        self._of_quarter = AT_END if last else frozenset()
        small = {key for key, value in self._values().items() if self._is_small(key, value)}
        self._hidden |= small - self._settled

    def _values(self) -> dict[Key, int]:
        return keys(self._sheet, self._tables)

    def _keep(self, past: Past, measures: AbstractSet[Measure]) -> None:
        """Of the same numbers, show what was shown and hide what was hidden."""
        assert past.published is not None
        tables = past.published.tables
        self._tables = [one for one in self._tables if one.measure not in measures or one in tables]
        for figure in past.published.figures:
            key = (figure.measure, figure.by)
            if figure.measure not in measures:
                continue
            if figure.value is None:
                self._hidden.add(key)
            elif figure.value == self._sheet.counts.get(key):
                self._settled.add(key)

    def _is_small(self, key: Key, value: int) -> bool:
        """Whether a number is hidden for itself: few, or few of other brands than one that knows
        its own."""
        return value < self._audience.threshold or (
            self._audience == PUBLIC
            and any(
                0 < value - past.sheet.counts.get(key, 0) < PUBLIC.threshold
                for pasts in self._beside.values()
                for past in pasts
                if past.sheet.period == self._sheet.period
            )
        )

    def protect(self) -> None:
        """Hide what would give hidden numbers away; where even that is too little, withhold whole
        tables, those that are worth least first. With all of them withheld, readers know what they
        knew before."""
        first, ignored = frozenset(self._hidden), set[Cell]()
        while True:
            try:
                self._hidden = {*first, *self._besides(first, ignored)}
                return
            except Unprotected as problem:
                if not self._withhold(problem):
                    ignored.add(problem.target)  # nothing of this release gives it away

    def _besides(self, first: frozenset[Key], ignored: AbstractSet[Cell]) -> set[Key]:
        """What must be hidden besides what is hidden for itself."""
        tables = tuple(one for one in self._tables if one.measure not in self._of_quarter)
        values = keys(self._sheet, tables)
        mine = Part(self._audience.name, self._sheet, tables, frozenset(values) - self._settled)
        names = {cell(mine.who, self._sheet.period, key): key for key in mine.free}
        prices = {one: _price(key, values[key]) for one, key in names.items()}
        hidden = frozenset(one for one, key in names.items() if key in first)
        guarded = [
            (Protector(reader.knows, prices), reader)
            for reader in readers(mine, self._audience, self._earlier, self._beside)
        ]
        before = -1
        while before != len(hidden):
            before = len(hidden)
            for protector, reader in guarded:
                width = self._audience.apart if reader.ours else 0
                wanted = {**reader.targets, **dict.fromkeys(hidden if width else (), width)}
                for one in ignored:
                    wanted.pop(one, None)
                hidden |= protector.protect(hidden, wanted, width)
        return {names[one] for one in hidden}

    def _withhold(self, problem: Unprotected) -> bool:
        """Take the table out that is worth least of those that hold the cell, or hang together with
        it; whether there was one."""
        mine = {
            (one.measure, one.by)
            for one in problem.cells
            if one[:2] == (self._audience.name, self._sheet.period)
        }
        target = problem.target
        holding = [one for one in self._tables if target[2:] in keys(self._sheet, [one])]
        if target[:2] != (self._audience.name, self._sheet.period) or not holding:
            holding = [one for one in self._tables if mine & keys(self._sheet, [one]).keys()]
        if not holding:
            return False
        self._tables.remove(max(holding, key=_least))
        return True

    def published(self) -> Published:
        """The release."""
        values = self._values()
        behind = {(one.measure, dims) for one in self._tables for dims in margins(one)}
        hidden = {  # of what is withheld not even a mark is there
            (measure, by)
            for measure, by in self._hidden
            if (measure, frozenset(dim for dim, _ in by)) in behind
        }
        shown = {key: None if key in hidden else value for key, value in values.items()}
        shown |= dict.fromkeys(hidden - values.keys(), None)
        uncounted = [  # without the count, even that there is anything would be told
            one
            for one in self._asked
            if one.measure in BASES and (BASES[one.measure], frozenset(one.by)) in behind
        ]
        figures = [
            Figure(measure, by, shown[measure, by])
            for measure, by in sorted(shown, key=lambda key: (key[0], len(key[1]), key[1]))
        ]
        figures += without_count(
            self._sheet,
            uncounted,
            shown,
            self._audience,
            earlier=self._earlier,
            beside=self._beside,
        )
        facts = [one for one in self._asked if one.measure in OPEN_FACTS]
        figures += [Figure(*key, value) for key, value in keys(self._sheet, facts).items()]
        there = {*self._tables, *uncounted, *facts}
        return Published(
            self._audience.name,
            self._sheet.period,
            tuple(one for one in self._asked if one in there),
            tuple(figures),
        )


def _least(table: Table) -> tuple[int, int]:
    """The more, the less a table is worth."""
    return len(table.by), max((_WORTH.index(dim) for dim in table.by if dim in _WORTH), default=0)

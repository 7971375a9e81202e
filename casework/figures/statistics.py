"""The exact figures of a period: every cell and margin of the tables that are asked for.

Only who may see the cases themselves may see these; what is published goes through
``casework.disclosure.disclosing``. Which number counts what, with its source, is said where it is counted:

| Measures | Counted in |
|---|---|
| received, persons, issues | ``casework.figures.counting`` |
| admissible, decided, answered, appeals, retaliation | ``casework.figures.flows`` |
| promised, met, days | ``casework.figures.keeping``, ``casework.figures.spreads`` |
| remedied | ``casework.figures.remedied`` |
| owed, paid and to how many | ``casework.figures.paying`` |
| open, zero tolerance, overdue, sites, workers, languages | ``casework.figures.at_end`` |

Numbers are of what happened within the days of the period, by the events of the cases, which never
change; so a past period counts to the same whenever it is counted. What changes it is a correction:
another category or severity, a duplicate or spam that was found, a payment noted later. Only real
cases count: no practice, no spam, nothing that was told before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput
from casework.figures import at_end, flows, keeping, paying, remedied
from casework.figures.adding import Wanted, never_added
from casework.figures.belonging import Belonging
from casework.figures.counting import Reader
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import By, Key, Sheet, Spread, Table
from casework.vocabulary import Scope

_D, _M = Dimension, Measure
_PLACES = frozenset({_D.BRAND, _D.SCOPE, _D.COUNTRY, _D.FACTORY, _D.TIER})
_OF_CASES = _PLACES | {
    _D.TOPIC,
    _D.CATEGORY,
    _D.MATTER,
    _D.WAGE,
    _D.SEVERITY,
    _D.CHANNEL,
    _D.LANGUAGE,
    _D.RELATION,
}
_OWN: dict[Measure, frozenset[Dimension]] = {
    _M.ISSUES: frozenset({_D.KIND}),
    _M.DECIDED: frozenset({_D.OUTCOME}),
    _M.ANSWERED: frozenset({_D.ANSWER}),
    _M.APPEALS: frozenset({_D.RULING}),
    _M.PROMISED: frozenset({_D.PROMISE, _D.KEPT}),
    _M.MET: frozenset({_D.PROMISE}),
    _M.DAYS: frozenset({_D.PROMISE}),
    _M.OPEN: frozenset({_D.AGE}),
    **dict.fromkeys((_M.OWED, _M.OWED_PERSONS, _M.PAID, _M.PAID_PERSONS), frozenset({_D.CURRENCY})),
}
"""What only this measure can be broken down by."""

_COUNTS: dict[Measure, Callable[[Reader, Wanted], Mapping[By, int]]] = {
    _M.RECEIVED: Reader.received,
    _M.PERSONS: Reader.persons,
    _M.ISSUES: Reader.issues,
    _M.ADMISSIBLE: flows.admissible,
    _M.DECIDED: flows.decided,
    _M.ANSWERED: flows.answered,
    _M.APPEALS: flows.appeals,
    _M.RETALIATION: flows.retaliation,
    _M.REMEDIED: remedied.remedied,
    _M.PROMISED: keeping.promised,
    _M.MET: keeping.met,
    _M.OPEN: at_end.open_cases,
    _M.ZERO_TOLERANCE: at_end.zero_tolerance,
    _M.OVERDUE: at_end.overdue,
    _M.OWED_PERSONS: paying.owed_persons,
    _M.OWED: paying.owed,
    _M.PAID_PERSONS: paying.paid_persons,
    _M.PAID: paying.paid,
    _M.SITES: at_end.sites,
    _M.WORKERS: at_end.workers,
    _M.LANGUAGES: at_end.languages,
}
"""Days are spreads, and counted by themselves."""


def dimensions(measure: Measure) -> frozenset[Dimension]:
    """By what a measure can be broken down."""
    if measure is _M.LANGUAGES:
        return frozenset()
    if measure in (_M.SITES, _M.WORKERS):
        return _PLACES
    return _OF_CASES | _OWN.get(measure, frozenset())


def check(table: Table) -> None:
    """``BadInput`` where a measure can't be broken down that way."""
    unfit = [one for one in table.by if one not in dimensions(table.measure)]
    if unfit:
        raise BadInput(
            "“%(measure)s” can't be broken down by “%(dimension)s”.",
            measure=table.measure.value,
            dimension=unfit[0].value,
        )
    needed = never_added(table.measure)
    if needed is not None and needed not in table.by:
        raise BadInput(
            "“%(measure)s” is never added up over “%(dimension)s”: break it down by that.",
            measure=table.measure.value,
            dimension=needed.value,
        )


def count(
    session: Session,
    period: Period,
    tables: Sequence[Table],
    *,
    brand_id: int | None = None,
    scope: Scope | None = None,
    seen_by: Actor | None = None,
    now: datetime | None = None,
) -> Sheet:
    """The exact figures of a period, of all cases or of those of one brand or scope. With
    ``seen_by`` only of cases that exist for this person of the office, who has no other way either
    to learn that there are more. With ``now``, how it stands at the end of a period that runs still
    is how it stands now.

    Every number that is not 0 of each table and its margins. Money, and the people behind it, is
    never added up over currencies, and days never over promises (``adding.never_added``). Without a
    brand, a case of a factory that works for two stands under both where it is broken down by brand,
    scope or tier, and once in the total.

    ``BadInput`` where a table makes no sense.
    """
    every = counts(
        session, [(period, tables)], brand_id=brand_id, scope=scope, seen_by=seen_by, now=now
    )
    return every[0]


def counts(
    session: Session,
    wanted: Iterable[tuple[Period, Sequence[Table]]],
    *,
    brand_id: int | None = None,
    scope: Scope | None = None,
    seen_by: Actor | None = None,
    now: datetime | None = None,
) -> list[Sheet]:
    """The same of several periods, each with its tables: factories are read but once."""
    belonging = Belonging.read(session, brand_id, scope, seen_by)
    return [_count(session, belonging, period, tables, now) for period, tables in wanted]


def _count(
    session: Session,
    belonging: Belonging,
    period: Period,
    tables: Sequence[Table],
    now: datetime | None,
) -> Sheet:
    by_measure: dict[Measure, list[Table]] = defaultdict(list)
    for table in tables:
        check(table)
        by_measure[table.measure].append(table)
    period = period.until(now.date()) if now else period
    reader = Reader(session, period, belonging, now)
    counts: dict[Key, int] = {}
    spreads: dict[Key, Spread] = {}
    for measure, some in by_measure.items():
        wanted = Wanted.of(some)
        if measure is _M.DAYS:
            found = keeping.days(reader, wanted)
            spreads |= {(measure, by): spread for by, spread in found.items()}
        else:
            numbers = _COUNTS[measure](reader, wanted)
            counts |= {(measure, by): number for by, number in numbers.items()}
    return Sheet(period, counts, spreads)

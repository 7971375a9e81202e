"""Releases made by hand, with whatever figures a test needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from casework.db import Session, Store
from casework.figures import figurerows
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES, Figure, Table, by
from casework.ids import new_id
from casework.models import Release, Snapshot
from casework.publication import releases

QUARTER = Period.quarter(2026, 3)
BEFORE = Period.quarter(2026, 2)
YEAR = Period.year(2025)
TABLES = tuple(table for table in BRAND_TABLES if not table.yearly)

Numbers = dict[tuple[str, ...], int | float | tuple[float, float] | None]
"""``{("received",): 40, ("received", "country", "KH"): None, ("days", "promise", "outcome"): (3, 9)}``:
``None`` is hidden; a pair is a median and a 90th percentile."""


NUMBERS: Numbers = {
    ("received",): 140,
    ("received", "topic", "pay-and-hours"): 96,
    ("received", "topic", "safety-and-housing"): 37,
    ("received", "topic", "child-labour"): None,
    ("received", "topic", "contract-and-union"): None,
    ("received", "country", "KH"): 140,
    ("received", "factory", "GT7KM"): 140,
    ("received", "scope", "supply-chain"): 133,
    ("received", "scope", "supply-chain", "topic", "pay-and-hours"): 91,
    ("received", "scope", "own"): 7,
    ("persons",): 131,
    ("issues",): 160,
    ("retaliation",): None,
    ("promised", "promise", "outcome"): 101,
    ("promised", "promise", "outcome", "kept", "in-time"): 50,
    ("promised", "promise", "outcome", "kept", "in-time-by-pause"): 20,
    ("promised", "promise", "outcome", "kept", "late"): 31,
    ("promised", "promise", "remedy"): 44,
    ("promised", "promise", "remedy", "kept", "in-time"): None,
    ("promised", "promise", "remedy", "kept", "late"): None,
    ("met", "promise", "outcome"): 88,
    ("days", "promise", "outcome"): (12.5, 40.0),
    ("paid-persons", "currency", "KHR"): 12,
    ("paid", "currency", "KHR"): 1_234_500,
    ("sites",): 1,
    ("sites", "country", "KH"): 1,
    ("workers",): 1200,
    ("workers", "country", "KH"): 1200,
    ("languages",): 20,
}
"""A bit of everything, with marks: of AURORA, whose one factory is GT7KM."""


def figures(numbers: Numbers) -> list[Figure]:
    """Figures out of the short form."""
    found = []
    for name, value in numbers.items():
        place = by({Dimension(key): name[at + 2] for at, key in enumerate(name[1:]) if at % 2 == 0})
        both = value if isinstance(value, tuple) else (value,)
        found.append(Figure(Measure(name[0]), place, *both))
    return found


def release(store: Store, now: datetime, audience: str, numbers: Numbers, **more: Any) -> None:
    """Write down a release of figures in the short form."""
    release_figures(store, now, audience, figures(numbers), **more)


def release_figures(
    store: Store, now: datetime, audience: str, found: Iterable[Figure], **more: Any
) -> None:
    """The same in a transaction of its own."""
    with store.writing() as session:
        write(session, now, audience, found, **more)


def write(
    session: Session,
    now: datetime,
    audience: str,
    found: Iterable[Figure],
    *,
    period: Period = QUARTER,
    version: int = 1,
    threshold: int = 5,
    tables: Sequence[Table] = TABLES,
    pending_since: datetime | None = None,
) -> Release:
    """Write down a release, and the snapshot it hangs on."""
    snapshot = Snapshot(
        id=new_id(now),
        audience=audience,
        period=str(period),
        version=version,
        made_at=now,
        checked_at=now,
        digest="",
    )
    session.add(snapshot)
    session.flush()
    made = Release(
        id=new_id(now),
        audience=audience,
        period=str(period),
        version=version,
        made_at=now,
        threshold=threshold,
        snapshot_id=snapshot.id,
        judged_id=snapshot.id,
        tables=figurerows.of_tables(tables),
        figures=figurerows.rows(found),
        digest="",
        pending_since=pending_since,
    )
    made.digest = releases.digest(made)
    session.add(made)
    return made

"""What tests of frozen figures share: cases in bulk, and a quick stand-in for what decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from casework.db import Store
from casework.disclosure.audiences import Audience, Past, Published
from casework.figures.measures import Dimension, Measure
from casework.figures.tables import Figure, Sheet, Table
from casework.ids import new_id
from casework.models import Case
from casework.publication import freezing
from casework.references import new_reference
from casework.vocabulary import Category, Channel, Severity
from recourse import figure_jobs
from tests.bothouse import Clock
from tests.conftest import Cast

FEW = (
    Table(Measure.RECEIVED, (Dimension.COUNTRY,)),
    Table(Measure.RECEIVED, (Dimension.CATEGORY,)),
    Table(Measure.RECEIVED, (Dimension.COUNTRY, Dimension.TOPIC), yearly=True),
    Table(Measure.ISSUES),
)
"""Enough to see what becomes of numbers, and quick to count."""


def count_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only these tables are counted."""
    monkeypatch.setattr(freezing, "tables_of", lambda _: FEW)


def receive(
    store: Store,
    cast: Cast,
    at: datetime,
    count: int = 1,
    category: Category = Category.WAGES,
    *,
    practice: bool = False,
) -> list[int]:
    """So many real cases of Golden Thread, one a minute."""
    rows = [new_id(at) for _ in range(count)]
    with store.writing() as session:
        for place, row in enumerate(rows):
            moment = at + timedelta(minutes=place)
            session.add(
                Case(
                    id=row,
                    reference=new_reference(),
                    factory_id=cast.golden_thread.id,
                    severity=Severity.STANDARD,
                    category=category,
                    channel=Channel.WEB,
                    language="km",
                    received_at=moment,
                    updated_at=moment,
                    practice=practice,
                )
            )
    return rows


def hide_small(
    sheet: Sheet,
    tables: Sequence[Table],
    audience: Audience,
    _earlier: Sequence[Past],
    _beside: Mapping[Audience, Sequence[Past]],
) -> Published:
    """Hides what is small and nothing else: enough where it does not matter what else is hidden."""
    shapes = {(table.measure, frozenset(table.by)) for table in tables}
    shown = [
        Figure(measure, by, value if value >= audience.threshold or not value else None)
        for (measure, by), value in sheet.counts.items()
        if any(
            measure is one and {dimension for dimension, _ in by} <= dimensions
            for one, dimensions in shapes
        )
    ]
    return Published(audience.name, sheet.period, tuple(tables), tuple(shown))


def freeze(store: Store, clock: Clock) -> figure_jobs.Done:
    """A round of the job."""
    return figure_jobs.run(store, clock, disclose=hide_small)

"""Sample data for the demo: three brands, a dozen factories, about 300 cases of a year and a half.

Plans are drawn from a seed (``drawing``) out of sentences (``words``), then lived through in the
order of time (``history``) by the same functions as real cases. Every case is practice.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from casework.db import Session, Store
from casework.errors import BadInput
from casework.lifecycle import OPEN
from casework.models import Brand, Case, Factory, Staff
from recourse.sample import (
    audited,
    languages,
    leave,
    people_and_places,
    programs,
    protection,
    rated,
    rights,
    together,
)
from recourse.sample.drawing import SPAN, draw
from recourse.sample.handling import add_work
from recourse.sample.history import live

CASES = 300


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """What was made. ``staff`` have no accounts yet: whoever called makes them."""

    staff: tuple[Staff, ...]
    brands: tuple[Brand, ...]
    factories: tuple[Factory, ...]
    cases: int
    open_cases: int


def build(store: Store, *, now: datetime, seed: int = 7) -> SampleSummary:
    """Fill an empty database with a history that ends at ``now``.

    The same seed and moment give the same people, words and times; ids and references differ.
    ``BadInput`` where the database holds cases, brands or factories already.
    """
    with store.writing() as session:
        _refuse_unless_empty(session)
        rows = people_and_places.add(session, now - SPAN)
        rights.add(session, now - SPAN)
    live(store, rows, draw(now, seed, CASES), now)
    with store.writing() as session:
        protection.add(session, rows, now)
        together.add(session, rows, now)
        leave.add(session, rows.staff["thiri"], rows.staff["mai"], now)
        audited.add(session, now)
        add_work(session, now)
        languages.add(session, rows, now)
        programs.add(session, rows, now)
        rated.add(session, rows, now)
    with store.reading() as session:
        is_open = col(Case.status).in_(OPEN)
        count = sa.select(sa.func.count(), sa.func.sum(sa.case((is_open, 1), else_=0)))
        made, still_open = session.execute(count.select_from(Case)).one()
    return SampleSummary(
        staff=tuple(rows.staff.values()),
        brands=tuple(rows.brands.values()),
        factories=tuple(rows.factories.values()),
        cases=made,
        open_cases=still_open,
    )


def _refuse_unless_empty(session: Session) -> None:
    for table in (Case, Brand, Factory):
        if session.exec(select(table.id).limit(1)).first() is not None:
            raise BadInput("Sample data goes into an empty database only: name a new folder.")

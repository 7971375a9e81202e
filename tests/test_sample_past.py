"""The few cases of the demo that come from an older system."""

from datetime import datetime

from sqlmodel import col, select

from casework.db import Store
from casework.models import Case
from recourse.sample import past, people_and_places


def test_the_sample_has_a_list_of_past_cases_without_a_mistake(store: Store, now: datetime) -> None:
    with store.writing() as session:
        people_and_places.add(session, now)
        past.add(session, now)
    with store.reading() as session:
        found = session.exec(select(Case).where(col(Case.imported_at).is_not(None))).all()
    assert len(found) == 4
    assert all(case.practice for case in found)

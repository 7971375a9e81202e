"""Conflicts of interest of the sample data: who declared a tie to one of its factories."""

from datetime import datetime

from casework import ties
from casework.actors import staff_actor
from casework.db import Session
from casework.models import Factory, Staff
from recourse.sample.people_and_places import Rows

_TIES = (
    ("mai", "JP8NC", "I interpreted for this company until last year, and they paid me."),
    ("dewi", "JP8NC", "My cousin manages the dormitory there."),
)
"""Who, to which factory, and in which words."""


def add(session: Session, rows: Rows, now: datetime) -> None:
    """Declare them as the people would: now, because it changes who may see cases that are here."""
    for who, code, words in _TIES:
        person = session.get_one(Staff, rows.staff[who].id)
        factory = session.get_one(Factory, rows.factories[code].id)
        ties.declare(session, factory, words, by=staff_actor(person), now=now)

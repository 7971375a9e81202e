"""Writes down who did what to somebody's account, rights or absence: kept for ever."""

from datetime import datetime
from typing import Any

from casework.actors import Actor
from casework.db import Session
from casework.ids import new_id
from casework.models import StaffEvent
from casework.vocabulary import StaffAct


def note(
    session: Session,
    staff_id: int,
    what: StaffAct,
    data: dict[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """One line, with ids, codes and dates and nobody's words: about whom, by whom, in UTC."""
    session.add(
        StaffEvent(
            id=new_id(now), at=now, staff_id=staff_id, by_id=by.staff_id, what=what, data=data
        )
    )

"""Somebody of the sample office who will be on leave, so that the demo shows what that looks like."""

from datetime import datetime, timedelta

from casework.actors import staff_actor
from casework.db import Session
from casework.models import Staff
from casework.office import leaves

_IN = timedelta(days=12)
_FOR = timedelta(days=9)


def add(session: Session, person: Staff, stand_in: Staff, now: datetime) -> None:
    """A planned absence, well ahead."""
    first = (now + _IN).date()
    days = {
        "first_day": first.isoformat(),
        "last_day": (first + _FOR).isoformat(),
        "stand_in": str(stand_in.id),
    }
    # A row of another session: its facts are enough.
    leaves.say(session, person, days, by=staff_actor(person), now=now)

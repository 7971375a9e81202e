"""Writes down who did what to a rating, an attestation or a review of the mechanism: kept for ever."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.ids import new_id
from casework.models import RatingEvent, Staff
from casework.vocabulary import RatingAct


def note(
    session: Session,
    what: RatingAct,
    *,
    by: Actor,
    now: datetime,
    brand_id: int | None = None,
    review_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """One line. ``data``: codes, ids and dates only."""
    assert by.staff_id is not None
    session.add(
        RatingEvent(
            id=new_id(now),
            at=now,
            staff_id=by.staff_id,
            what=what,
            brand_id=brand_id,
            review_id=review_id,
            data=data or {},
        )
    )


def of_review(session: Session, review_id: int) -> Sequence[tuple[RatingEvent, Staff]]:
    """What happened to a review, oldest first, and who did it."""
    wanted = select(RatingEvent, Staff).join(Staff, col(Staff.id) == RatingEvent.staff_id)
    wanted = wanted.where(RatingEvent.review_id == review_id)
    return session.exec(wanted.order_by(col(RatingEvent.id))).all()

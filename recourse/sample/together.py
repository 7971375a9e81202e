"""Sample cases that belong together: one matter of several workers, and one taken by phone."""

from datetime import datetime, timedelta

from casework import cases, grouping, patterns, taking
from casework.actors import staff_actor
from casework.db import Session
from casework.filing import Complaint, Piece
from casework.models import Case
from casework.patterns import WEEKS, Period
from casework.taking import Taken
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Danger,
    HowMany,
    LinkKind,
    Reach,
    Relation,
    Since,
)
from recourse.sample.people_and_places import HANDLER, SUPERVISOR, Rows

_SAID = (
    "The fans in the sewing hall have been off for nine days. Two women fainted. The line chief says"
    " that electricity costs too much."
)
_WRITTEN = (
    "Thank you for calling. We asked the building inspector to come, without saying why. Please do"
    " not stay in the hall when you feel dizzy: nobody may keep you there."
)


def add(session: Session, rows: Rows, now: datetime) -> None:
    """Link the most frequent pattern as one matter; add a call that somebody has still to answer."""
    by = staff_actor(rows.staff[HANDLER["vi"]])  # who sees no restricted case
    period = Period(WEEKS[-1], practice=True, now=now)
    for found in patterns.find(session, by, period).rows[:1]:
        alike = patterns.cases_of(session, by, period, found.factory, found.category, found.kind)
        first, *others = (session.get_one(Case, row.id) for row in reversed(alike))
        for other in others:
            kind = LinkKind.COLLECTIVE
            grouping.link(session, first, other, kind, by=by, now=now)
    _call(session, rows, now)


def _call(session: Session, rows: Rows, now: datetime) -> None:
    by = staff_actor(rows.staff[SUPERVISOR])
    heard = now - timedelta(days=2)
    complaint = Complaint(
        pieces=(Piece(_SAID),),
        factory=rows.factories["VN7K2"],
        category=Category.HEALTH_AND_SAFETY,
        kind="heat",
        relation=Relation.WORKER,
        danger=Danger.NO,
        since=Since.MONTH,
        how_many=HowMany.MANY,
        practice=True,
    )
    taken = Taken(
        complaint=complaint,
        channel=Channel.PHONE,
        language="vi",
        words_language="en",
        received_at=heard - timedelta(minutes=20),
        reach=Reach.BY_PHONE,
        agreed_to_notes=True,
        phone="+00 00 000 000",
        when="After eight in the evening. Ask for the seamstress.",
    )
    case = taking.take(session, taken, by=by, now=heard).case
    cases.advance(session, case, Action.REPLY, by=by, now=now - timedelta(days=1), text=_WRITTEN)

"""What a person of the office was told, for the own page: looked up, read, and in the end deleted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, delete, select, update

from casework.actors import Actor
from casework.db import Session
from casework.models import Case, Clock, Mail, StaffNotice
from casework.office.mails import NOTICES, Entry, look_up
from casework.searching import queue

READ_LASTS = timedelta(days=90)
"""So long a notice stays after it was read (our default)."""
COUNTED = 99
"""Unread notices are counted so far; there are more if one more is found."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some notices of a person, newest first. ``older``: what to ask for to see the next ones."""

    entries: tuple[Entry, ...]
    older: int | None


def unread(session: Session, actor: Actor, *, but: int | None = None) -> int:
    """How many notices of cases that the actor may see are unread, at most ``COUNTED`` + 1.

    ``but`` is a case that is being read.
    """
    found = (
        select(StaffNotice.id)
        .join(Case, col(Case.id) == col(StaffNotice.case_id))
        .where(
            StaffNotice.staff_id == actor.staff_id,
            col(StaffNotice.read_at).is_(None),
            *queue.visible(actor),
        )
    )
    if but is not None:
        found = found.where(StaffNotice.case_id != but)
    counted = found.limit(COUNTED + 1).subquery()
    return session.exec(select(sa.func.count()).select_from(counted)).one()


def page(session: Session, actor: Actor, before: int | None = None, size: int = 50) -> Page:
    """The actor's notices of cases that they may see, those told after a notice left out."""
    statement = NOTICES.where(StaffNotice.staff_id == actor.staff_id, *queue.visible(actor))
    if before is not None:
        statement = statement.where(StaffNotice.id < before)
    statement = statement.order_by(col(StaffNotice.id).desc()).limit(size + 1)
    found = look_up(session, statement)
    more = len(found) > size
    return Page(tuple(found[:size]), found[size - 1].notice.id if more else None)


def read_case(session: Session, staff_id: int, case_id: int, now: datetime) -> None:
    """A person has read a case, and with it what they were told of it."""
    _read(session, now, StaffNotice.staff_id == staff_id, StaffNotice.case_id == case_id)


def read_all(session: Session, staff_id: int, newest: int, now: datetime) -> None:
    """A person has read all notices up to the ``newest`` that was shown to them."""
    _read(session, now, StaffNotice.staff_id == staff_id, StaffNotice.id <= newest)


def _read(session: Session, now: datetime, *where: Any) -> None:
    session.exec(
        update(StaffNotice)
        .where(*where, col(StaffNotice.read_at).is_(None), col(StaffNotice.at) <= now)
        .values(read_at=now, unmailed=False)
        .execution_options(synchronize_session=False)
    )


def tidy(session: Session, now: datetime) -> None:
    """Delete what was read long ago, and the mails that nothing refers to any more.

    What was told of a promise that still runs stays: by it the sweep knows that it was told.
    """
    old = now - READ_LASTS
    # Asked of each notice: a list of all that runs would hold up every writer while it is made.
    running = (
        select(Clock.id)
        .where(
            Clock.id == StaffNotice.clock_id,
            col(Clock.met_at).is_(None),
            col(Clock.cancelled_at).is_(None),
        )
        .exists()
    )
    session.exec(
        delete(StaffNotice)
        .where(col(StaffNotice.read_at) < old, ~running)
        .execution_options(synchronize_session=False)
    )
    told = select(StaffNotice.id).where(StaffNotice.mail_id == Mail.id).exists()
    ended = sa.func.coalesce(col(Mail.sent_at), col(Mail.failed_at))
    session.exec(
        delete(Mail).where(ended < old, ~told).execution_options(synchronize_session=False)
    )

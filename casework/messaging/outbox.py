"""What is to be said to workers: written with the fact, leased, sent, then marked.

A lease that runs out is free again, so a crash between sending and marking says something twice
rather than never. Within one reporter the order is kept: nothing overtakes an unsent notice, but a
reply that did not get through, which must not wait for what waits for her safe hours.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import col, delete, or_, select

from casework.db import Session
from casework.ids import new_id
from casework.models import Case, Outbox
from casework.vocabulary import Notice

UNREACHABLE = "unreachable"
"""The reason of a notice that could not be sent because she blocked the bot: it waits for her."""
ASKED_NOT_TO = "asked-not-to"
"""The reason of a notice to somebody who wants no messages: her case page shows what it said."""
ANNOUNCED = frozenset(Notice) - {
    Notice.TRY_AGAIN,
    Notice.DRAFT_WAITS,
    Notice.REPEAT,
    Notice.ERASE,
    Notice.FAREWELL,
}
"""What is kept to be read when she opens it: her phone shows only that there is something."""
LEASE = timedelta(seconds=60)
AT_ONCE = frozenset({Notice.REPEAT, Notice.ERASE, Notice.FAREWELL})
"""What she asked for herself: it waits for no safe hours and for nothing that does."""
_RETRY = (5, 30, 120, 600, 3600)
"""Seconds to wait after the first, second … failed try; the last one repeats."""
_SAME_KNOCK = timedelta(minutes=1)
_MOST_ATTEMPTS = 60
"""About two days of trying; then the case page says that the worker could not be reached."""


def tell(
    session: Session,
    reporter_id: int,
    notice: Notice,
    *,
    now: datetime,
    case: Case | None = None,
    message_id: int | None = None,
    data: dict[str, Any] | None = None,
    not_before: datetime | None = None,
) -> Outbox:
    """Promise to tell a worker something."""
    entry = Outbox(
        id=new_id(now),
        reporter_id=reporter_id,
        case_id=case.id if case else None,
        message_id=message_id,
        notice=notice,
        data=data or {},
        created_at=now,
        not_before=not_before or now,
    )
    session.add(entry)
    return entry


def take_back(session: Session, reporter_id: int, notice: Notice) -> None:
    """What was promised of this kind and not sent yet need not be said any more."""
    session.exec(
        delete(Outbox).where(
            col(Outbox.reporter_id) == reporter_id,
            col(Outbox.notice) == notice,
            col(Outbox.sent_at).is_(None),
        )
    )


def any_waiting(session: Session, now: datetime) -> bool:
    """Whether a look is worth a writing transaction: the job asks every second."""
    statement = select(Outbox.id).where(
        col(Outbox.sent_at).is_(None), col(Outbox.failed_at).is_(None), Outbox.not_before <= now
    )
    return session.exec(statement.limit(1)).first() is not None


def claim(session: Session, now: datetime, limit: int = 50) -> list[Outbox]:
    """Take the next notices to send, oldest first, at most one for each reporter."""
    earlier = aliased(Outbox)
    waiting_before = (
        select(earlier.id)
        .where(
            earlier.reporter_id == Outbox.reporter_id,
            earlier.id < Outbox.id,
            col(earlier.sent_at).is_(None),
            col(earlier.failed_at).is_(None),
            col(earlier.notice) != Notice.ERASE,
        )
        .exists()
    )
    statement = (
        select(Outbox)
        .where(
            col(Outbox.sent_at).is_(None),
            col(Outbox.failed_at).is_(None),
            Outbox.not_before <= now,
            or_(col(Outbox.leased_until).is_(None), col(Outbox.leased_until) < now),
            or_(col(Outbox.notice).in_(AT_ONCE), ~waiting_before),
        )
        .order_by(col(Outbox.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Outbox)
    )
    entries = list(session.exec(statement))
    for entry in entries:
        entry.leased_until = now + LEASE
    return entries


def sent(entry: Outbox, now: datetime) -> None:
    """It reached her."""
    entry.sent_at = now
    entry.leased_until = None


def read(session: Session, reporter_id: int, case: Case | None, now: datetime) -> list[Outbox]:
    """What she was to be told about a case (``None``: about none) and has not opened yet, oldest
    first; it is opened now. Also what is still on its way or got lost on it: she is here and asks.
    """
    statement = select(Outbox).where(
        Outbox.reporter_id == reporter_id,
        Outbox.case_id == (case.id if case else None),
        col(Outbox.read_at).is_(None),
        col(Outbox.notice).in_(ANNOUNCED),
    )
    found = list(session.exec(statement.order_by(col(Outbox.id))))
    for entry in found:
        entry.read_at = now
    return found


def knocked_just_now(session: Session, entry: Outbox, now: datetime) -> bool:
    """Whether she was told within a minute that there is news about the same case, and has not
    opened it: opening it will show her this, too."""
    statement = select(Outbox.id).where(
        Outbox.reporter_id == entry.reporter_id,
        Outbox.case_id == entry.case_id,
        col(Outbox.sent_at) > now - _SAME_KNOCK,
        col(Outbox.read_at).is_(None),
    )
    return entry.case_id is not None and session.exec(statement.limit(1)).first() is not None


def postpone(entry: Outbox, until: datetime) -> None:
    """Not now: outside her safe hours, or the channel asked to wait. Not counted as a try."""
    entry.not_before = until
    entry.leased_until = None


def retry(entry: Outbox, now: datetime) -> None:
    """The channel did not answer: try again, later and later; in the end give up visibly."""
    entry.attempts += 1
    if entry.attempts >= _MOST_ATTEMPTS:
        give_up(entry, now, "no-answer")
        return
    wait = _RETRY[min(entry.attempts, len(_RETRY)) - 1]
    postpone(entry, now + timedelta(seconds=wait))


def give_up(entry: Outbox, now: datetime, reason: str) -> None:
    """It will never reach her this way; ``reason`` is a code that the case page explains."""
    entry.failed_at = now
    entry.reason = reason
    entry.leased_until = None


def wake(session: Session, reporter_id: int, now: datetime) -> None:
    """She can be reached again: what could not reach her meanwhile is sent now, in order."""
    statement = select(Outbox).where(
        Outbox.reporter_id == reporter_id,
        col(Outbox.failed_at).is_not(None),
        Outbox.reason == UNREACHABLE,
    )
    for entry in session.exec(statement):
        entry.failed_at = None
        entry.reason = ""
        entry.not_before = now

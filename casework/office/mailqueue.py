"""How a mail leaves: claimed with a lease, sent, then marked; tried later and later until it went.

A lease that runs out is free again, so a crash between sending and marking mails something twice
rather than never.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, or_, select, update

from casework.db import Session
from casework.models import Mail

LEASE = timedelta(minutes=5)
"""Longer than a slow server takes for one mail."""
REFUSED = "refused"
"""The reason of a mail whose recipient the server does not know, for good."""
NO_ADDRESS = "address"
"""The reason of a mail to an address that this server can't send to."""
OVER = "over"
"""The reason of a mail that had nothing left to say when its turn came."""
_RETRY = (5, 30, 120, 600, 3600)
"""Seconds to wait after the first, second … failed try; the last one repeats, for ever."""


def _is_waiting() -> tuple[sa.ColumnElement[bool], ...]:
    return (col(Mail.sent_at).is_(None), col(Mail.failed_at).is_(None))


def any_waiting(session: Session, now: datetime) -> bool:
    """Whether a look is worth a writing transaction."""
    statement = select(Mail.id).where(*_is_waiting(), Mail.not_before <= now)
    return session.exec(statement.limit(1)).first() is not None


def claim(session: Session, now: datetime) -> Mail | None:
    """Take the next mail to send: urgent ones first, then the oldest."""
    statement = (
        select(Mail)
        .where(
            *_is_waiting(),
            Mail.not_before <= now,
            or_(col(Mail.leased_until).is_(None), col(Mail.leased_until) < now),
        )
        .order_by(col(Mail.urgent).desc(), col(Mail.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    mail = session.exec(statement).first()
    if mail is not None:
        mail.leased_until = now + LEASE
    return mail


def sent(mail: Mail, now: datetime) -> None:
    """The server took it."""
    mail.sent_at = now
    mail.leased_until = None


def retry(mail: Mail, now: datetime) -> None:
    """The server does not take it now: try again, later and later."""
    mail.attempts += 1
    mail.not_before = now + timedelta(seconds=_RETRY[min(mail.attempts, len(_RETRY)) - 1])
    mail.leased_until = None


def hold_back(session: Session, mail: Mail, now: datetime) -> None:
    """The server does not answer, or takes nothing at all: this mail and all that wait try again
    together, later and later. An urgent one that comes up meanwhile tries at once."""
    retry(mail, now)
    session.flush()
    others = select(Mail.id).where(
        *_is_waiting(), Mail.id != mail.id, Mail.not_before < mail.not_before
    )
    session.exec(
        update(Mail)
        .where(col(Mail.id).in_(others.with_for_update(skip_locked=True)))
        .values(not_before=mail.not_before)
        .execution_options(synchronize_session=False)
    )


def give_up(mail: Mail, now: datetime, reason: str) -> None:
    """It will never go; ``reason`` is a code. Its notices stand on the person's page."""
    mail.failed_at = now
    mail.reason = reason
    mail.leased_until = None

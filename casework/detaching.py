"""A worker asks to be forgotten: her cases lose every tie to her, then she herself is destroyed.

Nothing here commits and nothing asks the clock on the wall.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, delete, select

from casework import filing, parties, places
from casework.actors import WORKER
from casework.audit import events
from casework.db import Session, for_change
from casework.deadlines import pausing, promises, sweeping
from casework.lifecycle import OPEN
from casework.media import attachments
from casework.models import (
    Attachment,
    Case,
    CheckIn,
    Conversation,
    FailedUpdate,
    Message,
    Outbox,
    PostedMessage,
    Reporter,
)
from casework.vocabulary import Action, Contact, Notice


def forget(session: Session, reporter: Reporter, *, withdraw: bool, now: datetime) -> None:
    """Her cases go on without her; with ``withdraw`` those that are open are taken back first.

    What she sent and did not file is deleted, and so is all that was to be told to her. The row of
    the reporter stays, bare, so that the channel can be told; ``destroy`` is the end of it.
    """
    statement = select(Case).where(Case.reporter_id == reporter.id).order_by(col(Case.id))
    for case in session.exec(for_change(statement)):
        if withdraw and case.status in OPEN:
            filing.answer(session, case, Action.WITHDRAW, now=now)
        _detach(session, case, now)
    session.flush()
    attachments.drop_unfiled(session, reporter.id)
    mine = sa.update(Attachment).where(col(Attachment.reporter_id) == reporter.id)
    session.exec(mine.values(reporter_id=None))
    session.exec(delete(Outbox).where(col(Outbox.reporter_id) == reporter.id))
    session.exec(delete(FailedUpdate).where(col(FailedUpdate.reporter_id) == reporter.id))
    reporter.contact, reporter.safe_from, reporter.safe_to = Contact.HERE, None, None
    reporter.zone = places.NO_ZONE
    reporter.unreachable_since = None
    reporter.receipt_tries, reporter.receipt_tries_since = 0, None
    reporter.created_at = now


def _detach(session: Session, case: Case, now: datetime) -> None:
    case.reporter_id = None
    case.forgotten_at = now
    case.identity_sealed = case.phone_sealed = None
    case.receipt_index = None
    case.receipt_tries, case.receipt_tries_since = 0, None
    case.open_question = False
    case.unread = True
    # The mark by which an edit is recognised is made from her row and her channel's numbers.
    sources = sa.update(Message).where(col(Message.case_id) == case.id)
    session.exec(sources.values(source_index=None))
    parties.forget_speakers(session, case)
    _forget_told(session, case, now)
    session.exec(
        sa.update(CheckIn)
        .where(
            col(CheckIn.case_id) == case.id,
            col(CheckIn.answered_at).is_(None),
            col(CheckIn.cancelled_at).is_(None),
        )
        .values(cancelled_at=now)
    )
    sweeping.catch_up(session, case, now)
    data = pausing.end(session, case, now)
    data |= promises.follow(session, case, Action.FORGET, now)
    events.record(session, case, Action.FORGET, by=WORKER, now=now, before=case.status, data=data)


def _forget_told(session: Session, case: Case, now: datetime) -> None:
    """What was told about the case, also on a phone from which it moved: that phone may be hers, too.

    There it must still be read that the case moved, with nothing that names the case.
    """
    of_case = col(Outbox.case_id) == case.id
    unread = sa.and_(col(Outbox.notice) == Notice.MOVED, col(Outbox.read_at).is_(None))
    session.exec(delete(Outbox).where(of_case, sa.not_(unread)))
    anew = {"case_id": None, "sent_at": None, "leased_until": None, "not_before": now}
    session.exec(sa.update(Outbox).where(of_case).values(**anew))


def destroy(session: Session, reporter: Reporter) -> None:
    """Delete a reporter without cases, and whatever else is kept of her."""
    attachments.drop_unfiled(session, reporter.id)
    session.exec(delete(Outbox).where(col(Outbox.reporter_id) == reporter.id))
    # What failed between the farewell's promise and its sending.
    session.exec(delete(FailedUpdate).where(col(FailedUpdate.reporter_id) == reporter.id))
    session.exec(delete(PostedMessage).where(col(PostedMessage.reporter_id) == reporter.id))
    session.exec(delete(Conversation).where(col(Conversation.reporter_id) == reporter.id))
    session.delete(reporter)
    session.flush()

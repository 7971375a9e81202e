"""The word on how it stands that a worker gets by itself, where nobody has written for too long.

It keeps no promise: that a person writes stays owed, and a miss stays a miss.
"""

import logging
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from casework.db import Session
from casework.deadlines import policing, promises
from casework.deadlines.clocks import passed
from casework.deadlines.swept import ASIDE
from casework.errors import BadInput
from casework.messaging import outbox
from casework.models import Case, Outbox, Reporter
from casework.places import calendar_for, factory_of
from casework.vocabulary import Contact, Notice, Promise

log = logging.getLogger(__name__)

# Built once: an idle look takes less time than building its statement.
_ANY = select(Case.id).where(col(Case.progress_at) < bindparam("now")).limit(1)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether ``tell_due`` is worth a writing transaction."""
    return session.exec(_ANY, params={"now": now}).first() is not None


def tell_due(session: Session, now: datetime, limit: int = 100) -> int:
    """Promise each worker a word on progress that is due, oldest first; how many were due.

    Call it again until it finds none: short transactions let others through. After
    a standstill a worker gets one, not one for each time that passed.
    """
    statement = (
        select(Case)
        .where(col(Case.progress_at) < now)
        .order_by(col(Case.progress_at), col(Case.id))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = list(session.exec(statement, execution_options={"populate_existing": True}))
    policy = policing.current(session) if found else None
    for case in found:
        assert policy is not None
        line = policy.line(Promise.PROGRESS, case.severity, case.category)
        if line is None or case.reporter_id is None:
            case.progress_at = None
            continue
        try:
            calendar = calendar_for(session, factory_of(session, case.factory_id))
            case.progress_at = passed(now, calendar, line.span, exact=line.exact).at
        except BadInput:  # a calendar that can't be used holds up no worker of another office
            log.error("The next word on case %s can't be counted.", case.reference)  # noqa: TRY400
            case.progress_at = now + ASIDE
            continue
        # Who can't be reached, or wants no messages, is not told the same again and again.
        if not _waits(session, case, case.reporter_id):
            outbox.tell(session, case.reporter_id, Notice.PROGRESS, now=now, case=case)
    session.flush()
    return len(found)


def is_so(session: Session, case: Case, at: datetime) -> bool:
    """Whether a word on progress of ``at`` may still be said: nobody has written to her since, and
    nothing is decided."""
    return any(
        clock.promise is Promise.PROGRESS and promises.is_owed(clock) and clock.started_at <= at
        for clock in promises.of_case(session, case.id)
    )


def _waits(session: Session, case: Case, reporter_id: int) -> bool:
    statement = select(Outbox.id).where(
        Outbox.case_id == case.id,
        Outbox.notice == Notice.PROGRESS,
        col(Outbox.sent_at).is_(None),
    )
    if session.get_one(Reporter, reporter_id).contact is not Contact.NEVER:
        # What she did not want then says nothing about now.
        statement = statement.where(Outbox.reason != outbox.ASKED_NOT_TO)
    return session.exec(statement.limit(1)).first() is not None

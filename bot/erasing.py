"""Erasing a chat, and the end of somebody who is forgotten: what the delivery does beside speaking.

Both stand in the outbox, so that a crash delays them and does not undo them.
"""

from datetime import datetime

from sqlmodel import select

from bot import posted, talks
from bot.turns import Draft
from casework import cases, detaching
from casework.db import Session, for_change
from casework.messaging import outbox
from casework.models import Conversation, Outbox, Reporter
from casework.vocabulary import Notice

CLEARING = frozenset({Notice.ERASE, Notice.FAREWELL})
"""After these something is gone that must not linger in the database's files."""


def numbers(session: Session, entry: Outbox, now: datetime) -> tuple[int, ...]:
    """The messages to delete: of a chat that is erased those from before; of somebody who is
    forgotten all there are."""
    before = entry.id if entry.notice is Notice.ERASE else None
    return posted.deletable(session, entry.reporter_id, now, before)


def only_erase_if_back(session: Session, entry: Outbox, reporter: Reporter) -> None:
    """Somebody forgotten wrote again before we said farewell: she is a new person at the same
    address, so the old messages go and she stays."""
    if entry.notice is Notice.FAREWELL and _is_back(session, reporter):
        entry.notice = Notice.ERASE


def ended(session: Session, entry: Outbox, reporter: Reporter) -> None:
    """Take away what an entry is about, once it was carried out or given up for good.

    A chat that can't be reached now is erased when she is back; a person is not kept for that.
    """
    only_erase_if_back(session, entry, reporter)
    if entry.notice is Notice.FAREWELL:
        detaching.destroy(session, reporter)
    elif entry.reason != outbox.UNREACHABLE:
        posted.erased(session, reporter.id, entry.id)
        session.delete(entry)


def _is_back(session: Session, reporter: Reporter) -> bool:
    found = for_change(select(Conversation.sealed).where(Conversation.reporter_id == reporter.id))
    sealed = session.exec(found).first()
    if sealed is None:
        return False
    try:
        chat = talks.load(session, reporter, sealed).chat
    except talks.UNREADABLE:
        return False
    begun = chat.step != "stopped" or chat.draft != Draft() or bool(chat.held)
    return begun or bool(cases.of_reporter(session, reporter.id))

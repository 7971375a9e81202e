"""What is not kept: complaints left unfinished, and the ids of updates seen long ago."""

from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from bot import talks
from bot.dialogue import forgotten
from bot.talks import Talk
from casework import attachments
from casework.db import Store
from casework.models import Conversation, Reporter, SeenUpdate

DRAFTS_LAST = timedelta(hours=72)
"""How long an unfinished complaint is kept (issue 3 of the plan: drafts vanish after 72 hours)."""
_SEEN_LASTS = timedelta(days=2)
"""Telegram keeps undelivered updates for one day."""
_AT_ONCE = 100


def forget_drafts(store: Store, now: datetime) -> int:
    """Drop complaints left unfinished for ``DRAFTS_LAST``, files included; how many there were."""
    total = 0
    while found := _forget_some(store, now):
        total += found
    return total


def _forget_some(store: Store, now: datetime) -> int:
    """One short transaction: others wait for it."""
    with store.writing() as session:
        statement = (
            select(Reporter, Conversation.sealed)
            .join(Conversation, col(Conversation.reporter_id) == col(Reporter.id))
            .where(col(Conversation.has_draft), Conversation.updated_at < now - DRAFTS_LAST)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True, key_share=True)
        )
        found = list(session.exec(statement))
        for reporter, sealed in found:
            talk = talks.load_or_begin_anew(session, reporter, sealed)
            attachments.drop_unfiled(session, reporter.id)
            talks.save(session, [Talk(reporter, forgotten(talk.chat), stored=True)], now)
        return len(found)


def prune_seen(store: Store, now: datetime) -> None:
    """Forget updates that can't be delivered again."""
    with store.writing() as session:
        session.exec(delete(SeenUpdate).where(col(SeenUpdate.at) < now - _SEEN_LASTS))

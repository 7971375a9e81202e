"""Complaints left unfinished, reminded of once and then forgotten; ids of updates seen long ago."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, delete, select

from bot import talks
from bot.dialogue import forgotten
from bot.talks import Talk
from casework import places
from casework.db import Session, Store
from casework.media import attachments
from casework.messaging import outbox
from casework.models import Conversation, Reporter, SeenUpdate
from casework.vocabulary import Channel, Contact, Notice

DRAFTS_LAST = timedelta(hours=72)
"""How long an unfinished complaint is kept (issue 3 of the plan: drafts vanish after 72 hours)."""
REMINDED_AFTER = timedelta(hours=48)
"""Without a word from her; leaves a day to come back (issue 3 of the plan: one neutral reminder)."""
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
            outbox.take_back(session, reporter.id, Notice.DRAFT_WAITS)
            talks.save(session, [Talk(reporter, forgotten(talk.chat), stored=True)], now)
        return len(found)


def remind(store: Store, now: datetime) -> int:
    """Remind those who left a complaint unfinished for ``REMINDED_AFTER``, once; how many.

    Not those who do not want to be written to, nor those whose unfinished complaint itself says when
    or that they must not be: that counts for others once it is filed. On the web chat there is nobody
    to write to: the page itself shows what waits.
    """
    total = 0
    while (found := _remind_some(store, now)) is not None:
        total += found
    return total


def _remind_some(store: Store, now: datetime) -> int | None:
    """How many of the next ones are told; ``None`` where there is nobody left to look at."""
    with store.writing() as session:
        office = places.calendar_for(session, None).zone
        statement = (
            select(Reporter, Conversation)
            .join(Conversation, col(Conversation.reporter_id) == col(Reporter.id))
            .where(
                col(Conversation.has_draft),
                col(Conversation.reminded_at).is_(None),
                Conversation.updated_at < now - REMINDED_AFTER,
                Conversation.updated_at > now - DRAFTS_LAST,
                Reporter.channel == Channel.TELEGRAM,
                Reporter.contact != Contact.NEVER,
                col(Reporter.unreachable_since).is_(None),
            )
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True, key_share=True)
        )
        found = list(session.exec(statement))
        told = 0
        for reporter, conversation in found:
            conversation.reminded_at = now
            draft = talks.load_or_begin_anew(session, reporter, conversation.sealed).chat.draft
            if draft.contact in (Contact.NEVER, Contact.SAFE_HOURS):
                continue
            zone = office if reporter.zone == places.NO_ZONE else ZoneInfo(reporter.zone)
            until = (conversation.updated_at + DRAFTS_LAST).astimezone(zone).date()
            data = {"until": until.isoformat()}
            outbox.tell(session, reporter.id, Notice.DRAFT_WAITS, now=now, data=data)
            told += 1
        return told if found else None


def waits(session: Session, reporter: Reporter) -> bool:
    """Whether what she was to be reminded of still waits: she may have come back meanwhile."""
    found = session.get(Conversation, reporter.id)
    return found is not None and found.has_draft and found.reminded_at is not None


def prune_seen(store: Store, now: datetime) -> None:
    """Forget updates that can't be delivered again."""
    with store.writing() as session:
        session.exec(delete(SeenUpdate).where(col(SeenUpdate.at) < now - _SEEN_LASTS))


def forget_seen(store: Store, beginning: str) -> None:
    """Forget updates whose names begin like this: who sent them is gone."""
    with store.writing() as session:
        session.exec(delete(SeenUpdate).where(col(SeenUpdate.key).startswith(beginning)))

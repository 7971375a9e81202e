"""What is said beside the turns of a conversation: a reply once more, and news on a web page.

A reply that did not get through is *owed*: the outbox says it again (``Notice.REPEAT``), or it
comes before the next answer, whichever is first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import select

from bot import talks
from bot.doors import Reply
from bot.rendering import Rendered
from bot.talks import Talk
from casework.db import Session, Store, for_change
from casework.messaging import outbox
from casework.models import Conversation, Outbox, Reporter
from casework.vocabulary import Notice

_OWED_AT_MOST = 6
"""Messages. After a long silence she needs the newest, not a wall of questions long answered."""


def repeat_later(store: Store, reply: Reply, now: datetime, seconds: float = 0) -> None:
    """The channel did not take a reply: the outbox says it again, in ``seconds`` at the earliest."""
    with store.writing() as session:
        _owe(session, reply.reporter_id, now, now + timedelta(seconds=seconds))


def mark_unreachable(store: Store, reply: Reply, now: datetime) -> None:
    """She blocked the bot: the case page shows it. What she was not told waits until she is back."""
    with store.writing() as session:
        owed = _owe(session, reply.reporter_id, now, now)
        if owed is None:
            return
        outbox.give_up(owed, now, outbox.UNREACHABLE)
        reporter = session.get_one(Reporter, reply.reporter_id)
        reporter.unreachable_since = reporter.unreachable_since or now


def not_owed(session: Session, talk: Talk) -> None:
    """What was owed is said now, with an answer: the outbox need not do it."""
    talk.said = talk.said[-_OWED_AT_MOST:]
    talk.owed = False
    outbox.take_back(session, talk.reporter.id, Notice.REPEAT)


def repeated(session: Session, reporters: Iterable[Reporter], now: datetime) -> None:
    """The outbox has said again to these reporters what they were owed."""
    owing = [talk for one in reporters if (talk := talks.lock(session, one)).owed]
    for talk in owing:
        talk.owed = False
    talks.save(session, owing, now, by_her=False)


def last_said(session: Session, reporter: Reporter) -> tuple[Rendered, ...]:
    """What was said to a reporter for her newest message."""
    conversation = session.get(Conversation, reporter.id)
    if conversation is None:
        return ()
    return tuple(talks.load(session, reporter, conversation.sealed).said)


def append_unasked(
    session: Session, reporter: Reporter, pieces: Sequence[Rendered], now: datetime
) -> None:
    """Put what the mechanism says by itself onto the page of a web chat."""
    talk = talks.lock(session, reporter)
    talks.append(talk, pieces)
    talks.save(session, [talk], now, by_her=False)


def _owe(session: Session, reporter_id: int, now: datetime, not_before: datetime) -> Outbox | None:
    """Note that what was said last is owed; the one entry in the outbox that will say it. ``None``
    where she was forgotten meanwhile."""
    # First the reporter, then the rest, like whoever takes in her next message.
    reporter = session.exec(for_change(select(Reporter).where(Reporter.id == reporter_id))).first()
    if reporter is None:
        return None
    talk = talks.lock(session, reporter)
    talk.owed = True
    talks.save(session, [talk], now, by_her=False)
    outbox.take_back(session, reporter_id, Notice.REPEAT)
    return outbox.tell(session, reporter_id, Notice.REPEAT, now=now, not_before=not_before)

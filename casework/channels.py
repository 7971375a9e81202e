"""Which ways in are alive, and when each was seen working last."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from casework.db import Session, insert_into
from casework.models import Case, ChannelSeen
from casework.vocabulary import Channel

NOTED_EVERY = timedelta(hours=1)
"""Often enough for thirty days, seldom enough to cost nothing."""
_LOOKED_BACK = timedelta(days=90)
"""Further back no case is looked for: a channel counts as live for thirty days."""
_TABLE = ChannelSeen.metadata.tables["channelseen"]


def is_news(session: Session, channels: Collection[Channel], now: datetime) -> bool:
    """Whether that they work now is worth a writing transaction."""
    today = select(ChannelSeen.channel, ChannelSeen.at).where(ChannelSeen.day == now.date())
    noted = dict(session.exec(today).all())
    return any(
        one not in noted or abs(now - noted[one]) >= NOTED_EVERY for one in channels
    )  # the clock may have been set back


def note_alive(session: Session, channels: Collection[Channel], now: datetime) -> None:
    """They work now: Telegram answered our bot, or the pages of the web chat are served."""
    for channel in channels:
        statement = insert_into(session, _TABLE).values(channel=channel, day=now.date(), at=now)
        session.connection().execute(
            statement.on_conflict_do_update(
                index_elements=[_TABLE.c.channel, _TABLE.c.day], set_={"at": now}
            )
        )


def seen(session: Session, until: datetime, *, by_cases: bool = True) -> dict[Channel, datetime]:
    """When each channel was seen working last before a moment, however long ago: one that is dead does
    not become unknown. Whoever filed a case by one in the ninety days before has shown that it works,
    also where nothing of ours runs: by phone, in person. ``by_cases``: whether the reader may be told
    that."""
    since = until - _LOOKED_BACK
    noted = (
        select(ChannelSeen.channel, sa.func.max(ChannelSeen.at))
        .where(
            ChannelSeen.day <= until.date(),
            ChannelSeen.at <= until,
        )
        .group_by(col(ChannelSeen.channel))
    )
    filed = (
        select(Case.channel, sa.func.max(Case.received_at))
        .where(
            Case.received_at > since,
            Case.received_at <= until,
            col(Case.practice).is_(False),
            col(Case.imported_at).is_(None),
        )
        .group_by(col(Case.channel))
    )
    found: dict[Channel, datetime] = {}
    for channel, at in (*session.exec(noted), *(session.exec(filed) if by_cases else ())):
        found[channel] = max(at, found.get(channel, at))
    return {channel: found[channel] for channel in Channel if channel in found}

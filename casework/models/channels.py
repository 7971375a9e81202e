"""When the ways in were seen working: what proves that there is a mechanism at all."""

from datetime import date, datetime

from sqlmodel import Field

from casework.models.base import Table, stored_by_value
from casework.vocabulary import Channel


class ChannelSeen(Table, table=True):
    """A channel was working on a day. One row for each day, so that the rating of a past year can
    look as far back."""

    channel: Channel = Field(primary_key=True, sa_type=stored_by_value(Channel, growing=True))
    day: date = Field(primary_key=True)
    """In UTC."""
    at: datetime
    """The last time that day, to the hour."""

"""The two kinds of people: reporters, of whom nothing stands in clear, and staff."""

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import Channel, Contact, Role, StaffAct

_ROWS = sa.JSON(none_as_null=True)


class Reporter(Table, table=True):
    """A person at one address of one channel: she may have many cases, or none yet.

    ``address_index`` is a keyed hash by which her next message finds her; the address itself is
    sealed and only the delivery opens it. No name, number or profile is stored at all.
    """

    __table_args__ = (sa.UniqueConstraint("channel", "address_index"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    channel: Channel = Field(sa_type=stored_by_value(Channel))
    address_index: bytes = Field(max_length=16)
    address_sealed: bytes
    language: str = Field(default="en", max_length=16)
    contact: Contact = Field(default=Contact.HERE, sa_type=stored_by_value(Contact))
    safe_from: time | None = None
    safe_to: time | None = None
    zone: str = Field(default="UTC", max_length=64)
    """The zone ``safe_from`` and ``safe_to`` are meant in: that of her factory."""
    unreachable_since: datetime | None = None
    receipt_tries: int = 0
    """Wrong secret numbers typed from here since ``receipt_tries_since``."""
    receipt_tries_since: datetime | None = None
    created_at: datetime


class Conversation(Table, table=True):
    """Where a reporter's conversation stands, sealed, with what was said to her last."""

    reporter_id: int = Field(primary_key=True, foreign_key="reporter.id", sa_type=RowId)
    sealed: bytes
    """The ``Chat``, what was said for the newest batch, and on the web the transcript; as JSON."""
    updated_at: datetime = Field(index=True)
    has_draft: bool = False
    """Drafts vanish after 72 hours (``bot.forgetting``); this finds them."""
    reminded_at: datetime | None = None
    """When she was reminded of the present draft: once."""


class PostedMessage(Table, table=True):
    """The channel's number of a message in her chat, hers or ours, so that it can be deleted there.

    Kept for as long as the channel deletes (48 hours on Telegram). A number, no words.
    """

    __table_args__ = (sa.UniqueConstraint("reporter_id", "number"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    reporter_id: int = Field(foreign_key="reporter.id", sa_type=RowId)
    number: int = Field(sa_type=sa.BigInteger)
    at: datetime = Field(index=True)


class Staff(Table, table=True):
    """A person who works on cases or reads figures. How they sign in: ``webadmin.accounts``."""

    id: int = Field(primary_key=True, sa_type=RowId)
    name: str = Field(max_length=120)
    email: str = Field(max_length=254, unique=True)
    role: Role = Field(sa_type=stored_by_value(Role))
    organisation: str = Field(default="", max_length=120)
    language: str = Field(default="en", max_length=16)
    speaks: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    """Languages besides ``language`` that this person reads and writes well: tags and spaces."""
    zone: str = Field(default="UTC", max_length=64)
    brand_id: int | None = Field(default=None, foreign_key="brand.id", sa_type=RowId)
    """For the brand role: the one brand whose figures and factories this person may see."""
    restricted_pool: bool = False
    """May see restricted cases (gender-based violence)."""
    scope_factories: list[int] | None = Field(default=None, sa_type=_ROWS)
    """Sees only cases of these factories; ``None``: of all, and those of no known one."""
    scope_languages: list[str] | None = Field(default=None, sa_type=_ROWS)
    """Sees only cases of workers who read these languages; ``None``: of all."""
    barred_factories: list[int] | None = Field(default=None, sa_type=_ROWS)
    """Sees no case of these factories: out of ties and the organisation (``casework.ties``)."""
    may_identify: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """May open who a worker is, where that was told, with a reason."""
    active: bool = True
    away_until: date | None = None
    """The last day away, from the first one on; ``None``: there. Kept by
    ``casework.office.leaves`` beside ``Absence``, for whoever looks at many people at once."""
    stand_in_id: int | None = Field(default=None, sa_type=RowId)
    """Who is told meanwhile."""
    created_at: datetime


class StaffEvent(Table, table=True):
    """Somebody's rights were given, changed or taken: kept for ever, so that no right is unseen."""

    id: int = Field(primary_key=True, sa_type=RowId)
    at: datetime
    staff_id: int = Field(foreign_key="staff.id", sa_type=sa.BigInteger, index=True)
    by_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=sa.BigInteger)
    """Who did it; ``None`` at the command line, by whoever has the machine."""
    what: StaffAct = Field(sa_type=stored_by_value(StaffAct, growing=True))
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Each right that changed, with its value before and after."""

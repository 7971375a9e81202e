"""What the operator publishes for workers of a country: who helps at once, and what their rights are.

Nothing here is secret: it stands in clear.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import HelpKind, Service


class HelpContact(Table, table=True):
    """Somebody outside the mechanism who helps in a country. The operator's own entries for a
    country and kind stand in place of those that come with the program (``casework.helplines``)."""

    id: int = Field(primary_key=True, sa_type=RowId)
    country: str = Field(max_length=2, index=True)
    """ISO 3166-1 alpha-2."""
    kind: HelpKind = Field(sa_type=stored_by_value(HelpKind, growing=True))
    service: Service | None = Field(default=None, sa_type=stored_by_value(Service, growing=True))
    """What answers there, if it is one of the closed list: then each worker reads it in her own
    language, and ``name`` is empty."""
    name: str = Field(default="", max_length=80)
    number: str = Field(max_length=80)
    """A telephone number or another address, as a worker types it."""
    position: int = 0
    updated_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)


class RightsText(Table, table=True):
    """A short "know your rights" text for a country, in one language, offered as a button."""

    __table_args__ = (sa.Index("ix_rightstext_shown", "language", "country", "position"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    country: str = Field(max_length=2)
    """ISO 3166-1 alpha-2."""
    language: str = Field(max_length=16)
    title: str = Field(max_length=40)
    body: str = Field(max_length=1000)
    position: int = 0
    published: bool = False
    updated_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)

"""Tokens that programs read figures with, and how often each asked of late."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table


class ApiToken(Table, table=True):
    """Opens the read API for one audience. Only a hash of it is kept; the row is never deleted."""

    id: int = Field(primary_key=True, sa_type=RowId)
    name: str = Field(max_length=80)
    """What it is for, as its maker wrote it."""
    brand_id: int | None = Field(default=None, foreign_key="brand.id", sa_type=RowId, index=True)
    """Whose figures it opens besides the public ones; ``None``: the public ones only."""
    scopes: list[str] = Field(sa_type=sa.JSON)
    """Values of ``ApiScope``."""
    token_hash: bytes = Field(max_length=32, unique=True, repr=False)
    hint: str = Field(max_length=8)
    """Its last characters, by which somebody who has it finds this row."""
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    expires_at: datetime
    used_on: date | None = None
    """The day it last opened something, in UTC: that it is used, not when somebody works."""
    revoked_at: datetime | None = None
    revoked_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)


class ApiUse(Table, table=True):
    """How often a token asked in the present minute."""

    token_id: int = Field(primary_key=True, foreign_key="apitoken.id", sa_type=RowId)
    since: datetime
    """When the minute began."""
    count: int

"""Figures of a past period: exact as they were counted, and as each audience may read them.

How their JSON is written: ``casework.figures.figurerows``.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table


class Snapshot(Table, table=True):
    """The exact figures of a period, for staff only. A later count that differs is a new version."""

    __table_args__ = (sa.UniqueConstraint("audience", "period", "version"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    audience: str = Field(max_length=24)
    """``public``: of all brands together; else the code of a brand."""
    period: str = Field(max_length=24)
    """As ``figures.Period`` writes it: ``2026-Q3``, ``2026``."""
    version: int
    """1, 2, 3 … of this audience and period."""
    made_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who asked for it; ``None``: it was due by itself."""
    checked_at: datetime
    """When these days were last counted, and were as they stand here."""
    again_at: datetime | None = Field(default=None, index=True)
    """When they are to be counted again; ``None``: there is a newer version."""
    asked_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who asked for that."""
    tables: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    """What was counted: the same is counted again, whatever is published of later periods."""
    counts: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    spreads: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    """What differs from the version before: rows with ``before`` and ``after``."""
    digest: str = Field(max_length=64)
    """SHA-256, hexadecimal."""


class Release(Table, table=True):
    """What an audience may read of a period: nothing that is hidden stands in it, and nobody reads
    anything else. A correction is a new version; the earlier ones stay readable."""

    __table_args__ = (sa.UniqueConstraint("audience", "period", "version"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    audience: str = Field(max_length=24)
    """``public``, or the code of a brand."""
    period: str = Field(max_length=24)
    version: int
    made_at: datetime
    threshold: int
    """The least number above 0 that is shown; below it nothing can be worked out either."""
    snapshot_id: int = Field(foreign_key="snapshot.id", sa_type=RowId)
    """The exact figures it was made of."""
    quarters: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    """Of a year: the snapshots of its quarters, of which it is the sum in what adds up. So a year
    never tells of a correction that its quarters keep back."""
    judged_id: int = Field(foreign_key="snapshot.id", sa_type=RowId)
    """The newest snapshot that this version was compared with."""
    tables: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    """Which tables are in it; what is not named in one of them is 0."""
    figures: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    """One row for each figure; one that is hidden has no value."""
    digest: str = Field(max_length=64)
    """SHA-256, hexadecimal: proves to a reader that this version was not changed afterwards."""
    pending_since: datetime | None = None
    """Since when corrections are known that are too small to be shown; ``None``: there are none."""

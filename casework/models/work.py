"""Rows that keep the machine honest: what is to be sent, what was seen, what failed, who read."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import Notice


class Outbox(Table, table=True):
    """A promise to tell a worker something, written in the same transaction as the fact.

    Rendered in her language when it leaves. ``data`` holds codes, references and dates; words come
    from the message it names.
    """

    __table_args__ = (
        sa.Index(
            "ix_outbox_waiting",
            "id",
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    reporter_id: int = Field(foreign_key="reporter.id", sa_type=RowId, index=True)
    case_id: int | None = Field(default=None, foreign_key="case.id", sa_type=RowId, index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", sa_type=RowId)
    notice: Notice = Field(sa_type=stored_by_value(Notice, growing=True))
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    created_at: datetime
    not_before: datetime
    leased_until: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    read_at: datetime | None = None
    """When she opened it: what is sent to a phone is only that there is news."""
    failed_at: datetime | None = None
    """Given up for good; ``reason`` says why and the case page shows it."""
    reason: str = Field(default="", max_length=80)


class SeenUpdate(Table, table=True):
    """An update that was taken in: a second delivery of it changes nothing. Pruned after 2 days."""

    key: str = Field(primary_key=True, max_length=80)
    at: datetime = Field(index=True)


class FailedUpdate(Table, table=True):
    """An update our code could not take in, sealed for the operator; the worker was told."""

    id: int = Field(primary_key=True, sa_type=RowId)
    at: datetime
    reporter_id: int | None = Field(
        default=None, foreign_key="reporter.id", sa_type=RowId, index=True
    )
    """Whose it is: it goes when she asks to be forgotten."""
    key: str = Field(max_length=80)
    error: str = Field(max_length=80)
    """The kind of error, never its text."""
    sealed: bytes


class AccessLog(Table, table=True):
    """Somebody read sealed words: who, which case, what, when."""

    # The auditor's page walks them, newest first.
    __table_args__ = (
        sa.Index("ix_accesslog_person", "staff_id", "id"),
        sa.Index("ix_accesslog_case", "case_id", "id"),
        sa.Index("ix_accesslog_what", "what", "id"),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    at: datetime
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId)
    what: str = Field(max_length=40)
    reason_sealed: bytes | None = None
    """Why, where a reason is asked for."""


class Fact(Table, table=True):
    """One fact about this installation, by name: for example the proof that the key file fits."""

    name: str = Field(primary_key=True, max_length=40)
    value: bytes


class SearchWord(Table, table=True):
    """A word stands somewhere in a case: by it the case is found, newest first.

    ``word`` is a keyed hash (``casework.searching.searchwords``). Where in the case, how often and who wrote
    it is not said.
    """

    # The key is the whole row: on SQLite one tree instead of two.
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: int = Field(primary_key=True, sa_type=sa.BigInteger)
    case_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    """No foreign key: it would cost a look-up for each word, and a walk through all words if a case
    were ever deleted. A row of a case that is not there finds nothing."""

"""Spoken sentences: what an operator recorded, so that somebody who reads little hears the bot."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table


class Recording(Table, table=True):
    """One sentence of the conversation, spoken in one language.

    Nothing of it is sealed: it is the mechanism's own voice, the same for everybody, and its words
    are in the published catalogs. A new recording of the sentence is a new row, so that whatever
    was remembered of the old one (Telegram's name for it, the browser's copy) ends with it.
    """

    __table_args__ = (sa.UniqueConstraint("language", "key"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    language: str = Field(max_length=16)
    key: str = Field(max_length=12)
    """The name of the English sentence: ``translations.sentences.key_of``."""
    wording: str = Field(max_length=12)
    """The name of the sentence as it stood in this language: whether it was changed since."""
    mime: str = Field(max_length=80)
    size: int
    """Bytes."""
    telegram_file_id: str | None = Field(default=None, max_length=250)
    """Telegram's name for it once it was sent: it need not be uploaded again."""
    added_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who added it; ``None`` at the command line, by whoever has the machine."""


class RecordingSound(Table, table=True):
    """The sound of a recording, whole: at most a mebibyte, apart so that no list ever reads it."""

    recording_id: int = Field(primary_key=True, foreign_key="recording.id", sa_type=RowId)
    content: bytes

"""All tables. Importing this package makes the whole schema known to SQLModel's metadata."""

from casework.models.base import RowId, Table, stored_by_value
from casework.models.cases import (
    Attachment,
    Case,
    CaseEvent,
    Clock,
    FileChunk,
    Issue,
    Message,
)
from casework.models.people import Conversation, Reporter, Staff, StaffEvent
from casework.models.places import Brand, Calendar, Factory, Supply
from casework.models.work import AccessLog, Fact, FailedUpdate, Outbox, SeenUpdate

__all__ = [
    "AccessLog",
    "Attachment",
    "Brand",
    "Calendar",
    "Case",
    "CaseEvent",
    "Clock",
    "Conversation",
    "Fact",
    "Factory",
    "FailedUpdate",
    "FileChunk",
    "Issue",
    "Message",
    "Outbox",
    "Reporter",
    "RowId",
    "SeenUpdate",
    "Staff",
    "StaffEvent",
    "Supply",
    "Table",
    "stored_by_value",
]

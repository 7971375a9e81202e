"""All tables. Importing this package makes the whole schema known to SQLModel's metadata."""

from casework.models.after import CheckIn, Link
from casework.models.base import RowId, Table, stored_by_value
from casework.models.cases import (
    Attachment,
    Case,
    CaseEvent,
    Clock,
    Extension,
    FileChunk,
    Issue,
    Message,
    Pause,
)
from casework.models.guidance import HelpContact, RightsText
from casework.models.handling import Interview, Party, Task
from casework.models.office import Lease, Mail, PolicyVersion, SavedFilter, StaffNotice
from casework.models.people import Conversation, PostedMessage, Reporter, Staff, StaffEvent
from casework.models.places import Brand, Calendar, Factory, Supply
from casework.models.recordings import Recording, RecordingSound
from casework.models.work import AccessLog, Fact, FailedUpdate, Outbox, SearchWord, SeenUpdate

__all__ = [
    "AccessLog",
    "Attachment",
    "Brand",
    "Calendar",
    "Case",
    "CaseEvent",
    "CheckIn",
    "Clock",
    "Conversation",
    "Extension",
    "Fact",
    "Factory",
    "FailedUpdate",
    "FileChunk",
    "HelpContact",
    "Interview",
    "Issue",
    "Lease",
    "Link",
    "Mail",
    "Message",
    "Outbox",
    "Party",
    "Pause",
    "PolicyVersion",
    "PostedMessage",
    "Recording",
    "RecordingSound",
    "Reporter",
    "RightsText",
    "RowId",
    "SavedFilter",
    "SearchWord",
    "SeenUpdate",
    "Staff",
    "StaffEvent",
    "StaffNotice",
    "Supply",
    "Table",
    "Task",
    "stored_by_value",
]

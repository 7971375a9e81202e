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
from casework.models.handling import Party
from casework.models.languages import HeldWords, Interpreting, MessageVersion, Phrase, PhraseText
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
    "HeldWords",
    "HelpContact",
    "Interpreting",
    "Issue",
    "Lease",
    "Link",
    "Mail",
    "Message",
    "MessageVersion",
    "Outbox",
    "Party",
    "Pause",
    "Phrase",
    "PhraseText",
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
    "stored_by_value",
]

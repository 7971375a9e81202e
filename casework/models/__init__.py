"""All tables. Importing this package makes the whole schema known to SQLModel's metadata."""

from casework.models.absences import Absence, HandedOver
from casework.models.after import CheckIn, Link
from casework.models.auditing import Anchor, AnchoredHead, Break, Verification
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
from casework.models.channels import ChannelSeen
from casework.models.figures import Release, Snapshot
from casework.models.guidance import HelpContact, RightsText
from casework.models.handling import Interview, Party, Task
from casework.models.imported import CaseUpload, ImportedCase
from casework.models.languages import HeldWords, Interpreting, MessageVersion, Phrase, PhraseText
from casework.models.office import Lease, Mail, PolicyVersion, SavedFilter, StaffNotice
from casework.models.people import Conversation, PostedMessage, Reporter, Staff, StaffEvent
from casework.models.places import Brand, Calendar, Factory, Supply
from casework.models.protection import Conflict, Declaration, Tie
from casework.models.rating import (
    AttestedStatement,
    CategoryJudgement,
    InformationRequests,
    MechanismReview,
    RatingEvent,
    ReviewAction,
)
from casework.models.recordings import Recording, RecordingSound
from casework.models.remedies import (
    LedgerEntry,
    PersonGroup,
    RemedyAction,
    RemedyEntry,
    SupplierContact,
    SupplierLink,
)
from casework.models.tokens import ApiToken, ApiUse
from casework.models.work import AccessLog, Fact, FailedUpdate, Outbox, SearchWord, SeenUpdate

__all__ = [
    "Absence",
    "AccessLog",
    "Anchor",
    "AnchoredHead",
    "ApiToken",
    "ApiUse",
    "Attachment",
    "AttestedStatement",
    "Brand",
    "Break",
    "Calendar",
    "Case",
    "CaseEvent",
    "CaseUpload",
    "CategoryJudgement",
    "ChannelSeen",
    "CheckIn",
    "Clock",
    "Conflict",
    "Conversation",
    "Declaration",
    "Extension",
    "Fact",
    "Factory",
    "FailedUpdate",
    "FileChunk",
    "HandedOver",
    "HeldWords",
    "HelpContact",
    "ImportedCase",
    "InformationRequests",
    "Interpreting",
    "Interview",
    "Issue",
    "Lease",
    "LedgerEntry",
    "Link",
    "Mail",
    "MechanismReview",
    "Message",
    "MessageVersion",
    "Outbox",
    "Party",
    "Pause",
    "PersonGroup",
    "Phrase",
    "PhraseText",
    "PolicyVersion",
    "PostedMessage",
    "RatingEvent",
    "Recording",
    "RecordingSound",
    "Release",
    "RemedyAction",
    "RemedyEntry",
    "Reporter",
    "ReviewAction",
    "RightsText",
    "RowId",
    "SavedFilter",
    "SearchWord",
    "SeenUpdate",
    "Snapshot",
    "Staff",
    "StaffEvent",
    "StaffNotice",
    "SupplierContact",
    "SupplierLink",
    "Supply",
    "Table",
    "Task",
    "Tie",
    "Verification",
    "stored_by_value",
]

"""The closed lists everything else speaks in: status, action, role, category, severity, notice.

Values are what stands in the database, in addresses and in exports; they never change meaning.
Human names for them belong to the catalogs of ``bot`` (for workers) and ``webadmin`` (for staff).
"""

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands. Order is the usual order of a case's life."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASSESSING = "assessing"
    INVESTIGATING = "investigating"
    REMEDYING = "remedying"
    VERIFYING = "verifying"
    RESOLVED = "resolved"
    CLOSED = "closed"
    INADMISSIBLE = "inadmissible"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    APPEALED = "appealed"


class Action(StrEnum):
    """What may be done to a case. Which of them, from where and by whom: ``casework.lifecycle``."""

    FILE = "file"
    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    ASSIGN = "assign"
    ASK = "ask"
    REPLY = "reply"
    NOTE = "note"
    NOTIFY_FACTORY = "notify-factory"
    ASSESS = "assess"
    INVESTIGATE = "investigate"
    PROPOSE_REMEDY = "propose-remedy"
    CONCLUDE = "conclude"
    RESOLVE = "resolve"
    CLOSE = "close"
    REFER = "refer"
    REJECT = "reject"
    ADD = "add"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    RATE = "rate"
    CHECK_IN = "check-in"
    MOVE = "move"
    FORGET = "forget"
    LINK = "link"
    UNLINK = "unlink"
    END_DUPLICATE = "end-duplicate"
    """It goes on in another case of the same worker."""
    TOLD = "told"
    """Somebody told the worker in person what no channel could bring."""
    RENEW_RECEIPT = "renew-receipt"
    """Somebody gave a worker without a chat a new secret number: hers was lost."""
    PROTECT = "protect"
    PARTY = "party"
    INTERVIEW = "interview"
    TASK = "task"
    CONSIDER = "consider"
    """Somebody answered whether it may be forced labour (``casework.prompts``)."""
    FINDING = "finding"
    PAUSE = "pause"
    RESUME = "resume"
    ASK_EXTENSION = "ask-extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse-extension"
    MISS = "miss"
    ESCALATE = "escalate"
    RECALCULATE = "recalculate"
    DECLARE = "declare"
    """Say to have no tie to anybody in the case."""
    BAR = "bar"
    """From now on others may see the case than before: a conflict of interest began or ended."""
    PLAN_REMEDY = "plan-remedy"
    """The plan of remedy changed: an action was added, changed, or came to another state."""
    VERIFY_REMEDY = "verify-remedy"
    RECORD_MONEY = "record-money"
    INVITE_FACTORY = "invite-factory"
    """Somebody of the factory got, or lost, a link to what is asked of them."""
    FACTORY_ANSWER = "factory-answer"
    IMPORT = "import"
    """It came from another system: the first event of such a case, instead of ``FILE``."""
    EXPORT = "export"
    """It was handed over to another organisation, as a sealed archive."""
    REDACT = "redact"
    HOLD = "hold"
    RELEASE = "release"
    EXPIRE = "expire"
    HOLD_WORDS = "hold-words"
    DROP_WORDS = "drop-words"
    TRANSLATE = "translate"
    TRANSCRIBE = "transcribe"
    ASK_INTERPRETER = "ask-interpreter"


class Role(StrEnum):
    """Who acts. ``worker`` and ``system`` are actors, never sign-in roles."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    HANDLER = "handler"
    INTERPRETER = "interpreter"
    """Translates single messages; sees nothing else of any case."""
    AUDITOR = "auditor"
    """Checks that nothing was changed afterwards, and who read what; sees no words."""
    BRAND = "brand"
    WORKER = "worker"
    SYSTEM = "system"


STAFF_ROLES = (
    Role.ADMIN,
    Role.SUPERVISOR,
    Role.HANDLER,
    Role.INTERPRETER,
    Role.AUDITOR,
    Role.BRAND,
)


class StaffAct(StrEnum):
    """What was done to somebody's rights."""

    ADDED = "added"
    CHANGED = "changed"
    INVITED = "invited"
    LINK_REVOKED = "link-revoked"
    """The link to set a password was taken back before it was used."""
    SECOND_STEP_RESET = "second-step-reset"
    SECOND_STEP_RULE = "second-step-rule"
    """Which roles must have a second step; the event is about who decided it."""
    AWAY = "away"
    """Said to be away, and who takes over."""
    HANDED_OVER = "handed-over"
    """All open cases went to others at once, before the person was deactivated."""
    TOKEN_MADE = "token-made"  # noqa: S105  the name of an act
    """A token for the read API; the event is about who made it."""
    TOKEN_REVOKED = "token-revoked"  # noqa: S105  the name of an act


class ApiScope(StrEnum):
    """What a token of the read API opens."""

    FIGURES = "figures:read"
    FACTORIES = "factories:read"
    """A brand's own list."""


class RatingAct(StrEnum):
    """What was done to a rating, an attestation or a review of the mechanism."""

    ATTESTED = "attested"
    WITHDRAWN = "withdrawn"
    REQUESTS = "requests"
    """How requests for information were answered."""
    JUDGED = "judged"
    """A category was given."""
    REVIEW_BEGUN = "review-begun"
    FIGURES_TAKEN = "figures-taken"
    REVIEW_WRITTEN = "review-written"
    ACTION_ADDED = "action-added"
    ACTION_REMOVED = "action-removed"
    ACTION_DONE = "action-done"
    REVIEW_SIGNED = "review-signed"
    REVIEW_DROPPED = "review-dropped"


class RequestsAnswered(StrEnum):
    """How a brand answered those who asked it for information."""

    ALL = "all"
    SOME = "some"
    LITTLE = "little"
    NONE = "none"
    NOBODY_ASKED = "nobody-asked"


class Stakeholder(StrEnum):
    """Who of outside the office took part in a review of the mechanism."""

    WORKERS = "workers"
    UNION = "union"
    NGO = "ngo"
    BRAND = "brand"
    FACTORY = "factory"
    EXPERT = "expert"
    AUTHORITY = "authority"


class Severity(StrEnum):
    """How bad it is, worst first. Sets every deadline (``casework.deadlines.clocks``)."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    STANDARD = "standard"
    MINOR = "minor"


class Promise(StrEnum):
    """What was promised, each with clocks of its own. What starts, meets and ends them, and which
    are told to the worker: ``casework.deadlines.promised``."""

    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    FIRST_REPLY = "first-reply"
    PROTECTION = "protection"
    """Interim protection: what keeps the worker safe while the case is open."""
    INVESTIGATE = "investigate"
    REMEDY = "remedy"
    PROGRESS = "progress"
    OUTCOME = "outcome"
    CONFIRMATION = "confirmation"
    """The worker's answer to the outcome, or the end of waiting for it."""
    APPEAL = "appeal"


class PartyKind(StrEnum):
    """What somebody is in a case, beside the worker who complained."""

    RESPONDENT = "respondent"
    """Who is accused: a person, a company, an agent. They never learn from us who complained."""
    WITNESS = "witness"
    REPRESENTATIVE = "representative"
    """Speaks for the worker: a union, an NGO, a lawyer, somebody of the family."""
    EXPERT = "expert"
    OTHER = "other"


class ConflictCause(StrEnum):
    """Why a case does not exist for somebody of the office."""

    ACCUSED = "accused"
    ORGANISATION = "organisation"
    """Belongs to the organisation that is accused."""
    TIE = "tie"
    """Declared a tie to the case."""


class RemedyKind(StrEnum):
    """What an action of a plan of remedy does. Ending the business with a factory is none of them:
    it puts nothing right, and the people who complained lose their work by it."""

    PAY = "pay"
    REFUND_FEES = "refund-fees"
    RETURN_DOCUMENTS = "return-documents"
    STOP_PRACTICE = "stop-practice"
    REINSTATE = "reinstate"
    APOLOGISE = "apologise"
    TRAIN = "train"
    REPAIR = "repair"
    REFER = "refer"
    OTHER = "other"


class RemedyOwner(StrEnum):
    """Who does an action of a plan."""

    FACTORY = "factory"
    OFFICE = "office"
    OTHER = "other"


class RemedyState(StrEnum):
    """How far an action of a plan has come."""

    OPEN = "open"
    CLAIMED = "claimed"
    """Whoever had to do it says that it is done; nobody else has looked yet."""
    VERIFIED = "verified"
    REFUSED = "refused"
    """Whoever had to do it will not."""
    DROPPED = "dropped"


class RemedyStep(StrEnum):
    """What happened to an action of a plan."""

    ADDED = "added"
    CHANGED = "changed"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    """Whoever has to do it wrote or sent proof, and is not done."""
    REFUSED = "refused"
    VERIFIED = "verified"
    NOT_DONE = "not-done"
    """Somebody looked, and it is not done."""
    DROPPED = "dropped"
    REOPENED = "reopened"
    LOOKED_AGAIN = "looked-again"


class VerifiedBy(StrEnum):
    """How it was checked that an action was done."""

    VISIT = "visit"
    INTERVIEW = "interview"
    DOCUMENTS = "documents"
    PAYMENT_PROOF = "payment-proof"


class LedgerKind(StrEnum):
    """What an entry of the ledger changes: what is owed to people, or what they were paid."""

    OWED = "owed"
    PAID = "paid"


class Inadmissible(StrEnum):
    """Why a complaint can't be taken up. Our default; Fair Wear and the Bangladesh Accord decline
    what is not about work, not about their factories or not within what they may do.

    Left out on purpose, because they are no reasons: that it is anonymous, late, rude or badly told,
    that somebody else than the worker brings it, that a court may be asked as well.
    """

    NOT_WORK = "not-work"
    """Not about work or the people who work there; no complaint at all."""
    NOT_COVERED = "not-covered"
    """About a workplace that the mechanism does not cover."""
    OUTSIDE = "outside"
    """About work, and outside what the mechanism may take up."""
    DECIDED = "decided"
    """The same complaint was decided before, and nothing is new."""
    NOTHING_TO_ACT_ON = "nothing-to-act-on"
    """Too little is known to do anything, after the worker was asked."""
    SPAM = "spam"
    """No complaint at all: advertising, a test by nobody. Such a case is in no figure."""


class Referral(StrEnum):
    """Who can help better than the mechanism. Our default, after where field.md section 3 sends the
    categories: survivors to care first, children never simply home, unions for unions."""

    LABOUR_OFFICE = "labour-office"
    """The labour inspectorate or another office of the state."""
    LEGAL_AID = "legal-aid"
    UNION = "union"
    CARE = "care"
    """Medical care, counsel, shelter."""
    CHILD_PROTECTION = "child-protection"
    OTHER_MECHANISM = "other-mechanism"
    """The complaint procedure that covers this workplace."""
    OTHER = "other"


class Finding(StrEnum):
    """What was found out about an issue."""

    FOUNDED = "founded"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"
    UNDETERMINED = "undetermined"
    """It can't be determined either way."""


class Gravity(StrEnum):
    """How a founded issue is classed, by the severity of the violation and the risk to workers (the
    seed's supplier programme)."""

    MAJOR = "major"
    MINOR = "minor"
    """Three months to put it right."""


class Outcome(StrEnum):
    """What became of a case as a whole, for figures (``casework.outcomes``)."""

    UNDECIDED = "undecided"
    """Open, or decided before findings were kept."""
    ANSWERED = "answered"
    """A question or a suggestion: there was nothing to find out."""
    FOUNDED = "founded"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"
    UNDETERMINED = "undetermined"
    INADMISSIBLE = "inadmissible"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"


class Prompt(StrEnum):
    """What a handler is reminded of, by what a case is about (``casework.prompts``)."""

    DANGER = "danger"
    SURVIVOR = "survivor"
    CHILD = "child"
    FORCED_LABOUR = "forced-labour"
    FORCED_OVERTIME = "forced-overtime"
    UNION = "union"
    TERMINATION = "termination"


class Whom(StrEnum):
    """Who was interviewed."""

    WORKER = "worker"
    PARTY = "party"
    OTHER = "other"


class Meeting(StrEnum):
    """How an interview was held."""

    IN_PERSON = "in-person"
    PHONE = "phone"
    SITE_VISIT = "site-visit"


class PauseReason(StrEnum):
    """What we wait for from the worker while clocks are paused: there is no other reason to."""

    ANSWER = "answer"
    DOCUMENTS = "documents"
    DECISION = "decision"
    """The worker wants to think about it, or asked us to wait."""


class ExtensionReason(StrEnum):
    """Why more time is needed than was promised. The worker reads it."""

    FACTORY = "factory"
    """The factory has not answered yet."""
    EVIDENCE = "evidence"
    """There is more to find out."""
    OTHERS = "others"
    """An office, a court or another organisation has to do something first."""
    PEOPLE = "people"
    """Somebody who is needed for it is ill or away."""


class Recipient(StrEnum):
    """Who of the office is told when a promise is in danger."""

    OWNER = "owner"
    """Who handles the case; the supervisors where nobody does."""
    SUPERVISORS = "supervisors"
    ADMINS = "admins"


class StaffNoticeKind(StrEnum):
    """What somebody of the office is told about a case."""

    WARNING = "warning"
    """A promise will be due."""
    MISSED = "missed"
    ESCALATED = "escalated"
    """It is still not kept, so long after it was due."""
    EXTENSION_ASKED = "extension-asked"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension-refused"
    UNASSIGNED = "unassigned"
    """Who handled a case may not know of it any more: somebody else takes it up."""
    FACTORY_ANSWERED = "factory-answered"
    RETALIATION = "retaliation"
    """Somebody linked a case as retaliation."""
    INTERPRETER_LOST = "interpreter-lost"
    """An interpreter was asked who may not know of the case any more: another one is to be asked."""
    HANDED_OVER = "handed-over"
    """Whoever had the case is away or has left: it is theirs now, or nobody's."""


class RedactionReason(StrEnum):
    """Why a passage or a file of a case was blacked out."""

    IDENTIFIES = "identifies"
    """It tells who somebody is who must not be known."""
    HURTS = "hurts"
    """It hurts somebody and is not needed to handle the case."""
    UNRELATED = "unrelated"
    """It has nothing to do with the case."""


class Flaw(StrEnum):
    """What does not fit where the chain of a case, or of the anchors, is broken."""

    NUMBER = "number"
    """An event is missing, stands twice or in another place."""
    HASH = "hash"
    """An event was changed, or is another one."""
    WORDS = "words"
    """The words an event is about are not the words of then."""
    INTAKE = "intake"
    """What was filed is not what was filed then."""
    SUMMARY = "summary"
    """The handler's summary is not the one an event is about."""
    HEAD = "head"
    """The case does not end with its newest event."""
    CUT = "cut"
    """Events are missing at the end."""
    ADDED = "added"
    """There are more events than the case knows of."""
    REWRITTEN = "rewritten"
    """The chain fits in itself, and is not the one that was anchored."""
    GONE = "gone"
    """The case is not there any more."""
    ANCHOR = "anchor"
    """An anchor was changed or is missing."""
    KEPT_ANCHOR = "kept-anchor"
    """The anchor that was kept elsewhere is not this one."""


class Scope(StrEnum):
    """Whose factory it is, for the living-wage rating, which rates the two apart."""

    OWN = "own"
    SUPPLY_CHAIN = "supply-chain"


class Channel(StrEnum):
    """The door a worker came through."""

    TELEGRAM = "telegram"
    WEB = "web"
    PHONE = "phone"
    """Somebody of the office wrote it down during a call."""
    IN_PERSON = "in-person"
    LETTER = "letter"
    OTHER = "other"


CHATS = (Channel.TELEGRAM, Channel.WEB)
"""Channels that workers chat in; what came by another one was written down by somebody."""


class Relation(StrEnum):
    """Who speaks: a worker of the factory, a former one, or somebody who helps one."""

    WORKER = "worker"
    FORMER = "former"
    HELPER = "helper"


class Contact(StrEnum):
    """How the worker wants to be reached."""

    HERE = "here"
    SAFE_HOURS = "safe-hours"
    NEVER = "never"


class Reach(StrEnum):
    """How a worker is reached who complained by phone or in person: nothing is sent there."""

    NOT_AT_ALL = "not-at-all"
    BY_PHONE = "by-phone"
    RETURNS = "returns"
    """With the receipt, to ask or to open the case on a phone."""


class Danger(StrEnum):
    """The worker's answer to "is anyone in danger now?"."""

    NOW = "now"
    NO = "no"
    UNSURE = "unsure"


class Since(StrEnum):
    """Since when it has been going on, as coarse as a worker can answer it with one tap."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    LONGER = "longer"


class HowMany(StrEnum):
    """How many people it happens to, as coarse as a worker can answer it with one tap."""

    ME = "me"
    FEW = "few"
    MANY = "many"
    EVERYONE = "everyone"


class Direction(StrEnum):
    """Who wrote a message, and for whom."""

    FROM_WORKER = "from-worker"
    TO_WORKER = "to-worker"
    INTERNAL = "internal"


class MessageKind(StrEnum):
    """What a message is in the story of its case."""

    STORY = "story"
    ADDITION = "addition"
    AMENDMENT = "amendment"
    QUESTION = "question"
    REPLY = "reply"
    NOTE = "note"
    PROTECTION = "protection"
    """What keeps the worker safe meanwhile, or why nothing is needed."""
    EXTENSION = "extension"
    """Why more time is asked for."""
    INTERVIEW = "interview"
    """What somebody said when they were interviewed."""
    FINDING = "finding"
    """Why an issue was found to be so, told to the worker with the outcome."""
    SUMMARY = "summary"
    REASON = "reason"
    REMEDY = "remedy"
    OUTCOME = "outcome"


class VersionKind(StrEnum):
    """What stands beside a message, which itself is never replaced."""

    TRANSLATION = "translation"
    TRANSCRIPT = "transcript"
    """What is said in a recording, written down in the language it is said in."""


class VersionBy(StrEnum):
    """How words beside a message came about."""

    STAFF = "staff"
    INTERPRETER = "interpreter"
    MACHINE = "machine"
    """By a program; a member of the office saw it and let it stand."""
    PHRASES = "phrases"
    """Put together from the library of phrases."""


class Situation(StrEnum):
    """When a phrase of the library is said."""

    ACKNOWLEDGE = "acknowledge"
    ASK_WHAT = "ask-what"
    ASK_PAPERS = "ask-papers"
    SAFETY = "safety"
    WILL_DO = "will-do"
    DELAY = "delay"
    MEET = "meet"
    RESULT = "result"
    PUT_RIGHT = "put-right"
    REFUSE = "refuse"
    THANK = "thank"


class Hole(StrEnum):
    """What may be left open in a phrase. Each is checked, and written as the language does."""

    DAY = "day"
    TIME = "time"
    AMOUNT = "amount"
    NUMBER = "number"
    PLACE = "place"
    PHONE = "phone"


class Resolution(StrEnum):
    """Why a case counts as resolved. The two are counted apart, always."""

    CONFIRMED = "confirmed"
    UNANSWERED = "unanswered"


class Treatment(StrEnum):
    """How she says she was treated, when a case has ended: one of three faces."""

    WELL = "well"
    SO_SO = "so-so"
    BADLY = "badly"


SPOKEN = "🎤"
"""Stands for who it is, where that was told in a voice message: it is among the story."""


class Opening(StrEnum):
    """What came of opening a case by its number, on a phone that does not show it yet."""

    HERS = "hers"
    """It is shown on this phone already."""
    ASK = "ask"
    """The secret number is still to be told. Says nothing about whether there is such a case."""
    OPENED = "opened"
    WRONG = "wrong"
    """The two numbers do not fit, or the case takes no more tries for now."""
    WAIT = "wait"
    """Too many wrong tries from this phone."""


class LinkKind(StrEnum):
    """Why two cases belong together. Linked cases stay two cases."""

    RETALIATION = "retaliation"
    """The later case is about what happened because of the earlier one."""
    COLLECTIVE = "collective"
    """Several workers, one matter. Each keeps a case of their own."""
    DUPLICATE = "duplicate"
    """One worker told the same twice. The later case never counts in any figure."""


class CheckInCause(StrEnum):
    """After what we ask a worker whether anyone treated her badly because of her complaint."""

    FACTORY_TOLD = "factory-told"
    CLOSED = "closed"


class HelpKind(StrEnum):
    """Whose help an address outside the mechanism gives."""

    EMERGENCY = "emergency"
    """Police, ambulance, fire: somebody comes."""
    SEXUAL_VIOLENCE = "sexual-violence"
    """Care and counsel for survivors of sexual and gender-based violence."""


class Service(StrEnum):
    """What answers at a number for help; named in the worker's language."""

    ALL = "all"
    """One number for police, ambulance and fire."""
    POLICE = "police"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    WOMEN = "women"
    """A helpline for women, for violence of any kind."""
    VIOLENCE = "violence"
    """A helpline for whoever suffered violence, sexual violence included."""


class FileState(StrEnum):
    """How far a worker's file has come: named by the channel, fetched and sealed, or given up."""

    PENDING = "pending"
    STORED = "stored"
    REFUSED = "refused"
    FAILED = "failed"


class MediaKind(StrEnum):
    """What kind of file a worker sent."""

    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"


class Notice(StrEnum):
    """What the mechanism says to a worker by itself. Each is one sentence in ``bot.notices``."""

    ACKNOWLEDGED = "acknowledged"
    REPLY = "reply"
    QUESTION = "question"
    ASSESSING = "assessing"
    INVESTIGATING = "investigating"
    REMEDY_PROPOSED = "remedy-proposed"
    OUTCOME = "outcome"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REFERRED = "referred"
    INADMISSIBLE = "inadmissible"
    DUPLICATE = "duplicate"
    """She told us the same before: in which of her cases it goes on."""
    FILE_REFUSED = "file-refused"
    TRY_AGAIN = "try-again"
    CHECK_IN = "check-in"
    DRAFT_WAITS = "draft-waits"
    PROGRESS = "progress"
    """Nobody has written to her for as long as was promised: how it stands."""
    EXTENDED = "extended"
    """More time than was promised, until when, and why."""
    MOVED = "moved"
    """Her case was opened with its receipt from another phone and is shown there now."""
    REPEAT = "repeat"
    """The last reply once more, because the channel did not take it."""
    ERASE = "erase"
    """No words: the messages of this chat are deleted, as far as the channel lets us."""
    FAREWELL = "farewell"
    """The last words before she is forgotten: the chat is erased and then the address destroyed."""


class Category(StrEnum):
    """What a complaint is about: the fourteen codes of the field."""

    HARASSMENT = "HAR"
    WAGES = "WAG"
    HOURS = "HRS"
    FORCED_LABOUR = "FLB"
    RECRUITMENT = "REC"
    DOCUMENTS = "DOC"
    CHILD_LABOUR = "CHL"
    DISCRIMINATION = "DIS"
    FREEDOM_OF_ASSOCIATION = "FOA"
    HEALTH_AND_SAFETY = "OHS"
    CONTRACT = "CON"
    DORMITORY = "DRM"
    RETALIATION = "RET"
    OTHER = "OTH"

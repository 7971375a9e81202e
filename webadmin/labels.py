"""What the closed lists are called when we speak to staff, and the icon of each."""

from dataclasses import dataclass
from enum import StrEnum

from casework.files import Refusal
from casework.queue import Sort
from casework.today import Why
from casework.vocabulary import (
    Category,
    Channel,
    CheckInCause,
    Contact,
    Danger,
    ExtensionReason,
    HelpKind,
    Hole,
    HowMany,
    LinkKind,
    MediaKind,
    MessageKind,
    Notice,
    PartyKind,
    PauseReason,
    Promise,
    Recipient,
    Relation,
    Role,
    Scope,
    Service,
    Severity,
    Since,
    Situation,
    StaffAct,
    StaffNoticeKind,
    Status,
    Treatment,
    VersionBy,
)
from translations import N_
from webadmin.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Label:
    """A name, and the icon that stands before it (of ``bootstrap-icons.svg``)."""

    msgid: str
    icon: str = ""


_NAMED: tuple[tuple[StrEnum, Label], ...] = (
    (Status.RECEIVED, Label(N_("Received"), "inbox")),
    (Status.ACKNOWLEDGED, Label(N_("Acknowledged"), "eye")),
    (Status.ASSESSING, Label(N_("Assessing"), "search")),
    (Status.INVESTIGATING, Label(N_("Investigating"), "clipboard")),
    (Status.REMEDYING, Label(N_("Remedying"), "list-check")),
    (Status.VERIFYING, Label(N_("Verifying"), "hourglass-split")),
    (Status.RESOLVED, Label(N_("Resolved"), "check-circle")),
    (Status.CLOSED, Label(N_("Closed"), "archive")),
    (Status.INADMISSIBLE, Label(N_("Inadmissible"), "x-circle")),
    (Status.REFERRED, Label(N_("Referred"), "box-arrow-up-right")),
    (Status.WITHDRAWN, Label(N_("Withdrawn"), "arrow-left")),
    (Status.APPEALED, Label(N_("Appealed"), "arrow-repeat")),
    (Severity.CRITICAL, Label(N_("Critical"), "exclamation-octagon")),
    (Severity.SERIOUS, Label(N_("Serious"), "exclamation-triangle")),
    # Translators: of severity: neither serious nor minor
    (Severity.STANDARD, Label(N_("Standard"), "flag")),
    (Severity.MINOR, Label(N_("Minor"), "circle")),
    (Category.HARASSMENT, Label(N_("Harassment and abuse"), "shield-exclamation")),
    (Category.WAGES, Label(N_("Wages"), "cash-coin")),
    (Category.HOURS, Label(N_("Working hours"), "clock")),
    (Category.FORCED_LABOUR, Label(N_("Forced labour"), "lock")),
    (Category.RECRUITMENT, Label(N_("Recruitment"), "person-plus")),
    (Category.DOCUMENTS, Label(N_("Documents held"), "key")),
    (Category.CHILD_LABOUR, Label(N_("Child labour"), "person")),
    (Category.DISCRIMINATION, Label(N_("Discrimination"), "person-slash")),
    (Category.FREEDOM_OF_ASSOCIATION, Label(N_("Freedom of association"), "people")),
    (Category.HEALTH_AND_SAFETY, Label(N_("Health and safety"), "shield-check")),
    (Category.CONTRACT, Label(N_("Contract"), "file-earmark-text")),
    (Category.DORMITORY, Label(N_("Dormitory"), "house")),
    (Category.RETALIATION, Label(N_("Retaliation"), "exclamation-triangle")),
    (Category.OTHER, Label(N_("Other"), "question-circle")),
    # Translators: said of a colleague: was added to the staff
    (StaffAct.ADDED, Label(N_("Added"), "person-plus")),
    (StaffAct.CHANGED, Label(N_("Rights changed"), "pencil")),
    (StaffAct.INVITED, Label(N_("Got a link to set a password"), "envelope")),
    (Role.ADMIN, Label(N_("Administrator"), "gear")),
    (Role.SUPERVISOR, Label(N_("Supervisor"), "people")),
    (Role.HANDLER, Label(N_("Case handler"), "person")),
    (Role.INTERPRETER, Label(N_("Interpreter"), "translate")),
    (Role.AUDITOR, Label(N_("Auditor"), "patch-check")),
    (Role.BRAND, Label(N_("Brand staff"), "building")),
    (Role.WORKER, Label(N_("Worker"), "person")),
    (Role.SYSTEM, Label(N_("Recourse"), "gear")),
    (PartyKind.RESPONDENT, Label(N_("Accused"), "person-slash")),
    (PartyKind.WITNESS, Label(N_("Witness"), "eye")),
    (PartyKind.REPRESENTATIVE, Label(N_("Speaks for the worker"), "person-check")),
    (PartyKind.EXPERT, Label(N_("Expert"), "search")),
    (PartyKind.OTHER, Label(N_("Somebody else"), "person")),
    (Promise.ACKNOWLEDGE, Label(N_("Acknowledgement"), "eye")),
    (Promise.TRIAGE, Label(N_("Triage"), "funnel")),
    (Promise.FIRST_REPLY, Label(N_("First reply"), "reply")),
    (Promise.PROTECTION, Label(N_("Interim protection"), "shield-check")),
    (Promise.INVESTIGATE, Label(N_("Investigation and plan"), "search")),
    (Promise.REMEDY, Label(N_("Remedy delivered"), "list-check")),
    (Promise.PROGRESS, Label(N_("Message on progress"), "chat-dots")),
    (Promise.OUTCOME, Label(N_("Outcome"), "patch-check")),
    (Promise.CONFIRMATION, Label(N_("Worker’s confirmation"), "person-check")),
    (Promise.APPEAL, Label(N_("Decision of the appeal"), "arrow-repeat")),
    (Scope.OWN, Label(N_("Own operation"))),
    (Scope.SUPPLY_CHAIN, Label(N_("Supply chain"))),
    (Channel.TELEGRAM, Label(N_("Telegram"), "telegram")),
    (Channel.WEB, Label(N_("Web chat"), "globe")),
    (Relation.WORKER, Label(N_("Works there"))),
    (Relation.FORMER, Label(N_("Worked there before"))),
    (Relation.HELPER, Label(N_("Helps somebody who works there"))),
    (Contact.HERE, Label(N_("At any time"))),
    (Contact.SAFE_HOURS, Label(N_("Only at safe hours"))),
    (Contact.NEVER, Label(N_("Not at all: the worker comes back to look"))),
    (Danger.NOW, Label(N_("Yes, now"), "exclamation-octagon")),
    (Danger.NO, Label(N_("No"))),
    (Danger.UNSURE, Label(N_("Not sure"))),
    (Since.TODAY, Label(N_("The day it was filed"))),
    (Since.WEEK, Label(N_("The 7 days before it was filed"))),
    (Since.MONTH, Label(N_("The month before it was filed"))),
    (Since.YEAR, Label(N_("The year before it was filed"))),
    (Since.LONGER, Label(N_("More than a year"))),
    (HowMany.ME, Label(N_("One person"))),
    (HowMany.FEW, Label(N_("A few"))),
    (HowMany.MANY, Label(N_("Many"))),
    (HowMany.EVERYONE, Label(N_("Everyone, or nearly"))),
    (MediaKind.VOICE, Label(N_("Voice message"), "mic")),
    (MediaKind.PHOTO, Label(N_("Photo"), "image")),
    (MediaKind.VIDEO, Label(N_("Video"), "play-circle")),
    (MediaKind.DOCUMENT, Label(N_("Document"), "file-earmark")),
    (MessageKind.STORY, Label(N_("Complaint"), "chat-left-text")),
    (MessageKind.ADDITION, Label(N_("Added later"), "plus-lg")),
    (MessageKind.AMENDMENT, Label(N_("Changed by the worker"), "pencil")),
    (MessageKind.QUESTION, Label(N_("Question to the worker"), "question-circle")),
    (MessageKind.REPLY, Label(N_("Reply to the worker"), "reply")),
    (MessageKind.NOTE, Label(N_("Note for colleagues"), "journal-text")),
    (MessageKind.PROTECTION, Label(N_("Interim protection"), "shield-check")),
    (MessageKind.EXTENSION, Label(N_("Why more time is needed"), "hourglass-split")),
    (MessageKind.SUMMARY, Label(N_("Summary"), "card-checklist")),
    (MessageKind.REASON, Label(N_("The worker's reason"), "chat-left-text")),
    (MessageKind.REMEDY, Label(N_("Remedy proposed to the worker"), "list-check")),
    (MessageKind.OUTCOME, Label(N_("Outcome told to the worker"), "patch-check")),
    (Notice.ACKNOWLEDGED, Label(N_("A person has read the complaint"))),
    (Notice.REPLY, Label(N_("Reply"))),
    (Notice.QUESTION, Label(N_("Question"))),
    (Notice.ASSESSING, Label(N_("We check how we can help"))),
    (Notice.INVESTIGATING, Label(N_("We look into it"))),
    (Notice.REMEDY_PROPOSED, Label(N_("Proposed remedy"))),
    (Notice.OUTCOME, Label(N_("Outcome, and whether it is put right"))),
    (Notice.RESOLVED, Label(N_("The case counts as resolved"))),
    (Notice.CLOSED, Label(N_("The case is closed"))),
    (Notice.REFERRED, Label(N_("Referred, and why"))),
    (Notice.INADMISSIBLE, Label(N_("Not taken up, and why"))),
    (Notice.FILE_REFUSED, Label(N_("A file could not be taken"))),
    (Notice.TRY_AGAIN, Label(N_("Please send it again"))),
    (Notice.CHECK_IN, Label(N_("Whether anyone treats them badly because of it"))),
    (Notice.PROGRESS, Label(N_("How it stands, told by itself"))),
    (Notice.EXTENDED, Label(N_("More time, until when and why"))),
    (Notice.MOVED, Label(N_("The case is shown on another phone now"))),
    (Notice.DRAFT_WAITS, Label(N_("Something unfinished still waits"))),
    (Notice.ERASE, Label(N_("The chat is erased"))),
    (Notice.FAREWELL, Label(N_("Last words to somebody who is forgotten"))),
    (Notice.REPEAT, Label(N_("The last answer once more"))),
    (Treatment.WELL, Label(N_("Well"))),
    (Treatment.SO_SO, Label(N_("So-so"))),
    (Treatment.BADLY, Label(N_("Badly"), "exclamation-triangle")),
    (LinkKind.RETALIATION, Label(N_("Retaliation"), "exclamation-triangle")),
    (LinkKind.COLLECTIVE, Label(N_("Several workers, one matter"), "people")),
    (LinkKind.DUPLICATE, Label(N_("The same complaint twice"), "arrow-repeat")),
    (PauseReason.ANSWER, Label(N_("We wait for the worker’s answer"))),
    (PauseReason.DOCUMENTS, Label(N_("We wait for papers or pictures from the worker"))),
    (PauseReason.DECISION, Label(N_("The worker wants to think about it"))),
    (ExtensionReason.FACTORY, Label(N_("The factory has not answered yet"))),
    (ExtensionReason.EVIDENCE, Label(N_("There is more to find out"))),
    (
        ExtensionReason.OTHERS,
        Label(N_("An office, a court or another organisation has to act first")),
    ),
    (ExtensionReason.PEOPLE, Label(N_("Somebody who is needed for it is ill or away"))),
    (Recipient.OWNER, Label(N_("Who handles the case"), "person")),
    (Recipient.SUPERVISORS, Label(N_("Supervisors"), "people")),
    (Recipient.ADMINS, Label(N_("Administrators"), "person-lock")),
    (StaffNoticeKind.WARNING, Label(N_("Due soon"), "bell")),
    (StaffNoticeKind.MISSED, Label(N_("Overdue"), "alarm")),
    (StaffNoticeKind.ESCALATED, Label(N_("Still overdue"), "exclamation-triangle")),
    (StaffNoticeKind.EXTENSION_ASKED, Label(N_("More time asked for"), "hourglass-split")),
    (StaffNoticeKind.EXTENDED, Label(N_("More time given"), "check-circle")),
    (StaffNoticeKind.EXTENSION_REFUSED, Label(N_("More time refused"), "x-circle")),
    (CheckInCause.FACTORY_TOLD, Label(N_("The factory was told"), "building")),
    (CheckInCause.CLOSED, Label(N_("The case was closed"), "archive")),
    (Why.OVERDUE, Label(N_("Overdue"), "alarm")),
    (Why.TODAY, Label(N_("Due today"), "calendar-event")),
    (Why.NEWS, Label(N_("New from the worker"), "chat-dots")),
    (Why.WEEK, Label(N_("Due within a week"), "calendar-event")),
    (Why.UNOWNED, Label(N_("New, and nobody's yet"), "inbox")),
    (Why.WAITING, Label(N_("Waiting for the worker"), "hourglass-split")),
    (Sort.DUE, Label(N_("Due first"))),
    (Sort.RECEIVED, Label(N_("Newest first"))),
    (Sort.UPDATED, Label(N_("Last changed first"))),
    (Sort.SEVERITY, Label(N_("Worst first"))),
    (HelpKind.EMERGENCY, Label(N_("In an emergency"), "exclamation-octagon")),
    (HelpKind.SEXUAL_VIOLENCE, Label(N_("After sexual violence"), "shield-lock")),
    (Service.ALL, Label(N_("Emergency number"))),
    (Service.POLICE, Label(N_("Police"))),
    (Service.AMBULANCE, Label(N_("Ambulance"))),
    (Service.FIRE, Label(N_("Fire brigade"))),
    (Service.WOMEN, Label(N_("Helpline for women"))),
    (Service.VIOLENCE, Label(N_("Helpline after violence"))),
    (VersionBy.STAFF, Label(N_("By a person of the office"), "person")),
    (VersionBy.INTERPRETER, Label(N_("By an interpreter"), "translate")),
    (VersionBy.MACHINE, Label(N_("By a machine"), "gear")),
    (VersionBy.PHRASES, Label(N_("From phrases"), "chat-left-text")),
    (Situation.ACKNOWLEDGE, Label(N_("Say that it is read"))),
    (Situation.ASK_WHAT, Label(N_("Ask what happened"))),
    (Situation.ASK_PAPERS, Label(N_("Ask for papers or pictures"))),
    (Situation.SAFETY, Label(N_("Safety"))),
    (Situation.WILL_DO, Label(N_("Say what will be done"))),
    (Situation.DELAY, Label(N_("Say that it takes longer"))),
    (Situation.MEET, Label(N_("Arrange to talk"))),
    (Situation.RESULT, Label(N_("Tell a result"))),
    (Situation.PUT_RIGHT, Label(N_("Ask whether it is put right"))),
    (Situation.REFUSE, Label(N_("Say no, kindly"))),
    (Situation.THANK, Label(N_("Say thank you"))),
    (Hole.DAY, Label(N_("Day"))),
    (Hole.TIME, Label(N_("Time of day"))),
    # Translators: of money
    (Hole.AMOUNT, Label(N_("Amount and currency"))),
    (Hole.NUMBER, Label(N_("Number"))),
    (Hole.PLACE, Label(N_("Name of a place or office"))),
    (Hole.PHONE, Label(N_("Telephone number"))),
    (Refusal.EMPTY, Label(N_("it was empty"))),
    (Refusal.TOO_BIG, Label(N_("it was too large"))),
    (Refusal.NOT_ALLOWED, Label(N_("this kind of file is not taken"))),
    (Refusal.OTHER_KIND, Label(N_("it was not what it said it is"))),
    (Refusal.PHONE_FORMAT, Label(N_("only newer phones can open it"))),
    (Refusal.DAMAGED, Label(N_("it was damaged"))),
    (Refusal.TOO_MANY_PIXELS, Label(N_("the picture was too large"))),
    (Refusal.MACROS, Label(N_("it contained macros"))),
)
# Entries of two lists may share a value, and then they are equal: their list tells them apart.
_LABELS = {(type(value), value.value): found for value, found in _NAMED}


WHY_HINTS: dict[Why, str] = {
    Why.OVERDUE: N_("A promise has passed. The longest overdue stands first."),
    Why.TODAY: N_("Promised for today."),
    Why.NEWS: N_("The worker wrote, and nobody has opened it yet."),
    Why.WEEK: N_("Promised for the coming days."),
    Why.UNOWNED: N_("Nobody is responsible yet. Open one and take it, or assign it."),
    Why.WAITING: N_("Asked and not answered yet. Nothing to do until the worker answers."),
}

KINDS: dict[tuple[Category, str], str] = {
    # Translators: kinds of harassment and abuse: verbal, physical, bullying, sexual
    (Category.HARASSMENT, "verbal"): N_("Verbal"),
    # Translators: harassment of the body: beating, pushing
    (Category.HARASSMENT, "physical"): N_("Physical"),
    (Category.HARASSMENT, "bullying"): N_("Bullying"),
    (Category.HARASSMENT, "sexual"): N_("Sexual (gender-based violence)"),
    (Category.WAGES, "below-minimum"): N_("Below the legal minimum"),
    (Category.WAGES, "below-contract"): N_("Below contract or agreement"),
    (Category.WAGES, "below-living-wage"): N_("Below a living wage"),
    # Translators: wages that were not paid
    (Category.WAGES, "unpaid"): N_("Unpaid"),
    # Translators: wages paid late
    (Category.WAGES, "late"): N_("Late"),
    (Category.WAGES, "deduction"): N_("Unlawful deduction"),
    (Category.WAGES, "overtime-unpaid"): N_("Overtime unpaid"),
    (Category.WAGES, "severance"): N_("Severance"),
    # Translators: bonuses, insurance and the like that were not given
    (Category.WAGES, "benefits"): N_("Benefits"),
    (Category.HOURS, "excessive-overtime"): N_("Excessive overtime"),
    (Category.HOURS, "forced-overtime"): N_("Forced overtime"),
    (Category.HOURS, "no-rest-day"): N_("No rest day"),
    (Category.HOURS, "leave-refused"): N_("Leave refused"),
    (Category.HOURS, "falsified-records"): N_("Falsified records"),
    (Category.FORCED_LABOUR, "confinement"): N_("Confinement"),
    (Category.FORCED_LABOUR, "threats"): N_("Threats"),
    (Category.FORCED_LABOUR, "withheld-pay"): N_("Withheld pay"),
    # Translators: the worker is kept from other people
    (Category.FORCED_LABOUR, "isolation"): N_("Isolation"),
    (Category.RECRUITMENT, "fees"): N_("Fees paid"),
    (Category.RECRUITMENT, "debt"): N_("Debt"),
    (Category.RECRUITMENT, "false-promises"): N_("False promises about the job"),
    (Category.DOCUMENTS, "passport"): N_("Passport or identity card"),
    (Category.DOCUMENTS, "phone"): N_("Phone"),
    (Category.DOCUMENTS, "bank-book"): N_("Bank book or card"),
    (Category.CHILD_LABOUR, "under-age"): N_("Under age"),
    (Category.CHILD_LABOUR, "hazardous"): N_("Hazardous, under 18"),
    # Translators: discriminated against because of being a woman or a man
    (Category.DISCRIMINATION, "sex"): N_("Sex"),
    (Category.DISCRIMINATION, "pregnancy"): N_("Pregnancy"),
    (Category.DISCRIMINATION, "nationality"): N_("Nationality"),
    (Category.DISCRIMINATION, "religion"): N_("Religion"),
    (Category.DISCRIMINATION, "disability"): N_("Disability"),
    (Category.FREEDOM_OF_ASSOCIATION, "union-busting"): N_("Union busting"),
    (Category.FREEDOM_OF_ASSOCIATION, "dismissal"): N_("Dismissal over union work"),
    (Category.FREEDOM_OF_ASSOCIATION, "bargaining-refused"): N_("Bargaining refused"),
    (Category.HEALTH_AND_SAFETY, "fire-or-building"): N_("Fire or building"),
    # Translators: too hot at work
    (Category.HEALTH_AND_SAFETY, "heat"): N_("Heat"),
    (Category.HEALTH_AND_SAFETY, "chemicals"): N_("Chemicals"),
    (Category.HEALTH_AND_SAFETY, "machines"): N_("Machines"),
    (Category.HEALTH_AND_SAFETY, "no-medical-care"): N_("No medical care"),
    (Category.CONTRACT, "none"): N_("No contract"),
    (Category.CONTRACT, "not-understood"): N_("Not understood"),
    # Translators: another contract than the one agreed on
    (Category.CONTRACT, "substituted"): N_("Substituted"),
    (Category.CONTRACT, "dismissal"): N_("Dismissal"),
    (Category.DORMITORY, "housing"): N_("Housing"),
    (Category.DORMITORY, "food"): N_("Food"),
    (Category.DORMITORY, "water"): N_("Water and washing"),
    (Category.DORMITORY, "curfew"): N_("Curfew"),
    (Category.RETALIATION, "retaliation"): N_("After a complaint"),
    (Category.OTHER, "question"): N_("Question"),
    (Category.OTHER, "suggestion"): N_("Suggestion"),
    (Category.OTHER, "out-of-scope"): N_("Out of scope"),
}


def label(value: StrEnum | None) -> str:
    """The name of an entry of a closed list in the reader's language."""
    return _(_LABELS[type(value), value.value].msgid) if value is not None else _("Not said")


def icon(value: StrEnum | None) -> str:
    """The icon of an entry of a closed list, ``""`` if it has none."""
    return _LABELS[type(value), value.value].icon if value is not None else "question-circle"


def kind(category: Category | None, code: str) -> str:
    """The name of a kind of complaint, ``""`` if it was not said."""
    return _(KINDS[category, code]) if category and code else ""


def reason(code: str) -> str:
    """Why a file is not here, or a notice could not be delivered."""
    if code in list(Refusal):
        return label(Refusal(code))
    return _(_REASONS.get(code, _OTHER_REASON))


_REASONS = {
    "no-answer": N_("the channel did not answer for days"),
    "unreachable": N_("the worker blocked the bot or left the channel"),
    "asked-not-to": N_("the worker asked not to be written to, and sees it on coming back"),
    "unreadable": N_("it can’t be opened any more: ask whoever runs the server"),
}
_OTHER_REASON = N_("the channel refused it")

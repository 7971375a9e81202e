"""The values a conversation is made of: events that arrive, effects that leave, what is said.

Plain frozen values: no database, no Telegram, no language. ``bot.dialogue.step`` turns one into the
other; ``bot.conversation`` applies the effects; ``bot.rendering`` puts what is said into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Contact,
    Danger,
    ExtensionReason,
    Finding,
    HelpKind,
    HowMany,
    Inadmissible,
    MediaKind,
    Notice,
    Opening,
    Promise,
    Referral,
    Relation,
    Service,
    Since,
    Status,
    Treatment,
)

# --- what is said ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Msg:
    """A translatable sentence or fragment: an English msgid with named holes and what fills them.

    With ``plural``, the hole ``n`` picks the plural form.
    """

    msgid: str
    params: Mapping[str, "Param"] = field(default_factory=dict)
    plural: str | None = None


Param = str | int | date | datetime | time | Msg | tuple["Param", ...]
"""What may fill a hole. ``str`` stands as it is (names, references, her own words); ``Msg`` is
translated; numbers, dates and times (aware, already in the worker's zone) are written the way her
language writes them; a tuple is one line each."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. ``value`` comes back in ``Pressed``; ``icon`` is an emoji shown before the label.

    ``label`` is translated, except a plain ``str``, which stands as it is (a language's own name).
    """

    value: str
    label: Msg | str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """One message to the worker: a text and rows of buttons below it.

    ``step`` is the question the buttons belong to: it travels with each press, so that a button of
    an old message is known as old.
    """

    text: Msg
    rows: tuple[tuple[Choice, ...], ...] = ()
    step: str = ""


# --- what arrives ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """``/start``, with the payload of a deep link (``F-<factory code>``) or ``""``; also the first
    visit of the web chat. ``hint`` is the language the channel guesses (a tag like ``vi`` or
    ``zh-hans``), ``""`` if it does not."""

    payload: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words she typed. Never empty. ``source`` is the channel's id of the message, so that a later
    edit finds what it changes; ``""`` where the channel knows no edits."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. ``step`` is the question it belonged to."""

    step: str
    value: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command word without its slash: ``help``, ``language``, ``stop``, ``back``, ``cases``."""

    name: str


@dataclass(frozen=True, slots=True)
class Media:
    """A voice note, photo, video or document; ``attachment`` is the id of its row, already written.

    ``caption`` is what she wrote under it, ``""`` if nothing.
    """

    kind: MediaKind
    attachment: int
    caption: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class MediaTooBig:
    """A file the channel will not hand over. ``limit`` in whole megabytes.

    ``caption`` is what she wrote under it: words that are kept like others.
    """

    limit: int
    caption: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """She edited a message she had sent. ``text`` is the new wording.

    ``case``: the reference of the case the message belonged to, where the new wording was added to
    it already; ``""`` where that is not known.
    """

    text: str
    source: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something no question can use: a sticker, a location, a contact, a poll, a game."""

    what: str


# Results of effects, fed back into ``step``.


@dataclass(frozen=True, slots=True)
class FactoryMatch:
    """A factory as shown to a worker. ``code`` is what stands on the poster."""

    code: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class FactoriesFound:
    """Result of ``FindFactory``. ``exact``: the query was a code or a full name."""

    query: str
    matches: tuple[FactoryMatch, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class CaseFiled:
    """Result of ``FileComplaint``: it will be on disk before the worker reads this."""

    reference: str
    answer_by: date
    """The day, in the factory's zone, by which a person acknowledges."""
    operator: str
    """Who reads it: the operator's name."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One of her cases, in few words."""

    reference: str
    status: Status
    filed_on: date
    category: Category | None


@dataclass(frozen=True, slots=True)
class CasesListed:
    """Result of ``ListCases``, newest first, at most ten."""

    cases: tuple[CaseLine, ...]


@dataclass(frozen=True, slots=True)
class Longer:
    """More time than was promised: what for, until which day where she works, and why."""

    promise: Promise
    until: date
    reason: ExtensionReason


@dataclass(frozen=True, slots=True)
class CaseShown:
    """Result of ``ShowCase``: what she may know of one case now. ``None`` in ``case``: not hers."""

    case: CaseLine | None
    next_by: date | None = None
    """The day by which the next thing promised happens, in her factory's zone."""
    late: bool = False
    """That day is over."""
    question: str = ""
    """A handler's question that waits for her answer, in her words' language; ``""`` if none."""
    last: str = ""
    """What was last said in this case, as she may read it; ``""`` for a file without words."""
    can: frozenset[str] = frozenset()
    """Values of ``Action`` open to her now (add, confirm, dispute, appeal, withdraw, rate)."""
    treatment: Treatment | None = None
    """How she said she was treated."""
    longer: Longer | None = None
    """Something is owed to her later than it was first."""
    waits: bool = False
    """The case waits for her answer: clocks are paused until then."""


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """Result of ``AddToCase`` (action ``add``) or ``ActOnCase``. ``ok`` is false where it came too
    late, or where the case is not hers; ``already`` tells that the case stands where the action
    would have led: she pressed twice."""

    reference: str
    ok: bool = True
    action: Action = Action.ADD
    already: bool = False


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Somebody who helps at once: a ``service`` of the closed list, or a ``name`` the operator
    wrote."""

    number: str
    service: Service | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class HelpFound:
    """Result of ``FindHelp``. ``country`` is ``""`` where nobody knows in which one she is."""

    kind: HelpKind
    country: str = ""
    lines: tuple[HelpLine, ...] = ()
    aside: bool = False
    near: tuple[str, ...] = ()
    """Where ``country`` is not known: countries of the operator's factories whose numbers are
    known, those with most factories first."""


@dataclass(frozen=True, slots=True)
class RightsTitle:
    """A published text about rights, as it stands on its button."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class RightsFound:
    """Result of ``FindRights``: the texts for her language and country, in the operator's order."""

    asked: "FindRights"
    titles: tuple[RightsTitle, ...] = ()


@dataclass(frozen=True, slots=True)
class RightsShown:
    """Result of ``ShowRights``. Both empty where the text is not published any more."""

    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class CaseRated:
    """Result of ``RateCase``. ``ok`` is false where that is not open, or the case is not hers."""

    reference: str
    treatment: Treatment
    ok: bool = True
    can_appeal: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptMade:
    """Result of ``MakeReceipt``. ``secret`` is two groups of four digits, ``""`` if the case is not
    hers."""

    reference: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """Result of ``OpenWithReceipt``."""

    reference: str
    opening: Opening


@dataclass(frozen=True, slots=True)
class FoundLine:
    """What was found about one thing she complained about, and why, in the handler's words."""

    category: Category
    kind: str
    finding: Finding
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One thing that was said in a case: by her or to her, when, and what."""

    hers: bool
    on: date
    words: str = ""
    kind: MediaKind | None = None
    """A file came with it."""
    found: FoundLine | None = None
    """The words are the reason of a finding."""


@dataclass(frozen=True, slots=True)
class HistoryShown:
    """Result of ``ShowHistory``: one page of what was said, oldest first. No ``pages``: the case is
    not hers."""

    reference: str
    lines: tuple[SaidLine, ...] = ()
    page: int = 0
    """Counted from 0, the oldest."""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """One thing the mechanism told her, with the handler's words if there are any."""

    notice: Notice
    words: str = field(default="", repr=False)
    status: Status | None = None
    """How the case stands, where that is what is told."""
    next_by: date | None = None
    """By when she hears next, where that is promised."""
    longer: Longer | None = None
    reference: str = ""
    """Another of her cases, where that is what is told."""
    reason: Inadmissible | Referral | None = None
    """Why it is not worked on, or who can help better."""
    findings: tuple[FoundLine, ...] = ()
    """What was found, where the outcome is told."""
    machine: bool = False
    """A program put the words into her language: she is told so."""


@dataclass(frozen=True, slots=True)
class NewsRead:
    """Result of ``ReadNews``: what she had not read yet, oldest first."""

    reference: str
    news: tuple[News, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckInAnswered:
    """Result of ``AnswerCheckIn``. ``ok`` is false where nothing was asked about this case.

    ``linked`` is the case about what was done to her, if she ever said yes; ``answer_by``, the day
    by which a person answers it, only where it was opened just now.
    """

    reference: str
    harmed: bool
    ok: bool = True
    linked: str = ""
    answer_by: date | None = None


Result = (
    CaseRated
    | ReceiptMade
    | CaseOpened
    | HistoryShown
    | FactoriesFound
    | CaseFiled
    | CasesListed
    | CaseShown
    | CaseChanged
    | NewsRead
    | CheckInAnswered
    | HelpFound
    | RightsFound
    | RightsShown
)
"""What an effect led to."""

Event = Started | Text | Pressed | Command | Media | MediaTooBig | Edited | Unsupported | Result


# --- what should be done ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what she told: words, or a file with its caption."""

    text: str = ""
    attachment: int | None = None
    kind: MediaKind | None = None
    amends: bool = False
    """True where an edited message says anew what an earlier part said."""
    source: str = ""
    """The channel's id of the message it came in."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A complaint in the making. Everything but ``parts`` may be left unanswered."""

    relation: Relation | None = None
    factory: FactoryMatch | None = None
    factory_words: str = ""
    """What she called the factory where no known one matched; ``""`` if she would rather not say."""
    country: str = ""
    """ISO 3166-1 alpha-2: where she is, asked only to name the numbers for help there."""
    category: Category | None = None
    kind: str | None = None
    danger: Danger | None = None
    parts: tuple[Part, ...] = ()
    since: Since | None = None
    how_many: HowMany | None = None
    contact: Contact | None = None
    """``None``: not answered. What she told before holds, and "here" if she never told: a second
    complaint sent in a hurry must not undo her safe hours."""
    safe_from: time | None = None
    safe_to: time | None = None
    """Local hours of the factory in which messages are safe, with ``Contact.SAFE_HOURS``."""
    agreed: bool | None = None
    """From a helper: whether the person it is about knows of it and agrees."""
    person: str = field(default="", repr=False)
    """From a helper: who that person is, ``""`` if not told."""


@dataclass(frozen=True, slots=True)
class FindFactory:
    """Look a factory up by poster code or by a name that may be misspelt → ``FactoriesFound``."""

    query: str


@dataclass(frozen=True, slots=True)
class FileComplaint:
    """Open a case from the draft → ``CaseFiled``."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ListCases:
    """→ ``CasesListed``."""


@dataclass(frozen=True, slots=True)
class ShowCase:
    """→ ``CaseShown``."""

    reference: str


@dataclass(frozen=True, slots=True)
class AddToCase:
    """Add words and files, in order, to a case of hers (the answer to a question included)
    → ``CaseChanged``, one for all parts."""

    reference: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ActOnCase:
    """``confirm``, ``dispute``, ``appeal`` or ``withdraw``, with her reason → ``CaseChanged``."""

    reference: str
    action: Action
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FindHelp:
    """Who helps at once, in the country of the factory with this code, else in ``country``
    → ``HelpFound``. ``aside``: she pressed "Help"; her newest case may tell the country then."""

    kind: HelpKind
    factory: str = ""
    country: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class FindRights:
    """What the operator published about rights in a language, for the country of the factory with
    this code, else for ``country``, else for that of her newest case or of the office
    → ``RightsFound``."""

    language: str
    factory: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class ShowRights:
    """→ ``RightsShown``."""

    id: int


@dataclass(frozen=True, slots=True)
class RateCase:
    """How she was treated, in a case that has ended → ``CaseRated``."""

    reference: str
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class MakeReceipt:
    """A new secret number for a case of hers; the one before it counts no more → ``ReceiptMade``."""

    reference: str


@dataclass(frozen=True, slots=True)
class OpenWithReceipt:
    """Show a case on this phone. Without ``secret``: find out whether it must be asked for
    → ``CaseOpened``."""

    reference: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ShowHistory:
    """All that was said in a case of hers, one page; ``-1`` is the newest → ``HistoryShown``."""

    reference: str
    page: int = -1


@dataclass(frozen=True, slots=True)
class ReadNews:
    """Open what the mechanism told her about a case, ``""``: about none → ``NewsRead``."""

    reference: str


@dataclass(frozen=True, slots=True)
class AnswerCheckIn:
    """Whether anyone treated her badly because of this case → ``CheckInAnswered``."""

    reference: str
    harmed: bool


@dataclass(frozen=True, slots=True)
class UseLanguage:
    """Remember her language for what the mechanism says by itself. No result."""

    language: str


@dataclass(frozen=True, slots=True)
class SetContact:
    """Remember how she wants to be reached. No result."""

    contact: Contact
    safe_from: time | None = None
    safe_to: time | None = None


@dataclass(frozen=True, slots=True)
class EraseChat:
    """Delete the messages of this chat, as far as the channel lets us, and all of hers that is in no
    case. No result."""


@dataclass(frozen=True, slots=True)
class ForgetMe:
    """Destroy who she is and how she is reached; her cases go on without her. No result."""

    withdraw: bool = False
    """Her open cases are taken back before."""


@dataclass(frozen=True, slots=True)
class DropDraft:
    """She stopped or began anew: these files, never part of a case, go. No result."""

    attachments: tuple[int, ...] = ()


Effect = (
    FindFactory
    | FileComplaint
    | ListCases
    | ShowCase
    | AddToCase
    | ActOnCase
    | ReadNews
    | AnswerCheckIn
    | FindHelp
    | FindRights
    | ShowRights
    | RateCase
    | MakeReceipt
    | OpenWithReceipt
    | ShowHistory
    | UseLanguage
    | SetContact
    | EraseChat
    | ForgetMe
    | DropDraft
)


# --- the state and the turn -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a conversation stands. Sealed as JSON between two turns (``bot.conversation``)."""

    step: str = "language"
    language: str = "en"
    channel: Channel = Channel.TELEGRAM
    draft: Draft = field(default_factory=Draft)
    trail: tuple[str, ...] = ()
    """Steps of the intake behind this one, for "back"."""
    resume: str = ""
    """The step to return to when she has chosen another language."""
    paused: str = ""
    """The step of the intake where her complaint waits while she looks at a case."""
    case: str = ""
    """Reference of the case she is looking at."""
    number: str = ""
    """A case number she typed, until the case is open on this phone."""
    page: int = -1
    """The page of what was said that she reads."""
    found: tuple[FactoryMatch, ...] = ()
    """Factories offered last, so that a press names one."""
    near: tuple[str, ...] = ()
    """Countries offered first when we ask in which one she is."""
    rights: RightsFound | None = None
    """The texts about rights offered last, so that a press names one."""
    named_in: tuple[str, ...] = ()
    """The channel's ids of messages in which a helper wrote who it is: an edit of one is no story."""
    held: tuple[Part, ...] = ()
    """What she sent outside any question, until she says where it belongs."""
    link: str = ""
    """Factory code of the poster she came from, until it is looked up."""
    editing: bool = False
    """True while she changes one answer from the read-back."""
    agreed: bool = False
    """She was told who reads this and said yes; ends with "stop"."""
    filed: bool = False
    """She has a case: ``/start`` leads home."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event led to: the new state, what to say now, what to do (in order)."""

    chat: Chat
    say: tuple[Say, ...] = ()
    do: tuple[Effect, ...] = ()

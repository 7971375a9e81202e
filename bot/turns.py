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
    HowMany,
    MediaKind,
    Relation,
    Since,
    Status,
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
class CaseShown:
    """Result of ``ShowCase``: what she may know of one case now. ``None`` in ``case``: not hers."""

    case: CaseLine | None
    next_by: date | None = None
    """The day by which the next thing promised happens, in her factory's zone."""
    late: bool = False
    """That day is over."""
    question: str = ""
    """A handler's question that waits for her answer, in her words' language; ``""`` if none."""
    messages: tuple[str, ...] = ()
    """What was last said in this case, oldest first, each as she may read it."""
    can: frozenset[str] = frozenset()
    """Values of ``Action`` open to her now (add, confirm, dispute, appeal, withdraw)."""


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """Result of ``AddToCase`` (action ``add``) or ``ActOnCase``. ``ok`` is false where it came too
    late, or where the case is not hers."""

    reference: str
    ok: bool = True
    action: Action = Action.ADD


Result = FactoriesFound | CaseFiled | CasesListed | CaseShown | CaseChanged
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
    | UseLanguage
    | SetContact
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
    found: tuple[FactoryMatch, ...] = ()
    """Factories offered last, so that a press names one."""
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

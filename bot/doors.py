"""The values that every door, Telegram and the web chat alike, hands in and gets back."""

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.recorded import Recorded
from bot.rendering import Rendered
from bot.turns import Event
from casework.db import Session
from casework.vocabulary import Channel, MediaKind


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the channel names it, still to be fetched."""

    kind: MediaKind
    name: str = field(repr=False)
    caption: str = field(default="", repr=False)
    source: str = ""
    """The channel's name for the message it came in."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came whole and was checked already."""

    kind: MediaKind
    clean: bytes = field(repr=False)
    mime: str
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reachability:
    """The worker blocked the bot, or lets it speak again."""

    reachable: bool


Happening = Event | RemoteFile | Upload | Reachability


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a worker did. ``key`` names it for ever; ``address`` is where replies go."""

    key: str
    channel: Channel
    address: str = field(repr=False)
    what: Happening = field(repr=False)
    hint: str = ""
    """The language the channel guesses."""
    number: int | None = None
    """The channel's number of the message it came in or was pressed on, where it can be deleted."""
    begins: bool = True
    """Whether a conversation may begin with it, where there is none at this address."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say at one address, in order."""

    reporter_id: int
    channel: Channel
    address: str = field(repr=False)
    said: tuple[Rendered, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class House:
    """What the conversation must know about this installation."""

    operator: str
    practice: bool = False
    voices: Recorded | None = field(default=None, repr=False, compare=False)
    """Which sentences can be heard; ``None``: none."""

    def recorded(self, session: Session, language: str) -> Collection[str]:
        """The keys of the sentences that can be heard in a language."""
        return self.voices.keys(session, language) if self.voices else ()

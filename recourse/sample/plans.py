"""Plans of sample cases: who files what and when, and each step that follows. Plain values."""

from dataclasses import dataclass
from datetime import datetime, time

from casework.cases import Triage
from casework.vocabulary import (
    Action,
    Channel,
    Contact,
    Danger,
    ExtensionReason,
    Finding,
    HowMany,
    Inadmissible,
    PauseReason,
    Promise,
    Referral,
    Since,
)
from recourse.sample.words import Story


@dataclass(frozen=True, slots=True)
class Person:
    """A worker. ``number`` makes the address, which reaches nobody."""

    number: int
    channel: Channel
    language: str
    contact: Contact
    zone: str
    safe: tuple[time, time] | None

    @property
    def address(self) -> str:
        """A negative number: no chat with a person has one."""
        return f"-{self.number}" if self.channel is Channel.TELEGRAM else f"sample-{self.number}"


@dataclass(frozen=True, slots=True)
class MoreTime:
    """So many days more for a promise than it has, asked for with a reason."""

    promise: Promise
    days: int
    reason: ExtensionReason


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to a case. ``by``: the key of a colleague, ``""`` for the worker.

    ``to``: who gets the case. ``file``: what picture or sound goes with it. ``found``: a triage.
    ``pause``: what is waited for while clocks pause. ``more``: the time that is asked for.
    ``reason``: why it is rejected, or whom it is referred to. ``finding``: what is found of what it
    is about, right before its outcome is told.
    """

    at: datetime
    action: Action
    by: str = ""
    text: str = ""
    to: str = ""
    file: str = ""
    found: Triage | None = None
    pause: PauseReason | None = None
    more: MoreTime | None = None
    reason: Inadmissible | Referral | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A case from its filing to where it stands at the end of the history."""

    person: Person
    filed_at: datetime
    factory: str
    """Its code, ``""`` where the worker did not say or it is not known."""
    factory_words: str
    story: Story
    said: tuple[str, ...]
    file: str
    danger: Danger
    since: Since | None
    how_many: HowMany | None
    steps: tuple[Step, ...]

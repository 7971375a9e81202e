"""What stands beside the messages of a case, and what waits there, as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.messaging import beside, holding, interpreting
from casework.models import (
    Case,
    HeldWords,
    Interpreting,
    Message,
    MessageVersion,
    Staff,
)
from casework.office import staff as people
from webadmin.context import db, me, signed_in


@dataclass(frozen=True, slots=True)
class Beside:
    """A translation or a transcript, open to read."""

    version: MessageVersion
    words: str = field(repr=False)
    author: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Words to the worker that wait for her version."""

    held: HeldWords
    words: str = field(repr=False)
    author: str
    version: Beside | None
    asked: Interpreting | None


def speaks(tag: str) -> bool:
    """Whether the reader writes this language well."""
    staff = signed_in()
    return staff is not None and tag in people.spoken(staff)


def written_in(case: Case, form: Mapping[str, str]) -> str:
    """The language of what was typed to the worker: hers where that is said, else the writer's."""
    return case.language if form.get("as_is") else me().language


def of_case(case_id: int, staff: Mapping[int, Staff]) -> dict[int, tuple[Beside, ...]]:
    """What stands beside each message of a case."""
    found = beside.of_case(db(), case_id).items()
    return {row: tuple(_open(version, staff) for version in versions) for row, versions in found}


def of_message(message: Message, staff: Mapping[int, Staff]) -> tuple[Beside, ...]:
    """What stands beside one message."""
    return tuple(_open(version, staff) for version in beside.of_message(db(), message))


def waiting(case: Case, staff: Mapping[int, Staff]) -> tuple[Waiting, ...]:
    """What waits in a case, oldest first."""
    return tuple(opened(held, staff) for held in holding.of_case(db(), case.id))


def opened(held: HeldWords, staff: Mapping[int, Staff]) -> Waiting:
    """Words that wait, open to read."""
    version = holding.version_of(db(), held)
    writer = staff.get(held.staff_id)
    return Waiting(
        held,
        holding.words(db(), held),
        writer.name if writer else "",
        _open(version, staff) if version else None,
        interpreting.asked(db(), held_id=held.id),
    )


def _open(version: MessageVersion, staff: Mapping[int, Staff]) -> Beside:
    author = staff.get(version.staff_id or 0)
    return Beside(version, beside.words(db(), version), author.name if author else "")

"""What the parties of a case are called: sealed, opened, and all of it as words to search by."""

from collections.abc import Iterator
from contextlib import suppress

from sqlmodel import col, select

from casework.db import Session
from casework.models import Party
from casework.vault import Unsealable

_TABLE = "party"


def seal(session: Session, row: int, column: str, text: str) -> bytes:
    """A text for a column of a party, ``b""`` for none."""
    return session.vault.seal_text(_TABLE, column, row, text) if text else b""


def name(session: Session, party: Party) -> str:
    """A name, or what is known instead."""
    return _opened(session, party, "name_sealed", party.name_sealed)


def organisation(session: Session, party: Party) -> str:
    """The organisation, ``""`` if none was named."""
    return _opened(session, party, "organisation_sealed", party.organisation_sealed)


def note(session: Session, party: Party) -> str:
    """What else was noted about them."""
    return _opened(session, party, "note_sealed", party.note_sealed)


def present(session: Session, case_id: int) -> list[Party]:
    """The parties of a case who were not removed, in the order they were added."""
    statement = select(Party).where(Party.case_id == case_id, col(Party.removed_at).is_(None))
    return list(session.exec(statement.order_by(col(Party.id))))


def texts(session: Session, case_id: int) -> Iterator[str]:
    """By which words of its parties a case is found; what no key opens is left out."""
    for party in present(session, case_id):
        for read in (name, organisation, note):
            with suppress(Unsealable):
                yield read(session, party)


def _opened(session: Session, party: Party, column: str, sealed: bytes) -> str:
    return session.vault.open_text(_TABLE, column, party.id, sealed) if sealed else ""

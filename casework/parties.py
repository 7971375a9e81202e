"""Who else has a part in a case: added, changed, removed. The worker is never one of them.

Events name ids only; names are sealed, and found by their words.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from casework import conflicts, lifecycle, partywords
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.messaging import messages
from casework.models import Case, Party, Staff
from casework.searching import searchwords
from casework.standing import standing
from casework.vocabulary import Action, PartyKind


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a party. ``staff_id``: the member of the office this is."""

    kind: PartyKind
    name: str
    organisation: str = ""
    note: str = ""
    staff_id: int | None = None


def add(session: Session, case: Case, about: About, *, by: Actor, now: datetime) -> Party:
    """Add a party to a case."""
    _check(session, case, about, by, now)
    party = Party(
        id=new_id(now),
        case_id=case.id,
        kind=about.kind,
        name_sealed=b"",
        added_at=now,
        added_by=by.staff_id,
    )
    _write(session, party, about)
    session.add(party)
    _record(session, case, party, "added", by, now)
    return party


def change(
    session: Session, case: Case, party: Party, about: About, *, by: Actor, now: datetime
) -> Party:
    """Put what is known now in place of what was known."""
    _check(session, case, about, by, now)
    before = _words(session, party)
    _write(session, party, about)
    _unlearn(session, case, before)
    _record(session, case, party, "changed", by, now)
    return party


def remove(session: Session, case: Case, party: Party, *, by: Actor, now: datetime) -> None:
    """Take a party out of a case; the row stays, for whoever must know who was accused when."""
    lifecycle.check(standing(case, by), Action.PARTY, by.role, now)
    before = _words(session, party)
    party.removed_at = now
    _unlearn(session, case, before)
    _record(session, case, party, "removed", by, now)


def find(session: Session, case: Case, row: int) -> Party | None:
    """A party of a case that was not removed."""
    statement = select(Party).where(Party.id == row, Party.case_id == case.id)
    party = session.exec(statement).first()
    return party if party and party.removed_at is None else None


def forget_speakers(session: Session, case: Case) -> None:
    """The worker asked to be forgotten: who speaks for them leads to them, and goes."""
    for party in partywords.present(session, case.id):
        if party.kind is PartyKind.REPRESENTATIVE:
            before = _words(session, party)
            party.name_sealed = party.organisation_sealed = party.note_sealed = b""
            party.organisation_index = party.staff_id = None
            _unlearn(session, case, before)


def _check(session: Session, case: Case, about: About, by: Actor, now: datetime) -> None:
    lifecycle.check(standing(case, by), Action.PARTY, by.role, now)
    if not about.name.strip():
        raise BadInput("Write a name, or what is known instead: a position, a company.")
    if about.staff_id is not None and session.get(Staff, about.staff_id) is None:
        raise BadInput("Choose somebody of the office, or nobody.")


def _write(session: Session, party: Party, about: About) -> None:
    name, organisation, note = (
        text.strip() for text in (about.name, about.organisation, about.note)
    )
    party.kind, party.staff_id = about.kind, about.staff_id
    party.name_sealed = partywords.seal(session, party.id, "name_sealed", name)
    party.organisation_sealed = partywords.seal(
        session, party.id, "organisation_sealed", organisation
    )
    party.organisation_index = conflicts.organisation_index(session, organisation)
    party.note_sealed = partywords.seal(session, party.id, "note_sealed", note)
    searchwords.add(session, party.case_id, name, organisation, note)


def _words(session: Session, party: Party) -> str:
    reads = (partywords.name, partywords.organisation, partywords.note)
    return "\n".join(read(session, party) for read in reads)


def _unlearn(session: Session, case: Case, before: str) -> None:
    """The case is no longer found by words that stood only there."""
    session.flush()
    searchwords.take_away(session, case.id, before, messages.texts(session, case))


def _record(
    session: Session, case: Case, party: Party, what: str, by: Actor, now: datetime
) -> None:
    data = {"party": party.id, "kind": party.kind.value, "what": what}
    session.flush()
    events.record(session, case, Action.PARTY, by=by, now=now, before=case.status, data=data)
    # Who is accused, or belongs to who is, may not know of the case from now on.
    conflicts.refresh(session, case, now, by)

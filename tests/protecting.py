"""Conflicts of interest for tests: who is accused in a case, and by which name their organisation
goes."""

from datetime import datetime

from casework import conflicts
from casework.db import Session
from casework.ids import new_id
from casework.models import Case, Party, Staff
from casework.vocabulary import PartyKind


def accuse(
    session: Session,
    case: Case,
    now: datetime,
    person: Staff | None = None,
    organisation: str = "",
    kind: PartyKind = PartyKind.RESPONDENT,
) -> Party:
    """Somebody of the office, or an organisation, has a part in a case. What follows from it does
    not happen yet: ``conflicts.refresh``."""
    row = new_id(now)
    party = Party(
        id=row,
        case_id=case.id,
        kind=kind,
        name_sealed=session.vault.seal_text("party", "name_sealed", row, "The supervisor"),
        organisation_index=conflicts.organisation_index(session, organisation),
        staff_id=person.id if person else None,
        added_at=now,
    )
    session.add(party)
    session.flush()
    return party

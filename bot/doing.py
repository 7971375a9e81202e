"""What an effect is done with: transaction, person, moment, operator; and a case of hers, found."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from casework import cases, places
from casework.db import Session
from casework.models import Case, Factory, Reporter


@dataclass(frozen=True, slots=True)
class Doing:
    """What every effect may need: the transaction, the person, the moment and the operator."""

    session: Session
    reporter: Reporter
    now: datetime
    operator: str
    practice: bool


def own_case(doing: Doing, reference: str, *, lock: bool = False) -> Case | None:
    """The case with this number if it is hers. ``None`` tells nothing of whether there is one."""
    case = cases.by_reference(doing.session, reference, lock=lock)
    return case if case and case.reporter_id == doing.reporter.id else None


def zone_of(session: Session, factory: Factory | None) -> ZoneInfo:
    """A day is meant where she works, or where the office is if she did not say."""
    return ZoneInfo(factory.zone) if factory else places.calendar_for(session, None).zone

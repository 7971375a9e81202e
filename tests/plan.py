"""A plan of remedy in one line, for tests that are about something else."""

from datetime import datetime, timedelta

from casework.actors import Actor
from casework.db import Session
from casework.models import Case, RemedyAction
from casework.remedy import remedies
from casework.remedy.remedies import Draft
from casework.vocabulary import RemedyKind, RemedyOwner


def plan(session: Session, case: Case, *, by: Actor, now: datetime, **more: object) -> RemedyAction:
    """An action that the factory does within thirty days; ``more`` says otherwise."""
    facts: dict[str, object] = {
        "kind": RemedyKind.PAY,
        "owner": RemedyOwner.FACTORY,
        "what": "Pay what is owed",
        "due_on": (now + timedelta(days=30)).date(),
        **more,
    }
    return remedies.add(session, case, Draft(**facts), by=by, now=now)  # type: ignore[arg-type]

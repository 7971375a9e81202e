"""What stands at the top of every page of a case."""

from dataclasses import dataclass

from casework import cases, places
from casework.messaging import messages
from casework.models import Case, Factory, Reporter, Staff
from casework.vocabulary import Category
from webadmin.context import db, now


@dataclass(frozen=True, slots=True)
class Head:
    """A case as the top of its pages shows it."""

    case: Case
    factory: Factory | None
    factory_words: str
    assignee: Staff | None
    reporter: Reporter | None
    issues: tuple[tuple[Category, str], ...]
    paused: bool
    zone: str
    """Where the worker is: the zone of the factory, or the one the worker chose; ``""`` unknown."""


def head(case: Case) -> Head:
    """Gather it."""
    session, until = db(), case.paused_until
    factory = places.factory_of(session, case.factory_id)
    reporter = session.get(Reporter, case.reporter_id) if case.reporter_id else None
    return Head(
        case=case,
        factory=factory,
        factory_words=messages.factory_words(session, case),
        assignee=session.get(Staff, case.assignee_id) if case.assignee_id else None,
        reporter=reporter,
        issues=tuple((i.category, i.kind) for i in cases.issues_of(session, case.id)),
        paused=until is not None and now() < until,
        zone=factory.zone if factory else reporter.zone if reporter else "",
    )

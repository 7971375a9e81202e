"""What of a case decides which actions are open, out of its row."""

from casework.actors import Actor
from casework.lifecycle import Standing
from casework.models import Case
from casework.vocabulary import Severity


def standing(case: Case, by: Actor) -> Standing:
    """What of a case decides which actions are open to an actor."""
    before = case.previous_assignee_id
    return Standing(
        status=case.status,
        asked_at=case.asked_at,
        decided_at=case.decided_at,
        handled_before=before is not None and before == by.staff_id,
        forgotten=case.forgotten_at is not None,
        factory_told=case.factory_told_at is not None,
        asked=case.open_question,
        paused_until=case.paused_until,
        words_deleted=case.words_deleted_at is not None,
        held=case.legal_hold,
        hurried=hurried(case),
    )


def hurried(case: Case) -> bool:
    """Whether a case is critical or of sexual violence, so that its clocks never pause."""
    return case.severity is Severity.CRITICAL or case.restricted

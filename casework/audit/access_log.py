"""Who read what of which case, and why where that is asked: kept for the auditor."""

from datetime import datetime

from casework.db import Session
from casework.ids import new_id
from casework.models import AccessLog

REASON_AT_MOST = 500
"""Characters of a reason."""


def note(
    session: Session, case_id: int, what: str, *, staff_id: int, now: datetime, reason: str = ""
) -> None:
    """Write down that somebody of the office opened sealed words of a case; a reason is sealed."""
    row = new_id(now)
    sealed = session.vault.seal_text("accesslog", "reason_sealed", row, reason) if reason else None
    session.add(
        AccessLog(
            id=row, at=now, staff_id=staff_id, case_id=case_id, what=what, reason_sealed=sealed
        )
    )

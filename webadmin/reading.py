"""That the reader saw sealed words of a case is written down, whatever else the request does."""

from casework.audit import access_log
from casework.db import Session
from webadmin.context import me, now
from webadmin.edge import keep


def reading(what: str, *case_ids: int) -> None:
    """The reader is shown sealed words of these cases: ``what`` of them, as ``webadmin.audit`` names
    it."""
    at, reader = now(), me().id

    def write(session: Session) -> None:
        for case_id in case_ids:
            access_log.note(session, case_id, what, staff_id=reader, now=at)

    if case_ids:
        keep(write)

"""What every request about one case shares: finding it, its page, whether a form still fits."""

from collections.abc import Mapping

from flask import abort

from casework.db import Session
from casework.models import Case
from casework.references import parse_reference
from casework.searching import queue
from translations import N_
from webadmin import case_page, notices
from webadmin.context import actor, db
from webadmin.edge import keep
from webadmin.i18n import gettext as _
from webadmin.reading import reading

CHANGED = N_(
    "Somebody changed this case while you were writing: perhaps the worker wrote. Look at what is"
    " new below, then send again. What you wrote is still here."
)


def visible(reference: str, *, lock: bool = False) -> Case:
    """The case, or a page that does not tell whether there is one."""
    case = queue.find(db(), actor(), parse_reference(reference) or "", lock=lock)
    if case is None:
        abort(404)
    return case


def page(case: Case, form: Mapping[str, str] | None = None, problem: str = "") -> str:
    """The case with all its words, after a mistake with what was typed. That somebody read them is
    written down, whether or not the request changes anything."""
    row, unread, events = case.id, case.unread, case.event_count

    def mark(session: Session) -> None:
        if unread:
            fresh = session.get(Case, row, with_for_update=True)
            # What came in since this page was read stays marked as unread.
            if fresh and fresh.event_count == events:
                fresh.unread = False

    reading("case", row)
    keep(mark)
    notices.read_with(row)
    return case_page.render(case, form, problem)


def stale(case: Case, form: Mapping[str, str]) -> str:
    """Why a form no longer fits the case, ``""`` if it does."""
    return "" if form.get("seen") == str(case.event_count) else _(CHANGED)

"""The page with the list of cases: what is found by words, or what waits in its order."""

from collections.abc import Mapping

from flask import render_template

from casework.searching import queue, saved_filters, search
from casework.searching.queue import Page
from casework.searching.search import Hits
from webadmin import case_list
from webadmin.case_list import Asked
from webadmin.context import actor, db


def render(
    asked: Asked, cursor: str = "", *, form: Mapping[str, str] | None = None, problem: str = ""
) -> str:
    """A page of the list; with a problem, what was wrong with the filter to save, and its form.

    ``BadInput`` where the cursor is of no page.
    """
    if asked.words:
        page: Page | Hits = search.page(db(), actor(), asked.words, asked.filter, cursor)
    else:
        page = queue.page(db(), actor(), asked.filter, asked.sort, cursor)
    return render_template(
        "cases.html",
        page=page,
        asked=asked,
        choices=case_list.choices(db()),
        saved=saved_filters.usable(db(), actor()),
        name_at_most=saved_filters.NAME_AT_MOST,
        address=case_list.address,
        wordless=bool(asked.words) and not search.words(asked.words),
        mistyped=asked.words.upper().startswith("RC-"),
        form=form or {},
        problem=problem,
    )

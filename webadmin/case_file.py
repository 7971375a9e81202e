"""The whole case on one page to print, section by section: for colleagues, or without what is theirs.

To put something more into the file: a template ``file/<name>.html`` that shows ``part``, and a row
in ``SECTIONS`` that reads it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from casework.lifecycle import LEADING
from casework.taking_in import taking_up
from casework.vocabulary import Direction
from translations import N_
from webadmin import case_head, case_page
from webadmin.access import HANDLING, allowed
from webadmin.case_page import CaseView
from webadmin.case_requests import visible
from webadmin.context import db, me
from webadmin.reading import reading

blueprint = Blueprint("case_file", __name__, url_prefix="/cases")

OUTSIDE = "outside"
"""For people outside the office: ``?for=outside``."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the file: its template, its title, and what it shows (nothing: it is left out)."""

    name: str
    title: str
    read: Callable[[CaseView, bool], Any]
    """Takes the case, and whether the file is for people outside the office."""
    internal: bool = False
    """Colleagues alone read it."""


def _story(view: CaseView, outside: bool) -> tuple[case_page.Said, ...]:
    hidden = Direction.INTERNAL if outside else None
    return tuple(said for said in view.story if said.message.direction is not hidden)


def _origin(view: CaseView, outside: bool) -> object:
    found = taking_up.origin(db(), view.case)
    if found is None:
        return None
    # For colleagues the summary has a section of its own.
    said = taking_up.brought_summary(db(), view.case, found[1]) if outside else ""
    return (*found, said)


SECTIONS = (
    Section("facts", N_("Facts"), lambda view, _: view),
    Section("origin", N_("Where it comes from"), _origin),
    Section("summary", N_("Summary by the handler"), lambda view, _: view.summary, internal=True),
    Section("story", N_("What was said"), _story),
    Section("safe", N_("Is the worker safe?"), lambda view, _: view.checkins, internal=True),
    Section("clocks", N_("Promises"), lambda view, _: view.clocks, internal=True),
    Section("linked", N_("Linked cases"), lambda view, _: view.linked, internal=True),
    Section("events", N_("What happened"), lambda view, _: view.events[::-1], internal=True),
)
"""In the order of the file."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with what stands in it."""

    section: Section
    part: Any


@blueprint.get("/<reference>/file")
@allowed(*HANDLING)
def show(reference: str) -> str:
    """The file of a case. That somebody read it is written down."""
    case = visible(reference)
    reading("case-file", case.id)
    outside = request.args.get("for") == OUTSIDE
    head = case_head.head(case)
    view = case_page.view(case, head)
    sections = [
        Shown(section, part)
        for section in SECTIONS
        if not (outside and section.internal) and (part := section.read(view, outside))
    ]
    return render_template(
        "case_file.html",
        head=head,
        view=view,
        sections=sections,
        outside=outside,
        may_export=me().role in LEADING,
    )

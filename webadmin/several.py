"""What is done to several cases at once: looked at first, then done, then told case by case."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from sqlmodel import col, select
from werkzeug.wrappers import Response

from casework import lifecycle, several
from casework.errors import BadInput, NotAllowed
from casework.lifecycle import HANDLING_ROLES
from casework.models import Case, Staff
from casework.references import parse_reference
from casework.searching import queue
from casework.searching.caserows import Row, completed
from casework.several import Result, Way, Worker
from casework.standing import standing
from casework.vocabulary import Action
from translations import N_
from webadmin import case_list
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, me, now
from webadmin.forms import number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said

blueprint = Blueprint("several", __name__, url_prefix="/cases/several")

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """Something that can be done to several cases: its title, and the action of each case."""

    title: str
    action: Action


PLANS = {
    "assign": Plan(N_("Assign these cases"), Action.ASSIGN),
    "write": Plan(N_("Write to the workers of these cases"), Action.REPLY),
    "collect": Plan(N_("Make these cases one matter"), Action.LINK),
}
WAYS = {
    Way.LATER: N_("can’t be reached just now: the message waits until they come back"),
    Way.ON_RETURN: N_("asked not to be written to, and see it on coming back"),
    Way.IN_PERSON: N_("complained by phone or in person: nothing is sent, tell them yourself"),
    Way.NOBODY: N_("asked to be forgotten or took the complaint back: nobody can write to them"),
}
"""Who is not simply reached, and why."""
TICK_FIRST = N_("Tick the cases first.")


@blueprint.post("")
@allowed(*HANDLING)
def preview() -> Answer:
    """Look at what was ticked before anything is done; nothing is changed."""
    do = request.form.get("do", "")
    if do not in PLANS:
        abort(400)
    references = _everything() if request.form.get("all") else _ticked()
    try:
        found = several.chosen(db(), actor(), references)
    except BadInput as error:
        flash(said(error))
        return redirect(_list().address())
    if not found:
        flash(_(TICK_FIRST))
        return redirect(_list().address())
    return _preview(do, found)


@blueprint.post("/assign")
@allowed(*HANDLING)
def assign() -> Answer:
    """Give all of them to somebody."""
    row = number(request.form.get("assignee"))
    to = db().get(Staff, row) if row else None
    if row and to is None:
        abort(400)
    return _do("assign", lambda marks: several.assign(db(), marks, to, by=actor(), now=now()))


@blueprint.post("/write")
@allowed(*HANDLING)
def write() -> Answer:
    """Send each worker one message."""
    form = typed()
    texts = {
        name.removeprefix("text-"): text for name, text in form.items() if name.startswith("text-")
    }

    def take(marks: dict[str, int]) -> Result:
        if not form.get("sure"):
            raise BadInput(
                "Tick the box: no worker may learn from the message that there are others."
            )
        return several.write(db(), marks, texts, by=actor(), now=now())

    return _do("write", take)


@blueprint.post("/collect")
@allowed(*HANDLING)
def collect() -> Answer:
    """Link them as one matter of several workers."""
    return _do("collect", lambda marks: several.collect(db(), marks, by=actor(), now=now()))


def _do(do: str, take: Callable[[dict[str, int]], Result]) -> Answer:
    marks = _marks()
    try:
        if len(marks) > several.AT_MOST:
            raise BadInput(
                "At most %(count)s cases at a time. Choose fewer.", count=several.AT_MOST
            )
        result = take(marks)
    except (BadInput, NotAllowed) as error:
        found = several.chosen(db(), actor(), list(marks)[: several.AT_MOST])
        return _preview(do, found, typed(), said(error)), 422
    told = several.workers(db(), result.done) if do == "write" else []
    return render_template(
        "several_done.html", do=do, result=result, told=len(told), plan=PLANS[do], back=_list()
    )


def _ticked() -> list[str]:
    """The references of the boxes; that of a whole page holds all of it."""
    texts = ",".join(request.form.getlist("case")).split(",")
    return list(dict.fromkeys(one for text in texts if (one := parse_reference(text))))


def _everything() -> list[str]:
    """The references of all that the list would show, as many as may be taken at once."""
    asked = _list()
    size = several.AT_MOST
    page = queue.page(db(), actor(), asked.filter, asked.sort, size=size)
    return [row.reference for row in page.rows]


def _marks() -> dict[str, int]:
    found = {}
    for text in request.form.getlist("case"):
        reference, _colon, seen = text.partition(":")
        count = number(seen)
        if (parsed := parse_reference(reference)) and count is not None:
            found[parsed] = count
    return found


def _list() -> case_list.Asked:
    """What the list showed from which this came."""
    return case_list.read(request.form, me(), now())


def _preview(
    do: str, found: Sequence[Case], form: dict[str, str] | None = None, problem: str = ""
) -> str:
    plan, by = PLANS[do], actor()
    workers = several.workers(db(), found) if do == "write" else []
    counted = Counter(worker.way for worker in workers)
    return render_template(
        "several.html",
        do=do,
        plan=plan,
        found=[(case, rows, _why_not(case, plan.action)) for case, rows in _rows(found)],
        people=_people(found),
        workers=workers,
        languages=_languages(workers),
        ways=[(WAYS[way], counted[way]) for way in WAYS if counted[way]],
        at_most=several.AT_MOST,
        back=_list(),
        may_take_all="fits" in request.form and not _list().words,
        typed=form or {},
        problem=problem,
        me=by,
    )


def _rows(found: Sequence[Case]) -> list[tuple[Case, Row]]:
    mine = col(Case.id).in_([case.id for case in found])
    listed = queue.rows(db(), actor(), mine, order=(col(Case.id),), limit=several.AT_MOST)
    by_id = {row.id: row for row in completed(db(), listed)}
    return [(case, by_id[case.id]) for case in found if case.id in by_id]


def _why_not(case: Case, action: Action) -> str:
    try:
        lifecycle.check(standing(case, actor()), action, actor().role, now())
    except NotAllowed as error:
        return said(error)
    return ""


def _people(found: Sequence[Case]) -> list[Staff]:
    """Who may have all of them."""
    statement = select(Staff).where(col(Staff.active), col(Staff.role).in_(HANDLING_ROLES))
    restricted = any(case.restricted for case in found)
    people = db().exec(statement.order_by(Staff.name))
    return [one for one in people if one.restricted_pool or not restricted]


def _languages(workers: Sequence[Worker]) -> list[tuple[str, int]]:
    """The languages to write in, and how many read each."""
    read = Counter(worker.language for worker in workers if worker.way is not Way.NOBODY)
    return sorted(read.items(), key=lambda one: (-one[1], one[0]))

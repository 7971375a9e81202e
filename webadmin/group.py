"""The tab "Related" of a case: what it is linked with, by hand or by itself, and what it may be."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework import grouping, lifecycle, links, suggesting
from casework.errors import BadInput, NotAllowed
from casework.models import Case
from casework.references import parse_reference
from casework.searching.queue import find
from casework.standing import standing
from casework.vocabulary import Action, LinkKind
from webadmin import case_head
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import stale, visible
from webadmin.context import actor, db, now
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.link_words import KINDS
from webadmin.reading import reading

blueprint = Blueprint("group", __name__, url_prefix="/cases")

Answer = str | Response | tuple[str, int]
Form = dict[str, str]


@blueprint.get("/<reference>/related")
@allowed(*HANDLING)
def show(reference: str) -> Answer:
    """What belongs to a case, and what may."""
    return _page(visible(reference))


@blueprint.post("/<reference>/link")
@allowed(*HANDLING)
def link(reference: str) -> Answer:
    """Link the case with another one."""

    def take(case: Case, form: Form) -> str:
        other, kind = _other(form), _kind(form)
        sure = bool(form.get("same_worker"))
        by = actor()
        grouping.link(db(), case, other, kind, by=by, now=now(), same_worker=sure)
        return _("Linked. Neither worker is told.")

    return _do(reference, take)


@blueprint.post("/<reference>/unlink")
@allowed(*HANDLING)
def unlink(reference: str) -> Answer:
    """Take a link away."""

    def take(case: Case, form: Form) -> str:
        grouping.unlink(db(), case, _other(form), _kind(form), by=actor(), now=now())
        return _("The link is gone. What it changed in the cases stays as it is.")

    return _do(reference, take)


@blueprint.post("/<reference>/end-duplicate")
@allowed(*HANDLING)
def end_duplicate(reference: str) -> Answer:
    """End a case that goes on in an earlier one."""

    def take(case: Case, form: Form) -> str:
        if not form.get("sure"):
            raise BadInput("Tick the box to say that you are sure: this step ends the case.")
        grouping.end_duplicate(db(), case, by=actor(), now=now())
        if case.reporter_id is None:
            return _("The case has ended. Tell the worker yourself where it goes on.")
        return _("The case has ended. The worker is being told where it goes on.")

    return _do(reference, take)


def _do(reference: str, take: Callable[[Case, Form], str]) -> Answer:
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return _page(case, form, problem), 409
    try:
        done = take(case, form)
    except (BadInput, NotAllowed) as error:
        return _page(case, form, said(error)), 422
    flash(done)
    if find(db(), actor(), case.reference) is None:
        return redirect(url_for("cases.index"))
    return redirect(url_for("group.show", reference=case.reference))


def _other(form: Mapping[str, str]) -> Case:
    """The other case; the same answer where there is none and where it may not be seen."""
    other = find(db(), actor(), parse_reference(form.get("other", "")) or "", lock=True)
    if other is None:
        raise BadInput("There is no such case, or you may not see it. Check each letter.")
    return other


def _kind(form: Mapping[str, str]) -> LinkKind:
    kind = chosen(LinkKind, form.get("kind"))
    if kind is None:
        raise BadInput("Choose how the two belong together.")
    return kind


def _page(case: Case, form: Mapping[str, str] | None = None, problem: str = "") -> str:
    # The head of the page shows what the worker called a factory that is not in the list.
    reading("related", case.id)
    session, by = db(), actor()
    moves = lifecycle.moves(standing(case, by), by.role, now())
    earlier = grouping.duplicate_of(session, by, case)
    return render_template(
        "related.html",
        head=case_head.head(case),
        linked=links.of_case(session, by, case),
        group=links.group(session, by, case),
        suggested=suggesting.beside(session, by, case, now()),
        weeks=suggesting.WITHIN.days // 7,
        earlier=earlier if Action.END_DUPLICATE in moves else None,
        kinds=KINDS,
        typed=form or {},
        problem=problem,
    )

"""Promises and deadlines: the policy that holds, changed by whoever may, tried out by anyone."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import places
from casework.deadlines import amending, offices, policies, policing, versions
from casework.deadlines.amending import Problems
from casework.deadlines.policies import Policy
from casework.errors import BadInput
from casework.lifecycle import LEADING
from casework.models import Calendar
from casework.vocabulary import Category, Promise, Severity
from webadmin import policy_words
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, now
from webadmin.factories import due_times_moved
from webadmin.forms import chosen, number, typed
from webadmin.spans import in_words
from webadmin.trying import trial

blueprint = Blueprint("policies", __name__, url_prefix="/policies")

Answer = str | Response | tuple[str, int]

_SHOWN = 10
"""So many versions are listed before one asks for all."""


@blueprint.get("")
@allowed(*HANDLING)
def index() -> str:
    """What is promised, until when, who is told; and every version there was."""
    policy = policing.current(db())
    everything = "all" in request.args
    listed = versions.versions(db(), None if everything else _SHOWN)
    return render_template(
        "policies.html",
        policy=policy,
        promises=list(Promise),
        severities=list(Severity),
        exceptions=_exceptions(policy),
        sources=policies.SOURCES,
        versions=listed,
        more=bool(listed) and listed[-1].number > 1,
    )


@blueprint.get("/try")
@allowed(*HANDLING)
def try_it() -> str:
    """When what is promised would be due, step by step."""
    listed = offices.all_offices(db())
    if not listed:
        abort(404)
    office = _office(listed)
    return render_template(
        "policy_try.html",
        trial=trial(policing.current(db()), places.working_time(office), "all-file"),
        offices=[(one.id, one.name) for one in listed],
        office=office,
    )


@blueprint.route("/severities", methods=["GET", "POST"])
@allowed(*LEADING)
def severities() -> Answer:
    """Who is told when, pauses and check-ins: what goes by severity alone."""
    policy = policing.current(db())
    if request.method == "GET":
        shown = policies.DEFAULT if "default" in request.args else policy
        return _severities_page(policy, amending.severities_typed(shown), {})
    form = typed()
    wrong = _save(form, amending.check_severities(policy, form))
    return _severities_page(policy, form, wrong) if wrong else _done()


@blueprint.route("/<promise>", methods=["GET", "POST"])
@allowed(*LEADING)
def edit(promise: str) -> Answer:
    """What is promised: for every case, or for those of one category."""
    which = chosen(Promise, promise)
    category = chosen(Category, request.args.get("category"))
    if which is None or (request.args.get("category") and category is None):
        abort(404)
    policy = policing.current(db())
    if request.method == "GET":
        shown = policies.DEFAULT if "default" in request.args else policy
        return _edit_page(policy, which, category, amending.promise_typed(shown, which, category))
    form = typed()
    wrong = _save(form, amending.check_promise(policy, which, category, form))
    return _edit_page(policy, which, category, form, wrong) if wrong else _done()


def _save(form: Mapping[str, str], changed: Policy | Problems) -> Problems:
    """Save what was typed; what is wrong with it, under ``""`` what concerns no single field."""
    why = amending.check_why(form)
    if isinstance(changed, dict) or isinstance(why, dict):
        first = changed if isinstance(changed, dict) else {}
        return {**first, **(why if isinstance(why, dict) else {})}
    seen = number(form.get("number"))
    try:
        made_from = replace(changed, number=-1 if seen is None else seen)
        moved = versions.save(db(), made_from, why, by=actor(), now=now())
    except BadInput as error:
        return {"": error.remark}
    flash(due_times_moved(moved))
    return {}


def _done() -> Response:
    return redirect(url_for("policies.index"))


def _edit_page(
    policy: Policy,
    promise: Promise,
    category: Category | None,
    form: Mapping[str, str],
    wrong: Problems | None = None,
) -> Answer:
    page = render_template(
        "policy_form.html",
        policy=policy,
        promise=promise,
        category=category,
        severities=list(Severity),
        source=policies.SOURCES[promise],
        bound=amending.BOUND.get(promise),
        may_pause=lambda severity: amending.may_pause(promise, severity),
        exceptional=sorted(
            {c for c, p, _ in policy.exceptions if p is promise}, key=list(Category).index
        ),
        why_at_most=amending.WHY_AT_MOST,
        typed=form,
        wrong=wrong or {},
    )
    return (page, 422) if wrong else page


def _severities_page(policy: Policy, form: Mapping[str, str], wrong: Problems) -> Answer:
    page = render_template(
        "policy_severities.html",
        policy=policy,
        severities=list(Severity),
        why_at_most=amending.WHY_AT_MOST,
        typed=form,
        wrong=wrong,
    )
    return (page, 422) if wrong else page


def _exceptions(policy: Policy) -> list[tuple[Category, Promise]]:
    """Which categories have something of their own, for which promise."""
    found = {(category, promise) for category, promise, _ in policy.exceptions}
    return [(c, p) for c in Category for p in Promise if (c, p) in found]


def _office(listed: list[Calendar]) -> Calendar:
    wanted = number(request.args.get("office"))
    return next((one for one in listed if one.id == wanted), listed[0])


@blueprint.app_template_filter("write_chain")
def _write_chain(chain: policies.Chain) -> str:
    return policies.write_chain(chain)


blueprint.add_app_template_filter(in_words, "span_text")
blueprint.add_app_template_filter(policy_words.days, "days_text")
blueprint.add_app_template_filter(policy_words.reached, "reached_text")
blueprint.add_app_template_filter(policy_words.told, "told_text")
blueprint.add_app_template_filter(policy_words.rules, "rules_text")
blueprint.add_app_template_filter(policy_words.difference, "difference_text")

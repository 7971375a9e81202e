"""Factories: the list, one of them, adding and changing, and the CSV import."""

import base64
import binascii
from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework import factories as casework_factories
from casework import places, ties
from casework.deadlines import offices
from casework.errors import BadInput
from casework.lifecycle import LEADING
from casework.models import Calendar, Factory, Supply
from casework.taking_in import imports
from casework.vocabulary import Role
from webadmin.access import WITH_BRANDS, allowed
from webadmin.context import actor, db, me, now
from webadmin.forms import number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext, said
from webadmin.names import countries

blueprint = Blueprint("factories", __name__, url_prefix="/factories")


Answer = str | Response | tuple[str, int]


def visible_factories() -> list[Factory]:
    """The factories the reader may see, by name: of brand staff only those of the brand."""
    staff = me()
    if staff.role is Role.BRAND:
        return places.suppliers_of(db(), staff.brand_id) if staff.brand_id else []
    return list(db().exec(select(Factory).order_by(Factory.name)))


def visible_factory(code: str) -> Factory:
    """The factory of a code, or a page that does not tell whether there is one."""
    factory = places.by_code(db(), code)
    if factory is None:
        abort(404)
    staff = me()
    if staff.role is Role.BRAND:
        theirs = Supply.factory_id == factory.id, Supply.brand_id == staff.brand_id
        if not db().exec(select(Supply.id).where(*theirs)).first():
            abort(404)
    return factory


@blueprint.get("")
@allowed(*WITH_BRANDS)
def index() -> str:
    """All factories the reader may see."""
    factories = visible_factories()
    if words := request.args.get("find", "").strip():
        folded = places.fold(words)
        factories = [f for f in factories if folded in f.folded_name or words.upper() in f.code]
    return render_template("factories.html", factories=factories, words=words)


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*LEADING)
def new() -> Answer:
    """Add one."""
    form, wrong = typed(), {}
    if request.method == "POST":
        office = _chosen_office(form)
        facts = casework_factories.check_factory(form)
        added = (
            facts if isinstance(facts, dict) else casework_factories.add_factory(db(), facts, now())
        )
        if isinstance(added, Factory):
            # A new one has no case yet whose time could move.
            added.calendar_id = office.id if office else None
            ties.refresh_factories(db(), now(), actor())
            flash(_("The factory is in the list."))
            return redirect(url_for("factories.show", code=added.code))
        wrong = added
    return _form_page(None, form, wrong)


@blueprint.get("/<code>")
@allowed(*WITH_BRANDS)
def show(code: str) -> str:
    """One factory: its facts, and for whom it works."""
    factory, staff = visible_factory(code), me()
    supplies = casework_factories.supplies_of(db(), factory.id)
    if staff.role is Role.BRAND:
        supplies = [(s, brand) for s, brand in supplies if brand.id == staff.brand_id]
    office = None if staff.role is Role.BRAND else offices.answering_for(db(), factory)
    return render_template("factory.html", factory=factory, supplies=supplies, office=office)


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
@allowed(*LEADING)
def edit(code: str) -> Answer:
    """Change its facts. The code stays: it stands on posters."""
    factory = visible_factory(code)
    if request.method == "GET":
        values = {name: getattr(factory, name) for name in _FIELDS}
        values["calendar"] = factory.calendar_id
        return _form_page(factory, {n: "" if v is None else str(v) for n, v in values.items()}, {})
    form = {**typed(), "code": factory.code}
    facts = casework_factories.check_factory(form)
    if isinstance(facts, dict):
        return _form_page(factory, form, facts)
    casework_factories.change_factory(db(), factory, facts)
    ties.refresh_factories(db(), now(), actor())
    factory.active = bool(form.get("active"))
    office = _chosen_office(form)
    if (office.id if office else None) == factory.calendar_id:
        flash(_("Saved."))
    else:
        moved = offices.answer_for(db(), factory, office, by=actor(), now=now())
        flash(due_times_moved(moved))
    return redirect(url_for("factories.show", code=factory.code))


def due_times_moved(moved: int) -> str:
    """The sentence after another calendar counts: how many due times moved."""
    if not moved:
        return _("Saved. No due time moved.")
    text = ngettext("Saved. %(n)d due time moved.", "Saved. %(n)d due times moved.", moved)
    return text % {"n": moved}


def _chosen_office(form: Mapping[str, str]) -> Calendar | None:
    """The calendar that was chosen; ``None`` for the default one."""
    if not form.get("calendar"):
        return None
    row = number(form["calendar"])
    office = offices.office(db(), row) if row is not None else None
    # Somebody deleted it meanwhile, or it was never in the list.
    return office or abort(400)


_FIELDS = casework_factories.FactoryFacts.__slots__


@blueprint.route("/import", methods=["GET", "POST"])
@allowed(*LEADING)
def upload() -> Answer:
    """Look at a CSV file first, then import it: all of it or nothing."""
    raw = _uploaded()
    if raw is None:
        missing = request.method == "POST"
        return _import_page(None, b"", missing=missing), 422 if missing else 200
    plan = imports.read_factories(raw, db())
    if plan.problems:
        return _import_page(plan, raw), 422
    if not request.form.get("apply"):
        return _import_page(plan, raw)
    try:
        written = imports.apply(db(), plan, now())
    except BadInput as error:
        flash(said(error))
        return _import_page(plan, raw), 422
    flash(
        ngettext("%(n)d factory imported.", "%(n)d factories imported.", len(written))
        % {"n": len(written)}
    )
    return redirect(url_for("factories.index"))


def _uploaded() -> bytes | None:
    """The file that was sent, or the one that was looked at before and comes back."""
    if request.form.get("apply"):
        try:
            return base64.b64decode(request.form.get("file", ""), validate=True)
        except (binascii.Error, ValueError):
            abort(400)
    file = request.files.get("csv")
    raw = file.read(imports.MAX_BYTES + 1) if file and file.filename else b""
    return raw or None


def _import_page(plan: imports.Plan | None, raw: bytes, *, missing: bool = False) -> str:
    return render_template(
        "factory_import.html",
        plan=plan,
        file=base64.b64encode(raw).decode(),
        missing=missing,
        columns=imports.COLUMNS,
    )


def _form_page(factory: Factory | None, form: object, wrong: Mapping[str, str]) -> Answer:
    page = render_template(
        "factory_form.html",
        factory=factory,
        typed=form,
        wrong=wrong,
        countries=countries(),
        zones=sorted(casework_factories.ZONES),
        offices=[(office.id, office.name) for office in offices.all_offices(db())],
    )
    return (page, 422) if wrong else page

"""What workers of a country are told: who helps at once."""

from collections import Counter

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import guidance, rights
from casework.factories import Problems
from casework.guidance import Contact
from casework.lifecycle import LEADING
from casework.models import HelpContact
from casework.vocabulary import HelpKind, Service
from translations import languages
from webadmin import labels
from webadmin.access import HANDLING, allowed
from webadmin.context import db, me, now
from webadmin.forms import chosen, typed
from webadmin.i18n import gettext as _
from webadmin.names import countries as all_countries

blueprint = Blueprint("guidance", __name__, url_prefix="/guidance")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@allowed(*HANDLING)
def index() -> Answer:
    """The countries of the factories, and those for which something was written."""
    wanted = request.args.get("country", "")
    if guidance.is_country(wanted):
        return redirect(url_for("guidance.show", country=wanted))
    texts = rights.texts(db())
    near = guidance.factory_countries(db())
    written = {text.country for text in texts} | guidance.own_countries(db())
    shown = (*near, *sorted(written - set(near)))
    both = [(country, kind) for country in shown for kind in HelpKind]
    return render_template(
        "guidance.html",
        countries=shown,
        own={one: bool(guidance.own_contacts(db(), *one)) for one in both},
        shipped={one: bool(guidance.shipped(*one)) for one in both},
        published=Counter(text.country for text in texts if text.published),
        choices=all_countries(),
        HelpKind=HelpKind,
    )


@blueprint.get("/<country>")
@allowed(*HANDLING)
def show(country: str) -> str:
    """What is told to workers of one country."""
    kinds = [
        (kind, guidance.own_contacts(db(), known(country), kind), guidance.shipped(country, kind))
        for kind in HelpKind
    ]
    texts = rights.texts(db(), country)
    return render_template(
        "guidance_country.html",
        country=country,
        kinds=kinds,
        said_at_most=guidance.SAID_AT_MOST,
        texts={tag: [one for one in texts if one.language == tag] for tag in languages("bot")},
        has_texts=bool(texts),
    )


@blueprint.route("/<country>/contacts/<kind>/new", methods=["GET", "POST"])
@allowed(*LEADING)
def new(country: str, kind: str) -> Answer:
    """Write down somebody who helps."""
    found = chosen(HelpKind, kind)
    if found is None:
        abort(404)
    form = typed()
    if request.method == "GET":
        return _form(known(country), found, form)
    contact = guidance.check_contact(form)
    if not isinstance(contact, Contact):
        return _form(known(country), found, form, contact), 422
    guidance.add_contact(db(), known(country), found, contact, staff_id=me().id, now=now())
    return _saved(country)


@blueprint.post("/<country>/contacts/<kind>/take-over")
@allowed(*LEADING)
def take_over(country: str, kind: str) -> Response:
    """The numbers that come with the program were dialled: they are the operator's own now."""
    found = chosen(HelpKind, kind)
    if found is None:
        abort(404)
    guidance.take_over(db(), known(country), found, staff_id=me().id, now=now())
    return _saved(country)


@blueprint.route("/<country>/contact/<int:row>", methods=["GET", "POST"])
@allowed(*LEADING)
def edit(country: str, row: int) -> Answer:
    """Change one of the own entries."""
    entry = _entry(country, row)
    if request.method == "GET":
        service = entry.service.value if entry.service else ""
        form = {"service": service, "name": entry.name, "number": entry.number}
        return _form(country, entry.kind, form, entry=entry)
    form = typed()
    contact = guidance.check_contact(form)
    if not isinstance(contact, Contact):
        return _form(country, entry.kind, form, contact, entry), 422
    guidance.change_contact(entry, contact, staff_id=me().id, now=now())
    return _saved(country)


@blueprint.post("/<country>/contact/<int:row>/up")
@allowed(*LEADING)
def up(country: str, row: int) -> Response:
    """Say it before the one it stands behind."""
    guidance.move_up(db(), _entry(country, row))
    return redirect(url_for("guidance.show", country=country))


@blueprint.post("/<country>/contact/<int:row>/delete")
@allowed(*LEADING)
def delete(country: str, row: int) -> Response:
    """Take it away; after the last one, what comes with the program is said again."""
    db().delete(_entry(country, row))
    flash(_("Deleted."))
    return redirect(url_for("guidance.show", country=country))


def known(country: str) -> str:
    """The country of an address, or a page that does not exist."""
    if not guidance.is_country(country):
        abort(404)
    return country


def _entry(country: str, row: int) -> HelpContact:
    entry = db().get(HelpContact, row)
    if entry is None or entry.country != country:
        abort(404)
    return entry


def _saved(country: str) -> Response:
    flash(_("Saved. Workers read it from now on."))
    return redirect(url_for("guidance.show", country=country))


def _form(
    country: str,
    kind: HelpKind,
    form: dict[str, str],
    wrong: Problems | None = None,
    entry: HelpContact | None = None,
) -> str:
    return render_template(
        "guidance_contact.html",
        country=country,
        kind=kind,
        entry=entry,
        replaces=bool(guidance.shipped(country, kind))
        and not guidance.own_contacts(db(), country, kind),
        typed=form,
        wrong=wrong or {},
        services=[(one.value, labels.label(one)) for one in Service],
        name_at_most=guidance.NAME_AT_MOST,
        number_at_most=guidance.NUMBER_AT_MOST,
    )

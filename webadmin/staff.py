"""The people of the office: an admin adds, changes, invites and deactivates them."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework import places
from casework.factories import ZONES
from casework.models import Brand, Factory, Staff, StaffEvent
from casework.office import leaves, telling
from casework.office import staff as casework_staff
from casework.publication import releases
from casework.vocabulary import STAFF_ROLES, ApiScope, Role, StaffAct
from translations import languages
from webadmin import accounts, dates, factors, labels, safety
from webadmin.access import allowed
from webadmin.context import actor, db, me, now, office
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.names import language_name

blueprint = Blueprint("staff", __name__, url_prefix="/staff")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@allowed(Role.ADMIN)
def index() -> str:
    """Everybody, with whether they can sign in yet."""
    people = list(db().exec(select(Staff).order_by(Staff.name)))
    signing_in = set(db().exec(select(accounts.Account.staff_id)))
    brands = {brand.id: brand.name for brand in places.brands(db())}
    return render_template(
        "staff.html",
        people=people,
        signing_in=signing_in,
        pending=accounts.pending(db(), now()),
        with_second_step=factors.who_has_one(db()),
        required=safety.required_roles(db()),
        brands=brands,
        history=casework_staff.history(db()),
        names={person.id: person.name for person in people},
        details=in_words,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(Role.ADMIN)
def new() -> Answer:
    """Add somebody; the page then shows the link to hand over, once."""
    form = _typed()
    if request.method == "GET":
        settings = office().settings
        return _form_page(
            None, {"role": Role.HANDLER.value, "zone": settings.zone.key, "language": "en"}, {}
        )
    facts = casework_staff.check(db(), form)
    if isinstance(facts, dict):
        return _form_page(None, form, facts), 422
    person = casework_staff.add(db(), facts, by=actor(), now=now())
    return _link_page(person)


@blueprint.route("/<int:row>", methods=["GET", "POST"])
@allowed(Role.ADMIN)
def edit(row: int) -> Answer:
    """Change somebody's role and rights, or deactivate them."""
    person = _person(row)
    if request.method == "GET":
        return _form_page(person, casework_staff.as_typed(db(), person), {})
    form = {**_typed(), "email": person.email}
    facts = casework_staff.check(db(), form, person)
    if isinstance(facts, dict):
        return _form_page(person, form, facts), 422
    active = bool(form.get("active"))
    if person.id == me().id and (not active or facts.role is not Role.ADMIN):
        wrong = {"role": _("You can't take your own rights away. Ask another administrator.")}
        return _form_page(person, form, wrong), 422
    if person.active and not active:
        if "hand_over" not in form and leaves.leaves_cases(db(), person.id, actor()):
            return _leaving_page(person, form)
        to = leaves.colleague(db(), form.get("hand_over", ""))
        if to is not None and to.id == person.id:
            abort(404)
        leaves.leave(db(), person, to, by=actor(), now=now())
    casework_staff.change(db(), person, facts, active=active, by=actor(), now=now())
    flash(_("Saved."))
    return redirect(url_for("staff.index"))


@blueprint.post("/<int:row>/link")
@allowed(Role.ADMIN)
def link(row: int) -> Answer:
    """A new link to set a password, for who lost theirs."""
    person = _person(row)
    if not person.active:
        abort(404)
    return _link_page(person)


def _typed() -> dict[str, str]:
    """The form, with the codes of what is ticked in its lists in one text each."""
    lists = {
        name: " ".join(request.form.getlist(name)) for name in ("factories", "languages", "speaks")
    }
    return {**typed(), **lists}


def in_words(event: StaffEvent) -> list[str]:
    """The rights an event gave, changed or took, in words."""
    if event.what in (StaffAct.AWAY, StaffAct.HANDED_OVER):
        return _of_absence(event)
    if event.what in (StaffAct.TOKEN_MADE, StaffAct.TOKEN_REVOKED):
        return _of_token(event)
    words = {
        "speaks": _("Speaks"),
        "role": _("Role"),
        "restricted_pool": _("Restricted pool"),
        "may_identify": _("May open who the worker is"),
        "brand": _("Brand"),
        "active": _("May sign in"),
        "factories": _("Factories"),
        "languages": _("Languages"),
        "second_step": _("Second step required for"),
    }
    return [
        _("%(right)s: %(before)s → %(after)s")
        % {
            "right": words[name],
            "before": _value(before, name),
            "after": _value(after, name),
        }
        for name, (before, after) in event.data.items()
        if before is not None or after
    ]


def _of_absence(event: StaffEvent) -> list[str]:
    """From when to when, and who takes over."""
    found = []
    if days := event.data.get("days"):
        first, last = (dates.long_day(date.fromisoformat(day)) for day in days)
        found.append(f"{first} – {last}")
    to = db().get(Staff, event.data["stand_in"]) if event.data.get("stand_in") else None
    if to is None:
        return [*found, _("The supervisors take over.")]
    return [*found, _("%(name)s takes over.") % {"name": to.name}]


def _of_token(event: StaffEvent) -> list[str]:
    """Which token, whose figures it opens, and which of them."""
    given = event.data
    whose = _("The public") if given["audience"] == releases.PUBLIC else given["audience"]
    scopes = ", ".join(labels.label(ApiScope(one)) for one in given["scopes"])
    return [f"{given['token']} (…{given['hint']})", f"{whose}: {scopes}"]


def _value(value: object, name: str) -> str:
    """A right as people say it."""
    if name == "speaks":
        return ", ".join(language_name(tag) for tag in str(value or "").split()) or "–"
    match value:
        case None if name in ("factories", "languages"):
            return _("all")
        case list() if name == "second_step":
            return ", ".join(labels.label(Role(one)) for one in value) or _("nobody")
        case list():
            return ", ".join(language_name(v) if name == "languages" else v for v in value)
        case bool():
            return _("yes") if value else _("no")
        case str():
            return labels.label(Role(value))
        case int():
            brand = db().get(Brand, value)
            return brand.name if brand else "–"
        case _:
            return "–"


def _person(row: int) -> Staff:
    person = db().get(Staff, row)
    if person is None:
        abort(404)
    return person


def _link_page(person: Staff) -> str:
    token = accounts.make_invitation(db(), person, now())
    casework_staff.note_invitation(db(), person, by=actor(), now=now())
    path = url_for("account.welcome", token=token)
    link = office().settings.public_url + path
    return render_template("staff_link.html", person=person, link=link)


def _leaving_page(person: Staff, form: dict[str, str]) -> str:
    """Who has open cases is not deactivated before somebody else has them."""
    others = [one for one in telling.handling(db()) if one.id != person.id]
    return render_template(
        "staff_leaving.html",
        person=person,
        typed=form,
        colleagues=[one for one in others if one.away_until is None],
    )


def _form_page(person: Staff | None, form: dict[str, str], wrong: Mapping[str, str]) -> str:
    return render_template(
        "staff_form.html",
        person=person,
        typed=form,
        wrong=wrong,
        has_second_step=person is not None and person.id in factors.who_has_one(db()),
        roles=STAFF_ROLES,
        brands=places.brands(db()),
        zones=sorted(ZONES),
        languages=languages("webadmin"),
        factories=list(db().exec(select(Factory).order_by(Factory.name))),
        worker_languages=languages("bot"),
    )

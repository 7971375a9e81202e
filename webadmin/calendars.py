"""Office hours and holidays: the calendars of offices, and a due time tried out in one."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import factories, places
from casework.deadlines import offices, policing
from casework.deadlines.calendars import has_holidays, parse_hours, write_hours
from casework.deadlines.daysoff import days_off
from casework.deadlines.offices import OfficeFacts
from casework.errors import NotAllowed
from casework.lifecycle import LEADING
from casework.models import Calendar
from casework.vocabulary import Promise
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, now
from webadmin.factories import due_times_moved
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.names import countries
from webadmin.trying import trial

blueprint = Blueprint("calendars", __name__, url_prefix="/calendars")

Answer = str | Response | tuple[str, int]

_AHEAD = timedelta(days=365)


@blueprint.get("")
@allowed(*HANDLING)
def index() -> str:
    """Every calendar, and who uses it."""
    return render_template(
        "calendars.html", offices=offices.all_offices(db()), users=offices.users(db())
    )


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*LEADING)
def new() -> Answer:
    """Add one."""
    form, wrong = typed(), {}
    if request.method == "POST":
        facts = offices.check_office(form)
        added = facts if isinstance(facts, dict) else offices.add_office(db(), facts, now())
        if isinstance(added, Calendar):
            flash(
                _("The calendar is in the list. Choose it on the page of each factory it is for.")
            )
            return redirect(url_for("calendars.show", row=added.id))
        wrong = added
    return _form_page(None, form, wrong)


@blueprint.get("/<int:row>")
@allowed(*HANDLING)
def show(row: int) -> str:
    """One calendar: its hours, its days off in the next twelve months, and a try."""
    office = _office(row)
    calendar = places.working_time(office)
    today = now().astimezone(calendar.zone).date()
    used = offices.users(db())
    return render_template(
        "calendar.html",
        office=office,
        days=days_off(calendar, today, today + _AHEAD),
        factories=used.get(office.id, []) + (used.get(None, []) if office.is_default else []),
        trial=trial(policing.current(db()), calendar, Promise.ACKNOWLEDGE.value),
    )


@blueprint.route("/<int:row>/edit", methods=["GET", "POST"])
@allowed(*LEADING)
def edit(row: int) -> Answer:
    """Change it, and with it what is still to come."""
    office = _office(row, lock=request.method == "POST")
    if request.method == "GET":
        return _form_page(office, _as_typed(office), {})
    form = typed()
    facts = offices.check_office(form)
    moved: int | factories.Problems
    if isinstance(facts, OfficeFacts):
        moved = offices.change_office(db(), office, facts, by=actor(), now=now())
    else:
        moved = facts
    if isinstance(moved, dict):
        return _form_page(office, form, moved)
    flash(due_times_moved(moved))
    return redirect(url_for("calendars.show", row=row))


@blueprint.post("/<int:row>/default")
@allowed(*LEADING)
def default(row: int) -> Response:
    """It answers for every factory that names no other."""
    flash(due_times_moved(offices.make_default(db(), _office(row), by=actor(), now=now())))
    return redirect(url_for("calendars.show", row=row))


@blueprint.post("/<int:row>/delete")
@allowed(*LEADING)
def delete(row: int) -> Response:
    """Delete one that nothing counts by."""
    try:
        offices.delete_office(db(), _office(row, lock=True))
    except NotAllowed as error:
        flash(said(error))
        return redirect(url_for("calendars.show", row=row))
    flash(_("Deleted."))
    return redirect(url_for("calendars.index"))


@blueprint.app_template_filter("hours")
def _hours(text: str) -> list[str]:
    """Office hours as short as they can be written, a line for each part of the week."""
    return write_hours(parse_hours(text))


def _office(row: int, *, lock: bool = False) -> Calendar:
    found = offices.office(db(), row, lock=lock)
    if found is None:
        abort(404)
    return found


def _as_typed(office: Calendar) -> dict[str, str]:
    return {
        "name": office.name,
        "zone": office.zone,
        "country": office.country,
        "hours": "\n".join(_hours(office.hours)),
        "days_off": "\n".join(office.days_off),
        "days_on": "\n".join(office.days_on),
    }


def _form_page(
    office: Calendar | None, form: Mapping[str, str], wrong: Mapping[str, str]
) -> Answer:
    known = [(code, name) for code, name in countries() if has_holidays(code)]
    # An unknown code that was sent all the same is shown beside its error, not lost.
    if (sent := form.get("country", "")) and sent not in dict(known):
        known.append((sent, sent))
    page = render_template(
        "calendar_form.html",
        office=office,
        typed=form,
        wrong=wrong,
        countries=known,
        zones=sorted(factories.ZONES),
        name_at_most=offices.NAME_AT_MOST,
        hours_at_most=offices.HOURS_AT_MOST,
    )
    return (page, 422) if wrong else page

"""Being away: from when to when, who takes over, and what happened meanwhile."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.lifecycle import HANDLING_ROLES, LEADING
from casework.models import Absence, Staff
from casework.office import leaves, telling
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, me, now, zone
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext

blueprint = Blueprint("absences", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/account/away", methods=["GET", "POST"])
@allowed(*HANDLING)
def own() -> Answer:
    """One's own absences."""
    return _say(me())


@blueprint.route("/team/<int:row>/away", methods=["GET", "POST"])
@allowed(*LEADING)
def of_person(row: int) -> Answer:
    """A colleague's, who fell ill or forgot to say it."""
    person = db().get(Staff, row)
    if person is None or not person.active or person.role not in HANDLING_ROLES:
        abort(404)
    return redirect(url_for("absences.own")) if person.id == me().id else _say(person)


@blueprint.post("/account/away/<int:row>/stop")
@allowed(*HANDLING)
def stop(row: int) -> Response:
    """Call an absence off, or end it: the person is there again."""
    found = _absence(row)
    leaves.stop(db(), found, now())
    if found.staff_id != me().id:
        flash(_("The absence is over."))
        return redirect(url_for("absences.of_person", row=found.staff_id))
    flash(_("You are not away any more."))
    return redirect(url_for("absences.own"))


@blueprint.post("/account/away/<int:row>/take-back")
@allowed(*HANDLING)
def take_back(row: int) -> Response:
    """Take back, with one press, what the stand-in still has."""
    found = _absence(row)
    if found.staff_id != me().id or found.ended_at is None:
        abort(404)
    taken = leaves.take_back(db(), found, me(), now(), actor())
    found.looked_at = now()
    flash(
        ngettext("You took %(num)d case back.", "You took %(num)d cases back.", taken)
        % {"num": taken}
    )
    return redirect(url_for("home.index"))


@blueprint.post("/account/away/<int:row>/leave")
@allowed(*HANDLING)
def leave(row: int) -> Response:
    """Leave the cases with who has them now."""
    found = _absence(row)
    if found.staff_id != me().id or found.ended_at is None:
        abort(404)
    found.looked_at = now()
    flash(_("The cases stay with who has them now."))
    return redirect(url_for("home.index"))


def _absence(row: int) -> Absence:
    """One's own, or a colleague's for who leads."""
    found = db().get(Absence, row)
    if found is None or (found.staff_id != me().id and me().role not in LEADING):
        abort(404)
    return found


def _say(person: Staff) -> Answer:
    form = typed()
    if not form:
        return _page(person, {}, {})
    made = leaves.say(db(), person, form, by=actor(), now=now())
    if not isinstance(made, Absence):
        return _page(person, form, made), 422
    # What begins today begins now; what is left of very many cases follows by itself.
    leaves.work_on(db(), made, now())
    flash(_("Saved. Mails stop and the cases go over on the first day."))
    if person.id == me().id:
        return redirect(url_for("absences.own"))
    return redirect(url_for("absences.of_person", row=person.id))


def _page(person: Staff, form: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    session, mine = db(), person.id == me().id
    people = telling.handling(session)
    back = leaves.unseen(session, person.id) if mine else None
    return render_template(
        "absences.html",
        person=person,
        mine=mine,
        typed=form,
        wrong=wrong,
        planned=leaves.planned(session, person.id),
        names={one.id: one.name for one in people},
        colleagues=[one for one in people if one.id != person.id and one.away_until is None],
        today=now().astimezone(zone()).date(),
        back=back,
        returned=leaves.returned(session, back, actor()) if back else (),
        standing_in=leaves.standing_in(session, me().id) if mine else (),
    )

"""How safely staff sign in: which roles must have a second step, links taken back, steps reset."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.models import Staff
from casework.office import staff as casework_staff
from casework.vocabulary import STAFF_ROLES, Role
from webadmin import accounts, factors, safety
from webadmin.access import allowed
from webadmin.accounts import Account
from webadmin.context import actor, db, me, now
from webadmin.i18n import gettext as _

blueprint = Blueprint("staff_safety", __name__, url_prefix="/staff")

Answer = str | Response | tuple[str, int]


@blueprint.route("/second-step", methods=["GET", "POST"])
@allowed(Role.ADMIN)
def rules() -> Answer:
    """Which roles must have a second step."""
    before = safety.required_roles(db())
    if request.method == "GET":
        return render_template(
            "staff_safety.html",
            roles=STAFF_ROLES,
            required=before,
            days=safety.GRACE.days,
        )
    chosen = set(request.form.getlist("role"))
    after = frozenset(role for role in STAFF_ROLES if role.value in chosen)
    if after != before:
        safety.require(db(), after)
        casework_staff.note_rule(
            db(), me(), [_in_order(before), _in_order(after)], by=actor(), now=now()
        )
    flash(_("Saved."))
    return redirect(url_for("staff.index"))


@blueprint.post("/<int:row>/reset-second-step")
@allowed(Role.ADMIN)
def reset(row: int) -> Response:
    """Take somebody's second steps away, who has lost them."""
    person, account = _with_account(row)
    if person.id == me().id:
        # With the own password one removes them oneself; an open browser must not be enough.
        flash(_("Change your own second step on your account’s page."))
        return redirect(url_for("staff.edit", row=row))
    if not request.form.get("sure"):
        flash(_("Tick that you have made sure who asks."), "problem")
        return redirect(url_for("staff.edit", row=row))
    factors.reset(db(), account, now())
    casework_staff.note_reset(db(), person, by=actor(), now=now())
    flash(
        _("The second step is removed. %(name)s is signed out everywhere.") % {"name": person.name}
    )
    return redirect(url_for("staff.edit", row=row))


@blueprint.post("/<int:row>/revoke-link")
@allowed(Role.ADMIN)
def revoke(row: int) -> Response:
    """Take a link back that was not used yet."""
    person = db().get(Staff, row)
    if person is None:
        abort(404)
    if accounts.revoke_invitation(db(), person, now()):
        casework_staff.note_revoked(db(), person, by=actor(), now=now())
    flash(_("The link works no more."))
    return redirect(url_for("staff.index"))


def _with_account(row: int) -> tuple[Staff, Account]:
    person = db().get(Staff, row)
    account = accounts.of_staff(db(), row)
    if person is None or account is None:
        abort(404)
    return person, account


def _in_order(roles: frozenset[Role]) -> list[str]:
    return [role.value for role in STAFF_ROLES if role in roles]

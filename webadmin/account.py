"""One's own account: the first password by an invitation, later changes, language and zone."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import login_user
from werkzeug.wrappers import Response

from casework import staff as casework_staff
from casework.errors import BadInput
from casework.factories import ZONES
from translations import languages
from webadmin import accounts, passwords, throttle
from webadmin.access import EVERYBODY, allowed
from webadmin.context import actor, db, me, now, office
from webadmin.edge import address
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said, speak
from webadmin.signin import SignedIn
from webadmin.ties import TIED

blueprint = Blueprint("account", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> Answer:
    """Set a password by a one-time link. Open to anyone who has the link."""
    staff = accounts.invited(db(), token, now())
    if staff is None:
        return render_template("welcome_over.html"), 404
    speak(staff.language)
    if request.method == "GET":
        return render_template("welcome.html", staff=staff, wrong={})
    form = typed()
    wrong = _repeated(form)
    if not wrong:
        try:
            accounts.accept(db(), token, form.get("password", ""), now())
        except BadInput as error:
            wrong = {"password": said(error)}
    if wrong:
        return render_template("welcome.html", staff=staff, wrong=wrong), 422
    flash(_("Your password is set. Sign in with it."))
    return redirect(url_for("security.login"))


@blueprint.route("/account", methods=["GET", "POST"])
@allowed(*EVERYBODY)
def index() -> Answer:
    """Name, language and time zone."""
    staff = me()
    if request.method == "GET":
        return _page(casework_staff.as_typed(db(), staff), {})
    kept = casework_staff.as_typed(db(), staff)
    form = {**kept, **{name: typed().get(name, "") for name in ("name", "language", "zone")}}
    if form["language"] not in languages("webadmin"):
        form["language"] = kept["language"]
    facts = casework_staff.check(db(), form, staff)
    if isinstance(facts, dict):
        return _page(form, facts), 422
    casework_staff.change(db(), staff, facts, active=True, by=actor(), now=now())
    speak(staff.language)
    flash(_("Saved."))
    return redirect(url_for("account.index"))


@blueprint.post("/account/password")
@allowed(*EVERYBODY)
def password() -> Answer:
    """A new password, which signs out everywhere but here."""
    staff, form, store = me(), typed(), office().store
    account = accounts.of_staff(db(), staff.id)
    assert account is not None
    wrong = _repeated(form)
    if not throttle.begin(store, staff.email, address(), now()):
        wrong = {"old": _("Too many tries. Wait a few minutes.")}
    elif not passwords.matches(form.get("old", ""), account.password):
        wrong = {"old": _("This is not your present password.")}
    else:
        throttle.succeeded(store, staff.email, address())
    if not wrong:
        try:
            with store.writing() as session:
                account = session.merge(account)
                accounts.set_password(session, account, form.get("password", ""), now())
        except BadInput as error:
            wrong = {"password": said(error)}
    if wrong:
        return _page(casework_staff.as_typed(db(), staff), wrong), 422
    login_user(SignedIn(account, staff), authn_via=["password"])
    flash(_("Your password is changed. You are signed out everywhere else."))
    return redirect(url_for("account.index"))


def _repeated(form: dict[str, str]) -> dict[str, str]:
    if form.get("password") != form.get("again"):
        return {"again": _("The two are not the same. Type it once more.")}
    return {}


def _page(form: dict[str, str], wrong: Mapping[str, str]) -> str:
    return render_template(
        "account.html",
        typed=form,
        wrong=wrong,
        zones=sorted(ZONES),
        tied_roles=TIED,
        languages=languages("webadmin"),
    )

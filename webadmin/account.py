"""One's own account: the first password by an invitation, later changes, language and zone."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.errors import BadInput
from casework.factories import ZONES
from casework.office import staff as casework_staff
from translations import languages
from webadmin import accounts, browsers, factors, passwords, sessions, throttle
from webadmin.access import EVERYBODY, allowed, own_session
from webadmin.accounts import Account
from webadmin.context import actor, db, me, now, office
from webadmin.edge import address, keep
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said, speak
from webadmin.signin import attempt, enter
from webadmin.throttle import Attempt, Door
from webadmin.ties import TIED

blueprint = Blueprint("account", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> Answer:
    """Set a password by a one-time link. Open to anyone who has the link."""
    staff = accounts.invited(db(), token, now())
    if staff is None:
        return _no_link()
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
    wrong, one = _repeated(form), attempt(Door.PASSWORD, staff.email, account)
    if not throttle.begin(store, one, now()):
        wrong = {"old": _("Too many tries. Wait a few minutes.")}
    elif not passwords.matches(form.get("old", ""), account.password):
        wrong = {"old": _("This is not your present password.")}
    else:
        throttle.succeeded(store, one)
    if not wrong:
        try:
            with store.writing() as session:
                mine = session.get_one(Account, account.id)
                accounts.set_password(session, mine, form.get("password", ""), now())
                enter(session, mine)
        except BadInput as error:
            wrong = {"password": said(error)}
    if wrong:
        return _page(casework_staff.as_typed(db(), staff), wrong), 422
    flash(_("Your password is changed. You are signed out everywhere else."))
    return redirect(url_for("account.index"))


def _no_link() -> Answer:
    """A link that leads nowhere. A good one is never refused, whatever others tried from here: its
    256 bits are proof enough."""
    one = Attempt(Door.INVITATION, "", address())
    if throttle.is_blocked(db(), one, now()):
        return render_template("welcome_over.html"), 429
    at = now()
    keep(lambda session: throttle.count(session, one, at))
    return render_template("welcome_over.html"), 404


def _repeated(form: dict[str, str]) -> dict[str, str]:
    if form.get("password") != form.get("again"):
        return {"again": _("The two are not the same. Type it once more.")}
    return {}


@blueprint.post("/account/sessions/<int:row>/end")
@allowed(*EVERYBODY)
def end_session(row: int) -> Response:
    """Sign out on one other browser."""
    sessions.end(db(), own_session().account_id, row)
    flash(_("That browser is signed out."))
    return redirect(url_for("account.index", _anchor="sessions"))


@blueprint.post("/account/sessions/end")
@allowed(*EVERYBODY)
def end_sessions() -> Response:
    """Sign out everywhere but here."""
    own = own_session()
    sessions.end_all(db(), own.account_id, but=own.id)
    flash(_("You are signed out everywhere else."))
    return redirect(url_for("account.index", _anchor="sessions"))


def _page(form: dict[str, str], wrong: Mapping[str, str]) -> str:
    own = own_session()
    return render_template(
        "account.html",
        typed=form,
        wrong=wrong,
        own=own,
        sessions=sessions.open_ones(db(), own.account_id, now()),
        have=factors.of(db(), own.account_id),
        in_words=browsers.in_words,
        zones=sorted(ZONES),
        tied_roles=TIED,
        languages=languages("webadmin"),
    )

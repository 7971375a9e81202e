"""One's own second steps: an authenticator app, passkeys and recovery codes, set up and removed.

Whoever changes them has typed the password in this session within ten minutes: somebody who finds
an open browser can't add a key of their own.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from casework.errors import BadInput
from webadmin import browsers, factors, passkeys, passwords, safety, throttle, totp
from webadmin.access import EVERYBODY, allowed, own_session
from webadmin.accounts import Account
from webadmin.context import db, me, now, office
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import said
from webadmin.second_step import new_challenge, taken_challenge
from webadmin.signin import attempt
from webadmin.signin_rows import SignInSession
from webadmin.throttle import Door

blueprint = Blueprint("factors", __name__, url_prefix="/account/second-step")

Answer = str | Response | tuple[str, int]

P = ParamSpec("P")

_PROVED_FOR = timedelta(minutes=10)


def _proved() -> bool:
    return now() - own_session().proved_at <= _PROVED_FOR


def _proved_here(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """A view that asks for the password first where that was too long ago."""

    @wraps(view)
    def ask_first(*args: P.args, **kwargs: P.kwargs) -> Answer:
        if not _proved():
            flash(_("Type your password first: that was more than ten minutes ago."), "problem")
            return redirect(url_for("factors.index"))
        return view(*args, **kwargs)

    return ask_first


@blueprint.get("")
@allowed(*EVERYBODY)
def index() -> str:
    """What there is, and what can be set up."""
    return _page({})


@blueprint.post("/confirm")
@allowed(*EVERYBODY)
def confirm() -> Answer:
    """The password once more, before anything can be changed."""
    account, store, number = _account(), office().store, own_session().id
    one = attempt(Door.PASSWORD, account.email, account)
    if not throttle.begin(store, one, now()):
        return _page({"password": _("Too many tries. Wait a few minutes.")}), 429
    if not passwords.matches(typed().get("password", ""), account.password):
        return _page({"password": _("This is not your present password.")}), 422
    throttle.succeeded(store, one)
    with store.writing() as session:
        session.get_one(SignInSession, number).proved_at = now()
    return redirect(url_for("factors.index"))


@blueprint.post("/app")
@allowed(*EVERYBODY)
@_proved_here
def begin_app() -> Response:
    """Begin with an app: the next page shows its square."""
    factors.begin_app(db(), _account().id, now())
    return redirect(url_for("factors.set_up_app"))


@blueprint.get("/app")
@allowed(*EVERYBODY)
def set_up_app() -> Answer:
    """The square to scan, and the field for the first code."""
    if not _proved() or factors.unfinished_app(db(), _account().id) is None:
        return redirect(url_for("factors.index"))
    return _app_page({})


@blueprint.post("/app/code")
@allowed(*EVERYBODY)
@_proved_here
def confirm_app() -> Answer:
    """The first code of the app: from now on it is asked for."""
    if factors.unfinished_app(db(), _account().id) is None:
        return redirect(url_for("factors.index"))
    try:
        factors.confirm_app(db(), _account(), typed().get("code", ""), now())
    except BadInput as error:
        return _app_page({"code": said(error)}), 422
    return _done(_("Your authenticator app is set up."))


@blueprint.post("/app/remove")
@allowed(*EVERYBODY)
@_proved_here
def drop_app() -> Response:
    """Remove the app."""
    if _is_the_last():
        flash(
            _("Your role needs a second step. Set up another one before you remove this one."),
            "problem",
        )
        return redirect(url_for("factors.index"))
    factors.drop_app(db(), _account().id)
    flash(_("The authenticator app is removed."))
    return redirect(url_for("factors.index"))


@blueprint.post("/passkey/options")
@allowed(*EVERYBODY)
@_proved_here
def passkey_options() -> Response:
    """What the browser is asked to make a passkey with."""
    settings = office().settings
    found = passkeys.to_make(db(), settings, _account(), me().name, new_challenge())
    return Response(found, mimetype="application/json")


@blueprint.post("/passkey")
@allowed(*EVERYBODY)
@_proved_here
def add_passkey() -> Answer:
    """Keep the passkey that the browser made."""
    challenge = taken_challenge()
    try:
        if challenge is None:
            raise BadInput("The passkey was not made. Try again.")
        passkeys.make(
            db(),
            office().settings,
            _account(),
            typed().get("credential", ""),
            challenge,
            now(),
            browser=own_session().browser,
        )
    except BadInput as error:
        return _page({"passkey": said(error)}), 422
    return _done(_("Your passkey is set up."))


@blueprint.post("/passkey/<int:row>/remove")
@allowed(*EVERYBODY)
@_proved_here
def drop_passkey(row: int) -> Response:
    """Remove a passkey."""
    if _is_the_last():
        flash(
            _("Your role needs a second step. Set up another one before you remove this one."),
            "problem",
        )
        return redirect(url_for("factors.index"))
    factors.drop_passkey(db(), _account().id, row)
    flash(_("The passkey is removed."))
    return redirect(url_for("factors.index"))


@blueprint.post("/codes")
@allowed(*EVERYBODY)
@_proved_here
def new_codes() -> Answer:
    """Ten new recovery codes, shown once."""
    if not factors.of(db(), _account().id).any:
        return redirect(url_for("factors.index"))
    return _codes_page(_("Your earlier recovery codes work no more."))


def _account() -> Account:
    found = current_user.account
    assert isinstance(found, Account)
    return found


def _is_the_last() -> bool:
    """Whether there is only one left, and the role must have one."""
    required = me().role in safety.required_roles(db()) and not office().settings.practice
    return required and factors.of(db(), _account().id).count < 2


def _done(text: str) -> Answer:
    """A second step is set up; with the first one come recovery codes."""
    if factors.of(db(), _account().id).codes_left == 0:
        return _codes_page(text)
    flash(text)
    return redirect(url_for("factors.index"))


def _codes_page(text: str) -> str:
    codes = factors.new_codes(db(), _account().id, now())
    return render_template("recovery_codes.html", codes=codes, text=text, email=me().email)


def _app_page(wrong: dict[str, str]) -> str:
    app = factors.unfinished_app(db(), _account().id)
    assert app
    secret = factors.secret_of(db(), app)
    return render_template(
        "second_step_app.html",
        square=totp.square(secret, me().email, office().settings.operator),
        letters=totp.in_letters(secret),
        wrong=wrong,
    )


def _page(wrong: dict[str, str]) -> str:
    row = own_session()
    return render_template(
        "second_steps.html",
        have=factors.of(db(), _account().id),
        proved=_proved(),
        wrong=wrong,
        set_up_by=row.set_up_by,
        must_now=row.set_up_by is not None and row.set_up_by <= now(),
        passkeys_work=passkeys.possible(office().settings),
        codes_of=factors.CODES,
        in_words=browsers.in_words,
    )

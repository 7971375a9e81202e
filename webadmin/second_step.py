"""The second step of signing in, after the password; and a passkey, which needs no password.

Between the two steps the cookie knows whose password was right, for ten minutes.
"""

import base64
import binascii
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from casework.db import Session
from casework.models import Staff
from webadmin import factors, passkeys, throttle
from webadmin.accounts import Account
from webadmin.context import db, now, office
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext, speak
from webadmin.signin import attempt, enter, lead_on
from webadmin.throttle import Door

blueprint = Blueprint("second_step", __name__, url_prefix="/sign-in")

Answer = str | Response | tuple[str, int]

_LASTS = timedelta(minutes=10)
_WORTH_A_WARNING = 5
_PENDING, _CHALLENGE = "second-step", "challenge"


def ask_for(account: Account) -> Response:
    """The password was right: the second step is next."""
    # The uniquifier: a password changed meanwhile ends this, too.
    cookie[_PENDING] = [account.id, account.fs_uniquifier, now().isoformat()]
    return redirect(url_for("second_step.ask", next=request.args.get("next")))


@blueprint.route("/second-step", methods=["GET", "POST"])
def ask() -> Answer:
    """A code of the app or a recovery code; passkeys have an address of their own."""
    account = _pending(db())
    if account is None:
        return redirect(url_for("security.login", next=request.args.get("next")))
    speak(db().get_one(Staff, account.staff_id).language)
    if request.method == "GET":
        return _page(account, {})
    form, store = typed(), office().store
    recovery = form.get("recovery", "").strip()
    field = "recovery" if recovery else "code"
    one = attempt(Door.RECOVERY if recovery else Door.SECOND_STEP, account.email, account)
    if not throttle.begin(store, one, now()):
        return _page(account, {field: _("Too many tries. Wait a few minutes.")}), 429
    with store.writing() as session:
        mine = session.get_one(Account, account.id)
        if recovery:
            good = factors.take_recovery_code(session, mine.id, recovery, now())
        else:
            good = factors.take_code(session, mine.id, form.get("code", ""), now())
        if good:
            _come_in(session, mine)
    if not good:
        wrong = _("This code does not fit, or was used already. Type the newest one.")
        if recovery:
            wrong = _("This code does not fit, or was used already. Try another.")
        return _page(account, {field: wrong}), 422
    throttle.succeeded(store, one)
    _warn(account)
    return lead_on()


@blueprint.post("/passkey/options")
def options() -> Response:
    """What the browser asks a passkey to sign: of this account after a password, else of anybody."""
    account = _pending(db())
    challenge = new_challenge()
    found = passkeys.to_sign_in(db(), office().settings, challenge, account.id if account else None)
    return Response(found, mimetype="application/json")


@blueprint.post("/passkey")
def passkey() -> Response:
    """A passkey has signed: it proves device and person, with or without a password before."""
    challenge = taken_challenge()
    account = (
        passkeys.signed(db(), office().settings, typed().get("credential", ""), challenge, now())
        if challenge
        else None
    )
    pending = _pending(db())
    staff = db().get_one(Staff, account.staff_id) if account else None
    other = pending is not None and account is not None and pending.id != account.id
    if account is None or staff is None or other or not (account.active and staff.active):
        flash(_("That passkey did not work. Try again, or sign in another way."), "problem")
        where = "second_step.ask" if pending else "security.login"
        return redirect(url_for(where, next=request.args.get("next")))
    _come_in(db(), account)
    _warn(account)
    return lead_on()


def new_challenge() -> bytes:
    """A challenge, kept in the cookie until it is answered."""
    challenge = passkeys.new_challenge()
    cookie[_CHALLENGE] = [base64.b64encode(challenge).decode(), now().isoformat()]
    return challenge


def taken_challenge() -> bytes | None:
    """The challenge that was given out, once; ``None`` where there is none or it waited too long."""
    try:
        text, at = cookie.pop(_CHALLENGE)
        fresh = now() - datetime.fromisoformat(at) <= passkeys.LASTS
        return base64.b64decode(text) if fresh else None
    except (KeyError, TypeError, ValueError, binascii.Error):
        return None


def _pending(session: Session) -> Account | None:
    """Whose password was right a short time ago."""
    try:
        row, uniquifier, at = cookie[_PENDING]
        account = session.get(Account, row)
        fresh = now() - datetime.fromisoformat(at) <= _LASTS
    except (KeyError, TypeError, ValueError):
        return None
    if account is None or not fresh or account.fs_uniquifier != uniquifier:
        return None
    staff = session.get_one(Staff, account.staff_id)
    return account if account.active and staff.active else None


def _come_in(session: Session, account: Account) -> None:
    cookie.pop(_PENDING, None)
    enter(session, account)
    left = factors.of(session, account.id).codes_left
    if typed().get("recovery"):
        text = ngettext(
            "You used a recovery code. %(num)d is left.",
            "You used a recovery code. %(num)d are left.",
            left,
        )
        flash(text % {"num": left})


def _warn(account: Account) -> None:
    """Whoever got as far as the second step had the password."""
    if throttle.wrong_codes(db(), account.email) > _WORTH_A_WARNING:
        flash(
            _(
                "Somebody typed your password and then wrong codes, many times. If that was not"
                " you, change your password now."
            ),
            "problem",
        )


def _page(account: Account, wrong: dict[str, str]) -> str:
    have = factors.of(db(), account.id)
    return render_template(
        "second_step.html",
        wrong=wrong,
        has_app=have.app is not None,
        has_passkey=bool(have.passkeys) and passkeys.possible(office().settings),
        has_codes=have.codes_left > 0,
    )

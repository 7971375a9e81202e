"""Signing in with a password, and out, on Flask-Security over the project's own store.

Its datastore finds accounts in the request's session and never commits. The form is ours: it slows
down guessing, takes as long for an unknown account as for a wrong password, and says the same. Who
has a second step is asked for it next (``webadmin.second_step``).

Flask-Security's own second steps are not used: it takes a code twice, keeps codes and keys in
columns of its user, brings pages with scripts in them, and lets nobody say which roles must.
"""

import re
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import user_logged_out
from flask_security import RoleMixin, Security, UserDatastore, UserMixin, login_user
from werkzeug.wrappers import Response

from casework.db import Session
from casework.models import Staff
from webadmin import (
    accounts,
    browsers,
    dates,
    devices,
    factors,
    passkeys,
    passwords,
    safety,
    sessions,
    throttle,
)
from webadmin.accounts import Account
from webadmin.context import db, now, office, signed_in
from webadmin.edge import address
from webadmin.forms import typed
from webadmin.i18n import gettext as _
from webadmin.i18n import speak
from webadmin.signin_rows import SignInSession
from webadmin.throttle import Attempt, Door

_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
"""A path of this site: no other host, and no sign that a browser reads as one."""
_TOKEN = "key"  # noqa: S105  the name of a field


class StaffRole(RoleMixin):
    """A role of staff, as Flask-Security wants to see one."""

    def __init__(self, name: str) -> None:
        self.name = name


class SignedIn(UserMixin):
    """An account together with its staff member and the open session: what ``current_user`` is."""

    fs_uniquifier = ""

    def __init__(self, account: Account, staff: Staff, row: SignInSession | None = None) -> None:
        self.account = account
        self.staff = staff
        self.row = row
        self.id = account.id
        self.email = account.email
        self.password = account.password
        self.active = account.active and staff.active
        self.fs_uniquifier = account.fs_uniquifier
        self.roles = [StaffRole(staff.role.value)]


class StaffDatastore(UserDatastore):
    """Finds accounts through the request's session; what it changes, the edge commits."""

    def __init__(self) -> None:
        super().__init__(SignedIn, StaffRole)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> SignedIn | None:  # noqa: ARG002
        """By ``fs_uniquifier`` and the cookie's token, as each request asks; by nothing else."""
        uniquifier, token = kwargs.get("fs_uniquifier"), cookie.get(_TOKEN)
        if not uniquifier or not token:
            return None
        found = sessions.find(db(), str(uniquifier), str(token), now())
        return SignedIn(*found) if found else None

    def find_role(self, role: str) -> StaffRole:
        return StaffRole(role)

    def put(self, model: Any) -> Any:
        return model

    def commit(self) -> None:
        """Nothing: a request commits once, at its edge."""


def sign_in() -> str | Response:
    """E-mail and password. Whatever was wrong, the answer is the same."""
    if signed_in():
        return redirect(url_for("home.index"))
    if request.method == "GET":
        return _page("")
    email, password = typed().get("email", ""), typed().get("password", "")
    user, store = find(email), office().store
    one = attempt(Door.PASSWORD, email, user.account if user else None)
    if not throttle.begin(store, one, now()):
        return _page("slow-down")
    good = passwords.matches(password, user.password if user else None)
    if user is None or not good or not user.active:
        return _page("wrong")
    throttle.succeeded(store, one)
    if factors.of(db(), user.id).any:
        from webadmin import second_step  # noqa: PLC0415  it goes on from here, and imports this

        return second_step.ask_for(user.account)
    with store.writing() as session:
        enter(session, session.get_one(Account, user.id))
    return lead_on()


def lead_on() -> Response:
    """To where one wanted before signing in, on this site and nowhere else."""
    wanted = request.args.get("next", "")
    return redirect(wanted if _OWN_PATH.fullmatch(wanted) else url_for("home.index"))


def attempt(door: Door, email: str, account: Account | None) -> Attempt:
    """A try at a door, from here and perhaps on a device of its owner."""
    device = devices.known(office().store.vault, account.id) if account else ""
    return Attempt(door, email, address(), device)


def enter(session: Session, account: Account) -> None:
    """Somebody has proved who they are: open a session, and know this device from now on."""
    staff, vault = session.get_one(Staff, account.staff_id), session.vault
    speak(staff.language)
    practice = office().settings.practice
    row, token = sessions.begin(
        session,
        account,
        now(),
        browser=browsers.code(request.user_agent.string),
        network=browsers.network(vault, address()),
        set_up_by=safety.set_up_by(session, account, staff, now(), practice=practice),
    )
    login_user(SignedIn(account, staff, row), authn_via=["password"])
    cookie[_TOKEN] = token
    devices.remember(vault, account.id)
    if account.second_step_reset_at:
        day = dates.moment(account.second_step_reset_at)
        flash(
            _(
                "An administrator removed your second step: %(day)s. If you did not ask for that,"
                " tell them at once."
            )
            % {"day": day},
            "problem",
        )
        account.second_step_reset_at = None


def find(email: str) -> SignedIn | None:
    """The account of an address, with its staff member."""
    account = accounts.by_email(db(), email)
    return SignedIn(account, db().get_one(Staff, account.staff_id)) if account else None


def _page(problem: str) -> str:
    return render_template(
        "sign_in.html",
        problem=problem,
        email=typed().get("email", ""),
        passkeys_work=passkeys.possible(office().settings),
    )


def install(app: Flask) -> None:
    """Add Flask-Security: it keeps who is signed in, and signs out."""
    app.config.update(
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  the name of a scheme; hashing is ours
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_USE_REGISTER_V2=True,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_DATETIME_FACTORY=now,
    )
    Security(app, StaffDatastore())
    # Its own view knows nothing of our second steps, and answers in JSON with more than we want.
    app.view_functions["security.login"] = sign_in
    # The only way in is a session, which ends: Flask-Security would also take a token from a
    # header or an address, for ever.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]

    @user_logged_out.connect_via(app)  # type: ignore[untyped-decorator]
    def _end_copies(_app: Flask, user: SignedIn, **_more: object) -> None:
        # A copy of the cookie ends with the row.
        if request.endpoint == "security.logout" and user.row:
            sessions.end(db(), user.id, user.row.id)

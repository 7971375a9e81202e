"""Signing in and out, on Flask-Security over the project's own store.

Its datastore finds accounts in the request's session and never commits. The form is ours: it slows
down guessing, takes as long for an unknown account as for a wrong password, and says the same.
"""

from typing import Any

from flask import Flask, request
from flask_login import user_logged_out
from flask_security import RoleMixin, Security, UserDatastore, UserMixin
from flask_security.forms import Form, LoginForm

from casework.models import Staff
from webadmin import accounts, passwords, throttle
from webadmin.accounts import Account
from webadmin.context import db, now, office
from webadmin.edge import address


class StaffRole(RoleMixin):
    """A role of staff, as Flask-Security wants to see one."""

    def __init__(self, name: str) -> None:
        self.name = name


class SignedIn(UserMixin):
    """An account together with its staff member: what ``current_user`` is."""

    fs_uniquifier = ""

    def __init__(self, account: Account, staff: Staff) -> None:
        self.account = account
        self.staff = staff
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
        """By ``fs_uniquifier`` (each request) or ``email`` (signing in)."""
        if uniquifier := kwargs.get("fs_uniquifier"):
            found = accounts.by_uniquifier(db(), str(uniquifier))
            return SignedIn(*found) if found else None
        return find(str(kwargs.get("email", "")))

    def find_role(self, role: str) -> StaffRole:
        return StaffRole(role)

    def put(self, model: Any) -> Any:
        return model

    def commit(self) -> None:
        """Nothing: a request commits once, at its edge."""


class SignInForm(LoginForm):
    """E-mail and password. Whatever was wrong, the answer is the same."""

    slow_down = False
    remember = None  # type: ignore[assignment]  # no form has it: a session ends

    def validate_next(self, _field: Any) -> None:
        """An address that is not ours is left out when signing in leads on; no reason to refuse."""

    def validate(self, **_more: Any) -> bool:
        if not Form.validate(self):
            return False
        email, password = str(self.email.data), str(self.password.data)
        store, source = office().store, address()
        if not throttle.begin(store, email, source, now()):
            self.slow_down = True
            return False
        user = find(email)
        good = passwords.matches(password, user.password if user else None)
        if user is None or not good or not user.active:
            return False
        throttle.succeeded(store, email, source)
        self.user = user
        return True


def find(email: str) -> SignedIn | None:
    """The account of an address, with its staff member."""
    account = accounts.by_email(db(), email)
    return SignedIn(account, db().get_one(Staff, account.staff_id)) if account else None


def install(app: Flask) -> None:
    """Add Flask-Security. Features that later issues need stand in its documentation."""
    app.config.update(
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_LOGIN_USER_TEMPLATE="sign_in.html",
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
    Security(app, StaffDatastore(), login_form=SignInForm)
    # The only way in is a session, which ends: Flask-Security would also take a token that its
    # JSON answer to a sign-in hands out, from a header or an address, for ever.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]

    @user_logged_out.connect_via(app)  # type: ignore[untyped-decorator]
    def _end_copies(_app: Flask, user: SignedIn, **_more: object) -> None:
        # A session stands in its cookie alone: only so does a copy of it end, too.
        if request.endpoint == "security.logout":
            accounts.end_sessions(user.account)

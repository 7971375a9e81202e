"""Who may open what: everything is closed until a view names the roles it is for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_security import logout_user, user_authenticated
from werkzeug.wrappers import Response

from casework.vocabulary import Role
from webadmin.context import now, signed_in

LONGEST = timedelta(hours=12)
"""After this time one signs in anew."""
IDLE = timedelta(hours=2)
"""After this time without a request, too."""

HANDLING = (Role.ADMIN, Role.SUPERVISOR, Role.HANDLER)
WITH_BRANDS = (*HANDLING, Role.BRAND)
EVERYBODY = (*HANDLING, Role.INTERPRETER, Role.AUDITOR, Role.BRAND)

OPEN_ENDPOINTS = frozenset(
    {
        "static",
        "security.login",
        "account.welcome",
        "operation.health",
        "operation.metrics",  # this machine or an admin: it checks by itself
        "supplier.show",  # the secret in the address opens it
        "supplier.answer",
    }
)
"""The views anyone may open. Keep it short."""

P = ParamSpec("P")
R = TypeVar("R")


def allowed(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Name the roles a view is for; without this nobody can open it."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.recourse_roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def roles_of(app: Flask, endpoint: str) -> frozenset[Role]:
    """The roles an endpoint is for; nobody where it names none."""
    if endpoint == "security.logout":
        return frozenset(EVERYBODY)
    found: frozenset[Role] = getattr(app.view_functions[endpoint], "recourse_roles", frozenset())
    return found


def install(app: Flask, open_blueprints: frozenset[str]) -> None:
    """Close an application, but for ``OPEN_ENDPOINTS`` and the blueprints named."""

    @user_authenticated.connect_via(app)
    def _begin(_app: Flask, **_more: object) -> None:
        # Who sat here before must not know the token of the forms from now on.
        session.pop("csrf_token", None)
        session["since"] = session["seen"] = now().isoformat()

    @app.before_request
    def _check() -> Response | None:
        _end_old_session()
        endpoint = request.endpoint
        if endpoint is None or endpoint in OPEN_ENDPOINTS or request.blueprint in open_blueprints:
            return None
        staff = signed_in()
        if staff is None:
            if request.method == "GET":
                wanted = request.full_path.rstrip("?")
                return redirect(url_for("security.login", next=None if wanted == "/" else wanted))
            abort(401)
        if staff.role not in roles_of(current_app, endpoint):
            abort(403)
        return None


def _end_old_session() -> None:
    if "_user_id" not in session:
        return
    at = now()
    since, seen = _moment("since"), _moment("seen")
    if since is None or seen is None or at - since > LONGEST or at - seen > IDLE:
        logout_user()
        session.clear()
    elif at - seen > timedelta(minutes=1):
        session["seen"] = at.isoformat()


def _moment(name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(session[name])
    except (KeyError, TypeError, ValueError):
        return None

"""Who may open what: everything is closed until a view names the roles it is for."""

from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_login import current_user
from flask_security import user_authenticated
from werkzeug.wrappers import Response

from casework.vocabulary import Role
from webadmin import problems, sessions
from webadmin.context import now, signed_in
from webadmin.edge import keep
from webadmin.signin_rows import SignInSession

HANDLING = (Role.ADMIN, Role.SUPERVISOR, Role.HANDLER)
WITH_BRANDS = (*HANDLING, Role.BRAND)
EVERYBODY = (*HANDLING, Role.INTERPRETER, Role.AUDITOR, Role.BRAND)

OPEN_ENDPOINTS = frozenset(
    {
        "static",
        "security.login",
        "second_step.ask",
        "second_step.options",
        "second_step.passkey",
        "account.welcome",
        "operation.health",
        "api.openapi",
        "operation.metrics",  # this machine or an admin: it checks by itself
        "supplier.show",  # the secret in the address opens it
        "supplier.answer",
        "public.show",  # the same for everybody
        "public.as_csv",
        "public.as_json",
    }
)
"""The views anyone may open. Keep it short."""

_SETTING_UP = "factors"
"""The blueprint that is open to who must first set up a second step."""

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

    @app.before_request
    def _check() -> Response | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in OPEN_ENDPOINTS or request.blueprint in open_blueprints:
            return None
        if request.blueprint == problems.BLUEPRINT:
            return None  # a token opens it, and no session does: webadmin.api_door
        staff = signed_in()
        if staff is None:
            # What a session that has ended left in the cookie is of no use to the next one.
            if "_user_id" in session:
                session.clear()
            if request.method == "GET":
                wanted = request.full_path.rstrip("?")
                return redirect(url_for("security.login", next=None if wanted == "/" else wanted))
            abort(401)
        row = own_session()
        if row.set_up_by and row.set_up_by <= now() and not _may_open_before(endpoint):
            return redirect(url_for("factors.index"), code=303)
        if staff.role not in roles_of(current_app, endpoint):
            abort(403)
        _note_seen(row)
        return None


def own_session() -> SignInSession:
    """The session of the browser that asks; views behind the sign-in always have one."""
    row = current_user.row
    assert isinstance(row, SignInSession)
    return row


def second_step_by() -> datetime | None:
    """Until when who is signed in has to set up a second step; ``None`` where nobody is signed in,
    there is one, or none is needed."""
    row = current_user.row if signed_in() else None
    return row.set_up_by if isinstance(row, SignInSession) else None


def _may_open_before(endpoint: str) -> bool:
    return request.blueprint == _SETTING_UP or endpoint == "security.logout"


def _note_seen(row: SignInSession) -> None:
    number, at = row.id, now()
    if at - row.seen > sessions.SEEN_EVERY:
        keep(lambda writing: sessions.note_seen(writing, number, at))

"""Builds the Flask application: settings, extensions, rooms, and what surrounds every request."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from casework.config import Settings
from casework.db import Store
from webadmin import (
    absences,
    access,
    account,
    api,
    api_tokens,
    attesting,
    audit,
    brands,
    calendars,
    case_export,
    case_file,
    case_import,
    case_ties,
    case_time,
    cases,
    edge,
    entry,
    errors,
    factories,
    files,
    filters,
    group,
    guidance,
    home,
    identity,
    interpreting,
    notices,
    operation,
    own_factors,
    patterns,
    phrases,
    policies,
    poster_page,
    rating,
    recordings,
    redactions,
    releases,
    remedy,
    remedy_contacts,
    remedy_money,
    remedy_plan,
    rendering,
    reviewing,
    rights,
    second_step,
    several,
    signin,
    staff,
    staff_safety,
    statistics,
    statistics_report,
    supplier,
    supplier_record,
    supplies,
    team,
    ties,
    translating,
    waiting,
    work,
    writing,
)
from webadmin.context import Office
from webadmin.errors import QuietFlask
from webadmin.forms import RowConverter
from webadmin.public import nobody
from webadmin.public import page as public

MAX_UPLOAD = 21 * 1024 * 1024
"""Bytes of a request: a file of the web chat (20 MiB) and its form."""

_ROOMS = (
    home,
    cases,
    notices,
    case_time,
    case_ties,
    case_file,
    case_export,
    case_import,
    group,
    several,
    entry,
    patterns,
    work,
    writing,
    waiting,
    translating,
    interpreting,
    phrases,
    team,
    filters,
    identity,
    files,
    redactions,
    audit,
    factories,
    poster_page,
    supplies,
    calendars,
    policies,
    brands,
    staff,
    staff_safety,
    recordings,
    guidance,
    rights,
    account,
    ties,
    absences,
    second_step,
    own_factors,
    operation,
    remedy,
    remedy_money,
    remedy_contacts,
    remedy_plan,
    supplier,
    rating,
    attesting,
    reviewing,
    supplier_record,
    statistics,
    statistics_report,
    releases,
    api,
    api_tokens,
    public,
)


def create_app(
    store: Store,
    settings: Settings,
    *,
    now: Callable[[], datetime],
    secret_key: bytes,
    open_blueprints: Iterable[Blueprint] = (),
) -> Flask:
    """The web application over a store.

    ``now`` gives aware times. ``secret_key`` signs sessions: the same for all processes, never
    published. ``open_blueprints`` are mounted as they are and anyone may use them (the workers' web
    chat); every other view is closed unless it names its roles.
    """
    app = QuietFlask("webadmin", static_folder="static", template_folder="templates")
    app.url_map.converters["int"] = RowConverter
    https = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="__Host-recourse" if https else "recourse",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=7),
        # Somebody may write a reply for an hour; the session's end is the form's end.
        WTF_CSRF_TIME_LIMIT=None,
        # Its referrer check needs what our Referrer-Policy never sends.
        WTF_CSRF_SSL_STRICT=False,
    )
    openings = tuple(open_blueprints)
    names = frozenset(blueprint.name for blueprint in openings)
    app.extensions["recourse"] = Office(store, settings, now, names)
    app.session_interface = nobody.Sessions()
    edge.install(app, https=https)
    # Who has a link to their own actions has no session that another site could ride on.
    CSRFProtect(app).exempt(supplier.blueprint)
    signin.install(app)
    access.install(app, names)
    rendering.install(app)
    errors.install(app)
    for room in _ROOMS:
        app.register_blueprint(room.blueprint)
    for blueprint in openings:
        app.register_blueprint(blueprint)
    return app

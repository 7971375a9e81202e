"""What a view may ask for: the office it runs in, its database session, who is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app, g
from flask_login import current_user

from casework.actors import Actor, staff_actor
from casework.config import Settings
from casework.db import Session, Store
from casework.models import Staff


@dataclass(frozen=True, slots=True)
class Office:
    """What the application was built with."""

    store: Store
    settings: Settings
    now: Callable[[], datetime]
    open_blueprints: frozenset[str] = frozenset()
    """Names of what anyone may use."""


def office() -> Office:
    """The office of the running application."""
    return cast(Office, current_app.extensions["recourse"])


def now() -> datetime:
    """The time of this request: the same for everything it does."""
    if "recourse_now" not in g:
        g.recourse_now = office().now()
    return cast(datetime, g.recourse_now)


def signed_in() -> Staff | None:
    """The staff member who is signed in, if anybody is."""
    # What is behind the proxy, once: pages ask some hundred times.
    user = current_user._get_current_object()  # noqa: SLF001  the documented way
    return user.staff if user and user.is_authenticated else None


def me() -> Staff:
    """The staff member who is signed in; views behind the sign-in always have one."""
    staff = signed_in()
    assert staff is not None
    return staff


def actor() -> Actor:
    """The signed-in staff member as the domain's actor."""
    return staff_actor(me())


def zone() -> ZoneInfo:
    """The zone the reader's dates are written in."""
    found: ZoneInfo | None = g.get("recourse_zone")
    if found is None:
        staff = signed_in()
        settings = office().settings
        found = g.recourse_zone = zone_of(staff, settings) if staff else settings.zone
    return found


def zone_of(staff: Staff, settings: Settings) -> ZoneInfo:
    """The zone of a staff member, or the office's where that can't be read."""
    try:
        return ZoneInfo(staff.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return settings.zone


def db() -> Session:
    """The session of this request's one transaction (``webadmin.edge``)."""
    from webadmin.edge import session  # noqa: PLC0415  edge needs this module's office

    return session()

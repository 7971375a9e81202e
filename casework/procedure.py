"""Which rules of procedure hold, since when, and where anybody reads them."""

from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from sqlmodel import col, select

from casework.config import Settings
from casework.db import Session
from casework.models import PolicyVersion

PATH: Final = "/public#procedure"
"""Where the rules are published, behind the address of the installation."""

RULES: Final = 1
"""Counts up whenever the rules that ``webadmin.public`` publishes say something else."""
RULES_SINCE: Final = date(2026, 11, 22)
"""Since when that version is published; a change of the deadlines alone comes on top."""


def address_of(settings: Settings) -> str:
    """Where the rules of procedure are published; ``""`` where nobody else could read them: in
    practice, and at an address that only this machine knows. Where they were: ``facts.rules_at``."""
    host = urlsplit(settings.public_url).hostname or ""
    try:
        found = ip_address(host)
        only_here = found.is_loopback or found.is_unspecified
    except ValueError:
        only_here = host == "localhost"
    return "" if only_here or settings.practice else f"{settings.public_url}/public"


@dataclass(frozen=True, slots=True)
class Procedure:
    """A version of the published rules."""

    version: str
    """That of the rules and that of the deadlines in them: ``1.3``."""
    since: date
    """The day, in UTC, on which the newer of the two began to hold."""


def in_force(session: Session) -> Procedure:
    """The rules of procedure that hold now; ``1.0`` where nobody has changed a deadline yet."""
    newest = select(PolicyVersion.number, PolicyVersion.at)
    row = session.exec(newest.order_by(col(PolicyVersion.number).desc()).limit(1)).first()
    if row is None:
        return Procedure(f"{RULES}.0", RULES_SINCE)
    number, at = row
    return Procedure(f"{RULES}.{number}", max(RULES_SINCE, at.date()))

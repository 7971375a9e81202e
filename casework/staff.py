"""The people of the office as they are written: checked field by field, added, changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.errors import Remark
from casework.factories import ZONES, Problems, brand_by_code
from casework.ids import new_id
from casework.lifecycle import HANDLING_ROLES
from casework.models import Brand, Staff, StaffEvent
from casework.vocabulary import STAFF_ROLES, Role, StaffAct

_TAG = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """A person of the office as it was typed and found good."""

    name: str
    email: str
    role: Role
    organisation: str
    language: str
    zone: str
    brand_id: int | None
    restricted_pool: bool
    speaks: str = ""
    """Tags of further languages, with spaces between them."""


def check(
    session: Session, typed: Mapping[str, str], person: Staff | None = None
) -> StaffFacts | Problems:
    """Read ``name, email, role, organisation, language, zone, brand, restricted_pool``.

    ``person`` is who is changed; without one, nobody else may have the address.
    """
    fields = {name: " ".join(text.split()) for name, text in typed.items()}
    email = fields.get("email", "").lower()
    role = next((r for r in STAFF_ROLES if r.value == fields.get("role")), None)
    brand = brand_by_code(session, fields.get("brand", ""))
    same = session.exec(select(Staff).where(Staff.email == email)).first()
    zone = fields.get("zone") or "UTC"
    rules = {
        "name": 0 < len(fields.get("name", "")) <= 120,
        "email": bool(_ADDRESS.fullmatch(email)) and len(email) <= 254,
        "role": role is not None,
        "brand": role is not Role.BRAND or brand is not None,
        "zone": zone in ZONES,
        "organisation": len(fields.get("organisation", "")) <= 120,
        "speaks": all(_TAG.fullmatch(tag) for tag in fields.get("speaks", "").split())
        and len(fields.get("speaks", "")) <= 200,
    }
    problems = {name: _SAY[name] for name, good in rules.items() if not good}
    if same is not None and same is not person:
        problems["email"] = Remark("Somebody has this address already.")
    if problems or role is None:
        return problems
    return StaffFacts(
        name=fields["name"],
        email=email,
        role=role,
        organisation=fields.get("organisation", ""),
        language=fields.get("language") or "en",
        zone=zone,
        brand_id=brand.id if brand and role is Role.BRAND else None,
        restricted_pool=bool(fields.get("restricted_pool")) and role is not Role.BRAND,
        speaks=fields.get("speaks", ""),
    )


def spoken(person: Staff) -> frozenset[str]:
    """Tags of the languages a person reads and writes."""
    return frozenset({person.language, *person.speaks.split()})


_SAY = {
    "name": Remark("Write the person's name, at most 120 characters."),
    "email": Remark("Write an e-mail address, for example asha@example.org."),
    "role": Remark("Choose a role."),
    "brand": Remark("Choose the brand whose figures this person may see."),
    "zone": Remark("Write a time zone of the list, for example Asia/Phnom_Penh."),
    "organisation": Remark("At most 120 characters."),
    "speaks": Remark("Choose languages of the list."),
}


def add(session: Session, facts: StaffFacts, *, by: Actor, now: datetime) -> Staff:
    """Add a person. How they sign in is not the domain's business."""
    person = Staff(
        id=new_id(now),
        name=facts.name,
        email=facts.email,
        role=facts.role,
        organisation=facts.organisation,
        language=facts.language,
        zone=facts.zone,
        brand_id=facts.brand_id,
        restricted_pool=facts.restricted_pool,
        speaks=facts.speaks,
        created_at=now,
    )
    session.add(person)
    session.flush()
    given = {name: [None, value] for name, value in _rights(person).items()}
    _record(session, person, StaffAct.ADDED, given, by, now)
    return person


def change(
    session: Session, person: Staff, facts: StaffFacts, *, active: bool, by: Actor, now: datetime
) -> None:
    """Change a person's facts and rights. The address stays. Changed rights are written down."""
    before = _rights(person)
    person.name, person.role = facts.name, facts.role
    person.organisation, person.language = facts.organisation, facts.language
    person.zone, person.brand_id = facts.zone, facts.brand_id
    person.restricted_pool, person.active = facts.restricted_pool, active
    person.speaks = facts.speaks
    after = _rights(person)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        _record(session, person, StaffAct.CHANGED, changed, by, now)


def note_invitation(session: Session, person: Staff, *, by: Actor, now: datetime) -> None:
    """Write down that somebody got a link to set this person's password."""
    _record(session, person, StaffAct.INVITED, {}, by, now)


def history(session: Session, limit: int = 30) -> list[StaffEvent]:
    """What was done to people's rights lately, the newest first."""
    return list(session.exec(select(StaffEvent).order_by(col(StaffEvent.id).desc()).limit(limit)))


def _rights(person: Staff) -> dict[str, Any]:
    return {
        "role": person.role.value,
        "restricted_pool": person.restricted_pool,
        "brand": person.brand_id,
        "active": person.active,
        "speaks": person.speaks,
    }


def _record(
    session: Session,
    person: Staff,
    what: StaffAct,
    data: dict[str, Any],
    by: Actor,
    now: datetime,
) -> None:
    session.add(
        StaffEvent(
            id=new_id(now), at=now, staff_id=person.id, by_id=by.staff_id, what=what, data=data
        )
    )


def as_typed(session: Session, person: Staff) -> dict[str, str]:
    """A person as the fields ``check`` reads."""
    brand = session.get(Brand, person.brand_id) if person.brand_id else None
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role.value,
        "organisation": person.organisation,
        "language": person.language,
        "zone": person.zone,
        "brand": brand.code if brand else "",
        "restricted_pool": "yes" if person.restricted_pool else "",
        "speaks": person.speaks,
    }


def pool_is_empty(session: Session) -> bool:
    """Whether nobody could see a restricted case: then one would wait unnoticed."""
    statement = select(Staff.id).where(
        col(Staff.active), col(Staff.restricted_pool), col(Staff.role).in_(HANDLING_ROLES)
    )
    return session.exec(statement.limit(1)).first() is None

"""The people of the office as they are written: checked field by field, added, changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from casework import conflicts, ties, token_making
from casework.actors import Actor
from casework.db import Session
from casework.errors import Remark
from casework.factories import ZONES, Problems, brand_by_code
from casework.ids import new_id
from casework.lifecycle import HANDLING_ROLES
from casework.models import Brand, Factory, Staff, StaffEvent
from casework.office import staff_log
from casework.vocabulary import STAFF_ROLES, Role, StaffAct

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
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
    factories: tuple[int, ...] | None = None
    """The factories whose cases they see; ``None``: all."""
    languages: tuple[str, ...] | None = None
    """The languages of the workers whose cases they see; ``None``: all."""
    may_identify: bool = False
    speaks: str = ""
    """Tags of further languages, with spaces between them."""


def check(
    session: Session, typed: Mapping[str, str], person: Staff | None = None
) -> StaffFacts | Problems:
    """Read ``name, email, role, organisation, language, zone, brand, restricted_pool,
    may_identify``, and with spaces between them the codes of ``factories``, the tags of
    ``languages`` (``""``: all), and those that the person ``speaks``.

    ``person`` is who is changed; without one, nobody else may have the address.
    """
    fields = {name: " ".join(text.split()) for name, text in typed.items()}
    email = fields.get("email", "").lower()
    role = next((r for r in STAFF_ROLES if r.value == fields.get("role")), None)
    brand = brand_by_code(session, fields.get("brand", ""))
    same = session.exec(select(Staff).where(Staff.email == email)).first()
    codes, tags = fields.get("factories", "").split(), fields.get("languages", "").split()
    factories = sorted(session.exec(select(Factory.id).where(col(Factory.code).in_(codes))))
    zone = fields.get("zone") or "UTC"
    rules = {
        "name": 0 < len(fields.get("name", "")) <= 120,
        "email": bool(_ADDRESS.fullmatch(email)) and len(email) <= 254,
        "role": role is not None,
        "brand": role is not Role.BRAND or brand is not None,
        "zone": zone in ZONES,
        "organisation": len(fields.get("organisation", "")) <= 120,
        "factories": len(factories) == len(set(codes)),
        "languages": all(_TAG.fullmatch(tag) for tag in tags),
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
        factories=tuple(factories) or None,
        languages=tuple(sorted(set(tags))) or None,
        may_identify=bool(fields.get("may_identify")) and role in HANDLING_ROLES,
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
    "factories": Remark("One of these factories is not in the list. Choose again."),
    "languages": Remark("One of these is no language. Choose again."),
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
        may_identify=facts.may_identify,
        speaks=facts.speaks,
        created_at=now,
    )
    _set_scopes(person, facts)
    session.add(person)
    session.flush()
    given = {name: [None, value] for name, value in _rights(session, person).items()}
    staff_log.note(session, person.id, StaffAct.ADDED, given, by=by, now=now)
    _follow(session, person, now, by)
    return person


def change(
    session: Session, person: Staff, facts: StaffFacts, *, active: bool, by: Actor, now: datetime
) -> None:
    """Change a person's facts and rights. The address stays. Changed rights are written down. Who
    leaves, or gets another role or brand, leaves no token for the API that works."""
    before, organisation = _rights(session, person), person.organisation
    person.name, person.role = facts.name, facts.role
    person.organisation, person.language = facts.organisation, facts.language
    person.zone, person.brand_id = facts.zone, facts.brand_id
    person.restricted_pool, person.active = facts.restricted_pool, active
    person.speaks = facts.speaks
    person.may_identify = facts.may_identify
    _set_scopes(person, facts)
    after = _rights(session, person)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        staff_log.note(session, person.id, StaffAct.CHANGED, changed, by=by, now=now)
    if changed.keys() & {"active", "role", "brand"}:
        token_making.revoke_of(session, person, by=by, now=now)
    if changed or organisation != person.organisation:
        _follow(session, person, now, by)


def _set_scopes(person: Staff, facts: StaffFacts) -> None:
    person.scope_factories = list(facts.factories) if facts.factories else None
    person.scope_languages = list(facts.languages) if facts.languages else None


def _follow(session: Session, person: Staff, now: datetime, by: Actor) -> None:
    """What follows from rights and an organisation: cases they may not know of, or not any more."""
    session.flush()
    ties.refresh_factories(session, now, by, [person])
    conflicts.refresh_person(session, person, now, by)
    conflicts.let_go(session, person, now, by)


def note_invitation(session: Session, person: Staff, *, by: Actor, now: datetime) -> None:
    """Write down that somebody got a link to set this person's password."""
    staff_log.note(session, person.id, StaffAct.INVITED, {}, by=by, now=now)


def note_revoked(session: Session, person: Staff, *, by: Actor, now: datetime) -> None:
    """Write down that somebody took this person's link back."""
    staff_log.note(session, person.id, StaffAct.LINK_REVOKED, {}, by=by, now=now)


def note_reset(session: Session, person: Staff, *, by: Actor, now: datetime) -> None:
    """Write down that somebody took this person's second steps away."""
    staff_log.note(session, person.id, StaffAct.SECOND_STEP_RESET, {}, by=by, now=now)


def note_rule(
    session: Session, person: Staff, roles: list[list[str]], *, by: Actor, now: datetime
) -> None:
    """Write down which roles had to have a second step, and which have to from now on."""
    staff_log.note(
        session, person.id, StaffAct.SECOND_STEP_RULE, {"second_step": roles}, by=by, now=now
    )


def history(session: Session, limit: int = 30) -> list[StaffEvent]:
    """What was done to people's rights lately, the newest first."""
    return list(session.exec(select(StaffEvent).order_by(col(StaffEvent.id).desc()).limit(limit)))


def _rights(session: Session, person: Staff) -> dict[str, Any]:
    return {
        "role": person.role.value,
        "restricted_pool": person.restricted_pool,
        "may_identify": person.may_identify,
        "brand": person.brand_id,
        "active": person.active,
        "factories": factory_codes(session, person),
        "languages": person.scope_languages,
        "speaks": person.speaks,
    }


def factory_codes(session: Session, person: Staff) -> list[str] | None:
    """The codes of the factories whose cases a person sees, ``None`` for all."""
    if person.scope_factories is None:
        return None
    codes = select(Factory.code).where(col(Factory.id).in_(person.scope_factories))
    return sorted(session.exec(codes))


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
        "factories": " ".join(factory_codes(session, person) or ()),
        "languages": " ".join(person.scope_languages or ()),
        "may_identify": "yes" if person.may_identify else "",
        "speaks": person.speaks,
    }


def pool_is_empty(session: Session) -> bool:
    """Whether nobody could see a restricted case: then one would wait unnoticed."""
    statement = select(Staff.id).where(
        col(Staff.active), col(Staff.restricted_pool), col(Staff.role).in_(HANDLING_ROLES)
    )
    return session.exec(statement.limit(1)).first() is None

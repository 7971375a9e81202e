"""Factories and brands as they are written: checked field by field, added, changed, linked.

What a person typed comes in as text by field; every problem is named with its field, all at once.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from babel import Locale
from sqlmodel import col, select

from casework.db import Session
from casework.errors import Remark
from casework.ids import new_id
from casework.models import Brand, Factory, Supply
from casework.places import fold
from casework.references import ALPHABET
from casework.searching import searchwords
from casework.vocabulary import Scope

_NO_COUNTRIES = "AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split()
"""Unicode's own codes, for unions and lone islands."""
COUNTRIES = {
    code: name
    for code, name in Locale("en").territories.items()
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
}
"""ISO 3166 codes with their English names."""

ZONES = frozenset(available_timezones())
_CODE_LENGTH = 5
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_WORKERS = 1_000_000
_TAKEN_WORDS = ("NEW", "IMPORT")
"""No codes: in an address they would name a page."""

Problems = dict[str, Remark]
"""What is wrong, by field: a sentence that says what to write instead."""


@dataclass(frozen=True, slots=True)
class FactoryFacts:
    """A factory as it was typed and found good. An empty code means: make one."""

    code: str
    name: str
    place: str
    country: str
    zone: str
    workers: int | None


@dataclass(frozen=True, slots=True)
class SupplyFacts:
    """That a factory works for a brand: its own operation or a supplier, at which tier, when."""

    brand: str
    scope: Scope
    tier: int | None
    since: date
    until: date | None = None


def check_factory(typed: Mapping[str, str]) -> FactoryFacts | Problems:
    """Read ``code, name, place, country, zone, workers``."""
    fields = {name: _squeezed(typed.get(name, "")) for name in FactoryFacts.__slots__}
    problems = _formulas(fields)
    code, country = fields["code"].upper(), fields["country"].upper()
    rules = {
        "code": not code or _is_code(code, 3),
        "name": 0 < len(fields["name"]) <= 160,
        "place": len(fields["place"]) <= 120,
        "country": country in COUNTRIES,
        "zone": fields["zone"] in ZONES,
        "workers": not fields["workers"]
        or (_is_number(fields["workers"]) and int(fields["workers"]) <= _MOST_WORKERS),
    }
    problems = {name: _SAY[name] for name, good in rules.items() if not good} | problems
    if problems:
        return problems
    workers = int(fields["workers"]) if fields["workers"] else None
    return FactoryFacts(code, fields["name"], fields["place"], country, fields["zone"], workers)


def check_supply(typed: Mapping[str, str]) -> SupplyFacts | Problems:
    """Read ``brand, scope, tier, since, until``; an empty scope means supply chain."""
    fields = {name: _squeezed(typed.get(name, "")) for name in SupplyFacts.__slots__}
    problems = _formulas(fields)
    scope_text = fields["scope"].lower().replace(" ", "-") or Scope.SUPPLY_CHAIN.value
    since, until = _day(fields["since"]), _day(fields["until"])
    own = scope_text == Scope.OWN.value
    tier = fields["tier"]
    rules = {
        "brand": bool(fields["brand"]),
        "scope": scope_text in [scope.value for scope in Scope],
        "tier": not tier or (_is_number(tier) and int(tier) <= 9 and (int(tier) == 0) is own),
        "since": since is not None,
        "until": not fields["until"] or (until is not None and (since is None or until >= since)),
    }
    problems = {name: _SAY[name] for name, good in rules.items() if not good} | problems
    if problems or since is None:
        return problems
    number = int(tier) if tier else (0 if own else None)
    return SupplyFacts(fields["brand"].upper(), Scope(scope_text), number, since, until)


_SAY = {
    "code": Remark("Use 3 to 24 letters and digits, without spaces, or leave it empty to get one."),
    "name": Remark("Write the factory's name, at most 160 characters."),
    "place": Remark("At most 120 characters."),
    "country": Remark("Write the two-letter code of the country, for example KH or VN."),
    "zone": Remark("Write a time zone of the list, for example Asia/Phnom_Penh."),
    "workers": Remark("Write a whole number without separators, or leave it empty."),
    "brand": Remark("Write the code of a brand."),
    # Translators: "own" and "supply-chain" stay as they are: that is what the file must say.
    "scope": Remark("Write “own” or “supply-chain”."),
    "tier": Remark(
        "Write 0 for a brand's own operation, 1 to 9 for a supplier, or leave it empty."
    ),
    "since": Remark("Write the day the factory began to work for the brand, like 2024-03-31."),
    "until": Remark("Write a day like 2026-03-31, not before the first, or leave it empty."),
}
FORMULA = Remark("This begins like a formula (= + - @). Write it without that first character.")
TAKEN = Remark("Another factory has this code.")
NO_BRAND = Remark("There is no brand with this code. Add the brand first.")


def add_factory(session: Session, facts: FactoryFacts, now: datetime) -> Factory | Problems:
    """Add a factory, or say which field is in the way."""
    if facts.code and _by_code(session, facts.code):
        return {"code": TAKEN}
    factory = Factory(
        id=new_id(now),
        code=facts.code or free_code(session),
        name=facts.name,
        folded_name=fold(facts.name),
        place=facts.place,
        country=facts.country,
        zone=facts.zone,
        workers=facts.workers,
    )
    session.add(factory)
    session.flush()
    return factory


def change_factory(session: Session, factory: Factory, facts: FactoryFacts) -> None:
    """Change a factory's facts. Its code stays: it stands on posters."""
    if factory.name != facts.name:
        searchwords.rename(session, factory.id, facts.name)
    factory.name, factory.folded_name = facts.name, fold(facts.name)
    factory.place, factory.country = facts.place, facts.country
    factory.zone, factory.workers = facts.zone, facts.workers


def link(
    session: Session, factory: Factory, facts: SupplyFacts, now: datetime
) -> Supply | Problems:
    """Write that a factory works for a brand; the same relation is found again, not doubled."""
    brand = brand_by_code(session, facts.brand)
    if brand is None:
        return {"brand": NO_BRAND}
    if clash := overlap(session, factory, facts):
        return {"since": clash}
    same = (
        Supply.factory_id == factory.id,
        Supply.brand_id == brand.id,
        Supply.since == facts.since,
    )
    if supply := session.exec(select(Supply).where(*same)).first():
        supply.scope, supply.tier, supply.until = facts.scope, facts.tier, facts.until
        return supply
    supply = Supply(
        id=new_id(now),
        factory_id=factory.id,
        brand_id=brand.id,
        scope=facts.scope,
        tier=facts.tier,
        since=facts.since,
        until=facts.until,
    )
    session.add(supply)
    session.flush()
    return supply


def overlap(session: Session, factory: Factory, facts: SupplyFacts) -> Remark | None:
    """Why a relation can't stand beside those the factory has, ``None`` if it can.

    One that begins on the same day is the same one: it would be changed.
    """
    for supply, brand in supplies_of(session, factory.id):
        theirs, ours = supply.until or date.max, facts.until or date.max
        if (
            brand.code == facts.brand
            and supply.since != facts.since
            and supply.since <= ours
            and facts.since <= theirs
        ):
            return Remark("The factory already works for this brand in that time.")
    return None


def check_brand(typed: Mapping[str, str]) -> tuple[str, str] | Problems:
    """Read a brand's ``code`` and ``name``."""
    fields = {name: _squeezed(typed.get(name, "")) for name in ("code", "name")}
    problems = _formulas(fields)
    code, name = fields["code"].upper(), fields["name"]
    if not _is_code(code, 2):
        problems.setdefault("code", Remark("Use 2 to 24 letters and digits, without spaces."))
    if not 0 < len(name) <= 120:
        problems.setdefault("name", Remark("Write the brand's name, at most 120 characters."))
    return problems or (code, name)


def add_brand(session: Session, code: str, name: str, now: datetime) -> Brand | Problems:
    """Add a brand, or say which field is in the way."""
    if brand_by_code(session, code):
        return {"code": Remark("Another brand has this code.")}
    brand = Brand(id=new_id(now), code=code, name=name)
    session.add(brand)
    session.flush()
    return brand


def brand_by_code(session: Session, code: str) -> Brand | None:
    """The brand of a code."""
    return session.exec(select(Brand).where(Brand.code == code.strip().upper())).first()


def free_code(session: Session, choose: Callable[[int], int] = secrets.randbelow) -> str:
    """A code for a poster that no factory has: no vowels, no look-alike letters."""
    while True:
        code = "".join(ALPHABET[choose(len(ALPHABET))] for _ in range(_CODE_LENGTH))
        if not _by_code(session, code):
            return code


def supplies_of(session: Session, factory_id: int) -> list[tuple[Supply, Brand]]:
    """For whom a factory works or worked, the newest relation first."""
    statement = (
        select(Supply, Brand)
        .join(Brand, col(Brand.id) == col(Supply.brand_id))
        .where(Supply.factory_id == factory_id)
        .order_by(col(Supply.since).desc(), Brand.name)
    )
    return list(session.exec(statement))


def _by_code(session: Session, code: str) -> Factory | None:
    return session.exec(select(Factory).where(Factory.code == code)).first()


def _formulas(fields: Mapping[str, str]) -> Problems:
    # A spreadsheet that opens an export runs such a cell.
    return {name: FORMULA for name, text in fields.items() if text.startswith(_FORMULA)}


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _is_code(code: str, least: int) -> bool:
    well_formed = code.isascii() and code.replace("-", "").isalnum() and code not in _TAKEN_WORDS
    return least <= len(code) <= 24 and well_formed


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

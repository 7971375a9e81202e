"""What the address of the figures asks for: whose, of which period, compared with what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import abort

from casework import places
from casework.errors import BadInput
from casework.figures.periods import Period
from casework.models import Brand, Staff
from casework.publication import releases
from casework.vocabulary import Role, Scope
from webadmin.context import db
from webadmin.forms import chosen, number

FIELDS = ("brand", "scope", "period", "from", "to", "was", "compare", "version")
DAYS = "days"
"""The entry of the list of periods behind which two dates are typed."""
_QUARTERS, _YEARS = 12, 5
"""How many are offered; others are typed as days."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown. ``live``: counted now, for staff; else what was released to a brand."""

    live: bool
    brand: Brand | None
    """``None``: all brands together."""
    scope: Scope | None
    period: Period | None
    """``None`` where nothing was released yet."""
    periods: tuple[Period, ...]
    """Those that are offered."""
    compare: bool
    version: int | None = None
    """Of a release, where it is not the newest."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The fields it was read from, for the form and for links."""
    problem: BadInput | None = None

    @property
    def audience(self) -> str:
        """Whose releases are read."""
        return self.brand.code if self.brand else releases.PUBLIC


def read(args: Mapping[str, str], staff: Staff, today: date) -> Asked:
    """What ``args`` ask for, as far as this person may see it; what makes no sense is left out."""
    texts = {name: text for name in FIELDS if (text := args.get(name, "").strip()[:40])}
    if staff.role is Role.BRAND:
        return _of_brand(_own_brand(staff), texts)
    brand = next((one for one in places.brands(db()) if one.code == texts.get("brand")), None)
    return _live(brand, texts, today)


def released(args: Mapping[str, str], staff: Staff) -> Asked | None:
    """The same of released years alone, for texts that are published; ``None`` where a brand is still
    to be chosen. No quarters: subtracted from their year, texts of three would tell the fourth."""
    texts = {name: text for name in FIELDS if (text := args.get(name, "").strip()[:40])}
    texts.pop("scope", None)
    if staff.role is Role.BRAND:
        return _of_brand(_own_brand(staff), texts, years_only=True)
    brand = next((one for one in places.brands(db()) if one.code == texts.get("brand")), None)
    return _of_brand(brand, texts, years_only=True) if brand else None


def _own_brand(staff: Staff) -> Brand:
    """Never chosen by an address."""
    found = next((one for one in places.brands(db()) if one.id == staff.brand_id), None)
    return found or abort(404)


def _of_brand(brand: Brand, texts: dict[str, str], *, years_only: bool = False) -> Asked:
    offered = tuple(
        one for one in releases.periods(db(), brand.code) if one.is_year or not years_only
    )
    wanted = texts.get("period")
    period = next((one for one in offered if str(one) == wanted), None)
    texts.pop("brand", None)
    return Asked(
        live=False,
        brand=brand,
        scope=chosen(Scope, texts.get("scope")),
        period=period or (offered[0] if offered else None),
        periods=offered,
        compare=texts.get("compare") != "no",
        version=number(texts.get("version")),
        texts=texts,
    )


def _live(brand: Brand | None, texts: dict[str, str], today: date) -> Asked:
    offered = recent(today)
    problem, period = None, offered[0]
    try:
        if wanted := _wanted(texts):
            period = Period.read(wanted)
    except BadInput as error:
        problem = error
    texts.pop("version", None)
    return Asked(
        live=True,
        brand=brand,
        scope=chosen(Scope, texts.get("scope")),
        period=period,
        periods=offered,
        compare=texts.get("compare") != "no",
        texts=texts,
        problem=problem,
    )


def _wanted(texts: dict[str, str]) -> str:
    """The period as it is typed. Days that were just typed count, also where the list was left as it
    was; an entry that is chosen instead of days that stood there counts, too."""
    typed = bool(texts.get("from") or texts.get("to"))
    if texts.get("period") == DAYS or (typed and texts.get("was") != DAYS):
        texts["period"] = DAYS
        return f"{texts.get('from', '')}..{texts.get('to', '')}"
    for name in ("from", "to", "was"):
        texts.pop(name, None)
    return texts.get("period", "")


def recent(today: date) -> tuple[Period, ...]:
    """This quarter and those before it, then this year and those before it."""
    found = [Period.quarter_of(today)]
    while len(found) < _QUARTERS:
        found.append(found[-1].before)
    return (*found, *(Period.year(today.year - back) for back in range(_YEARS)))

"""Brands, factories, offices and staff of the sample data. All of them are invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from casework import factories
from casework.db import Session
from casework.deadlines.calendars import WorkingCalendar, calendar_of, usual_hours
from casework.factories import FactoryFacts, SupplyFacts
from casework.ids import new_id
from casework.models import Brand, Calendar, Factory, Staff
from casework.vocabulary import Role, Scope

OPERATOR = "Harbour Workers' Desk"
"""The NGO that runs the sample mechanism."""

_UNION = "Loom and Last Union Federation"


@dataclass(frozen=True, slots=True)
class Office:
    """Where handlers sit: its name, zone and the country of its holidays."""

    name: str
    zone: str
    country: str

    @property
    def calendar(self) -> WorkingCalendar:
        return calendar_of(self.zone, usual_hours(self.country), self.country)


OFFICES = {
    office.country: office
    for office in (
        Office("Ho Chi Minh City office", "Asia/Ho_Chi_Minh", "VN"),
        Office("Jakarta office", "Asia/Jakarta", "ID"),
        Office("Kuala Lumpur office", "Asia/Kuala_Lumpur", "MY"),
        Office("Phnom Penh office", "Asia/Phnom_Penh", "KH"),
        Office("Dhaka office", "Asia/Dhaka", "BD"),
        Office("Osaka office", "Asia/Tokyo", "JP"),
    )
}
"""One office in each country, by country."""

BRANDS = {
    "BRINDLE": "Brindlefoot Athletics",
    "MARROWIND": "Marrowind Outdoor",
    "TANSY": "Tansyvale Apparel",
}
"""Names of the sample brands, by code."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sample factory. ``share``: how often its workers complain, beside the others' share.

    ``works_for``: brand code, tier (0 is the brand's own operation), since when.
    """

    code: str
    name: str
    place: str
    country: str
    zone: str
    workers: int
    share: int
    works_for: tuple[tuple[str, int, str], ...]

    @property
    def facts(self) -> FactoryFacts:
        return FactoryFacts(self.code, self.name, self.place, self.country, self.zone, self.workers)


PLACES = (
    Place("VN7K2", "Cò Trắng Footwear Co., Ltd", "Bình Dương", "VN", "Asia/Ho_Chi_Minh", 8400, 15,
          (("BRINDLE", 1, "2016-04-01"), ("TANSY", 1, "2021-09-15"))),
    Place("VN4QX", "Bến Lúa Garment JSC", "Long An", "VN", "Asia/Ho_Chi_Minh", 2300, 9,
          (("TANSY", 1, "2019-02-01"),)),
    Place("VN9HM", "Đồi Sim Sole and Rubber Co., Ltd", "Đồng Nai", "VN", "Asia/Ho_Chi_Minh", 640, 5,
          (("BRINDLE", 2, "2020-06-01"),)),
    Place("ID3TR", "PT Melati Senja Apparel", "Sukabumi", "ID", "Asia/Jakarta", 5200, 13,
          (("MARROWIND", 1, "2018-01-15"),)),
    Place("ID8WF", "PT Kerang Biru Footwear", "Tangerang", "ID", "Asia/Jakarta", 3900, 9,
          (("BRINDLE", 1, "2017-07-01"),)),
    Place("MY6JP", "Embun Pagi Knitting Sdn Bhd", "Batu Pahat, Johor", "MY", "Asia/Kuala_Lumpur",
          880, 11, (("MARROWIND", 1, "2022-03-01"),)),
    Place("MY2VY", "Rimba Tenang Laminates Sdn Bhd", "Klang, Selangor", "MY", "Asia/Kuala_Lumpur",
          410, 8, (("MARROWIND", 2, "2022-11-01"), ("BRINDLE", 2, "2023-05-01"))),
    Place("KH4XC", "Blue Heron Bags (Cambodia) Co., Ltd", "Phnom Penh", "KH", "Asia/Phnom_Penh",
          1700, 8, (("TANSY", 1, "2020-10-01"),)),
    Place("BD3MX", "Monsoon Lily Knitwear Ltd", "Gazipur", "BD", "Asia/Dhaka", 4600, 10,
          (("TANSY", 1, "2015-05-01"), ("MARROWIND", 1, "2023-01-01"))),
    Place("BD9FK", "Kingfisher Delta Dyeing Ltd", "Narayanganj", "BD", "Asia/Dhaka", 720, 5,
          (("TANSY", 3, "2021-04-01"),)),
    Place("JP5RW", "Brindlefoot Sample Works", "Kobe, Hyogo", "JP", "Asia/Tokyo", 190, 4,
          (("BRINDLE", 0, "2012-04-01"),)),
    Place("JP8NC", "Aomatsu Sewing K.K.", "Seki, Gifu", "JP", "Asia/Tokyo", 64, 10,
          (("MARROWIND", 2, "2021-12-01"),)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colleague:
    """A sample staff member; the first part of the address is the key it goes by here."""

    key: str
    name: str
    role: Role
    organisation: str
    zone: str
    restricted_pool: bool = False
    brand: str = ""
    speaks: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


COLLEAGUES = (
    Colleague("admin", "Ingrid Solvik", Role.ADMIN, OPERATOR, "Asia/Kuala_Lumpur"),
    Colleague("ravi", "Ravi Menonkar", Role.SUPERVISOR, OPERATOR, "Asia/Kuala_Lumpur", True),
    Colleague("mai", "Mai Quỳnh", Role.HANDLER, OPERATOR, "Asia/Ho_Chi_Minh",
              speaks="vi"),
    Colleague("dewi", "Dewi Larasanti", Role.HANDLER, _UNION, "Asia/Jakarta", speaks="id ms"),
    Colleague("thiri", "Thiri Nway", Role.HANDLER, OPERATOR, "Asia/Kuala_Lumpur",
              speaks="my"),
    Colleague("farida", "Farida Anwari", Role.HANDLER, OPERATOR, "Asia/Dhaka", True),
    Colleague("noor", "Noor Halimah", Role.AUDITOR, "Clearwater Assurance", "Asia/Kuala_Lumpur"),
    Colleague("hnin", "Hnin Ei Phyu", Role.INTERPRETER, OPERATOR, "Asia/Yangon", speaks="my th"),
    Colleague("brindle", "Owen Hartsby", Role.BRAND, BRANDS["BRINDLE"], "Asia/Tokyo",
              brand="BRINDLE"),
    Colleague("marrowind", "Lena Falkrud", Role.BRAND, BRANDS["MARROWIND"], "Europe/Oslo",
              brand="MARROWIND"),
    Colleague("tansy", "Claire Dumoray", Role.BRAND, BRANDS["TANSY"], "Europe/Paris",
              brand="TANSY"),
)  # fmt: skip

SUPERVISOR = "ravi"
RESTRICTED = "farida"
"""The handler of restricted cases."""

HANDLER = {"vi": "mai", "id": "dewi", "my": "thiri", "en": "farida"}
"""Who handles cases in a language."""

SECOND = {"mai": "dewi", "dewi": "mai", "thiri": "mai", "farida": "thiri"}
"""Who takes up an appeal against a handler's outcome."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What was written: staff by key, factories and brands by code."""

    staff: Mapping[str, Staff]
    factories: Mapping[str, Factory]
    brands: Mapping[str, Brand]


def add(session: Session, now: datetime) -> Rows:
    """Write brands, offices, factories and staff, as of ``now``."""
    brands = {code: _brand(session, code, name, now) for code, name in BRANDS.items()}
    offices = {country: _office(session, office, now) for country, office in OFFICES.items()}
    places = {place.code: _factory(session, place, offices, now) for place in PLACES}
    staff = {}
    for one in COLLEAGUES:
        staff[one.key] = Staff(
            id=new_id(now),
            name=one.name,
            email=one.email,
            role=one.role,
            organisation=one.organisation,
            zone=one.zone,
            brand_id=brands[one.brand].id if one.brand else None,
            restricted_pool=one.restricted_pool,
            may_identify=one.restricted_pool or one.role is Role.SUPERVISOR,
            speaks=one.speaks,
            created_at=now,
        )
    session.add_all(staff.values())
    session.flush()
    return Rows(staff, places, brands)


def _brand(session: Session, code: str, name: str, now: datetime) -> Brand:
    brand = factories.add_brand(session, code, name, now)
    assert isinstance(brand, Brand), brand
    return brand


def _office(session: Session, office: Office, now: datetime) -> Calendar:
    calendar = Calendar(
        id=new_id(now),
        name=office.name,
        zone=office.zone,
        country=office.country,
        hours=usual_hours(office.country),
    )
    session.add(calendar)
    session.flush()
    return calendar


def _factory(
    session: Session, place: Place, offices: Mapping[str, Calendar], now: datetime
) -> Factory:
    factory = factories.add_factory(session, place.facts, now)
    assert isinstance(factory, Factory), factory
    factory.calendar_id = offices[place.country].id
    for brand, tier, since in place.works_for:
        scope = Scope.OWN if tier == 0 else Scope.SUPPLY_CHAIN
        facts = SupplyFacts(brand, scope, tier, date.fromisoformat(since))
        linked = factories.link(session, factory, facts, now)
        assert not isinstance(linked, dict), linked
    return factory

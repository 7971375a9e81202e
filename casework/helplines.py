"""Who helps at once in a country: the closed list of services, and the numbers that come along.

``data/help_contacts.csv`` says where each number was read. Nobody has dialled them: an operator
does so before going live, and its own entries stand in place of these (``casework.guidance``).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casework.vocabulary import HelpKind, Service

_TABLE = Path(__file__).parent / "data" / "help_contacts.csv"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A number that comes with the program."""

    country: str
    kind: HelpKind
    service: Service
    number: str
    source: str
    """Where it was read."""


@cache
def shipped() -> tuple[Shipped, ...]:
    """The whole table, in its order: by country, what to call first stands first."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Shipped(
                row["country"],
                HelpKind(row["kind"]),
                Service(row["service"]),
                row["number"],
                row["source"],
            )
            for row in csv.DictReader(lines)
        )


def of_country(country: str, kind: HelpKind) -> tuple[Shipped, ...]:
    """What comes along for a country and kind; nothing where the country is not in the table."""
    return tuple(one for one in shipped() if (one.country, one.kind) == (country, kind))


def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes of the countries in the table."""
    return frozenset(one.country for one in shipped())

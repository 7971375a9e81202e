"""Factories from a CSV file: read whole and checked, every problem named, then applied or not.

One row is one factory, or one factory and one brand it works for; the same code may come again
with another brand. Nothing is written while anything is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from casework import ties
from casework.actors import SYSTEM
from casework.db import Session
from casework.errors import BadInput, Remark
from casework.factories import (
    NO_BRAND,
    FactoryFacts,
    Problems,
    SupplyFacts,
    add_factory,
    brand_by_code,
    change_factory,
    check_factory,
    check_supply,
    link,
    overlap,
)
from casework.models import Factory
from casework.places import by_code, fold
from casework.taking_in import letters, tables
from casework.taking_in.tables import Problem
from casework.taking_in.workbooks import is_workbook

COLUMNS = (
    "code",
    "name",
    "place",
    "country",
    "zone",
    "workers",
    "brand",
    "scope",
    "tier",
    "since",
)
NEEDED = ("name", "country", "zone")
MAX_BYTES = 512 * 1024
"""The largest file taken: some five thousand factories."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row that can be applied. ``new``: the factory is not in the list yet."""

    row: int
    factory: FactoryFacts
    supply: SupplyFacts | None
    new: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. It may be applied only while it has no problems."""

    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]

    @property
    def added(self) -> int:
        """Factories that would be added (rows of the same code count once)."""
        return len({row.factory.code or row.row for row in self.rows if row.new})

    @property
    def changed(self) -> int:
        """Factories in the list that the file names again."""
        return len({row.factory.code for row in self.rows if not row.new})


def read_factories(raw: bytes, session: Session) -> Plan:
    """What the file would do, and everything that is wrong with it. Writes nothing."""
    try:
        lines = list(_table(_text(raw)))
    except BadInput as error:
        return Plan((), (Problem(1, "", error.remark),))
    rows, problems = [], []
    seen: dict[str, list[PlannedRow]] = {}
    names: dict[tuple[str, str, str], int] = {}
    for number, cells in lines:
        found = _read_row(session, number, cells, seen, names)
        if isinstance(found, PlannedRow):
            rows.append(found)
        else:
            problems.extend(found)
    if not rows and not problems:
        text = Remark("The file holds no factory: it has only a first line.")
        problems.append(Problem(1, "", text))
    return Plan(tuple(rows), tuple(problems))


def apply(session: Session, plan: Plan, now: datetime) -> list[Factory]:
    """Write a plan, in the caller's transaction; the factories it touched, in order.

    ``BadInput`` where the plan has problems or the database changed since it was made.
    """
    if plan.problems:
        raise BadInput("The file has problems: nothing was imported.")
    written: dict[int, Factory] = {}
    for row in plan.rows:
        factory = by_code(session, row.factory.code) if row.factory.code else None
        if factory is None:
            added = add_factory(session, row.factory, now)
            if isinstance(added, dict):
                raise BadInput("The list of factories changed meanwhile. Check the file again.")
            factory = added
        else:
            change_factory(session, factory, row.factory)
        if row.supply and isinstance(link(session, factory, row.supply, now), dict):
            raise BadInput("The list of factories changed meanwhile. Check the file again.")
        written[factory.id] = factory
    ties.refresh_factories(session, now, SYSTEM)
    return list(written.values())


def _read_row(
    session: Session,
    number: int,
    cells: dict[str, str],
    seen: dict[str, list[PlannedRow]],
    names: dict[tuple[str, str, str], int],
) -> PlannedRow | list[Problem]:
    facts = check_factory(cells)
    supply = _read_supply(session, cells)
    wrong = {
        **(facts if isinstance(facts, dict) else {}),
        **(supply if isinstance(supply, dict) else {}),
    }
    if isinstance(facts, dict) or isinstance(supply, dict):
        return [Problem(number, column, text) for column, text in wrong.items()]
    known = by_code(session, facts.code) if facts.code else None
    planned = PlannedRow(number, facts, supply, new=known is None)
    if known and supply and (clash := overlap(session, known, supply)):
        return [Problem(number, "since", clash)]
    if facts.code:
        before = seen.setdefault(facts.code, [])
        if before and before[0].factory != facts:
            text = Remark("An earlier row says something else of this factory.")
            return [Problem(number, "code", text)]
        if before and (supply is None or supply.brand in _brands(before)):
            return [Problem(number, "code", Remark("An earlier row says this already."))]
        before.append(planned)
        return planned
    key = (fold(facts.name), facts.place.casefold(), facts.country)
    if names.setdefault(key, number) != number:
        text = Remark("An earlier row has the same name and place. Give both rows the same code.")
        return [Problem(number, "name", text)]
    if _is_known(session, key):
        text = Remark(
            "A factory with this name and place is in the list. Write its code to change it."
        )
        return [Problem(number, "name", text)]
    return planned


def _brands(rows: list[PlannedRow]) -> set[str]:
    return {row.supply.brand for row in rows if row.supply}


def _read_supply(session: Session, cells: dict[str, str]) -> SupplyFacts | Problems | None:
    if not any(cells.get(name, "").strip() for name in ("brand", "scope", "tier", "since")):
        return None
    supply = check_supply(cells)
    if isinstance(supply, SupplyFacts) and brand_by_code(session, supply.brand) is None:
        return {"brand": NO_BRAND}
    return supply


def _is_known(session: Session, key: tuple[str, str, str]) -> bool:
    folded, place, country = key
    alike = select(Factory).where(Factory.folded_name == folded, Factory.country == country)
    return any(factory.place.casefold() == place for factory in session.exec(alike))


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise BadInput("The file is larger than 512 KB. Split it.")
    if is_workbook(raw):
        raise BadInput("This is no CSV file. In your spreadsheet, save it as CSV (UTF-8).")
    found = letters.read(raw)
    # Names of factories have few letters beyond ASCII, and are shown before they are written.
    return found.text if found.sure else letters.read(raw, "cp1252").text


def _table(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that is not empty: its number in a spreadsheet, and its cells by column."""
    rows = tables.csv_rows(text)
    header = [name.strip().lower() for name in tables.one_row(next(rows, (1, [])))]
    _check_header(header)
    for row in rows:
        cells = tables.one_row(row)
        if any(cell.strip() for cell in cells[len(header) :]):
            raise BadInput(
                "Row %(row)s has more cells than the first line. Put texts that contain the"
                " separator between quotation marks.",
                row=row[0],
            )
        yield row[0], dict(zip(header, cells, strict=False))


def _check_header(header: list[str]) -> None:
    unknown = [name for name in header if name and name not in COLUMNS]
    missing = [name for name in NEEDED if name not in header]
    if unknown or missing or len(set(header)) != len(header):
        raise BadInput(
            "The first line must name the columns, each once, out of: %(columns)s.",
            columns=", ".join(COLUMNS),
        )

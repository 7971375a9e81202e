"""A list of past cases: read whole and checked, every problem named, then taken in or not.

One row is one case. Nothing is written here: ``taking_up.apply`` does that. Of a file with problems
it takes nothing, unless somebody chose to take the good rows; the others come back as a file that
says beside each row what is wrong with it. A row whose old reference was imported before is left
as it is, so a file can be imported again after it grew.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col, select

from casework.db import Session
from casework.errors import BadInput, Remark
from casework.models import Factory, ImportedCase
from casework.taking_in import letters, pastcases, tables
from casework.taking_in.pastcases import COLUMNS, NEEDED, PastCase, Reading
from casework.taking_in.tables import Problem
from casework.taking_in.workbooks import Cell
from casework.vault import Vault

MAX_BYTES = 16 * 1024 * 1024
MAX_ROWS = 50_000
"""Cases of one file: they are written in one go, or not at all."""
PROBLEM = "problem"
"""The column of a file of bad rows that says what is wrong; it is not read."""
_CHUNK = 500
_ALIASES = {
    "case": "reference",
    "old reference": "reference",
    "factory code": "factory",
    "outcome told": "told",
    "number of workers": "workers",
}


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """One row that can be taken in."""

    row: int
    facts: PastCase
    old_index: bytes
    factory_id: int | None


@dataclass(slots=True)
class Plan:
    """What a file would do."""

    good: list[PlannedCase] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    """Rows whose cases were imported before."""
    problems: list[Problem] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    bad: list[tuple[int, list[str]]] = field(default_factory=list)
    """Rows with problems, as they stood in the file."""
    header: list[str] = field(default_factory=list)
    unsure: list[letters.Read] = field(default_factory=list)
    """How the file would read in each encoding it may be in, where somebody must say which."""

    @property
    def readable(self) -> bool:
        """Whether its rows were read at all."""
        return bool(self.good or self.known or self.bad)

    @property
    def bad_rows(self) -> int:
        """So many rows have problems."""
        return len({problem.row for problem in self.problems})


def read_cases(raw: bytes, session: Session, how: Reading, encoding: str = "") -> Plan:
    """What the file would do, and everything that is wrong with it. Writes nothing."""
    plan = Plan()
    try:
        _read(plan, raw, session, how, encoding)
    except BadInput as error:
        plan.good, plan.known, plan.bad = [], [], []
        plan.problems = [Problem(1, "", error.remark)]
    return plan


def _read(plan: Plan, raw: bytes, session: Session, how: Reading, encoding: str) -> None:
    if len(raw) > MAX_BYTES:
        raise BadInput("The file is larger than 16 MB. Split it.")
    sheet = tables.read(raw, encoding)
    plan.notes = sheet.notes
    if sheet.read and not sheet.read.sure and not encoding:
        plan.unsure = letters.choices(raw)
        raise BadInput(
            "It can't be told for certain which letters this file is in. Say which, or save it as"
            " CSV (UTF-8)."
        )
    header = _header(plan, next(sheet.rows, (1, [])))
    if plan.problems:
        return
    plan.header = header
    merged = list(tables.merged_problems(sheet, header))
    plan.problems += merged
    _Rows(plan, header, session, how, {problem.row for problem in merged}).read(sheet.rows)
    plan.problems.sort(key=lambda problem: problem.row)
    if not plan.readable and not plan.problems:
        raise BadInput("The file holds no case: it has only a first line.")


def _header(plan: Plan, row: tables.Row) -> list[str]:
    """The names of the columns, in order; each that is no name becomes a problem."""
    _, cells = row
    if isinstance(cells, Remark):
        raise BadInput("The file can't be read as CSV: check its quotation marks.")
    texts = [" ".join(str(cell).replace("_", " ").lower().split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    names = [_ALIASES.get(text, text) for text in texts]
    for place, name in enumerate(names):
        if not name:
            say = Remark("This column has no name in the first line. Name or delete it.")
            plan.problems.append(Problem(1, _letter(place), say))
        elif name not in (*COLUMNS, PROBLEM):
            say = Remark("No such column. Delete it, or name it: %(columns)s.", columns=_all())
            plan.problems.append(Problem(1, name, say))
        elif name in names[:place]:
            say = Remark("Two columns have this name. Delete one.")
            plan.problems.append(Problem(1, name, say))
    for name in NEEDED:
        if name not in names:
            say = Remark("This column is missing in the first line. It is needed.")
            plan.problems.append(Problem(1, name, say))
    return names


def _all() -> str:
    return ", ".join(COLUMNS)


def _letter(place: int) -> str:
    """The name a spreadsheet gives a column (from 0)."""
    return chr(ord("A") + place) if place < 26 else _letter(place // 26 - 1) + _letter(place % 26)


class _Rows:
    """Reads the rows of a file, with what it needs to know of all of them."""

    def __init__(
        self, plan: Plan, header: list[str], session: Session, how: Reading, broken: set[int]
    ) -> None:
        self._plan, self._header, self._how, self._broken = plan, header, how, broken
        self._session = session
        found = session.execute(sa.select(col(Factory.code), col(Factory.id)))
        self._factories: dict[str, int] = {row[0]: row[1] for row in found}
        self._seen: dict[bytes, int] = {}

    def read(self, rows: Iterator[tables.Row]) -> None:
        """All of them; ``BadInput`` where they are too many."""
        planned: list[PlannedCase] = []
        for count, (number, cells) in enumerate(rows, start=1):
            if count > MAX_ROWS:
                raise BadInput("The file has more than 50,000 rows. Split it.")
            found = self._row(number, cells)
            if isinstance(found, PlannedCase):
                planned.append(found)
                continue
            self._plan.problems += found
            shown = [] if isinstance(cells, Remark) else [_shown(cell) for cell in cells]
            self._plan.bad.append((number, shown))
        before = _imported(self._session, [one.old_index for one in planned])
        self._plan.known = [one.row for one in planned if one.old_index in before]
        self._plan.good = [one for one in planned if one.old_index not in before]

    def _row(self, number: int, cells: list[Cell] | Remark) -> PlannedCase | list[Problem]:
        if isinstance(cells, Remark):
            return [Problem(number, "", cells)]
        if any(cells[len(self._header) :]):
            say = Remark(
                "This row has more cells than the first line. Put texts that contain the separator"
                " between quotation marks."
            )
            return [Problem(number, "", say)]
        if number in self._broken:
            return []  # merged cells: said already, and what is missing follows from it
        by_name = dict(zip(self._header, cells, strict=False))
        by_name.pop(PROBLEM, None)
        facts = pastcases.check(by_name, self._how)
        wrong = facts if isinstance(facts, dict) else {}
        code = str(by_name.get("factory", "")).strip().upper()
        if code and "factory" not in wrong and code not in self._factories:
            wrong["factory"] = pastcases.NO_FACTORY
        index = old_index(self._session.vault, str(by_name.get("reference", "")))
        if "reference" not in wrong and self._seen.setdefault(index, number) != number:
            wrong["reference"] = Remark(
                "Row %(row)s has the same reference. Each case needs its own.",
                row=self._seen[index],
            )
        if isinstance(facts, dict) or wrong:
            return [Problem(number, name, wrong[name]) for name in COLUMNS if name in wrong]
        return PlannedCase(number, facts, index, self._factories.get(facts.factory))


def old_index(keys: Vault, reference: str) -> bytes:
    """By this a case of another system is found again; case and spaces do not count."""
    return keys.index("old-reference", " ".join(reference.casefold().split()))


def _imported(session: Session, wanted: Sequence[bytes]) -> set[bytes]:
    """Which of these old references were imported before."""
    found: set[bytes] = set()
    for at in range(0, len(wanted), _CHUNK):
        some = wanted[at : at + _CHUNK]
        statement = select(ImportedCase.old_index).where(col(ImportedCase.old_index).in_(some))
        found |= set(session.exec(statement))
    return found


def bad_rows(plan: Plan, said: dict[int, str] | None = None) -> str:
    """The rows with problems as a CSV file that can be corrected and imported again. ``said``: what
    is wrong, by row, in the reader's language."""
    said = said or in_one_line(plan, str)
    header = [name for name in plan.header if name != PROBLEM]
    keep = [place for place, name in enumerate(plan.header) if name != PROBLEM]
    rows = []
    for number, cells in plan.bad:
        more = cells[len(plan.header) :]
        kept = [cells[place] if place < len(cells) else "" for place in keep]
        rows.append([said.get(number, ""), *kept, *(cell for cell in more if cell)])
    return tables.as_csv([PROBLEM, *header], rows)


def in_one_line(plan: Plan, say: Callable[[Remark], str]) -> dict[int, str]:
    """What is wrong with each row, its problems one after the other."""
    found: dict[int, list[str]] = {}
    for problem in plan.problems:
        place = f"{problem.column}: " if problem.column else ""
        found.setdefault(problem.row, []).append(place + say(problem.text))
    return {row: " ".join(texts) for row, texts in found.items()}


def _shown(cell: Cell) -> str:
    """A cell as it is written into the file of bad rows; one that could not be read is empty."""
    if isinstance(cell, Remark):
        return ""
    return cell if isinstance(cell, str) else str(cell)

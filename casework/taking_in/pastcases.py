"""One past case out of a list that another system wrote: each field checked, each problem named.

Codes are those of ``vocabulary``, in any case and with spaces for hyphens. A time without a zone is
meant in that of the office; a day without a time is its beginning.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from casework.categories import CATEGORIES, starting_severity
from casework.errors import Remark
from casework.lifecycle import ENDED
from casework.taking_in.workbooks import Cell
from casework.vocabulary import Category, Channel, Finding, Resolution, Severity, Status

E = TypeVar("E", bound=StrEnum)

COLUMNS = (
    "reference",
    "factory",
    "received",
    "status",
    "category",
    "kind",
    "severity",
    "channel",
    "language",
    "acknowledged",
    "told",
    "closed",
    "finding",
    "resolution",
    "workers",
    "summary",
)
NEEDED = ("reference", "received", "status", "category")
UNKNOWN_LANGUAGE = "und"
"""ISO 639: a language that nobody said."""
MAX_SUMMARY = 20_000
"""Characters."""
EARLIEST = date(1990, 1, 1)
_MOST_WORKERS = 1_000_000


class DateOrder(StrEnum):
    """How a list writes its dates. ``ISO`` can't be misread; the others must be said."""

    ISO = "iso"
    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a list is to be read: the zone and order of its dates, and the moment it is read at."""

    zone: ZoneInfo
    now: datetime
    dates: DateOrder = DateOrder.ISO


@dataclass(frozen=True, slots=True)
class PastCase:
    """A past case as it was found good. ``factory`` is a code, ``""`` where none was given."""

    reference: str
    factory: str
    received: datetime
    status: Status
    category: Category
    kind: str
    severity: Severity
    channel: Channel
    language: str
    acknowledged: datetime | None
    told: datetime | None
    closed: datetime | None
    finding: Finding | None
    resolution: Resolution | None
    workers: int | None
    summary: str


Wrong = dict[str, Remark]
"""What is wrong, by column."""


def check(cells: Mapping[str, Cell], how: Reading) -> PastCase | Wrong:
    """Read one row."""
    wrong: Wrong = {name: cell for name, cell in cells.items() if isinstance(cell, Remark)}
    texts = {name: "" if name in wrong else _text(cells.get(name, "")) for name in COLUMNS}
    wrong |= {name: say for name, text in texts.items() if (say := _broken(text))}
    wrong |= {name: _NEEDED for name in NEEDED if name not in wrong and not texts[name]}
    read = _Fields(texts, wrong)
    dates = _dates(cells, wrong, how)
    status = read.one_of("status", Status)
    category = read.one_of("category", Category, _category)
    finding = read.one_of("finding", Finding)
    resolution = read.one_of("resolution", Resolution)
    severity = read.one_of("severity", Severity)
    channel = read.one_of("channel", Channel)
    language = _language(texts["language"]) if texts["language"] else UNKNOWN_LANGUAGE
    kind, workers = _code(texts["kind"]), texts["workers"].removesuffix(".0")
    read.check("reference", len(texts["reference"]) <= 120, _TOO_LONG)
    read.check("factory", len(texts["factory"]) <= 24, _NO_CODE)
    read.check("language", bool(language), _SAY["language"])
    read.check("workers", not workers or _is_count(workers), _SAY["workers"])
    read.check("summary", len(texts["summary"]) <= MAX_SUMMARY, _TOO_LONG)
    if category and kind:
        kinds = CATEGORIES[category].kinds
        say = Remark("Of this category, write one of: %(codes)s.", codes=", ".join(kinds))
        read.check("kind", kind in kinds, say)
    if status:
        _check_life(status, texts, read)
    received = dates["received"]
    if wrong or status is None or category is None or received is None:
        return wrong
    return PastCase(
        reference=texts["reference"],
        factory=texts["factory"].upper(),
        received=received,
        status=status,
        category=category,
        kind=kind,
        severity=severity or starting_severity(category, kind, None),
        channel=channel or Channel.OTHER,
        language=language,
        acknowledged=dates["acknowledged"],
        told=dates["told"],
        closed=dates["closed"],
        finding=finding,
        resolution=resolution,
        workers=int(workers) if workers else None,
        summary=texts["summary"],
    )


class _Fields:
    """The texts of a row, and what is wrong with them so far."""

    def __init__(self, texts: Mapping[str, str], wrong: Wrong) -> None:
        self.texts, self.wrong = texts, wrong

    def check(self, name: str, good: bool, say: Remark) -> None:
        """Note a problem, unless the column has one already."""
        if not good:
            self.wrong.setdefault(name, say)

    def one_of(
        self, name: str, enum: type[E], also: Callable[[str], E | None] | None = None
    ) -> E | None:
        """The entry of a closed list that a column names; an empty one names none."""
        code = _code(self.texts[name])
        found = next((entry for entry in enum if entry.value.lower() == code), None)
        if found is None and also:
            found = also(code)
        if code and found is None:
            codes = ", ".join(entry.value for entry in enum)
            self.wrong.setdefault(name, Remark("Write one of: %(codes)s.", codes=codes))
        return found


def _check_life(status: Status, texts: Mapping[str, str], read: _Fields) -> None:
    """What a status asks of the other columns."""
    ended = status in ENDED
    if ended:
        read.check("closed", bool(texts["closed"]), _SAY["closed-needed"])
    else:
        read.check("closed", not texts["closed"], _SAY["closed-open"])
    if status is Status.RECEIVED:
        read.check("acknowledged", not texts["acknowledged"], _SAY["acknowledged"])
    if status is Status.VERIFYING:
        read.check("told", bool(texts["told"]), _SAY["told"])
    settled = status in (Status.RESOLVED, Status.CLOSED)
    read.check("resolution", settled or not texts["resolution"], _SAY["resolution"])


_ORDER = ("received", "acknowledged", "told", "closed")


def _dates(cells: Mapping[str, Cell], wrong: Wrong, how: Reading) -> dict[str, datetime | None]:
    """The moments of a case, each not before the one before it."""
    found: dict[str, datetime | None] = dict.fromkeys(_ORDER)
    before: tuple[str, datetime] | None = None
    for name in _ORDER:
        cell = cells.get(name, "")
        if name in wrong or not cell:
            continue
        at = moment(cell, how)
        if isinstance(at, Remark):
            wrong[name] = at
            continue
        if before and at < before[1]:
            wrong[name] = Remark(
                "This is before “%(column)s”. One of the two is wrong.", column=before[0]
            )
        found[name], before = at, (name, at)
    return found


def moment(cell: Cell, how: Reading) -> datetime | Remark:
    """When something was, in a cell; or what to write instead."""
    match cell:
        case datetime():
            local = cell
        case date():
            local = datetime.combine(cell, time())
        case time() | timedelta():
            return _SAY["time-only"]
        case _:
            read = _typed_moment(str(cell).strip(), how.dates)
            if isinstance(read, Remark):
                return read
            local = read
    at = local if local.tzinfo else local.replace(tzinfo=how.zone)
    if _BUDDHIST <= local.year < _BUDDHIST + 100:
        return _SAY["buddhist"]
    if local.date() < EARLIEST:
        return Remark("This is before %(year)s. Check the year.", year=EARLIEST.year)
    return at if at <= how.now else _SAY["future"]


_BUDDHIST = 2533
"""1990 by the Thai calendar."""
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_PARTED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")


def _typed_moment(text: str, order: DateOrder) -> datetime | Remark:
    if text.isdigit() and len(text) == 5:
        return _SAY["serial"]
    if _ISO.match(text):
        day, _, rest = text.replace("T", " ").partition(" ")
        padded = "-".join(part.zfill(2) for part in day.split("-"))
        return _parsed(f"{padded} {rest}".strip())
    parts = _PARTED.fullmatch(text)
    if parts is None:
        return _SAY["date"]
    if order is DateOrder.ISO:
        return _SAY["order"]
    day, month = (parts[1], parts[2]) if order is DateOrder.DMY else (parts[2], parts[1])
    hour = f" {parts[4].zfill(5 if parts[4].count(':') == 1 else 8)}" if parts[4] else ""
    return _parsed(f"{parts[3]}-{month.zfill(2)}-{day.zfill(2)}{hour}")


def _parsed(text: str) -> datetime | Remark:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _SAY["date"]


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _code(text: str) -> str:
    return "-".join(text.lower().replace("_", " ").split())


def _category(code: str) -> Category | None:
    """A category by its English name."""
    plain = code.upper().replace("-", "_")
    return Category.__members__.get(plain)


def _language(text: str) -> str:
    """A language tag as catalogs write it; ``""`` where there is no such language."""
    tag = text.replace("_", "-")
    known = Locale("en").languages
    base = tag.partition("-")[0].lower()
    if len(tag) > 16 or base not in known:
        return ""
    try:
        return str(Locale.parse(tag, sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError):
        return base


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:8]) <= _MOST_WORKERS


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_GARBLED = re.compile("\ufffd|[ÃÂ][\u00a0-\u00bf]|â€[\u0080-\u2122]|à[¸¹º»][\u0080-\u00ff‚-™]")
"""What UTF-8 looks like where another program took it for something else."""


def _broken(text: str) -> Remark | None:
    if _CONTROLS.search(text):
        return Remark("This holds characters that are no text. Delete them.")
    if _GARBLED.search(text):
        return Remark("These letters were broken by an earlier export. Export them again as UTF-8.")
    return None


_NEEDED = Remark("This must not be empty.")
_TOO_LONG = Remark("This is too long. Shorten it.")
_NO_CODE = Remark("There is no factory with this code. Import the factories first.")
_SAY = {
    "language": Remark("Write the code of a language, for example my or km, or leave it empty."),
    "workers": Remark("Write a whole number without separators, or leave it empty."),
    "closed-needed": Remark("The case has ended: write the day it did."),
    "closed-open": Remark("The case is open: leave this empty, or write how it ended as status."),
    "acknowledged": Remark(
        "A case that is only received was not acknowledged: change one of them."
    ),
    "told": Remark("The case waits for the worker: write when the worker was told the outcome."),
    "resolution": Remark("Only a resolved or closed case has this. Leave it empty."),
    "date": Remark("Write a day like 2024-03-31, or with a time like 2024-03-31 14:05."),
    "order": Remark(
        "Day or month first? Write it like 2024-03-31, or say in which order the file has them."
    ),
    "serial": Remark(
        "This is how a spreadsheet counts days inside. Show the column as dates and save again."
    ),
    "time-only": Remark("This is a time without a day. Write a day like 2024-03-31."),
    "buddhist": Remark("This is a year of the Thai calendar. Write it like 2024-03-31."),
    "future": Remark("This lies in the future. Check the year."),
}
NO_FACTORY = _NO_CODE

"""The addresses and parameters of the read API: one description for who reads them and for the document."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from casework.figures.measures import Dimension, Measure
from casework.figures.tables import BRAND_TABLES, PUBLIC_TABLES
from casework.vocabulary import ApiScope
from webadmin import problems

TOTAL = "total"
"""How an address asks for what is broken down by nothing."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One that an address may have: text of a form, or one of a closed list."""

    name: str
    meaning: str
    example: str
    form: str = ""
    """A regular expression for the whole text; ``""``: ``choices`` hold."""
    choices: tuple[str, ...] = ()
    most: int = 0
    """Above 0: a whole number from 1 to this."""

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema says it."""
        if self.most:
            return {"type": "integer", "minimum": 1, "maximum": self.most}
        if self.choices:
            return {"type": "string", "enum": list(self.choices)}
        return {"type": "string", "pattern": f"^{self.form}$"}

    def fits(self, text: str) -> bool:
        """Whether a text is one of these."""
        if self.most:
            number = re.fullmatch(r"[1-9][0-9]{0,8}", text)
            return number is not None and int(text) <= self.most
        return text in self.choices if self.choices else bool(re.fullmatch(self.form, text))


Asked = Mapping[str, str]
"""The parameters of a request, each of its form."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An address of the API."""

    path: str
    name: str
    scope: ApiScope | None
    """``None``: any token opens it."""
    parameters: tuple[Parameter, ...]
    shape: type[BaseModel]
    answer: Callable[[Asked], BaseModel]
    """Its docstring is what the document says."""


def breakdown(dimensions: Iterable[Dimension]) -> str:
    """How an address names a breakdown: ``country``, ``promise,kept``, ``total``."""
    wanted = set(dimensions)
    return ",".join(one.value for one in Dimension if one in wanted) or TOTAL


def _breakdowns() -> tuple[str, ...]:
    """Of every table that is published to anybody, and of its totals."""
    found = {
        breakdown(some)
        for table in (*PUBLIC_TABLES, *BRAND_TABLES)
        for many in range(len(table.by) + 1)
        for some in combinations(table.by, many)
    }
    return tuple(sorted(found, key=lambda name: (name != TOTAL, name.count(","), name)))


AUDIENCE = Parameter(
    "audience",
    "Whose figures: `public`, or the code of the token's brand. Without it, those of the token.",
    "public",
    form="(public|[A-Z0-9]{2,24})",
)
PERIOD = Parameter(
    "period",
    "A quarter or a year. Without it, the newest of which there are figures.",
    "2026-Q3",
    form="20[0-9]{2}(-Q[1-4])?",
)
MEASURE = Parameter(
    "measure",
    "Only this measure.",
    Measure.RECEIVED.value,
    choices=tuple(measure.value for measure in Measure),
)
BY = Parameter(
    "by",
    f"Only numbers broken down by exactly this; `{TOTAL}`: by nothing.",
    Dimension.COUNTRY.value,
    choices=_breakdowns(),
)
VERSION = Parameter(
    "version", "This version of the period. Without it, the newest.", "1", most=999_999
)


def read(given: "MultiDict[str, str]", known: tuple[Parameter, ...]) -> Asked:
    """The parameters of an address, each at most once and of its form; ``Problem`` names the one
    that is not."""
    named = {parameter.name: parameter for parameter in known}
    for name in given:
        if name not in named:
            raise problems.bad(name[:80], "There is no such parameter here.")
        if len(given.getlist(name)) > 1:
            raise problems.bad(name, "Write it once.")
        if not named[name].fits(given[name]):
            raise problems.bad(name, f"Write {_wanted(named[name])}.")
    return {name: given[name] for name in given}


def _wanted(parameter: Parameter) -> str:
    if parameter.most:
        return f"a whole number from 1 to {parameter.most}"
    if parameter.choices:
        return f"one of: {', '.join(parameter.choices)}"
    return f"something like {parameter.example}"

"""The shapes of what the read API answers: they make both the answers and the OpenAPI document."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from casework.figures.measures import Counted, Dimension, Measure
from casework.vocabulary import ApiScope, Scope

AudienceName = Annotated[
    str,
    Field(
        pattern="^(public|[A-Z0-9]{2,24})$",
        description="`public`: of all brands together. Else the code of a brand: of its factories.",
        examples=["public"],
    ),
]
PeriodName = Annotated[
    str,
    Field(
        pattern="^20[0-9]{2}(-Q[1-4])?$",
        description="A quarter or a year, of whole UTC days.",
        examples=["2026-Q3"],
    ),
]
VersionNumber = Annotated[int, Field(ge=1, le=999_999)]
Digest = Annotated[
    str,
    Field(
        pattern="^[0-9a-f]{64}$",
        description="SHA-256 of the whole release; how to compute it: docs/api.md.",
    ),
]


class Shape(BaseModel):
    """What all of them are: exactly what they say, nothing else."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_serialization_defaults_required=True,
        use_attribute_docstrings=True,
    )


class Token(Shape):
    """The token that asks."""

    name: str
    audiences: list[AudienceName]
    """What `audience` may be; the first is what holds without it."""
    scopes: list[ApiScope]
    expires_at: datetime


class Index(Shape):
    """Where to go on."""

    name: Literal["Recourse"] = "Recourse"
    token: Token
    links: dict[str, str]
    """Addresses by name, without their parameters."""


class ReleaseSummary(Shape):
    """One release: the figures of a period as an audience may read them, frozen."""

    audience: AudienceName
    period: PeriodName
    first_day: date
    last_day: date
    version: VersionNumber
    """1, 2, 3 …: a correction is a new version, and the earlier ones stay."""
    made_at: datetime
    threshold: Annotated[int, Field(ge=1)]
    """The least number above 0 that is shown."""
    digest: Digest
    pending_since: date | None
    """Since which day corrections are known that are too small to be shown; null: there are none."""


class Periods(Shape):
    """The periods of which there is a release, the newest first, each in its newest version."""

    audience: AudienceName
    periods: list[ReleaseSummary]


class Releases(Shape):
    """All versions of all periods, the newest first."""

    audience: AudienceName
    releases: list[ReleaseSummary]


class ShownFigure(Shape):
    """A number. Money is in minor units of the currency it is broken down by."""

    measure: Measure
    by: dict[Dimension, str]
    """What it is broken down by; empty: the total."""
    value: int
    suppressed: Literal[False] = False


class ShownDays(Shape):
    """How long it took: the median, and within how many days 90 of 100 were done."""

    measure: Literal[Measure.DAYS]
    by: dict[Dimension, str]
    value: float
    p90: float | None
    """`null` where it is hidden: of fewer than twice the threshold it is one person's days."""
    suppressed: Literal[False] = False


class HiddenFigure(Shape):
    """A number that is not shown; why, says `hidden` of the answer. It is never 0."""

    measure: Measure
    by: dict[Dimension, str]
    value: None = None
    suppressed: Literal[True] = True


class TableName(Shape):
    """A table that is published: a measure by up to two dimensions, with all its totals."""

    measure: Measure
    by: list[Dimension]
    yearly: bool
    """Only of whole years: of a quarter it would be too thin."""


class Figures(Shape):
    """Figures of one release."""

    release: ReleaseSummary
    newest: bool
    """Whether no later version of this period exists."""
    hidden: str
    """Why a number is hidden: the same for each, so that the mark itself tells nothing."""
    tables: list[TableName]
    """What was asked for and is published. Within these tables, what is not named is 0."""
    figures: Sequence[ShownDays | ShownFigure | HiddenFigure]


class FactoryEntry(Shape):
    """A factory that works for the brand."""

    code: str
    name: str
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    """ISO 3166-1."""
    scope: Scope
    tier: Annotated[int, Field(ge=0, le=9)] | None
    since: date
    workers: Annotated[int, Field(ge=0)] | None
    """Who works there, as far as it is known."""


class Factories(Shape):
    """The factories that work for the token's brand today."""

    audience: AudienceName
    day: date
    factories: list[FactoryEntry]


class MeasureDefinition(Shape):
    """What is counted."""

    code: Measure
    title: str
    definition: str
    counted: Counted
    """What a number is a number of; never mixed."""
    adds_up: bool
    """Whether a year's number is the sum of its quarters'."""
    shown_with: Measure | None
    """Shown only where the number of this measure, by the same breakdown, is; null: by itself."""
    open: bool
    """About places, not about anybody who complained: never hidden."""


class ValueName(Shape):
    """A value of a dimension."""

    code: str
    title: str


class DimensionDefinition(Shape):
    """What numbers are broken down by."""

    code: Dimension
    title: str
    values: list[ValueName] | None
    """All there may be; null where the list is open."""
    codes: str
    """What the codes are."""


class Definitions(Shape):
    """What the figures mean."""

    audience: AudienceName
    threshold: Annotated[int, Field(ge=1)]
    """The least number above 0 that is shown to this audience."""
    hidden: str
    notes: list[str]
    """How not to read the figures."""
    measures: list[MeasureDefinition]
    dimensions: list[DimensionDefinition]
    tables: list[TableName]


class ProblemDetails(Shape):
    """What is wrong, and what to do (RFC 9457)."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    type: Annotated[str, Field(pattern="^urn:recourse:problem:[a-z-]+$")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    parameter: str | None = None
    """The parameter that can't be used."""
    scope: ApiScope | None = None
    """The scope that is missing."""

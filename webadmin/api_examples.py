"""Examples of what the read API answers: values of its own shapes, so that they can't be wrong."""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import BaseModel

from casework.figures.measures import Dimension, Measure
from casework.vocabulary import ApiScope, Scope
from webadmin import api_models as shapes
from webadmin import api_words

_AUDIENCE = "AURORA"
_RELEASE = shapes.ReleaseSummary(
    audience=_AUDIENCE,
    period="2026-Q3",
    first_day=date(2026, 7, 1),
    last_day=date(2026, 9, 30),
    version=2,
    made_at=datetime(2026, 11, 2, 4, 0, tzinfo=UTC),
    threshold=5,
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    pending_since=None,
)
_COUNTRY = Dimension.COUNTRY


def of(shape: type[BaseModel]) -> dict[str, Any]:
    """The example of a shape, as JSON."""
    return next(one for one in _made() if isinstance(one, shape)).model_dump(mode="json")


def _made() -> tuple[BaseModel, ...]:
    return (
        shapes.Index(
            token=shapes.Token(
                name="Annual report",
                audiences=[_AUDIENCE, "public"],
                scopes=[ApiScope.FIGURES],
                expires_at=datetime(2027, 11, 21, tzinfo=UTC),
            ),
            links={"figures": "/api/v1/figures"},
        ),
        shapes.Periods(audience=_AUDIENCE, periods=[_RELEASE]),
        shapes.Releases(audience=_AUDIENCE, releases=[_RELEASE]),
        shapes.Figures(
            release=_RELEASE,
            newest=True,
            hidden=api_words.hidden(5),
            tables=[shapes.TableName(measure=Measure.RECEIVED, by=[_COUNTRY], yearly=False)],
            figures=[
                shapes.ShownFigure(measure=Measure.RECEIVED, by={}, value=41),
                shapes.ShownFigure(measure=Measure.RECEIVED, by={_COUNTRY: "KH"}, value=29),
                shapes.HiddenFigure(measure=Measure.RECEIVED, by={_COUNTRY: "TH"}),
                shapes.HiddenFigure(measure=Measure.RECEIVED, by={_COUNTRY: "VN"}),
            ],
        ),
        shapes.Factories(
            audience=_AUDIENCE,
            day=date(2026, 11, 20),
            factories=[
                shapes.FactoryEntry(
                    code="GT7KM",
                    name="Golden Thread Garment",
                    country="KH",
                    scope=Scope.SUPPLY_CHAIN,
                    tier=1,
                    since=date(2024, 3, 31),
                    workers=1840,
                )
            ],
        ),
        api_words.definitions(_AUDIENCE, 5),
    )

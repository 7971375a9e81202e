"""What the read API says in words: the definitions, the mark of a hidden number, how not to read it.

Programs are told in English, with the very sentences of the staff pages.
"""

from casework.figures.measures import (
    ADDS_UP,
    BASES,
    COUNTED,
    OPEN_FACTS,
    Counted,
    Dimension,
    Measure,
)
from casework.figures.tables import BRAND_TABLES, PUBLIC_TABLES
from casework.publication.releases import PUBLIC
from translations import SOURCE_LANGUAGE
from webadmin import api_models as shapes
from webadmin import figure_words
from webadmin.i18n import writing_to

NOTES = (
    (
        "A low number is not good performance: it may mean that people do not know the mechanism, or do"
        " not trust it."
    ),
    (
        "Persons, cases and issues are three different counts. One worker may file several cases, and one"
        " case may hold several issues."
    ),
    (
        "Each number is of what happened within the days of its period (UTC), unless its definition says"
        " at the end."
    ),
    "Within a table that is published, a number that is not named is 0. A hidden number is never 0.",
    "A correction is a new version of a period; the earlier versions stay readable.",
)
_CODES = {
    Dimension.BRAND: "the code of a brand",
    Dimension.COUNTRY: "ISO 3166-1 alpha-2, or `unknown`",
    Dimension.FACTORY: "the code of a factory, or `unknown`",
    Dimension.TIER: "a number: 0 is the brand's own operation; or `unknown`",
    Dimension.KIND: "category and kind with a colon between them",
    Dimension.LANGUAGE: "BCP 47",
    Dimension.CURRENCY: "ISO 4217",
}
"""Where a list is open. Of a closed one the values say it."""


def hidden(threshold: int) -> str:
    """Why a number is hidden: one reason, whatever the cause, so that the mark tells nothing."""
    return f"Hidden: below {threshold}, or it would give such a number away."


def definitions(audience: str, threshold: int) -> shapes.Definitions:
    """What the figures mean that an audience reads."""
    with writing_to(SOURCE_LANGUAGE):
        return shapes.Definitions(
            audience=audience,
            threshold=threshold,
            hidden=hidden(threshold),
            notes=list(NOTES),
            measures=[_measure(one) for one in Measure],
            dimensions=[_dimension(one) for one in Dimension],
            tables=[
                shapes.TableName(measure=one.measure, by=list(one.by), yearly=one.yearly)
                for one in (PUBLIC_TABLES if audience == PUBLIC else BRAND_TABLES)
            ],
        )


def _measure(measure: Measure) -> shapes.MeasureDefinition:
    return shapes.MeasureDefinition(
        code=measure,
        title=figure_words.measure_name(measure),
        definition=figure_words.meaning(measure),
        counted=COUNTED.get(measure, Counted.CASES),
        adds_up=measure in ADDS_UP,
        shown_with=BASES.get(measure),
        open=measure in OPEN_FACTS,
    )


def _dimension(dimension: Dimension) -> shapes.DimensionDefinition:
    closed = None if dimension in _CODES else figure_words.ORDERS.get(dimension)
    values = [
        shapes.ValueName(code=str(code), title=figure_words.value_name(dimension, code))
        for code in closed or ()
    ]
    return shapes.DimensionDefinition(
        code=dimension,
        title=figure_words.dimension_name(dimension),
        values=values or None,
        codes=_CODES.get(dimension, "one of the values, or `unknown`"),
    )

"""What the field knows of each category of complaint, and how heavy a new case weighs. Pure."""

from dataclasses import dataclass

from casework.vocabulary import Category, Danger, Severity


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What the field knows of a category.

    ``zero_tolerance`` follows the audit criteria of the supplier programme in the seed (retaliation
    is our default). ``ilo`` are numbers of the ILO's eleven indicators of forced labour.
    ``least`` is the lowest severity a new case of it starts with.
    """

    kinds: tuple[str, ...]
    zero_tolerance: bool
    ilo: frozenset[int]
    least: Severity


def _facts(kinds: str, zero: bool, ilo: set[int], least: Severity) -> CategoryFacts:
    return CategoryFacts(tuple(kinds.split()), zero, frozenset(ilo), least)


CATEGORIES: dict[Category, CategoryFacts] = {
    Category.HARASSMENT: _facts("verbal physical bullying sexual", True, {5, 6}, Severity.SERIOUS),
    Category.WAGES: _facts(
        "below-minimum below-contract below-living-wage unpaid late deduction overtime-unpaid"
        " severance benefits",
        True,
        {8},
        Severity.SERIOUS,
    ),
    Category.HOURS: _facts(
        "excessive-overtime forced-overtime no-rest-day leave-refused falsified-records",
        True,
        {11},
        Severity.SERIOUS,
    ),
    Category.FORCED_LABOUR: _facts(
        "confinement threats withheld-pay isolation", True, {1, 3, 4, 6, 8}, Severity.CRITICAL
    ),
    Category.RECRUITMENT: _facts("fees debt false-promises", True, {2, 9}, Severity.SERIOUS),
    Category.DOCUMENTS: _facts("passport phone bank-book", True, {7}, Severity.CRITICAL),
    Category.CHILD_LABOUR: _facts("under-age hazardous", True, set(), Severity.CRITICAL),
    Category.DISCRIMINATION: _facts(
        "sex pregnancy nationality religion disability", True, {1}, Severity.SERIOUS
    ),
    Category.FREEDOM_OF_ASSOCIATION: _facts(
        "union-busting dismissal bargaining-refused", False, {6}, Severity.STANDARD
    ),
    Category.HEALTH_AND_SAFETY: _facts(
        "fire-or-building heat chemicals machines no-medical-care",
        False,
        {10},
        Severity.STANDARD,
    ),
    Category.CONTRACT: _facts(
        "none not-understood substituted dismissal", False, {2}, Severity.STANDARD
    ),
    Category.DORMITORY: _facts("housing food water curfew", False, {3, 10}, Severity.STANDARD),
    Category.RETALIATION: _facts("retaliation", True, {6}, Severity.SERIOUS),
    Category.OTHER: _facts("question suggestion out-of-scope", False, set(), Severity.MINOR),
}
"""Source: field.md section 3 (audit criteria of the seed, ILO indicators). ``least`` is our default:
zero tolerance means at least serious; forced labour, held documents and child labour are critical."""


def starting_severity(
    category: Category | None, kind: str | None, danger: Danger | None
) -> Severity:
    """The severity a new case starts with, before a person has looked at it.

    Danger now is always critical, and so is sexual violence: both need a person within a day.
    A person changes it at triage.
    """
    if danger is Danger.NOW or (category is Category.HARASSMENT and kind == "sexual"):
        return Severity.CRITICAL
    if category is None:
        return Severity.STANDARD
    return CATEGORIES[category].least

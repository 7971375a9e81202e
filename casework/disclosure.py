"""Which figures of a release may be shown to whom. Pure; solves integer programs.

The rules in words, for a statistician: ``docs/disclosure.md``. What is decided in which order:
``casework.drafts``; what readers know: ``casework.relations``; what must be hidden besides:
``casework.protecting``; days and money: ``casework.behind_counts``.
"""

from collections.abc import Mapping, Sequence

from casework.audiences import PUBLIC, Audience, Past, Published, brand
from casework.drafts import Draft
from casework.figures import Dimension, Sheet, Table

__all__ = [
    "FEW",
    "PUBLIC",
    "Audience",
    "Past",
    "Published",
    "brand",
    "brand_year_total",
    "disclose",
]

_D = Dimension
_NEVER_BY_FACTORY = frozenset({_D.TOPIC, _D.CATEGORY, _D.KIND})
"""Never factory by gender-based violence (field.md section 5), which each of these tells."""


def disclose(
    sheet: Sheet,
    tables: Sequence[Table],
    audience: Audience,
    *,
    earlier: Sequence[Past] = (),
    beside: Mapping[Audience, Sequence[Past]] | None = None,
    complementary: bool = True,
) -> Published:
    """What may be shown of ``sheet`` to ``audience``, who remember all they could read before.

    ``earlier``: each period that was released to the same audience, in any order; of the same period
    the newest version, if this is a revision of it. Where a period comes twice, the first holds.
    ``beside``: for the public each brand, for a brand the public: all their periods, with the
    exact sheet of this very period, too, whether it was released to them or not.
    Release the public's first, then the brands'; a year behind its fourth quarter.
    ``complementary`` is there for a test that shows what happens without.

    Takes seconds, with a thousand cells perhaps a minute. ``ValueError`` for a table that may not
    be published.
    """
    for table in tables:
        if _D.FACTORY in table.by and _NEVER_BY_FACTORY & set(table.by):
            raise ValueError(f"{table}: never a factory by what was complained of")
    draft = Draft(sheet, tables, audience, earlier, beside or {})
    if complementary:
        draft.protect()
    return draft.published()


FEW = "1–9"


def brand_year_total(value: int | None, workers: int, sites: int) -> int | str | None:
    """How many complaints a brand had in a year, for those who rate it (field.md section 5): a small
    number only where it is one of many people, at 1,000 workers and 3 sites or more; else ``FEW``.

    ``value`` is what a release shows to whoever reads this, ``None`` where it is hidden; so this
    tells nothing that the release does not.
    """
    if value is None or value == 0 or value >= PUBLIC.threshold:
        return value
    return value if workers >= 1000 and sites >= 3 else FEW

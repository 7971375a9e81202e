"""Which figures of a release may be shown to whom. Pure; solves integer programs.

The rules in words, for a statistician: ``docs/disclosure.md``. What is decided in which order:
``casework.disclosure.drafts``; what readers know: ``casework.disclosure.relations``; what must be hidden besides:
``casework.disclosure.protecting``; days and money: ``casework.disclosure.behind_counts``.
"""

from collections.abc import Mapping, Sequence

from casework.disclosure.audiences import Audience, Past, Published
from casework.disclosure.drafts import Draft
from casework.figures.measures import Dimension
from casework.figures.tables import Sheet, Table

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

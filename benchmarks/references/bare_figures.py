"""The reference of ``figures``: a brand's year by SQL written by hand, straight through the driver.

``each`` gives what ours does: a ``GROUP BY`` for each breakdown that is published. ``finest`` is one of
all their columns together, which adds nothing up.
"""

from typing import Any

import sqlalchemy as sa

_WAGE = """(SELECT max(CASE WHEN i.kind = 'below-living-wage' THEN 1 ELSE 0 END) FROM issue i
 WHERE i.case_id = c.id AND i.category = 'WAG')"""
_BREAKDOWNS = (
    ("c.category",),
    ("f.country",),
    ("c.channel",),
    ("c.language",),
    ("f.country", "c.category"),
    ("s.scope", "c.category"),
    ("s.scope", _WAGE),
    ("f.code",),
    ("f.code", "c.category"),
    ("s.tier",),
    ("c.severity",),
    ("c.relation",),
)
"""Those of ``figures.BRAND_TABLES``; a topic is added up from categories."""
_FINEST = tuple(dict.fromkeys(column for columns in _BREAKDOWNS for column in columns))
_FROM = """FROM "case" c
 JOIN factory f ON f.id = c.factory_id
 JOIN supply s ON s.factory_id = c.factory_id AND s.brand_id = {brand}
  AND {day} >= s.since AND (s.until IS NULL OR {day} <= s.until)
 WHERE c.received_at >= {start} AND c.received_at < {end} AND {real}
  AND (c.inadmissible IS NULL OR c.inadmissible <> 'spam')
  AND NOT EXISTS (SELECT 1 FROM link l WHERE l.other_id = c.id AND l.kind = 'duplicate')"""


def finest(connection: sa.Connection, brand_id: int, year: int) -> int:
    """How many groups there are."""
    return len(_grouped(connection, _FINEST, brand_id, year))


def each(connection: sa.Connection, brand_id: int, year: int) -> int:
    """How many cells all tables have."""
    return sum(len(_grouped(connection, one, brand_id, year)) for one in _BREAKDOWNS)


def _grouped(
    connection: sa.Connection, columns: tuple[str, ...], brand_id: int, year: int
) -> list[Any]:
    lite = connection.dialect.name == "sqlite"
    zone = "" if lite else "+00"
    said = _FROM.format(
        brand=brand_id,
        day="date(c.received_at)" if lite else "(c.received_at AT TIME ZONE 'UTC')::date",
        start=f"'{year}-01-01{'' if lite else ' 00:00' + zone}'",
        end=f"'{year + 1}-01-01{'' if lite else ' 00:00' + zone}'",
        real="c.practice = 0" if lite else "NOT c.practice",
    )
    groups = ", ".join(str(place) for place in range(1, len(columns) + 1))
    statement = f"SELECT {', '.join(columns)}, count(*) {said} GROUP BY {groups}"
    return list(connection.exec_driver_sql(statement).all())

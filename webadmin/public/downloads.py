"""The public releases as CSV and JSON: every version of every period, as machines read them.

Names of columns and values are those of ``casework.figures.measures``, in every language the same.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from casework.figures import figurerows
from casework.figures.measures import COUNTED, Counted, Dimension, Measure
from casework.figures.tables import Table
from casework.models import Release
from casework.publication import releases

_FIRST = ("period", "version", "made_at", "measure", "counted")
_LAST = ("value", "p90", "hidden", "below", "pending_since")


def as_json(found: Iterable[Release]) -> str:
    """The releases as ``releases.outside`` gives them away."""
    return json.dumps(
        {"releases": [releases.outside(release) for release in found]}, ensure_ascii=False
    )


def as_csv(found: Iterable[Release], tables: Sequence[Table]) -> str:
    """A row for each figure. ``hidden`` is ``yes`` where there is no value: it is below the number
    in ``below``, or would give such a number away. ``pending_since``: the day since which corrections
    of its release are known that are too small to be shown."""
    dimensions = [one for one in Dimension if any(one in table.by for table in tables)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*_FIRST, *dimensions, *_LAST])
    for release in found:
        start = [release.period, release.version, release.made_at.date().isoformat()]
        pending = release.pending_since.date().isoformat() if release.pending_since else ""
        for row in release.figures:
            measure, _ = figurerows.key_of(row)
            values = [row["by"].get(one.value, "") for one in dimensions]
            hidden = "yes" if row["value"] is None else "no"
            value = "" if row["value"] is None else row["value"]
            end = [value, row.get("p90", ""), hidden, release.threshold, pending]
            writer.writerow([*start, measure, _counted(measure), *values, *end])
    return text.getvalue()


def _counted(measure: Measure) -> Counted:
    return COUNTED.get(measure, Counted.CASES)

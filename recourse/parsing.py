"""What the rooms of the command line share: their type of parser, and output for people or scripts."""

import argparse
import json
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 -- has no public name
else:
    Commands = Any


def add_format(parser: argparse.ArgumentParser) -> None:
    """``--format json`` for scripts, a table for people."""
    parser.add_argument(
        "--format", choices=("table", "json"), default="table", help="table (default) or json"
    )


def show(rows: Sequence[dict[str, Any]], shape: str) -> None:
    """Print rows as JSON or as a table with aligned columns."""
    if shape == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        print("Nothing yet.")
        return
    table = [list(rows[0]), *[["" if v is None else str(v) for v in row.values()] for row in rows]]
    widths = [max(_width(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        )
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """How many columns a terminal gives it: marks above and below take none, some letters two."""
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
        if unicodedata.category(character) not in ("Mn", "Me", "Cf")
    )

"""How far the shipped catalogs are: what is translated, what is broken, and who has read them.

Reads the ``.po`` and ``.pot`` files, which an installed package carries too.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from translations.checks import Kind, check
from translations.headers import read_header
from translations.loading import SOURCE_LANGUAGE, Domain

_HERE: Final = Path(__file__).parent
_SEEN_APART: Final = (Kind.HOLES, Kind.PLURALS, Kind.MISSING)


@dataclass(frozen=True, slots=True)
class Standing:
    """One language of a domain.

    ``drafted_by`` and ``native_review`` are what its header says, the latter ``pending`` until a
    native speaker has read all of it.
    """

    tag: str
    total: int
    translated: int
    broken_holes: int = 0
    wrong_plurals: int = 0
    other_problems: int = 0
    drafted_by: str = ""
    native_review: str = ""

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 means that nothing is missing."""
        return self.translated * 100 // self.total if self.total else 100


def standings(domain: Domain, folder: Path = _HERE) -> list[Standing]:
    """Every language of ``domain`` below ``folder``: English first, then by tag."""
    with (folder / f"{domain}.pot").open("rb") as file:
        template = read_po(file)
    english = Standing(SOURCE_LANGUAGE, len(template), len(template))
    catalogs = sorted(folder.glob(f"*/LC_MESSAGES/{domain}.po"))
    return [english, *(_standing(path, template) for path in catalogs)]


def _standing(path: Path, template: Catalog) -> Standing:
    found = Counter(problem.kind for problem in check(path, template))
    total = len(template)
    header = read_header(path.read_text("utf-8"))
    return Standing(
        tag=path.parent.parent.name,
        total=total,
        translated=0 if found[Kind.UNREADABLE] else max(0, total - found[Kind.MISSING]),
        broken_holes=found[Kind.HOLES],
        wrong_plurals=found[Kind.PLURALS],
        other_problems=sum(n for kind, n in found.items() if kind not in _SEEN_APART),
        drafted_by=header.get("X-Drafted-By") or header.get("Last-Translator", ""),
        native_review=header.get("X-Native-Review", ""),
    )

"""Takes new sentences from the code into the catalogs: ``./run catalogs``.

``translations/<domain>.pot`` are the templates, ``translations/<tag>/LC_MESSAGES/<domain>.po`` the
catalogs. Files carry no dates and no line numbers, so that a diff shows what was said anew.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import generate_po, read_po

from translations.extraction import extract
from translations.headers import read_header, split_header, write_header
from translations.loading import DOMAINS, SOURCE_LANGUAGE, Domain
from translations.plurals import plural_forms

ROOT: Final = Path(__file__).parent.parent
"""The folder of the project. Extraction needs the sources: a clone, not an installed wheel."""

_FORMAT: Final = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def up_to_date(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Each template and catalog of the project, with the text it ought to have now."""
    for domain in DOMAINS:
        template = extract(root, domain)
        yield root / "translations" / f"{domain}.pot", _written(template, _FORMAT)
        for path in sorted(root.glob(f"translations/*/LC_MESSAGES/{domain}.po")):
            yield path, merged(path.read_text("utf-8"), _tag(path), template)


def outdated(root: Path = ROOT) -> list[Path]:
    """Templates and catalogs that are not in step with the code, as ``update`` would leave them."""
    return [
        path
        for path, text in up_to_date(root)
        if not path.exists() or path.read_text("utf-8") != text
    ]


def update(root: Path = ROOT) -> list[Path]:
    """Bring every template and catalog in step with the code; returns the files written.

    Translations stay, new sentences come in empty, sentences no longer said go.
    """
    changed = []
    for path, text in up_to_date(root):
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


def add(tag: str, domain: Domain, root: Path = ROOT) -> Path:
    """Begin the catalog of ``domain`` in the language ``tag``, unless there is one.

    Raises ``babel.UnknownLocaleError`` or ``ValueError`` for a tag that names no language.
    """
    if tag == SOURCE_LANGUAGE or tag != tag.lower() or "_" in tag:
        raise ValueError(f"{tag!r} is English, or not a tag in lower case with hyphens")
    plural_forms(tag)
    path = root / "translations" / tag / "LC_MESSAGES" / f"{domain}.po"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(merged("", tag, extract(root, domain)), "utf-8")
    return path


def merged(po: str, tag: str, template: Catalog) -> str:
    """The text of a catalog brought in step with ``template``: translations and header kept."""
    comment, entries = split_header(po)
    kept = {"X-Drafted-By": "", "X-Native-Review": "pending", **read_header(po)}
    locale = tag.replace("-", "_")
    header = {
        "Project-Id-Version": "recourse",
        "Language": locale,
        **{name: kept[name] for name in kept if name not in _REWRITTEN},
        "Plural-Forms": plural_forms(tag),
        **_FORMAT,
    }
    catalog = read_po(
        io.StringIO(write_header(header) + entries), ignore_obsolete=True, abort_invalid=True
    )
    catalog.update(template, no_fuzzy_matching=True)
    return comment + _written(catalog, header)


_REWRITTEN: Final = frozenset(
    {
        "Project-Id-Version",
        "Language",
        "Plural-Forms",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        *_FORMAT,
    }
)
"""Fields of a header that are ours to write; what else a translator's tool put there stays."""


def _written(catalog: Catalog, header: dict[str, str]) -> str:
    lines = generate_po(
        catalog, omit_header=True, ignore_obsolete=True, include_lineno=False, width=0
    )
    return write_header(header) + "".join(lines).rstrip("\n") + "\n"


def _tag(path: Path) -> str:
    return path.parent.parent.name

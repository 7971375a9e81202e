"""Compiles catalogs from ``.po`` to ``.mo``: in the build, for ``./run``, or in memory.

A ``.mo`` made here ends with the
SHA-256 of the ``.po`` it was made from (gettext never reads past its tables), so a stale one is
known whatever the dates of the files say.
"""

import hashlib
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


class BrokenCatalog(ValueError):
    """A ``.po`` file that cannot be read; says which, where and why."""


def compiled(source: Path) -> bytes:
    """The ``.mo`` of a ``.po``: the same bytes for the same source, whenever and wherever made.

    Raises ``BrokenCatalog`` if the file is not a well-formed catalog.
    """
    text = source.read_bytes()
    language = source.parent.parent.name.replace("-", "_")
    try:
        catalog = read_po(io.BytesIO(text), locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise BrokenCatalog(f"{source}: {error}") from error
    # Babel writes the time of compiling into the header otherwise.
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue() + _digest(text)


def is_current(source: Path, target: Path) -> bool:
    """Whether ``target`` exists and was compiled here from just this state of ``source``."""
    return target.exists() and target.read_bytes().endswith(_digest(source.read_bytes()))


def compile_all(folder: Path) -> list[Path]:
    """Compile every catalog below ``folder`` that is not current; returns the files written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not is_current(source, target):
            _write_whole(target, compiled(source))
            written.append(target)
    return written


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _write_whole(target: Path, content: bytes) -> None:
    """Write beside and rename: a process that starts meanwhile never opens half a catalog."""
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False) as file:
        file.write(content)
    written = Path(file.name)
    written.chmod(0o644)
    written.replace(target)

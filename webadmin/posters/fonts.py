"""The fonts of a poster: which ones its words need, and how they travel inside one file."""

import base64
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_STATIC = Path(__file__).parent.parent / "static"
SHEET = _STATIC / "poster" / "fonts.css"
"""The declaration of the fonts: what a browser reads, this module reads too."""

_FACE = re.compile(r"@font-face \{.*?\n\}", re.DOTALL)
_FAMILY = re.compile(r'font-family: "([^"]+)"')
_SOURCE = re.compile(r'url\("([^"]+)"\)')
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
_STACK = re.compile(r'\.poster(?: \[lang="([a-z-]+)"\])? \{\s*font-family: ([^;]+);')


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, as it is declared."""

    css: str
    family: str
    file: Path
    ranges: tuple[range, ...]

    def has_to_do_with(self, text: Iterable[str]) -> bool:
        """Whether a browser would load it for some character of ``text``."""
        return any(ord(one) in some for one in text for some in self.ranges)

    def inside(self) -> str:
        """Its declaration with the font itself in it."""
        data = base64.b64encode(self.file.read_bytes()).decode()
        return _SOURCE.sub(f'url("data:font/woff2;base64,{data}")', self.css)


@functools.cache
def faces() -> tuple[Face, ...]:
    """All fonts that are shipped."""
    return tuple(_face(found[0]) for found in _FACE.finditer(SHEET.read_text("utf-8")))


@functools.cache
def stacks() -> dict[str, tuple[str, ...]]:
    """Names of the fonts of each language, the first that has a character wins; ``""``: the others'."""
    return {
        found[1] or "": tuple(re.findall(r'"([^"]+)"', found[2]))
        for found in _STACK.finditer(SHEET.read_text("utf-8"))
    }


def needed(texts: Iterable[tuple[str, str]]) -> list[Face]:
    """The fonts for pairs of a language and what is said in it."""
    wanted: list[Face] = []
    for tag, text in texts:
        families = stacks().get(tag, stacks()[""])
        letters = frozenset(text)
        wanted += [f for f in faces() if f.family in families and f.has_to_do_with(letters)]
    return [face for face in faces() if face in wanted]


def as_one(texts: Iterable[tuple[str, str]]) -> str:
    """The declarations for ``texts`` with the fonts inside: a style that needs no other file."""
    css = SHEET.read_text("utf-8")
    rules = (found[0] + "\n}" for found in _STACK.finditer(css))
    return "\n".join([*(face.inside() for face in needed(texts)), *rules])


def _face(css: str) -> Face:
    family, source = _FAMILY.search(css), _SOURCE.search(css)
    assert family
    assert source
    file = (SHEET.parent / source[1]).resolve()
    return Face(css, family[1], file, tuple(_ranges(css)))


def _ranges(css: str) -> Iterator[range]:
    for first, last in _RANGE.findall(css):
        yield range(int(first, 16), int(last or first, 16) + 1)

"""Which letters the bytes of a text file stand for, and whether that is certain.

UTF-8 and UTF-16 can be told from everything else. The older encodings can't be told from each
other: the same bytes are Thai in one and accents in another. They are guessed, and whoever brought
the file is asked; a wrong guess would write nonsense into a case, and nobody could mend it later.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from casework.errors import BadInput

LEGACY = ("cp1252", "cp874", "cp932", "gb18030", "big5", "cp949", "cp1258", "cp1251")
"""Older encodings that somebody may say a file is in: Western European, Thai, Japanese, Chinese
(two), Korean, Vietnamese, Cyrillic."""
KNOWN = ("utf-8", "utf-16", *LEGACY)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_CELL_ENDS = re.compile('[,;\t\r\n"]')
_KANA = re.compile("[\u3040-\u30ff]")
_THAI = re.compile("[\u0e00-\u0e7f]+")
_LOST_MARK = re.compile(
    "(?:^|[^\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
)
_HANGUL = re.compile("[\uac00-\ud7a3]+")
_HAN = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]{2,}")


@dataclass(frozen=True, slots=True)
class Read:
    """A text, the encoding it was read by, and whether it can be no other."""

    text: str
    encoding: str
    sure: bool = True

    @property
    def sample(self) -> str:
        """The first words that hang on the encoding, with what stands around them."""
        found = _BEYOND_ASCII.search(self.text)
        if found is None:
            return ""
        before = _CELL_ENDS.split(self.text[max(found.start() - 12, 0) : found.start()])[-1]
        after = _CELL_ENDS.split(self.text[found.start() : found.end() + 28])[0]
        return " ".join(f"{before}{after}".split())


def read(raw: bytes, declared: str = "") -> Read:
    """The text of a file. ``BadInput`` where it is none, or not in the encoding ``declared``."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return Read(_strictly(raw, encoding), encoding.removesuffix("-sig"))
    if declared:
        return Read(_strictly(raw, declared), declared)
    if b"\0" in raw:
        return Read(_strictly(raw, _unmarked_utf16(raw)), "utf-16")
    try:
        return Read(raw.decode(), "utf-8")
    except UnicodeDecodeError:
        return _guessed(raw)


def choices(raw: bytes) -> list[Read]:
    """How the file would read in each encoding that fits its bytes, the likeliest first."""
    found = []
    for encoding in LEGACY:
        try:
            found.append(Read(raw.decode(encoding), encoding, sure=False))
        except UnicodeDecodeError:
            continue
    likeliest = _guessed(raw).encoding if found else ""
    return sorted(found, key=lambda one: one.encoding != likeliest)


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise BadInput(
            "The letters of this file can't be read as %(encoding)s. Save it as CSV (UTF-8).",
            encoding=encoding.upper(),
        ) from None


def _unmarked_utf16(raw: bytes) -> str:
    """UTF-16 without a mark: of letters near ASCII, every other byte is empty."""
    head = raw[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) * 0.15 and min(even, odd) < max(even, odd) * 0.2:
        return "utf-16-le" if odd > even else "utf-16-be"
    raise BadInput("This is no CSV file. In your spreadsheet, save it as CSV (UTF-8).")


def _guessed(raw: bytes) -> Read:
    """The likeliest older encoding: the first whose letters are all of one script."""
    for encoding, looks_right in _LOOKS.items():
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        runs = _BEYOND_ASCII.findall(text)
        if looks_right("".join(runs), runs):
            return Read(text, encoding, sure=False)
    for encoding in LEGACY:
        try:
            return Read(raw.decode(encoding), encoding, sure=False)
        except UnicodeDecodeError:
            continue
    raise BadInput("The letters of this file can't be read. Save it as CSV (UTF-8).")


def _mostly(script: re.Pattern[str], letters: str) -> bool:
    return sum(map(len, script.findall(letters))) >= 0.9 * len(letters)


def _in_words(runs: list[str]) -> bool:
    return sum(map(len, runs)) >= 2 * len(runs)


_LOOKS: dict[str, Callable[[str, list[str]], bool]] = {
    # Thai is all high bytes; Japanese mixes its syllables in; then what is written in pairs.
    "cp874": lambda letters, runs: _mostly(_THAI, letters) and _in_words(runs) and _thai(letters),
    "cp932": lambda letters, _: len(_KANA.findall(letters)) >= 0.1 * len(letters),
    "cp949": lambda letters, runs: _mostly(_HANGUL, letters) and _in_words(runs),
    "gb18030": lambda letters, _: _mostly(_HAN, letters) and _common(letters, "gb2312"),
    "big5": lambda letters, _: _mostly(_HAN, letters),
    "cp1251": lambda letters, runs: _mostly(_CYRILLIC, letters) and _in_words(runs),
}


def _thai(letters: str) -> bool:
    """Whether the marks above and below stand on consonants, as they can't by chance."""
    return len(_LOST_MARK.findall(letters)) <= 0.01 * len(letters)


def _common(letters: str, narrower: str) -> bool:
    try:
        letters.encode(narrower)
    except UnicodeEncodeError:
        return False
    return True

"""The languages of Recourse: which there are, what they are called, and their sentences.

English is the source: a msgid is a whole English sentence, so English needs no catalog and is
always there. Every other language is a folder ``<tag>/LC_MESSAGES`` with a catalog for each domain
it speaks: ``bot.po`` (what workers read) and ``webadmin.po`` (what staff read). A tag is lower
case with hyphens, as the channels write it: ``vi``, ``zh-hans``.

Rooms: ``loading`` finds and opens catalogs, ``compiling`` makes ``.mo`` files, ``update`` takes new
sentences from the code into the catalogs, ``checks`` says what is wrong with one. In a clone,
``./run catalogs`` does it all.
"""

import functools
import gettext
from pathlib import Path
from typing import Final

from babel import Locale

from translations.loading import DOMAINS, SOURCE_LANGUAGE, Catalogs, Domain, UnknownLanguage

__all__ = [
    "DOMAINS",
    "NP_",
    "N_",
    "SOURCE_LANGUAGE",
    "Catalogs",
    "Domain",
    "UnknownLanguage",
    "babel_locale",
    "catalog",
    "is_rtl",
    "languages",
    "match",
    "own_name",
]

_shipped: Final = Catalogs(Path(__file__).parent)

_OWN_NAMES: Final = {
    "en": "English",
    "vi": "Tiếng Việt",
    "id": "Bahasa Indonesia",
    "km": "ភាសាខ្មែរ",
    "my": "မြန်မာ",
    "zh-hans": "简体中文",
    "th": "ภาษาไทย",
    "lo": "ພາສາລາວ",
    "fil": "Filipino",
    "ms": "Bahasa Melayu",
    "bn": "বাংলা",
    "ne": "नेपाली",
    "hi": "हिन्दी",
    "ur": "اردو",
    "si": "සිංහල",
    "ta": "தமிழ்",
    "ja": "日本語",
    "ko": "한국어",
    "es": "Español",
    "ar": "العربية",
}
"""Written by hand: from Unicode's data Indonesian and Malay come out as the names of countries."""


def N_(msgid: str) -> str:  # noqa: N802 -- the name that gettext's tools look for
    """Mark a sentence for the catalogs where it is declared; it is translated where it leaves."""
    return msgid


def NP_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 -- goes with N_
    """Mark a sentence that has a plural: what is said of one, and what is said of several."""
    return singular, plural


def languages(domain: Domain) -> tuple[str, ...]:
    """Tags of the languages that ``domain`` is translated to: English first, then by tag."""
    return _shipped.languages(domain)


def catalog(domain: Domain, tag: str) -> gettext.NullTranslations:
    """The sentences of ``domain`` in the language ``tag``, opened once and kept.

    Raises ``UnknownLanguage`` where there is none: nobody gets English without it being decided.
    """
    return _shipped.catalog(domain, tag)


def match(hint: str, domain: Domain) -> str | None:
    """The language of ``domain`` that fits a channel's hint (``vi-VN``, ``tl``, ``zh_CN``) best.

    ``None`` where none does; the caller then asks, or speaks English.
    """
    return _shipped.match(hint, domain)


def own_name(tag: str) -> str:
    """The name of a language in that language, for the button that chooses it."""
    name = _OWN_NAMES.get(tag)
    if name is not None:
        return name
    locale = babel_locale(tag)
    return locale.get_display_name(locale) or tag


@functools.cache
def babel_locale(tag: str) -> Locale:
    """How the language writes dates, numbers and money.

    English is international: "24 November 2026" is read the same by everybody, "11/24" is not.
    Raises ``babel.UnknownLocaleError`` for a tag that Unicode's data does not know.
    """
    if tag == SOURCE_LANGUAGE:
        return Locale("en", "GB")
    return Locale.parse(tag, sep="-")


def is_rtl(tag: str) -> bool:
    """Whether the language is written from right to left (Arabic, Urdu)."""
    return babel_locale(tag).text_direction == "rtl"

"""Languages, countries and sizes of files as the reader calls them, by Unicode's data."""

import unicodedata

from babel import Locale, UnknownLocaleError
from babel.units import format_unit

from casework.factories import COUNTRIES
from casework.taking_in.pastcases import UNKNOWN_LANGUAGE
from translations import babel_locale
from webadmin.i18n import gettext as _
from webadmin.i18n import language


def language_name(tag: str) -> str:
    """The name of a language in the reader's."""
    if tag == UNKNOWN_LANGUAGE:
        return _("Not said")
    # Not our English with its country, which would be "English (United Kingdom)".
    try:
        return Locale.parse(tag, sep="-").get_display_name(babel_locale(language())) or tag
    except (UnknownLocaleError, ValueError):
        # Of languages that imported cases are in, Unicode knows some by name alone.
        return str(babel_locale(language()).languages.get(tag, tag))


def country_name(code: str) -> str:
    """The name of a country in the reader's language."""
    return str(babel_locale(language()).territories.get(code, COUNTRIES.get(code, code)))


def countries() -> list[tuple[str, str]]:
    """Every country with its name, in the order of the reader's language."""
    return sorted(
        ((code, country_name(code)) for code in COUNTRIES), key=lambda two: _order(two[1])
    )


def file_size(size: int) -> str:
    """A number of bytes as one reads it: ``1.2 MB``."""
    unit, whole = ("megabyte", 1_000_000) if size >= 1_000_000 else ("kilobyte", 1000)
    about = max(round(size / whole, 1), 0.1)
    return str(format_unit(about, unit, "short", locale=babel_locale(language())))


def _order(name: str) -> bytes:
    if language().startswith("zh"):
        # The common characters stand in this encoding by their sound, as in a dictionary.
        return name.encode("gb18030")
    return unicodedata.normalize("NFKD", name.casefold().replace("đ", "d")).encode()

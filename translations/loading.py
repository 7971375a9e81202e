"""Finds the catalogs in a folder and opens them."""

import gettext
import io
from pathlib import Path
from typing import Final, Literal

from translations.compiling import compiled, is_current

Domain = Literal["bot", "webadmin"]
"""Who reads it: workers (``bot``) or staff (``webadmin``)."""

DOMAINS: Final[tuple[Domain, ...]] = ("bot", "webadmin")
SOURCE_LANGUAGE: Final = "en"

_ALIASES: Final = {
    "tl": "fil",  # Telegram's and Android's word for Filipino
    "in": "id",  # what old Android phones call Indonesian
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-my": "zh-hans",
    # Somebody who reads traditional characters is better served by simplified ones than by English.
    "zh-hant": "zh-hans",
    "zh-tw": "zh-hans",
    "zh-hk": "zh-hans",
}


class UnknownLanguage(LookupError):
    """No catalog for a language in a domain."""

    def __init__(self, domain: Domain, tag: str) -> None:
        super().__init__(
            f"No {domain} catalog for the language {tag!r}: choose one of languages({domain!r}),"
            f" or add translations/{tag}/LC_MESSAGES/{domain}.po."
        )


class Catalogs:
    """The catalogs below one folder, each opened at its first use and kept. Safe among threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[tuple[Domain, str], gettext.NullTranslations] = {}
        self._languages: dict[Domain, tuple[str, ...]] = {}

    def languages(self, domain: Domain) -> tuple[str, ...]:
        """Tags of the languages ``domain`` is translated to: English first, then by tag."""
        found = self._languages.get(domain)
        if found is None:
            tags = {
                path.parent.parent.name
                for suffix in ("po", "mo")
                for path in self._folder.glob(f"*/LC_MESSAGES/{domain}.{suffix}")
            }
            found = (SOURCE_LANGUAGE, *sorted(tags - {SOURCE_LANGUAGE}))
            self._languages[domain] = found
        return found

    def catalog(self, domain: Domain, tag: str) -> gettext.NullTranslations:
        """The sentences of ``domain`` in ``tag``; raises ``UnknownLanguage`` where there are none.

        A ``.mo`` that is missing or was made from another state of its ``.po`` (a source checkout)
        is compiled in memory, so that a new sentence never comes out in English by accident.
        """
        opened = self._open.get((domain, tag))
        if opened is None:
            opened = self._load(domain, tag)
            self._open[domain, tag] = opened
        return opened

    def match(self, hint: str, domain: Domain) -> str | None:
        """The language of ``domain`` that fits a channel's hint best, ``None`` where none does."""
        known = self.languages(domain)
        tag = hint.strip().lower().replace("_", "-")
        while tag:
            if tag in known:
                return tag
            if _ALIASES.get(tag) in known:
                return _ALIASES[tag]
            tag = tag.rpartition("-")[0]
        return None

    def _load(self, domain: Domain, tag: str) -> gettext.NullTranslations:
        if tag == SOURCE_LANGUAGE:
            return gettext.NullTranslations()
        # Only a listed tag becomes part of a path: tags also come from buttons and addresses.
        if tag not in self.languages(domain):
            raise UnknownLanguage(domain, tag)
        source = self._folder / tag / "LC_MESSAGES" / f"{domain}.po"
        target = source.with_suffix(".mo")
        if not source.exists() or is_current(source, target):
            with target.open("rb") as file:
                return gettext.GNUTranslations(file)
        return gettext.GNUTranslations(io.BytesIO(compiled(source)))

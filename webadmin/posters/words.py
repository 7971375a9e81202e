"""What a poster says to workers: its sentences, and the languages that have all of them.

Workers read them, so they stand in the catalogs of the domain ``bot`` (``translations.extraction``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from babel.languages import get_official_languages
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from translations import (
    N_,
    NP_,
    SOURCE_LANGUAGE,
    babel_locale,
    catalog,
    is_rtl,
    languages,
    match,
)

TITLE = N_("Is something wrong at your work?")
LEAD = N_("You can tell us here, in your own language.")
# Translators: the square is the QR code.
SCAN = N_("Point the camera of your phone at the square. Then press the link that you see.")
TELL = N_("Tell us what is wrong: speak, write, or send a photo.")
ANSWER = NP_(
    "You get a case number. A person answers you within %(n)s day.",
    "You get a case number. A person answers you within %(n)s days.",
)
# Translators: the small square is another QR code. The address of the page follows.
NO_TELEGRAM = N_("You have no Telegram? Use the small square, or open this page:")
OPEN_PAGE = N_("Or open this page on any phone or computer:")
CODE = N_("Code of this factory:")
# Translators: a heading over the sentences that say what a worker may count on.
RIGHTS = N_("Your rights")
FREE = N_("It costs nothing.")
NO_NAME = N_("You do not have to tell your name.")
SECRET = N_("The factory does not learn from us who you are, unless you allow it.")
READER = N_("Who reads it: %(operator)s. They must keep it secret.")
NO_PUNISHMENT = N_("Nobody may punish you for using this. If somebody does, tell us at once.")
YOURS = N_("You can ask how it stands, tell more, or stop at any time.")
PRACTICE = N_("This is for practice. What you send here is not a real complaint.")


Sentence = str | tuple[str, str]
"""In English; of what counts, what is said of one and what is said of several."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line below the square, with the drawings that stand for it; without any it is a heading."""

    sentence: Sentence
    icons: tuple[str, ...] = ()
    step: int = 0
    """Which of the three steps it is; 0 for none."""


LINES = (
    Line(SCAN, ("qr-code-scan",), step=1),
    Line(TELL, ("mic", "pencil", "camera"), step=2),
    Line(ANSWER, ("chat-dots",), step=3),
    Line(RIGHTS),
    Line(FREE, ("free",)),
    Line(NO_NAME, ("person-lock",)),
    Line(SECRET, ("eye-slash",)),
    Line(READER, ("envelope",)),
    Line(NO_PUNISHMENT, ("shield-check",)),
    Line(YOURS, ("arrow-repeat",)),
)

EVERYTHING: tuple[Sentence, ...] = (
    TITLE,
    LEAD,
    NO_TELEGRAM,
    OPEN_PAGE,
    CODE,
    PRACTICE,
    *(line.sentence for line in LINES),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """A poster's sentences in one language."""

    tag: str
    operator: str
    days: int
    """So many days after a complaint a person answers at the latest, by the policy of the day on
    which it is printed."""

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return "rtl" if is_rtl(self.tag) else "ltr"

    def says(self, sentence: Sentence) -> Markup:
        """A sentence with its holes filled."""
        words = catalog("bot", self.tag)
        text = (
            words.gettext(sentence)
            if isinstance(sentence, str)
            else words.ngettext(*sentence, self.days)
        )
        if "%" not in text:
            return escape(text)
        # A name may be written in another direction than the sentence around it.
        operator = Markup("<bdi>{}</bdi>").format(self.operator)
        shown = format_decimal(self.days, locale=babel_locale(self.tag))
        return escape(text) % {"operator": operator, "n": shown}


def offered() -> tuple[str, ...]:
    """Languages a poster can be printed in: those with every sentence, so that none is mixed."""
    return tuple(tag for tag in languages("bot") if _is_whole(tag))


def usual(country: str) -> str:
    """The offered language that is official in a country, else English."""
    found = (match(tag, "bot") for tag in _official(country))
    ready = offered()
    return next((tag for tag in found if tag in ready), SOURCE_LANGUAGE)


def _official(country: str) -> Iterator[str]:
    yield from get_official_languages(country, de_facto=True)


def _is_whole(tag: str) -> bool:
    if tag == SOURCE_LANGUAGE:
        return True
    words = catalog("bot", tag)
    return all(
        words.gettext(one) != one if isinstance(one, str) else words.ngettext(*one, 2) not in one
        for one in EVERYTHING
    )

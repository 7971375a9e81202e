"""One poster, put together: its languages, its ways in, its paper; as one file to print anywhere."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from casework.config import Settings
from casework.deadlines import policies
from casework.deadlines.policies import Policy
from casework.errors import BadInput
from casework.models import Factory
from translations import own_name
from webadmin.posters import fonts, words
from webadmin.posters.doors import Doors, doors
from webadmin.posters.words import LINES, Voice

MOST = 3
"""Languages on one sheet: more can't be read from where one stands."""
PAPERS = ("a4", "a3")

_HERE = Path(__file__).parent.parent
_STYLES = _HERE / "static" / "poster"
_STRUCK = Markup(
    '<path d="m1.6 15.4 13-13" stroke="#fff" stroke-width="3"/>'
    '<path d="m1.4 14.6 13.2-13.2" stroke="currentColor" stroke-width="1.3"/></symbol>'
)
"""A line through a drawing: none of this."""
_ICONS = _HERE / "static" / "vendor" / "bootstrap-icons.svg"


@dataclass(frozen=True, slots=True)
class Poster:
    """Everything that stands on a sheet."""

    factory: Factory
    voices: tuple[Voice, ...]
    doors: Doors
    paper: str
    practice: bool

    @property
    def direction(self) -> str:
        """Of the sheet: from right to left only where all of it is."""
        found = {voice.direction for voice in self.voices}
        return found.pop() if len(found) == 1 else "ltr"

    @property
    def beside(self) -> str:
        """What stands above the web chat's address, in English."""
        return words.NO_TELEGRAM if self.doors.telegram else words.OPEN_PAGE

    @property
    def icons(self) -> Markup:
        """The drawings that its lines use."""
        names = {"telegram", "globe", *(name for line in LINES for name in line.icons)}
        return Markup("").join(_icons()[name] for name in sorted(names))

    def texts(self) -> list[tuple[str, str]]:
        """Each language with all that may be written in its letters."""
        shared = f"{self.factory.name} {self.factory.place} {self.factory.code}"
        addresses = " ".join(d.shown for d in (self.doors.telegram, self.doors.web) if d)
        return [
            (voice.tag, " ".join([shared, addresses, *map(voice.says, words.EVERYTHING)]))
            for voice in self.voices
        ] + [("", f"{shared} {addresses} 0123456789")]


def make(
    factory: Factory,
    settings: Settings,
    bot: str,
    policy: Policy,
    *,
    tags: Sequence[str],
    paper: str,
) -> Poster:
    """A poster in one to three languages; ``BadInput`` says what can't be printed.

    ``bot`` is the user name of the Telegram bot, ``""`` where there is none. What the sheet promises
    is what ``policy`` does.
    """
    wanted, ready = list(dict.fromkeys(tags)), words.offered()
    for tag in wanted:
        if tag not in ready:
            raise BadInput(
                "A poster can't be printed in %(language)s: choose one of %(languages)s.",
                language=tag,
                languages=", ".join(ready),
            )
    if not 1 <= len(wanted) <= MOST:
        raise BadInput("A poster has one to %(most)s languages.", most=MOST)
    if paper not in PAPERS:
        raise BadInput("Choose %(papers)s as paper.", papers=" or ".join(PAPERS))
    if not factory.active:
        raise BadInput(
            "The factory %(code)s is closed, so its code leads nowhere. Open it again to print a"
            " poster.",
            code=factory.code,
        )
    voices = tuple(Voice(tag, settings.operator, policies.answer_days(policy)) for tag in wanted)
    ways = doors(factory.code, bot, settings.public_url)
    return Poster(factory, voices, ways, paper, settings.practice)


def as_file(poster: Poster) -> str:
    """A page that needs no other file: fonts, style and script are in it."""
    template = _templates().get_template("poster_file.html")
    style = "\n".join(
        [fonts.as_one(poster.texts()), _read("poster.css"), _read(f"{poster.paper}.css")]
    )
    return template.render(
        poster=poster,
        words=words,
        own_name=own_name,
        style=Markup(style),  # noqa: S704 -- our own files
        script=Markup(_read("poster.js")),  # noqa: S704 -- our own file
    )


def _read(name: str) -> str:
    return (_STYLES / name).read_text("utf-8")


@functools.cache
def _templates() -> Environment:
    """The command line has no web application whose templates it could ask for."""
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


@functools.cache
def _icons() -> dict[str, Markup]:
    drawn = _ICONS.read_text("utf-8")
    found = {
        name: Markup(symbol)  # noqa: S704 -- our own file
        for symbol, name in re.findall(r'(<symbol id="([^"]+)".*?</symbol>)', drawn)
    }
    struck = found["cash-coin"].replace("cash-coin", "free").replace("</symbol>", _STRUCK)
    return {**found, "free": struck}

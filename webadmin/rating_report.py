"""A rating as one file to print, for the operator: cases are named, in English."""

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from casework.ratings.lifting import Need, lifts
from casework.ratings.rated import Rated
from casework.ratings.rating import EvidenceKind, State
from casework.ratings.rating_data import text_of
from casework.ratings.transparency import WageYear

_TEMPLATES = Path(__file__).parent / "templates"
MOST_NAMED = 60
"""So many cases are named under a sentence; of more the number is told."""


def page(rated: Rated, wages: tuple[WageYear, ...]) -> str:
    """A page that needs no other file and no network."""
    return (
        _templates()
        .get_template("rating_report.html")
        .render(
            rated=rated,
            wages=wages,
            lifts=lifts(rated.methodology, rated.known),
            text_of=text_of,
            most=MOST_NAMED,
            State=State,
            Need=Need,
            EvidenceKind=EvidenceKind,
        )
    )


@functools.cache
def _templates() -> Environment:
    """The command line has no web application whose templates it could ask for."""
    loader = FileSystemLoader(_TEMPLATES)
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)

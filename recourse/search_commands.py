"""``search rebuild``: make all cases findable by their words anew."""

import argparse

from casework.config import Settings
from casework.db import Store
from casework.searching import refilling
from recourse.parsing import Commands
from recourse.setup import open_store


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    search = commands.add_parser("search", help="by which words cases are found")
    rebuild = search.add_subparsers(dest="search", metavar="COMMAND", required=True).add_parser(
        "rebuild",
        help="find the words of all cases anew",
        description="Find the words of all cases anew. Usually nobody needs this: words are kept"
        " with what is written, and an upgrade sees to older cases by itself. Until it is done,"
        " a search finds the newest cases only.",
    )
    rebuild.set_defaults(run=_rebuild)


def _rebuild(settings: Settings, _: argparse.Namespace) -> int:
    store = open_store(settings)
    with store.writing() as session:
        refilling.start_over(session)
    total = 0
    while done := _some(store):
        total += done
    print(f"The words of {total} cases are found anew.")
    return 0


def _some(store: Store) -> int:
    with store.writing() as session:
        return refilling.refill(session)

"""``brand`` and ``factory``: what there is, and factories read from a file."""

import argparse
from pathlib import Path

from sqlmodel import select

from casework import places
from casework.config import Settings
from casework.errors import BadInput
from casework.models import Factory
from casework.taking_in import imports
from recourse.parsing import Commands, add_format, show
from recourse.setup import open_store
from recourse.wallclock import wall_clock


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    brand = commands.add_parser("brand", help="brands").add_subparsers(
        dest="brand", metavar="COMMAND", required=True
    )
    listing = brand.add_parser("list", help="list the brands", description="List the brands.")
    add_format(listing)
    listing.set_defaults(run=_brands)
    factory = commands.add_parser("factory", help="factories").add_subparsers(
        dest="factory", metavar="COMMAND", required=True
    )
    listing = factory.add_parser(
        "list", help="list the factories", description="List the factories with their codes."
    )
    add_format(listing)
    listing.set_defaults(run=_factories)
    reading = factory.add_parser(
        "import",
        help="read factories from a CSV file",
        description="Read factories from a CSV file with the columns code, name, place, country,"
        " zone, workers, brand, scope, tier, since. Nothing is written unless every row is right.",
    )
    reading.add_argument("file", metavar="FILE.csv", type=Path)
    reading.add_argument("--dry-run", action="store_true", help="only say what is wrong")
    reading.set_defaults(run=_import)


def _brands(settings: Settings, options: argparse.Namespace) -> int:
    with open_store(settings).reading() as session:
        rows = [
            {"code": b.code, "name": b.name, "active": b.active} for b in places.brands(session)
        ]
    show(rows, options.format)
    return 0


def _factories(settings: Settings, options: argparse.Namespace) -> int:
    with open_store(settings).reading() as session:
        found = session.exec(select(Factory).order_by(Factory.code))
        rows = [
            {
                "code": f.code,
                "name": f.name,
                "place": f.place,
                "country": f.country,
                "zone": f.zone,
                "workers": f.workers,
                "active": f.active,
            }
            for f in found
        ]
    show(rows, options.format)
    return 0


def _import(settings: Settings, options: argparse.Namespace) -> int:
    try:
        raw = options.file.read_bytes()
    except OSError as error:
        raise BadInput(f"{options.file} can't be read ({error.strerror}).") from None
    store, now = open_store(settings), wall_clock()
    with store.writing() as session:
        plan = imports.read_factories(raw, session)
        if plan.problems:
            for problem in plan.problems:
                print(problem)
            raise BadInput(f"{len(plan.problems)} problems: nothing was imported.")
        if not options.dry_run:
            imports.apply(session, plan, now)
    print(f"{len(plan.rows)} rows {'are right' if options.dry_run else 'imported'}.")
    return 0

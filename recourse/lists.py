"""``brand``, ``factory`` and ``case``: what there is, and factories read from a file."""

import argparse
from pathlib import Path

from sqlmodel import col, select

from casework import imports, places
from casework.config import Settings
from casework.errors import BadInput
from casework.models import Case, Factory
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
    case = commands.add_parser("case", help="cases").add_subparsers(
        dest="case", metavar="COMMAND", required=True
    )
    listing = case.add_parser(
        "list",
        help="list the cases",
        description="List the cases, newest first: codes and dates, never anybody's words.",
    )
    listing.add_argument("--limit", type=int, default=100, help="how many at most (default 100)")
    add_format(listing)
    listing.set_defaults(run=_cases)


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


def _cases(settings: Settings, options: argparse.Namespace) -> int:
    with open_store(settings).reading() as session:
        statement = (
            select(Case, Factory.code)
            .outerjoin(Factory, col(Factory.id) == col(Case.factory_id))
            .order_by(col(Case.id).desc())
            .limit(options.limit)
        )
        rows = [
            {
                "reference": case.reference,
                "status": case.status.value,
                "severity": case.severity.value,
                "category": case.category.value if case.category else None,
                "factory": code,
                "channel": case.channel.value,
                "language": case.language,
                "practice": case.practice,
                "received_at": case.received_at.isoformat(),
                "next_due_at": case.next_due_at.isoformat() if case.next_due_at else None,
            }
            for case, code in session.exec(statement)
        ]
    show(rows, options.format)
    return 0

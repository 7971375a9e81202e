"""``case``: the list of cases, past ones read from a file, one handed over, and such a file opened."""

import argparse
import getpass
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from sqlmodel import col, select

from casework import archive, handing_over
from casework.actors import SYSTEM, staff_actor
from casework.config import Settings
from casework.db import Session
from casework.errors import BadInput
from casework.handing_over import Wish
from casework.lifecycle import LEADING
from casework.models import Case, Factory, Staff
from casework.references import parse_reference
from casework.searching import queue
from casework.taking_in import importing, taking_up
from casework.taking_in.importing import Plan
from casework.taking_in.letters import KNOWN
from casework.taking_in.pastcases import COLUMNS, DateOrder, Reading
from recourse.parsing import Commands, add_format, show
from recourse.setup import open_store
from recourse.wallclock import wall_clock

_SHOWN = 200
"""So many problems are printed; the file of bad rows has all."""


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
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
    _add_import(case)
    _add_export(case)
    _add_open(case)


def _add_import(case: Commands) -> None:
    reading = case.add_parser(
        "import",
        help="read past cases from a CSV or XLSX file",
        description="Read past cases of another system from a CSV or XLSX file with the columns"
        f" {', '.join(COLUMNS)}. Nothing is written unless every row is right, or --skip-bad is"
        " given. A case whose old reference was imported before is left as it is.",
    )
    reading.add_argument("file", metavar="FILE.csv", type=Path)
    reading.add_argument("--dry-run", action="store_true", help="only say what would happen")
    reading.add_argument("--skip-bad", action="store_true", help="import the good rows")
    reading.add_argument(
        "--bad", metavar="OUT.csv", type=Path, help="write the bad rows, each with what is wrong"
    )
    reading.add_argument("--encoding", choices=KNOWN, default="", help="the letters of a CSV file")
    reading.add_argument(
        "--dates",
        choices=[order.value for order in DateOrder],
        default=DateOrder.ISO.value,
        help="how days are written: iso 2024-03-31 (default), dmy 31/03/2024, mdy 03/31/2024",
    )
    reading.set_defaults(run=_import)


def _add_export(case: Commands) -> None:
    giving = case.add_parser(
        "export",
        help="hand one case over as a sealed file",
        description="Write one case with all its words and files into a sealed file for another"
        " organisation, and print its passphrase, once. Who has both reads everything, for ever:"
        " tell the passphrase by another way than the file.",
    )
    giving.add_argument("reference", metavar="REFERENCE")
    giving.add_argument("--out", metavar="FILE", type=Path, required=True)
    giving.add_argument(
        "--by", metavar="EMAIL", required=True, help="who hands it over: a supervisor or admin"
    )
    giving.add_argument("--reason", required=True, help="to whom it goes, and why; it is kept")
    giving.add_argument("--notes", action="store_true", help="with notes among colleagues")
    giving.add_argument(
        "--identity", metavar="WHY", default="", help="say who the worker is, if known; why is kept"
    )
    giving.set_defaults(run=_export)


def _add_open(case: Commands) -> None:
    opening = case.add_parser(
        "open",
        help="open a case that was handed over",
        description="Open a file made by `recourse case export` into a new folder: index.html to"
        " read, case.json for programs, and the files. Needs no installation. Asks for the"
        " passphrase, or reads it from the first line of standard input.",
    )
    opening.add_argument("file", metavar="FILE", type=Path)
    opening.add_argument("--out", metavar="FOLDER", type=Path, help="default: beside the file")
    opening.set_defaults(run=_open)


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


def _import(settings: Settings, options: argparse.Namespace) -> int:
    raw = _bytes_of(options.file)
    store, now, began = open_store(settings), wall_clock(), time.monotonic()
    how = Reading(settings.zone, now, DateOrder(options.dates))
    with store.reading() as session:
        plan = importing.read_cases(raw, session, how, options.encoding)
    _say(plan)
    if options.bad and plan.bad:
        _write_new(options.bad, importing.bad_rows(plan).encode())
        print(f"The bad rows are in {options.bad}.")
    if plan.problems and not (options.skip_bad and plan.readable):
        raise BadInput(f"{len(plan.problems)} problems: nothing was imported.")
    known = f" {len(plan.known)} were there already." if plan.known else ""
    if options.dry_run:
        print(f"{len(plan.good)} cases would be imported.{known}")
        return 0
    with store.writing() as session:
        count = taking_up.apply(
            session,
            plan,
            by=SYSTEM,
            now=now,
            skip_bad=options.skip_bad,
            practice=settings.practice,
        )
    left = f" {plan.bad_rows} rows were left out." if plan.problems else ""
    seconds = time.monotonic() - began
    print(f"{count} cases imported in {seconds:.0f} seconds.{known}{left}")
    return 0


def _say(plan: Plan) -> None:
    for note in plan.notes:
        print(note)
    for one in plan.unsure:
        print(f"  --encoding {one.encoding} reads: {one.sample}")
    for problem in plan.problems[:_SHOWN]:
        print(problem)
    if len(plan.problems) > _SHOWN:
        print(f"… and {len(plan.problems) - _SHOWN} more. --bad OUT.csv writes all of them.")


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(importing.MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{path} can't be read ({error.strerror}).") from None


def _write_new(path: Path, content: bytes) -> None:
    """A file that only its owner may read, and that was not there before."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadInput(f"{path} can't be written ({error.strerror}). Name a new file.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _export(settings: Settings, options: argparse.Namespace) -> int:
    store, now = open_store(settings), wall_clock()
    passphrase = archive.new_passphrase()
    wish = Wish(options.reason, options.notes, options.identity)
    try:
        handle = os.open(options.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        text = f"{options.out} can't be written ({error.strerror}). Name a new file."
        raise BadInput(text) from None
    whole = False
    try:
        with os.fdopen(handle, "wb") as out, store.writing() as session:
            by = staff_actor(_leading(session, options.by))
            reference = parse_reference(options.reference) or ""
            case = queue.find(session, by, reference, lock=True)
            if case is None:
                raise BadInput(f"{options.by} sees no case {options.reference}.")
            handing_over.export(session, case, wish, out, passphrase, by=by, now=now)
        whole = True
    finally:
        if not whole:
            with suppress(OSError):
                options.out.unlink()
    print(f"{options.out} holds the case. The passphrase is shown now and never again:")
    print(f"  {passphrase}")
    return 0


def _leading(session: Session, email: str) -> Staff:
    wanted = select(Staff).where(Staff.email == email.strip().lower(), col(Staff.active).is_(True))
    found = session.exec(wanted).first()
    if found is None or found.role not in LEADING:
        raise BadInput(f"{email} is no supervisor or admin of this installation.")
    return found


def _open(_: Settings, options: argparse.Namespace) -> int:
    folder = options.out or options.file.with_suffix("")
    if folder == options.file:
        folder = options.file.with_name(options.file.name + "-opened")
    try:
        with options.file.open("rb") as file:
            opened = handing_over.open_into(file, _passphrase(), folder)
    except OSError as error:
        raise BadInput(f"{options.file} can't be opened ({error.strerror}).") from None
    print(f"{opened.reference}: {opened.events} events, {opened.files} files, in {folder}.")
    if opened.broken_at is not None:
        raise BadInput(f"The chain of events is broken at event {opened.broken_at}.")
    print("The chain of its events is whole. Read index.html.")
    return 0


def _passphrase() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Passphrase: ").strip()
    return sys.stdin.readline().strip()

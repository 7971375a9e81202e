"""``start``, ``web``, ``bot``, ``jobs`` and ``db upgrade``: the service and its parts."""

import argparse
import asyncio

from casework.config import Settings
from casework.errors import SettingError
from recourse.parsing import Commands
from recourse.serve import Part, Service
from recourse.setup import open_store, prepare
from recourse.staff_commands import first_account_link
from recourse.wallclock import wall_clock


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    start = commands.add_parser(
        "start",
        help="run everything on this machine",
        description="Run the case tracker, the web chat, the Telegram bot (if a token is set) and"
        " the jobs. The first start makes the database and the key file, and prints a one-time"
        " link to make the first account.",
    )
    start.set_defaults(run=_start)
    for name, part, what in (
        ("web", Part.WEB, "the case tracker and the web chat"),
        ("bot", Part.BOT, "the Telegram bot: long polling, or the webhook if one is set"),
        ("jobs", Part.JOBS, "the jobs: deliver, fetch files, watch deadlines, tidy up"),
    ):
        parser = commands.add_parser(
            name,
            help=f"run only {what}",
            description=f"Run {what}, by itself. Several processes need PostgreSQL"
            " (RECOURSE_DATABASE_URL); on SQLite use `start`."
            + (
                " Of several processes one runs the jobs; another takes over within a minute."
                if part is Part.JOBS
                else ""
            ),
        )
        parser.set_defaults(run=_part, part=part)
    database = commands.add_parser("db", help="look after the database")
    upgrade = database.add_subparsers(dest="db", metavar="COMMAND", required=True).add_parser(
        "upgrade",
        help="make or upgrade the database",
        description="Make the database and the key file, or bring the database up to this"
        " version. Safe to run again.",
    )
    upgrade.set_defaults(run=_upgrade)


def _start(settings: Settings, _: argparse.Namespace) -> int:
    store = prepare(settings, wall_clock())
    link = first_account_link(store, settings, wall_clock())
    if link:
        print(f"Make the first account (the link works once, for 72 hours):\n  {link}", flush=True)
    if not settings.telegram_token:
        print("No Telegram token is set: workers can use the web chat only.", flush=True)
    return serve(Service(settings, store, Part.ALL, say_ready))


def _part(settings: Settings, options: argparse.Namespace) -> int:
    part: Part = options.part
    if part is Part.BOT and not settings.telegram_token:
        raise SettingError("RECOURSE_TELEGRAM_TOKEN is not set: get one from BotFather.")
    store = open_store(settings)
    if store.sqlite:
        print(
            "On SQLite, run no other process beside this one: several need PostgreSQL.", flush=True
        )
    return serve(Service(settings, store, part, say_ready))


def _upgrade(settings: Settings, _: argparse.Namespace) -> int:
    prepare(settings, wall_clock())
    print("The database is up to date.")
    return 0


def serve(service: Service) -> int:
    """Run until a signal."""
    asyncio.run(service.run())
    return 0


def say_ready(address: str) -> None:
    """The line that scripts wait for."""
    print(f"Recourse is ready: {address}" if address else "Recourse is ready.", flush=True)

"""``demo``: everything on one machine with sample data, in practice mode."""

import argparse
import os
import secrets
from dataclasses import replace
from pathlib import Path

from sqlmodel import select

from casework.config import Settings
from casework.db import Store
from casework.models import Case, Staff
from recourse.parsing import Commands
from recourse.serve import Part, Service
from recourse.service_commands import say_ready, serve
from recourse.setup import prepare
from recourse.wallclock import wall_clock
from webadmin import accounts

_OPERATOR = "Harbour Workers' Desk"


def add_to(commands: Commands) -> None:
    """Declare the command of this room."""
    demo = commands.add_parser(
        "demo",
        help="try everything with sample data",
        description="Run everything on this machine with sample data, in practice mode: the case"
        " tracker, the web chat, and Telegram if a token is set. Data stands in ./var/demo, or in"
        " RECOURSE_DATA_DIR if that is set; delete the folder to begin anew.",
    )
    demo.set_defaults(run=_demo)


def _demo(settings: Settings, _: argparse.Namespace) -> int:
    settings = _apart(settings)
    store = prepare(settings, wall_clock())
    password = _password(settings.data_dir)
    with store.reading() as session:
        empty = session.exec(select(Case.id).limit(1)).first() is None
    if empty:
        print("Making three brands, a dozen factories and about 300 cases …", flush=True)
        _fill(store, password)
    _introduce(store, password)
    return serve(Service(settings, store, Part.ALL, say_ready))


def _apart(settings: Settings) -> Settings:
    """The demo keeps to a folder of its own, so that it never mixes with real cases."""
    if os.environ.get("RECOURSE_DATA_DIR") or os.environ.get("RECOURSE_DATABASE_URL"):
        return settings
    folder = settings.data_dir / "demo"
    return replace(
        settings,
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'recourse.sqlite3'}",
        keys_file=folder / "keys.json",
        operator=_OPERATOR,
    )


def _password(folder: Path) -> str:
    """One password for all sample people, made once for each demo."""
    file = folder / "demo-password.txt"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text("practice-" + secrets.token_hex(4) + "\n")
    return file.read_text().strip()


def _fill(store: Store, password: str) -> None:
    # Only the demo needs the sample data; every other command starts without it.
    from recourse import sample  # noqa: PLC0415
    from recourse.sample import past  # noqa: PLC0415

    summary = sample.build(store, now=wall_clock())
    with store.writing() as session:
        past.add(session, wall_clock())
        for staff in summary.staff:
            accounts.create(session, staff, password, wall_clock())


def _introduce(store: Store, password: str) -> None:
    print("Practice mode: nothing here is real. Sign in as one of these, all with the password")
    print(f"  {password}\n")
    with store.reading() as session:
        for staff in session.exec(select(Staff).order_by(Staff.role, Staff.email)):
            print(f"  {staff.role.value:<11} {staff.email}")
    print(flush=True)

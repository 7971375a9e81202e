"""``doctor``: is everything set up, and does what runs by itself run?"""

import argparse
from datetime import datetime

from sqlmodel import select

from casework import facts, unseen
from casework.config import Settings
from casework.models import FailedUpdate
from casework.office import staff
from recourse.parsing import Commands
from recourse.setup import open_store
from recourse.wallclock import wall_clock


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    doctor = commands.add_parser(
        "doctor",
        help="check this installation",
        description="Check the settings, the database and the key file, and say what is optional"
        " and not set.",
    )
    doctor.set_defaults(run=_doctor)


def _doctor(settings: Settings, _: argparse.Namespace) -> int:
    store = open_store(settings)
    print(f"Database and key file: fine ({'SQLite' if settings.sqlite else 'PostgreSQL'}).")
    with store.reading() as session:
        pool_is_empty = staff.pool_is_empty(session)
        is_unseen = unseen.by_anybody(session)
        ran_at = facts.jobs_ran_at(session)
        failed = len(session.exec(select(FailedUpdate.id)).all())
    print(_jobs(ran_at, wall_clock()))
    if pool_is_empty:
        print(
            "Nobody is in the restricted pool: cases of sexual violence would be seen by nobody."
            " Add somebody with `recourse staff add … --restricted-pool`."
        )
    if is_unseen:
        print(
            "There is an open case that nobody may see: because of scopes, the restricted pool, or"
            " conflicts of interest. Add somebody who may with `recourse staff add`."
        )
    if failed:
        print(f"{failed} messages could not be taken in and are kept sealed; their senders know.")
    for name, value, without in (
        ("RECOURSE_TELEGRAM_TOKEN", settings.telegram_token, "workers can use the web chat only"),
        ("RECOURSE_SMTP_URL", settings.mail_server, "staff are told on their page only"),
        ("RECOURSE_WEBHOOK_URL", settings.webhook_url, "Telegram is asked by long polling"),
        ("RECOURSE_COUNTRY", settings.country, "deadlines know no public holidays"),
    ):
        print(f"{name}: {'set' if value else f'not set ({without})'}.")
    return 0


def _jobs(ran_at: datetime | None, now: datetime) -> str:
    if ran_at is None:
        return "Jobs: they have never run here. `recourse start` runs them, or `recourse jobs`."
    last = f"{ran_at:%Y-%m-%d %H:%M} UTC"
    if now - ran_at > facts.STANDSTILL:
        return (
            f"Jobs: they have stood still since {last}: deadlines are not watched, and messages to"
            " workers may wait. Is `recourse start` or `recourse jobs` running? Its log says what"
            " fails."
        )
    return f"Jobs: they run, last at {last}."

"""``audit verify`` and ``doctor``: is what we keep whole, and is everything set up?"""

import argparse
from datetime import datetime

from sqlmodel import col, select

from casework import events, facts, messages, staff, unseen
from casework.config import Settings
from casework.db import Session
from casework.errors import RecourseError
from casework.models import Case, CaseEvent, FailedUpdate, Message
from casework.vault import Unsealable
from recourse.parsing import Commands
from recourse.setup import open_store
from recourse.wallclock import wall_clock


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    audit = commands.add_parser("audit", help="prove that nothing was changed afterwards")
    verify = audit.add_subparsers(dest="audit", metavar="COMMAND", required=True).add_parser(
        "verify",
        help="check the chain of every case",
        description="Check the chain of events of every case and that every message it names is"
        " unchanged; name the first broken link of each case.",
    )
    verify.set_defaults(run=_verify)
    doctor = commands.add_parser(
        "doctor",
        help="check this installation",
        description="Check the settings, the database and the key file, and say what is optional"
        " and not set.",
    )
    doctor.set_defaults(run=_doctor)


def _verify(settings: Settings, _: argparse.Namespace) -> int:
    broken = checked = 0
    with open_store(settings).reading() as session:
        for case in session.exec(
            select(Case).order_by(col(Case.id)).execution_options(yield_per=200)
        ):
            checked += 1
            history = events.history(session, case.id)
            number = events.first_broken(case, history) or _changed_message(session, history)
            if number is not None:
                broken += 1
                print(f"{case.reference}: the chain breaks at event {number}.")
    if broken:
        raise RecourseError(f"{broken} of {checked} cases are broken. Compare them with a backup.")
    print(f"All {checked} cases are whole.")
    return 0


def _changed_message(session: Session, history: list[CaseEvent]) -> int | None:
    """The number of the first event whose message no longer says what it said then."""
    for event in history:
        for said in [event.data, *event.data.get("said", [])]:
            if "message" in said and not _unchanged(session, said):
                return event.number
    return None


def _unchanged(session: Session, said: dict[str, object]) -> bool:
    message = session.get(Message, said["message"])
    try:
        return message is not None and messages.evidence(session, message) == {
            key: said[key] for key in ("message", "digest", "attachment") if key in said
        }
    except Unsealable:
        return False


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

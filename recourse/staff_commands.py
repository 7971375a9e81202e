"""``staff add``, and the link to the first account."""

import argparse
from datetime import datetime

from sqlmodel import select

from casework.actors import SYSTEM
from casework.config import Settings
from casework.db import Session, Store
from casework.errors import BadInput
from casework.ids import new_id
from casework.models import Staff
from casework.office import staff as people
from casework.vocabulary import STAFF_ROLES, Role
from recourse.parsing import Commands
from recourse.setup import open_store
from recourse.wallclock import wall_clock
from webadmin import accounts


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    staff = commands.add_parser("staff", help="look after the people who sign in")
    rooms = staff.add_subparsers(dest="staff", metavar="COMMAND", required=True)
    add = rooms.add_parser(
        "add",
        help="add a person",
        description="Add a person and print a one-time link with which they choose a password.",
    )
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--role", required=True, choices=[role.value for role in STAFF_ROLES])
    add.add_argument("--name", default="", help="as colleagues read it (default: from the e-mail)")
    add.add_argument("--organisation", default="", help="who employs this person")
    add.add_argument("--brand", default="", metavar="CODE", help="for the brand role: its brand")
    add.add_argument(
        "--restricted-pool",
        action="store_true",
        help="may see restricted cases (gender-based violence)",
    )
    add.add_argument(
        "--may-identify",
        action="store_true",
        help="may open who a worker is, each time with a reason",
    )
    add.set_defaults(run=_add)


def first_account_link(store: Store, settings: Settings, now: datetime) -> str:
    """A link to make the first administrator, ``""`` once anybody can sign in."""
    with store.writing() as session:
        if session.exec(select(accounts.Account.id).limit(1)).first() is not None:
            return ""
        first = session.exec(select(Staff).where(Staff.role == Role.ADMIN)).first()
        if first is None:
            first = Staff(
                id=new_id(now),
                name="Administrator",
                email="admin@localhost",
                role=Role.ADMIN,
                organisation=settings.operator,
                zone=str(settings.zone),
                # Somebody must be able to see a restricted case from the first day.
                restricted_pool=True,
                may_identify=True,
                created_at=now,
            )
            session.add(first)
            session.flush()
        return _link(session, settings, first, now)


def _add(settings: Settings, options: argparse.Namespace) -> int:
    store, now = open_store(settings), wall_clock()
    with store.writing() as session:
        staff = _new_staff(session, settings, options, now)
        link = _link(session, settings, staff, now)
    print(f"Added {staff.email} as {staff.role.value}. Send this link, it works once:\n  {link}")
    return 0


def _new_staff(
    session: Session, settings: Settings, options: argparse.Namespace, now: datetime
) -> Staff:
    typed = {
        "name": options.name or options.email.partition("@")[0].replace(".", " ").title(),
        "email": options.email,
        "role": options.role,
        "organisation": options.organisation,
        "brand": options.brand,
        "zone": str(settings.zone),
        "restricted_pool": "yes" if options.restricted_pool else "",
        "may_identify": "yes" if options.may_identify else "",
    }
    facts = people.check(session, typed)
    if isinstance(facts, dict):
        raise BadInput(" ".join(f"{name}: {say}" for name, say in facts.items()))
    return people.add(session, facts, by=SYSTEM, now=now)


def _link(session: Session, settings: Settings, staff: Staff, now: datetime) -> str:
    token = accounts.make_invitation(session, staff, now)
    people.note_invitation(session, staff, by=SYSTEM, now=now)
    return f"{settings.public_url}/welcome/{token}"

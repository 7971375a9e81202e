"""A fresh installation in a folder, with one factory and one handler: what a running test needs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from casework.config import settings_from
from casework.db import Store
from casework.ids import new_id
from casework.models import Factory, Staff
from casework.vocabulary import Role
from recourse.setup import prepare
from webadmin import accounts

FACTORY = "GT7KM"
HANDLER = "asha@example.org"
PASSWORD = "a lantern over seven quiet harbours"


@dataclass
class Installation:
    """Where it is, and its database, open beside the program under test."""

    folder: Path
    store: Store


def install(folder: Path, **settings: str) -> Installation:
    """Prepare the folder as ``recourse db upgrade`` would, with a factory and a handler."""
    environment = {"RECOURSE_DATA_DIR": str(folder), "RECOURSE_ZONE": "Asia/Phnom_Penh"}
    now = datetime.now(UTC)
    store = prepare(settings_from(environment | settings), now)
    with store.writing() as session:
        session.add(
            Factory(
                id=new_id(now),
                code=FACTORY,
                name="Golden Thread Garments",
                folded_name="golden thread garments",
                place="Phnom Penh",
                country="KH",
                zone="Asia/Phnom_Penh",
            )
        )
        asha = Staff(
            id=new_id(now),
            name="Asha",
            email=HANDLER,
            role=Role.HANDLER,
            organisation="Workers' Desk",
            zone="Asia/Phnom_Penh",
            may_identify=True,
            created_at=now,
        )
        session.add(asha)
        session.flush()
        accounts.create(session, asha, PASSWORD, now)
    return Installation(folder, store)

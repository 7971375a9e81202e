"""Which of several processes does something that only one shall do at a time.

A lease runs out unless it is renewed: so the work of a process that was killed is taken over, by
nobody's doing. It saves work; that nothing is done twice is the business of what is done under it.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, delete, select

from casework.db import Session, insert_into
from casework.models import Lease

_TABLE = Lease.metadata.tables["lease"]


def take(session: Session, name: str, owner: str, now: datetime, lasts: timedelta) -> bool:
    """Take or renew a lease; true where ``owner`` has it now, until ``now + lasts``.

    It is free where nobody has it, or where it ran out. Of two who take it at once one gets it.
    """
    wanted = {"owner": owner, "until": now + lasts}
    # Also where another one has it the row is locked: until the commit it stays theirs.
    statement = insert_into(session, _TABLE).values(name=name, **wanted)
    statement = statement.on_conflict_do_update(
        index_elements=[_TABLE.c.name],
        set_=wanted,
        where=sa.or_(_TABLE.c.owner == owner, _TABLE.c.until <= now),
    )
    session.connection().execute(statement)
    return session.exec(select(Lease.owner).where(Lease.name == name)).one() == owner


def give_back(session: Session, name: str, owner: str) -> None:
    """Let others have it at once. What somebody else has by now stays theirs."""
    session.exec(delete(Lease).where(col(Lease.name) == name, col(Lease.owner) == owner))

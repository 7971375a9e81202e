"""What somebody asks the list of cases for, kept under a name: for themselves or for the office."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, or_, select

from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.models import SavedFilter, Staff
from casework.vocabulary import Role

NAME_AT_MOST = 60
_MOST = 40
"""Filters of one person."""
_TABLE = "savedfilter"


@dataclass(frozen=True, slots=True)
class Saved:
    """A filter somebody may use: ``asked`` are the fields of the list's address."""

    id: int
    name: str
    asked: Mapping[str, str]
    shared: bool
    owner: str
    """Who saved it, ``""`` for one's own."""
    removable: bool


def usable(session: Session, actor: Actor) -> list[Saved]:
    """One's own filters and those shared with the office, by name."""
    statement = (
        select(SavedFilter, Staff)
        .join(Staff, col(Staff.id) == col(SavedFilter.staff_id))
        .where(or_(col(SavedFilter.staff_id) == actor.staff_id, col(SavedFilter.shared).is_(True)))
    )
    found = [
        Saved(
            row.id,
            _open(session, row, "name_sealed"),
            json.loads(_open(session, row, "asked_sealed")),
            row.shared,
            "" if row.staff_id == actor.staff_id else owner.name,
            _may_remove(actor, row),
        )
        for row, owner in session.exec(statement)
    ]
    return sorted(found, key=lambda saved: (saved.name.casefold(), saved.id))


def save(
    session: Session,
    actor: Actor,
    name: str,
    asked: Mapping[str, str],
    *,
    shared: bool,
    now: datetime,
) -> None:
    """Keep a filter; one's own of the same name is replaced. ``BadInput`` without a name."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_AT_MOST:
        raise BadInput(
            "Give the filter a name of at most %(longest)s characters.", longest=NAME_AT_MOST
        )
    if not asked:
        raise BadInput("Search or filter first, then save what you asked for.")
    assert actor.staff_id is not None
    mine = list(session.exec(select(SavedFilter).where(SavedFilter.staff_id == actor.staff_id)))
    row = next((one for one in mine if _open(session, one, "name_sealed") == name), None)
    if row is None:
        if len(mine) >= _MOST:
            raise BadInput("You have %(most)s saved filters. Remove one first.", most=_MOST)
        row = SavedFilter(
            id=new_id(now),
            staff_id=actor.staff_id,
            name_sealed=b"",
            asked_sealed=b"",
            created_at=now,
        )
    row.name_sealed = session.vault.seal_text(_TABLE, "name_sealed", row.id, name)
    row.asked_sealed = session.vault.seal_text(
        _TABLE, "asked_sealed", row.id, json.dumps(dict(asked))
    )
    row.shared = shared
    session.add(row)


def remove(session: Session, actor: Actor, row: int) -> bool:
    """Remove one's own filter, or as an admin a shared one. ``False`` where it is neither, and also
    where there is none: nobody learns what others keep."""
    found = session.get(SavedFilter, row)
    if found is None or not _may_remove(actor, found):
        return False
    session.delete(found)
    return True


def _may_remove(actor: Actor, row: SavedFilter) -> bool:
    return row.staff_id == actor.staff_id or (row.shared and actor.role is Role.ADMIN)


def _open(session: Session, row: SavedFilter, column: str) -> str:
    return session.vault.open_text(_TABLE, column, row.id, getattr(row, column))

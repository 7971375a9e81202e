"""Ties that people of the office declare: to a factory, a brand or one case, which they then do not
see; and which factories are closed to whom because of that, or because they work there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement
from sqlmodel import col, or_, select

from casework import conflicts, seeing
from casework.actors import Actor
from casework.db import Session, for_change
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.lifecycle import LEADING
from casework.models import Brand, Case, Factory, Staff, Supply, Tie
from casework.places import fold

WORDS_AT_MOST = 1_000
"""Characters of what a tie is."""
_PLACE = ("tie", "words_sealed")


@dataclass(frozen=True, slots=True)
class Declared:
    """A tie with the names it is shown by. ``words`` are open to read."""

    tie: Tie
    person: Staff
    factory: Factory | None
    brand: Brand | None
    case: Case | None
    words: str


def declare(
    session: Session,
    to: Factory | Brand | Case,
    words: str,
    *,
    by: Actor,
    now: datetime,
) -> Tie:
    """Somebody says that they have a tie: from now on the cases do not exist for them.

    ``BadInput`` without words, ``NotAllowed`` for a tie that is declared already.
    """
    words = words.strip()[:WORDS_AT_MOST]
    if not words:
        raise BadInput("Say in a few words what the tie is.")
    assert by.staff_id is not None
    place: dict[str, Any] = {f"{type(to).__name__.lower()}_id": to.id}
    mine = select(Tie).where(Tie.staff_id == by.staff_id, col(Tie.ended_at).is_(None))
    if session.exec(mine.filter_by(**place)).first() is not None:
        raise NotAllowed("You declared this tie already.")
    row = new_id(now)
    sealed = session.vault.seal_text(*_PLACE, row, words)
    tie = Tie(id=row, staff_id=by.staff_id, words_sealed=sealed, declared_at=now, **place)
    session.add(tie)
    _follow(session, tie, now, by)
    return tie


def end(session: Session, tie: Tie, *, by: Actor, now: datetime) -> None:
    """Somebody who leads finds that a tie is over. ``NotAllowed`` for who declared it."""
    if by.role not in LEADING or by.staff_id == tie.staff_id:
        raise NotAllowed("Only another supervisor or administrator ends a tie.")
    if tie.ended_at is not None:
        raise NotAllowed("This tie has ended already.")
    tie.ended_at, tie.ended_by = now, by.staff_id
    _follow(session, tie, now, by)


def mine(session: Session, staff_id: int) -> list[Declared]:
    """What a person declared and what has not ended, the newest first; their own case's name is not
    theirs to see."""
    return [
        Declared(one.tie, one.person, one.factory, one.brand, None, one.words)
        for one in _open(session, col(Tie.staff_id) == staff_id)
    ]


def of_office(session: Session, actor: Actor) -> list[Declared]:
    """All ties that have not ended, the newest first; those to a case only where the actor may see
    the case."""
    free = seeing.visible(actor)
    shown = select(Tie.id).join(Case, col(Case.id) == col(Tie.case_id)).where(*free)
    return _open(session, or_(col(Tie.case_id).is_(None), col(Tie.id).in_(shown)))


def find(session: Session, actor: Actor, row: int, *, lock: bool = False) -> Tie | None:
    """A tie of ``of_office``."""
    if all(one.tie.id != row for one in of_office(session, actor)):
        return None
    statement = select(Tie).where(Tie.id == row)
    return session.exec(for_change(statement) if lock else statement).first()


def refresh_factories(
    session: Session, now: datetime, by: Actor, people: list[Staff] | None = None
) -> None:
    """Work out anew which factories are closed to whom: after ties, organisations, names of
    factories or who supplies whom changed. ``people``: only for these. Whoever handles a case of
    such a factory loses it."""
    session.flush()
    found = people if people is not None else list(session.exec(select(Staff)))
    barred: dict[int, set[int]] = {person.id: set() for person in found}
    ties = select(Tie).where(
        col(Tie.staff_id).in_(barred), col(Tie.ended_at).is_(None), col(Tie.case_id).is_(None)
    )
    brands: dict[int, set[int]] = {}
    for tie in session.exec(ties):
        if tie.factory_id is not None:
            barred[tie.staff_id].add(tie.factory_id)
        elif tie.brand_id is not None:
            brands.setdefault(tie.brand_id, set()).add(tie.staff_id)
    # Whoever supplied the brand at any time: what they are accused of may be from then.
    supplies = select(Supply.brand_id, Supply.factory_id).where(col(Supply.brand_id).in_(brands))
    for brand, factory in session.exec(supplies):
        for person in brands[brand]:
            barred[person].add(factory)
    names = {person.id: fold(person.organisation) for person in found if person.organisation}
    same = select(Factory.id, Factory.folded_name).where(
        col(Factory.folded_name).in_(set(names.values()) - {""})
    )
    for factory, name in session.exec(same):
        for row, organisation in names.items():
            if organisation == name:
                barred[row].add(factory)
    for one in found:
        rows = sorted(barred[one.id]) or None
        if one.barred_factories != rows:
            one.barred_factories = rows
            session.add(one)
            conflicts.let_go(session, one, now, by)
    session.flush()


def _open(session: Session, *where: ColumnElement[bool]) -> list[Declared]:
    statement: Any = (
        sa.select(Tie, Staff, Factory, Brand, Case)
        .join(Staff, col(Staff.id) == col(Tie.staff_id))
        .outerjoin(Factory, col(Factory.id) == col(Tie.factory_id))
        .outerjoin(Brand, col(Brand.id) == col(Tie.brand_id))
        .outerjoin(Case, col(Case.id) == col(Tie.case_id))
        .where(col(Tie.ended_at).is_(None), *where)
        .order_by(col(Tie.id).desc())
    )
    return [
        Declared(
            tie,
            person,
            factory,
            brand,
            case,
            session.vault.open_text(*_PLACE, tie.id, tie.words_sealed),
        )
        for tie, person, factory, brand, case in session.exec(statement)
    ]


def _follow(session: Session, tie: Tie, now: datetime, by: Actor) -> None:
    if tie.case_id is not None:
        conflicts.refresh(session, session.get_one(Case, tie.case_id), now, by)
        return
    person = session.get_one(Staff, tie.staff_id)
    refresh_factories(session, now, by, [person])

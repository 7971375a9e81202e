"""Conflicts of interest: for whom a case does not exist, worked out of its parties, ties and links.

Who is accused, whoever belongs to the accused's organisation, and who declared a tie to the case,
may not know of it; nor of any case that is linked to it, where the same is said. What follows at
once: they lose the case, and the supervisors who may see it are told.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlmodel import col, or_, select

from casework import lifecycle
from casework.actors import Actor, staff_actor
from casework.audit import events
from casework.db import Session, for_change
from casework.errors import NotAllowed
from casework.messaging import interpreting
from casework.models import Case, Conflict, Declaration, Interpreting, Link, Party, Staff, Tie
from casework.office import telling
from casework.places import fold
from casework.seeing import visible
from casework.standing import standing
from casework.vocabulary import Action, ConflictCause, PartyKind, Recipient, Role, StaffNoticeKind

MUST_DECLARE = lifecycle.DECIDING
"""Nobody does these in a case without having declared that they have no tie to anybody in it
(field.md, section 7: an assessor who is independent, and signed so)."""


def organisation_index(session: Session, organisation: str) -> bytes | None:
    """By what an organisation is found again, however it is spelt; ``None`` for none."""
    folded = fold(organisation)
    return session.vault.index("organisation", folded) if folded else None


def refresh(session: Session, case: Case, now: datetime, by: Actor) -> None:
    """Work out anew who may not know of a case: after its parties, ties or links changed.

    Of the cases that are linked to it, too. Who handles one and may no longer loses it, and so does
    an interpreter who was asked. Each case in which something changed keeps one event.
    """
    session.flush()
    together = _linked(session, case.id)
    barred = _barred(session, together)
    others = select(Case).where(col(Case.id).in_(together)).order_by(col(Case.id))
    for one in session.exec(for_change(others)):
        _keep(session, one, barred, now, by)
    session.flush()
    interpreting.give_back(session, col(Interpreting.case_id).in_(together), now)


def refresh_person(session: Session, person: Staff, now: datetime, by: Actor) -> None:
    """The same for all cases that concern a person: after their organisation changed."""
    session.flush()
    known = select(Conflict.case_id).where(
        Conflict.staff_id == person.id, Conflict.cause != ConflictCause.TIE
    )
    found = set(session.exec(known))
    index = organisation_index(session, person.organisation)
    if index is not None:
        accused = select(Party.case_id).where(
            Party.organisation_index == index,
            Party.kind == PartyKind.RESPONDENT,
            col(Party.removed_at).is_(None),
        )
        found |= set(session.exec(accused))
    for row in sorted(found):
        refresh(session, session.get_one(Case, row), now, by)


def let_go(session: Session, person: Staff, now: datetime, by: Actor) -> None:
    """A person's rights changed: they lose the open cases that they may not see any more, and the
    supervisors who may are told; an interpreter loses the messages of such cases."""
    session.flush()
    actor = staff_actor(person)
    theirs = (col(Case.assignee_id) == person.id, col(Case.status).in_(lifecycle.OPEN))
    kept = set(session.exec(select(Case.id).where(*theirs, *visible(actor))))
    for case in session.exec(for_change(select(Case).where(*theirs).order_by(col(Case.id)))):
        if case.id not in kept:
            lifecycle.check(standing(case, by), Action.BAR, by.role, now)
            _unassign(session, case, {}, now, by)
    hers = or_(col(Interpreting.staff_id).is_(None), col(Interpreting.staff_id) == person.id)
    if person.role is Role.INTERPRETER:
        interpreting.give_back(session, hers, now)


def _barred(session: Session, case_ids: Collection[int]) -> dict[int, ConflictCause]:
    """Who may not know of some cases that are linked with each other, and why."""
    respondents = list(
        session.exec(
            select(Party).where(
                col(Party.case_id).in_(case_ids),
                Party.kind == PartyKind.RESPONDENT,
                col(Party.removed_at).is_(None),
            )
        )
    )
    tied = select(Tie.staff_id).where(col(Tie.case_id).in_(case_ids), col(Tie.ended_at).is_(None))
    found = dict.fromkeys(session.exec(tied), ConflictCause.TIE)
    accused = {party.organisation_index for party in respondents} - {None}
    if accused:
        for person in session.exec(select(Staff)):
            if organisation_index(session, person.organisation) in accused:
                found[person.id] = ConflictCause.ORGANISATION
    persons = (party.staff_id for party in respondents if party.staff_id is not None)
    return found | dict.fromkeys(persons, ConflictCause.ACCUSED)


def _linked(session: Session, case_id: int) -> set[int]:
    """A case, those linked to it, those linked to these, and so on."""
    found, fresh = {case_id}, {case_id}
    while fresh:
        statement = select(Link.case_id, Link.other_id).where(
            or_(col(Link.case_id).in_(fresh), col(Link.other_id).in_(fresh))
        )
        fresh = {row for pair in session.exec(statement) for row in pair} - found
        found |= fresh
    return found


def _keep(
    session: Session,
    case: Case,
    barred: dict[int, ConflictCause],
    now: datetime,
    by: Actor,
) -> None:
    """Write down who may not know of one case, with what follows from it."""
    rows = session.exec(select(Conflict).where(Conflict.case_id == case.id))
    before = {row.staff_id: row for row in rows}
    for person in before.keys() - barred.keys():
        session.delete(before[person])
    for person, cause in barred.items():
        if person in before:
            before[person].cause = cause
        else:
            session.add(Conflict(staff_id=person, case_id=case.id, cause=cause, since=now))
    came, went = barred.keys() - before.keys(), before.keys() - barred.keys()
    if not came and not went:
        return
    lifecycle.check(standing(case, by), Action.BAR, by.role, now)
    data: dict[str, Any] = {"barred": sorted(came), "cleared": sorted(went)}
    if case.assignee_id in barred:
        _unassign(session, case, data, now, by)
        return
    session.flush()
    events.record(session, case, Action.BAR, by=by, now=now, before=case.status, data=data)


def _unassign(session: Session, case: Case, data: dict[str, Any], now: datetime, by: Actor) -> None:
    data, case.assignee_id = data | {"unassigned": case.assignee_id}, None
    session.flush()
    events.record(session, case, Action.BAR, by=by, now=now, before=case.status, data=data)
    if case.status in lifecycle.OPEN:
        to = (Recipient.SUPERVISORS,)
        telling.of_case(session, case, StaffNoticeKind.UNASSIGNED, to, now)


def has_declared(session: Session, case: Case, by: Actor) -> bool:
    """Whether an actor declared to have no tie to anybody in a case."""
    return by.staff_id is not None and _declaration(session, case, by.staff_id) is not None


def declare(session: Session, case: Case, *, by: Actor, now: datetime) -> None:
    """Sign that one has no tie to anybody in a case. Said again, it changes nothing."""
    lifecycle.check(standing(case, by), Action.DECLARE, by.role, now)
    if _sign(session, case, by, now):
        events.record(session, case, Action.DECLARE, by=by, now=now, before=case.status)


def declared_for(
    session: Session, case: Case, action: Action, *, by: Actor, now: datetime, declared: bool
) -> dict[str, Any]:
    """Hold an actor to the declaration before an action; what the event of the action says of it.

    ``declared``: they sign it with this very step. ``NotAllowed`` where it is missing.
    """
    if action not in MUST_DECLARE or by.staff_id is None or has_declared(session, case, by):
        return {}
    if not declared:
        raise NotAllowed(
            "Say first that you have no tie to anybody in this case: tick the box above the button."
        )
    _sign(session, case, by, now)
    return {"declared": True}


def declarations(session: Session, case_ids: Iterable[int]) -> list[Declaration]:
    """Who signed for some cases, the first one first: what proves that assessors were independent."""
    statement = select(Declaration).where(col(Declaration.case_id).in_(list(case_ids)))
    return list(session.exec(statement.order_by(col(Declaration.at), col(Declaration.staff_id))))


def _sign(session: Session, case: Case, by: Actor, now: datetime) -> bool:
    assert by.staff_id is not None
    if _declaration(session, case, by.staff_id) is not None:
        return False
    person = session.get_one(Staff, by.staff_id)
    session.add(
        Declaration(case_id=case.id, staff_id=person.id, organisation=person.organisation, at=now)
    )
    session.flush()
    return True


def _declaration(session: Session, case: Case, staff_id: int) -> Declaration | None:
    return session.get(Declaration, (case.id, staff_id))

"""The cases that a rating is about, each with all of its past that counts: a few queries for all.

Real cases of the factories that were the brand's, in the scope, when the case was received. A year
that is over is read as it was at its end, so its rating changes by corrections alone.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from casework import conflicts, lifecycle
from casework.db import Session
from casework.figures import counting
from casework.models import (
    Case,
    CaseEvent,
    CheckIn,
    Clock,
    Declaration,
    Factory,
    Issue,
    LedgerEntry,
    Link,
    Message,
    MessageVersion,
    Party,
    RemedyAction,
    RemedyEntry,
    Supply,
    Table,
)
from casework.ratings import told_before
from casework.ratings.casefacts import ASSESSES, NOT_OWED, Done, Happened, Past, Ran
from casework.remedy.money import Entry
from casework.vocabulary import (
    Action,
    Category,
    Direction,
    LinkKind,
    PartyKind,
    Promise,
    Relation,
    Scope,
    VersionKind,
)


def _columns(table: type[Table]) -> Any:
    return sa.inspect(table).local_table.c


_case = _columns(Case)
_case_event = _columns(CaseEvent)
_check_in = _columns(CheckIn)
_clock = _columns(Clock)
_declaration = _columns(Declaration)
_factory = _columns(Factory)
_issue = _columns(Issue)
_ledger_entry = _columns(LedgerEntry)
_link = _columns(Link)
_message = _columns(Message)
_message_version = _columns(MessageVersion)
_party = _columns(Party)
_remedy_action = _columns(RemedyAction)
_remedy_entry = _columns(RemedyEntry)
_supply = _columns(Supply)

_MOVES = ASSESSES | {
    Action.IMPORT,
    Action.TOLD,
    Action.CONFIRM,
    Action.RESOLVE,
    Action.CLOSE,
    Action.WITHDRAW,
    Action.DISPUTE,
    Action.APPEAL,
}
_ASKED = (Promise.ACKNOWLEDGE, Promise.OUTCOME, Promise.REMEDY)
_AT_ONCE = 5_000
"""Rows that are fetched, and cases that are asked for, at once: a year of a large brand must not fill
the memory, nor a statement."""


def gather(
    session: Session,
    brand_id: int,
    scope: Scope,
    begins: datetime,
    until: datetime,
    *,
    founded_since: datetime,
) -> list[Past]:
    """The cases that may be a matter of the time from ``begins`` to ``until``, oldest first: those
    that came in, were open or harmed somebody in it, and those in which something was found to be
    true so lately (``founded_since``) that its remedy may fall due in it. Which of them are says
    ``casefacts.facts_of``."""
    where = _where(brand_id, scope, begins, until, founded_since)
    found = _cases(session, where)
    if not found:
        return []
    for fill in (
        *(_issues, _events, _clocks, _words, _plans, _money, _harm, _parties, _declarations),
    ):
        fill(session, found, until)
    _leave_out_what_was_over(session, found, begins)
    return list(found.values())


_Found = dict[int, Past]
_Where = tuple[sa.ColumnElement[bool], ...]


def _where(
    brand_id: int, scope: Scope, begins: datetime, until: datetime, founded_since: datetime
) -> _Where:
    """Those that may belong: also some that were not the brand's on the day they came, which
    ``_cases`` leaves out."""
    return (
        _supply.brand_id == brand_id,
        _supply.scope == scope,
        _case.received_at <= until,
        # What was open then is open now, or changed after.
        sa.or_(
            _case.received_at >= begins,
            _case.updated_at >= begins,
            _case.status.in_(lifecycle.OPEN),
            sa.and_(
                _case.updated_at >= founded_since,
                sa.exists().where(_issue.case_id == _case.id, _issue.gravity.is_not(None)),
            ),
        ),
        *counting.real(),
    )


def _cases(session: Session, where: _Where) -> _Found:
    statement = (
        sa.select(
            _case.id,
            _case.reference,
            _case.received_at,
            _case.language,
            _case.severity,
            _case.factory_id,
            _case.relation,
            _case.reach,
            _case.reporter_id,
            _case.forgotten_at,
            _supply.since,
            _supply.until,
        )
        .join(Supply, _supply.factory_id == _case.factory_id)
        .where(*where)
        .order_by(_case.id)
    )
    found: _Found = {}
    for row in _rows(session, statement):
        day = row.received_at.date()
        if row.since <= day and (row.until is None or day <= row.until):
            by_hand = row.reporter_id is None and row.forgotten_at is None
            found[row.id] = Past(
                row.id,
                row.reference,
                row.received_at,
                row.language,
                row.severity,
                row.factory_id,
                row.relation is Relation.HELPER,
                row.reach if by_hand else None,
                row.forgotten_at,
            )
    return found


def _issues(session: Session, found: _Found, _until: datetime) -> None:
    statement = sa.select(_issue.case_id, _issue.id, _issue.category)
    for case, row, category in _of(session, statement, _issue.case_id, found):
        if past := found.get(case):
            past.issues[row] = category
            past.human_rights |= category is not Category.OTHER


def _events(session: Session, found: _Found, until: datetime) -> None:
    statement = (
        sa.select(
            _case_event.case_id,
            _case_event.at,
            _case_event.action,
            _case_event.after,
            _case_event.staff_id,
            _case_event.data,
        )
        .where(_case_event.action.in_(sorted(_MOVES)), _case_event.at <= until)
        .order_by(_case_event.case_id, _case_event.number)
    )
    for case, *event in _of(session, statement, _case_event.case_id, found):
        if past := found.get(case):
            past.events.append(Happened(*event))


def _clocks(session: Session, found: _Found, until: datetime) -> None:
    ended = sa.func.coalesce(_clock.met_at, _clock.cancelled_at)
    late = sa.or_(
        _clock.missed_at <= until,
        sa.and_(_clock.due_at < until, sa.or_(ended.is_(None), ended > _clock.due_at)),
    )
    statement = (
        sa.select(
            _clock.case_id,
            _clock.id,
            _clock.promise,
            _clock.due_at,
            _clock.met_at,
            _clock.cancelled_at,
            late.label("late"),
        )
        .where(
            _clock.started_at <= until,
            _clock.promise.not_in(NOT_OWED),
            sa.or_(_clock.promise.in_(_ASKED), late),
        )
        .order_by(_clock.case_id, _clock.id)
    )
    for case, row, promise, due, met, fell, is_late in _of(
        session, statement, _clock.case_id, found
    ):
        if past := found.get(case):
            kept = met is not None and met <= until
            gone = fell is not None and fell <= until
            past.clocks.append(Ran(row, promise, due, kept, gone, bool(is_late)))


def _words(session: Session, found: _Found, until: datetime) -> None:
    """Words to the worker in another language than theirs, that have no version in it."""
    statement = (
        sa.select(_message.case_id, _message.id)
        .join(Case, _case.id == _message.case_id)
        .where(
            _message.direction == Direction.TO_WORKER,
            _message.language != _case.language,
            ~sa.exists().where(
                _message_version.message_id == _message.id,
                _message_version.kind == VersionKind.TRANSLATION,
                _message_version.language == _case.language,
                _message_version.at <= until,
            ),
        )
    )
    for case, row in _of(session, statement, _message.case_id, found):
        if past := found.get(case):
            past.foreign.add(row)


def _plans(session: Session, found: _Found, until: datetime) -> None:
    planned = (
        sa.select(_remedy_action.case_id, _remedy_action.id)
        .where(_remedy_action.added_at <= until)
        .order_by(_remedy_action.id)
    )
    for case, row in _of(session, planned, _remedy_action.case_id, found):
        if past := found.get(case):
            past.plan.append(row)
    taken = (
        sa.select(
            _remedy_action.case_id,
            _remedy_entry.action_id,
            _remedy_entry.step,
            _remedy_entry.staff_id,
            _remedy_entry.organisation_index,
        )
        .join(RemedyAction, _remedy_action.id == _remedy_entry.action_id)
        .where(_remedy_entry.at <= until)
        .order_by(_remedy_entry.id)
    )
    for case, *step in _of(session, taken, _remedy_action.case_id, found):
        if past := found.get(case):
            past.done.append(Done(*step))


def _money(session: Session, found: _Found, until: datetime) -> None:
    statement = (
        sa.select(
            _ledger_entry.case_id,
            _ledger_entry.group_id,
            _ledger_entry.kind,
            _ledger_entry.currency,
            _ledger_entry.amount,
        )
        .where(_ledger_entry.at <= until)
        .order_by(_ledger_entry.id)
    )
    for case, *entry in _of(session, statement, _ledger_entry.case_id, found):
        if past := found.get(case):
            past.ledger.append(Entry(*entry))


def _harm(session: Session, found: _Found, until: datetime) -> None:
    harmed = sa.select(_check_in.case_id, _check_in.answered_at).where(
        _check_in.harmed.is_(True), _check_in.answered_at <= until
    )
    for case, answered in _of(session, harmed, _check_in.case_id, found):
        if past := found.get(case):
            past.harms.append(answered)
    about = sa.select(_link.case_id, _link.other_id, _link.at).where(
        _link.kind == LinkKind.RETALIATION, _link.at <= until
    )
    linked = [
        (past, other, at)
        for case, other, at in _of(session, about, _link.case_id, found)
        if (past := found.get(case))
    ]
    stood = told_before.stood(session, {other for _, other, _ in linked}, until)
    for past, other, at in linked:
        past.harms.append(at)
        past.retaliation += stood[other]


def _parties(session: Session, found: _Found, until: datetime) -> None:
    statement = sa.select(_party.case_id, _party.staff_id, _party.organisation_index).where(
        _party.kind == PartyKind.RESPONDENT,
        _party.added_at <= until,
        sa.or_(_party.removed_at.is_(None), _party.removed_at > until),
    )
    for case, staff, organisation in _of(session, statement, _party.case_id, found):
        if past := found.get(case):
            if staff is not None:
                past.respondents.add(staff)
            if organisation is not None:
                past.accused.add(organisation)
    wanted = {past.factory_id for past in found.values() if past.factory_id is not None}
    names = sa.select(_factory.id, _factory.name)
    known = {
        row: conflicts.organisation_index(session, name)
        for row, name in _of(session, names, _factory.id, wanted)
    }
    for past in found.values():
        own = known.get(past.factory_id) if past.factory_id is not None else None
        if own is not None:
            past.accused.add(own)


def _declarations(session: Session, found: _Found, until: datetime) -> None:
    statement = sa.select(
        _declaration.case_id, _declaration.staff_id, _declaration.organisation
    ).where(_declaration.at <= until)
    for case, staff, organisation in _of(session, statement, _declaration.case_id, found):
        found[case].signed[staff] = organisation


def _leave_out_what_was_over(session: Session, found: _Found, begins: datetime) -> None:
    """Of older cases: what was late and over before this time is no matter of it. Of a remedy it
    stays when it was promised for."""
    if not any(past.received_at < begins for past in found.values()):
        return
    ended = sa.func.coalesce(_clock.met_at, _clock.cancelled_at)
    statement = sa.select(_clock.case_id, _clock.id).where(ended < begins)
    over: dict[int, set[int]] = {}
    for case, row in _of(session, statement, _clock.case_id, found):
        over.setdefault(case, set()).add(row)
    for case, rows in over.items():
        if past := found.get(case):
            past.clocks = [
                replace(one, late=False) if one.id in rows else one
                for one in past.clocks
                if one.id not in rows or one.promise is Promise.REMEDY
            ]


def _of(session: Session, statement: Any, column: Any, ids: Collection[int]) -> Iterator[Any]:
    """The rows of these cases, of so many at a time: looked up by their ids, however many others
    there are."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield from _rows(session, statement.where(column.in_(ordered[start : start + _AT_ONCE])))


def _rows(session: Session, statement: Any) -> Iterator[Any]:
    # Not through the session: nothing of it becomes an object that anybody keeps.
    found = session.connection().execute(statement.execution_options(yield_per=_AT_ONCE))
    for part in found.partitions():
        yield from part

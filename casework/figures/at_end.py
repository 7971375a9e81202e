"""Counts how it stood at the end of a period: open cases, sites, who works there."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from casework import facts, lifecycle
from casework.categories import CATEGORIES
from casework.figures.adding import Wanted
from casework.figures.counting import Reader
from casework.figures.measures import AGES, Age
from casework.figures.remedied import CHANGES, overdue_by
from casework.figures.tables import By
from casework.models import Case, CaseEvent, ImportedCase, Issue, RemedyAction, RemedyEntry
from casework.remedy.remedy_rules import UNDONE
from casework.vocabulary import Status

_A_DAY = timedelta(days=1)
_NO_TOLERANCE = [one for one, known in CATEGORIES.items() if known.zero_tolerance]


def open_cases(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Cases in which somebody owed the worker a next step (``lifecycle.OPEN``), by how long ago they
    came in."""
    return _still_open(reader, wanted)


def zero_tolerance(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Of these, cases with an issue for which the audit criteria of the seed know no tolerance
    (``vocabulary.CATEGORIES``)."""
    grave = sa.exists().where(
        col(Issue.case_id) == col(Case.id), col(Issue.category).in_(_NO_TOLERANCE)
    )
    return _still_open(reader, wanted, grave)


def overdue(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Cases with an action of the plan of remedy whose last day had passed, and that nobody had
    verified or dropped: open, refused, or only said to be done. What is due today has until its end.
    Cases that were taken back, referred or found inadmissible owe nothing."""
    ends = reader.period.ends
    later = sa.exists().where(
        col(RemedyEntry.action_id) == col(RemedyAction.id), col(RemedyEntry.at) >= ends
    )
    # What is done by now and was not touched since was done then.
    plans = sa.select(col(RemedyAction.case_id)).where(
        sa.or_(col(RemedyAction.state).in_(UNDONE), later)
    )

    def build(query: sa.Select[Any]) -> sa.Select[Any]:
        return (
            query.join(CaseEvent, col(CaseEvent.case_id) == col(Case.id))
            .where(
                col(Case.id).in_(plans),
                status_at_end(reader).in_(lifecycle.REMEDIED),
                col(CaseEvent.action).in_(CHANGES),
                col(CaseEvent.at) < ends,
            )
            .order_by(col(CaseEvent.case_id), col(CaseEvent.number))
        )

    cases: dict[int, tuple[tuple[Any, ...], list[Mapping[str, Any]]]] = {}
    for said, (row, data) in reader.rows(wanted, (col(Case.id), col(CaseEvent.data)), build):
        cases.setdefault(row, (wanted.key(said), []))[1].append(data)
    return wanted.add_up(
        Counter(raw for raw, past in cases.values() if overdue_by(reader.at.date(), past))
    )


def sites(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Factories that worked for a brand on the last day."""
    return wanted.distinct([(raw, row, 1) for raw, row, _ in _sites(reader, wanted)])


def workers(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """How many people work there, as far as it is written down."""
    return wanted.distinct(_sites(reader, wanted))


def _sites(reader: Reader, wanted: Wanted) -> list[tuple[tuple[Any, ...], int, int]]:
    return [
        (tuple(place for _ in wanted.columns), place.factory_id or 0, place.workers)
        for place in reader.belonging.sites(reader.period.end - _A_DAY)
    ]


def languages(reader: Reader, _: Wanted) -> Mapping[By, int]:
    """In how many languages one could complain, as far back as it was noted."""
    count = facts.languages_at(reader.session, reader.period.ends)
    return {(): count} if count else {}


def status_at_end(reader: Reader) -> sa.ColumnElement[Any]:
    """Where a case stood. One that nothing has happened to since stands there still."""
    ends = reader.period.ends
    of_event = (
        sa.select(col(CaseEvent.after))
        .where(col(CaseEvent.case_id) == col(Case.id), col(CaseEvent.at) < ends)
        .order_by(col(CaseEvent.number).desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    # From another system it came later: there it had ended, or not.
    ended = (
        sa.exists()
        .where(col(ImportedCase.case_id) == col(Case.id), col(ImportedCase.closed_at) < ends)
        .correlate(Case)
    )
    elsewhere = sa.case((ended, Status.CLOSED.value), else_=Status.RECEIVED.value)
    since = sa.func.coalesce(sa.type_coerce(of_event, sa.String), elsewhere)
    now = sa.type_coerce(col(Case.status), sa.String)
    return sa.case((col(Case.updated_at) < ends, now), else_=since)


def _still_open(reader: Reader, wanted: Wanted, *where: sa.ColumnElement[bool]) -> Mapping[By, int]:
    ends = reader.period.ends

    def build(query: sa.Select[Any]) -> sa.Select[Any]:
        return query.where(
            col(Case.received_at) < ends, status_at_end(reader).in_(lifecycle.OPEN), *where
        )

    found: Counter[tuple[Any, ...]] = Counter()
    for said, (received,) in reader.rows(wanted, (col(Case.received_at),), build, ("age",)):
        found[wanted.key(said | {"age": _age((reader.at - received).days).value})] += 1
    return wanted.add_up(found)


def _age(days: int) -> Age:
    return next((age for below, age in AGES if days < below), Age.LONGER)

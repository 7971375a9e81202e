"""How cases stood at a moment, where one that was told before goes on in the earlier one."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from casework.db import Session
from casework.models import CaseEvent, Link
from casework.vocabulary import LinkKind, Status

_AT_ONCE = 500
"""A database takes only so many values in one statement."""


def stood(session: Session, cases: Collection[int], until: datetime) -> dict[int, list[Status]]:
    """How each of some cases stood: of a duplicate, whether it was ended or not, how the case stood
    in which it goes on, as far as they were linked by then. Ended as a duplicate is not over."""
    earlier = _earlier(session, cases, until)
    goes_on = {case: sorted(_ends(case, earlier)) for case in cases}
    events = (
        sa.select(col(CaseEvent.case_id), col(CaseEvent.after))
        .where(col(CaseEvent.at) <= until)
        .order_by(col(CaseEvent.case_id), col(CaseEvent.number))
    )
    ends = {end for found in goes_on.values() for end in found}
    newest: dict[int, Status] = dict(_of(session, events, CaseEvent.case_id, ends))
    return {
        case: [newest[end] for end in found if end in newest] for case, found in goes_on.items()
    }


def _earlier(
    session: Session, cases: Collection[int], until: datetime
) -> Mapping[int, Collection[int]]:
    """Of each duplicate the cases in which the same was told before, of those in turn the same."""
    told = sa.select(col(Link.other_id), col(Link.case_id)).where(
        col(Link.kind) == LinkKind.DUPLICATE, col(Link.at) <= until
    )
    found: dict[int, set[int]] = {}
    ahead = set(cases)
    while ahead:
        step: dict[int, set[int]] = {}
        for other, first in _of(session, told, Link.other_id, ahead):
            step.setdefault(other, set()).add(first)
        found |= step
        ahead = {first for firsts in step.values() for first in firsts} - found.keys()
    return found


def _ends(
    case: int, earlier: Mapping[int, Collection[int]], seen: frozenset[int] = frozenset()
) -> set[int]:
    on = set(earlier.get(case, ())) - seen
    return {end for one in on for end in _ends(one, earlier, seen | {case})} or {case}


def _of(session: Session, statement: Any, column: Any, ids: Collection[int]) -> Iterator[Any]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        some = col(column).in_(ordered[start : start + _AT_ONCE])
        yield from session.connection().execute(statement.where(some))

"""Counts what happened to cases within a period, by their events: taken up, decided, answered.

Events are never changed, so what they say of a past period stays. Of cases from another system the
import says when they were decided there; what their workers answered there is not counted, because
nobody here asked them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from casework import outcomes
from casework.admission import TAKES_UP
from casework.figures import rulings
from casework.figures.adding import Wanted
from casework.figures.counting import Reader
from casework.figures.measures import Answer
from casework.figures.tables import By
from casework.models import Case, CaseEvent, ImportedCase, Issue, Link
from casework.models.cases import COUNTED
from casework.vocabulary import Action, Category, Finding, LinkKind, Outcome, Status

_DECIDING = (Action.CONCLUDE, Action.REFER, Action.REJECT)
_CONTESTING = (Action.DISPUTE, Action.APPEAL)
_ANSWERS = {
    Action.CONFIRM: Answer.CONFIRMED,
    Action.RESOLVE: Answer.UNANSWERED,
    Action.DISPUTE: Answer.DISPUTED,
    Action.APPEAL: Answer.APPEALED,
}
_TOLD = (Status.VERIFYING, Status.RESOLVED, Status.CLOSED)


def happened(reader: Reader, *actions: Action) -> list[Any]:
    """On ``CaseEvent``: one of ``actions``, within the period."""
    return [
        sa.text(COUNTED),  # the words of the index
        col(CaseEvent.action).in_(actions),
        col(CaseEvent.at) >= reader.period.begins,
        col(CaseEvent.at) < reader.period.ends,
    ]


def admissible(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Cases first taken up: investigated or decided on (``casework.admission``). One that turned out
    to be inadmissible later was taken up none the less."""
    earlier = aliased(CaseEvent)
    before = sa.exists().where(
        col(earlier.case_id) == col(CaseEvent.case_id),
        col(earlier.number) < col(CaseEvent.number),
        sa.or_(
            col(earlier.action).in_(TAKES_UP),
            sa.and_(col(earlier.action) == Action.IMPORT, col(earlier.after).in_(_TOLD)),
        ),
    )
    statement = (*happened(reader, *TAKES_UP), sa.not_(before))
    found = Counter(
        wanted.key(said)
        for said, _ in reader.rows(
            wanted, (), lambda q: q.join(CaseEvent, _of_case()).where(*statement)
        )
    )
    for said, status, _ in _imported(reader, wanted, ()):
        if status in _TOLD:
            found[wanted.key(said)] += 1
    return wanted.add_up(found)


def decided(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Decisions, by what the worker was told: of several findings, ``casework.outcomes.overall``.

    Filed, addressed, resolved (KnowTheChain): this is what was addressed to its end; whether the
    worker agrees is among the answers. A case that was taken back before its worker was told
    anything ended as withdrawn; after that, what they were told before is how it ended, also where
    they contested it.
    """
    earlier = aliased(CaseEvent)
    told = sa.exists().where(
        col(earlier.case_id) == col(CaseEvent.case_id),
        col(earlier.number) < col(CaseEvent.number),
        sa.or_(
            col(earlier.action).in_(_DECIDING),
            sa.and_(
                col(earlier.action) == Action.IMPORT, col(earlier.after).in_(rulings.DECIDED_THERE)
            ),
        ),
    )
    more = (col(CaseEvent.action), col(CaseEvent.data))
    where = (
        *happened(reader, *_DECIDING, Action.WITHDRAW),
        sa.or_(col(CaseEvent.action) != Action.WITHDRAW, sa.not_(told)),
    )
    found: Counter[tuple[Any, ...]] = Counter()
    for said, (action, data) in reader.rows(
        wanted, more, lambda q: q.join(CaseEvent, _of_case()).where(*where), ("outcome",)
    ):
        found[wanted.key(said | {"outcome": rulings.outcome(action, data).value})] += 1
    for said, status, finding in _imported(reader, wanted, ("outcome",)):
        outcome = elsewhere(status, finding)
        found[wanted.key(said | {"outcome": outcome.value})] += 1
    return wanted.add_up(found)


def elsewhere(status: Status, finding: Finding | None) -> Outcome:
    """How a case ended that was decided in another system."""
    ended = outcomes.outcome(status, ())
    if status in (Status.INADMISSIBLE, Status.REFERRED, Status.WITHDRAWN):
        return ended
    return Outcome(finding.value) if finding else Outcome.UNDECIDED


def answered(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """What workers said to what they were told. Silence is counted as such when the time for an
    answer is over: confirmed and unanswered are never added up (field.md section 4)."""
    where = happened(reader, *_ANSWERS)
    rows = reader.rows(
        wanted,
        (col(CaseEvent.action),),
        lambda q: q.join(CaseEvent, _of_case()).where(*where),
        ("answer",),
    )
    found = Counter(
        wanted.key(said | {"answer": _ANSWERS[action].value}) for said, (action,) in rows
    )
    return wanted.add_up(found)


def appeals(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Disputes and appeals that were decided anew within the period, and whether the worker was
    right (``casework.figures.rulings``)."""
    again = aliased(CaseEvent)
    contested = sa.select(col(again.case_id)).where(
        sa.text(COUNTED), col(again.action).in_(_CONTESTING), col(again.at) < reader.period.ends
    )
    wanted_actions = (*_DECIDING, *_CONTESTING, Action.PROPOSE_REMEDY, Action.IMPORT)
    found: Counter[tuple[Any, ...]] = Counter()
    for said, past in histories(
        reader,
        wanted,
        (col(CaseEvent.action).in_(wanted_actions), col(CaseEvent.case_id).in_(contested)),
        ("ruling",),
    ):
        for at, ruling in rulings.rulings(past):
            if at >= reader.period.begins:
                found[wanted.key(said | {"ruling": ruling.value})] += 1
    return wanted.add_up(found)


def retaliation(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Cases about being punished for complaining, by when they were received: one of their issues
    is retaliation, or they were linked as what followed an earlier case. A check-in that is answered
    with harm opens such a case. Our default."""
    about = sa.exists().where(
        col(Issue.case_id) == col(Case.id), col(Issue.category) == Category.RETALIATION
    )
    linked = sa.exists().where(
        col(Link.other_id) == col(Case.id), col(Link.kind) == LinkKind.RETALIATION
    )
    return reader.received(wanted, sa.or_(about, linked))


def histories(
    reader: Reader,
    wanted: Wanted,
    where: Iterable[sa.ColumnElement[bool]],
    own: Iterable[str] = (),
) -> Iterator[tuple[dict[str, Any], list[rulings.Past]]]:
    """Events up to the end of the period, those of each case together and in order."""
    more = (
        col(CaseEvent.case_id),
        col(CaseEvent.action),
        col(CaseEvent.at),
        col(CaseEvent.data),
        col(CaseEvent.staff_id),
    )

    def build(query: sa.Select[Any]) -> sa.Select[Any]:
        return (
            query.join(CaseEvent, _of_case())
            .where(*where, col(CaseEvent.at) < reader.period.ends)
            .order_by(col(CaseEvent.case_id), col(CaseEvent.number))
        )

    rows = reader.rows(wanted, more, build, tuple(own))
    for _, some in groupby(rows, key=lambda row: row[1][0]):
        events = list(some)
        yield events[0][0], [rulings.Past(*event[1][1:]) for event in events]


def _of_case() -> sa.ColumnElement[bool]:
    return col(CaseEvent.case_id) == col(Case.id)


def _imported(
    reader: Reader, wanted: Wanted, own: tuple[str, ...]
) -> Iterator[tuple[dict[str, Any], Status, Finding | None]]:
    """Cases that were decided in another system, within the period: when they were told, else when
    they ended."""
    more = (col(CaseEvent.after), col(CaseEvent.data), col(ImportedCase.finding))

    def build(query: sa.Select[Any]) -> sa.Select[Any]:
        return (
            query.join(ImportedCase, col(ImportedCase.case_id) == col(Case.id))
            .join(CaseEvent, _of_case())
            .where(
                col(CaseEvent.number) == 1,
                # Begin with these: of all cases they are few, or none.
                col(Case.id).in_(sa.select(col(ImportedCase.case_id))),
            )
        )

    for said, (status, data, finding) in reader.rows(wanted, more, build, own):
        at = rulings.decided_elsewhere(status, data)
        if at is not None and reader.period.begins <= at < reader.period.ends:
            yield said, status, finding

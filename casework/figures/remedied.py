"""Counts the workers whose remedy was delivered, and says which remedies are overdue.

Whether a remedy is delivered is read out of the events of the case, which name each action of its
plan, each group of people and each entry of its ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from casework.figures.adding import Wanted
from casework.figures.counting import Reader
from casework.figures.flows import histories
from casework.figures.rulings import Past
from casework.figures.tables import By
from casework.models import (
    CaseEvent,
    LedgerEntry,
    Party,
    RemedyAction,
    RemedyEntry,
)
from casework.models.cases import COUNTED
from casework.vocabulary import Action, LedgerKind, PartyKind, RemedyState

CHANGES = (Action.PLAN_REMEDY, Action.VERIFY_REMEDY, Action.FACTORY_ANSWER)
"""Events that name an action of a plan and the state it is in from then on."""
_DONE = (RemedyState.VERIFIED.value, RemedyState.DROPPED.value)


def overdue_by(day: date, past: Iterable[Mapping[str, Any]]) -> bool:
    """Whether at the begin of a day an action of a plan was overdue; ``past``: what the events said
    of it before, in order."""
    states: dict[int, str] = {}
    due: dict[int, str] = {}
    for data in past:
        states[data["remedy"]] = data["state"]
        due[data["remedy"]] = data.get("due") or due[data["remedy"]]
    return any(
        state not in _DONE and date.fromisoformat(due[row]) < day for row, state in states.items()
    )


def remedied(reader: Reader, wanted: Wanted) -> Mapping[By, int]:
    """Workers whose remedy was delivered and verified, each counted once, when that was so for the
    first time: every action of the plan that was not dropped was verified by somebody who belongs to
    no respondent, and every group of people was paid at least what it is owed in each currency.

    The workers are the people of the groups that were paid; where none was, whoever complained. Of
    those who are added to a case later, only how many more they are counts, when they are paid. An
    entry of the ledger that was taken back counts as if it had never been. Of what is not so any more
    later, that is told by other figures. Source: ``remedy_rules.Standing``, field.md section 7, S5 (b).
    """
    changed = aliased(CaseEvent)
    lately = sa.select(col(changed.case_id)).where(
        sa.text(COUNTED),  # the words of the index
        col(changed.action).in_((*CHANGES, Action.RECORD_MONEY)),
        col(changed.at) >= reader.period.begins,
        col(changed.at) < reader.period.ends,
    )
    where = (
        col(CaseEvent.action).in_((*CHANGES, Action.RECORD_MONEY)),
        col(CaseEvent.case_id).in_(lately),
    )
    unfit, never = _by_respondents(reader), _taken_back(reader)
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for said, past in histories(reader, wanted, where):
        for at, persons in _delivered(past, unfit, never):
            if at >= reader.period.begins:
                found[wanted.key(said)] += persons
    return wanted.add_up(found)


@dataclass(slots=True)
class _Remedy:
    """How far the remedy of a case has come."""

    states: dict[int, str] = field(default_factory=dict)
    looked: dict[int, bool] = field(default_factory=dict)
    """Of each action, whether its newest verification is one that counts."""
    sizes: dict[int, int] = field(default_factory=dict)
    paid: set[int] = field(default_factory=set)
    """The groups that money was paid to."""
    balance: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    """What was paid beyond what is owed."""

    def take(self, event: Past, unfit: frozenset[int], never: frozenset[int]) -> None:
        data = event.data
        if event.action is not Action.RECORD_MONEY:
            self.states[data["remedy"]] = data["state"]
            if data["step"] == "verified":
                self.looked[data["remedy"]] = data["entry"] not in unfit
        elif "entry" not in data:
            self.sizes[data["group"]] = data["persons"]
        elif data["entry"] not in never:
            owed = data["kind"] == LedgerKind.OWED.value
            self.balance[data["group"], data["currency"]] += (
                -data["amount"] if owed else data["amount"]
            )
            if not owed:
                self.paid.add(data["group"])

    @property
    def delivered(self) -> bool:
        kept = {row for row, state in self.states.items() if state != RemedyState.DROPPED.value}
        return (
            bool(kept)
            and all(self.states[row] == RemedyState.VERIFIED.value for row in kept)
            and all(self.looked.get(row, False) for row in kept)
            and all(balance >= 0 for balance in self.balance.values())
        )

    @property
    def persons(self) -> int:
        return sum(self.sizes[group] for group in self.paid) or 1


def _delivered(
    past: Sequence[Past], unfit: frozenset[int], never: frozenset[int]
) -> Iterator[tuple[datetime, int]]:
    """When a remedy was delivered, and to how many more than before."""
    remedy, told = _Remedy(), 0
    for event in past:
        remedy.take(event, unfit, never)
        if remedy.delivered and remedy.persons > told:
            yield event.at, remedy.persons - told
            told = remedy.persons


def _taken_back(reader: Reader) -> frozenset[int]:
    """Entries of a ledger that were wrong, and those that say so."""
    statement = sa.select(col(LedgerEntry.id), col(LedgerEntry.reverses_id)).where(
        col(LedgerEntry.reverses_id).is_not(None)
    )
    return frozenset(row for pair in reader.session.execute(statement) for row in pair)


def _by_respondents(reader: Reader) -> frozenset[int]:
    """Verifications by somebody who is accused in the case or belongs to who is: they prove nothing,
    also where that was found out later."""
    same = sa.or_(
        col(RemedyEntry.staff_id) == col(Party.staff_id),
        col(RemedyEntry.organisation_index) == col(Party.organisation_index),
    )
    statement = (
        sa.select(col(RemedyEntry.id))
        .join(RemedyAction, col(RemedyAction.id) == col(RemedyEntry.action_id))
        .join(Party, sa.and_(col(Party.case_id) == col(RemedyAction.case_id), same))
        .where(
            col(Party.kind) == PartyKind.RESPONDENT,
            col(Party.removed_at).is_(None),
            col(RemedyEntry.at) < reader.period.ends,
        )
    )
    return frozenset(reader.session.execute(statement).scalars())

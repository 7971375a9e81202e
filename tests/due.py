"""Cases in which much is due after a week, and a look at what was done about it, thing by thing."""

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from casework.audit import events
from casework.db import Store
from casework.models import Case, CheckIn, Clock, Outbox, Staff, StaffNotice
from casework.vocabulary import Action, Category, Severity
from tests.desk import Desk

A_WEEK = timedelta(days=7, hours=12)
"""And a little: in critical cases the first words on progress and the first check-ins are due."""


def pile_up(desk: Desk, now: datetime, number: int = 12) -> list[str]:
    """Cases of every severity, with an owner and without, at different steps."""
    filed = []
    for n in range(number):
        at = now + timedelta(minutes=7 * n)
        category = (Category.FORCED_LABOUR, Category.WAGES, Category.CONTRACT, Category.OTHER)[
            n % 4
        ]
        reference = desk.file(at, f"case {n}", category=category)
        filed.append(reference)
        if n % 3:
            desk.act(reference, Action.ACKNOWLEDGE, at)
            severity = (Severity.CRITICAL, Severity.SERIOUS)[n % 2]
            desk.triage(reference, at, severity, ((category, ""),))
            desk.assign(reference, at, "asha")
        if n % 3 == 2:
            desk.act(reference, Action.NOTIFY_FACTORY, at)
    return filed


class Done(NamedTuple):
    """Everything that was done about what was due, with how often; cases by when they were filed."""

    notices: Counter[tuple[object, ...]]
    """Of the office: case, promise, round, level, person, kind, when it was reached."""
    recorded: Counter[tuple[object, ...]]
    """In the chains: case, action, promise, level."""
    told: Counter[tuple[object, ...]]
    """To workers: case, notice."""
    asked: Counter[tuple[object, ...]]
    """Check-ins: case, days, whether asked, whether they fell away."""


def done(store: Store) -> Done:
    """What was done by now, after a look whether the chain of every case is whole."""
    with store.reading() as session:
        cases = list(session.exec(select(Case).order_by(col(Case.received_at), col(Case.id))))
        numbers = {case.id: number for number, case in enumerate(cases)}
        clocks = {clock.id: clock for clock in session.exec(select(Clock))}
        names = {person.id: person.name for person in session.exec(select(Staff))}
        recorded: Counter[tuple[object, ...]] = Counter()
        for case in cases:
            history = events.history(session, case.id)
            assert events.first_broken(case, history) is None
            assert [event.number for event in history] == list(range(1, case.event_count + 1))
            for event in history:
                if event.action in (Action.MISS, Action.ESCALATE):
                    about = (event.data["promise"], event.data.get("level"))
                    recorded[numbers[case.id], event.action, *about] += 1
        notices: Counter[tuple[object, ...]] = Counter()
        for notice in session.exec(select(StaffNotice)):
            assert notice.clock_id
            clock = clocks[notice.clock_id]
            key = (numbers[notice.case_id], clock.promise, clock.round, notice.level)
            notices[*key, names[notice.staff_id], notice.kind, notice.reached_at] += 1
        told: Counter[tuple[object, ...]] = Counter(
            (numbers[one.case_id], one.notice)
            for one in session.exec(select(Outbox))
            if one.case_id
        )
        asked: Counter[tuple[object, ...]] = Counter(
            (numbers[one.case_id], one.days, bool(one.asked_at), bool(one.cancelled_at))
            for one in session.exec(select(CheckIn))
        )
    return Done(notices, recorded, told, asked)

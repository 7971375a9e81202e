"""An office with very many open cases: a few are filed as workers file them, then copied in SQL.

Most are acknowledged and answered, and nothing is to be done about their four open clocks for days.
Some groups fall due together at a known moment, and many more while the mechanism stands still.
Their rows lie scattered among the others. Each case has its first event; promises that were kept
are left out of the copies.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import SQLModel, select

from casework import cases, filing
from casework.actors import staff_actor
from casework.db import Session, Store
from casework.deadlines import promises, sweeping
from casework.deadlines.calendars import usual_hours
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.models import Calendar, Case, Factory, Reporter, Staff
from casework.vocabulary import Action, Category, Channel, Promise, Role, Severity

BEGUN = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""A Monday morning."""
GROUP = 100
"""Clocks with something to do at the same minute: in each case one is missed, and of another half
the time is over."""
APART = timedelta(minutes=10)
STOPPED = BEGUN + timedelta(hours=30)
"""From here on the mechanism stands still."""
BACK = STOPPED + timedelta(days=1)
_DAY = timedelta(days=1)
_COUNTRIES = {
    "KH": "Asia/Phnom_Penh",
    "BD": "Asia/Dhaka",
    "LK": "Asia/Colombo",
    "NP": "Asia/Kathmandu",
}
_CLOCKS_EACH = 16
"""Room for so many clocks in the ids of a copy."""
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Office:
    """What was built. ``groups``: the moments right after which a group is due, in order."""

    store: Store
    groups: tuple[datetime, ...]


def build(store: Store, size: int, groups: int, behind: int) -> Office:
    """Fill an empty installation: ``size`` open cases, ``groups`` that fall due one after another,
    and ``behind`` clocks or a few more that do while the mechanism stands still."""
    chance = random.Random(4)
    with store.writing() as session:
        factories = _people_and_places(session)
        handlers = session.exec(select(Staff).where(Staff.role == Role.HANDLER)).all()
        due = [
            _file(session, factories[n % 40], handlers[n % 8], BEGUN + n * APART, Severity.CRITICAL)
            for n in range(groups)
        ]
        quiet = []
        for n in range(40):
            at = BEGUN + timedelta(hours=20, minutes=n)
            case = _file(session, factories[n], handlers[n % 8], at, Severity.MINOR)
            actor = staff_actor(handlers[n % 8])
            cases.advance(session, case, Action.REPLY, by=actor, now=at, text="We looked into it.")
            quiet.append(case)
        late = [
            _file(
                session,
                factories[n % 40],
                handlers[n % 8],
                STOPPED - chance.random() * 6 * _DAY,
                list(Severity)[n % 4],
            )
            for n in range(80)
        ]
        # What was reached before is told by then; the groups have all but their due time behind them.
        session.flush()
        moments = tuple(BEGUN + _DAY + n * APART for n in range(groups))
        for case, moment in zip(due, moments, strict=True):
            actor = staff_actor(handlers[0])
            cases.advance(session, case, Action.ACKNOWLEDGE, by=actor, now=case.received_at)
            sweeping.catch_up(session, case, moment)
        for case in late:
            sweeping.catch_up(session, case, STOPPED)
        waiting = sum(
            clock.next_at is not None and clock.next_at < BACK
            for case in late
            for clock in promises.of_case(session, case.id)
        )
    rounds = -(-behind // waiting)
    rare = [case.id for case in due for _ in range(GROUP // 2)]
    rare += [case.id for case in late for _ in range(rounds)]
    places = dict(zip(chance.sample(range(size), len(rare)), rare, strict=True))
    usual = [case.id for case in quiet]
    _copy(store, [places.get(n, usual[n % len(usual)]) for n in range(size)])
    return Office(store, tuple(moment + timedelta(seconds=1) for moment in moments))


def _people_and_places(session: Session) -> list[Factory]:
    """Four offices, forty factories, eight handlers, two supervisors and an admin."""
    offices = [
        Calendar(
            id=new_id(BEGUN), name=country, zone=zone, country=country, hours=usual_hours(country)
        )
        for country, zone in _COUNTRIES.items()
    ]
    factories = [
        Factory(
            id=new_id(BEGUN),
            code=f"F{n}",
            name=f"Factory {n}",
            country=offices[n % 4].country,
            zone=offices[n % 4].zone,
            calendar_id=offices[n % 4].id,
        )
        for n in range(40)
    ]
    people = [
        Staff(
            id=new_id(BEGUN),
            name=f"{role} {n}",
            email=f"{role.value}{n}@example.org",
            role=role,
            organisation="Workers' Desk",
            zone="Asia/Dhaka",
            created_at=BEGUN,
        )
        for role, number in ((Role.HANDLER, 8), (Role.SUPERVISOR, 2), (Role.ADMIN, 1))
        for n in range(number)
    ]
    session.add_all([*offices, *people])
    session.flush()
    session.add_all(factories)
    reporter = Reporter(
        id=new_id(BEGUN),
        channel=Channel.WEB,
        address_index=b"a worker",
        address_sealed=b"",
        created_at=BEGUN,
    )
    session.add(reporter)
    session.flush()
    return factories


def _file(
    session: Session, factory: Factory, handler: Staff, at: datetime, severity: Severity
) -> Case:
    reporter = session.exec(select(Reporter)).one()
    complaint = Complaint(
        (Piece("They did not pay us."),),
        factory=factory,
        category=Category.WAGES,
        severity=severity,
    )
    case = filing.open_case(session, reporter, complaint, now=at)
    case.assignee_id = handler.id
    return case


def _copy(store: Store, templates: list[int]) -> None:
    """Copy cases; what is to be done about the templates themselves is done."""
    wanted = sa.Table(
        "wanted",
        sa.MetaData(),
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("template", sa.BigInteger),
        prefixes=["TEMPORARY"],
    )
    case, event, clock = (SQLModel.metadata.tables[name] for name in ("case", "caseevent", "clock"))
    number = sa.case(
        {promise.value: n for n, promise in enumerate(Promise)},
        value=sa.cast(clock.c.promise, sa.String),
    )
    reference = sa.literal("B-").concat(sa.cast(wanted.c.id, sa.String))
    copies = (
        (case, {"id": wanted.c.id, "reference": reference}, case.c.id, sa.true()),
        (event, {"id": wanted.c.id, "case_id": wanted.c.id}, event.c.case_id, event.c.number == 1),
        (
            clock,
            {"id": wanted.c.id * _CLOCKS_EACH + number, "case_id": wanted.c.id},
            clock.c.case_id,
            clock.c.next_at.is_not(None),
        ),
    )
    with store.engine.connect() as connection:
        for first in range(0, len(templates), _CHUNK):
            rows = [
                {"id": first + n + 1, "template": template}
                for n, template in enumerate(templates[first : first + _CHUNK])
            ]
            wanted.create(connection)
            connection.execute(sa.insert(wanted), rows)
            for table, new, of, which in copies:
                columns = [new.get(column.name, column) for column in table.c]
                joined = sa.select(*columns).join_from(wanted, table, of == wanted.c.template)
                chosen = joined.where(which).order_by(wanted.c.id)
                connection.execute(sa.insert(table).from_select(table.c.keys(), chosen))
            wanted.drop(connection)
            connection.commit()
        done = sa.update(clock).where(clock.c.case_id.in_(set(templates)))
        connection.execute(done.values(next_at=None))
        connection.commit()
        if not store.sqlite:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))

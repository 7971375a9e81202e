"""A case of 120 days in a few seconds: everything that happens, in order and to the minute.

What comes out is the table ``time_travel.txt``, to be read and checked by a person. After a change
that is meant, write it anew with ``RECOURSE_WRITE_TABLES=1`` in the environment, and read it again.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from casework.db import Store
from casework.deadlines import policies, promises
from casework.messaging import outbox
from casework.models import CaseEvent, Clock, Outbox, StaffNotice
from casework.vocabulary import Action, Category, Promise, Role, StaffNoticeKind
from tests.conftest import Cast
from tests.office import Office

TABLE = Path(__file__).parent / "time_travel.txt"
THERE = ZoneInfo("Asia/Phnom_Penh")
SECOND = timedelta(seconds=1)

HEAD = """\
A serious case about wages in Phnom Penh, from Friday 20 November 2026 to Friday 19 March 2027.
Its office is open Monday to Friday, 08:00-12:00 and 13:00-17:00, and closed on the holidays of
Cambodia: here the Water Festival (23 to 25 November), Peace Day (29 December), New Year (1 January),
Victory Day (7 January) and Women's Day (8 March).

The policy is the one that comes along. Serious cases: acknowledged in 2 days, triaged in 3, first
reply and protection in 7, investigated in 30, remedy in 60, a word on progress every 14 days,
outcome in 3 months, confirmation in 35 days, an appeal in 30; each until the office closes. The
owner is warned when 50% and 75% of the time have passed, owner and supervisors are told when all of
it has, the supervisors again 2 working days after it and the admins 5. What nobody owns goes to the
supervisors. Asha handles cases, Boris supervises, Chen administers. "→" is told to; what the schedule
does by itself stands behind "·".
"""

SAID = {
    Action.FILE: "files a complaint",
    Action.ASSIGN: "gives it to somebody",
    Action.ACKNOWLEDGE: "acknowledges it",
    Action.TRIAGE: "triages it",
    Action.PROTECT: "notes what protects the worker",
    Action.ASK: "asks the worker a question",
    Action.PAUSE: "pauses what may pause",
    Action.ADD: "answers",
    Action.ASSESS: "assesses it",
    Action.INVESTIGATE: "investigates",
    Action.REPLY: "writes to the worker",
    Action.ASK_EXTENSION: "asks for more time",
    Action.EXTEND: "approves it",
    Action.PLAN_REMEDY: "plans a remedy",
    Action.PROPOSE_REMEDY: "proposes a remedy",
    Action.NOTIFY_FACTORY: "tells the factory",
    Action.FINDING: "says what was found",
    Action.CONCLUDE: "tells the outcome",
    Action.DISPUTE: "disputes it",
    Action.CONFIRM: "confirms",
    Action.MISS: "notes a miss",
    Action.ESCALATE: "notes that it climbed",
}


def _wall(moment: datetime) -> str:
    return f"{moment.astimezone(THERE):%a %Y-%m-%d %H:%M}"


@dataclass
class Journey:
    """A case, the time of day, and the lines of the table so far."""

    office: Office
    now: datetime
    reference: str = ""
    lines: list[tuple[str, str, str, str]] = field(default_factory=list)
    clocks: dict[int, Clock] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def at(self, local: str, act: Callable[[datetime], object]) -> None:
        """Let time pass until then, and do something."""
        until = datetime.fromisoformat(local).replace(tzinfo=THERE).astimezone(UTC)
        self.travel(until)
        act(until)
        self.look()

    def travel(self, until: datetime) -> None:
        """From one moment at which something is due to the next; the schedule runs a second later,
        because what is due at five is overdue only after it."""
        while (moment := self.next_moment()) and moment + SECOND < until:
            self.now = moment + SECOND
            assert self.office.jobs(self.now), "something was due, and nobody found it"
            self.look()
        self.now = until

    def next_moment(self) -> datetime | None:
        if not self.reference:
            return None
        case = self.office.case(self.reference)
        moments = [clock.next_at for clock in self.office_clocks()]
        moments += [
            one.due_at
            for one in self.office.check_ins(self.reference)
            if not (one.asked_at or one.cancelled_at)
        ]
        return min((one for one in [*moments, case.progress_at] if one), default=None)

    def office_clocks(self) -> list[Clock]:
        with self.office.store.reading() as session:
            return promises.of_case(session, self.office.case(self.reference).id)

    # --- what there is to see ---

    def look(self) -> None:
        """Write down all that is new, what people did first."""
        for event in self.office.events(self.reference):
            if event.id not in self.seen:
                self._event(event)
        self._clocks()
        fresh = [n for n in self.office.staff_notices(self.reference) if n.id not in self.seen]
        for (_, _, _, at), group in groupby(
            fresh, lambda one: (one.clock_id, one.level, one.kind, one.at)
        ):
            self._told(list(group), at)
        for entry in self.office.outbox(self.reference):
            if entry.id not in self.seen:
                self._message(entry)

    def _line(self, at: datetime, who: str, what: str, why: str = "") -> None:
        self.lines.append((_wall(at), who, what, why))

    def _event(self, event: CaseEvent) -> None:
        self.seen.add(event.id)
        who = self.office.name(event.staff_id)
        if event.role is Role.WORKER:
            who = "the worker"
        self._line(event.at, who or "·", SAID[event.action], _why(event))

    def _clocks(self) -> None:
        found = sorted(self.office_clocks(), key=lambda one: list(Promise).index(one.promise))
        for clock in found:
            name, before = clock.promise.value, self.clocks.get(clock.id)
            due = f"due {_wall(clock.due_at)}"
            if before is None:
                self._line(clock.started_at, "", f"  {name} begins", f"{self._span(clock)}: {due}")
            elif before.due_at != clock.due_at:
                instead = f"{due} instead of {_wall(before.due_at)}"
                self._line(self.now, "", f"  {name} moves", instead)
            if clock.met_at and not (before and before.met_at):
                late = "late, it was" if clock.missed_at else "in time,"
                self._line(clock.met_at, "", f"  {name} is kept", f"{late} {due}{_paused(clock)}")
            self.clocks[clock.id] = clock

    def _span(self, clock: Clock) -> str:
        case = self.office.case(self.reference)
        line = policies.DEFAULT.line(clock.promise, case.severity, case.category)
        assert line
        return str(line.span)

    def _told(self, group: list[StaffNotice], at: datetime) -> None:
        self.seen |= {one.id for one in group}
        first = group[0]
        who = "→ " + ", ".join(self.office.name(one.staff_id) for one in group)
        promise = self.clocks[first.clock_id].promise.value if first.clock_id else ""
        match first.kind:
            case StaffNoticeKind.WARNING:
                what = f"{promise}: {first.level} of the time"
            case StaffNoticeKind.MISSED:
                what = f"{promise}: overdue"
            case StaffNoticeKind.ESCALATED:
                what = f"{promise}: still not done"
            case _:
                what = f"{promise}: {first.kind.value}"
        late = f"{first.level.removeprefix('+')} after it was due" if first.level[0] == "+" else ""
        assert abs(first.reached_at - at) <= SECOND
        self._line(at, who, what, late)

    def _message(self, entry: Outbox) -> None:
        self.seen.add(entry.id)
        until = entry.data.get("until")
        more = f"until {_wall(datetime.fromisoformat(until))}" if until else ""
        self._line(entry.created_at, "→ the worker", f"message: {entry.notice.value}", more)
        with self.office.store.writing() as session:
            outbox.sent(session.get_one(Outbox, entry.id), self.now)

    def table(self) -> str:
        widths = [max(len(line[column]) for line in self.lines) for column in range(3)]
        rows, day = [HEAD.rstrip()], ""
        for line in self.lines:
            if line[0][:14] != day:
                day = line[0][:14]
                rows.append("")
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=False))
            rows.append("  ".join((*cells, line[3])).rstrip())
        return "\n".join(rows) + "\n"


def _why(event: CaseEvent) -> str:
    match event.action:
        case Action.MISS:
            return (
                f"{event.data['promise']}, due {_wall(datetime.fromisoformat(event.data['due']))}"
            )
        case Action.ESCALATE:
            return f"{event.data['promise']}, {event.data['level'].removeprefix('+')} too late"
        case Action.PAUSE:
            return f"at most until {_wall(datetime.fromisoformat(event.data['until']))}"
        case Action.ADD if event.data.get("resumed"):
            return "which ends the pause"
        case Action.ASK_EXTENSION | Action.EXTEND:
            until = _wall(datetime.fromisoformat(event.data["until"]))
            return f"{event.data['promise']}, until {until}"
        case _:
            return ""


def _paused(clock: Clock) -> str:
    if not clock.paused_seconds:
        return ""
    minutes, _ = divmod(clock.paused_seconds, 60)
    days, rest = divmod(minutes, 24 * 60)
    return f"; paused {days} d {rest // 60} h {rest % 60} min"


def _journey(office: Office) -> Journey:
    go = Journey(office, datetime(2026, 11, 20, 11, 40, tzinfo=UTC))

    def file(now: datetime) -> None:
        go.reference = office.file(now, "They pay us too late.", category=Category.WAGES)

    def does(action: Action, by: str = "asha") -> Callable[[datetime], object]:
        return lambda now: office.act(go.reference, action, now, "Words.", by=by)

    def approve(now: datetime) -> None:
        (extension,) = office.extensions(go.reference)
        office.decide(go.reference, extension.id, now)

    investigate, until = Promise.INVESTIGATE, date(2027, 1, 20)
    go.at("2026-11-20T18:40", file)
    # Nobody owns it until the second escalation.
    go.at("2026-12-01T09:00", lambda now: office.assign(go.reference, now, to="asha"))
    go.at("2026-12-01T09:30", does(Action.ACKNOWLEDGE))
    go.at("2026-12-01T10:00", lambda now: office.triage(go.reference, now))
    go.at("2026-12-01T10:30", does(Action.PROTECT))
    go.at("2026-12-01T11:00", does(Action.ASK))
    go.at("2026-12-02T09:00", lambda now: office.pause(go.reference, now))
    go.at("2026-12-07T20:15", lambda now: office.add(go.reference, now, "Since May."))
    go.at("2026-12-08T10:00", does(Action.ASSESS))
    go.at("2026-12-09T10:00", does(Action.INVESTIGATE))
    # Nobody writes for two weeks.
    go.at("2026-12-24T10:00", does(Action.REPLY))
    go.at(
        "2027-01-04T10:00",
        lambda now: office.ask_extension(go.reference, investigate, until, now),
    )
    go.at("2027-01-04T14:00", approve)
    go.at("2027-01-18T10:00", does(Action.PROPOSE_REMEDY))
    go.at("2027-01-18T11:00", does(Action.NOTIFY_FACTORY))
    go.at("2027-01-28T10:00", does(Action.REPLY))
    go.at("2027-02-12T10:00", does(Action.CONCLUDE))
    # She is silent for weeks, and then she disputes it: somebody else decides.
    go.at("2027-03-09T19:30", lambda now: office.answer(go.reference, Action.DISPUTE, now))
    go.at("2027-03-10T09:00", lambda now: office.assign(go.reference, now, to="boris", by="chen"))
    go.at("2027-03-10T10:00", does(Action.INVESTIGATE, by="boris"))
    go.at("2027-03-18T10:00", does(Action.CONCLUDE, by="boris"))
    go.at("2027-03-19T18:40", lambda now: office.answer(go.reference, Action.CONFIRM, now))
    return go


def test_a_case_of_120_days_goes_by_the_minute(store: Store, cast: Cast) -> None:
    go = _journey(Office(store, cast))
    table = go.table()
    if os.environ.get("RECOURSE_WRITE_TABLES"):
        TABLE.write_text(table, encoding="utf-8")
    assert table.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()
    assert go.next_moment() == datetime(2027, 4, 18, 4, tzinfo=UTC)  # asked 90 days later again


def test_a_schedule_that_stood_still_catches_up_in_order_and_tells_the_same(
    store: Store, cast: Cast
) -> None:
    """Whoever looks once in ten days finds the same levels of the same promises."""
    office = Office(store, cast)
    start = datetime(2026, 11, 20, 11, 40, tzinfo=UTC)
    seldom = office.file(start, "No pay", category=Category.WAGES)
    for days in range(0, 61, 10):
        office.jobs(start + timedelta(days=days))
    told = office.told(seldom)
    notices = office.staff_notices(seldom)
    assert len(set(told)) == len(told)
    for clock in office.clocks(seldom).values():
        mine = [one.reached_at for one in notices if one.clock_id == clock.id]
        assert mine == sorted(mine)

    often = office.file(start, "No pay", category=Category.WAGES)
    minute = start
    while minute < start + timedelta(days=60):
        minute = min(
            (c.next_at for c in office.clocks(often).values() if c.next_at),
            default=start + timedelta(days=60),
        )
        minute += SECOND
        office.jobs(minute)
    assert sorted(office.told(often)) == sorted(told)

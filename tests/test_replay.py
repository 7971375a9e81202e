"""Whatever happens to a case, and in whatever order: its clocks follow from its events, the policy,
the calendar and the pauses, and nothing else."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import lifecycle
from casework.db import Store
from casework.deadlines import policies, promised, promises, terms
from casework.deadlines.clocks import parse_span
from casework.deadlines.policies import Line, parse_chain
from casework.errors import BadInput, NotAllowed
from casework.models import Case, Clock
from casework.vault import Vault
from casework.vocabulary import Action, Category, Promise, Severity
from tests.conftest import Cast, filled
from tests.databases import quick
from tests.desk import Desk
from tests.office import Office

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

STAFF = ["asha", "dilani", "boris", "chen"]
STEPS = [
    Action.ACKNOWLEDGE,
    Action.ASK,
    Action.REPLY,
    Action.NOTE,
    Action.PROTECT,
    Action.NOTIFY_FACTORY,
    Action.ASSESS,
    Action.INVESTIGATE,
    Action.PROPOSE_REMEDY,
    Action.CONCLUDE,
    Action.RESOLVE,
    Action.CLOSE,
    Action.REFER,
    Action.REJECT,
]
ANSWERS = [Action.CONFIRM, Action.DISPUTE, Action.APPEAL]
ISSUES = [
    (Category.CONTRACT, "dismissal"),
    (Category.DORMITORY, "food"),
    (Category.OTHER, "question"),
]
SPANS = ["4 hours", "3 days", "10 days", "40 days", "1 month", "12 working hours", "5 working days"]
CHAINS = ["", "50% owner; 100% owner", "100% owner; +3 hours admins; +2 working days supervisors"]
MANY_HOURS = ["Mon-Fri 08:00-17:00", "Sun-Thu 20:00-04:00", "Mon-Sun 00:00-24:00"]


@dataclass
class Life:
    """A case, the time of day, and what is known of clocks that have ended."""

    office: Office
    reference: str
    now: datetime = START
    ended: dict[int, Clock] = field(default_factory=dict)
    missed: dict[int, Clock] = field(default_factory=dict)

    def clocks(self) -> list[Clock]:
        with self.office.store.reading() as session:
            return promises.of_case(session, self.office.case(self.reference).id)

    def next_moment(self) -> datetime | None:
        """When the sweep has something to do."""
        return min((c.next_at for c in self.clocks() if c.next_at), default=None)

    def extend(self, promise: Promise, days: int, approve: bool) -> None:
        until = self.now.date() + timedelta(days=days)
        if promise in self.office.clocks(self.reference):
            row = self.office.ask_extension(self.reference, promise, until, self.now)
            self.now += timedelta(hours=2)
            self.office.decide(self.reference, row, self.now, approve=approve)

    def decide_late(self, approve: bool) -> None:
        for one in self.office.extensions(self.reference):
            if one.decided_at is None:
                self.office.decide(self.reference, one.id, self.now, approve=approve)

    def ask_extension(self, promise: Promise, days: int) -> None:
        until = self.now.date() + timedelta(days=days)
        if promise in self.office.clocks(self.reference):
            self.office.ask_extension(self.reference, promise, until, self.now)

    def new_policy(
        self, promise: Promise, category: Category | None, span: str, pauses: bool, chain: str
    ) -> None:
        """Another span, or none, of one promise: for all, or for a category alone."""
        policy = self.office.terms(self.reference).policy
        line = Line(parse_span(span), pauses=pauses, chain=parse_chain(chain)) if span else None
        if category:
            more = {(category, promise, severity): line for severity in Severity}
            self.office.new_policy(self.now, exceptions={**policy.exceptions, **more})
            return
        lines = {key: one for key, one in policy.lines.items() if key[0] is not promise}
        if line or promise is Promise.ACKNOWLEDGE:  # which every policy promises
            lines |= {
                (promise, severity): line or Line(parse_span("2 days")) for severity in Severity
            }
        self.office.new_policy(self.now, lines=lines)

    # --- what has to be true at any time ---

    def check(self) -> None:
        case, by = self.office.case(self.reference), self.office.terms(self.reference)
        clocks = self.clocks()
        self._owed_is_what_the_events_say(case, by, clocks)
        self._open_ones_are_due_when_the_policy_says(case, by, clocks)
        self._what_has_ended_stays_as_it_was(clocks)
        self._the_case_and_the_sweep_know(case, by, clocks)

    def check_swept(self) -> None:
        """After a sweep, in addition."""
        for clock in self.clocks():
            if promises.is_owed(clock) and clock.due_at < self.now:
                assert clock.missed_at, "overdue, and nobody noticed"
        told = [
            (one.clock_id, one.extensions, one.level, one.staff_id)
            for one in self.office.staff_notices(self.reference)
        ]
        assert all(times == 1 for times in Counter(told).values())
        unheard = {c.id for c in self.clocks() if c.missed_at} - {
            row for row, _, level, _ in told if level == "100%"
        }
        assert not unheard, "missed, and nobody was told"
        before = self.clocks(), self.office.events(self.reference)
        assert self.office.sweep(self.now) == 0
        assert (self.clocks(), self.office.events(self.reference)) == before
        assert len(self.office.staff_notices(self.reference)) == len(told)

    def _owed_is_what_the_events_say(
        self, case: Case, by: terms.Terms, clocks: list[Clock]
    ) -> None:
        past = [(event.action, event.at) for event in self.office.events(self.reference)]
        running = promised.running(past, forgotten=case.forgotten_at)
        expected = {p: started for p, started in running.items() if by.line(case, p)}
        owed = [clock for clock in clocks if promises.is_owed(clock)]
        assert len({clock.promise for clock in owed}) == len(owed)
        assert {clock.promise: clock.started_at for clock in owed} == expected
        if case.status in lifecycle.ENDED:
            assert not owed

    def _open_ones_are_due_when_the_policy_says(
        self, case: Case, by: terms.Terms, clocks: list[Clock]
    ) -> None:
        pauses = [
            (one.began_at, one.ended_at or one.until)
            for one in self.office.pauses(self.reference)
            if one.began_at != one.ended_at
        ]
        approved = [one for one in self.office.extensions(self.reference) if one.approved]
        for clock in clocks:
            if not promises.is_open(clock):
                continue
            line = by.line(case, clock.promise)
            assert line
            due = policies.due(clock.promise, clock.started_at, by.calendar, line, pauses).at
            until = [one.until for one in approved if one.clock_id == clock.id]
            assert clock.extensions == len(until)
            assert clock.due_at == max([due, *until[-1:]])

    def _what_has_ended_stays_as_it_was(self, clocks: list[Clock]) -> None:
        for clock in clocks:
            before = self.ended.get(clock.id)
            if before and before.cancelled_at and not before.met_at and not clock.cancelled_at:
                # It fell away with a policy or a severity, and runs again with another.
                assert clock.started_at == before.started_at
                del self.ended[clock.id]
            elif before:
                assert clock == before
            if before := self.missed.get(clock.id):
                for name in ("promise", "round", "started_at", "missed_at", "paused_seconds"):
                    assert getattr(clock, name) == getattr(before, name)
                assert clock.due_at == before.due_at or clock.extensions > before.extensions
            if clock.missed_at:
                self.missed[clock.id] = clock
            if not promises.is_owed(clock):
                self.ended[clock.id] = clock

    def _all_told(self, case: Case, by: terms.Terms, clock: Clock) -> bool:
        line = by.line(case, clock.promise)
        assert line
        notices = self.office.staff_notices(self.reference)
        told = {n.level for n in notices if n.clock_id == clock.id}
        return told >= {level.key for level in by.policy.chain(line, case.severity)}

    def _the_case_and_the_sweep_know(
        self, case: Case, by: terms.Terms, clocks: list[Clock]
    ) -> None:
        owed = [clock for clock in clocks if promises.is_owed(clock)]
        assert case.next_due_at == min((clock.due_at for clock in owed), default=None)
        for clock in clocks:
            wanted = terms.next_step(case, clock, by) if clock in owed else None
            # Where all of a chain is told, another calendar wakes nobody up again.
            assert clock.next_at == wanted or (
                not clock.next_at and self._all_told(case, by, clock)
            )
        progress = [c for c in owed if c.promise is Promise.PROGRESS and case.reporter_id]
        assert (case.progress_at is None) == (not progress)
        if progress and progress[0].missed_at is None:
            assert case.progress_at == progress[0].due_at


Step = Callable[[Life], object]


def _steps() -> st.SearchStrategy[Step]:
    who, flag = st.sampled_from(STAFF), st.booleans()
    extendable = st.sampled_from(
        [Promise.INVESTIGATE, Promise.REMEDY, Promise.OUTCOME, Promise.APPEAL]
    )
    promise, days = st.sampled_from(list(Promise)), st.integers(1, 150)
    acts = st.builds(
        lambda action, by: (
            lambda life: life.office.act(life.reference, action, life.now, "Words.", by=by)
        ),
        st.sampled_from(STEPS),
        who,
    )
    usual = st.builds(
        lambda by: (
            lambda life: life.office.act(
                life.reference,
                lifecycle.NEXT.get(life.office.case(life.reference).status, Action.NOTE),
                life.now,
                "Words.",
                by=by,
            )
        ),
        who,
    )
    return st.one_of(
        acts,
        usual,
        usual,
        st.just(lambda life: life.office.act(life.reference, Action.ASK, life.now, "Which?")),
        st.just(lambda life: life.office.pause(life.reference, life.now)),
        st.just(lambda life: life.office.resume(life.reference, life.now)),
        st.just(lambda life: life.office.add(life.reference, life.now, "This one.")),
        st.sampled_from(ANSWERS).map(
            lambda action: lambda life: life.office.answer(life.reference, action, life.now)
        ),
        st.builds(
            lambda severity, issue, restricted: (
                lambda life: life.office.triage(
                    life.reference,
                    life.now,
                    severity,
                    (issue,),
                    by="dilani",
                    restricted=restricted,
                )
            ),
            st.sampled_from(list(Severity)),
            st.sampled_from(ISSUES),
            st.sampled_from([False, False, False, True]),
        ),
        st.builds(lambda p, d, yes: lambda life: life.extend(p, d, yes), extendable, days, flag),
        st.builds(lambda p, d: lambda life: life.ask_extension(p, d), extendable, days),
        flag.map(lambda yes: lambda life: life.decide_late(yes)),
        st.builds(
            lambda *how: lambda life: life.new_policy(*how),
            promise,
            st.sampled_from([None, None, *(category for category, _ in ISSUES)]),
            st.sampled_from(["", *SPANS]),
            flag,
            st.sampled_from(CHAINS),
        ),
        st.builds(
            lambda hours, off: (
                lambda life: life.office.change_calendar(
                    life.now, hours=hours, days_off=tuple(sorted(map(str, off)))
                )
            ),
            st.sampled_from(MANY_HOURS),
            st.frozensets(st.dates(date(2026, 11, 20), date(2026, 12, 30)), max_size=4),
        ),
    )


END = st.sampled_from(
    [
        lambda life: life.office.answer(life.reference, Action.WITHDRAW, life.now),
        lambda life: life.office.forget(life.now),
        lambda life: life.office.forget(life.now, withdraw=True),
        lambda life: None,
    ]
)
LATER = st.sampled_from([0, 0, 1, 60, 3600, 7200]) | st.integers(0, 12 * 24 * 3600)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Step, int, str]]:
    """What happens, how many seconds later, and what the jobs do before."""
    steps = draw(st.lists(_steps(), min_size=1, max_size=16))
    if draw(st.booleans()):
        steps.insert(draw(st.integers(0, len(steps))), draw(END))
    jobs = st.sampled_from(["nothing", "sweep", "sweep each moment"])
    return [(step, draw(LATER), draw(jobs)) for step in steps]


@contextmanager
def _office(template: Path, known: sa.Engine, vault: Vault) -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder:
        engine = quick(shutil.copy(template, folder), known)
        store = filled(Store(engine, vault), START)
        yield Office(store, Cast(store, START))
        engine.dispose()


def _live(office: Office, past: list[tuple[Step, int, str]]) -> None:
    life = Life(office, office.file(START, "No pay", category=Category.WAGES))
    life.check()
    for step, seconds, jobs in past:
        until = life.now + timedelta(seconds=seconds)
        if jobs == "sweep each moment":
            while (at := life.next_moment()) and at < until:
                life.now = max(life.now, at + SECOND)
                office.jobs(life.now)
        life.now = max(life.now, until)
        if jobs != "nothing":
            office.jobs(life.now)
            life.check_swept()
        try:
            step(life)
        except (NotAllowed, BadInput):
            continue
        life.check()
    life.now += timedelta(days=400)
    office.jobs(life.now)
    life.check_swept()
    life.check()


_SHARED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@pytest.mark.timeout(400)
@settings(max_examples=12, suppress_health_check=_SHARED)
@given(histories())
def test_clocks_are_a_function_of_what_happened(
    sqlite_template: Path, sqlite_known: sa.Engine, vault: Vault, past: list[tuple[Step, int, str]]
) -> None:
    with _office(sqlite_template, sqlite_known, vault) as office:
        _live(office, past)


@pytest.mark.long
@pytest.mark.timeout(7200)
@settings(max_examples=500, suppress_health_check=_SHARED)
@given(histories())
def test_clocks_are_a_function_of_what_happened_in_many_more_histories(
    sqlite_template: Path, sqlite_known: sa.Engine, vault: Vault, past: list[tuple[Step, int, str]]
) -> None:
    with _office(sqlite_template, sqlite_known, vault) as office:
        _live(office, past)


# --- what such histories found, by name ---------------------------------------------------------


@pytest.fixture
def office(any_desk: Desk) -> Office:
    return Office(any_desk.store, any_desk.cast)


A_DAY = timedelta(days=1)


def test_a_holiday_moves_the_next_level_of_what_was_missed_as_well(office: Office) -> None:
    """Due on Thursday 26 November: two working days later it climbs, on Monday the 30th."""
    reference = office.file(START, "No pay", category=Category.WAGES)
    due_at = office.clocks(reference)[Promise.ACKNOWLEDGE].due_at
    office.sweep(due_at + SECOND)
    assert office.clocks(reference)[Promise.ACKNOWLEDGE].next_at == due_at + 4 * A_DAY
    office.change_calendar(due_at + A_DAY, days_off=("2026-11-30", "2026-12-01"))
    office.sweep(due_at + 4 * A_DAY + SECOND)
    assert office.clocks(reference)[Promise.ACKNOWLEDGE].next_at == due_at + 6 * A_DAY
    office.change_calendar(due_at + 4 * A_DAY, days_off=("2026-11-30",))
    assert office.clocks(reference)[Promise.ACKNOWLEDGE].next_at == due_at + 5 * A_DAY


def test_an_extension_approved_during_a_pause_gives_the_day_that_was_asked_for(
    office: Office,
) -> None:
    reference = office.file(START, "No pay", category=Category.WAGES)
    office.walk(reference, START, Action.ACKNOWLEDGE, Action.INVESTIGATE, Action.ASK)
    row = office.ask_extension(reference, Promise.INVESTIGATE, date(2026, 12, 23), START)
    office.pause(reference, START + A_DAY)  # up to two weeks
    office.decide(reference, row, START + A_DAY)
    office.add(reference, START + 2 * A_DAY, "Here it is.")
    clock = office.clocks(reference)[Promise.INVESTIGATE]
    assert clock.due_at == datetime(2026, 12, 23, 10, tzinfo=UTC)


def test_a_second_round_that_the_policy_did_not_promise_begins_when_it_does(
    office: Office,
) -> None:
    reference = office.file(START, "No pay", category=Category.WAGES)
    office.walk(reference, START, Action.ACKNOWLEDGE, Action.INVESTIGATE, Action.CONCLUDE)
    office.answer(reference, Action.DISPUTE, START + A_DAY)
    office.walk(reference, START + A_DAY, Action.INVESTIGATE, Action.CONCLUDE, by="boris")
    lines = policies.DEFAULT.lines
    without = {key: line for key, line in lines.items() if key[0] is not Promise.APPEAL}
    office.new_policy(START + A_DAY, lines=without)
    office.answer(reference, Action.DISPUTE, START + 2 * A_DAY)
    assert len(office.rounds(reference, Promise.APPEAL)) == 1
    office.new_policy(START + 3 * A_DAY, lines=lines)
    first, second = office.rounds(reference, Promise.APPEAL)
    assert first.met_at == START + A_DAY
    assert (second.started_at, second.met_at) == (START + 2 * A_DAY, None)


def test_what_becomes_overdue_because_the_case_is_worse_is_told_and_not_only_missed(
    office: Office,
) -> None:
    """The half of seven days is told; then it turns out that one day was all there was."""
    reference = office.file(START, "No pay", category=Category.OTHER)
    office.assign(reference, START, to="asha")
    office.sweep(START + 5 * A_DAY)
    office.triage(reference, START + 5 * A_DAY, Severity.CRITICAL)
    office.sweep(START + 5 * A_DAY)
    told = [
        (level, who) for promise, level, who in office.told(reference) if promise == "acknowledge"
    ]
    assert told[:1] == [("50%", "Asha")]
    assert {("100%", "Asha"), ("100%", "Boris"), ("+4 hours", "Boris"), ("+24 hours", "Chen")} <= {
        *told
    }

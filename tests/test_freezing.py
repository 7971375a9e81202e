"""Past quarters are counted when what came late is in, released in order, and never changed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from casework.db import Store
from casework.errors import BadInput
from casework.figures import snapshots
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.models import Brand, Case, Fact, Release, Snapshot
from casework.publication import freezing, frozen, releases, releasing
from casework.vocabulary import Inadmissible
from recourse import figure_jobs
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.frozen import FEW, count_few, freeze, hide_small, receive

Q1, Q2, Q3, Q4 = (Period.quarter(2026, number) for number in (1, 2, 3, 4))
Y26 = Period.year(2026)
FEBRUARY = datetime(2026, 2, 10, 9, tzinfo=UTC)
MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
KH = ((Dimension.COUNTRY, "KH"),)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    count_few(monkeypatch)


def made(store: Store) -> list[tuple[str, str, int]]:
    with store.reading() as session:
        rows = session.exec(select(Release).order_by(col(Release.id)))
        return [(one.audience, one.period, one.version) for one in rows]


def value(store: Store, audience: str, period: Period) -> float | None:
    """How many were received in Cambodia, as the audience reads it."""
    with store.reading() as session:
        release = releases.newest(session, audience, period)
        assert release
        found = {(one.measure, one.by): one.value for one in releases.figures(release)}
        return found[Measure.RECEIVED, KH]


def at(clock: Clock, *moment: int) -> Clock:
    clock.at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]
    return clock


def mark_as_spam(store: Store, rows: list[int]) -> None:
    with store.writing() as session:
        session.execute(
            sa.update(Case).where(col(Case.id).in_(rows)).values(inadmissible=Inadmissible.SPAM)
        )


def test_a_quarter_is_frozen_two_weeks_after_it_ended_and_not_a_moment_before(
    store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, FEBRUARY, 12)
    at(clock, 2026, 4, 14, 23, 59)
    assert freeze(store, clock).counted == 0
    clock.forward(minutes=1)
    freeze(store, clock)
    assert made(store) == [
        ("public", "2026-Q1", 1),
        ("AURORA", "2026-Q1", 1),
        ("BOREALIS", "2026-Q1", 1),
    ]
    assert value(store, "public", Q1) == value(store, "AURORA", Q1) == 12


def test_what_comes_late_is_in_and_what_is_of_the_next_quarter_is_not(
    store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, FEBRUARY, 12)
    receive(store, cast, datetime(2026, 3, 31, 23, 0, tzinfo=UTC), 60)
    receive(store, cast, datetime(2026, 4, 1, tzinfo=UTC), 30)
    freeze(store, at(clock, 2026, 4, 15))
    assert value(store, "public", Q1) == 72


def test_quarter_after_quarter_is_frozen_and_the_year_behind_its_fourth(
    store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, FEBRUARY, 12)
    at(clock, 2026, 4, 15)
    while clock.at < datetime(2027, 2, 1, tzinfo=UTC):
        freeze(store, clock)
        clock.forward(days=7)
    of_all = [period for audience, period, _ in made(store) if audience == "public"]
    assert of_all == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026"]
    assert len(made(store)) == 15
    with store.reading() as session:
        assert releases.periods(session, "public") == [Y26, Q4, Q3, Q2, Q1]
        assert releases.periods(session, "NOBODY") == []


def test_a_new_installation_makes_all_past_quarters_in_order(
    store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, datetime(2024, 8, 1, tzinfo=UTC), 15)
    receive(store, cast, MAY, 20)
    freeze(store, at(clock, 2026, 8, 1))
    periods = list(dict.fromkeys(period for _, period, _ in made(store)))
    assert periods == [
        *("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024"),
        *("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025", "2026-Q1", "2026-Q2"),
    ]
    assert value(store, "public", Period.year(2024)) == 15
    assert [one[0] for one in made(store)] == ["public", "AURORA", "BOREALIS"] * 12
    assert freeze(store, clock) == figure_jobs.Done()


def test_without_a_case_or_a_factory_there_is_nothing_to_freeze(store: Store, clock: Clock) -> None:
    assert freeze(store, at(clock, 2030, 1, 1)) == figure_jobs.Done()
    with store.reading() as session:
        assert frozen.lines(session) == []


def test_a_brand_that_comes_later_gets_its_past_quarters_too(
    store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, FEBRUARY, 12)
    with store.writing() as session:
        session.get_one(Brand, cast.borealis.id).active = False
    freeze(store, at(clock, 2026, 8, 1))
    assert not any(audience == "BOREALIS" for audience, _, _ in made(store))
    with store.writing() as session:
        session.get_one(Brand, cast.borealis.id).active = True
    freeze(store, clock)
    assert [one for one in made(store) if one[0] == "BOREALIS"] == [
        ("BOREALIS", "2026-Q1", 1),
        ("BOREALIS", "2026-Q2", 1),
    ]


def test_what_is_hidden_is_not_in_the_row_at_all(store: Store, cast: Cast, clock: Clock) -> None:
    receive(store, cast, FEBRUARY, 7)
    freeze(store, at(clock, 2026, 4, 15))
    with store.reading() as session:
        public = releases.newest(session, "public", Q1)
        assert public
        assert public.threshold == 10
        assert all(row["value"] is None for row in public.figures)
        assert "7" not in str(releases.outside(public)["figures"])
    assert value(store, "AURORA", Q1) == 7


def test_practice_is_never_counted_but_where_everything_is_practice(
    store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, FEBRUARY, 12)
    receive(store, cast, FEBRUARY, 30, practice=True)
    freeze(store, at(clock, 2026, 4, 15))
    assert value(store, "public", Q1) == 12
    with store.writing() as session:
        session.add(Fact(name="mode", value=b"practice"))
    freeze(store, at(clock, 2026, 8, 1))
    with store.reading() as session:
        counted = snapshots.newest(session, "public", Q1)
        assert counted
        assert snapshots.sheet(counted).counts[Measure.RECEIVED, KH] == 30


def test_the_figures_do_not_change_when_a_case_does_before_they_are_counted_again(
    store: Store, cast: Cast, clock: Clock
) -> None:
    rows = receive(store, cast, FEBRUARY, 40)
    freeze(store, at(clock, 2026, 4, 15))
    mark_as_spam(store, rows[:15])
    clock.forward(days=29)
    assert freeze(store, clock) == figure_jobs.Done()
    assert value(store, "public", Q1) == 40


def test_a_month_later_a_large_correction_appears_as_a_second_version(
    store: Store, cast: Cast, clock: Clock
) -> None:
    rows = receive(store, cast, FEBRUARY, 40)
    freeze(store, at(clock, 2026, 4, 15))
    mark_as_spam(store, rows[:15])
    clock.forward(days=30)
    freeze(store, clock)
    assert value(store, "public", Q1) == value(store, "AURORA", Q1) == 25
    with store.reading() as session:
        newest, first = releases.versions(session, "public", Q1)
        assert (newest.version, newest.made_at) == (2, clock.at)
        assert first.version == 1
        assert {row["value"] for row in first.figures if row["measure"] == "received"} == {40}
        assert newest.pending_since is first.pending_since is None
        counted = snapshots.newest(session, "public", Q1)
        assert counted
        assert {"measure": "received", "by": {"country": "KH"}, "before": 40, "after": 25} in (
            counted.changes
        )
        # Nobody else's figures changed.
        assert len(releases.versions(session, "BOREALIS", Q1)) == 1


def test_a_correction_too_small_to_be_shown_is_said_to_be_there(
    store: Store, cast: Cast, clock: Clock
) -> None:
    rows = receive(store, cast, FEBRUARY, 40)
    freeze(store, at(clock, 2026, 4, 15))
    mark_as_spam(store, rows[:7])
    clock.forward(days=30)
    freeze(store, clock)
    known = clock.at
    assert value(store, "public", Q1) == 40
    assert value(store, "AURORA", Q1) == 33  # a brand is hidden less than 5, not less than 10
    with store.reading() as session:
        (public,) = releases.versions(session, "public", Q1)
        assert public.pending_since == known
        assert public.digest == releases.digest(public)
        counted = snapshots.newest(session, "public", Q1)
        assert counted
        assert counted.version == 2
    # Together with what is found later it is large enough.
    mark_as_spam(store, rows[7:12])
    clock.forward(days=30)
    freeze(store, clock)
    assert value(store, "public", Q1) == 28
    with store.reading() as session:
        newest = releases.newest(session, "public", Q1)
        assert newest
        assert (newest.version, newest.pending_since) == (2, None)


def test_a_correction_that_is_taken_back_is_pending_no_longer(
    store: Store, cast: Cast, clock: Clock
) -> None:
    rows = receive(store, cast, FEBRUARY, 40)
    freeze(store, at(clock, 2026, 4, 15))
    mark_as_spam(store, rows[:3])
    freeze(store, at(clock, 2026, 5, 16))
    with store.writing() as session:
        session.execute(sa.update(Case).values(inadmissible=None))
    freeze(store, at(clock, 2026, 6, 20))
    with store.reading() as session:
        (public,) = releases.versions(session, "public", Q1)
        assert public.pending_since is None
        assert len(snapshots.versions(session, "public", Q1)) == 3


def test_a_year_never_tells_what_its_quarters_keep_back(
    store: Store, cast: Cast, clock: Clock
) -> None:
    rows = receive(store, cast, FEBRUARY, 40)
    for month in (5, 8, 11):
        receive(store, cast, datetime(2026, month, 4, tzinfo=UTC), 30)
    freeze(store, at(clock, 2027, 1, 14))
    mark_as_spam(store, rows[:4])
    freeze(store, at(clock, 2027, 1, 15))
    assert value(store, "public", Q1) == 40
    assert value(store, "public", Y26) == 130
    with store.reading() as session:
        year = releases.newest(session, "public", Y26)
        assert year
        assert year.pending_since
        counted = snapshots.newest(session, "public", Y26)
        assert counted
        assert snapshots.sheet(counted).counts[Measure.RECEIVED, KH] == 126
        assert releasing.past(session, year).sheet.counts[Measure.RECEIVED, KH] == 130


def test_a_correction_of_a_year_goes_out_whole_or_not_at_all(
    store: Store, cast: Cast, clock: Clock
) -> None:
    spring = receive(store, cast, FEBRUARY, 40)
    summer = receive(store, cast, MAY, 40)
    freeze(store, at(clock, 2027, 2, 1))
    mark_as_spam(store, [*spring[:20], *summer[:3]])
    freeze(store, at(clock, 2027, 3, 15))
    assert [value(store, "public", one) for one in (Q1, Q2, Y26)] == [40, 40, 80]
    mark_as_spam(store, summer[:10])
    freeze(store, at(clock, 2027, 4, 20))
    assert [value(store, "public", one) for one in (Q1, Q2, Y26)] == [20, 30, 50]
    with store.reading() as session:
        assert [len(releases.versions(session, "public", one)) for one in (Q1, Q2, Q3, Y26)] == [
            *(2, 2, 1, 2)
        ]


def test_whoever_asks_for_a_period_gets_it_counted_at_once(
    store: Store, cast: Cast, clock: Clock
) -> None:
    rows = receive(store, cast, FEBRUARY, 40)
    freeze(store, at(clock, 2026, 4, 15))
    mark_as_spam(store, rows[:15])
    with store.writing() as session:
        freezing.ask(session, Q1, cast.boris.id, clock.forward(days=1))
    with store.reading() as session:
        assert all(line.asked for line in frozen.lines(session))
    freeze(store, clock)
    with store.reading() as session:
        newest = snapshots.newest(session, "public", Q1)
        assert newest
        assert (newest.version, newest.staff_id, newest.asked_by) == (2, cast.boris.id, None)
        assert not any(line.asked for line in frozen.lines(session))


def test_what_was_never_frozen_cannot_be_counted_again(
    store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, FEBRUARY, 40)
    with store.writing() as session, pytest.raises(BadInput, match="no frozen figures of 2026-Q2"):
        freezing.ask(session, Q2, None, clock.at)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-01-01..2026-02-03", "Only quarters and years are frozen"),
        ("2026-Q4", "2026-Q4 is frozen from 2027-01-15 on"),
        ("2026", "2026 is frozen from 2027-01-15 on"),
        ("2019-Q1", "before the first case"),
    ],
)
def test_a_period_that_cannot_be_frozen_is_refused_with_the_reason(
    store: Store, cast: Cast, clock: Clock, text: str, said: str
) -> None:
    receive(store, cast, FEBRUARY)
    with store.reading() as session, pytest.raises(BadInput, match=said):
        frozen.check(session, Period.read(text), at(clock, 2026, 11, 20).at)


def test_cut_off_between_counting_and_writing_nothing_is_there_and_it_is_done_again(
    store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, FEBRUARY, 12)
    at(clock, 2026, 4, 15)
    with store.reading() as session:
        count = freezing.due(session, clock.at)
        assert count
        sheets = freezing.look(session, count)

    def write() -> None:
        with store.writing() as session:
            freezing.keep(session, count, sheets, clock.at)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    with store.reading() as session:
        assert session.exec(select(Snapshot)).all() == []
    freeze(store, clock)
    assert len(made(store)) == 3


def test_two_who_count_and_release_the_same_write_it_once(
    any_store: Store, any_cast: Cast, clock: Clock
) -> None:
    store = any_store
    receive(store, any_cast, FEBRUARY, 12)
    at(clock, 2026, 4, 15)
    with store.reading() as session:
        first, second = freezing.due(session, clock.at), freezing.due(session, clock.at)
        assert first
        assert second
        sheets = freezing.look(session, first)
    for count in (first, second):
        with store.writing() as session:
            freezing.keep(session, count, sheets, clock.at)
    with store.reading() as session:
        assert len(session.exec(select(Snapshot)).all()) == 3
        question = releasing.due(session)
    assert question
    answer = releasing.answer(question, hide_small)
    for _ in range(2):
        with store.writing() as session:
            releasing.keep(session, question, answer, clock.at)
    assert made(store) == [("public", "2026-Q1", 1)]


@pytest.mark.postgres
def test_two_who_write_the_same_at_once_are_told_apart_by_the_database(
    postgres_store: Store, now: datetime
) -> None:
    store = postgres_store
    receive(store, Cast(store, now), FEBRUARY, 12)
    clock = Clock(datetime(2026, 4, 15, tzinfo=UTC))
    with store.reading() as session:
        count = freezing.due(session, clock.at)
        assert count
        sheets = freezing.look(session, count)
    both = threading.Barrier(2)

    def write() -> str:
        try:
            with store.writing() as session:
                # Both have looked, and found nothing, before either of them writes.
                session.exec(select(Snapshot)).all()
                both.wait(20)
                freezing.keep(session, count, sheets, clock.at)
        except sa.exc.IntegrityError:
            return "refused"
        return "written"

    with ThreadPoolExecutor(2) as pool:
        said = [one.result() for one in (pool.submit(write), pool.submit(write))]
    with store.reading() as session:
        assert len(session.exec(select(Snapshot)).all()) == 3
    assert "written" in said


def test_a_period_is_counted_by_the_tables_it_was_frozen_with(
    store: Store, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(store, cast, FEBRUARY, 40)
    freeze(store, at(clock, 2026, 4, 15))
    monkeypatch.setattr(freezing, "tables_of", lambda _: FEW[:2])
    freeze(store, at(clock, 2026, 6, 1))
    with store.reading() as session:
        assert len(snapshots.versions(session, "public", Q1)) == 1
    receive(store, cast, MAY, 5)
    freeze(store, at(clock, 2026, 8, 1))
    with store.reading() as session:
        newest = snapshots.newest(session, "public", Q2)
        assert newest
        assert snapshots.tables(newest) == FEW[:2]


def test_digests_prove_every_version_and_differ(store: Store, cast: Cast, clock: Clock) -> None:
    rows = receive(store, cast, FEBRUARY, 40)
    freeze(store, at(clock, 2026, 4, 15))
    mark_as_spam(store, rows[:15])
    freeze(store, at(clock, 2026, 6, 1))
    with store.reading() as session:
        released = session.exec(select(Release)).all()
        counted = session.exec(select(Snapshot)).all()
    assert all(one.digest == releases.digest(one) for one in released)
    assert all(one.digest == snapshots.digest(one) for one in counted)
    assert len({one.digest for one in released}) == len(released)
    one = released[0]
    one.figures = [{**one.figures[0], "value": 41}, *one.figures[1:]]
    assert one.digest != releases.digest(one)


def test_the_next_quarter_and_its_day_are_known(clock: Clock) -> None:
    fifteenth = datetime(2027, 1, 15, tzinfo=UTC)
    assert freezing.next_at(clock.at) == (Q4, fifteenth)
    assert freezing.next_at(fifteenth - timedelta(seconds=1)) == (Q4, fifteenth)
    assert freezing.next_at(fifteenth)[0] == Period.quarter(2027, 1)

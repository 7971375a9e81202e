"""Row ids: unique, ordered by time, and small enough for a column of 63 bits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from casework.ids import new_id

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2089, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 hypothesis adds the zone


@given(MOMENTS, st.integers(1, 10**9))
def test_a_later_millisecond_has_a_larger_id(moment: datetime, milliseconds: int) -> None:
    earlier = new_id(moment)
    assert earlier < new_id(moment + timedelta(milliseconds=milliseconds))


@given(MOMENTS)
def test_ids_fit_into_63_bits(moment: datetime) -> None:
    assert 0 <= new_id(moment) < 2**63


def test_the_zone_of_a_moment_does_not_matter(now: datetime) -> None:
    there = now.astimezone(timezone(timedelta(hours=9)))
    assert new_id(now) >> 22 == new_id(there) >> 22


def test_a_moment_before_the_count_begins_still_gets_an_id() -> None:
    assert new_id(datetime(1999, 1, 1, tzinfo=UTC)) >= 0


def test_threads_never_get_the_same_id(now: datetime) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: [new_id(now) for _ in range(5000)], range(4)))
    assert len({row for rows in found for row in rows}) == 20_000

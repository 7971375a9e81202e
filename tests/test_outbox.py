"""The outbox: what is promised is said in order, once where possible, and never forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from casework.db import Store
from casework.ids import new_id
from casework.messaging import outbox
from casework.messaging.outbox import LEASE
from casework.models import Outbox, Reporter
from casework.vocabulary import Channel, Notice
from tests.conftest import Cast


def _tell(store: Store, reporter_id: int, now: datetime, notice: Notice = Notice.REPLY) -> int:
    with store.writing() as session:
        return outbox.tell(session, reporter_id, notice, now=now).id


def _claim(store: Store, now: datetime, limit: int = 50) -> list[int]:
    with store.writing() as session:
        return [entry.id for entry in outbox.claim(session, now, limit)]


def _workers(store: Store, now: datetime, number: int) -> list[int]:
    rows = [new_id(now) for _ in range(number)]
    with store.writing() as session:
        session.add_all(
            Reporter(
                id=row,
                channel=Channel.WEB,
                address_index=session.vault.index("address.web", str(row)),
                address_sealed=b"",
                created_at=now,
            )
            for row in rows
        )
    return rows


def _get(store: Store, row: int) -> Outbox:
    with store.reading() as session:
        return session.get_one(Outbox, row)


def test_what_is_claimed_is_not_claimed_again_while_its_lease_lasts(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    row = _tell(any_store, any_cast.htwe.id, now)
    assert _claim(any_store, now) == [row]
    assert _claim(any_store, now + LEASE) == []


def test_a_lease_that_ran_out_is_free_again(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    row = _tell(any_store, any_cast.htwe.id, now)
    _claim(any_store, now)
    assert _claim(any_store, now + LEASE + timedelta(seconds=1)) == [row]


def test_a_worker_hears_one_thing_after_the_other(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    rows = [_tell(any_store, any_cast.htwe.id, now + timedelta(seconds=n)) for n in range(3)]
    later = now + timedelta(minutes=1)
    for row in rows:
        assert _claim(any_store, later) == [row]
        assert _claim(any_store, later) == []
        with any_store.writing() as session:
            outbox.sent(session.get_one(Outbox, row), later)
    assert _claim(any_store, later) == []
    assert _get(any_store, rows[0]).sent_at == later


def test_nothing_overtakes_what_waits_and_other_workers_do_not_wait_for_it(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    (thida,) = _workers(any_store, now, 1)
    first = _tell(any_store, any_cast.htwe.id, now)
    second = _tell(any_store, any_cast.htwe.id, now)
    hers = _tell(any_store, thida, now)
    tomorrow = now + timedelta(hours=20)
    with any_store.writing() as session:
        outbox.postpone(session.get_one(Outbox, first), tomorrow)
    assert _claim(any_store, now) == [hers]
    assert _claim(any_store, tomorrow - timedelta(seconds=1)) == [hers]
    assert _claim(any_store, tomorrow) == [first]
    with any_store.writing() as session:
        outbox.give_up(session.get_one(Outbox, first), now, "unreachable")
    assert second in _claim(any_store, tomorrow + timedelta(hours=1))


def test_the_oldest_are_claimed_first_and_no_more_than_asked_for(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    rows = [_tell(any_store, worker, now) for worker in _workers(any_store, now, 5)]
    assert _claim(any_store, now, limit=2) == rows[:2]
    assert _claim(any_store, now, limit=2) == rows[2:4]
    assert _claim(any_store, now, limit=2) == rows[4:]


def test_a_postponed_notice_counts_no_try(store: Store, cast: Cast, now: datetime) -> None:
    row = _tell(store, cast.htwe.id, now)
    _claim(store, now)
    with store.writing() as session:
        outbox.postpone(session.get_one(Outbox, row), now + timedelta(hours=8))
    entry = _get(store, row)
    assert (entry.attempts, entry.leased_until) == (0, None)


def test_a_failed_try_is_followed_by_a_longer_and_longer_wait_and_in_the_end_none(
    store: Store, cast: Cast, now: datetime
) -> None:
    row = _tell(store, cast.htwe.id, now)
    waits, moment = [], now
    while True:
        assert _claim(store, moment) == [row]
        with store.writing() as session:
            entry = session.get_one(Outbox, row)
            outbox.retry(entry, moment)
            if entry.failed_at:
                break
            waits.append((entry.not_before - moment).total_seconds())
            assert entry.leased_until is None
            moment = entry.not_before
    assert waits[:5] == [5, 30, 120, 600, 3600]
    assert set(waits[5:]) == {3600}
    assert timedelta(days=2) < moment - now < timedelta(days=3)
    entry = _get(store, row)
    assert (entry.reason, entry.sent_at, entry.leased_until) == ("no-answer", None, None)
    assert _claim(store, moment + timedelta(days=1)) == []


def test_what_was_given_up_lets_the_next_notice_through(
    store: Store, cast: Cast, now: datetime
) -> None:
    first, second = (_tell(store, cast.htwe.id, now) for _ in range(2))
    with store.writing() as session:
        outbox.give_up(session.get_one(Outbox, first), now, "unreachable")
    assert _claim(store, now) == [second]
    assert _get(store, first).reason == "unreachable"


def test_a_look_says_whether_anything_waits(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    def waiting(moment: datetime) -> bool:
        with any_store.reading() as session:
            return outbox.any_waiting(session, moment)

    assert not waiting(now)
    row = _tell(any_store, any_cast.htwe.id, now)
    assert waiting(now)
    assert not waiting(now - timedelta(seconds=1))
    with any_store.writing() as session:
        outbox.sent(session.get_one(Outbox, row), now)
    assert not waiting(now)


def test_two_deliveries_at_once_never_claim_the_same(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    workers = _workers(any_store, now, 60)
    rows = [_tell(any_store, worker, now) for worker in workers for _ in range(2)]
    together = threading.Barrier(2)

    def deliver() -> list[int]:
        together.wait()
        claimed: list[int] = []
        while mine := _claim(any_store, now, limit=7):
            claimed += mine
            with any_store.writing() as session:
                for entry in session.exec(select(Outbox).where(col(Outbox.id).in_(mine))):
                    outbox.sent(entry, now)
        return claimed

    with ThreadPoolExecutor(2) as pool:
        one, other = (job.result() for job in [pool.submit(deliver), pool.submit(deliver)])
    one_more = deliver_rest(any_store, now)  # what one saw locked by the other when it stopped
    assert sorted([*one, *other, *one_more]) == sorted(rows)
    with any_store.reading() as session:
        for worker in workers:
            hers = select(Outbox).where(Outbox.reporter_id == worker).order_by(col(Outbox.id))
            assert all(entry.sent_at == now for entry in session.exec(hers))


def deliver_rest(store: Store, now: datetime) -> list[int]:
    claimed: list[int] = []
    while mine := _claim(store, now):
        claimed += mine
        with store.writing() as session:
            for row in mine:
                outbox.sent(session.get_one(Outbox, row), now)
    return claimed


@pytest.mark.postgres
def test_a_delivery_passes_by_what_another_one_is_just_claiming(
    postgres_store: Store, now: datetime
) -> None:
    cast = Cast(postgres_store, now)
    (thida,) = _workers(postgres_store, now, 1)
    mine, hers = _tell(postgres_store, cast.htwe.id, now), _tell(postgres_store, thida, now)
    with postgres_store.writing() as session:
        assert [entry.id for entry in outbox.claim(session, now, limit=1)] == [mine]
        assert _claim(postgres_store, now) == [hers]

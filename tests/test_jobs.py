"""The jobs of a process: run while it is its turn, whatever fails, and ended before it stops."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import select

from bot.posted import Posted
from casework.db import Store
from casework.models import Lease
from recourse.jobs import Job, Jobs, all_jobs
from recourse.turn import Turn
from recourse.wallclock import wall_clock
from tests.door import HOUSE

AN_HOUR = 3600
SOON = 30.0
"""Seconds until a test gives up."""


async def soon(happened: asyncio.Event) -> None:
    await asyncio.wait_for(happened.wait(), SOON)


def job(run: Callable[[], Awaitable[object]], seconds: int = AN_HOUR, name: str = "job") -> Job:
    return Job(name, seconds, run)


def setting(event: asyncio.Event) -> Callable[[], Awaitable[object]]:
    async def run() -> None:
        event.set()

    return run


def test_the_jobs_begin_at_once_whatever_their_rhythm(any_store: Store) -> None:
    async def look() -> None:
        once_an_hour = asyncio.Event()
        jobs = Jobs([job(setting(once_an_hour))], Turn(any_store, wall_clock))
        jobs.start()
        await soon(once_an_hour)
        await jobs.stop()

    asyncio.run(look())


def test_a_job_that_fails_is_tried_again_and_holds_up_no_other(
    any_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def look() -> None:
        again, other, times = asyncio.Event(), asyncio.Event(), []

        async def fail() -> None:
            times.append(1)
            if len(times) > 1:
                again.set()
            raise ValueError("what somebody wrote")

        jobs = Jobs(
            [job(fail, 1, "failing"), job(setting(other), name="other")],
            Turn(any_store, wall_clock),
        )
        jobs.start()
        await soon(other)
        await soon(again)
        await jobs.stop()

    asyncio.run(look())
    assert "A job failed (failing: ValueError)." in caplog.text
    assert "somebody wrote" not in caplog.text


class Watched(Turn):
    """A turn that says what it is asked and told."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, wall_clock)
        self.asked = asyncio.Event()
        self.ended = asyncio.Event()
        self.times = 0
        self.order: list[str] = []

    def mine(self) -> bool:
        self.times += 1
        if self.times > 5:
            self.asked.set()
        return super().mine()

    def end(self) -> None:
        super().end()
        self.ended.set()

    def give_back(self) -> None:
        self.order.append("given back")
        super().give_back()


@pytest.mark.slow
@pytest.mark.postgres
def test_where_another_process_has_the_turn_nothing_is_run_until_it_stops(
    postgres_store: Store,
) -> None:
    async def look() -> None:
        mine, others = asyncio.Event(), asyncio.Event()
        first = Jobs([job(setting(mine))], Turn(postgres_store, wall_clock))
        first.start()
        await soon(mine)
        turn = Watched(postgres_store)
        second = Jobs([job(setting(others), 1)], turn)
        second.start()
        await soon(turn.asked)
        assert not others.is_set()
        await first.stop()
        await soon(others)
        await second.stop()

    asyncio.run(look())
    with postgres_store.reading() as session:
        assert session.exec(select(Lease)).all() == []


def test_what_has_begun_is_ended_before_the_turn_is_given_to_another(any_store: Store) -> None:
    async def look() -> list[str]:
        turn, began = Watched(any_store), asyncio.Event()

        async def slow() -> None:
            began.set()
            await turn.ended.wait()
            turn.order.append("ended")

        jobs = Jobs([job(slow)], turn)
        jobs.start()
        await soon(began)
        await jobs.stop()
        assert not turn.mine()
        return turn.order

    assert asyncio.run(look()) == ["ended", "given back"]


def test_every_job_of_the_service_is_in_the_table(store: Store) -> None:
    turn = Turn(store, wall_clock)
    named = {one.name for one in all_jobs(store, None, HOUSE, Posted(), turn)}
    assert {"deliver", "sweep", "tidy"} <= named

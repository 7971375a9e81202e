"""The jobs: a few short ones that look for what is due; due times stand in our tables.

Each may be missed, doubled or cut off without harm: what it finds is decided by the database. Of
several processes one runs them (``recourse.turn``).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Bot

from bot import forgetting
from bot.delivery import Delivery
from bot.doors import House
from bot.fetching import Fetching
from bot.posted import Posted, prune
from casework.db import Store
from casework.office import notices
from casework.searching import refilling
from casework.taking_in import uploads
from recourse import evidence_jobs, figure_jobs, rounds
from recourse.turn import LOOK_EVERY, Turn
from recourse.wallclock import wall_clock

log = logging.getLogger(__name__)

Mail = Callable[[], object]
"""Mails the office what waits; see ``recourse.mailing``."""
_STOPPING = 5.0
"""Seconds that what has begun may take to end when the process stops."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done every so many seconds."""

    name: str
    seconds: int
    run: Callable[[], Awaitable[object]]


def all_jobs(
    store: Store,
    bot: Bot | None,
    house: House,
    posted: Posted,
    turn: Turn,
    mail: Mail | None = None,
    keep_years: int | None = None,
) -> list[Job]:
    """What is to be done by itself. Without a bot, the web chat's only; without ``mail`` the office
    is mailed nothing; without ``keep_years`` what was said is kept for ever."""
    jobs = [
        Job("deliver", 1, Delivery(store, bot, house, wall_clock, posted).run_once),
        Job("sweep", 30, lambda: asyncio.to_thread(rounds.run_due, store, wall_clock, turn.mine)),
        Job("refill", 300, lambda: asyncio.to_thread(_refill, store)),
        Job("tidy", 3600, lambda: asyncio.to_thread(_tidy, store, keep_years)),
        Job(
            "figures", 60, lambda: asyncio.to_thread(figure_jobs.run, store, wall_clock, turn.mine)
        ),
        Job("verify", 10, lambda: asyncio.to_thread(evidence_jobs.verify, store, wall_clock)),
    ]
    if bot:
        jobs.append(Job("fetch", 2, Fetching(store, bot, wall_clock).run_once))
    if mail:
        jobs.append(Job("mail", 5, lambda: asyncio.to_thread(mail)))
    return jobs


def _refill(store: Store) -> None:
    done = 1
    while done:
        with store.writing() as session:
            done = refilling.refill(session)


def _tidy(store: Store, keep_years: int | None) -> None:
    # First, so that what is deleted below was anchored as it was.
    evidence_jobs.anchor(store, wall_clock)
    evidence_jobs.begin_if_due(store, wall_clock)
    if keep_years is not None:
        evidence_jobs.expire(store, wall_clock, keep_years)
    forgetting.forget_drafts(store, wall_clock())
    forgetting.remind(store, wall_clock())
    forgetting.prune_seen(store, wall_clock())
    prune(store, wall_clock())
    with store.writing() as session:
        notices.tidy(session, wall_clock())
        uploads.tidy(session, wall_clock())
    store.scrub()


def start_jobs(
    store: Store,
    bot: Bot | None,
    house: House,
    posted: Posted,
    mail: Mail | None = None,
    keep_years: int | None = None,
) -> "Jobs":
    """Run the jobs in the running event loop, whenever it is this process's turn."""
    turn = Turn(store, wall_clock)
    jobs = Jobs(all_jobs(store, bot, house, posted, turn, mail, keep_years), turn)
    jobs.start()
    return jobs


class Jobs:
    """The jobs of this process, run in its event loop while it is its turn."""

    def __init__(self, jobs: Sequence[Job], turn: Turn) -> None:
        """``turn`` decides; the jobs are begun by ``start``."""
        self._turn = turn
        self._running: set[asyncio.Task[None]] = set()
        # What is late is done as soon as it can be, once.
        defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._add("turn", LOOK_EVERY, self._look)
        for job in jobs:
            self._add(job.name, job.seconds, partial(self._run, job))

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing any more, let end what ends soon, and give the turn to another process."""
        self._turn.end()
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=_STOPPING)
        await self._guarded("turn", lambda: asyncio.to_thread(self._turn.give_back))

    def _add(self, name: str, seconds: int, run: Callable[[], Awaitable[object]]) -> None:
        async def tracked() -> None:
            task = asyncio.current_task()
            assert task
            self._running.add(task)
            try:
                await run()
            finally:
                self._running.discard(task)

        self._scheduler.add_job(
            tracked, "interval", seconds=seconds, id=name, next_run_time=wall_clock()
        )

    async def _look(self) -> None:
        had = self._turn.mine()
        await self._guarded("turn", lambda: asyncio.to_thread(self._turn.look))
        if self._turn.mine() and not had:
            log.info("This process runs the jobs now.")
            # Also what would come in an hour only: nobody knows when it was done last.
            for job in self._scheduler.get_jobs():
                if job.id != "turn":
                    job.modify(next_run_time=wall_clock())

    async def _run(self, job: Job) -> None:
        if self._turn.mine():
            await self._guarded(job.name, job.run)

    async def _guarded(self, name: str, run: Callable[[], Awaitable[object]]) -> None:
        try:
            await run()
        except Exception as error:  # noqa: BLE001 -- the edge: the next run tries again
            # Never the error's text: it may quote what somebody wrote.
            log.error("A job failed (%s: %s).", name, type(error).__name__)  # noqa: TRY400

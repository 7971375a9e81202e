"""The jobs: a few short ones that look for what is due; due times stand in our tables.

Each may be missed, doubled or cut off without harm: what it finds is decided by the database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Bot

from bot import forgetting
from bot.delivery import Delivery
from bot.doors import House
from bot.fetching import Fetching
from bot.posted import Posted, prune
from casework import checkins, notices, progress, sweeping
from casework.db import Store
from recourse.wallclock import wall_clock

log = logging.getLogger(__name__)


def start_jobs(
    store: Store,
    bot: Bot | None,
    house: House,
    posted: Posted,
    mail: Callable[[], object] | None = None,
) -> None:
    """Run the jobs in the running event loop, until it ends. Without a bot, the web chat's only;
    without ``mail`` the office is mailed nothing."""
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True})
    _every(scheduler, 1, Delivery(store, bot, house, wall_clock, posted).run_once)
    if bot:
        _every(scheduler, 2, Fetching(store, bot, wall_clock).run_once)
    if mail:
        _every(scheduler, 5, lambda: asyncio.to_thread(mail))
    _every(scheduler, 30, lambda: asyncio.to_thread(_sweep, store))
    _every(scheduler, 3600, lambda: asyncio.to_thread(_tidy, store))
    scheduler.start()


def _sweep(store: Store) -> None:
    for anything_due, work in (
        (sweeping.anything_due, sweeping.sweep),
        (progress.anything_due, progress.tell_due),
        (checkins.anything_due, checkins.ask_due),
    ):
        with store.reading() as session:
            found = anything_due(session, wall_clock())
        while found:
            with store.writing() as session:
                found = work(session, wall_clock()) > 0


def _tidy(store: Store) -> None:
    forgetting.forget_drafts(store, wall_clock())
    forgetting.remind(store, wall_clock())
    forgetting.prune_seen(store, wall_clock())
    prune(store, wall_clock())
    with store.writing() as session:
        notices.tidy(session, wall_clock())
    store.scrub()


def _every(scheduler: AsyncIOScheduler, seconds: int, job: Callable[[], Awaitable[object]]) -> None:
    async def run() -> None:
        try:
            await job()
        except Exception as error:  # noqa: BLE001 -- the edge: the next run tries again
            # Never the error's text: it may quote what somebody wrote.
            log.error("A job failed (%s); it runs again.", type(error).__name__)  # noqa: TRY400

    scheduler.add_job(run, "interval", seconds=seconds, next_run_time=wall_clock(), max_instances=1)

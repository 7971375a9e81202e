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
from casework import checkins, progress, refilling, sweeping
from casework.db import Store
from recourse.wallclock import wall_clock

log = logging.getLogger(__name__)

_SWEEP = 200
"""Promises marked as missed, or check-ins asked, in one transaction: short ones let others through."""


def start_jobs(store: Store, bot: Bot | None, house: House, posted: Posted) -> None:
    """Run the jobs in the running event loop, until it ends. Without a bot, the web chat's only."""
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True})
    _every(scheduler, 1, Delivery(store, bot, house, wall_clock, posted).run_once)
    if bot:
        _every(scheduler, 2, Fetching(store, bot, wall_clock).run_once)
    _every(scheduler, 30, lambda: asyncio.to_thread(_sweep, store))
    _every(scheduler, 300, lambda: asyncio.to_thread(_refill, store))
    _every(scheduler, 3600, lambda: asyncio.to_thread(_tidy, store))
    scheduler.start()


def _sweep(store: Store) -> None:
    found = _SWEEP
    while found == _SWEEP:
        with store.writing() as session:
            found = sweeping.sweep(session, wall_clock(), _SWEEP)
    found = _SWEEP
    while found == _SWEEP:
        with store.writing() as session:
            found = progress.tell_due(session, wall_clock(), _SWEEP)
    found = _SWEEP
    while found == _SWEEP:
        with store.writing() as session:
            found = checkins.ask_due(session, wall_clock(), _SWEEP)


def _refill(store: Store) -> None:
    done = 1
    while done:
        with store.writing() as session:
            done = refilling.refill(session)


def _tidy(store: Store) -> None:
    forgetting.forget_drafts(store, wall_clock())
    forgetting.remind(store, wall_clock())
    forgetting.prune_seen(store, wall_clock())
    prune(store, wall_clock())
    store.scrub()


def _every(scheduler: AsyncIOScheduler, seconds: int, job: Callable[[], Awaitable[object]]) -> None:
    async def run() -> None:
        try:
            await job()
        except Exception as error:  # noqa: BLE001 -- the edge: the next run tries again
            # Never the error's text: it may quote what somebody wrote.
            log.error("A job failed (%s); it runs again.", type(error).__name__)  # noqa: TRY400

    scheduler.add_job(run, "interval", seconds=seconds, next_run_time=wall_clock(), max_instances=1)

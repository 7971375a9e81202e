"""``figures``: freeze the figures of past periods by hand, and list what is frozen."""

import argparse
import sys
from typing import Any

from casework.config import Settings
from casework.figures.periods import Period
from casework.publication import freezing, frozen
from recourse import figure_jobs
from recourse.parsing import Commands, add_format, show
from recourse.setup import open_store
from recourse.wallclock import wall_clock


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    figures = commands.add_parser("figures", help="freeze the figures of past quarters and years")
    within = figures.add_subparsers(dest="figures", metavar="COMMAND", required=True)
    freeze = within.add_parser(
        "freeze",
        help="count and release what is due, or count a period again",
        description="Count every quarter that is over, and release to the public and to each brand"
        f" what they may see. `recourse jobs` does the same by itself, {freezing.LATE.days} days"
        " after a quarter has ended. Safe to run at any time: nothing is done twice.",
    )
    freeze.add_argument(
        "--period",
        metavar="PERIOD",
        help="count the year of this period again (2026-Q3, or 2026); what differs becomes a new"
        " version, and a revision where it may be shown",
    )
    freeze.set_defaults(run=_freeze)
    listed = within.add_parser(
        "list",
        help="list what is frozen and released",
        description="List every period that is frozen: for whom, in which version, made when, with"
        " the digest of what was released.",
    )
    listed.add_argument("--period", metavar="PERIOD", help="only this one, in all its versions")
    add_format(listed)
    listed.set_defaults(run=_list)


def _freeze(settings: Settings, options: argparse.Namespace) -> int:
    store, now = open_store(settings), wall_clock()
    if options.period:
        period = Period.read(options.period)
        with store.writing() as session:
            if frozen.check(session, period, now):
                freezing.ask(session, period, None, now)
    done = figure_jobs.run(store, wall_clock, told=lambda text: print(text, file=sys.stderr))
    if done.counted or done.released:
        print(f"New counts: {done.counted}. New releases: {done.released}.")
    else:
        print("Nothing is due, and nothing differs.")
    return 0


def _list(settings: Settings, options: argparse.Namespace) -> int:
    period = Period.read(options.period) if options.period else None
    with open_store(settings).reading() as session:
        found = frozen.lines(session, period)
    rows: list[dict[str, Any]] = []
    for line in found:
        shown = line.releases if period else line.releases[:1]
        rows += [
            {
                "period": str(line.period),
                "audience": line.audience,
                "version": one.version,
                "released": one.made_at.isoformat(timespec="seconds"),
                "pending": one.pending_since is not None,
                "counts": line.counts,
                "counted": line.checked_at.isoformat(timespec="seconds"),
                "digest": one.digest,
            }
            for one in shown
        ]
    show(rows, options.format)
    return 0

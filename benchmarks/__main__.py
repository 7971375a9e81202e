"""``python -m benchmarks [NAME…]``: measure, and say which targets were reached."""

import argparse
import os
import sys
from collections.abc import Callable

from benchmarks import conversation, figures, latency, start, sweep, tracker
from benchmarks.table import Table

BENCHES: dict[str, Callable[..., Table]] = {
    "conversation": conversation.at_once,
    "conversation-50ms": conversation.after_50_ms,
    "figures": figures.measure,
    "latency": latency.measure,
    "start": start.measure,
    "sweep": sweep.measure,
    "tracker": tracker.measure,
}
"""Each is called with ``quick``: a look in seconds instead of a figure to quote."""


def main() -> int:
    """Run the benches that were asked for; 1 where a target was missed."""
    parser = argparse.ArgumentParser(
        prog="./run bench", description="Measure against references in the same run."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="shorter, with rougher figures")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - BENCHES.keys())
    if unknown:
        parser.error(f"There is no bench {unknown[0]!r}. There are: {', '.join(BENCHES)}.")
    busy = os.getloadavg()[0]
    cores = os.cpu_count() or 1
    if busy > cores / 2:
        print(f"This machine is busy (load {busy:.1f} on {cores} cores): figures will be rough.")
    found = []
    for name in options.names or BENCHES:
        found.append(BENCHES[name](quick=options.quick))
        found[-1].show()
    return 0 if all(table.reached for table in found) else 1


if __name__ == "__main__":
    sys.exit(main())

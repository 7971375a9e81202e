"""``recourse``: read the arguments, run one command, and turn errors into one clear line."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from casework.config import Settings, environment, settings_from
from casework.errors import RecourseError
from recourse import (
    audit_commands,
    case_commands,
    deadlines,
    demo,
    dialogue_diagram,
    figures_commands,
    languages,
    lists,
    looking_after,
    poster,
    rating_commands,
    recordings_commands,
    search_commands,
    service_commands,
    staff_commands,
    stats_commands,
)

_ABOUT = """\
Recourse: a grievance mechanism for workers. It takes complaints in the workers' own languages,
carries each to remedy against deadlines, and counts what it can prove."""

_ROOMS = (
    demo,
    service_commands,
    staff_commands,
    lists,
    case_commands,
    deadlines,
    languages,
    poster,
    rating_commands,
    recordings_commands,
    dialogue_diagram,
    search_commands,
    audit_commands,
    figures_commands,
    stats_commands,
    looking_after,
)

_SETTINGS = """\
Settings are read from the environment and from a file .env in this folder; README.md lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where it worked, 1 with one clear line where it did not."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for chatty in ("httpx", "apscheduler", "waitress", "alembic", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # The library logs updates it can't read, words included, and the token at lower levels.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    options = _parser().parse_args(arguments)
    run: Callable[[Settings, argparse.Namespace], int] = options.run
    try:
        found = environment(os.environ, Path(".env"))
        settings = settings_from(found, practice=options.command == "demo")
        return run(settings, options)
    except RecourseError as error:
        print(f"recourse: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) went away: not our error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="recourse",
        description=_ABOUT,
        epilog=_SETTINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for room in _ROOMS:
        room.add_to(commands)
    return parser

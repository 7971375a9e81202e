"""The one place where the time of day enters."""

from datetime import UTC, datetime


def wall_clock() -> datetime:
    """Now, in UTC. Everything below the command line gets the time passed in."""
    return datetime.now(UTC)

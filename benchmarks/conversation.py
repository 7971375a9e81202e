"""Bench ``conversation``: durable steps a second, 100 workers, the Bot API at once and after 50 ms."""

from benchmarks.driving import BOTS, RECOURSE, Driven, Load, drive
from benchmarks.table import Row, Table, Target, at_least

SQLMODEL, SQLITE, ECHO = (name for name in BOTS if name != RECOURSE)
_COLUMNS = ("steps/s", "ratio", "p50 ms", "p99 ms", "CPU ms/step", "MiB")


def at_once(*, quick: bool) -> Table:
    """A Bot API that answers at once: what the bot itself takes."""
    found = {bot: drive(bot, Load(4 if quick else 12)) for bot in BOTS}
    ours = found[RECOURSE].rate
    targets = (
        at_least(ours / found[SQLMODEL].rate, 3.5, f"times {SQLMODEL}"),
        at_least(ours / found[ECHO].rate, 1, f"times {ECHO}"),
    )
    return _table("conversation: Bot API answering at once", found, targets)


def after_50_ms(*, quick: bool) -> Table:
    """A Bot API as far away as Telegram's mostly is."""
    bots = (RECOURSE, SQLMODEL) if quick else (RECOURSE, SQLMODEL, SQLITE)
    found = {bot: drive(bot, Load(5 if quick else 12, latency=0.05)) for bot in bots}
    targets = (at_least(found[RECOURSE].rate / found[SQLMODEL].rate, 20, f"times {SQLMODEL}"),)
    return _table("conversation-50ms: Bot API answering after 50 ms", found, targets)


def _table(title: str, found: dict[str, Driven], targets: tuple[Target, ...]) -> Table:
    reference = found[SQLMODEL].rate
    rows = tuple(
        Row(
            bot,
            (
                f"{one.rate:.0f}",
                f"{one.rate / reference:.2f}",
                f"{one.p50:.0f}",
                f"{one.p99:.0f}",
                f"{one.cpu:.2f}",
                f"{one.memory:.0f}",
            ),
            targets if bot == RECOURSE else (),
        )
        for bot, one in found.items()
    )
    return Table(title, _COLUMNS, rows)

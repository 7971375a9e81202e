"""Facts of this installation that one process learns and the others read."""

from casework.db import Session
from casework.models import Fact

_BOT = "telegram-bot"


def bot_name(session: Session) -> str:
    """The user name of the Telegram bot, without its @; ``""`` where workers can't reach one."""
    fact = session.get(Fact, _BOT)
    return fact.value.decode() if fact else ""


def note_bot_name(session: Session, name: str) -> None:
    """Keep what Telegram calls our bot; ``""`` where there is none any more."""
    fact = session.get(Fact, _BOT)
    if fact is None:
        session.add(Fact(name=_BOT, value=name.encode()))
    elif fact.value != name.encode():
        fact.value = name.encode()

"""Facts of this installation that one process learns and the others read."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from casework.db import Session, insert_into
from casework.models import Case, Fact

_TABLE = Fact.metadata.tables["fact"]
_BOT = "telegram-bot"
_JOBS = "jobs-ran"
_NOTED_EVERY = timedelta(minutes=1)
"""Often enough to be seen, seldom enough to cost nothing."""
STANDSTILL = timedelta(minutes=10)
"""Without the jobs for so long, people are told of it."""


def bot_name(session: Session) -> str:
    """The user name of the Telegram bot, without its @; ``""`` where workers can't reach one."""
    fact = session.get(Fact, _BOT)
    return fact.value.decode() if fact else ""


def note_bot_name(session: Session, name: str) -> None:
    """Keep what Telegram calls our bot; ``""`` where there is none any more."""
    _note(session, _BOT, name)


def jobs_ran_at(session: Session) -> datetime | None:
    """When the jobs had last done all that was due, to the minute; ``None``: never yet."""
    fact = session.get(Fact, _JOBS)
    return datetime.fromisoformat(fact.value.decode()) if fact else None


def is_news(session: Session, now: datetime) -> bool:
    """Whether that the jobs ran now is worth a writing transaction."""
    last = jobs_ran_at(session)
    return last is None or abs(now - last) >= _NOTED_EVERY  # the clock may have been set back


def note_jobs_ran(session: Session, now: datetime) -> None:
    """The jobs have done all that was due now."""
    _note(session, _JOBS, now.isoformat())


def stands_still_since(session: Session, now: datetime) -> datetime | None:
    """Since when nothing is done by itself; ``None`` where the jobs run, or nothing can wait yet."""
    last = jobs_ran_at(session)
    if last is None:
        first = select(Case.received_at).order_by(col(Case.received_at)).limit(1)
        last = session.exec(first).first()
    return last if last is not None and now - last > STANDSTILL else None


def _note(session: Session, name: str, value: str) -> None:
    fact = session.get(Fact, name)
    if fact is None or fact.value != value.encode():
        wanted = {"value": value.encode()}
        statement = insert_into(session, _TABLE).values(name=name, **wanted)
        session.connection().execute(
            statement.on_conflict_do_update(index_elements=[_TABLE.c.name], set_=wanted)
        )

"""Facts of this installation that one process learns and the others read."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from casework.db import Session, insert_into
from casework.models import Case, Fact

_TABLE = Fact.metadata.tables["fact"]
_BOT = "telegram-bot"
_JOBS = "jobs-ran"
_LANGUAGES = "worker-languages"
_RULES = "rules-published"
MODE = "mode"
PRACTICE = b"practice"
"""Under ``MODE``: this database holds invented cases, and never a real one."""
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


def of_practice() -> sa.ColumnElement[bool]:
    """The same as ``is_practice``, for a statement: the database answers once for all rows."""
    return sa.exists().where(col(Fact.name) == MODE, col(Fact.value) == PRACTICE)


def is_practice(session: Session) -> bool:
    """Whether every case of this installation is invented: the demo's are."""
    fact = session.get(Fact, MODE)
    return fact is not None and fact.value == PRACTICE


def languages_at(session: Session, at: datetime) -> int:
    """In how many languages one could complain at a moment, as far back as it was noted."""
    noted = _languages(session)
    return next(
        (count for since, count in reversed(noted) if since <= at), (noted or [(at, 0)])[0][1]
    )


def note_languages(session: Session, count: int, now: datetime) -> None:
    """In how many languages one can complain from now on."""
    noted = _languages(session)
    if not noted or noted[-1][1] != count:
        noted.append((now, count))
        _note(session, _LANGUAGES, " ".join(f"{since.isoformat()}={n}" for since, n in noted))


def _languages(session: Session) -> list[tuple[datetime, int]]:
    return [(since, int(count)) for since, count in _noted(session, _LANGUAGES)]


def rules_at(session: Session, at: datetime) -> str:
    """Where anybody could read the rules of procedure at a moment; ``""`` where nobody could, or
    before it was noted."""
    noted = reversed(_noted(session, _RULES))
    return next((address for since, address in noted if since <= at), "")


def note_rules(session: Session, address: str, now: datetime) -> None:
    """Where anybody can read the rules of procedure from now on; ``""``: nobody can any more."""
    noted = _noted(session, _RULES)
    if (noted[-1][1] if noted else "") != address:
        noted.append((now, address))
        _note(session, _RULES, " ".join(f"{since.isoformat()}={said}" for since, said in noted))


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


def _noted(session: Session, name: str) -> list[tuple[datetime, str]]:
    """What was noted since when, the oldest first."""
    fact = session.get(Fact, name, populate_existing=True)
    said = (one.partition("=") for one in fact.value.decode().split()) if fact else ()
    return [(datetime.fromisoformat(since), value) for since, _, value in said]


def _note(session: Session, name: str, value: str) -> None:
    fact = session.get(Fact, name)
    if fact is None or fact.value != value.encode():
        wanted = {"value": value.encode()}
        statement = insert_into(session, _TABLE).values(name=name, **wanted)
        session.connection().execute(
            statement.on_conflict_do_update(index_elements=[_TABLE.c.name], set_=wanted)
        )

"""Making an installation usable: data folder, key file, schema, default calendar."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import col, select

import migrations
import translations
from casework import facts
from casework.config import Settings
from casework.db import Session, Store, make_engine
from casework.deadlines.calendars import usual_hours
from casework.errors import SettingError
from casework.ids import new_id
from casework.models import Calendar, Fact
from casework.vault import Unsealable, Vault, create_key_file, load_key_file

_PROOF = "key-check"


def open_store(settings: Settings) -> Store:
    """The installation's database and keys; ``SettingError`` where something is missing."""
    engine = _reach(settings)
    if not _holds_data(engine):
        raise SettingError(
            "There is no installation here yet: run `./run start`, or `recourse db upgrade` first."
        )
    if migrations.pending(engine):
        raise SettingError("The database is older than the program: run `recourse db upgrade`.")
    store = Store(engine, load_key_file(settings.keys_file))
    with store.reading() as session:
        _check_keys(session, settings)
        _check_mode(session, settings)
    return store


def prepare(settings: Settings, now: datetime) -> Store:
    """Make or upgrade the installation; safe to run again at any time."""
    engine = _reach(settings)
    vault = _keys(settings, fresh=not _holds_data(engine))
    migrations.upgrade(engine)
    store = Store(engine, vault)
    with store.writing() as session:
        if session.get(Fact, _PROOF) is None:
            session.add(Fact(name=_PROOF, value=vault.seal_text("fact", "value", 0, _PROOF)))
        _check_keys(session, settings)
        if session.get(Fact, facts.MODE) is None:
            session.add(Fact(name=facts.MODE, value=_mode(settings)))
        _check_mode(session, settings)
        _ensure_calendar(session, settings, now)
        facts.note_languages(session, len(translations.languages("bot")), now)
    return store


def _reach(settings: Settings) -> Engine:
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"RECOURSE_DATA_DIR {settings.data_dir} can't be used ({error.strerror}): choose a"
            " folder you may write to."
        ) from None
    engine = make_engine(settings.database_url)
    try:
        with engine.connect():
            return engine
    except sa.exc.OperationalError:
        raise SettingError(
            "The database can't be reached: check RECOURSE_DATABASE_URL, and that the server runs."
        ) from None
    except sa.exc.DatabaseError:
        raise SettingError(
            "The database file can't be read as one: put back your backup, or check"
            " RECOURSE_DATABASE_URL."
        ) from None


def _holds_data(engine: Engine) -> bool:
    return sa.inspect(engine).has_table("fact")


def _keys(settings: Settings, *, fresh: bool) -> Vault:
    if fresh and not settings.keys_file.exists():
        return create_key_file(settings.keys_file)
    return load_key_file(settings.keys_file)


def _check_keys(session: Session, settings: Settings) -> None:
    proof = session.get(Fact, _PROOF)
    try:
        session.vault.open_text("fact", "value", 0, proof.value if proof else b"")
    except Unsealable:
        raise SettingError(
            f"The key file {settings.keys_file} does not belong to this database: put back the one"
            " that does, or set RECOURSE_KEYS_FILE."
        ) from None


def _check_mode(session: Session, settings: Settings) -> None:
    """Sample data and real cases never share a database."""
    found = session.get(Fact, facts.MODE)
    if found is None or found.value == _mode(settings):
        return
    if settings.practice:
        raise SettingError(
            "This database holds real cases: the demo does not touch it. Unset RECOURSE_DATA_DIR"
            " and RECOURSE_DATABASE_URL, or name an empty folder."
        )
    raise SettingError(
        "This database holds the demo's sample data: name another RECOURSE_DATA_DIR for real work."
    )


def _mode(settings: Settings) -> bytes:
    return facts.PRACTICE if settings.practice else b"real"


def _ensure_calendar(session: Session, settings: Settings, now: datetime) -> None:
    if session.exec(select(Calendar).where(col(Calendar.is_default).is_(True))).first():
        return
    session.add(
        Calendar(
            id=new_id(now),
            name="Office",
            zone=str(settings.zone),
            country=settings.country,
            hours=usual_hours(settings.country),
            is_default=True,
        )
    )

"""Somebody with a phone and a case, for tests of what is erased: her chat, and the files it leaves."""

from pathlib import Path

import sqlalchemy as sa
from sqlmodel import select

from bot.doors import Happening
from bot.turns import Command, Pressed, Started, Text
from casework.db import Store
from casework.models import Conversation, Reporter
from tests.botapi import Message, Phone


def does(phone: Phone, *whats: Happening) -> None:
    """She does one thing after the other, each when the one before is answered."""
    for what in whats:
        match what:
            case Started(payload):
                phone.start(payload)
            case Pressed(step, value):
                phone.press(f"{step}|{value}" if step else value)
            case Text(text):
                phone.send(text)
            case Command(name):
                phone.send(f"/{name}")
            case _:
                raise TypeError(f"A phone can't do {what!r} here.")
        phone.answer()


def shown(phone: Phone) -> list[Message]:
    """What her chat still shows, hers and ours, oldest first."""
    with phone.api.lock:
        every = [*phone.sent, *phone.messages]
        return sorted((m for m in every if not m.deleted), key=lambda m: m.id)


def traces(store: Store, reporter: Reporter) -> dict[str, bytes]:
    """What stands in the database of who she is and what she said."""
    found = {"address": reporter.address_sealed, "address index": reporter.address_index}
    with store.reading() as session:
        statement = select(Conversation.sealed).where(Conversation.reporter_id == reporter.id)
        sealed = session.exec(statement).first()
    return found | ({"conversation": sealed} if sealed else {})


def in_the_files(store: Store, wanted: dict[str, bytes]) -> set[str]:
    """Which of these bytes stand in the files of the database."""
    files = _files(store)
    raw = [file.read_bytes() for file in files]
    return {name for name, value in wanted.items() if any(value in one for one in raw)}


def _files(store: Store) -> list[Path]:
    if store.sqlite:
        path = Path(str(store.engine.url.database))
        return [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CHECKPOINT"))
        folder = connection.execute(sa.text("SHOW data_directory")).scalar_one()
    return [file for file in Path(folder).rglob("*") if file.is_file()]

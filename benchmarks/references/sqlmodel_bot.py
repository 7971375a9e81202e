"""Reference: python-telegram-bot's ConversationHandler and one SQLModel commit for each step."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine

from benchmarks.references import conversation_bot


class Answer(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    chat: int = Field(index=True)
    step: int
    text: str


def main() -> None:
    path = Path(os.environ["RECOURSE_DATA_DIR"]) / "reference.sqlite"
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def durable(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    SQLModel.metadata.create_all(engine)

    def save(chat: int, step: int, text: str) -> None:
        with Session(engine) as session:
            session.add(Answer(chat=chat, step=step, text=text))
            session.commit()

    conversation_bot.run(save)


if __name__ == "__main__":
    main()

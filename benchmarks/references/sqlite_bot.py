"""Reference: python-telegram-bot's ConversationHandler and one plain SQLite commit for each step."""

import os
import sqlite3
from pathlib import Path

from benchmarks.references import conversation_bot


def main() -> None:
    path = Path(os.environ["RECOURSE_DATA_DIR"]) / "reference.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE answer (chat INTEGER, step INTEGER, text TEXT)")

    def save(chat: int, step: int, text: str) -> None:
        with connection:
            connection.execute("INSERT INTO answer VALUES (?, ?, ?)", (chat, step, text))

    conversation_bot.run(save)


if __name__ == "__main__":
    main()

"""``python -m migrations "what changes"``: write the next revision from the models.

Compares the models with a fresh database at the newest revision; read what it wrote before use.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

import migrations
from casework.db import make_engine


def main(message: str) -> None:
    """Write a revision into ``versions``."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        migrations.upgrade(engine)
        config = migrations.configuration()
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message=message, autogenerate=True)
        engine.dispose()


main(" ".join(sys.argv[1:]) or "schema")

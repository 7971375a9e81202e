"""SIGKILL at random moments while workers file: nothing that was confirmed is lost or doubled."""

import os
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from casework.config import settings_from
from casework.db import Store
from casework.ids import new_id
from casework.messaging import messages
from casework.models import Case, Factory, Message, Reporter
from casework.vocabulary import MessageKind
from recourse.setup import open_store, prepare
from tests.botapi import BotApi, Phone
from tests.running import Running

WORKERS = 50
REFERENCE = re.compile(r"RC-[0-9A-Z]{4}-[0-9A-Z]{4}")
_PATIENCE = 300.0


class Worker:
    """Somebody who files one complaint after the other, as long as she is asked to."""

    def __init__(self, phone: Phone, number: int) -> None:
        self.phone = phone
        self.number = number
        self.told: list[str] = []
        """The markers of the stories she was told are filed, with the reference she was given."""
        self.references: list[str] = []

    def file_until(self, enough: threading.Event) -> None:
        while not enough.is_set() or not self.references:
            self._file()

    def _file(self) -> None:
        phone, marker = self.phone, f"marker-{self.number}-{len(self.told)}"
        phone.start("F-GT7KM")
        if not self.told:
            phone.press("language|en", timeout=_PATIENCE)
            phone.press("welcome|yes", timeout=_PATIENCE)
        else:
            phone.press("home|.new", timeout=_PATIENCE)
        phone.press("who|worker", timeout=_PATIENCE)
        phone.press("category|WAG", timeout=_PATIENCE)
        phone.press("danger|no", timeout=_PATIENCE)
        phone.wait_for(lambda m: "story|" in str(m.rows), _PATIENCE)
        phone.send(f"{marker}: nobody was paid for two months.")
        phone.press("story|send", timeout=_PATIENCE)
        filed = phone.wait_for(lambda m: bool(REFERENCE.search(m.text)), _PATIENCE)
        found = REFERENCE.search(filed.text)
        assert found
        self.references.append(found.group())
        self.told.append(marker)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[tuple[Path, Store]]:
    settings = settings_from({"RECOURSE_DATA_DIR": str(tmp_path)})
    now = datetime.now(UTC)
    store = prepare(settings, now)
    with store.writing() as session:
        session.add(
            Factory(
                id=new_id(now),
                code="GT7KM",
                name="Golden Thread",
                folded_name="golden thread",
                country="KH",
                zone="Asia/Phnom_Penh",
            )
        )
    store.engine.dispose()
    yield tmp_path, store
    store.engine.dispose()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "kills", [50, pytest.param(500, marks=[pytest.mark.long, pytest.mark.timeout(3600)])]
)
def test_killed_while_fifty_workers_file_loses_and_doubles_nothing(
    installation: tuple[Path, Store], kills: int
) -> None:
    folder, _ = installation
    chance = random.Random(int(os.environ.get("RECOURSE_TEST_SEED", "20261120")))
    with BotApi() as api:
        program = Running(
            folder, "bot", RECOURSE_TELEGRAM_TOKEN=api.token, RECOURSE_TELEGRAM_API_URL=api.url
        )
        workers = [Worker(api.phone(user_id=8_000_000 + n), n) for n in range(WORKERS)]
        enough = threading.Event()
        threads = [threading.Thread(target=w.file_until, args=(enough,)) for w in workers]
        for thread in threads:
            thread.start()
        for _ in range(kills):
            program.start()
            # The moment is chosen by what has happened, not by a clock: anywhere between two
            # batches, inside a transaction, or while replies are going out.
            _wait_for_calls(api, len(api.calls) + chance.randint(1, 200))
            program.kill()
        enough.set()
        with program:
            for thread in threads:
                thread.join(_PATIENCE)
        assert not [t for t in threads if t.is_alive()], "A conversation could not be finished."
    _assert_each_exactly_once(folder, workers)


def _wait_for_calls(api: BotApi, number: int) -> None:
    api.wait_until(lambda: len(api.calls) >= number, _PATIENCE)


def _assert_each_exactly_once(folder: Path, workers: list[Worker]) -> None:
    store = open_store(settings_from({"RECOURSE_DATA_DIR": str(folder)}))
    told = [reference for worker in workers for reference in worker.references]
    assert len(told) == len(set(told))
    with store.reading() as session:
        stored = Counter(session.exec(select(Case.reference)))
        stories = Counter(
            messages.words(session, message).partition(":")[0]
            for message in session.exec(select(Message).where(Message.kind == MessageKind.STORY))
        )
        reporters = len(session.exec(select(Reporter.id)).all())
    assert stored == Counter(told)
    assert stories == Counter(marker for worker in workers for marker in worker.told)
    assert reporters == len(workers)
    store.engine.dispose()

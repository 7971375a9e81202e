"""Very many past and open cases with words in them, written in bulk: what a search walks through.

Words follow Zipf's law, as words do: the most frequent stands in more than half of the cases, most
of the others in few. A fifth of the cases is open. A few cases on top are filed and worked on the
way people do. Left out of the bulk: the halves of references as words, clocks but one, events but
the first.
"""

import hashlib
import random
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from casework import cases, filing
from casework.actors import staff_actor
from casework.cases import Triage
from casework.db import Session, Store
from casework.deadlines.calendars import usual_hours
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.lifecycle import OPEN
from casework.models import Calendar, Factory, Reporter, Staff
from casework.places import fold
from casework.references import new_reference
from casework.searching.searchwords import key
from casework.vocabulary import Action, Category, Channel, Role, Severity, Status
from webadmin import accounts

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
EMAIL, PASSWORD = "asha@example.org", "a lantern over seven quiet harbours"
_SPAN = timedelta(days=3 * 365)
_FACTORIES = 400
_VOCABULARY = 3_000
_WORDS_EACH = 8
_RARE_CASES = 12
_CHUNK = 5_000
_STATUSES = (*(status for status in Status if status in OPEN), Status.CLOSED)
_LANGUAGES = ("my", "km", "bn", "th", "vi", "en")


@dataclass(frozen=True, slots=True)
class Archive:
    """What was built: its worked-on cases, a factory, and words by how often they stand in cases."""

    references: tuple[str, ...]
    factory_id: int
    frequent: str
    two: str
    rare: str
    never_together: str


def build(store: Store, size: int, *, words: bool = True) -> Archive:
    """Fill an empty installation with ``size`` cases of three years; without ``words`` nobody told
    anything in them, and it is quicker."""
    chance = random.Random(5)
    with store.writing() as session:
        people, factories, reporter = _people_and_places(session)
    tables = SQLModel.metadata.tables
    indexes = [index for name in ("case", "message") for index in tables[name].indexes]
    found = _Words(chance, size)
    with store.engine.connect() as connection:
        if store.sqlite:
            # Only while it is built: nobody misses this database if the machine stops now.
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
            connection.exec_driver_sql("PRAGMA cache_size=-300000")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        for index in indexes:
            index.drop(connection)
        made = _cases(chance, size, people, factories, reporter)
        for chunk in batched_rows(made, _CHUNK):
            _write(connection, store, chunk, found if words else None)
        for index in indexes:
            index.create(connection)
        rows = ({"word": word, "case_id": case} for word, case in found.rows(store, factories))
        for some in batched_rows(rows if words else (), 4 * _CHUNK):
            connection.execute(sa.insert(tables["searchword"]), some)
        connection.commit()
        if not store.sqlite:
            # As it is after years; else its own housekeeping would begin with the first page.
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(sa.text("VACUUM ANALYZE"))
    store.engine.dispose()
    references = _worked_on(store, people[0], factories, reporter)
    names = found.names
    return Archive(
        references,
        factories[0].id,
        frequent=names[0],
        two=f"{names[20]} {names[25]}",
        rare=found.rare,
        never_together="evenly oddly",
    )


def batched_rows(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Rows in lists of a size."""
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Words:
    """The words of each case, kept by word so that their rows can be written in order."""

    rare = "heliotrope"

    def __init__(self, chance: random.Random, size: int) -> None:
        self._chance = chance
        syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
        names: dict[str, None] = {}
        while len(names) < _VOCABULARY:
            names["".join(chance.choice(syllables) for _ in range(chance.randint(2, 5)))] = None
        self.names = list(names)
        self._weights = list(accumulate(1 / rank for rank in range(1, _VOCABULARY + 1)))
        self._cases = [array("q") for _ in self.names]
        self._parity = (array("q"), array("q"))
        self._rare = array("q")
        self._factories: dict[int, array[int]] = {}
        self._every = size // _RARE_CASES

    def of(self, number: int, case: int, factory: int) -> str:
        """A story for a case."""
        chosen = self._chance.choices(range(_VOCABULARY), cum_weights=self._weights, k=_WORDS_EACH)
        for word in set(chosen):
            self._cases[word].append(case)
        self._parity[number % 2].append(case)
        self._factories.setdefault(factory, array("q")).append(case)
        said = [self.names[word] for word in chosen]
        said.append(("evenly", "oddly")[number % 2])
        if number % self._every == self._every // 2:
            self._rare.append(case)
            said.append(self.rare)
        return " ".join(said)

    def rows(self, store: Store, factories: list[Factory]) -> Iterator[tuple[int, int]]:
        """All rows of the index, in its order."""
        lists = dict(zip(self.names, self._cases, strict=True))
        lists["evenly"], lists["oddly"] = self._parity
        lists[self.rare] = self._rare
        for factory in factories:
            lists[factory.code.lower()] = self._factories.get(factory.id, array("q"))
        for word, name in sorted((key(store.vault, name), name) for name in lists):
            for case in lists[name]:
                yield word, case


def _people_and_places(session: Session) -> tuple[list[Staff], list[Factory], Reporter]:
    calendar = Calendar(
        id=new_id(NOW),
        name="Phnom Penh",
        zone="Asia/Phnom_Penh",
        country="KH",
        hours=usual_hours("KH"),
    )
    people = [
        Staff(
            id=new_id(NOW),
            name=f"Handler {n}",
            email=f"handler{n}@example.org" if n else EMAIL,
            role=Role.HANDLER,
            organisation="Workers' Desk",
            zone="Asia/Phnom_Penh",
            created_at=NOW,
        )
        for n in range(20)
    ]
    session.add_all([calendar, *people])
    session.flush()
    accounts.create(session, people[0], PASSWORD, NOW)
    factories = [
        Factory(
            id=new_id(NOW),
            code=f"GT{n:03}",
            name=f"Garments {n}",
            folded_name=fold(f"Garments {n}"),
            country="KH",
            zone="Asia/Phnom_Penh",
            calendar_id=calendar.id,
        )
        for n in range(_FACTORIES)
    ]
    reporter = Reporter(
        id=new_id(NOW),
        channel=Channel.WEB,
        address_index=b"a worker",
        address_sealed=b"",
        created_at=NOW,
    )
    session.add_all([*factories, reporter])
    session.flush()
    return people, factories, reporter


def _cases(
    chance: random.Random,
    size: int,
    people: list[Staff],
    factories: list[Factory],
    reporter: Reporter,
) -> Iterator[dict[str, Any]]:
    severities, categories = list(Severity), list(Category)
    references = dict.fromkeys(new_reference(chance.randrange) for _ in range(size + size // 100))
    free = iter(references)
    for n in range(size):
        received = NOW - _SPAN + _SPAN * (n / size)
        status = _STATUSES[n % (len(_STATUSES) - 1)] if chance.random() < 0.2 else Status.CLOSED
        due = received + timedelta(days=chance.randint(1, 1200)) if status in OPEN else None
        yield {
            "id": new_id(received),
            "reference": next(free),
            "reporter_id": reporter.id,
            "factory_id": chance.choice(factories).id,
            "status": status,
            "severity": chance.choices(severities, (1, 4, 10, 5))[0],
            "category": chance.choice(categories),
            "channel": Channel.WEB,
            "language": chance.choice(_LANGUAGES),
            "restricted": chance.random() < 0.03,
            "retaliation_risk": False,
            "practice": False,
            "assignee_id": chance.choice(people).id,
            "received_at": received,
            "updated_at": received + timedelta(days=chance.random() * 20),
            "receipt_tries": 0,
            "open_question": False,
            "unread": status is Status.RECEIVED,
            "next_due_at": due,
            "event_count": 1,
            "head_hash": hashlib.sha256(str(n).encode()).digest(),
        }


def _write(
    connection: sa.Connection, store: Store, chunk: list[dict[str, Any]], found: _Words | None
) -> None:
    issues: list[dict[str, Any]] = []
    messages: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    clocks: list[dict[str, Any]] = []
    for row in chunk:
        case, at = row["id"], row["received_at"]
        ids = [new_id(at) for _ in range(4)]
        if found:
            story = found.of(len(issues), case, row["factory_id"])
            messages.append(
                {
                    "id": ids[1],
                    "case_id": case,
                    "at": at,
                    "direction": "from-worker",
                    "kind": "story",
                    "language": row["language"],
                    "text_sealed": store.vault.seal_text("message", "text_sealed", ids[1], story),
                }
            )
        issues.append({"id": ids[0], "case_id": case, "category": row["category"], "kind": ""})
        events.append(
            {
                "id": ids[2],
                "case_id": case,
                "number": 1,
                "at": at,
                "action": "file",
                "after": "received",
                "role": "worker",
                "data": {},
                "hash": row["head_hash"],
            }
        )
        if row["next_due_at"]:
            clocks.append(
                {
                    "id": ids[3],
                    "case_id": case,
                    "promise": "outcome",
                    "round": 1,
                    "started_at": at,
                    "due_at": row["next_due_at"],
                    "extensions": 0,
                    "paused_seconds": 0,
                    "told_until": at,
                }
            )
    tables = SQLModel.metadata.tables
    for name, rows in (
        ("case", chunk),
        ("issue", issues),
        ("message", messages),
        ("caseevent", events),
        ("clock", clocks),
    ):
        if rows:
            connection.execute(sa.insert(tables[name]), rows)


def _worked_on(
    store: Store, handler: Staff, factories: list[Factory], reporter: Reporter
) -> tuple[str, ...]:
    """Some cases on top with a story, a note, a question and a summary."""
    references = []
    actor = staff_actor(handler)
    with store.writing() as session:
        for n in range(30):
            at = NOW - timedelta(hours=40 - n)
            complaint = Complaint(
                (Piece("They did not pay us for the third month."), Piece("We are forty.")),
                factory=factories[n],
                category=Category.WAGES,
                kind="unpaid",
            )
            case = filing.open_case(session, reporter, complaint, now=at)
            cases.advance(session, case, Action.ACKNOWLEDGE, by=actor, now=at)
            cases.advance(session, case, Action.NOTE, by=actor, now=at, text="Called the factory.")
            found = Triage(Severity.SERIOUS, ((Category.WAGES, "unpaid"),), summary="No pay")
            cases.triage(session, case, found, by=actor, now=at)
            cases.advance(session, case, Action.ASK, by=actor, now=at, text="Since when?")
            references.append(case.reference)
    return tuple(references)

"""Rows made quickly are the same rows, and what does not fit is refused."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session as PlainSession

from casework.db import Store
from casework.models import Case, CaseEvent, Clock, Issue, Message
from casework.models.base import Table, new_row
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Direction,
    MessageKind,
    Promise,
    Role,
    Severity,
    Status,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ROWS: dict[type[Table], dict[str, object]] = {
    Case: {
        "id": 1,
        "reference": "RC-0000-0000",
        "severity": Severity.SERIOUS,
        "channel": Channel.WEB,
        "language": "my",
        "received_at": NOW,
        "updated_at": NOW,
    },
    Clock: {
        "id": 2,
        "case_id": 1,
        "promise": Promise.TRIAGE,
        "started_at": NOW,
        "due_at": NOW,
        "told_until": NOW,
    },
    CaseEvent: {
        "id": 3,
        "case_id": 1,
        "number": 1,
        "at": NOW,
        "action": Action.FILE,
        "after": Status.RECEIVED,
        "role": Role.WORKER,
        "hash": b"0" * 32,
    },
    Message: {
        "id": 4,
        "case_id": 1,
        "at": NOW,
        "direction": Direction.FROM_WORKER,
        "kind": MessageKind.STORY,
    },
    Issue: {"id": 5, "case_id": 1, "category": Category.WAGES},
}


@pytest.mark.parametrize("table", ROWS, ids=lambda table: table.__name__)
def test_a_row_made_quickly_is_the_row_made_with_checks(table: type[Table]) -> None:
    quick, checked = new_row(table, **ROWS[table]), table(**ROWS[table])
    assert quick.model_dump() == checked.model_dump()


def test_each_row_has_defaults_of_its_own() -> None:
    first, second = (new_row(CaseEvent, **ROWS[CaseEvent]) for _ in range(2))
    first.data["a"] = 1
    assert second.data == {}


def test_rows_made_quickly_are_written_and_read_like_others(any_store: Store) -> None:
    with any_store.writing() as session:
        session.add_all([new_row(table, **values) for table, values in ROWS.items()])
    with PlainSession(any_store.engine) as session:
        for table, values in ROWS.items():
            assert session.get_one(table, values["id"]).model_dump() == (
                table(**values).model_dump()
            )


@pytest.mark.parametrize("changed", [{"colour": "red"}, {"promise": None}])
def test_a_name_that_does_not_fit_is_refused(changed: dict[str, object]) -> None:
    values = ROWS[Clock] | changed
    values = {name: value for name, value in values.items() if value is not None}
    with pytest.raises(TypeError, match="Clock"):
        new_row(Clock, **values)

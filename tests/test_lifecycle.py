"""The table of moves: every status, action and role, against what is written here by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.errors import NotAllowed
from casework.lifecycle import (
    APPEAL_WINDOW,
    ENDED,
    HANDLING_ROLES,
    NEXT,
    OPEN,
    TABLE,
    Standing,
    check,
    moves,
)
from casework.vocabulary import Action, Role, Status

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=365)

# What each role may do from each status, and where it leads: ``action`` (stays) or ``action:to``.
STAFF = {
    "received": "acknowledge:acknowledged triage assign ask reply note",
    "acknowledged": "triage assign ask reply note assess:assessing investigate:investigating"
    " refer:referred reject:inadmissible",
    "assessing": "triage assign ask reply note investigate:investigating conclude:verifying"
    " refer:referred reject:inadmissible",
    "investigating": "triage assign ask reply note propose-remedy:remedying conclude:verifying"
    " refer:referred reject:inadmissible",
    "remedying": "triage assign ask reply note conclude:verifying",
    "verifying": "triage assign ask reply note resolve:resolved",
    "resolved": "reply note close:closed",
    "closed": "reply note",
    "inadmissible": "reply note",
    "referred": "reply note",
    "withdrawn": "note",
    "appealed": "triage assign ask reply note investigate:investigating",
}
WORKER = {
    "received": "add withdraw:withdrawn",
    "acknowledged": "add withdraw:withdrawn",
    "assessing": "add withdraw:withdrawn",
    "investigating": "add withdraw:withdrawn",
    "remedying": "add withdraw:withdrawn",
    "verifying": "add confirm:resolved dispute:appealed withdraw:withdrawn",
    "resolved": "add appeal:appealed",
    "closed": "add appeal:appealed",
    "inadmissible": "add appeal:appealed",
    "referred": "add appeal:appealed",
    "withdrawn": "add",
    "appealed": "add withdraw:withdrawn",
}
SYSTEM = {
    "received": "miss assign",
    "acknowledged": "miss assign",
    "assessing": "miss assign",
    "investigating": "miss assign",
    "remedying": "miss assign",
    "verifying": "miss assign resolve:resolved",
    "resolved": "",
    "closed": "",
    "inadmissible": "",
    "referred": "",
    "withdrawn": "",
    "appealed": "miss assign",
}
BRAND = dict.fromkeys(SYSTEM, "")
EXPECTED = {
    Role.HANDLER: STAFF,
    Role.SUPERVISOR: STAFF,
    Role.ADMIN: STAFF,
    Role.WORKER: WORKER,
    Role.SYSTEM: SYSTEM,
    Role.INTERPRETER: BRAND,
    Role.AUDITOR: BRAND,
    Role.BRAND: BRAND,
    Role.INTERPRETER: BRAND,
    Role.AUDITOR: BRAND,
}


# What is open in every status, and what once a person has read it or once it has ended.
HANDLED = (
    "declare bar link unlink told renew-receipt redact party interview task"
    " hold-words drop-words translate transcribe ask-interpreter"
)
ALWAYS = {
    Role.HANDLER: HANDLED,
    Role.SUPERVISOR: f"{HANDLED} hold export",
    Role.ADMIN: f"{HANDLED} hold export",
    Role.WORKER: "check-in move forget",
    Role.SYSTEM: "link bar",
    Role.INTERPRETER: "translate transcribe bar",
    Role.AUDITOR: "",
    Role.BRAND: "",
}
TAKEN_UP = "assessing investigating remedying"
READ = "acknowledged assessing investigating remedying verifying appealed"
OVER = "resolved closed inadmissible referred withdrawn"


def _expected(status: Status, role: Role) -> dict[Action, Status]:
    found = {}
    more = ALWAYS[role]
    if role in HANDLING_ROLES and status.value in TAKEN_UP.split():
        more += " finding"
    if role in HANDLING_ROLES and status.value in READ.split():
        more += " notify-factory"
    if role in HANDLING_ROLES and status in OPEN:
        more += " protect ask-extension end-duplicate:closed consider"
    if role in (Role.SUPERVISOR, Role.ADMIN) and status in OPEN:
        more += " recalculate extend refuse-extension"
    if role is Role.SYSTEM and status in OPEN:
        more += " escalate"
    if role in HANDLING_ROLES and status.value in f"{READ} resolved closed".split():
        more += " plan-remedy verify-remedy record-money invite-factory"
    if role is Role.SYSTEM and status.value in f"{READ} resolved closed".split():
        more += " factory-answer"
    if role is Role.SYSTEM and status not in OPEN:
        more += " expire"
    if role is Role.WORKER and status.value in OVER.split():
        more += " rate"
    for entry in f"{EXPECTED[role][status.value]} {more}".split():
        action, _, to = entry.partition(":")
        found[Action(action)] = Status(to) if to else status
    return found


def _standing(status: Status) -> Standing:
    """As open as it gets: the worker was asked long ago, the decision is fresh."""
    return Standing(status, asked_at=LONG_AGO, decided_at=NOW)


def test_the_table_here_speaks_of_every_status_and_role() -> None:
    assert set(EXPECTED) == set(Role)
    for table in EXPECTED.values():
        assert set(table) == {status.value for status in Status}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", list(Status))
def test_exactly_what_is_written_here_is_open(status: Status, role: Role) -> None:
    expected = _expected(status, role)
    for action in Action:
        if action in expected:
            assert check(_standing(status), action, role, NOW) is expected[action]
        else:
            with pytest.raises(NotAllowed):
                check(_standing(status), action, role, NOW)
    assert set(moves(_standing(status), role, NOW)) == set(expected)


def test_moves_come_in_the_order_of_the_vocabulary() -> None:
    order = list(Action)
    found = moves(_standing(Status.ACKNOWLEDGED), Role.HANDLER, NOW)
    assert list(found) == sorted(found, key=order.index)


def test_a_case_that_is_held_is_released_and_not_deleted() -> None:
    held = Standing(Status.CLOSED, held=True)
    check(held, Action.RELEASE, Role.SUPERVISOR, NOW)
    for action, role in ((Action.HOLD, Role.SUPERVISOR), (Action.EXPIRE, Role.SYSTEM)):
        with pytest.raises(NotAllowed):
            check(held, action, role, NOW)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", list(Status))
def test_nothing_is_open_once_the_words_are_deleted(status: Status, role: Role) -> None:
    assert moves(Standing(status, words_deleted=True), role, NOW) == ()


# --- the rules beside the table -------------------------------------------------------------


def test_nobody_resolves_before_the_worker_has_had_her_time() -> None:
    just_short = NOW - APPEAL_WINDOW + timedelta(microseconds=1)
    for role in (*HANDLING_ROLES, Role.SYSTEM):
        for asked_at in (None, NOW, just_short):
            with pytest.raises(NotAllowed, match="30 days"):
                check(Standing(Status.VERIFYING, asked_at), Action.RESOLVE, role, NOW)


def test_after_her_time_of_silence_a_case_is_resolved() -> None:
    standing = Standing(Status.VERIFYING, asked_at=NOW - APPEAL_WINDOW)
    assert check(standing, Action.RESOLVE, Role.SYSTEM, NOW) is Status.RESOLVED


def test_the_worker_may_confirm_or_dispute_however_late_while_nobody_has_resolved() -> None:
    standing = Standing(Status.VERIFYING, asked_at=LONG_AGO)
    assert check(standing, Action.CONFIRM, Role.WORKER, NOW) is Status.RESOLVED
    assert check(standing, Action.DISPUTE, Role.WORKER, NOW) is Status.APPEALED


@pytest.mark.parametrize(
    "status", [Status.RESOLVED, Status.CLOSED, Status.INADMISSIBLE, Status.REFERRED]
)
def test_an_appeal_is_open_for_thirty_days_to_the_moment(status: Status) -> None:
    last = Standing(status, decided_at=NOW - APPEAL_WINDOW)
    assert check(last, Action.APPEAL, Role.WORKER, NOW) is Status.APPEALED
    over = Standing(status, decided_at=NOW - APPEAL_WINDOW - timedelta(microseconds=1))
    with pytest.raises(NotAllowed, match="over"):
        check(over, Action.APPEAL, Role.WORKER, NOW)


def test_the_window_is_thirty_days() -> None:
    assert timedelta(days=30) == APPEAL_WINDOW


def test_who_decided_before_does_not_decide_again_after_an_appeal() -> None:
    for status in Status:
        for role in HANDLING_ROLES:
            for action in _expected(status, role):
                standing = Standing(status, LONG_AGO, NOW, handled_before=True)
                if action in DECIDING_AGAIN:
                    with pytest.raises(NotAllowed, match="somebody who did not handle"):
                        check(standing, action, role, NOW)
                else:
                    check(standing, action, role, NOW)


DECIDING_AGAIN = {
    Action.INVESTIGATE,
    Action.PROPOSE_REMEDY,
    Action.FINDING,
    Action.CONCLUDE,
    Action.REFER,
    Action.REJECT,
}


# --- the shape of the whole -----------------------------------------------------------------


def test_every_status_is_open_or_ended() -> None:
    assert set(OPEN) | set(ENDED) == set(Status)
    assert not set(OPEN) & set(ENDED)


def test_every_open_status_has_one_next_step_that_staff_may_take() -> None:
    for status in OPEN:
        assert TABLE[status, NEXT[status]].roles >= HANDLING_ROLES
    for status, action in NEXT.items():
        assert (status, action) in TABLE


def test_the_next_steps_alone_lead_from_filing_to_the_end() -> None:
    status, seen = Status.RECEIVED, []
    while status in NEXT:
        assert status not in seen
        seen.append(status)
        status = TABLE[status, NEXT[status]].to or status
    assert status is Status.CLOSED


def test_every_status_can_be_reached_and_every_open_one_can_end() -> None:
    leads: dict[Status, set[Status]] = {status: set() for status in Status}
    for (status, _), move in TABLE.items():
        leads[status].add(move.to or status)
    assert _reached(Status.RECEIVED, leads) == set(Status)
    for status in OPEN:
        assert _reached(status, leads) & set(ENDED)


def test_staff_alone_can_bring_every_open_case_to_an_end() -> None:
    leads: dict[Status, set[Status]] = {status: set() for status in Status}
    for (status, _), move in TABLE.items():
        if move.roles & HANDLING_ROLES:
            leads[status].add(move.to or status)
    for status in OPEN:
        assert _reached(status, leads) & set(ENDED)


def _reached(start: Status, leads: dict[Status, set[Status]]) -> set[Status]:
    reached, ahead = {start}, [start]
    while ahead:
        for status in leads[ahead.pop()] - reached:
            reached.add(status)
            ahead.append(status)
    return reached


def test_a_worker_may_always_add_something() -> None:
    for status in Status:
        assert check(Standing(status), Action.ADD, Role.WORKER, NOW) is status


def test_a_brand_may_do_nothing_at_all() -> None:
    for status in Status:
        assert moves(_standing(status), Role.BRAND, NOW) == ()


def test_that_the_factory_was_told_is_open_once() -> None:
    told = Standing(Status.INVESTIGATING, factory_told=True)
    assert Action.NOTIFY_FACTORY not in moves(told, Role.HANDLER, NOW)
    assert Action.NOTIFY_FACTORY in moves(_standing(Status.INVESTIGATING), Role.HANDLER, NOW)


@pytest.mark.parametrize("status", list(Status))
def test_to_somebody_forgotten_nobody_writes_and_for_her_answer_nobody_waits(
    status: Status,
) -> None:
    forgotten = Standing(status, asked_at=NOW, forgotten=True)
    for role in HANDLING_ROLES:
        without = set(moves(Standing(status, asked_at=LONG_AGO), role, NOW))
        assert set(moves(forgotten, role, NOW)) == without - {Action.ASK, Action.REPLY}

"""Which action is open, from which status, to whom: one table, read by everything.

Pure. ``moves`` answers for a button, ``check`` for a request; both read ``TABLE``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.errors import NotAllowed
from casework.vocabulary import Action, Role, Status

APPEAL_WINDOW = timedelta(days=30)
"""How long a worker may dispute or appeal, and how long her silence is waited for (our default)."""

HANDLING_ROLES = frozenset({Role.HANDLER, Role.SUPERVISOR, Role.ADMIN})
"""Roles that work on cases."""

LEADING = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Roles that decide about more time."""

_STAFF = HANDLING_ROLES
_WORKER = frozenset({Role.WORKER})
_SYSTEM = frozenset({Role.SYSTEM})
_TRANSLATING = _STAFF | {Role.INTERPRETER}

OPEN = (
    Status.RECEIVED,
    Status.ACKNOWLEDGED,
    Status.ASSESSING,
    Status.INVESTIGATING,
    Status.REMEDYING,
    Status.VERIFYING,
    Status.APPEALED,
)
"""Statuses in which somebody owes the worker a next step."""

ENDED = tuple(status for status in Status if status not in OPEN)


DECIDING = frozenset(
    {
        Action.INVESTIGATE,
        Action.PROPOSE_REMEDY,
        Action.FINDING,
        Action.CONCLUDE,
        Action.REFER,
        Action.REJECT,
    }
)
"""What after a dispute or an appeal another person does (field.md section 4)."""


WRITING = frozenset({Action.ASK, Action.REPLY})
"""What is nothing but words to the worker."""

REMEDIED = (
    *(status for status in OPEN if status is not Status.RECEIVED),
    Status.RESOLVED,
    Status.CLOSED,
)
"""Statuses in which a remedy may be planned, paid and verified. What was promised to a worker is
still owed, and looked at again, after the case is closed."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where an action leads (``None``: the status stays) and who may take it."""

    to: Status | None
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a case decides which actions are open. Times are aware."""

    status: Status
    asked_at: datetime | None = None
    decided_at: datetime | None = None
    handled_before: bool = False
    """The actor decided this case before the worker disputed that or appealed against it."""
    forgotten: bool = False
    """The worker asked to be forgotten: there is nobody to ask, to tell or to wait for."""
    factory_told: bool = False
    """It is noted that the factory knows of the complaint: once is enough."""
    asked: bool = False
    """A question waits for the worker's answer: only then a case may pause."""
    paused_until: datetime | None = None
    """When the pause of its clocks is over at the latest."""
    words_deleted: bool = False
    """Its words were deleted under retention: nothing can be done with it any more."""
    held: bool = False
    """It is kept from being deleted."""
    hurried: bool = False
    """Critical, or sexual violence: such a case never pauses."""


def _moves(
    action: Action, froms: tuple[Status, ...], to: Status | None, roles: frozenset[Role]
) -> dict[tuple[Status, Action], Move]:
    return {(status, action): Move(to, roles) for status in froms}


DECIDABLE = (Status.ASSESSING, Status.INVESTIGATING, Status.REMEDYING)
"""Statuses in which issues are found to be so or not, and the outcome can be told."""

_UNDER_WAY = (Status.ACKNOWLEDGED, Status.ASSESSING, Status.INVESTIGATING)

TABLE: dict[tuple[Status, Action], Move] = {
    **_moves(Action.ACKNOWLEDGE, (Status.RECEIVED,), Status.ACKNOWLEDGED, _STAFF),
    **_moves(Action.TRIAGE, OPEN, None, _STAFF),
    **_moves(Action.ASSIGN, OPEN, None, _STAFF | _SYSTEM),
    **_moves(Action.ASK, OPEN, None, _STAFF),
    **_moves(Action.REPLY, tuple(s for s in Status if s is not Status.WITHDRAWN), None, _STAFF),
    **_moves(Action.NOTE, tuple(Status), None, _STAFF),
    **_moves(
        Action.NOTIFY_FACTORY,
        tuple(status for status in OPEN if status is not Status.RECEIVED),
        None,
        _STAFF,
    ),
    **_moves(Action.ASSESS, (Status.ACKNOWLEDGED,), Status.ASSESSING, _STAFF),
    **_moves(
        Action.INVESTIGATE,
        (Status.ACKNOWLEDGED, Status.ASSESSING, Status.APPEALED),
        Status.INVESTIGATING,
        _STAFF,
    ),
    **_moves(Action.FINDING, DECIDABLE, None, _STAFF),
    **_moves(Action.PROPOSE_REMEDY, (Status.INVESTIGATING,), Status.REMEDYING, _STAFF),
    **_moves(Action.CONCLUDE, DECIDABLE, Status.VERIFYING, _STAFF),
    **_moves(Action.RESOLVE, (Status.VERIFYING,), Status.RESOLVED, _STAFF | _SYSTEM),
    **_moves(Action.CLOSE, (Status.RESOLVED,), Status.CLOSED, _STAFF),
    **_moves(Action.REFER, _UNDER_WAY, Status.REFERRED, _STAFF),
    **_moves(Action.REJECT, _UNDER_WAY, Status.INADMISSIBLE, _STAFF),
    **_moves(Action.ADD, tuple(Status), None, _WORKER),
    **_moves(Action.CONFIRM, (Status.VERIFYING,), Status.RESOLVED, _WORKER),
    **_moves(Action.DISPUTE, (Status.VERIFYING,), Status.APPEALED, _WORKER),
    **_moves(
        Action.APPEAL,
        (Status.RESOLVED, Status.CLOSED, Status.INADMISSIBLE, Status.REFERRED),
        Status.APPEALED,
        _WORKER,
    ),
    **_moves(Action.WITHDRAW, OPEN, Status.WITHDRAWN, _WORKER),
    **_moves(Action.RATE, ENDED, None, _WORKER),
    **_moves(Action.CHECK_IN, tuple(Status), None, _WORKER),
    **_moves(Action.MOVE, tuple(Status), None, _WORKER),
    **_moves(Action.FORGET, tuple(Status), None, _WORKER),
    **_moves(Action.LINK, tuple(Status), None, _STAFF | _SYSTEM),
    **_moves(Action.UNLINK, tuple(Status), None, _STAFF),
    **_moves(Action.END_DUPLICATE, OPEN, Status.CLOSED, _STAFF),
    **_moves(Action.TOLD, tuple(Status), None, _STAFF),
    **_moves(Action.RENEW_RECEIPT, tuple(Status), None, _STAFF),
    **_moves(Action.PROTECT, OPEN, None, _STAFF),
    **_moves(Action.PARTY, tuple(Status), None, _STAFF),
    **_moves(Action.INTERVIEW, tuple(Status), None, _STAFF),
    **_moves(Action.TASK, tuple(Status), None, _STAFF),
    **_moves(Action.CONSIDER, OPEN, None, _STAFF),
    **_moves(Action.PAUSE, tuple(s for s in OPEN if s is not Status.VERIFYING), None, _STAFF),
    **_moves(Action.RESUME, OPEN, None, _STAFF),
    **_moves(Action.ASK_EXTENSION, OPEN, None, _STAFF),
    **_moves(Action.EXTEND, OPEN, None, LEADING),
    **_moves(Action.REFUSE_EXTENSION, OPEN, None, LEADING),
    **_moves(Action.MISS, OPEN, None, _SYSTEM),
    **_moves(Action.ESCALATE, OPEN, None, _SYSTEM),
    **_moves(Action.RECALCULATE, OPEN, None, LEADING),
    **_moves(Action.DECLARE, tuple(Status), None, _STAFF),
    **_moves(Action.BAR, tuple(Status), None, _TRANSLATING | _SYSTEM),
    **_moves(Action.PLAN_REMEDY, REMEDIED, None, _STAFF),
    **_moves(Action.VERIFY_REMEDY, REMEDIED, None, _STAFF),
    **_moves(Action.RECORD_MONEY, REMEDIED, None, _STAFF),
    **_moves(Action.INVITE_FACTORY, REMEDIED, None, _STAFF),
    **_moves(Action.FACTORY_ANSWER, REMEDIED, None, _SYSTEM),
    **_moves(Action.EXPORT, tuple(Status), None, LEADING),
    **_moves(Action.REDACT, tuple(Status), None, _STAFF),
    **_moves(Action.HOLD, tuple(Status), None, LEADING),
    **_moves(Action.RELEASE, tuple(Status), None, LEADING),
    **_moves(Action.EXPIRE, ENDED, None, _SYSTEM),
    **_moves(Action.HOLD_WORDS, tuple(Status), None, _STAFF),
    **_moves(Action.DROP_WORDS, tuple(Status), None, _STAFF),
    **_moves(Action.TRANSLATE, tuple(Status), None, _TRANSLATING),
    **_moves(Action.TRANSCRIBE, tuple(Status), None, _TRANSLATING),
    **_moves(Action.ASK_INTERPRETER, tuple(Status), None, _STAFF),
}

NEXT: dict[Status, Action] = {
    Status.RECEIVED: Action.ACKNOWLEDGE,
    Status.ACKNOWLEDGED: Action.ASSESS,
    Status.ASSESSING: Action.INVESTIGATE,
    Status.INVESTIGATING: Action.PROPOSE_REMEDY,
    Status.REMEDYING: Action.CONCLUDE,
    Status.VERIFYING: Action.RESOLVE,
    Status.RESOLVED: Action.CLOSE,
    Status.APPEALED: Action.INVESTIGATE,
}
"""The one next step of a case, by status; nothing where it has ended."""


def check(standing: Standing, action: Action, role: Role, now: datetime) -> Status:
    """The status after ``action``; ``NotAllowed`` says why it is not open."""
    move = TABLE.get((standing.status, action))
    if move is None or role not in move.roles:
        raise NotAllowed("This step is not open for the case as it stands. Reload the page.")
    if standing.words_deleted:
        raise NotAllowed(
            "What was said in this case was deleted, because the time to keep it is over. Nothing"
            " can be done with it any more."
        )
    if (action is Action.HOLD and standing.held) or (
        action is Action.RELEASE and not standing.held
    ):
        raise NotAllowed("Somebody did this already. Reload the page.")
    if action is Action.EXPIRE and standing.held:
        raise NotAllowed("This case is kept from being deleted.")
    if action in WRITING and standing.forgotten:
        raise NotAllowed("The worker asked to be forgotten: nobody can write to them any more.")
    if action is Action.NOTIFY_FACTORY and standing.factory_told:
        raise NotAllowed("It is noted already that the factory was told.")
    if action is Action.PAUSE:
        _check_pause(standing, now)
    if action is Action.RESUME and not _is_paused(standing, now):
        raise NotAllowed("The clocks of this case run: nothing is paused.")
    if action is Action.RESOLVE and not _silence_is_over(standing, now):
        raise NotAllowed(
            "The worker was asked and may still answer. The case counts as resolved when the worker"
            " confirms, or after 30 days without an answer."
        )
    if action is Action.APPEAL and not _may_appeal(standing, now):
        raise NotAllowed("The 30 days for an appeal are over.")
    if action in DECIDING and standing.handled_before:
        raise NotAllowed(
            "The worker appealed: somebody who did not handle the case before takes it up."
        )
    return move.to or standing.status


def moves(standing: Standing, role: Role, now: datetime) -> tuple[Action, ...]:
    """Every action open to a role now, in the order of the vocabulary."""
    found = []
    for action in Action:
        try:
            check(standing, action, role, now)
        except NotAllowed:
            continue
        found.append(action)
    return tuple(found)


def leads_to(action: Action) -> frozenset[Status]:
    """Where a case stands after ``action``; empty where it stays as it stood."""
    return frozenset(move.to for (_, one), move in TABLE.items() if one is action and move.to)


def _is_paused(standing: Standing, now: datetime) -> bool:
    return standing.paused_until is not None and now < standing.paused_until


def _check_pause(standing: Standing, now: datetime) -> None:
    if standing.hurried:
        raise NotAllowed("Critical cases and cases of sexual violence never pause.")
    if _is_paused(standing, now):
        raise NotAllowed("The clocks of this case are paused already.")
    if not standing.asked:
        raise NotAllowed(
            "Clocks pause only while the case waits for the worker. Ask the worker first."
        )


def _silence_is_over(standing: Standing, now: datetime) -> bool:
    if standing.forgotten:
        return True
    return standing.asked_at is not None and now >= standing.asked_at + APPEAL_WINDOW


def _may_appeal(standing: Standing, now: datetime) -> bool:
    return standing.decided_at is None or now <= standing.decided_at + APPEAL_WINDOW

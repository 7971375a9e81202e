"""What starts, meets and ends each promise: one table, read by everything. Pure.

Which of them run for a case, and for how long, says ``casework.deadlines.policies``; their rows are kept by
``casework.deadlines.promises``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.vocabulary import Action, Promise

Actions = frozenset[Action]

_DECIDED: Actions = frozenset({Action.CONCLUDE, Action.REFER, Action.REJECT})
"""The worker is told how it ends, in words of its own."""

_TAKEN_BACK: Actions = frozenset({Action.WITHDRAW, Action.END_DUPLICATE})
"""Or told twice: what was promised is kept in the other case."""
_CONTESTED: Actions = frozenset({Action.DISPUTE, Action.APPEAL})

_NOTHING: Actions = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """Which actions start, meet and end a promise."""

    starts: Actions
    meets: Actions
    ends: Actions = _TAKEN_BACK
    """It falls away, not kept: the case took another way. The event of that action says which."""
    renews: Actions = _NOTHING
    """Kept, and its next round starts at once."""


RULES: dict[Promise, Rule] = {
    Promise.ACKNOWLEDGE: Rule(
        starts=frozenset({Action.FILE}), meets=frozenset({Action.ACKNOWLEDGE})
    ),
    Promise.TRIAGE: Rule(
        starts=frozenset({Action.FILE}),
        meets=frozenset({Action.TRIAGE}),
        ends=_TAKEN_BACK | _DECIDED,
    ),
    Promise.FIRST_REPLY: Rule(
        starts=frozenset({Action.FILE}),
        meets=frozenset({Action.ASK, Action.REPLY, Action.PROPOSE_REMEDY}) | _DECIDED,
        ends=_TAKEN_BACK | {Action.FORGET},
    ),
    Promise.PROTECTION: Rule(
        starts=frozenset({Action.FILE}),
        meets=frozenset({Action.PROTECT}),
        ends=_TAKEN_BACK | _DECIDED | {Action.FORGET},
    ),
    Promise.INVESTIGATE: Rule(
        starts=frozenset({Action.ACKNOWLEDGE}),
        meets=frozenset({Action.PROPOSE_REMEDY}) | _DECIDED,
    ),
    Promise.REMEDY: Rule(
        starts=frozenset({Action.PROPOSE_REMEDY}),
        meets=frozenset({Action.CONCLUDE}),
        ends=_TAKEN_BACK | {Action.REFER, Action.REJECT},
    ),
    Promise.PROGRESS: Rule(
        starts=frozenset({Action.ACKNOWLEDGE}) | _CONTESTED,
        meets=_DECIDED,
        ends=_TAKEN_BACK | {Action.FORGET},
        renews=frozenset(
            {Action.ASK, Action.REPLY, Action.ASSESS, Action.INVESTIGATE, Action.PROPOSE_REMEDY}
        ),
    ),
    Promise.OUTCOME: Rule(starts=frozenset({Action.ACKNOWLEDGE}), meets=_DECIDED),
    Promise.CONFIRMATION: Rule(
        starts=frozenset({Action.CONCLUDE}),
        meets=frozenset({Action.CONFIRM, Action.DISPUTE, Action.RESOLVE}),
    ),
    Promise.APPEAL: Rule(starts=_CONTESTED, meets=_DECIDED),
}
"""The bot's own receipt meets no promise. A dispute or an appeal starts one promise to decide it and
goes on with messages on progress; the investigation and the outcome are not promised a second time,
because the decision of the appeal is due sooner than either. A remedy proposed after it is."""

TO_WORKER = frozenset(
    {
        Promise.ACKNOWLEDGE,
        Promise.FIRST_REPLY,
        Promise.PROGRESS,
        Promise.OUTCOME,
        Promise.APPEAL,
    }
)
"""What the worker hears of when it is kept; the others are ours, and she is told no date of them."""

_WORDS_ALONE = frozenset({Promise.FIRST_REPLY, Promise.PROGRESS})
"""Promises to write: owed to nobody when the worker asked to be forgotten."""

MATTERS: Actions = frozenset().union(
    *(rule.starts | rule.meets | rule.ends | rule.renews for rule in RULES.values())
)
"""Every other action leaves all clocks as they are."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What an action does to the promises of a case. One that is renewed is both met and started."""

    meets: frozenset[Promise]
    ends: frozenset[Promise]
    starts: frozenset[Promise]


def turn(
    action: Action,
    running: Mapping[Promise, datetime],
    now: datetime,
    *,
    forgotten: bool = False,
) -> Turn:
    """What ``action`` does now to a case whose promises in ``running`` (and when each was started)
    are neither kept nor fallen away; a missed one still runs.

    What was started this very moment is not renewed: it began with the same message.
    """
    renewed = {
        promise
        for promise, started in running.items()
        if action in RULES[promise].renews and started < now
    }
    begun = {
        promise
        for promise, rule in RULES.items()
        if action in rule.starts and promise not in running
    }
    if forgotten:
        begun -= _WORDS_ALONE
    return Turn(
        meets=frozenset(p for p in running if action in RULES[p].meets) | renewed,
        ends=frozenset(p for p in running if action in RULES[p].ends),
        starts=frozenset(begun | renewed),
    )


def running(
    past: Iterable[tuple[Action, datetime]], *, forgotten: datetime | None = None
) -> dict[Promise, datetime]:
    """Which promises a history leaves neither kept nor fallen away, each with when it started;
    whether they were promised at all is not asked.

    ``past`` is in order; ``forgotten``: when the worker asked to be forgotten.
    """
    found: dict[Promise, datetime] = {}
    for action, at in past:
        gone = forgotten is not None and at >= forgotten
        done = turn(action, found, at, forgotten=gone)
        for promise in done.meets | done.ends:
            del found[promise]
        found |= dict.fromkeys(done.starts, at)
    return found

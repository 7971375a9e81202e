"""What is done to several cases at once: assigned, linked as one matter, written to.

Each case is looked at by itself: what is not open for one holds up no other, and is said. All of it
is one transaction, which the edge commits; a case that fails half-way is put back as it was.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, select

from casework import cases, grouping
from casework.actors import Actor
from casework.db import Session, for_change
from casework.errors import BadInput, NotAllowed, Remark
from casework.lifecycle import OPEN
from casework.models import Case, Reporter, Staff
from casework.searching.queue import visible
from casework.vocabulary import Action, Contact, LinkKind, Status

AT_MOST = 200
"""Cases at a time (our default): a preview that nobody can read protects nobody."""

_UNKNOWN = Remark("There is no such case, or you may not see it.")
_CHANGED = Remark("Somebody changed this case meanwhile. Look at it, then do it again.")
_OTHER_LANGUAGE = Remark("You wrote nothing in the language of this worker.")

Marks = Mapping[str, int]
"""References of cases, each with the number of events it had when it was looked at. So a form that
is sent twice does nothing twice."""


class Way(StrEnum):
    """Whether words reach a worker."""

    REACHED = "reached"
    LATER = "later"
    """The channel did not take the last message: they wait until the worker comes back."""
    ON_RETURN = "on-return"
    """The worker wants no messages, and sees them on coming back."""
    IN_PERSON = "in-person"
    """Taken by phone or in person: somebody tells them."""
    NOBODY = "nobody"
    """The worker asked to be forgotten, or took the complaint back."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker among several cases, with all of theirs; the first is the one to write to."""

    cases: tuple[Case, ...]
    way: Way

    @property
    def language(self) -> str:
        """What they read."""
        return self.cases[0].language


@dataclass(slots=True)
class Result:
    """What came of it: cases that were done, and why others were not."""

    done: list[Case] = field(default_factory=list)
    failed: list[tuple[str, Remark]] = field(default_factory=list)


def chosen(
    session: Session, actor: Actor, references: Collection[str], *, lock: bool = False
) -> list[Case]:
    """Those of the cases that the actor may see, oldest first; ``BadInput`` where they are too
    many."""
    if len(set(references)) > AT_MOST:
        raise BadInput("At most %(count)s cases at a time. Choose fewer.", count=AT_MOST)
    if not references:
        return []
    statement = select(Case).where(col(Case.reference).in_(set(references)), *visible(actor))
    statement = statement.order_by(col(Case.id))
    return list(session.exec(for_change(statement) if lock else statement))


def workers(session: Session, found: Sequence[Case]) -> list[Worker]:
    """The workers of these cases, each once, in the order of their first cases."""
    rows = {case.reporter_id for case in found if case.reporter_id is not None}
    statement = select(Reporter).where(col(Reporter.id).in_(rows))
    reporters = {one.id: one for one in session.exec(statement)} if rows else {}
    theirs: dict[tuple[int, int], list[Case]] = {}
    for case in found:
        # Who is not known to be one worker is several.
        key = (case.reporter_id, 0) if case.reporter_id is not None else (0, case.id)
        theirs.setdefault(key, []).append(case)
    return [
        Worker(tuple(sorted(mine, key=_first)), _way(mine, reporters.get(key[0])))
        for key, mine in theirs.items()
    ]


def assign(session: Session, marks: Marks, to: Staff | None, *, by: Actor, now: datetime) -> Result:
    """Give cases to somebody, or to nobody."""
    result, found = _look(session, marks, by)
    for case in found:
        _try(session, result, case, lambda one: cases.assign(session, one, to, by=by, now=now))
    return result


def collect(session: Session, marks: Marks, *, by: Actor, now: datetime) -> Result:
    """Link cases as one matter of several workers: each with the one that was received first."""
    result, found = _look(session, marks, by)
    if len(found) < 2:
        raise BadInput("Choose at least two cases.")
    first = grouping.earliest(found)

    def join(one: Case) -> None:
        grouping.link(session, first, one, LinkKind.COLLECTIVE, by=by, now=now)

    for case in found:
        if case is not first:
            _try(session, result, case, join)
    if result.done:
        result.done.insert(0, first)
    return result


def write(
    session: Session, marks: Marks, texts: Mapping[str, str], *, by: Actor, now: datetime
) -> Result:
    """Reply to the workers of cases, each in the language they read: one worker, one message.

    It stands in the story of each of a worker's cases, and one notice tells of it. Whose language
    is not among ``texts`` is not written to.
    """
    said = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not said:
        raise BadInput("Write the message first.")
    result, found = _look(session, marks, by)
    for worker in workers(session, found):
        text = said.get(worker.language)
        told = False
        for case in worker.cases:
            if text is None:
                result.failed.append((case.reference, _OTHER_LANGUAGE))
                continue
            told |= _try(session, result, case, _reply(session, text, not told, by, now))
    return result


def _reply(
    session: Session, text: str, announced: bool, by: Actor, now: datetime
) -> Callable[[Case], object]:
    return lambda case: cases.advance(
        session, case, Action.REPLY, by=by, now=now, text=text, announced=announced
    )


def _look(session: Session, marks: Marks, by: Actor) -> tuple[Result, list[Case]]:
    """Lock what is there, visible and unchanged; what is not has failed."""
    found = chosen(session, by, marks, lock=True)
    seen = {case.reference for case in found}
    result = Result(failed=[(one, _UNKNOWN) for one in marks if one not in seen])
    fresh = [case for case in found if case.event_count == marks[case.reference]]
    result.failed += [(case.reference, _CHANGED) for case in found if case not in fresh]
    return result, fresh


def _try(session: Session, result: Result, case: Case, do: Callable[[Case], object]) -> bool:
    """Do it to one case; where it is not open, nothing of it is left."""
    reference = case.reference
    try:
        with session.begin_nested():
            do(case)
    except (BadInput, NotAllowed) as error:
        result.failed.append((reference, error.remark))
        return False
    result.done.append(case)
    return True


def _first(case: Case) -> tuple[bool, int]:
    """Of a worker's cases the one to write to: an open one, the newest."""
    return case.status not in OPEN, -case.id


def _way(found: Sequence[Case], reporter: Reporter | None) -> Way:
    if all(case.forgotten_at or case.status is Status.WITHDRAWN for case in found):
        return Way.NOBODY
    if reporter is None:
        return Way.IN_PERSON
    if reporter.contact is Contact.NEVER:
        return Way.ON_RETURN
    return Way.LATER if reporter.unreachable_since else Way.REACHED

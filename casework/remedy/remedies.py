"""The plan of remedy: actions that are added, changed, said to be done, refused, dropped.

Each change writes one event with ids, codes and dates, and a keyed digest of the words it is about.
Who checks that something is done: ``casework.remedy.verifying``. The factory's side: ``casework.remedy.suppliers``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from casework import lifecycle
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.deadlines import policies, promises
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.messaging import messages
from casework.models import Case, RemedyAction, RemedyEntry, Staff, SupplierContact
from casework.references import new_reference
from casework.remedy import remedy_rules, revealing
from casework.searching import searchwords
from casework.standing import standing
from casework.vocabulary import Action, Promise, RemedyKind, RemedyOwner, RemedyState, RemedyStep

WORDS_AT_MOST = 4000
_OFFICE_SAYS = frozenset(
    {RemedyStep.CLAIMED, RemedyStep.REFUSED, RemedyStep.DROPPED, RemedyStep.REOPENED}
)
_NEEDS_WORDS = _OFFICE_SAYS - {RemedyStep.CLAIMED}


@dataclass(frozen=True, slots=True)
class Draft:
    """An action as a handler writes it. Of the three owners one says who it is."""

    kind: RemedyKind
    owner: RemedyOwner
    what: str
    due_on: date
    proof: str = ""
    staff_id: int | None = None
    contact_id: int | None = None
    organisation: str = ""
    for_factory: str = ""
    issues: tuple[str, ...] = ()
    sure: bool = False
    """It was said once more that the factory may be asked in a restricted case."""


def add(session: Session, case: Case, draft: Draft, *, by: Actor, now: datetime) -> RemedyAction:
    """A new action of the plan. ``BadInput`` says what is missing."""
    _check_open(case, by, now)
    _check(session, case, draft, None)
    number = len(of_case(session, case.id)) + 1
    row = new_id(now)
    action = RemedyAction(
        id=row,
        case_id=case.id,
        number=number,
        code=_code(),
        kind=draft.kind,
        owner=draft.owner,
        what_sealed=b"",
        due_on=draft.due_on,
        added_at=now,
    )
    _fill(session, case, action, draft)
    session.add(action)
    session.flush()
    note(session, case, action, RemedyStep.ADDED, by=by, now=now, data=_told(session, action))
    return action


def change(
    session: Session, case: Case, action: RemedyAction, draft: Draft, *, by: Actor, now: datetime
) -> None:
    """Write an open action anew. What is done or dropped is reopened first."""
    _check_open(case, by, now)
    remedy_rules.after(action.state, RemedyStep.CHANGED)
    _check(session, case, draft, action)
    before = " ".join(words(session, action, name) for name in ("what", "proof"))
    _fill(session, case, action, draft)
    session.flush()
    # The case is no longer found by words that stood only there.
    searchwords.take_away(session, case.id, before, messages.texts(session, case))
    note(session, case, action, RemedyStep.CHANGED, by=by, now=now, data=_told(session, action))


def take(
    session: Session,
    case: Case,
    action: RemedyAction,
    step: RemedyStep,
    words: str,
    *,
    by: Actor,
    now: datetime,
) -> RemedyEntry:
    """The office notes that an action is said to be done, is refused, dropped or open again."""
    _check_open(case, by, now)
    if step not in _OFFICE_SAYS:
        raise NotAllowed("This step is not open for the action as it stands. Reload the page.")
    after = remedy_rules.after(action.state, step)
    if step in _NEEDS_WORDS and not words.strip():
        raise BadInput("Say why, in words that only colleagues read.")
    action.state = after
    if step in (RemedyStep.REOPENED, RemedyStep.DROPPED):
        action.look_again_on = None
    return note(session, case, action, step, words, by=by, now=now)


def note(
    session: Session,
    case: Case,
    action: RemedyAction,
    step: RemedyStep,
    words: str = "",
    *,
    by: Actor,
    now: datetime,
    entry: RemedyEntry | None = None,
    event: Action = Action.PLAN_REMEDY,
    data: dict[str, object] | None = None,
) -> RemedyEntry:
    """Keep what happened to an action, its words sealed, and append its event to the chain."""
    row, words = (entry.id if entry else new_id(now)), words.strip()[:WORDS_AT_MOST]
    entry = entry or RemedyEntry(id=row, action_id=action.id, at=now, step=step)
    entry.staff_id = by.staff_id
    if words:
        entry.words_sealed = session.vault.seal_text("remedyentry", "words_sealed", row, words)
        searchwords.add(session, case.id, words)
    session.add(entry)
    said: dict[str, object] = {
        "remedy": action.id,
        "number": action.number,
        "step": step.value,
        "state": action.state.value,
        "entry": row,
        **(data or {}),
    }
    if words:
        said["words"] = _digest(session, row, words)
    events.record(session, case, event, by=by, now=now, before=case.status, data=said)
    session.flush()
    return entry


def of_case(session: Session, case_id: int) -> list[RemedyAction]:
    """The plan of a case in its order."""
    statement = select(RemedyAction).where(RemedyAction.case_id == case_id)
    return list(session.exec(statement.order_by(col(RemedyAction.number))))


def find(session: Session, case: Case, row: int) -> RemedyAction | None:
    """An action of a case."""
    statement = select(RemedyAction).where(RemedyAction.id == row, RemedyAction.case_id == case.id)
    return session.exec(statement).first()


def entries_of(session: Session, actions: Sequence[RemedyAction]) -> list[RemedyEntry]:
    """What happened to some actions, oldest first."""
    ids = [action.id for action in actions]
    statement = select(RemedyEntry).where(col(RemedyEntry.action_id).in_(ids))
    return list(session.exec(statement.order_by(col(RemedyEntry.id))))


def require_plan(session: Session, case: Case) -> None:
    """``BadInput`` where nothing is planned: what is not planned can't be proposed."""
    if all(action.state is RemedyState.DROPPED for action in of_case(session, case.id)):
        raise BadInput(
            "Make the plan first, on the page “Remedy”: at least one action, by whom and until when."
        )


def undone(plan: Iterable[RemedyAction]) -> int:
    """How many actions of a plan nobody has verified, of those that were not dropped."""
    return sum(action.state in remedy_rules.UNDONE for action in plan)


def words(session: Session, action: RemedyAction, column: str) -> str:
    """One of the sealed texts of an action: ``what``, ``proof``, ``owner`` or ``factory``."""
    sealed: bytes = getattr(action, f"{column}_sealed")
    if not sealed:
        return ""
    return session.vault.open_text("remedyaction", f"{column}_sealed", action.id, sealed)


def said(session: Session, entry: RemedyEntry, column: str = "words") -> str:
    """What was written with something that happened, ``""`` if nothing."""
    sealed: bytes = getattr(entry, f"{column}_sealed")
    if not sealed:
        return ""
    return session.vault.open_text("remedyentry", f"{column}_sealed", entry.id, sealed)


def suggested_day(session: Session, case: Case, now: datetime) -> date:
    """By when a remedy of this case is promised: the day to start from."""
    terms = promises.terms(session, case)
    for clock in promises.of_case(session, case.id):
        if clock.promise is Promise.REMEDY and promises.is_owed(clock):
            return clock.due_at.astimezone(terms.calendar.zone).date()
    line = terms.policy.line(Promise.REMEDY, case.severity, case.category)
    if line is None:
        return (now + timedelta(days=30)).date()
    due = policies.due(Promise.REMEDY, now, terms.calendar, line)
    return due.at.astimezone(terms.calendar.zone).date()


def _check_open(case: Case, by: Actor, now: datetime) -> None:
    lifecycle.check(standing(case, by), Action.PLAN_REMEDY, by.role, now)


def _check(session: Session, case: Case, draft: Draft, action: RemedyAction | None) -> None:
    if not draft.what.strip():
        raise BadInput("Say what is to be done.")
    match draft.owner:
        case RemedyOwner.OFFICE:
            person = session.get(Staff, draft.staff_id) if draft.staff_id else None
            if person is None or not person.active or person.role not in lifecycle.HANDLING_ROLES:
                raise BadInput("Choose who of the office does it.")
            if case.restricted and not person.restricted_pool:
                raise BadInput("This case is restricted: choose somebody of the restricted pool.")
        case RemedyOwner.OTHER:
            if not draft.organisation.strip():
                raise BadInput("Say who does it: the name of the organisation.")
        case RemedyOwner.FACTORY:
            _check_factory(session, case, draft, action)


def _check_factory(session: Session, case: Case, draft: Draft, action: RemedyAction | None) -> None:
    if draft.contact_id is None:
        return
    contact = session.get(SupplierContact, draft.contact_id)
    if contact is None or contact.case_id != case.id:
        raise BadInput("Choose a contact of this case.")
    if not draft.for_factory.strip():
        raise BadInput("Write what the factory reads: nothing else of the action is shown to it.")
    revealing.check(session, case, draft.for_factory)
    known = action is not None and action.contact_id == contact.id
    if case.restricted and not known and not draft.sure:
        raise BadInput(
            "This case is restricted. Tick the box to say that the person concerned agrees that the"
            " factory is asked."
        )


def _fill(session: Session, case: Case, action: RemedyAction, draft: Draft) -> None:
    def seal(column: str, text: str) -> bytes:
        text = text.strip()[:WORDS_AT_MOST]
        return session.vault.seal_text("remedyaction", column, action.id, text) if text else b""

    office = draft.owner is RemedyOwner.OFFICE
    factory = draft.owner is RemedyOwner.FACTORY
    other = draft.owner is RemedyOwner.OTHER
    action.kind, action.owner, action.due_on = draft.kind, draft.owner, draft.due_on
    action.staff_id = draft.staff_id if office else None
    action.contact_id = draft.contact_id if factory else None
    action.what_sealed = seal("what_sealed", draft.what)
    action.proof_sealed = seal("proof_sealed", draft.proof)
    action.owner_sealed = seal("owner_sealed", draft.organisation if other else "")
    action.factory_sealed = seal("factory_sealed", draft.for_factory if factory else "")
    action.issues = list(draft.issues)
    searchwords.add(session, case.id, draft.what, draft.proof)


def _told(session: Session, action: RemedyAction) -> dict[str, object]:
    """What the event of an action that was written says of it."""
    texts = (words(session, action, name) for name in ("what", "proof", "owner", "factory"))
    return {
        "kind": action.kind.value,
        "owner": action.owner.value,
        "staff": action.staff_id,
        "contact": action.contact_id,
        "due": action.due_on.isoformat(),
        "issues": list(action.issues),
        "digest": _digest(session, action.id, "\0".join(texts)),
    }


def _digest(session: Session, row: int, text: str) -> str:
    return session.vault.index("remedy", f"{row}\0{text}").hex()


def _code() -> str:
    """A name for an action that is drawn like a case's number, and can't be taken for one."""
    return "A-" + new_reference().removeprefix("RC-")[:4] + "-" + new_reference()[-2:]

"""The ledger of a case: what groups of people are owed and were paid, entry by entry.

An entry is never changed; what was wrong is reversed by another one. Each has its event in the
chain of the case with the same numbers, so neither can be changed without the other telling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from casework import lifecycle
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.models import Case, CaseEvent, LedgerEntry, PersonGroup
from casework.remedy import money
from casework.remedy.money import Balance, Entry
from casework.standing import standing
from casework.vocabulary import Action, LedgerKind

MOST_PERSONS = 1_000_000
LABEL_AT_MOST = 200
NOTE_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What is noted of a payment or of what is owed. ``amount`` in minor units of ``currency``."""

    kind: LedgerKind
    currency: str
    amount: int
    day: date
    note: str = ""


def add_group(
    session: Session, case: Case, label: str, persons: int, *, by: Actor, now: datetime
) -> PersonGroup:
    """A group of people to whom money is owed, under a name that stays sealed."""
    lifecycle.check(standing(case, by), Action.RECORD_MONEY, by.role, now)
    label = label.strip()[:LABEL_AT_MOST]
    if not label:
        raise BadInput("Say who the people are, in words that only colleagues read.")
    if not 1 <= persons <= MOST_PERSONS:
        raise BadInput("Say how many people they are: a number from 1.")
    row = new_id(now)
    sealed = session.vault.seal_text("persongroup", "label_sealed", row, label)
    group = PersonGroup(id=row, case_id=case.id, label_sealed=sealed, persons=persons, added_at=now)
    session.add(group)
    data = {"group": row, "persons": persons, "digest": _digest(session, row, label)}
    events.record(session, case, Action.RECORD_MONEY, by=by, now=now, before=case.status, data=data)
    session.flush()
    return group


def record(
    session: Session, case: Case, group: PersonGroup, line: Line, *, by: Actor, now: datetime
) -> LedgerEntry:
    """Note a payment, or what is owed altogether from now on: what an entry keeps of that is the
    difference. ``BadInput`` where nothing would change.

    More may be paid than is owed, or before anybody noted what is owed: it happened, and what
    happened has to be told. Whoever reads the ledger is warned of it.
    """
    lifecycle.check(standing(case, by), Action.RECORD_MONEY, by.role, now)
    assert group.case_id == case.id
    if line.currency not in money.currencies():
        raise BadInput("Choose a currency.")
    if not 0 <= line.amount <= money.LARGEST:
        raise BadInput("This amount is too large. Check how many zeros it has.")
    amount = line.amount
    if line.kind is LedgerKind.OWED:
        amount -= _owed(entries_of(session, case.id), group.id, line.currency)
    if amount == 0:
        raise BadInput("Nothing would change: this amount is noted already, or it is zero.")
    if line.kind is LedgerKind.PAID and line.day > _tomorrow(now):
        raise BadInput("This day is still to come. Note a payment when it was made.")
    return _append(session, case, group.id, line, amount, None, by, now)


def reverse(
    session: Session, case: Case, entry: LedgerEntry, note: str, *, by: Actor, now: datetime
) -> LedgerEntry:
    """Take an entry back, with the reason why: both stay in the ledger."""
    lifecycle.check(standing(case, by), Action.RECORD_MONEY, by.role, now)
    assert entry.case_id == case.id
    if not note.strip():
        raise BadInput("Say in a few words what was wrong with it.")
    reversed_by = select(LedgerEntry.id).where(LedgerEntry.reverses_id == entry.id)
    if entry.reverses_id is not None or session.exec(reversed_by).first() is not None:
        raise BadInput("This entry is taken back already. Note what is right in a new one.")
    if entry.kind is LedgerKind.OWED and entry.amount > _owed(
        entries_of(session, case.id), entry.group_id, entry.currency
    ):
        raise BadInput("Less than this is owed by now. Set what is owed instead.")
    line = Line(entry.kind, entry.currency, entry.amount, now.date(), note)
    return _append(session, case, entry.group_id, line, -entry.amount, entry.id, by, now)


def groups_of(session: Session, case_id: int) -> list[PersonGroup]:
    """The groups of a case, the first one first."""
    statement = select(PersonGroup).where(PersonGroup.case_id == case_id)
    return list(session.exec(statement.order_by(col(PersonGroup.id))))


def entries_of(session: Session, case_id: int) -> list[LedgerEntry]:
    """The ledger of a case, oldest entry first."""
    statement = select(LedgerEntry).where(LedgerEntry.case_id == case_id)
    return list(session.exec(statement.order_by(col(LedgerEntry.id))))


def balances(entries: Sequence[LedgerEntry]) -> list[Balance]:
    """What is owed and was paid, for each group and currency apart."""
    return money.balances(Entry(e.group_id, e.kind, e.currency, e.amount) for e in entries)


def told(chain: Sequence[CaseEvent]) -> list[Balance]:
    """The same out of the events of the case alone: both have to agree."""
    said = (e.data for e in chain if e.action is Action.RECORD_MONEY and "entry" in e.data)
    return money.balances(
        Entry(d["group"], LedgerKind(d["kind"]), d["currency"], d["amount"]) for d in said
    )


def label(session: Session, group: PersonGroup) -> str:
    """What a group is called."""
    return session.vault.open_text("persongroup", "label_sealed", group.id, group.label_sealed)


def note(session: Session, entry: LedgerEntry) -> str:
    """What was noted with an entry, ``""`` if nothing."""
    if not entry.note_sealed:
        return ""
    return session.vault.open_text("ledgerentry", "note_sealed", entry.id, entry.note_sealed)


def _owed(entries: Sequence[LedgerEntry], group: int, currency: str) -> int:
    return sum(
        entry.amount
        for entry in entries
        if entry.kind is LedgerKind.OWED and (entry.group_id, entry.currency) == (group, currency)
    )


def _tomorrow(now: datetime) -> date:
    """The latest day that has begun anywhere on earth (zones reach to fourteen hours ahead)."""
    return date.fromordinal(now.date().toordinal() + 1)


def _append(
    session: Session,
    case: Case,
    group: int,
    line: Line,
    amount: int,
    reverses: int | None,
    by: Actor,
    now: datetime,
) -> LedgerEntry:
    row, note = new_id(now), line.note.strip()[:NOTE_AT_MOST]
    sealed = session.vault.seal_text("ledgerentry", "note_sealed", row, note) if note else b""
    entry = LedgerEntry(
        id=row,
        case_id=case.id,
        group_id=group,
        kind=line.kind,
        currency=line.currency,
        amount=amount,
        day=line.day,
        reverses_id=reverses,
        note_sealed=sealed,
        at=now,
        staff_id=by.staff_id,
    )
    session.add(entry)
    data: dict[str, object] = {
        "entry": row,
        "group": group,
        "kind": line.kind.value,
        "currency": line.currency,
        "amount": amount,
        "day": line.day.isoformat(),
    }
    if reverses is not None:
        data["reverses"] = reverses
    if note:
        data["digest"] = _digest(session, row, note)
    events.record(session, case, Action.RECORD_MONEY, by=by, now=now, before=case.status, data=data)
    session.flush()
    return entry


def _digest(session: Session, row: int, words: str) -> str:
    return session.vault.index("ledger", f"{row}\0{words}").hex()

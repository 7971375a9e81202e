"""Receipts: a secret number with which a worker opens her case from another phone.

Eight digits, because everybody reads and types digits. Only a keyed hash is stored. A hundred
million numbers stand against ten tries a day.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import col, select, update

from casework import lifecycle, places
from casework.actors import WORKER, Actor
from casework.audit import access_log, events
from casework.cases import by_reference, of_reporter
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.messaging import outbox, reaching
from casework.models import Attachment, Case, Message, Outbox, Reporter
from casework.numbers import DIGITS
from casework.references import parse_reference
from casework.standing import standing
from casework.vocabulary import Action, Contact, Notice, Opening

TRIES_OF_A_REPORTER = 5
"""Wrong tries from one phone within ``WINDOW``."""
TRIES_AT_A_CASE = 10
"""Wrong tries at one case within ``WINDOW``, whoever makes them."""
WINDOW = timedelta(hours=24)
"""Counted from the first wrong try (our own default, like the two numbers above)."""

_NO_HASH = bytes(16)
_UNREACHED = frozenset({outbox.UNREACHABLE, outbox.ASKED_NOT_TO})


def make(session: Session, case: Case) -> str:
    """A new secret number for a case, as it is shown: ``4821 0937``. An older one counts no more."""
    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if parse_reference(digits) is None:  # it must not pass for a case number
            break
    case.receipt_index = _index(session, case.id, digits)
    return f"{digits[:4]} {digits[4:]}"


def may_renew(case: Case, by: Actor) -> bool:
    """Whether an actor who may see a case may give its worker a new secret number: who handles it, or
    leads. Whoever has a chat gets one there, and from nobody else."""
    return reaching.by_hand(case) and (
        by.role in lifecycle.LEADING
        or (by.role in lifecycle.HANDLING_ROLES and case.assignee_id == by.staff_id)
    )


def renew(session: Session, case: Case, how: str, *, by: Actor, now: datetime) -> str:
    """A new secret number for a worker without a chat who lost hers; the old one opens nothing more.

    ``how`` says how ``by`` knows that it is the worker. It is kept, sealed, with who and when: with
    the number one reads and answers as the worker. Wrong tries count on, so that nobody who guesses
    begins anew. ``BadInput`` without it, ``NotAllowed`` for who may not.
    """
    lifecycle.check(standing(case, by), Action.RENEW_RECEIPT, by.role, now)
    if not may_renew(case, by):
        raise NotAllowed("Only who handles the case, or leads, gives the worker a new number.")
    how = how.strip()[: access_log.REASON_AT_MOST]
    if not how:
        raise BadInput("Say in a few words how you know that it is the worker.")
    assert by.staff_id is not None
    access_log.note(session, case.id, "receipt", staff_id=by.staff_id, now=now, reason=how)
    secret = make(session, case)
    action = Action.RENEW_RECEIPT
    events.record(session, case, action, by=by, now=now, before=case.status)
    return secret


def open_case(
    session: Session, reporter: Reporter, reference: str, secret: str, *, now: datetime
) -> Opening:
    """Bring a case to this reporter's phone, if the secret number is that of its newest receipt.

    The answer is the same whether a case with this number exists, has a receipt, or takes no more
    tries today. ``secret`` is eight digits, or ``""`` to learn whether it must be asked for.
    """
    case = by_reference(session, reference, lock=bool(secret))
    if case is not None and case.reporter_id == reporter.id:
        return Opening.HERS
    if _tries(reporter, now) >= TRIES_OF_A_REPORTER:
        return Opening.WAIT
    if not secret:
        return Opening.ASK
    # The same is worked out whether or not there is such a case.
    told = _index(session, case.id if case else 0, secret)
    fits = hmac.compare_digest(told, (case.receipt_index if case else None) or _NO_HASH)
    held = case is not None and _tries(case, now) >= TRIES_AT_A_CASE
    if case is None or held or not fits:
        _count(reporter, now)
        if case is not None:
            _count(case, now)
        return Opening.WRONG
    _move(session, case, reporter, now)
    return Opening.OPENED


def follow(session: Session, entry: Outbox) -> bool:
    """Whether the case of a notice was opened on another phone while that notice was on its way: it
    goes there then."""
    case = session.get(Case, entry.case_id) if entry.case_id is not None else None
    if case is None or entry.notice is Notice.MOVED:
        return False
    if case.reporter_id is None or case.reporter_id == entry.reporter_id:
        return False
    entry.reporter_id, entry.leased_until = case.reporter_id, None
    return True


def _move(session: Session, case: Case, to: Reporter, now: datetime) -> None:
    """The case and all that goes with it to another address. Its receipt is used up."""
    after = lifecycle.check(standing(case, WORKER), Action.MOVE, WORKER.role, now)
    before = session.get(Reporter, case.reporter_id) if case.reporter_id is not None else None
    _keep_safe(session, case, before, to)
    case.reporter_id = to.id
    case.receipt_index = None
    case.receipt_tries, case.receipt_tries_since = 0, None
    to.receipt_tries, to.receipt_tries_since = 0, None
    session.flush()
    files = update(Attachment).where(col(Attachment.case_id) == case.id)
    session.exec(files.values(reporter_id=to.id))
    # The other phone's edits are no longer hers.
    told = update(Message).where(col(Message.case_id) == case.id)
    session.exec(told.values(source_index=None))
    _readdress(session, case, to, now)
    if before is not None:
        outbox.tell(session, before.id, Notice.MOVED, now=now, case=case)
    data = {"from": before.channel.value if before else "", "to": to.channel.value}
    events.record(session, case, Action.MOVE, by=WORKER, now=now, before=after, data=data)


def _keep_safe(session: Session, case: Case, before: Reporter | None, to: Reporter) -> None:
    """Who never told on this phone how she may be written to is written to as she told before."""
    if before is not None and to.contact is Contact.HERE and not of_reporter(session, to.id, 1):
        to.contact, to.zone = before.contact, before.zone
        to.safe_from, to.safe_to = before.safe_from, before.safe_to
    elif not of_reporter(session, to.id, 1):
        factory = places.factory_of(session, case.factory_id)
        to.zone = factory.zone if factory else to.zone


def _readdress(session: Session, case: Case, to: Reporter, now: datetime) -> None:
    """What was not told yet is told on the new phone. What is just being sent stays where it is."""
    waiting = (
        select(Outbox)
        .where(
            Outbox.case_id == case.id,
            Outbox.notice != Notice.MOVED,
            col(Outbox.sent_at).is_(None),
            or_(col(Outbox.leased_until).is_(None), col(Outbox.leased_until) < now),
        )
        .with_for_update(skip_locked=True)
    )
    for entry in session.exec(waiting):
        entry.reporter_id = to.id
        if entry.failed_at is not None and entry.reason in _UNREACHED:
            entry.failed_at, entry.reason, entry.not_before = None, "", now


def _tries(who: Reporter | Case, now: datetime) -> int:
    since = who.receipt_tries_since
    return who.receipt_tries if since is not None and now - since < WINDOW else 0


def _count(who: Reporter | Case, now: datetime) -> None:
    tries = _tries(who, now)
    if not tries:
        who.receipt_tries_since = now
    who.receipt_tries = tries + 1


def _index(session: Session, case_id: int, digits: str) -> bytes:
    return session.vault.index("case.receipt", f"{case_id}:{digits}")

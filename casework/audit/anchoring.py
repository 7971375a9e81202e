"""The daily anchor: fixes how far every case had come, with a key, in a chain of its own.

An event's hash needs no key, so who can write into the database could make the chain of a case anew,
cut it off or delete the case. An anchor can't be made anew without the key file; and who keeps the
newest one elsewhere finds out even about somebody who has that.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from casework.audit.proving import Found
from casework.db import Session, insert_into
from casework.models import Anchor, AnchoredHead, Case
from casework.vocabulary import Flaw

AT_ONCE = 500


def newest(session: Session) -> Anchor | None:
    """The newest anchor, if there is any."""
    return session.exec(select(Anchor).order_by(col(Anchor.number).desc()).limit(1)).first()


def due(session: Session, now: datetime) -> int | None:
    """The number of the anchor that is to be made now: once for each day that has ended (UTC)."""
    last = newest(session)
    if last is not None and last.day >= _yesterday(now):
        return None
    return last.number + 1 if last else 1


def changed(session: Session, after: int, limit: int = AT_ONCE) -> Sequence[Any]:
    """The next cases behind the id ``after`` that stand in no anchor as they are now. Only reads."""
    anchored = select(AnchoredHead.case_id).where(
        AnchoredHead.case_id == Case.id, AnchoredHead.events == Case.event_count
    )
    wanted = (
        sa.select(col(Case.id), col(Case.reference), col(Case.event_count), col(Case.head_hash))
        .where(col(Case.id) > after, ~anchored.exists())
        .order_by(col(Case.id))
        .limit(limit)
    )
    return session.execute(wanted).all()


def gather(session: Session, number: int, cases: Sequence[Any]) -> None:
    """Put cases into the anchor that is being made. What was gathered before a crash stays in it."""
    table = AnchoredHead.metadata.tables["anchoredhead"]
    rows = [
        {"anchor": number, "case_id": row, "events": count, "reference": reference, "head": head}
        for row, reference, count, head in cases
    ]
    session.execute(insert_into(session, table).on_conflict_do_nothing(), rows)


def close(session: Session, number: int, now: datetime) -> Anchor:
    """Make the anchor of what was gathered."""
    last = newest(session)
    anchor = Anchor(number=number, day=_yesterday(now), at=now, cases=0, hash=b"", seal=b"")
    anchor.hash, anchor.cases = _hash(session, anchor, last.hash if last else b"")
    anchor.seal = _seal(session, anchor.hash)
    session.add(anchor)
    session.flush()
    return anchor


@dataclass(frozen=True, slots=True)
class Kept:
    """An anchor as somebody kept it elsewhere."""

    number: int
    hash: bytes


def check(session: Session, kept: Kept | None = None) -> tuple[int, list[Found]]:
    """How many anchors there are, and the first that does not fit."""
    previous, expected = b"", 1
    for anchor in session.exec(select(Anchor).order_by(col(Anchor.number))).all():
        found, count = _hash(session, anchor, previous)
        fits = anchor.number == expected and (anchor.hash, anchor.cases) == (found, count)
        if not fits or anchor.seal != _seal(session, anchor.hash):
            return expected, [Found(Flaw.ANCHOR, expected)]
        if kept and kept.number == expected and kept.hash != anchor.hash:
            return expected, [Found(Flaw.KEPT_ANCHOR, expected)]
        previous, expected = anchor.hash, expected + 1
    if kept and kept.number >= expected:
        return expected - 1, [Found(Flaw.KEPT_ANCHOR, kept.number)]
    beyond = select(AnchoredHead.anchor).where(AnchoredHead.anchor > expected).limit(1)
    if session.exec(beyond).first() is not None:  # of an anchor that was made and is not there
        return expected - 1, [Found(Flaw.ANCHOR, expected)]
    return expected - 1, []


def _hash(session: Session, anchor: Anchor, previous: bytes) -> tuple[bytes, int]:
    digest = hashlib.sha256(previous)
    digest.update(f"{anchor.number} {anchor.day.isoformat()}\n".encode())
    heads = (
        sa.select(
            col(AnchoredHead.case_id),
            col(AnchoredHead.events),
            col(AnchoredHead.reference),
            col(AnchoredHead.head),
        )
        .where(col(AnchoredHead.anchor) == anchor.number)
        .order_by(col(AnchoredHead.case_id), col(AnchoredHead.events))
        .execution_options(yield_per=1000)
    )
    count = 0
    for row, number, reference, head in session.execute(heads):
        digest.update(f"{row} {number} {reference} {head.hex()}\n".encode())
        count += 1
    return digest.digest(), count


def _seal(session: Session, made: bytes) -> bytes:
    return session.vault.index("anchor", made.hex())


def _yesterday(now: datetime) -> date:
    return now.astimezone(UTC).date() - timedelta(days=1)

"""Checks of all chains that are written down, so that the auditor's page can show them.

A check is begun by somebody or by itself, goes on piece by piece, and survives a restart.
"""

from datetime import datetime, timedelta

from sqlmodel import col, select

from casework.actors import Actor
from casework.audit import anchoring, proving
from casework.audit.proving import Piece
from casework.db import Session, for_change
from casework.ids import new_id
from casework.models import Break, Verification

EVERY = timedelta(days=7)
"""So long after the last one a check begins by itself (our default)."""
KEPT_BREAKS = 1000
"""Of a check so many broken links are kept; all are counted."""


def newest(session: Session) -> Verification | None:
    """The check that began last."""
    newest_first = select(Verification).order_by(col(Verification.id).desc())
    return session.exec(newest_first.limit(1)).first()


def under_way(session: Session) -> Verification | None:
    """The check that has not ended."""
    last = newest(session)
    return last if last and last.ended_at is None else None


def due(session: Session, now: datetime) -> bool:
    """Whether it is time for one."""
    last = newest(session)
    return last is None or (last.ended_at is not None and now - last.started_at >= EVERY)


def begin(session: Session, now: datetime, by: Actor | None = None) -> Verification:
    """Begin a check, unless one is under way."""
    running = under_way(session)
    if running is None:
        who = by.staff_id if by else None
        running = Verification(id=new_id(now), started_at=now, started_by=who)
        session.add(running)
        session.flush()
    return running


def look(session: Session, running: Verification) -> tuple[int | None, Piece]:
    """Do the next piece of a check; only reads, and the session must be a fresh one. First come the
    anchors: how many there are, ``None`` for the cases after them."""
    if running.anchors is None:
        anchors, breaks = anchoring.check(session)
        return anchors, Piece(running.until, 0, 0, 0, tuple(breaks))
    return None, proving.prove(session, running.until)


def note(
    session: Session, running: Verification, anchors: int | None, piece: Piece, now: datetime
) -> bool:
    """Write down what a piece showed; whether more is to be done."""
    statement = select(Verification).where(Verification.id == running.id)
    row = session.exec(for_change(statement)).one()
    if row.ended_at is not None or row.until != running.until or row.anchors != running.anchors:
        return row.ended_at is None  # another process did it
    if anchors is not None:
        row.anchors = anchors
    for found in piece.breaks[: max(0, KEPT_BREAKS - row.breaks)]:
        session.add(
            Break(
                id=new_id(now),
                verification_id=row.id,
                case_id=found.case_id,
                reference=found.reference,
                number=found.number,
                flaw=found.flaw,
            )
        )
    row.cases += piece.cases
    row.events += piece.events
    row.deleted += piece.deleted
    row.breaks += len(piece.breaks)
    if piece.until is None:
        row.ended_at = now
    else:
        row.until = piece.until
    return row.ended_at is None

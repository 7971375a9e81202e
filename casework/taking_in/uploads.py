"""Keeps a file of past cases, sealed, while somebody looks at what it would do."""

from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from casework.db import Session
from casework.ids import new_id
from casework.models import CaseUpload

KEPT = timedelta(days=1)
_PLACE = ("caseupload", "sealed")


def keep(session: Session, staff_id: int, raw: bytes, now: datetime) -> CaseUpload:
    """Seal a file; whatever the same person brought before goes."""
    session.exec(delete(CaseUpload).where(col(CaseUpload.staff_id) == staff_id))
    row = new_id(now)
    upload = CaseUpload(
        id=row, staff_id=staff_id, at=now, sealed=session.vault.seal(*_PLACE, row, raw)
    )
    session.add(upload)
    return upload


def of(session: Session, row: int, staff_id: int) -> CaseUpload | None:
    """A file that this person brought and that is still kept."""
    mine = select(CaseUpload).where(CaseUpload.id == row, CaseUpload.staff_id == staff_id)
    return session.exec(mine).first()


def newest(session: Session, staff_id: int) -> CaseUpload | None:
    """The file that this person brought last, if it is still kept."""
    mine = select(CaseUpload).where(CaseUpload.staff_id == staff_id)
    return session.exec(mine.order_by(col(CaseUpload.id).desc())).first()


def content(session: Session, upload: CaseUpload) -> bytes:
    """The file."""
    return session.vault.open(*_PLACE, upload.id, upload.sealed)


def tidy(session: Session, now: datetime) -> None:
    """Delete the files that nobody imported."""
    session.exec(delete(CaseUpload).where(col(CaseUpload.at) < now - KEPT))

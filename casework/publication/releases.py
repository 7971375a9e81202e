"""What an audience may read: the releases, and nothing else.

An audience is ``"public"`` or the code of a brand. How releases come about: ``casework.publication.freezing``.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from casework.db import Session
from casework.figures import figurerows
from casework.figures.periods import Period
from casework.figures.tables import Figure, Table
from casework.models import Release

PUBLIC = "public"
"""The audience that is everybody."""
NEVER = datetime.min.replace(tzinfo=UTC)
"""Until then somebody was told to whom nothing was released."""


def newest(session: Session, audience: str, period: Period) -> Release | None:
    """What holds of a period by now; ``None`` where nothing was released of it."""
    return next(iter(versions(session, audience, period)), None)


def versions(session: Session, audience: str, period: Period) -> list[Release]:
    """All that was ever released of a period, the newest version first."""
    wanted = select(Release).where(Release.audience == audience, Release.period == str(period))
    return list(session.exec(wanted.order_by(col(Release.version).desc())))


def version(session: Session, audience: str, period: Period, number: int) -> Release | None:
    """One version of a period."""
    wanted = select(Release).where(
        Release.audience == audience, Release.period == str(period), Release.version == number
    )
    return session.exec(wanted).first()


def periods(session: Session, audience: str) -> list[Period]:
    """Of which periods there is a release, the newest first; a year after its last quarter."""
    wanted = select(Release.period).where(Release.audience == audience).distinct()
    found = [Period.read(text) for text in session.exec(wanted)]
    return sorted(found, key=lambda period: (period.end, period.is_year), reverse=True)


def told_until(session: Session, audience: str) -> datetime:
    """The last moment of which the audience was told anything: the end of the newest period that was
    released to it; before any case where nothing was."""
    newest_period = next(iter(periods(session, audience)), None)
    return newest_period.ends - timedelta(microseconds=1) if newest_period else NEVER


def figures(release: Release) -> tuple[Figure, ...]:
    """The figures of a release; what is hidden has no value."""
    return figurerows.figures(release.figures)


def tables(release: Release) -> tuple[Table, ...]:
    """The tables that are in a release. In them, what is not named is 0; of others nothing is
    told."""
    return figurerows.tables(release.tables)


def outside(release: Release) -> dict[str, Any]:
    """A release as its audience may have it, for JSON: no id, no tie to what is exact; of
    corrections that wait the day alone, as the moment would tell when one of them was noted.

    The digest is that of ``audience``, ``period``, ``version``, ``threshold``, ``tables`` and
    ``figures`` (``figurerows.digest``), so that a reader can compute it.
    """
    pending = release.pending_since
    return {
        "audience": release.audience,
        "period": release.period,
        "version": release.version,
        "made_at": release.made_at.isoformat(),
        "threshold": release.threshold,
        "digest": release.digest,
        "pending_since": pending.date().isoformat() if pending else None,
        "tables": release.tables,
        "figures": release.figures,
    }


def digest(release: Release) -> str:
    """What the digest of a release is to be."""
    return figurerows.digest(
        audience=release.audience,
        period=release.period,
        version=release.version,
        threshold=release.threshold,
        tables=release.tables,
        figures=release.figures,
    )

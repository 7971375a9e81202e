"""What a review of the mechanism says: its words open to read, its figures, its actions; and whether it
is still what was signed."""

from dataclasses import dataclass
from datetime import UTC

from sqlmodel import col, select

from casework.db import Session
from casework.figures.tables import Figure
from casework.models import MechanismReview, ReviewAction
from casework.ratings import review_figures
from casework.vault import Unsealable

REVIEW, ACTION = "mechanismreview", "reviewaction"
"""The tables in which words are sealed."""


@dataclass(frozen=True, slots=True)
class Decided:
    """An action that a review decided, its words open to read."""

    row: ReviewAction
    what: str
    who: str
    done: str


def find(session: Session, row: int, *, lock: bool = False) -> MechanismReview | None:
    """A review by its row; locked for whoever is about to change it."""
    wanted = select(MechanismReview).where(MechanismReview.id == row)
    return session.exec(wanted.with_for_update() if lock else wanted).first()


def opened(session: Session, review: MechanismReview) -> dict[str, str]:
    """The words of a review: ``participants`` and ``learned``."""
    return {
        name: session.vault.open_text(REVIEW, f"{name}_sealed", review.id, sealed) if sealed else ""
        for name, sealed in (
            ("participants", review.participants_sealed),
            ("learned", review.learned_sealed),
        )
    }


def actions(session: Session, review: MechanismReview) -> list[Decided]:
    """What was decided, in order."""
    wanted = select(ReviewAction).where(ReviewAction.review_id == review.id)
    rows = session.exec(wanted.order_by(col(ReviewAction.number))).all()
    return [decided(session, row) for row in rows]


def decided(session: Session, row: ReviewAction) -> Decided:
    """An action with its words open."""

    def said(column: str, sealed: bytes) -> str:
        return session.vault.open_text(ACTION, column, row.id, sealed) if sealed else ""

    return Decided(
        row,
        said("what_sealed", row.what_sealed),
        said("who_sealed", row.who_sealed),
        said("done_sealed", row.done_sealed),
    )


def figures(review: MechanismReview) -> tuple[Figure, ...]:
    """The figures it looked at, as they were then."""
    return tuple(review_figures.from_row(row) for row in review.figures or ())


def is_released(review: MechanismReview) -> bool:
    """Whether its figures are those of a release: their digest is neither a snapshot's nor their
    own."""
    own = review_figures.digest(review.figures or ())
    return review.snapshot_id is None and review.figures_digest != own


def is_whole(session: Session, review: MechanismReview) -> bool:
    """Whether a signed review is still what was signed."""
    try:
        return bool(review.seal) and review.seal == seal(session, review)
    except Unsealable:
        return False


def seal(session: Session, review: MechanismReview) -> bytes:
    """A keyed hash of all that is signed."""
    said = {
        "id": review.id,
        "brand": review.brand_id,
        "scope": review.scope.value if review.scope else None,
        "period": review.period,
        "figures": review.figures,
        "figures_digest": (review.figures_digest or b"").hex(),
        "stakeholders": list(review.stakeholders),
        "corrects": review.corrects_id,
        "signed_by": review.signed_by,
        "signed_at": review.signed_at.astimezone(UTC).isoformat() if review.signed_at else None,
        "actions": [
            [one.row.number, one.what, one.who, one.row.due_on.isoformat()]
            for one in actions(session, review)
        ],
        **opened(session, review),
    }
    return session.vault.index("review", review_figures.as_text(said))

"""When a mechanism is to be reviewed again, and what earlier reviews decided that is still to be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, or_, select

from casework.db import Session
from casework.models import Brand, Case, MechanismReview, ReviewAction, Supply
from casework.ratings import proofs, review_rows
from casework.ratings.review_rows import Decided
from casework.vocabulary import Scope

WITHIN = timedelta(days=proofs.REVIEWED_WITHIN_DAYS)
"""A review counts for so long, and then the next one is overdue."""
REMIND = timedelta(days=30)
"""So long before it is."""


@dataclass(frozen=True, slots=True)
class Due:
    """A brand whose mechanism is to be reviewed. ``scope`` is ``None`` where it is for both."""

    brand: Brand
    scope: Scope | None
    by: date
    overdue: bool
    last: date | None
    """When the last review was signed; ``None``: there was none yet."""


def signed(
    session: Session, brand_id: int, scope: Scope, until: datetime | None = None
) -> Sequence[MechanismReview]:
    """The signed reviews that cover a brand in one scope, newest first."""
    wanted = select(MechanismReview).where(
        col(MechanismReview.signed_at).is_not(None),
        or_(col(MechanismReview.brand_id).is_(None), col(MechanismReview.brand_id) == brand_id),
        or_(col(MechanismReview.scope).is_(None), col(MechanismReview.scope) == scope),
    )
    if until is not None:
        wanted = wanted.where(col(MechanismReview.signed_at) < until)
    return session.exec(wanted.order_by(col(MechanismReview.signed_at).desc())).all()


def proofs_of(
    session: Session, brand_id: int, scope: Scope, until: datetime | None = None
) -> list[proofs.Review]:
    """The same as what the rating looks at. One that is not what was signed any more proves nothing."""
    return [
        proofs.Review(
            _day(one.signed_at).isoformat(),
            _day(one.signed_at),
            has_figures=bool(one.figures),
            has_actions=_has_actions(session, one),
            id=one.id,
        )
        for one in signed(session, brand_id, scope, until)
        if one.signed_at is not None and review_rows.is_whole(session, one)
    ]


def due(session: Session, today: date) -> list[Due]:
    """Whose mechanism is to be reviewed within a month, or should have been. Where there was no
    review yet, twelve months count from the first complaint; without one there is nothing to
    review."""
    found: list[Due] = []
    for brand, scopes in _covered(session, today):
        each: list[Due] = []
        for scope in scopes:
            reviews = signed(session, brand.id, scope)
            last = _day(reviews[0].signed_at) if reviews else None
            since = last or _first_complaint(session, brand.id)
            if since is not None and today > since + WITHIN - REMIND:
                by = since + WITHIN
                each.append(Due(brand, scope, by, today > by, last))
        same = {(one.by, one.last) for one in each}
        if len(each) == len(scopes) and len(same) == 1:
            one = each[0]
            each = [Due(brand, None, one.by, one.overdue, one.last)]
        found += each
    return sorted(found, key=lambda one: (one.by, one.brand.name))


def open_actions(
    session: Session, until: date | None = None
) -> list[tuple[MechanismReview, Decided]]:
    """What signed reviews decided and nobody has noted as done, the first due first; ``until``: only
    what is due by then. What a correction took over stands there only."""
    corrected = select(MechanismReview.corrects_id).where(
        col(MechanismReview.signed_at).is_not(None), col(MechanismReview.corrects_id).is_not(None)
    )
    wanted = (
        select(MechanismReview, ReviewAction)
        .join(ReviewAction, col(ReviewAction.review_id) == MechanismReview.id)
        .where(
            col(MechanismReview.signed_at).is_not(None),
            col(MechanismReview.id).not_in(corrected),
            col(ReviewAction.done_at).is_(None),
        )
        .order_by(col(ReviewAction.due_on), col(ReviewAction.id))
    )
    if until is not None:
        wanted = wanted.where(ReviewAction.due_on <= until)
    return [
        (review, review_rows.decided(session, action)) for review, action in session.exec(wanted)
    ]


def all_reviews(session: Session) -> Sequence[MechanismReview]:
    """Every review, the newest first; those given up too."""
    return session.exec(select(MechanismReview).order_by(col(MechanismReview.id).desc())).all()


def counts_of_actions(
    session: Session, reviews: Iterable[MechanismReview], today: date
) -> dict[int, tuple[int, int, int]]:
    """By review: how many actions it decided, how many are done, how many are overdue."""
    ids = [one.id for one in reviews]
    found = {row: [0, 0, 0] for row in ids}
    wanted = select(ReviewAction).where(col(ReviewAction.review_id).in_(ids))
    for action in session.exec(wanted):
        tally = found[action.review_id]
        tally[0] += 1
        tally[1] += action.done_at is not None
        tally[2] += action.done_at is None and action.due_on < today
    return {row: (tally[0], tally[1], tally[2]) for row, tally in found.items()}


def _covered(session: Session, today: date) -> list[tuple[Brand, list[Scope]]]:
    """Active brands with the scopes in which factories work for them today."""
    wanted = (
        select(Brand, Supply.scope)
        .join(Supply, col(Supply.brand_id) == Brand.id)
        .where(
            col(Brand.active),
            Supply.since <= today,
            or_(col(Supply.until).is_(None), col(Supply.until) >= today),
        )
        .distinct()
    )
    found: dict[int, tuple[Brand, list[Scope]]] = {}
    for brand, scope in session.exec(wanted):
        found.setdefault(brand.id, (brand, []))[1].append(Scope(scope))
    return [(brand, [one for one in Scope if one in scopes]) for brand, scopes in found.values()]


def _first_complaint(session: Session, brand_id: int) -> date | None:
    """When the first case came in here; one of another system when it was taken over."""
    factories = select(Supply.factory_id).where(Supply.brand_id == brand_id).distinct()
    found = []
    for factory in session.exec(factories).all():
        # One walk along the index of each factory, however many cases there are.
        first = (
            select(Case.received_at, Case.imported_at)
            .where(Case.factory_id == factory, col(Case.practice).is_(False))
            .order_by(col(Case.received_at), col(Case.id))
            .limit(1)
        )
        found += [imported or received for received, imported in session.exec(first)]
    return _day(min(found)) if found else None


def _has_actions(session: Session, review: MechanismReview) -> bool:
    wanted = select(ReviewAction.id).where(ReviewAction.review_id == review.id)
    return session.exec(wanted.limit(1)).first() is not None


def _day(moment: datetime | None) -> date:
    assert moment is not None
    return moment.astimezone(UTC).date()

"""The category of a brand: a person chooses it and writes down why. No cut-off does."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.lifecycle import LEADING
from casework.models import Brand, CategoryJudgement, Staff
from casework.ratings import rating_log
from casework.ratings.methodology import Methodology
from casework.vocabulary import RatingAct, Scope

WHY_AT_LEAST, WHY_AT_MOST = 20, 2_000
"""Characters of a reason: one sentence at least."""


def judge(
    session: Session,
    brand: Brand,
    scope: Scope,
    year: int,
    methodology: Methodology,
    category: str,
    why: str,
    weighted: Fraction | None,
    *,
    by: Actor,
    now: datetime,
) -> CategoryJudgement:
    """Give a category, with its reason, on a score; the ones before it stay."""
    if by.role not in LEADING or by.staff_id is None:
        raise NotAllowed("Only supervisors and administrators choose the category.")
    if category not in methodology.categories:
        raise BadInput("Choose one of the categories.")
    why = why.strip()
    if len(why) < WHY_AT_LEAST:
        raise BadInput("Write down why, in at least a sentence: the methodology has no cut-offs.")
    if len(why) > WHY_AT_MOST:
        raise BadInput("Write at most %(n)s characters.", n=WHY_AT_MOST)
    row = CategoryJudgement(
        id=new_id(now),
        brand_id=brand.id,
        scope=scope,
        methodology=methodology.id,
        year=year,
        category=category,
        why=why,
        score="" if weighted is None else str(weighted),
        at=now,
        staff_id=by.staff_id,
    )
    session.add(row)
    data = {"scope": scope.value, "year": year, "category": category, "score": row.score}
    rating_log.note(session, RatingAct.JUDGED, by=by, now=now, brand_id=brand.id, data=data)
    session.flush()
    return row


def judgements(
    session: Session, brand_id: int, scope: Scope, year: int, methodology: str
) -> Sequence[tuple[CategoryJudgement, Staff]]:
    """All of a year, newest first: the first one counts."""
    wanted = (
        select(CategoryJudgement, Staff)
        .join(Staff, col(Staff.id) == CategoryJudgement.staff_id)
        .where(
            CategoryJudgement.brand_id == brand_id,
            CategoryJudgement.scope == scope,
            CategoryJudgement.year == year,
            CategoryJudgement.methodology == methodology,
        )
    )
    return session.exec(wanted.order_by(col(CategoryJudgement.id).desc())).all()


def score_of(judgement: CategoryJudgement) -> Fraction | None:
    """The weighted score it was made on; ``None``: not rated then."""
    return Fraction(judgement.score) if judgement.score else None

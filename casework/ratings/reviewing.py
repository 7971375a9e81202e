"""A review of the mechanism as a workflow: figures are taken in, what was learned and what is to be
done is written down, somebody who leads signs. A signed review never changes; a correction is a new
one.

When the next one is due, and what of the last ones is still to be done: ``casework.ratings.review_dates``.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput, NotAllowed, Remark
from casework.figures.periods import Period
from casework.ids import new_id
from casework.lifecycle import LEADING
from casework.models import Brand, MechanismReview, ReviewAction
from casework.ratings import rating_log, review_figures
from casework.ratings.review_figures import Taken
from casework.ratings.review_rows import ACTION, REVIEW, actions, opened, seal
from casework.vocabulary import RatingAct, Scope, Stakeholder

WORDS_AT_MOST = 8_000
LINE_AT_MOST = 400
MOST_ACTIONS = 40

Problems = dict[str, Remark]


def begin(
    session: Session,
    brand: Brand | None,
    scope: Scope | None,
    period: Period,
    taken: Taken,
    *,
    by: Actor,
    now: datetime,
    corrects: MechanismReview | None = None,
) -> MechanismReview:
    """Begin a review with the figures of a period: they are copied, and stay as they are. A
    correction says anew what a review of the same brand and scope said: ``BadInput`` otherwise."""
    _leads(by)
    assert by.staff_id is not None
    if period.begins > now:
        raise BadInput("This period has not begun yet. Choose an earlier one.")
    if corrects is not None and corrects.signed_at is None:
        raise NotAllowed("Only a signed review is corrected by another one: change this one.")
    about = (brand.id if brand else None, scope)
    if corrects is not None and (corrects.brand_id, corrects.scope) != about:
        raise BadInput("Choose the brand and the scope of the review that this one corrects.")
    rows = [review_figures.to_row(figure) for figure in taken.figures]
    review = MechanismReview(
        id=new_id(now),
        brand_id=about[0],
        scope=scope,
        period=str(period),
        begun_at=now,
        begun_by=by.staff_id,
        figures=rows,
        figures_at=now,
        figures_digest=taken.digest or review_figures.digest(rows),
        snapshot_id=taken.snapshot_id,
        corrects_id=corrects.id if corrects else None,
    )
    session.add(review)
    session.flush()
    _note(session, RatingAct.REVIEW_BEGUN, review, by, now, {"period": review.period})
    data = {"digest": (review.figures_digest or b"").hex(), "snapshot": taken.snapshot_id}
    _note(session, RatingAct.FIGURES_TAKEN, review, by, now, data)
    if corrects is not None:
        _carry_over(session, corrects, review, now)
    return review


def write(
    session: Session,
    review: MechanismReview,
    form: Mapping[str, str],
    stakeholders: Iterable[Stakeholder],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write down who took part and what was learned."""
    _open(review, by)
    for name, most in (("participants", LINE_AT_MOST * 5), ("learned", WORDS_AT_MOST)):
        if len(form.get(name, "")) > most:
            raise BadInput("Write at most %(n)s characters.", n=most)
    vault = session.vault
    review.participants_sealed = vault.seal_text(
        REVIEW, "participants_sealed", review.id, form.get("participants", "").strip()
    )
    review.learned_sealed = vault.seal_text(
        REVIEW, "learned_sealed", review.id, form.get("learned", "").strip()
    )
    chosen = set(stakeholders)
    review.stakeholders = [one.value for one in Stakeholder if one in chosen]
    _note(session, RatingAct.REVIEW_WRITTEN, review, by, now)


def add_action(
    session: Session,
    review: MechanismReview,
    form: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> ReviewAction | Problems:
    """Decide something: what is done, by whom, until when."""
    _open(review, by)
    wrong: Problems = {}
    what, who = form.get("what", "").strip(), form.get("who", "").strip()
    if not what or len(what) > LINE_AT_MOST:
        wrong["what"] = Remark("Say what is done, in at most %(n)s characters.", n=LINE_AT_MOST)
    if not who or len(who) > LINE_AT_MOST:
        wrong["who"] = Remark("Say who does it.")
    try:
        due_on = date.fromisoformat(form.get("due_on", ""))
    except ValueError:
        due_on = date.min
    if due_on < today or due_on.year > today.year + 5:
        wrong["due_on"] = Remark("Choose the day by which it is done: today or later.")
    there = actions(session, review)
    if len(there) >= MOST_ACTIONS:
        wrong["what"] = Remark("A review decides at most %(n)s actions.", n=MOST_ACTIONS)
    if wrong:
        return wrong
    number = max((one.row.number for one in there), default=0) + 1
    row = _action(session, review, number, what, who, due_on, now)
    data = {"action": row.id, "number": number, "due": due_on.isoformat()}
    _note(session, RatingAct.ACTION_ADDED, review, by, now, data)
    return row


def remove_action(
    session: Session, review: MechanismReview, row: int, *, by: Actor, now: datetime
) -> None:
    """Take an action out before it is signed."""
    _open(review, by)
    found = _own(session, review, row)
    session.delete(found)
    _note(session, RatingAct.ACTION_REMOVED, review, by, now, {"number": found.number})
    session.flush()


def missing(session: Session, review: MechanismReview) -> list[Remark]:
    """What a review needs before it can be signed."""
    words = opened(session, review)
    found = []
    if not review.figures:
        found.append(Remark("Figures are missing: begin a review of a period."))
    if not words["participants"]:
        found.append(Remark("Write down who took part."))
    if len(words["learned"]) < 20:
        found.append(Remark("Write down what was learned."))
    if not actions(session, review):
        found.append(Remark("Decide at least one action, with who does it and until when."))
    return found


def sign(session: Session, review: MechanismReview, *, by: Actor, now: datetime) -> None:
    """Sign it: from now on nothing of it changes but that its actions are done."""
    _open(review, by)
    lacking = missing(session, review)
    if lacking:
        raise NotAllowed.saying(lacking[0])
    review.signed_at, review.signed_by = now, by.staff_id
    review.seal = seal(session, review)
    _note(session, RatingAct.REVIEW_SIGNED, review, by, now, {"seal": review.seal.hex()})
    session.flush()


def drop(session: Session, review: MechanismReview, *, by: Actor, now: datetime) -> None:
    """Give up a review before it is signed. It stays in the list as given up."""
    _open(review, by)
    review.dropped_at = now
    _note(session, RatingAct.REVIEW_DROPPED, review, by, now)


def finish_action(
    session: Session, review: MechanismReview, row: int, words: str, *, by: Actor, now: datetime
) -> None:
    """Note that an action of a signed review is done, and what came of it."""
    _leads(by)
    if review.signed_at is None:
        raise NotAllowed("Sign the review first.")
    found = _own(session, review, row)
    if found.done_at is not None:
        raise NotAllowed("This is done already.")
    words = words.strip()[:WORDS_AT_MOST]
    if not words:
        raise BadInput("Write what came of it.")
    found.done_at, found.done_by = now, by.staff_id
    found.done_sealed = session.vault.seal_text(ACTION, "done_sealed", found.id, words)
    _note(session, RatingAct.ACTION_DONE, review, by, now, {"number": found.number})


def _carry_over(
    session: Session, old: MechanismReview, new: MechanismReview, now: datetime
) -> None:
    """A correction begins with what it corrects."""
    words = opened(session, old)
    for name in ("participants", "learned"):
        sealed = session.vault.seal_text(REVIEW, f"{name}_sealed", new.id, words[name])
        setattr(new, f"{name}_sealed", sealed)
    new.stakeholders = list(old.stakeholders)
    for one in actions(session, old):
        _action(session, new, one.row.number, one.what, one.who, one.row.due_on, now)


def _action(
    session: Session,
    review: MechanismReview,
    number: int,
    what: str,
    who: str,
    due_on: date,
    now: datetime,
) -> ReviewAction:
    row = new_id(now)
    made = ReviewAction(
        id=row,
        review_id=review.id,
        number=number,
        what_sealed=session.vault.seal_text(ACTION, "what_sealed", row, what),
        who_sealed=session.vault.seal_text(ACTION, "who_sealed", row, who),
        due_on=due_on,
    )
    session.add(made)
    session.flush()
    return made


def _own(session: Session, review: MechanismReview, row: int) -> ReviewAction:
    found = session.get(ReviewAction, row)
    if found is None or found.review_id != review.id:
        raise BadInput("This action is gone. Load the page again.")
    return found


def _leads(by: Actor) -> None:
    if by.role not in LEADING or by.staff_id is None:
        raise NotAllowed("Only supervisors and administrators review the mechanism.")


def _open(review: MechanismReview, by: Actor) -> None:
    _leads(by)
    if review.signed_at is not None:
        raise NotAllowed(
            "This review is signed: it does not change any more. Begin a new one that corrects it."
        )
    if review.dropped_at is not None:
        raise NotAllowed("This review was given up. Begin a new one.")


def _note(
    session: Session,
    what: RatingAct,
    review: MechanismReview,
    by: Actor,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    rating_log.note(
        session,
        what,
        by=by,
        now=now,
        brand_id=review.brand_id,
        review_id=review.id,
        data=data,
    )

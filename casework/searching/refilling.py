"""Makes findable what was written before words were, newest cases first and a few at a time.

A fact says up to which case that is still to be done; without it there is nothing to do, because
whatever is written now is findable at once. A migration leaves the fact: it has no key itself.
"""

from sqlmodel import col, delete, func, select

from casework.db import Session, for_change
from casework.messaging import messages
from casework.models import Case, Fact, SearchWord
from casework.searching import searchwords

_LEFT = "search-left"


def refill(session: Session, limit: int = 50) -> int:
    """Do the next cases; how many were done, 0 at the end."""
    left = session.exec(for_change(select(Fact).where(Fact.name == _LEFT))).first()
    if left is None:
        return 0
    older = select(Case.id).where(col(Case.id) <= int(left.value)).order_by(col(Case.id).desc())
    chosen = list(session.exec(older.limit(limit)))
    # Always from the oldest on: whoever locks several cases does it in this order.
    locked = for_change(select(Case).where(col(Case.id).in_(chosen)).order_by(col(Case.id)))
    for case in session.exec(locked):
        searchwords.add(session, case.id, *messages.texts(session, case))
    if chosen:
        left.value = str(min(chosen) - 1).encode()
    else:
        session.delete(left)
    session.flush()
    return len(chosen)


def start_over(session: Session) -> None:
    """Forget all words, so that ``refill`` makes them anew."""
    session.exec(delete(SearchWord))
    newest = session.exec(select(func.max(Case.id))).one()
    if newest is not None:
        session.merge(Fact(name=_LEFT, value=str(newest).encode()))

"""Of the sample data, what shows several languages: an interpreter's work, words that wait, a
translation beside a message."""

from datetime import datetime

from sqlmodel import col, select

from casework.actors import staff_actor
from casework.db import Session
from casework.lifecycle import OPEN
from casework.messaging import holding, interpreting, messages, translating
from casework.messaging.beside import Wording
from casework.models import Case
from casework.vocabulary import Action, Direction, VersionBy
from recourse.sample.people_and_places import Rows

_WRITER = "mai"
"""Handles cases whose worker reads Burmese, which she does not."""
_LANGUAGE = "my"
_REPLY = (
    "Thank you for telling us. Somebody of our office goes to the factory next week and asks about"
    " this, among other things, without saying who told us. Are you safe until then?"
)


def add(session: Session, rows: Rows, now: datetime) -> None:
    """Two open cases: in one a reply waits for its translation, in the other the worker's own words
    wait for theirs, and one message is translated already."""
    wanted = select(Case).where(
        Case.language == _LANGUAGE,
        col(Case.status).in_(OPEN),
        col(Case.restricted).is_(False),
        col(Case.reporter_id).is_not(None),
    )
    found = session.exec(wanted.order_by(col(Case.id).desc()).limit(3)).all()
    by = staff_actor(rows.staff[_WRITER])
    for number, case in enumerate(found):
        said = [
            message
            for message in messages.of_case(session, case.id)
            if message.direction is Direction.FROM_WORKER and messages.words(session, message)
        ]
        if number == 0:
            held = holding.step(
                session, case, Action.REPLY, by=by, now=now, text=_REPLY, language="en"
            )
            if held is not None:
                interpreting.ask(session, case, held, "en", _LANGUAGE, by=by, now=now)
        elif number == 1 and said:
            interpreting.ask(session, case, said[0], _LANGUAGE, "en", by=by, now=now)
        elif said:
            wording = Wording(
                "(Sample) The worker tells what happened, and asks for help.",
                "en",
                VersionBy.MACHINE,
            )
            translating.put_beside(session, case, said[0], wording, by=by, now=now)

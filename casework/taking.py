"""A complaint that somebody of the office takes by phone or in person, and writes down.

It is filed by the same rules as any other. Its promises run from the moment of the call. The worker
gets a case number and a secret number, with which the case can be opened in a chat later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework import cases, filing, receipts
from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.filing import Complaint, Door
from casework.messaging import messages, reaching
from casework.models import Case, Staff
from casework.vocabulary import Action, Channel, Reach

AT_MOST_BACK = timedelta(days=30)
"""So old a call may be (our default): what is older is a past case, which is imported."""
BY_HAND = (Channel.PHONE, Channel.IN_PERSON)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was heard and agreed. ``complaint`` holds the words, in ``words_language``."""

    complaint: Complaint
    channel: Channel
    language: str
    """The worker's."""
    words_language: str
    received_at: datetime
    reach: Reach
    agreed_to_notes: bool
    """What we do with it was read to the worker, who agreed."""
    phone: str = ""
    when: str = ""
    """When it is safe to call, in the handler's words."""
    keeps: bool = True
    """Who took it handles it."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The case, and the secret number that is told to the worker now and never again."""

    case: Case
    secret: str


def take(session: Session, taken: Taken, *, by: Actor, now: datetime) -> Filed:
    """File it; ``BadInput`` says what is missing. A person has heard it, so it is acknowledged."""
    _check(taken, by, now)
    door = Door(taken.channel, taken.language)
    # The event is of the moment of the call; when it was written down stands in it.
    noted = {"entered": now.isoformat(), "agreed": True, "reach": taken.reach.value}
    case = filing.file(session, door, taken.complaint, by=by, now=taken.received_at, noted=noted)
    case.reach = taken.reach
    if taken.reach is Reach.BY_PHONE:
        reaching.seal(session, case, taken.phone, taken.when)
    session.flush()
    for message in messages.of_case(session, case.id):
        message.language = taken.words_language
    secret = receipts.make(session, case)
    cases.advance(session, case, Action.ACKNOWLEDGE, by=by, now=now)
    if taken.keeps and by.staff_id is not None and (by.restricted_pool or not case.restricted):
        cases.assign(session, case, session.get_one(Staff, by.staff_id), by=by, now=now)
    return Filed(case, secret)


def _check(taken: Taken, by: Actor, now: datetime) -> None:
    if not by.handles_cases:
        raise NotAllowed("Only who handles cases takes a complaint for a worker.")
    if taken.channel not in BY_HAND:
        raise BadInput("Say whether it was a call or a talk.")
    if not taken.agreed_to_notes:
        raise BadInput("Read the text aloud and ask. Without a yes nothing is written down.")
    if not now - AT_MOST_BACK <= taken.received_at <= now:
        raise BadInput(
            "The moment of the call must be within the last %(days)s days, and not in the future.",
            days=AT_MOST_BACK.days,
        )
    if taken.reach is Reach.BY_PHONE:
        reaching.check(taken.phone)

"""How we may write to her: here, here at safe hours, or not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time

from bot.questions import Answer, Page, Question, Room, in_rows, skip
from bot.turns import Chat, Draft, Msg
from bot.wording import CONTACT, msg
from casework.vocabulary import Contact
from translations import N_

SAFE_HOURS = ((6, 9), (12, 13), (18, 21), (20, 23))
"""Before the shift, at noon, after it, late: hours of the factory."""

_NO_MESSAGES = msg(
    N_("All right. We will not write to you. Come back here when you want to see the news.")
)
HOW_TO_WRITE = msg(N_("When there is news, how may we write to you?"))
WHICH_HOURS = msg(N_("At what time is it safe to write to you?"))
ANY_TIME = msg(N_("Any time is safe"))


def contact_is(
    contact: Contact | None, hours: tuple[int, int] | None = None
) -> Callable[[Draft], Draft]:
    start, end = (time(hours[0]), time(hours[1])) if hours else (None, None)
    return lambda draft: replace(draft, contact=contact, safe_from=start, safe_to=end)


def window(hours: tuple[int, int]) -> tuple[str, Msg]:
    """The value and the label of a span of safe hours."""
    start, end = hours
    label = msg(N_("%(start)s to %(end)s"), start=time(start), end=time(end))
    return f"{start:02}-{end:02}", label


def _contact(_: Chat) -> Page:
    answers = [
        Answer(Contact.HERE, CONTACT[Contact.HERE][1], "🔔", sets=contact_is(Contact.HERE)),
        # What she chooses counts once the hours are known.
        Answer(Contact.SAFE_HOURS, CONTACT[Contact.SAFE_HOURS][1], "🕗", to="hours"),
        Answer(
            Contact.NEVER,
            CONTACT[Contact.NEVER][1],
            "🔕",
            sets=contact_is(Contact.NEVER),
            says=_NO_MESSAGES,
        ),
        skip(sets=contact_is(None)),
    ]
    return Page(HOW_TO_WRITE, in_rows(answers))


def _hours(_: Chat) -> Page:
    answers = []
    for hours in SAFE_HOURS:
        value, label = window(hours)
        answers.append(Answer(value, label, "🕗", sets=contact_is(Contact.SAFE_HOURS, hours)))
    answers.append(Answer("any", ANY_TIME, "🔔", sets=contact_is(Contact.HERE)))
    return Page(WHICH_HOURS, in_rows(answers))


QUESTIONS = (
    Question(
        name="contact",
        room=Room.INTAKE,
        page=_contact,
        then="review",
        also=("hours",),
        help=msg(
            N_(
                "If other people can see your phone, choose safe hours, or choose that we do not"
                " write. Your case goes on in the same way."
            )
        ),
    ),
    Question(
        name="hours",
        room=Room.INTAKE,
        page=_hours,
        then="review",
        help=msg(N_("We write to you only between these hours. It is the time at the factory.")),
    ),
)

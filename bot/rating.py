"""How she was treated: three faces, when a case has ended."""

from dataclasses import replace

from bot.casepage import ADD, LOOK_AGAIN, case_button, to_case
from bot.pausing import leave
from bot.questions import Answer, Page, Question, Room, Then, Verb, in_rows
from bot.turns import CaseRated, Chat, RateCase
from bot.wording import TREATMENT, msg
from casework.vocabulary import Treatment
from translations import N_

_HOW = msg(N_("How did we treat you? This is about us, not about the factory."))
_THANKS = msg(N_("Thank you for telling us."))
_SORRY = msg(N_("Thank you for telling us. We are sorry. If you want, tell us what was not good."))
_SORRY_AGAIN = msg(
    N_(
        "Thank you for telling us. We are sorry. If you want, tell us what was not good. You can"
        " also ask that another person looks at your case again."
    )
)
_NOT_NOW = msg(N_("You can answer this when the case has ended."))


def _face(treatment: Treatment) -> Answer:
    icon, label = TREATMENT[treatment]

    def does(chat: Chat) -> Then:
        return Then(chat, do=(RateCase(chat.case, treatment),), waits=True)

    return Answer(treatment, label, icon, does=does)


def _page(_: Chat) -> Page:
    return Page(_HOW, in_rows([_face(treatment) for treatment in TREATMENT]))


def rate(chat: Chat, reference: str) -> Then:
    """The question, for one case."""
    return Then(replace(leave(chat, "rate"), case=reference))


def case_rated(chat: Chat, event: CaseRated) -> Then:
    """Thanks; and who was treated badly learns what can be done about it."""
    chat = replace(chat, step="case", case=event.reference)
    if not event.ok:
        return Then(chat, (_NOT_NOW,))
    if event.treatment is not Treatment.BADLY:
        return Then(chat, (_THANKS,))
    ways = [case_button("add", event.reference, ADD, "➕")]
    if event.can_appeal:
        ways.append(case_button("appeal", event.reference, LOOK_AGAIN, "🔁"))
    ways.append(to_case(event.reference))
    return Then(chat, page=Page(_SORRY_AGAIN if event.can_appeal else _SORRY, in_rows(ways)))


VERBS: dict[str, Verb] = {"rate": rate}
"""What buttons about a case do here; see ``bot.dialogue.VERBS``."""

QUESTION = Question(
    name="rate",
    room=Room.FOLLOWUP,
    page=_page,
    parent="case",
    help=msg(N_("Say what you think. Your answer changes nothing in how your case goes on.")),
    also=("case",),
)

"""Whether anyone treated her badly because she wrote to us: the question, and what follows a yes."""

from dataclasses import replace

from bot.caseactions import hear_addition
from bot.casepage import case_button
from bot.pausing import leave
from bot.questions import Page, Question, Room, Then, Verb, in_rows
from bot.turns import AnswerCheckIn, Chat, CheckInAnswered, Msg
from bot.wording import msg
from translations import N_

ASKED = msg(
    N_(
        "Has anyone treated you badly because you wrote to us? For example: threatened you, moved"
        " you to other work, cut your pay, or dismissed you."
    )
)
_YES = msg(N_("Yes, that happened"))
_NO = msg(N_("No, nobody did"))
_UNSURE = msg(N_("I am not sure"))
_THANKS = msg(
    N_("Thank you for telling us. If anyone treats you badly later, tell us here at any time.")
)
_NOT_SURE = msg(
    N_(
        "That is all right. You can tell us what happened, in words or as a voice message. A person"
        " looks at it with you. You can also answer later."
    )
)
_OPENED = N_(
    "We are sorry. Nobody may treat you badly because you wrote to us. We opened a new case about"
    " this: %(reference)s. A person answers you by %(date)s."
)
_TELL = msg(
    N_(
        "If you are in danger, go to a safe place first, and call the emergency number or someone"
        " you trust.\n\n"
        "If you want, tell us what happened now: write, or record a voice message. You do not have"
        " to."
    )
)
_KNOWN = msg(N_("Thank you for telling us. We have opened a case about this already."))


def page(reference: str, text: Msg = ASKED) -> Page:
    """The question about one case. Its buttons name the case, so that they work from any step."""
    buttons = [
        case_button("safe", reference, _NO, "🙂"),
        case_button("harmed", reference, _YES, "😟"),
    ]
    if text is ASKED:
        buttons.append(case_button("unsure", reference, _UNSURE, "🤔"))
    else:
        buttons.insert(0, case_button("add", reference, msg(N_("Tell more")), "➕"))
    return Page(text, in_rows(buttons))


def answered(chat: Chat, event: CheckInAnswered) -> Then:
    """Thank her; or, where somebody harmed her, say which new case a person answers by when."""
    if event.linked and event.harmed:
        chat = replace(chat, step="add", case=event.linked, filed=True)
        if event.answer_by is None:
            return Then(chat, (_KNOWN,))
        opened = msg(_OPENED, reference=event.linked, date=event.answer_by)
        later = case_button("open", event.linked, msg(N_("Not now")), "⏭️")
        return Then(chat, before=(opened,), page=Page(_TELL, in_rows([later])))
    if event.ok and not event.linked:
        return Then(replace(chat, step="home"), (_THANKS,))
    # Nothing was asked; or she said yes before, and her new case is where she goes on.
    return Then(replace(chat, step="case", case=event.linked or event.reference))


def _answer(harmed: bool) -> Verb:
    def answer(chat: Chat, reference: str) -> Then:
        chat = replace(leave(chat, "case"), case=reference)
        return Then(chat, do=(AnswerCheckIn(reference, harmed),), waits=True)

    return answer


def _unsure(chat: Chat, reference: str) -> Then:
    chat = replace(leave(chat, "check-in"), case=reference)
    return Then(chat, page=page(reference, _NOT_SURE))


VERBS: dict[str, Verb] = {
    "safe": _answer(harmed=False),
    "harmed": _answer(harmed=True),
    "unsure": _unsure,
}
"""What buttons about a case do here; see ``bot.dialogue.VERBS``."""

QUESTION = Question(
    name="check-in",
    room=Room.FOLLOWUP,
    page=lambda chat: page(chat.case),
    parent="case",
    hears=hear_addition,
    help=msg(
        N_(
            "Nobody in the factory sees your answer. If somebody treated you badly, a person looks"
            " at it at once."
        )
    ),
    also=("add", "case", "home", "about"),
)

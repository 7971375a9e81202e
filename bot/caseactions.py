"""What she does with one of her cases: tell more, answer, confirm, dispute, appeal, take back."""

from collections.abc import Callable
from dataclasses import replace

from bot import story
from bot.casepage import case_button
from bot.pausing import leave
from bot.questions import Answer, Page, Question, Room, Then, Verb, in_rows
from bot.turns import ActOnCase, AddToCase, CaseChanged, Chat, Part
from bot.wording import msg
from casework.vocabulary import Action
from translations import N_

_DONE = {
    Action.CONFIRM: msg(N_("Thank you. We wrote down that it was put right.")),
    Action.DISPUTE: msg(
        N_(
            "Thank you for telling us. We wrote down that it was not put right. Another person will"
            " look at it."
        )
    ),
    Action.APPEAL: msg(N_("We will look at it again. Another person will do it.")),
    Action.WITHDRAW: msg(N_("You took your complaint back. We stop working on it.")),
}
_LOOK_AGAIN = msg(
    N_("A person who did not work on your case before looks at it. You do not have to say why.")
)
ADDED = msg(N_("I added it to your case."))
_NOT_ADDED = msg(N_("I could not add it to that case."))
_TOO_LATE = msg(N_("It is too late to do this for this case."))


def case_changed(chat: Chat, event: CaseChanged) -> Then:
    """Tell her what came of it. Nothing that could not be added is lost: it stays held."""
    if event.action is Action.ADD:
        if chat.step in ("dispute", "appeal"):
            # The action that was sent along speaks.
            return Then(replace(chat, held=() if event.ok else chat.held), waits=True)
        if not event.ok:
            return Then(replace(chat, step="about"), (_NOT_ADDED,))
        step = "add" if chat.step in ("answer", "about") else chat.step
        return Then(replace(chat, step=step, held=()), (ADDED,))
    with_reason = chat.step in ("dispute", "appeal")
    chat = replace(chat, step="case", case=event.reference)
    if event.ok:
        return Then(replace(chat, held=() if with_reason else chat.held), (_DONE[event.action],))
    said = _DONE[event.action] if event.already else _TOO_LATE
    if with_reason and chat.held:
        # Her reason came too late for the action; as an addition it still reaches a person.
        return Then(chat, (said,), (AddToCase(event.reference, chat.held),), waits=True)
    return Then(chat, (said,))


def hear_addition(chat: Chat, part: Part) -> Then:
    """Words or a file belong to the case she is looking at."""
    parts = (*chat.held, part)
    return Then(replace(chat, held=parts), do=(AddToCase(chat.case, parts),), waits=True)


def _hear_reason(action: Action) -> Callable[[Chat, Part], Then]:
    def hear(chat: Chat, part: Part) -> Then:
        parts = (*chat.held, part)
        chat = replace(chat, held=parts)
        if part.kind is None and len(parts) == 1:
            return Then(chat, do=(ActOnCase(chat.case, action, part.text),), waits=True)
        act = ActOnCase(chat.case, action)
        return Then(chat, do=(AddToCase(chat.case, parts), act), waits=True)

    return hear


def _act(action: Action) -> Callable[[Chat], Then]:
    def does(chat: Chat) -> Then:
        added = (AddToCase(chat.case, chat.held),) if chat.held else ()
        return Then(chat, do=(*added, ActOnCase(chat.case, action)), waits=True)

    return does


def _add(chat: Chat) -> Page:
    text = msg(
        N_(
            "You can tell more about case %(reference)s now: write, record voice messages, or send"
            " photos, videos and files. Press “%(all)s” when you are done."
        ),
        reference=chat.case,
        all=story.THAT_IS_ALL,
    )
    return Page(text, in_rows([case_button("open", chat.case, story.THAT_IS_ALL, "✅")]))


def _answer(chat: Chat) -> Page:
    text = msg(
        N_(
            "Send your answer for case %(reference)s now. You can write, record a voice message, or"
            " send a photo."
        ),
        reference=chat.case,
    )
    return Page(text, in_rows([case_button("open", chat.case, msg(N_("Not now")), "⏭️")]))


def _dispute(chat: Chat) -> Page:
    text = N_(
        "What is not right yet? Write it in one message, or record a voice message. You can also"
        " say nothing and press “%(send)s”."
    )
    send = Answer("send", story.SEND, "✅", does=_act(Action.DISPUTE))
    return Page(msg(text, send=story.SEND), in_rows([send, _no(chat)]))


def _appeal(chat: Chat) -> Page:
    text = N_(
        "Why should we look at it again? Write it in one message, or record a voice message. You"
        " can also say nothing and press “%(send)s”."
    )
    send = Answer("send", story.SEND, "✅", does=_act(Action.APPEAL))
    return Page(msg(text, send=story.SEND), in_rows([send, _no(chat)]))


def _withdraw(chat: Chat) -> Page:
    text = N_(
        "Do you want to take back your complaint %(reference)s? We then stop working on it. Nobody"
        " is angry with you."
    )
    yes = case_button("take-back", chat.case, msg(N_("Yes, take it back")), "↩️")
    return Page(msg(text, reference=chat.case), in_rows([yes, _no(chat)]))


def _no(chat: Chat) -> Answer:
    return case_button("open", chat.case, msg(N_("No, leave it as it is")), "✖️")


# --- buttons about a case: they work from any step ---------------------------------------------


def _enter(step: str) -> Verb:
    return lambda chat, reference: Then(replace(leave(chat, step), case=reference))


def _enter_adding(step: str) -> Verb:
    def enter(chat: Chat, reference: str) -> Then:
        chat = replace(leave(chat, step), case=reference)
        if not chat.held:
            return Then(chat)
        return Then(chat, do=(AddToCase(reference, chat.held),), waits=True)

    return enter


def _at_once(action: Action) -> Verb:
    def act(chat: Chat, reference: str) -> Then:
        chat = replace(leave(chat, "case"), case=reference)
        return Then(chat, do=(ActOnCase(reference, action),), waits=True)

    return act


VERBS: dict[str, Verb] = {
    "open": _enter("case"),
    "add": _enter_adding("add"),
    "answer": _enter_adding("answer"),
    "confirm": _at_once(Action.CONFIRM),
    "dispute": _enter("dispute"),
    "appeal": _enter("appeal"),
    "withdraw": _enter("withdraw"),
    "take-back": _at_once(Action.WITHDRAW),
}
"""What buttons about a case do here; see ``bot.dialogue.VERBS``."""

QUESTIONS = (
    Question(
        name="add",
        room=Room.FOLLOWUP,
        page=_add,
        parent="case",
        hears=hear_addition,
        help=msg(N_("All that you send now goes to the people who work on your case.")),
        also=("case", "about"),
    ),
    Question(
        name="answer",
        room=Room.FOLLOWUP,
        page=_answer,
        parent="case",
        hears=hear_addition,
        help=msg(N_("All that you send now goes to the people who work on your case.")),
        also=("add", "case", "about"),
    ),
    Question(
        name="dispute",
        room=Room.FOLLOWUP,
        page=_dispute,
        parent="case",
        hears=_hear_reason(Action.DISPUTE),
        help=_LOOK_AGAIN,
        also=("case",),
    ),
    Question(
        name="appeal",
        room=Room.FOLLOWUP,
        page=_appeal,
        parent="case",
        hears=_hear_reason(Action.APPEAL),
        help=_LOOK_AGAIN,
        also=("case",),
    ),
    Question(
        name="withdraw",
        room=Room.FOLLOWUP,
        page=_withdraw,
        parent="case",
        help=msg(N_("You decide. If you take it back, we keep your number but do no more work.")),
        also=("case",),
    ),
)

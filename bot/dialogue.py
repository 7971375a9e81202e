"""The conversation as one pure function: what an event changes, says and does.

``step`` finds out what arrived, the questions (``STEPS``) say what follows. Whatever happens, the
answer is a question with a way out, never silence.
"""

from collections.abc import Callable
from dataclasses import replace

from bot import (
    asking,
    caseactions,
    checkin,
    controls,
    factory,
    followup,
    history,
    intake,
    news,
    pausing,
    rating,
    readback,
    receipt,
    safety,
    settings,
    urgent,
)
from bot.keeping import edited, heard
from bot.questions import Answer, Question, Then, Verb, go
from bot.turns import (
    CaseChanged,
    CaseFiled,
    CaseOpened,
    CaseRated,
    CaseShown,
    CasesListed,
    Chat,
    CheckInAnswered,
    Choice,
    Command,
    Edited,
    Event,
    FactoriesFound,
    HelpFound,
    HistoryShown,
    Media,
    MediaTooBig,
    Msg,
    NewsRead,
    Part,
    Pressed,
    ReceiptMade,
    Result,
    RightsFound,
    RightsShown,
    Say,
    Started,
    Text,
    Turn,
    Unsupported,
)
from bot.wording import msg, paragraphs
from casework.vocabulary import Channel, Danger
from translations import N_, SOURCE_LANGUAGE, languages, match

STEPS: dict[str, Question] = {
    question.name: question
    for question in (
        *intake.QUESTIONS,
        *readback.QUESTIONS,
        *followup.QUESTIONS,
        checkin.QUESTION,
        *settings.QUESTIONS,
        *safety.QUESTIONS,
        *receipt.QUESTIONS,
        history.QUESTION,
        rating.QUESTION,
        pausing.QUESTION,
    )
}
"""Every step of the conversation, by name."""

VERBS: dict[str, Verb] = {
    **caseactions.VERBS,
    **news.VERBS,
    **checkin.VERBS,
    **receipt.VERBS,
    **history.VERBS,
    **rating.VERBS,
}
"""What a button about a case does, whatever the step: the verb stands before the colon in its value,
the case's reference after it."""

_TO_A_CASE = frozenset({"add", "answer", "dispute", "appeal"})
"""Steps where words go to a case at once."""

OLD_BUTTON = msg(N_("That button is from an earlier question. Please use the buttons here."))
CANNOT_USE = msg(
    N_("I cannot use that here. You can send words, voice messages, photos, videos and files.")
)
TOO_BIG = N_(
    "This file is too big for me. It may have at most %(limit)s megabytes. You can send a smaller or shorter one,"
    " or tell it in words."
)


def fresh(channel: Channel, hint: str = "") -> Chat:
    """The state of somebody who was never here. ``hint``: the language the channel guesses."""
    return Chat(channel=channel, language=match(hint, "bot") or SOURCE_LANGUAGE)


def forgotten(chat: Chat) -> Chat:
    """The state after an unfinished complaint was left too long: as if she had never begun it."""
    step = "home" if chat.filed else "language"
    return Chat(step, chat.language, chat.channel, case=chat.case, filed=chat.filed)


def rested(chat: Chat) -> Chat:
    """The state of somebody who comes back after a long time: what she sends now may be about
    something new, so it is not put to the case she was looking at without asking."""
    return replace(chat, step="home") if chat.step in _TO_A_CASE else chat


def step(chat: Chat, event: Event) -> Turn:
    """What ``event`` leads to. Feed each result of an effect back in, in order, within the same
    transaction; all that is said in that chain is the answer to the event."""
    return _turn(_react(_known(chat), event))


def _known(chat: Chat) -> Chat:
    """A chat sealed by another version may stand at a step or in a language that is gone."""
    if chat.language not in languages("bot"):
        chat = replace(chat, language=SOURCE_LANGUAGE)
    if chat.step in STEPS and all(s in STEPS for s in (*chat.trail, chat.paused, chat.resume) if s):
        return chat
    chat = replace(chat, trail=(), resume="", editing=False, paused="")
    if pausing.underway(chat):
        return replace(chat, step="story")
    return replace(chat, step="home" if chat.filed else "language", agreed=False)


def _react(chat: Chat, event: Event) -> Then:
    match event:
        case Pressed():
            return _pressed(chat, event)
        case Text(text, source):
            return heard(chat, STEPS[chat.step], Part(text, source=source))
        case Media(kind, attachment, caption, source):
            part = Part(caption, attachment, kind, source=source)
            return heard(chat, STEPS[chat.step], part)
        case Edited():
            return edited(chat, STEPS[chat.step], event)
        case Command(name):
            return controls.use(chat, STEPS[chat.step], name) or Then(chat, (CANNOT_USE,))
        case Started():
            return controls.start(chat, event)
        case MediaTooBig(limit, caption, source):
            part = Part(caption, source=source)
            then = heard(chat, STEPS[chat.step], part) if caption else Then(chat)
            return replace(then, first=(msg(TOO_BIG, limit=limit), *then.first))
        case Unsupported():
            return Then(chat, (CANNOT_USE,))
        case _:
            return _resulted(chat, event)


def _helped(chat: Chat, result: HelpFound) -> Then:
    if result.aside:
        return controls.explained(chat, STEPS[chat.step], result)
    return urgent.found(chat, result)


_RESULTED: dict[type[Result], Callable[..., Then]] = {
    FactoriesFound: factory.found,
    CaseFiled: followup.filed,
    CasesListed: followup.cases_listed,
    CaseShown: followup.case_shown,
    CaseChanged: caseactions.case_changed,
    CaseRated: rating.case_rated,
    ReceiptMade: receipt.receipt_made,
    CaseOpened: receipt.case_opened,
    HistoryShown: history.history_shown,
    RightsFound: asking.found,
    RightsShown: asking.shown,
    NewsRead: news.read,
    CheckInAnswered: checkin.answered,
    HelpFound: _helped,
}
"""What follows a result."""


def _resulted(chat: Chat, result: Result) -> Then:
    return _RESULTED[type(result)](chat, result)


def _pressed(chat: Chat, event: Pressed) -> Then:
    question = STEPS[chat.step]
    verb, _, reference = event.value.partition(":")
    if reference and verb in VERBS:
        return VERBS[verb](chat, reference)
    if event.value.startswith("."):
        # "Back" means back from the question it stands under; the others mean the same anywhere.
        if event.value != ".back" or event.step == chat.step:
            return controls.use(chat, question, event.value[1:]) or Then(chat, (OLD_BUTTON,))
    elif event.step == chat.step:
        for row in question.page(chat).rows:
            for answer in row:
                if answer.value == event.value:
                    return _answered(chat, question, answer)
    if (event.step, event.value) == ("danger", Danger.NOW):
        # However old the button is, who is in danger now is told who helps.
        return controls.explain(chat, question)
    return Then(chat, (OLD_BUTTON,))


def _answered(chat: Chat, question: Question, answer: Answer) -> Then:
    if answer.does:
        return answer.does(chat)
    if answer.sets:
        chat = replace(chat, draft=answer.sets(chat.draft))
    to = answer.to or _next(chat, question)
    while not STEPS[to].asked(chat):
        to = _next(chat, STEPS[to])
    return Then(go(chat, to), (answer.says,) if answer.says else ())


def _next(chat: Chat, question: Question) -> str:
    return question.changed if chat.editing else question.then


def _turn(then: Then) -> Turn:
    chat, first = then.chat, then.first
    if chat.step == "home" and chat.held:
        # What she sent is never forgotten: it is asked where it belongs.
        chat = replace(chat, step="about")
    question = STEPS[chat.step]
    before = tuple(Say(text) for text in then.before)
    if then.waits:
        return Turn(chat, (*before, *(Say(text) for text in first)), then.do)
    effect = None if then.page else question.loads(chat)
    if effect:
        return Turn(chat, (*before, *(Say(text) for text in first)), (*then.do, effect))
    page = then.page or question.page(chat)
    rows = page.rows + controls.rows(chat, question)
    choices = tuple(
        tuple(Choice(answer.value, answer.label, answer.icon) for answer in row) for row in rows
    )
    return Turn(chat, (*before, Say(_together(first, page.text), choices, chat.step)), then.do)


def _together(first: tuple[Msg, ...], text: Msg) -> Msg:
    """One message, not several: she gets one notification, and reads it in order."""
    if not first:
        return text
    return paragraphs(*first, text)

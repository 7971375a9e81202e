"""What works at every step: back, language, help, stop, my cases, start."""

from dataclasses import replace

from bot import pausing, safety, settings, urgent
from bot.questions import Answer, Page, Question, Room, Rows, Then, in_rows
from bot.turns import Chat, HelpFound, Msg, Started
from bot.wording import msg, paragraphs
from casework.vocabulary import HelpKind
from translations import N_

_NOTHING_BEFORE = msg(N_("There is no question before this one."))
_SAFETY = msg(
    N_(
        "You can stop at any time. If someone is in danger, go to a safe place first, and call the"
        " emergency number or someone you trust."
    )
)
_POSTER = "F-"


def rows(chat: Chat, question: Question) -> Rows:
    """The last buttons below every question.

    At most three side by side: in Burmese four labels are cut off on a small phone.
    """
    back = Answer(".back", msg(N_("Back")), "⬅️")
    language = Answer(".language", msg(N_("Language")), "🌐")
    about_it = Answer(".help", msg(N_("Help")), "❓")
    stop = Answer(".stop", msg(N_("Stop")), "✋")
    buttons = [back] if _before(chat, question) else []
    if question.name != "language":
        buttons.append(language)
    buttons.append(about_it)
    if question.name != "stopped":
        buttons.append(stop)
    return in_rows(buttons, across=2 if len(buttons) > 3 else 3)


def use(chat: Chat, question: Question, name: str) -> Then | None:
    """Do what a control means now; ``None`` where there is no such control."""
    match name:
        case "back":
            before = _before(chat, question)
            return Then(before) if before else Then(chat, (_NOTHING_BEFORE,))
        case "language":
            if question.name == "language":
                return Then(chat)
            return Then(replace(chat, step="language", resume=chat.step))
        case "help":
            return explain(chat, question)
        case "stop":
            return settings.stop(chat)
        case "erase":
            return safety.erase(chat)
        case "cases" | "home" | "number" | "reach" | "safety" | "forget":
            return Then(pausing.leave(chat, name))
        case "new" | "ask" | "go" | "continue":
            return _towards(chat, name)
        case "start":
            return start(chat, Started())
        case _:
            return None


def _towards(chat: Chat, name: str) -> Then:
    """Begin a complaint or a question, or go on with what is underway."""
    underway = pausing.underway(chat)
    match name:
        case "go" | "continue" if underway:
            return Then(pausing.go_on(pausing.leave(chat, "home")))
        case "new" | "ask" if underway:
            return Then(pausing.leave(chat, "resume"))
        case "ask":
            return Then(pausing.begin_question(chat))
        case "continue":
            return start(chat, Started())
        case _:
            return Then(pausing.begin(chat))


def explain(chat: Chat, question: Question) -> Then:
    """The help of the question; with the numbers for help where we may know the country."""
    known = chat.draft.factory or chat.draft.country or chat.filed
    if known and chat.step != "stopped":
        return Then(chat, do=(urgent.look_up(chat, HelpKind.EMERGENCY, aside=True),), waits=True)
    return _explained(chat, question)


def explained(chat: Chat, question: Question, event: HelpFound) -> Then:
    """The same, now that the numbers are looked up."""
    return _explained(chat, question, urgent.numbers(event, chat.language))


def _explained(chat: Chat, question: Question, more: tuple[Msg, ...] = ()) -> Then:
    said = (question.help, _SAFETY, *more)
    if question.loads(chat):
        return Then(chat, said)
    # The question itself stands right above: only its buttons come again.
    return Then(chat, page=Page(paragraphs(*said), question.page(chat).rows))


def start(chat: Chat, event: Started) -> Then:
    """``/start``: on the way, ask whether to go on; with a case, home; else from the beginning."""
    if event.payload.startswith(_POSTER):
        chat = replace(chat, link=event.payload.removeprefix(_POSTER))
    if pausing.underway(chat):
        return Then(pausing.leave(chat, "resume"))
    never_chose = chat.step == "language" and not chat.resume and not chat.trail
    chat = replace(chat, trail=(), paused="", resume="", editing=False)
    if chat.filed:
        return Then(replace(chat, step="home"))
    chat = replace(chat, step="language", agreed=False)
    return Then(settings.hinted(chat, event.hint) if never_chose else chat)


def _before(chat: Chat, question: Question) -> Chat | None:
    """Where "back" leads, ``None`` where there is nothing before."""
    if chat.step == "language":
        return replace(chat, step=chat.resume, resume="") if chat.resume else None
    if chat.editing:
        return replace(chat, step="review", editing=False)
    if question.parent:
        return replace(chat, step=question.parent)
    if question.room is Room.INTAKE and chat.trail:
        return replace(chat, step=chat.trail[-1], trail=chat.trail[:-1])
    if question.name == "home" and pausing.underway(chat) and chat.paused:
        return pausing.go_on(chat)
    return None

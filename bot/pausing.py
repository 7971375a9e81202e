"""Where a complaint waits while she does something else, and the question what becomes of it."""

from dataclasses import replace

from bot import asking, intake, readback, story
from bot.questions import Answer, Page, Question, Room, Then, in_rows
from bot.turns import Chat, Draft, DropDraft
from bot.wording import msg
from translations import N_

MY_CASES = msg(N_("My cases"))
GO_ON = msg(N_("Go on"))

INTAKE = frozenset(question.name for question in (*intake.QUESTIONS, *readback.QUESTIONS))
_BEFORE_FACTORY = frozenset({"language", "welcome", "who", "behalf", "person"})


def underway(chat: Chat) -> bool:
    """Whether there is a complaint that she agreed to make and has not sent."""
    return chat.agreed and chat.draft != Draft()


def place(chat: Chat) -> str:
    """The step where her complaint stands or waits, ``""`` if there is none."""
    step = chat.resume if chat.step == "language" and chat.resume else chat.step
    return step if step in INTAKE or step == "language" else chat.paused


def leave(chat: Chat, step: str) -> Chat:
    """To a step outside the intake; the place of a running complaint is kept."""
    return replace(chat, step=step, paused=place(chat), resume="")


def go_on(chat: Chat) -> Chat:
    """Back to where her complaint waits."""
    step = chat.paused or ("who" if chat.agreed else "language")
    # A poster scanned meanwhile must not answer anew what she has answered.
    link = chat.link if step in _BEFORE_FACTORY else ""
    return replace(chat, step=step, paused="", link=link)


def begin(chat: Chat) -> Chat:
    """A new complaint. What she sent before it, outside any question, opens its story."""
    parts = chat.held if chat.agreed else chat.draft.parts + chat.held
    first = "who" if chat.agreed else "welcome" if chat.filed else "language"
    return replace(
        chat,
        step=first,
        draft=Draft(parts=parts),
        trail=(),
        paused="",
        resume="",
        held=(),
        editing=False,
    )


def begin_question(chat: Chat) -> Chat:
    """A new question, that is no complaint."""
    began = begin(chat)
    if not chat.agreed:
        return began
    return replace(began, step="factory", draft=asking.as_question(began.draft))


def _anew(chat: Chat) -> Then:
    dropped = story.attachments(chat.draft.parts)
    return Then(begin(chat), do=(DropDraft(dropped),) if dropped else ())


def _go(chat: Chat) -> Then:
    return Then(go_on(chat))


def _resume(chat: Chat) -> Page:
    answers = [
        Answer("go", GO_ON, "▶️", does=_go),
        Answer("anew", msg(N_("Delete it and begin a new one")), "🗑️", does=_anew),
    ]
    if chat.filed:
        answers.append(Answer(".cases", MY_CASES, "📂"))
    text = N_("You have a complaint here that is not sent yet. Do you want to go on with it?")
    return Page(msg(text), in_rows(answers))


QUESTION = Question(
    name="resume",
    room=Room.SETTINGS,
    page=_resume,
    help=msg(N_("Nothing is sent yet. You can go on where you were, or delete it.")),
    also=(*sorted(INTAKE), "language", "cases"),
)

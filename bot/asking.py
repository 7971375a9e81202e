"""A question that is no complaint: what the operator publishes about rights, then her question."""

from dataclasses import replace

from bot import story
from bot.questions import Answer, Page, Question, Room, Then, go, in_rows
from bot.turns import (
    Chat,
    Draft,
    Effect,
    FindRights,
    RightsFound,
    RightsShown,
    RightsTitle,
    ShowRights,
)
from bot.wording import KIND, lines, msg
from casework.vocabulary import Category
from translations import N_

I_HAVE_A_QUESTION = KIND[Category.OTHER, "question"][1]
ICON = "🙋"
"""Not the question mark: that is "Help", on the same screen."""

_ASK = msg(N_("Write your question, or record a voice message. A person answers it."))
_READ_FIRST = msg(N_("Or press a title to read about your rights."))
_NOT_THERE = msg(N_("I cannot find this text any more."))


def is_question(draft: Draft) -> bool:
    """Whether she wants to know something, and does not complain."""
    return (draft.category, draft.kind) == (Category.OTHER, "question")


def as_question(draft: Draft) -> Draft:
    """A question with all that was told so far; what belongs to a complaint alone is left out."""
    return Draft(
        factory=draft.factory,
        factory_words=draft.factory_words,
        country=draft.country,
        category=Category.OTHER,
        kind="question",
        parts=draft.parts,
    )


def as_complaint(draft: Draft) -> Draft:
    """The way back: what it is about is open again."""
    return replace(draft, category=None, kind=None) if is_question(draft) else draft


def ask(chat: Chat) -> Then:
    """From the welcome: she agrees, and wants to ask something."""
    chat = replace(chat, agreed=True, draft=as_question(chat.draft))
    return Then(go(chat, "factory"))


def wanted(chat: Chat) -> FindRights:
    """What to look up for her, as far as she has told where she is."""
    factory = chat.draft.factory
    return FindRights(chat.language, factory.code if factory else "", chat.draft.country)


def _load(chat: Chat) -> Effect | None:
    asked = wanted(chat)
    return None if chat.rights and chat.rights.asked == asked else asked


def found(chat: Chat, event: RightsFound) -> Then:
    """The titles stand below the question from now on."""
    return Then(replace(chat, rights=event))


def shown(chat: Chat, event: RightsShown) -> Then:
    """The text itself, with the question's buttons below it."""
    if not event.body:
        return Then(replace(chat, rights=None), (_NOT_THERE,))
    return Then(chat, page=Page(lines(f"📘 {event.title}", "", event.body), _page(chat).rows))


def _title(text: RightsTitle) -> Answer:
    def does(chat: Chat) -> Then:
        return Then(chat, do=(ShowRights(text.id),), waits=True)

    return Answer(f"rights-{text.id}", text.title, "📘", does=does)


def _page(chat: Chat) -> Page:
    titles = chat.rights.titles if chat.rights else ()
    read = in_rows([_title(text) for text in titles])
    if chat.draft.parts:
        send = Answer("send", story.SEND, "✅", does=story.send)
        kept = lines(story.count(chat.draft.parts), "", story.more_or(story.SEND))
        return Page(kept, (*in_rows([send]), *read))
    return Page(lines(_ASK, "", _READ_FIRST) if titles else _ASK, read)


QUESTION = Question(
    name="question",
    room=Room.INTAKE,
    page=_page,
    hears=lambda chat, part: Then(story.kept(chat, part)),
    loads=_load,
    help=msg(
        N_(
            "You can ask anything about your work: pay, hours, leave, contract. You can speak in"
            " your own language. This is not a complaint."
        )
    ),
    also=("filed",),
)

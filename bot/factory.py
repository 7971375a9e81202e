"""The question which factory it is: by poster, by code, by a name that may be misspelt, or not."""

from collections.abc import Callable
from dataclasses import replace

from bot import asking, story
from bot.questions import Answer, Page, Question, Room, Then, go, in_rows, skip
from bot.turns import Chat, Draft, Effect, FactoriesFound, FactoryMatch, FindFactory, Part
from bot.wording import msg
from casework.vocabulary import MediaKind
from translations import N_

NAME_AT_MOST = 100
"""Characters; what is longer is not the name of a factory but what happened there."""
LABEL_AT_MOST = 60
"""Characters of a factory on a button."""

_WHICH_FACTORY = msg(
    N_(
        "Which factory is it? Write its name, or the code from the poster. The spelling does not"
        " have to be right."
    )
)
_NO_SUCH_CODE = msg(N_("I do not know the code of that poster."))
_KEPT_NAME = msg(N_("I do not know this factory yet. I kept the name as you wrote it."))
KEPT_VOICE = msg(N_("I kept what you said. A person will listen to it."))


def named(factory: FactoryMatch) -> str:
    return f"{factory.name}, {factory.place}" if factory.place else factory.name


def factory_is(factory: FactoryMatch | None, words: str = "") -> Callable[[Draft], Draft]:
    return lambda draft: replace(draft, factory=factory, factory_words=words)


def _factory(chat: Chat) -> Page:
    rather_not = skip(msg(N_("I would rather not say")), factory_is(None))
    return Page(_WHICH_FACTORY, in_rows([replace(rather_not, to=_onward(chat))]))


def _hear(chat: Chat, part: Part) -> Then | None:
    if part.kind is MediaKind.VOICE:
        # Somebody who cannot write says the name; a person finds the factory from it.
        return Then(go(story.kept(chat, part), _onward(chat)), (KEPT_VOICE,))
    if part.kind is not None or len(part.text) > NAME_AT_MOST:
        return None
    return Then(replace(chat, link=""), do=(FindFactory(part.text),), waits=True)


def found(chat: Chat, event: FactoriesFound) -> Then:
    """Take the one that is meant, offer those that may be, or keep her words."""
    from_poster, chat = bool(chat.link), replace(chat, link="", found=event.matches)
    if event.exact and len(event.matches) == 1:
        draft = factory_is(event.matches[0])(chat.draft)
        # The poster answers the question, so "back" does not lead to it.
        step = _onward(chat)
        moved = replace(chat, step=step) if from_poster else go(chat, step)
        return Then(replace(moved, draft=draft))
    if from_poster:
        return Then(chat, (_NO_SUCH_CODE,))
    chat = replace(chat, draft=factory_is(None, event.query)(chat.draft))
    if event.matches:
        return Then(go(chat, "factory-pick") if chat.step == "factory" else chat)
    return Then(go(chat, _onward(chat)), (_KEPT_NAME,))


def _onward(chat: Chat) -> str:
    """The step after the factory: back to the read-back where only the factory is changed."""
    if chat.editing:
        return "review"
    return "question" if asking.is_question(chat.draft) else "category"


def _pick(chat: Chat) -> Page:
    matches = [
        Answer(f.code, named(f)[:LABEL_AT_MOST], "🏭", sets=factory_is(f), to=_onward(chat))
        for f in chat.found
    ]
    none = Answer("none", msg(N_("None of these")), "✖️", says=_KEPT_NAME, to=_onward(chat))
    return Page(msg(N_("Is it one of these factories?")), in_rows([*matches, none]))


def _poster_code(chat: Chat) -> Effect | None:
    return FindFactory(chat.link) if chat.link else None


QUESTIONS = (
    Question(
        name="factory",
        room=Room.INTAKE,
        page=_factory,
        then="category",
        hears=_hear,
        loads=_poster_code,
        help=msg(
            N_(
                "With the name of the factory we can help better. You can write it as it sounds, or"
                " say it in a voice message. You can also keep it to yourself."
            )
        ),
        also=("factory-pick", "category", "question", "review"),
    ),
    Question(
        name="factory-pick",
        room=Room.INTAKE,
        page=_pick,
        then="category",
        hears=_hear,
        help=msg(
            N_("Press the factory that you mean. If it is not here, you can write its name again.")
        ),
        also=("category", "question", "review"),
    ),
)

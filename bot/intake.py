"""The questions of a new complaint, in their order."""

from collections.abc import Callable
from dataclasses import replace

from bot import asking, contact, factory, helping, story, topic, urgent
from bot.questions import ASK_ANYTHING, Answer, Page, Question, Room, Then, go, in_rows, skip
from bot.turns import Chat, Draft
from bot.wording import DANGER, HOW_MANY, RELATION, SINCE, msg
from casework.vocabulary import Channel, Danger, HowMany, Relation, Since
from translations import N_

Change = Callable[[Draft], Draft]

_WELCOME = {
    Channel.TELEGRAM: msg(
        N_(
            "Hello. Here you can tell what is wrong at your work, or ask a question.\n\n"
            "Who reads it: %(operator)s. They do not see your name or your phone number, and the factory"
            " does not get them. The company Telegram could read this chat.\n\n"
            "Nobody reads anything before you press “%(send)s”. Do you want to go on?"
        ),
        send=story.SEND,
    ),
    Channel.WEB: msg(
        N_(
            "Hello. Here you can tell what is wrong at your work, or ask a question.\n\n"
            "Who reads it: %(operator)s. You do not have to tell your name. The factory does not learn"
            " from us who you are. If others use this phone, close this page at the end.\n\n"
            "Nobody reads anything before you press “%(send)s”. Do you want to go on?"
        ),
        send=story.SEND,
    ),
}


def _agree(chat: Chat) -> Then:
    return Then(go(replace(chat, agreed=True, draft=asking.as_complaint(chat.draft)), "who"))


def _welcome(chat: Chat) -> Page:
    yes = Answer("yes", msg(N_("Yes, go on")), "👍", does=_agree)
    question = Answer("question", asking.I_HAVE_A_QUESTION, asking.ICON, does=asking.ask)
    return Page(_WELCOME[chat.channel], in_rows([yes, question]))


def _relation(value: Relation | None) -> Change:
    return lambda draft: helping.who_is(value, draft)


def _who(_: Chat) -> Page:
    answers = [
        Answer(value, label, icon, sets=_relation(value))
        for value, (icon, label) in RELATION.items()
    ]
    text = msg(N_("How do you know the factory? You do not have to tell your name."))
    return Page(text, in_rows([*answers, skip(sets=_relation(None))]))


def _danger_is(value: Danger | None) -> Change:
    return lambda draft: replace(draft, danger=value)


def _danger(_: Chat) -> Page:
    answers = [
        Answer(
            value,
            label,
            icon,
            sets=_danger_is(value),
            does=urgent.call_for_help if value is Danger.NOW else None,
        )
        for value, (icon, label) in DANGER.items()
    ]
    text = msg(N_("Is anyone in danger now?"))
    return Page(text, in_rows([*answers, skip(sets=_danger_is(None))]))


def _since_is(value: Since | None) -> Change:
    return lambda draft: replace(draft, since=value)


def _since(_: Chat) -> Page:
    answers = [
        Answer(value, label, icon, sets=_since_is(value)) for value, (icon, label) in SINCE.items()
    ]
    return Page(msg(N_("When did it start?")), in_rows([*answers, skip(sets=_since_is(None))]))


def _how_many_is(value: HowMany | None) -> Change:
    return lambda draft: replace(draft, how_many=value)


def _people(_: Chat) -> Page:
    answers = [
        Answer(value, label, icon, sets=_how_many_is(value))
        for value, (icon, label) in HOW_MANY.items()
    ]
    text = msg(N_("How many people does it happen to?"))
    return Page(text, in_rows([*answers, skip(sets=_how_many_is(None))]))


QUESTIONS = (
    Question(
        name="welcome",
        room=Room.INTAKE,
        page=_welcome,
        help=msg(
            N_(
                "I am a computer program. I ask a few questions and bring your answers to people"
                " who help workers. Press “%(yes)s” to begin.",
            ),
            yes=msg(N_("Yes, go on")),
        ),
        also=("who", "factory", "question"),
    ),
    Question(
        name="who",
        room=Room.INTAKE,
        page=_who,
        then="behalf",
        changed="behalf",
        help=msg(N_("This tells us how to talk with you. You can also skip it.")),
        # A poster answers the question of the factory.
        also=("person", "factory", "category", "review"),
    ),
    *helping.QUESTIONS,
    *factory.QUESTIONS,
    topic.QUESTION,
    Question(
        name="danger",
        room=Room.INTAKE,
        page=_danger,
        then="story",
        help=msg(
            N_(
                "Danger is when someone can get badly hurt, is locked in, or is being attacked. If"
                " you say yes, a person looks at it sooner."
            )
        ),
        also=("country",),
    ),
    *urgent.QUESTIONS,
    story.QUESTION,
    topic.KIND_QUESTION,
    Question(name="since", room=Room.INTAKE, page=_since, then="people", help=ASK_ANYTHING),
    Question(name="people", room=Room.INTAKE, page=_people, then="contact", help=ASK_ANYTHING),
    *contact.QUESTIONS,
    asking.QUESTION,
)

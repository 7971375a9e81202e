"""Two questions to somebody who helps a worker: whether that person knows, and who it is."""

from dataclasses import replace

from bot import story
from bot.factory import KEPT_VOICE
from bot.questions import ASK_ANYTHING, Answer, Page, Question, Room, Then, go, in_rows, skip
from bot.turns import Chat, Draft, Msg, Part
from bot.wording import msg, quoted
from casework.vocabulary import SPOKEN, MediaKind, Relation
from translations import N_

PERSON_AT_MOST = 300
"""Characters; what is longer is not who it is but what happened."""

KNOWS = msg(N_("Yes, and agrees"))
KNOWS_NOT = msg(N_("No, not yet"))
_IN_A_VOICE_MESSAGE = msg(N_("In your voice message"))
_WHO_IS_IT = msg(
    N_(
        "You may tell us who it is, so that we can talk with this person. You do not have to. The"
        " factory does not get it from us. Write it, or say it in a voice message."
    )
)


def is_helper(draft: Draft) -> bool:
    """Whether somebody files for another person."""
    return draft.relation is Relation.HELPER


def who_is(relation: Relation | None, draft: Draft) -> Draft:
    """The draft of somebody who is this; what a helper told of the person goes with the helper."""
    draft = replace(draft, relation=relation)
    return draft if is_helper(draft) else replace(draft, agreed=None, person="")


def knows(draft: Draft) -> Msg | None:
    """Her answer to the first question, as it is called."""
    if draft.agreed is None:
        return None
    return KNOWS if draft.agreed else KNOWS_NOT


def person(draft: Draft) -> Msg | str:
    """Her answer to the second one."""
    return _IN_A_VOICE_MESSAGE if draft.person == SPOKEN else quoted(draft.person)


def _answered(chat: Chat, told: bool) -> bool:
    """While she changes one answer, what is told already is not asked again."""
    return chat.editing and told


def _behalf(_: Chat) -> Page:
    answers = [
        Answer("agrees", KNOWS, "👍", sets=lambda draft: replace(draft, agreed=True)),
        Answer("not-yet", KNOWS_NOT, "🤫", sets=lambda draft: replace(draft, agreed=False)),
        skip(sets=lambda draft: replace(draft, agreed=None)),
    ]
    return Page(
        msg(N_("Does the person whom you help know that you write to us?")), in_rows(answers)
    )


def _person(_: Chat) -> Page:
    rather_not = skip(msg(N_("I would rather not say")), lambda draft: replace(draft, person=""))
    return Page(_WHO_IS_IT, in_rows([rather_not]))


def _hear_person(chat: Chat, part: Part) -> Then | None:
    if part.kind is MediaKind.VOICE:
        chat = story.kept(chat, part)
        return Then(_told(chat, SPOKEN), (KEPT_VOICE,))
    if part.kind is not None or part.amends or len(part.text) > PERSON_AT_MOST:
        return None
    if part.source:
        chat = replace(chat, named_in=(*chat.named_in, part.source))
    return Then(_told(chat, part.text))


def corrected(chat: Chat, who: str) -> Chat | None:
    """The chat after the message that says who it is was edited; ``None`` where that is not asked
    any more. It stands behind a lock, so its new wording goes nowhere else either."""
    if not chat.draft.person or len(who) > PERSON_AT_MOST:
        return None
    return replace(chat, draft=replace(chat.draft, person=who))


def _told(chat: Chat, who: str) -> Chat:
    told = replace(chat, draft=replace(chat.draft, person=who))
    return go(told, "review" if chat.editing else "factory")


QUESTIONS = (
    Question(
        name="behalf",
        room=Room.INTAKE,
        page=_behalf,
        then="person",
        changed="person",
        help=ASK_ANYTHING,
        asked=lambda chat: (
            is_helper(chat.draft) and not _answered(chat, chat.draft.agreed is not None)
        ),
        also=("factory", "category", "review"),
    ),
    Question(
        name="person",
        room=Room.INTAKE,
        page=_person,
        then="factory",
        hears=_hear_person,
        help=msg(
            N_(
                "We keep it locked away: only somebody who must talk with this person may open it,"
                " and that is written down. The complaint counts as much without it."
            )
        ),
        asked=lambda chat: is_helper(chat.draft) and not _answered(chat, bool(chat.draft.person)),
        also=("category", "review"),
    ),
)

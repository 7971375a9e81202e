"""What it is about: fifteen big buttons, then, if she likes, the kind of it."""

from collections.abc import Callable
from dataclasses import replace

from bot import factory, urgent
from bot.questions import ASK_ANYTHING, Answer, Page, Question, Room, Rows, Then, in_rows, skip
from bot.turns import Chat, Draft
from bot.wording import CATEGORY, KIND, SEXUAL, SEXUAL_LABEL, lines, msg
from casework.categories import CATEGORIES
from casework.vocabulary import Category
from translations import N_

Change = Callable[[Draft], Draft]

_WHAT_ABOUT = msg(
    N_("What is it about? Press what fits best. You can tell all of it in your own words later.")
)
_NOT_MINE = msg(N_("This is not the factory"))


def _category_is(category: Category | None, kind: str | None = None) -> Change:
    if category is not None and len(CATEGORIES[category].kinds) == 1:
        kind = CATEGORIES[category].kinds[0]
    return lambda draft: replace(draft, category=category, kind=kind)


def _not_mine(chat: Chat) -> Then:
    draft = factory.factory_is(None)(chat.draft)
    # In place of this question, which comes again afterwards: the trail stays as it is.
    return Then(replace(chat, draft=draft, step="factory"))


def _sexual(chat: Chat) -> Then:
    draft = _category_is(Category.HARASSMENT, SEXUAL)(chat.draft)
    return urgent.survivors_help(replace(chat, draft=draft))


def _category(chat: Chat) -> Page:
    answers = [
        Answer(value, label, icon, sets=_category_is(value))
        for value, (icon, label) in CATEGORY.items()
    ]
    icon, label = SEXUAL_LABEL
    sexual = Answer(SEXUAL, label, icon, does=_sexual)
    answers.insert(list(CATEGORY).index(Category.HARASSMENT) + 1, sexual)
    answers.append(skip(msg(N_("I do not know")), _category_is(None)))
    rows = in_rows(answers, across=2)
    if chat.draft.factory is None or chat.editing:
        return Page(_WHAT_ABOUT, rows)
    name = msg(N_("Factory: %(factory)s"), factory=factory.named(chat.draft.factory))
    change: Rows = ((Answer("not-mine", _NOT_MINE, "✖️", does=_not_mine),),)
    return Page(lines(name, "", _WHAT_ABOUT), rows + change)


def _kind_is(kind: str | None) -> Change:
    return lambda draft: replace(draft, kind=kind)


def has_kinds(draft: Draft) -> bool:
    """Whether there is anything to choose at the second level."""
    return draft.category is not None and len(CATEGORIES[draft.category].kinds) > 1


def _kind(chat: Chat) -> Page:
    category = chat.draft.category
    kinds = CATEGORIES[category].kinds if category else ()
    answers = [
        Answer(
            kind,
            label,
            icon,
            sets=_kind_is(kind),
            does=_sexual if (category, kind) == (Category.HARASSMENT, SEXUAL) else None,
        )
        for kind in kinds
        if category
        for icon, label in [KIND[category, kind]]
    ]
    text = msg(N_("Can you say it more exactly?"))
    return Page(text, in_rows([*answers, skip(sets=_kind_is(None))]))


QUESTION = Question(
    name="category",
    room=Room.INTAKE,
    page=_category,
    then="danger",
    changed="kind",
    help=msg(
        N_(
            "Press the button that is nearest to your problem. If there are many problems, press"
            " the worst one. You can tell the others later."
        )
    ),
    also=("factory", "country", "review"),
)

KIND_QUESTION = Question(
    name="kind",
    room=Room.INTAKE,
    page=_kind,
    then="since",
    help=ASK_ANYTHING,
    asked=lambda chat: chat.draft.kind is None and has_kinds(chat.draft),
    also=("country",),
)

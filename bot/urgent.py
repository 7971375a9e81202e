"""Who helps at once: the numbers of her country, and the question which country that is."""

from collections.abc import Collection
from dataclasses import replace

from bot.questions import Answer, Page, Question, Room, Then, go, in_rows, skip
from bot.turns import Chat, FindHelp, HelpFound, Msg
from bot.wording import SERVICE, lines, msg
from casework import helplines
from casework.vocabulary import Danger, HelpKind
from translations import N_, babel_locale

_CARE = msg(
    N_(
        "Please go to a safe place first, if you can. If someone can get hurt, call the emergency"
        " number, or someone you trust. We cannot come to you. When you are safe, you can go on"
        " here."
    )
)
_CARE_WITH_NUMBERS = msg(
    N_(
        "Please go to a safe place first, if you can. We cannot come to you. These people can help"
        " you now:"
    )
)
_YOU_DECIDE = msg(
    N_("We are sorry that this happened. You decide what happens next, at every step.")
)
_THEY_HELP = msg(N_("These people can help you, also without a complaint:"))
_WHICH_COUNTRY = msg(
    N_("In which country are you now? Then I can tell you the telephone numbers for help there.")
)
_OTHER = msg(N_("Another country"))
_RATHER_NOT = msg(N_("I would rather not say"))
_WHY_COUNTRY = msg(
    N_("I ask this only to show you the right telephone numbers. You do not have to answer.")
)
_FLAG_A = 0x1F1E6
_AFTER = {"category": "danger", "danger": "story", "kind": "since"}
"""Where an answer leads before which we say who helps."""


def country_name(code: str, language: str) -> str:
    """A country in the words of a language; its code where the language has no name for it."""
    name: str = babel_locale(language).territories.get(code, code)
    return name


def flag(code: str) -> str:
    """The emoji of a country's flag."""
    return "".join(chr(_FLAG_A + ord(letter) - ord("A")) for letter in code)


def numbers(event: HelpFound, language: str) -> tuple[Msg, ...]:
    """Which country, then a line for each number; nothing where none is known."""
    if not event.lines:
        return ()
    name = country_name(event.country, language)
    said = [msg("%(flag)s %(country)s", flag=flag(event.country), country=name)]
    for line in event.lines:
        icon, service = SERVICE[line.service] if line.service else ("📞", line.name)
        said.append(
            msg("%(icon)s %(service)s: %(number)s", icon=icon, service=service, number=line.number)
        )
    return (lines(*said),)


def look_up(chat: Chat, kind: HelpKind, *, aside: bool = False) -> FindHelp:
    """Ask who helps where she is, as far as she has told where that is."""
    factory = chat.draft.factory
    return FindHelp(kind, factory.code if factory else "", chat.draft.country, aside)


def call_for_help(chat: Chat) -> Then:
    """Somebody is in danger now: the numbers come before the next question."""
    chat = replace(chat, draft=replace(chat.draft, danger=Danger.NOW))
    return Then(chat, do=(look_up(chat, HelpKind.EMERGENCY),), waits=True)


def survivors_help(chat: Chat) -> Then:
    """It is sexual harassment: who helps comes first, and she decides about all the rest."""
    return Then(chat, do=(look_up(chat, HelpKind.SEXUAL_VIOLENCE),), waits=True)


def found(chat: Chat, event: HelpFound) -> Then:
    """Say who helps, and go on; where nobody knows her country, ask for it first, once."""
    told = (*_before_numbers(chat, event), *numbers(event, chat.language))
    if event.country or "country" in (chat.step, *chat.trail):
        return Then(go(chat, _onward(chat)), told)
    return Then(go(replace(chat, near=event.near), "country"), told)


def _before_numbers(chat: Chat, event: HelpFound) -> tuple[Msg, ...]:
    if event.kind is HelpKind.EMERGENCY:
        return (_CARE_WITH_NUMBERS if event.lines else _CARE,)
    first = () if chat.step in ("country", "countries") else (_YOU_DECIDE,)
    return (*first, _THEY_HELP) if event.lines else first


def _answered(chat: Chat) -> str:
    """The question she answered last, of those after which we say who helps."""
    return next(step for step in (chat.step, *reversed(chat.trail), "category") if step in _AFTER)


def _onward(chat: Chat) -> str:
    """Where she was on her way to when the numbers came in between."""
    return "review" if chat.editing else _AFTER[_answered(chat)]


def _without(chat: Chat) -> Then:
    return Then(go(chat, _onward(chat)))


def _is_in(country: str) -> Answer:
    def does(chat: Chat) -> Then:
        chat = replace(chat, draft=replace(chat.draft, country=country))
        danger = chat.draft.danger is Danger.NOW if chat.editing else _answered(chat) == "danger"
        kind = HelpKind.EMERGENCY if danger else HelpKind.SEXUAL_VIOLENCE
        return Then(chat, do=(look_up(chat, kind),), waits=True)

    return Answer(country, "", flag(country), does=does)


def _choices(chat: Chat, countries: Collection[str]) -> list[Answer]:
    named = {code: country_name(code, chat.language) for code in countries}
    return [
        replace(_is_in(code), label=named[code]) for code in sorted(named, key=named.__getitem__)
    ]


def _country(chat: Chat) -> Page:
    rather_not = replace(skip(_RATHER_NOT), does=_without)
    if not chat.near:
        return _all(chat)
    other = Answer("other", _OTHER, "🌍", to="countries")
    rows = in_rows([*_choices(chat, chat.near), other], across=2)
    return Page(_WHICH_COUNTRY, (*rows, (rather_not,)))


def _all(chat: Chat) -> Page:
    rather_not = replace(skip(_RATHER_NOT), does=_without)
    countries = helplines.countries() | set(chat.near)
    return Page(_WHICH_COUNTRY, (*in_rows(_choices(chat, countries), across=2), (rather_not,)))


QUESTIONS = tuple(
    Question(
        name=name,
        room=Room.INTAKE,
        page=page,
        help=_WHY_COUNTRY,
        also=("story", "danger", "since", "review", *more),
    )
    for name, page, more in (("country", _country, ("countries",)), ("countries", _all, ()))
)

"""Effects that look up what the operator tells workers of a country: numbers for help, rights."""

from bot.doing import Doing
from bot.turns import (
    FindHelp,
    FindRights,
    HelpFound,
    HelpLine,
    RightsFound,
    RightsShown,
    RightsTitle,
    ShowRights,
)
from casework import cases, guidance, places, rights
from casework.db import Session
from casework.vocabulary import HelpKind


def find_help(doing: Doing, effect: FindHelp) -> HelpFound:
    """Who helps where she is. Where nobody else is known for survivors, whoever comes at once.

    A country is only guessed from her newest case where she asked for help with the conversation:
    the answer names the country, and a wrong number is worse than none.
    """
    session = doing.session
    with session.no_autoflush:
        country = _of_factory(session, effect.factory) or effect.country
        if not country and effect.aside:
            country = _of_newest_case(doing)
        if not country:
            return HelpFound(effect.kind, aside=effect.aside, near=guidance.near(session))
        found = guidance.contacts(session, country, effect.kind)
        if not found and effect.kind is HelpKind.SEXUAL_VIOLENCE:
            found = guidance.contacts(session, country, HelpKind.EMERGENCY)
    lines = tuple(HelpLine(one.number, one.service, one.name) for one in found)
    return HelpFound(effect.kind, country, lines, effect.aside)


def find_rights(doing: Doing, effect: FindRights) -> RightsFound:
    """The texts for her language: of the factory's country, else of where her newest case is, else
    of where the office is."""
    session = doing.session
    with session.no_autoflush:
        country = (
            _of_factory(session, effect.factory)
            or effect.country
            or _of_newest_case(doing)
            or places.calendar_for(session, None).country
        )
        texts = rights.published(session, country, effect.language) if country else []
    return RightsFound(effect, tuple(RightsTitle(one.id, one.title) for one in texts))


def show_rights(doing: Doing, effect: ShowRights) -> RightsShown:
    """One text, if it is still published."""
    session = doing.session
    with session.no_autoflush:
        text = rights.published_text(session, effect.id)
    return RightsShown(text.title, text.body) if text else RightsShown()


def _of_factory(session: Session, code: str) -> str:
    factory = places.by_code(session, code) if code else None
    return factory.country if factory else ""


def _of_newest_case(doing: Doing) -> str:
    newest = cases.of_reporter(doing.session, doing.reporter.id, limit=1)
    factory = places.factory_of(doing.session, newest[0].factory_id) if newest else None
    return factory.country if factory else ""

"""News opened: what the mechanism told her by itself is read when she wants to, not on a locked phone."""

from dataclasses import replace

from bot import notices
from bot.pausing import begin, go_on, leave, underway
from bot.questions import Page, Then, Verb, in_rows
from bot.turns import Chat, NewsRead, Part, ReadNews
from casework.vocabulary import Notice
from translations import catalog


def read(chat: Chat, event: NewsRead) -> Then:
    """Say what she has not read yet, in order, with the buttons that fit the newest.

    Where nothing is unread, an old button was pressed: show the case.
    """
    told = [news for news in event.news if news.notice is not Notice.CHECK_IN]
    pieces = [piece for news in told for piece in notices.told(news)]
    if not event.reference:
        return Then(chat, before=tuple(pieces))
    if pieces:
        pieces = list(notices.headed(event.reference, pieces))
    if len(told) < len(event.news):
        return Then(replace(chat, step="check-in"), before=tuple(pieces))
    if not pieces:
        return Then(chat)
    buttons = in_rows(notices.buttons(told[-1], event.reference))
    return Then(
        replace(chat, filed=True), before=tuple(pieces[:-1]), page=Page(pieces[-1], buttons)
    )


def _read(chat: Chat, reference: str) -> Then:
    if reference == notices.NO_CASE:
        return Then(chat, do=(ReadNews(""),), waits=True)
    chat = replace(leave(chat, "case"), case=reference)
    return Then(chat, do=(ReadNews(reference),), waits=True)


def _not_me(chat: Chat, reference: str) -> Then:
    """What she pressed, with the number of the case, is her story: nothing is asked before she may
    send it as it is, or say more."""
    said = catalog("bot", chat.language).gettext(notices.THAT_WAS_NOT_ME.msgid)
    part = Part(f"{said}: {reference}")
    if part in chat.draft.parts:
        return Then(go_on(leave(chat, "home")))
    chat = replace(leave(chat, "about"), held=(*chat.held, part))
    if underway(chat):
        return Then(chat)
    begun = begin(chat)
    return Then(replace(begun, step="story") if begun.agreed else begun)


VERBS: dict[str, Verb] = {notices.READ: _read, notices.NOT_ME: _not_me}
"""What buttons about a case do here; see ``bot.dialogue.VERBS``."""

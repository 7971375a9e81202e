"""News opened: what the mechanism told her by itself is read when she wants to, not on a locked phone."""

from collections.abc import Callable
from dataclasses import replace

from bot import notices
from bot.pausing import leave
from bot.questions import Page, Then, in_rows
from bot.turns import Chat, NewsRead, ReadNews
from casework.vocabulary import Notice


def read(chat: Chat, event: NewsRead) -> Then:
    """Say what she has not read yet, in order, with the buttons that fit the newest.

    Where nothing is unread, an old button was pressed: show the case.
    """
    told = [news for news in event.news if news.notice is not Notice.CHECK_IN]
    pieces = [piece for news in told for piece in notices.told(news.notice, news.words)]
    if not event.reference:
        return Then(chat, before=tuple(pieces))
    if pieces:
        pieces = list(notices.headed(event.reference, pieces))
    if len(told) < len(event.news):
        return Then(replace(chat, step="check-in"), before=tuple(pieces))
    if not pieces:
        return Then(chat)
    buttons = in_rows(notices.buttons(told[-1].notice, event.reference))
    return Then(
        replace(chat, filed=True), before=tuple(pieces[:-1]), page=Page(pieces[-1], buttons)
    )


def _read(chat: Chat, reference: str) -> Then:
    if reference == notices.NO_CASE:
        return Then(chat, do=(ReadNews(""),), waits=True)
    chat = replace(leave(chat, "case"), case=reference)
    return Then(chat, do=(ReadNews(reference),), waits=True)


VERBS: dict[str, Callable[[Chat, str], Then]] = {notices.READ: _read}
"""Like ``caseactions.VERBS``: before the colon in a button's value."""

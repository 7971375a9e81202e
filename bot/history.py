"""All that was said in a case, in order and whole, a page at a time."""

from collections.abc import Sequence
from dataclasses import replace

from bot.casepage import SAID, case_button, to_case
from bot.pausing import leave
from bot.questions import Answer, Page, Question, Room, Then, Verb, in_rows
from bot.turns import Chat, HistoryShown, Param, SaidLine, ShowHistory
from bot.wording import FILES, found, lines, msg
from translations import N_

PAGE = 1500
"""Characters of one page, our own few words apart."""
_HEAD = 40
"""Characters that stand for who, when and a file."""

_NOT_HERE = msg(N_("I cannot find this case here."))
_NOTHING = msg(N_("Nothing was said yet."))
_YOU = N_("You, %(date)s:")
_WE = N_("We, %(date)s:")
_EARLIER = msg(N_("Earlier"))
_LATER = msg(N_("Later"))


def paged(said: Sequence[SaidLine]) -> list[tuple[SaidLine, ...]]:
    """What was said, put on pages from the oldest on; what is longer than a page goes on on the
    next one. At least one page, which may be empty."""
    pages: list[tuple[SaidLine, ...]] = []
    page: list[SaidLine] = []
    room = PAGE
    for line in (piece for whole in said for piece in _pieces(whole)):
        size = len(line.words) + _HEAD
        if page and size > room:
            pages.append(tuple(page))
            page, room = [], PAGE
        page.append(line)
        room -= size
    return [*pages, tuple(page)]


def _pieces(line: SaidLine) -> list[SaidLine]:
    """A line that fits on one page, or several; words are cut between two words where possible."""
    most, rest, pieces = PAGE - _HEAD, line.words, list[SaidLine]()
    while len(rest) > most:
        at = max(rest.rfind(" ", most // 2, most), rest.rfind("\n", most // 2, most)) + 1 or most
        pieces.append(replace(line, words=rest[:at].rstrip()))
        rest = rest[at:]
        line = replace(line, kind=None, found=None)
    return [*pieces, replace(line, words=rest)]


def show(chat: Chat, where: str) -> Then:
    """``where``: the reference of a case, with ``:`` and the number of a page if one is meant."""
    reference, _, page = where.partition(":")
    number = int(page) if page.isascii() and page.isdigit() else -1
    return Then(replace(leave(chat, "said"), case=reference, page=number))


def history_shown(chat: Chat, event: HistoryShown) -> Then:
    """One page of what was said."""
    if not event.pages:
        return Then(replace(chat, step="home", case=""), (_NOT_HERE,))
    chat = replace(chat, page=event.page)
    text: list[Param] = [SAID]
    if event.pages > 1:
        part = N_("Page %(page)s of %(pages)s")
        text.append(msg(part, page=event.page + 1, pages=event.pages))
    for line in event.lines:
        text += ["", *_line(line)]
    if not event.lines:
        text += ["", _NOTHING]
    return Then(chat, page=Page(lines(*text), _ways(event)))


def _ways(event: HistoryShown) -> tuple[tuple[Answer, ...], ...]:
    there = [
        (event.page - 1, _EARLIER, "🔼"),
        (event.page + 1, _LATER, "🔽"),
    ]
    buttons = [
        case_button("said", f"{event.reference}:{page}", label, icon)
        for page, label, icon in there
        if 0 <= page < event.pages
    ]
    return (*in_rows(buttons, across=2), (to_case(event.reference),))


def _line(line: SaidLine) -> list[Param]:
    who = msg(_YOU if line.hers else _WE, date=line.on)
    said: list[Param] = [msg("%(icon)s %(who)s", icon="🗣️" if line.hers else "💬", who=who)]
    if line.kind:
        icon, label = FILES[line.kind]
        said.append(msg("%(icon)s %(file)s", icon=icon, file=label))
    if line.found:
        said += found(line.found)
    if line.words:
        said.append(line.words)
    return said


def _waiting(chat: Chat) -> Page:
    return Page(SAID, in_rows([to_case(chat.case)]))


VERBS: dict[str, Verb] = {"said": show}
"""What buttons about a case do here; see ``bot.dialogue.VERBS``."""

QUESTION = Question(
    name="said",
    room=Room.FOLLOWUP,
    page=_waiting,
    parent="case",
    loads=lambda chat: ShowHistory(chat.case, chat.page),
    help=msg(N_("Here is all that you told us and that we wrote to you. Nothing is left out.")),
    also=("case", "home"),
)

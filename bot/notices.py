"""What the mechanism says to a worker by itself: one sentence for each notice.

On Telegram it only knocks: a phone that lies on a table shows that there is something, and not
about what. She reads it when she presses "Open" (``bot.news``).
"""

from collections.abc import Iterator, Sequence
from datetime import date

from bot import checkin
from bot.casepage import (
    ADD,
    ANSWER,
    NEWS_BY,
    NOT_PUT_RIGHT,
    PUT_RIGHT,
    case_button,
    takes_longer,
)
from bot.casepage import QUESTION as OPEN_QUESTION
from bot.pausing import GO_ON
from bot.questions import Answer
from bot.turns import Choice, Msg, News, Param, Say
from bot.wording import PART, REASON, STATUS, found, lines, msg, parts, quoted
from casework.lifecycle import APPEAL_WINDOW
from casework.vocabulary import Notice
from translations import N_

READ = "read"
"""The verb of the button that opens what is unread of a case."""
NOT_ME = "not-me"
"""The verb of the button that says: it was somebody else who opened this case."""
NO_CASE = "-"
"""Stands in place of a reference for what belongs to no case."""

_NEWS = N_("There is news about %(reference)s.")
_READ = msg(N_("Open"))
THAT_WAS_NOT_ME = msg(N_("That was not me"))
_STANDS = msg(N_("See how it stands"))

# Translators: these two are all that a locked phone shows: name no topic, and no word for
# "complaint" or "case".
_THERE_IS_NEWS = msg(N_("There is news for you."))
# Translators: as above: name no topic.
_WE_ASK = msg(N_("We would like to ask you something."))

# ``Notice.REPEAT`` has no sentence: the channel says its last reply once more.
_SAID: dict[Notice, str] = {
    Notice.ACKNOWLEDGED: N_("A person has read what you sent and works on it now."),
    Notice.REPLY: N_("A person writes to you:"),
    Notice.QUESTION: N_("A person has a question for you:"),
    Notice.ASSESSING: N_("We are checking how we can help."),
    Notice.INVESTIGATING: N_("We are finding out what happened."),
    Notice.REMEDY_PROPOSED: N_("There is a plan to put it right:"),
    Notice.OUTCOME: N_("This is the result:"),
    Notice.RESOLVED: N_("We have noted that it was put right."),
    Notice.CLOSED: N_("We have finished our work on it."),
    Notice.REFERRED: N_("Other people can help you better with this:"),
    Notice.DUPLICATE: N_("You told us about this before. We go on with it in %(reference)s."),
    Notice.INADMISSIBLE: N_("We are sorry, we cannot work on this. This is why:"),
    Notice.FILE_REFUSED: N_(
        "We could not open a file that you sent. All the rest is kept. Please send the file again in"
        " another form, for example as a photo, or tell it in words."
    ),
    Notice.TRY_AGAIN: N_(
        "Something went wrong on our side. It is not your fault. Please send your last message again."
    ),
    Notice.CHECK_IN: checkin.ASKED.msgid,
    Notice.PROGRESS: N_("We have not forgotten this. It is still open."),
    Notice.EXTENDED: N_("We are sorry that you have to wait longer."),
    Notice.MOVED: N_(
        "What you sent here is shown on another phone now. It was opened there with its receipt. If"
        " that was not you, tell us here at once. A person reads it."
    ),
}
_MACHINE = msg(N_("A computer translated these words. There may be mistakes in them."))
_CHANGED = msg(N_("If something has changed for you, please tell us here."))
_QUOTED = 100
"""So many characters of an open question are repeated; her case's page has it whole."""
_WAS_IT_PUT_RIGHT = msg(
    N_("Was it put right? Please tell us within %(days)s days."), days=APPEAL_WINDOW.days
)
_IF_NOT = msg(
    N_("If you do not agree, tell us within %(days)s days. Then another person looks at it again."),
    days=APPEAL_WINDOW.days,
)
_MAY_BE_APPEALED = frozenset(
    {Notice.RESOLVED, Notice.CLOSED, Notice.REFERRED, Notice.INADMISSIBLE, Notice.DUPLICATE}
)


def knock(notice: Notice, reference: str = "") -> Say:
    """What a phone may show by itself: a sentence without a topic, and a button that opens it.

    The case's number stands nowhere in it: it is on the receipt, and who saw that would know.
    """
    text = _WE_ASK if notice is Notice.CHECK_IN else _THERE_IS_NEWS
    opens = case_button(READ, reference or NO_CASE, _READ, "📂")
    return Say(text, ((Choice(opens.value, opens.label, opens.icon),),), "case")


def told(news: News) -> tuple[Msg, ...]:
    """A notice in full, with the handler's words: one message, or more where they are long."""
    notice = news.notice
    if notice is Notice.PROGRESS:
        return (_stands(news),)
    holes = {"reference": news.reference} if notice is Notice.DUPLICATE else {}
    first: list[Param] = [msg(_SAID[notice], **holes)]
    if news.longer:
        first += takes_longer(news.longer)
    if news.reason and news.reason in REASON:
        first.append(REASON[news.reason])
    pieces = _filled(first, _blocks(news))
    if news.machine:
        pieces[-1] += ["", _MACHINE]
    if notice is Notice.OUTCOME:
        pieces[-1] += ["", _WAS_IT_PUT_RIGHT]
    if notice in _MAY_BE_APPEALED:
        pieces[-1] += ["", _IF_NOT]
    return tuple(lines(*piece) for piece in pieces)


def _blocks(news: News) -> Iterator[tuple[list[Param], int]]:
    """What people wrote, in parts that stay together, each with its length: first what was found and
    why, then the handler's words."""
    for line in news.findings:
        begins, *more = parts(line.words)
        yield ["", *found(line), begins], len(begins)
        for one in more:
            yield [one], len(one)
    for number, words in enumerate(parts(news.words)):
        if words:
            apart: list[Param] = [""] if news.findings and not number else []
            yield [*apart, words], len(words)


def _filled(first: list[Param], blocks: Iterator[tuple[list[Param], int]]) -> list[list[Param]]:
    """Messages, the first of which begins like that, with as much in each as it takes."""
    pieces, length = [first], 0
    for block, size in blocks:
        if length and length + size > PART:
            pieces.append([])
            length = 0
        pieces[-1] += block if pieces[-1] or block[0] != "" else block[1:]
        length += size
    return pieces


def _stands(news: News) -> Msg:
    """How a case stands, and what she can do: answer what is still asked, or else tell more."""
    text: list[Param] = [msg(_SAID[news.notice])]
    if news.status:
        icon, status = STATUS[news.status]
        text.append(msg("%(icon)s %(status)s", icon=icon, status=status))
    if news.next_by:
        text.append(msg(NEWS_BY, date=news.next_by))
    asked = msg(OPEN_QUESTION, words=quoted(news.words, _QUOTED)) if news.words else None
    return lines(*text, "", asked or _CHANGED)


def headed(reference: str, pieces: Sequence[Msg]) -> tuple[Msg, ...]:
    """Messages about a case, the first of which says about which."""
    return (lines(msg(_NEWS, reference=reference), "", pieces[0]), *pieces[1:])


def say_all(news: News, *, reference: str = "") -> tuple[Say, ...]:
    """A notice in full, for a page that is hers alone.

    Its buttons work from any step of the conversation and lose nothing she is writing.
    """
    pieces = told(news)
    if not reference:
        return tuple(Say(piece) for piece in pieces)
    *first, last = headed(reference, pieces)
    rows = tuple((Choice(b.value, b.label, b.icon),) for b in buttons(news, reference))
    return (*(Say(piece) for piece in first), Say(last, rows, "case"))


def say(notice: Notice, *, reference: str = "", words: str = "") -> Say:
    """The same where it fits into one message; of a long one, the end."""
    return say_all(News(notice, words), reference=reference)[-1]


def draft_waits(until: date) -> Say:
    """The one reminder of something she began and did not finish; it is deleted on that day."""
    # Translators: It shows on a locked phone: name no topic, and no word for "complaint" or "case".
    text = N_(
        "Something you began here is still waiting. It will be deleted on %(date)s if you do not come"
        " back."
    )
    return Say(msg(text, date=until), ((Choice(".continue", GO_ON, "▶️"),),), "home")


def buttons(news: News, reference: str) -> list[Answer]:
    """What she may do when she has read a notice."""
    opens = case_button("open", reference, _STANDS, "📂")
    match news.notice:
        case Notice.QUESTION:
            return [case_button("answer", reference, ANSWER, "✍️"), opens]
        case Notice.PROGRESS:
            if news.words:
                return [case_button("answer", reference, ANSWER, "✍️"), opens]
            return [case_button("add", reference, ADD, "➕"), opens]
        case Notice.OUTCOME:
            return [
                case_button("confirm", reference, PUT_RIGHT, "👍"),
                case_button("dispute", reference, NOT_PUT_RIGHT, "👎"),
                opens,
            ]
        case Notice.MOVED:
            return [case_button(NOT_ME, reference, THAT_WAS_NOT_ME, "💬")]
        case Notice.CHECK_IN:
            return [answer for row in checkin.page(reference).rows for answer in row]
        case _:
            return [opens]

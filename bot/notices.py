"""What the mechanism says to a worker by itself: one sentence for each notice.

The first line names no topic: it is what others see when her phone lights up.
"""

from bot.casepage import ANSWER, NOT_PUT_RIGHT, PUT_RIGHT, case_button
from bot.questions import Answer
from bot.turns import Choice, Param, Say
from bot.wording import lines, msg
from casework.lifecycle import APPEAL_WINDOW
from casework.vocabulary import Notice
from translations import N_

_NEWS = N_("There is news about %(reference)s.")
_READ = msg(N_("Open"))

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
    Notice.INADMISSIBLE: N_("We are sorry, we cannot work on this. This is why:"),
    Notice.FILE_REFUSED: N_(
        "We could not open a file that you sent. All the rest is kept. Please send the file again in"
        " another form, for example as a photo, or tell it in words."
    ),
    Notice.TRY_AGAIN: N_(
        "Something went wrong on our side. It is not your fault. Please send your last message again."
    ),
}
_WAS_IT_PUT_RIGHT = msg(
    N_("Was it put right? Please tell us within %(days)s days."), days=APPEAL_WINDOW.days
)
_IF_NOT = msg(
    N_("If you do not agree, tell us within %(days)s days. Then another person looks at it again."),
    days=APPEAL_WINDOW.days,
)
_MAY_BE_APPEALED = frozenset({Notice.RESOLVED, Notice.CLOSED, Notice.REFERRED, Notice.INADMISSIBLE})


def say(notice: Notice, *, reference: str = "", words: str = "") -> Say:
    """A notice about the case ``reference``, with the handler's ``words`` where there are any.

    Its buttons work from any step of the conversation and lose nothing she is writing.
    """
    text: list[Param] = [msg(_SAID[notice])]
    if words:
        text.append(words)
    if notice is Notice.OUTCOME:
        text += ["", _WAS_IT_PUT_RIGHT]
    if notice in _MAY_BE_APPEALED:
        text += ["", _IF_NOT]
    if not reference:
        return Say(lines(*text))
    first: list[Param] = [msg(_NEWS, reference=reference), ""]
    buttons = _buttons(notice, reference)
    rows = tuple((Choice(one.value, one.label, one.icon),) for one in buttons)
    return Say(lines(*first, *text), rows, "case")


def _buttons(notice: Notice, reference: str) -> list[Answer]:
    opens = case_button("open", reference, _READ, "📂")
    match notice:
        case Notice.QUESTION:
            return [case_button("answer", reference, ANSWER, "✍️"), opens]
        case Notice.OUTCOME:
            return [
                case_button("confirm", reference, PUT_RIGHT, "👍"),
                case_button("dispute", reference, NOT_PUT_RIGHT, "👎"),
                opens,
            ]
        case _:
            return [opens]

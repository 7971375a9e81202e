"""What becomes of words and files, so that nothing she tells is lost at the wrong question."""

from dataclasses import replace

from bot import helping, pausing, receipt, story
from bot.caseactions import ADDED
from bot.questions import Question, Room, Then
from bot.turns import AddToCase, Chat, Edited, Part
from bot.wording import msg
from translations import N_

LONG = 25
"""From so many characters on, words at a question with buttons are probably her story."""

_PRESS = msg(N_("Please press one of the buttons below."))
KEPT = msg(N_("I kept what you sent. Now please answer this question:"))
_KEPT_EDIT = msg(N_("I kept your change too. Now please answer this question:"))
_NO_CASE = msg(
    N_(
        "I see that you changed an earlier message, but I do not know where it belongs. If it is"
        " important, please send it again."
    )
)


def heard(chat: Chat, question: Question, part: Part) -> Then:
    """Words or a file: for this question if it listens, else kept where they do not get lost."""
    answered = question.hears(chat, part) if question.hears else None
    if answered:
        return answered
    opened = receipt.typed(chat, part)
    if opened:
        return opened
    if question.name == "stopped":
        return _after_stop(chat, part)
    if question.room is Room.INTAKE or (question.room is Room.SETTINGS and pausing.place(chat)):
        if not _worth_keeping(chat, part):
            return Then(chat, (_PRESS,))
        return Then(story.kept(chat, part), (KEPT,))
    return _hold(chat, part)


def edited(chat: Chat, question: Question, event: Edited) -> Then:
    """She edited a message: the new wording is kept beside the old."""
    part = Part(event.text, amends=True, source=event.source)
    if event.source and event.source in chat.named_in:
        named = helping.corrected(chat, event.text)
        return Then(named) if named else Then(chat, (_NO_CASE,))
    if event.case:
        return Then(chat, () if question.name == "stopped" else (ADDED,))
    if question.name.startswith("factory"):
        return heard(chat, question, replace(part, amends=False))
    if question.hears or question.name == "stopped":
        return heard(chat, question, part)
    if question.room is Room.INTAKE or (question.room is Room.SETTINGS and pausing.place(chat)):
        return Then(story.kept(chat, part), (_KEPT_EDIT,))
    if chat.held:
        return _hold(chat, part)
    if not chat.case:
        return Then(chat, (_NO_CASE,))
    return Then(replace(chat, held=(part,)), do=(AddToCase(chat.case, (part,)),), waits=True)


def _hold(chat: Chat, part: Part) -> Then:
    """After filing: keep it until she says whether it belongs to a case or to something new."""
    return Then(replace(pausing.leave(chat, "about"), held=(*chat.held, part)))


def _after_stop(chat: Chat, part: Part) -> Then:
    """Nothing of her cases shows here: somebody else may hold the phone now."""
    if not _is_story(part):
        return Then(chat)
    if chat.filed:
        return Then(replace(chat, held=(*chat.held, part)))
    return Then(story.kept(chat, part))


def _worth_keeping(chat: Chat, part: Part) -> bool:
    """The first message is, and all that is said once the story was told."""
    first = not chat.agreed and chat.step == "language"
    telling = bool(chat.draft.parts) or "story" in chat.trail or chat.editing
    return first or telling or _is_story(part)


def _is_story(part: Part) -> bool:
    # A character of Chinese, Japanese or Korean says about as much as three letters.
    length = len(part.text) + 2 * sum(character >= "\u2e80" for character in part.text)
    return part.kind is not None or length >= LONG

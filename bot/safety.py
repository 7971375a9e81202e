"""Questions about her safety: how we write to her, erasing the chat, and being forgotten."""

from collections.abc import Callable
from dataclasses import replace

from bot.questions import Answer, Page, Question, Room, Then, in_rows
from bot.settings import START_AGAIN, erase_button
from bot.turns import Chat, Effect, EraseChat, ForgetMe, Msg, Param
from bot.wording import lines, msg
from casework.vocabulary import Channel
from translations import N_

TELEGRAM_DELETES = 48
"""Hours that Telegram lets a bot delete a message (https://core.telegram.org/bots/api#deletemessage)."""

HOW_TO_WRITE_TO_ME = msg(N_("How you may write to me"))
MY_SAFETY = msg(N_("My safety"))
_FORGET_ME = msg(N_("Forget me"))

# Translators: It stays on the phone: name no topic. "Delete chat" and "Clear history" stand in Telegram's own menu: write them
# as Telegram does in this language.
_CLEAR_THE_REST = msg(
    N_(
        "Telegram lets me delete only messages of the last %(hours)s hours. To clear the rest, open"
        " the menu of this chat and press “Delete chat” or “Clear history”."
    ),
    hours=TELEGRAM_DELETES,
)
_ERASING: dict[Channel, Msg] = {
    Channel.TELEGRAM: msg(
        # Translators: It stays on the phone: name no topic, and no word for "complaint" or "case".
        N_("I am deleting the messages of this chat now. What you did not send is deleted too.")
    ),
    Channel.WEB: msg(
        N_("The messages of this page are deleted. What you did not send is deleted too.")
    ),
}
# Translators: It stays on the phone: name no topic, and no word for "complaint" or "case".
_GOES_ON = msg(N_("What we do for you goes on as before."))
_FORGOTTEN = msg(
    # Translators: It stays on the phone: name no topic, and no word for "complaint" or "case".
    N_("It is done. I do not know you any more. If you write here again, we begin anew.")
)
FORGOTTEN_ON_THE_WEB = N_(
    "It is done. We do not know you any more, and your code opens nothing now. If you write here"
    " again, we begin anew."
)
_FORGETTING = msg(N_("I am forgetting you now. One last message follows when it is done."))


def farewell() -> Msg:
    """The last words to somebody whom we forget."""
    return lines(_FORGOTTEN, "", _CLEAR_THE_REST)


def erase(chat: Chat) -> Then:
    """Erase the chat: nothing is asked; the draft and what is held are gone."""
    text: list[Param] = [_ERASING[chat.channel]]
    if chat.channel is Channel.TELEGRAM:
        text += ["", _CLEAR_THE_REST]
    if chat.filed:
        text += ["", _GOES_ON]
    return Then(_bare(chat, filed=chat.filed), do=(EraseChat(),), page=_last(lines(*text)))


def _forget(effect: Effect) -> Callable[[Chat], Then]:
    return lambda chat: Then(_bare(chat, filed=False), do=(effect,), page=_last(_FORGETTING))


def _bare(chat: Chat, *, filed: bool) -> Chat:
    return Chat("stopped", chat.language, chat.channel, filed=filed)


def _last(text: Msg) -> Page:
    return Page(text, in_rows([Answer(".start", START_AGAIN, "👋")]))


# --- the pages -------------------------------------------------------------------------------


def _safety(_: Chat) -> Page:
    answers = [
        Answer(".reach", HOW_TO_WRITE_TO_ME, "🔔"),
        erase_button(),
        Answer(".forget", _FORGET_ME, "🕊️"),
    ]
    return Page(msg(N_("What would make you safer?")), in_rows(answers))


def _forget_page(chat: Chat) -> Page:
    no = Answer("no", msg(N_("No, do not forget me")), "✖️", does=_stay)
    if not chat.filed:
        text = N_(
            "Shall I forget you? I delete what you wrote here, and how to write to you. This cannot"
            " be undone."
        )
        yes = Answer("forget", msg(N_("Yes, forget me")), "🕊️", does=_forget(ForgetMe()))
        return Page(msg(text), in_rows([yes, no]))
    text = N_(
        "Shall I forget you? I delete who you are and how to write to you. Then nobody can answer"
        " you, and your case numbers open nothing any more. Your cases can go on without you, or you"
        " take them back."
    )
    answers = [
        Answer("forget", msg(N_("Forget me. My cases go on")), "🕊️", does=_forget(ForgetMe())),
        Answer(
            "withdraw",
            msg(N_("Forget me and take my cases back")),
            "↩️",
            does=_forget(ForgetMe(withdraw=True)),
        ),
        no,
    ]
    return Page(msg(text), in_rows(answers))


def _stay(chat: Chat) -> Then:
    return Then(replace(chat, step="safety"))


QUESTIONS = (
    Question(
        name="safety",
        room=Room.SETTINGS,
        page=_safety,
        parent="home",
        help=msg(
            N_(
                "“%(erase)s” deletes the messages here, and your cases go on. “%(forget)s” deletes"
                " who you are: we can never write to you again."
            ),
            erase=erase_button().label,
            forget=_FORGET_ME,
        ),
        also=("reach", "stopped", "forget"),
    ),
    Question(
        name="forget",
        room=Room.SETTINGS,
        page=_forget_page,
        parent="safety",
        help=msg(
            N_(
                "If you are forgotten, we cannot tell you what comes of it. If you only want no more"
                " messages, choose “%(reach)s”."
            ),
            reach=HOW_TO_WRITE_TO_ME,
        ),
        also=("stopped", "safety"),
    ),
)

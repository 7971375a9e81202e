"""Questions about the conversation itself: its language, how we reach her, and stopping it."""

from dataclasses import replace

from bot import contact, story
from bot.questions import Answer, Page, Question, Room, Then, go, in_rows
from bot.turns import (
    Chat,
    Draft,
    DropDraft,
    SetContact,
    UseLanguage,
)
from bot.wording import CONTACT, lines, msg
from casework.vocabulary import Channel, Contact
from translations import N_, SOURCE_LANGUAGE, languages, match, own_name

_CHOOSE = "Choose your language."
_CHOOSE_LANGUAGE = msg(N_("Choose your language."))

_REMEMBERED = msg(N_("All right. I will remember that."))


# --- language --------------------------------------------------------------------------------


def hinted(chat: Chat, hint: str) -> Chat:
    """The chat in the language the channel guesses, if it is one of ours."""
    return replace(chat, language=match(hint, "bot") or chat.language)


def _use(tag: str) -> Answer:
    def does(chat: Chat) -> Then:
        spoken = replace(chat, language=tag, resume="")
        to = replace(spoken, step=chat.resume) if chat.resume else go(spoken, "welcome")
        return Then(to, do=(UseLanguage(tag),))

    return Answer(tag, own_name(tag), does=does)


def _language(chat: Chat) -> Page:
    others = [tag for tag in languages("bot") if tag != chat.language]
    text = _CHOOSE_LANGUAGE
    if chat.language != SOURCE_LANGUAGE:
        # Whoever does not read the guessed language may at least know the English words.
        text = lines(_CHOOSE_LANGUAGE, _CHOOSE)
    first = ((_use(chat.language),),)
    return Page(text, first + in_rows([_use(tag) for tag in others], across=2))


# --- how we reach her ------------------------------------------------------------------------


def _reach_by(way: Contact, hours: tuple[int, int] | None = None) -> Answer:
    drafted = contact.contact_is(way, hours)(Draft())
    effect = SetContact(way, drafted.safe_from, drafted.safe_to)

    def does(chat: Chat) -> Then:
        return Then(replace(chat, step="home"), (_REMEMBERED,), (effect,))

    value, label = contact.window(hours) if hours else (str(way), CONTACT[way][1])
    return Answer(value, label, "🕗" if hours else CONTACT[way][0], does=does)


def _choose_hours(chat: Chat) -> Then:
    return Then(replace(chat, step="reach-hours"))


def _reach(_: Chat) -> Page:
    icon, label = CONTACT[Contact.SAFE_HOURS]
    answers = [
        _reach_by(Contact.HERE),
        Answer(Contact.SAFE_HOURS, label, icon, does=_choose_hours),
        _reach_by(Contact.NEVER),
    ]
    return Page(contact.HOW_TO_WRITE, in_rows(answers))


def _reach_hours(_: Chat) -> Page:
    answers = [_reach_by(Contact.SAFE_HOURS, hours) for hours in contact.SAFE_HOURS]
    any_time = replace(_reach_by(Contact.HERE), value="any", label=contact.ANY_TIME)
    return Page(contact.WHICH_HOURS, in_rows([*answers, any_time]))


# --- stop ------------------------------------------------------------------------------------

_STOPPED = msg(N_("I have stopped. What you did not send is deleted, and nobody will read it."))
_STOPPED_WITH_CASES = msg(
    N_("I have stopped. What you did not send is deleted. Your cases go on as before.")
)
_NO_TRACE = {
    Channel.TELEGRAM: msg(
        N_(
            "If others use this phone, you can delete this chat in Telegram too. You can come back"
            " at any time."
        )
    ),
    Channel.WEB: msg(
        N_("If others use this phone or computer, close this page. You can come back at any time.")
    ),
}
START_AGAIN = msg(N_("Start again"))
_ERASE = msg(N_("Erase this chat"))
_KEPT_SINCE = msg(
    N_("I kept what you sent. Press “%(start)s” if you want to go on."), start=START_AGAIN
)


def stop(chat: Chat) -> Then:
    """The quiet way out: nothing is asked; the draft and what is held are gone."""
    dropped = story.attachments(chat.draft.parts + chat.held)
    bare = Chat("stopped", chat.language, chat.channel, case=chat.case, filed=chat.filed)
    return Then(bare, do=(DropDraft(dropped),) if dropped else ())


def erase_button() -> Answer:
    return Answer(".erase", _ERASE, "🧹")


def _stopped(chat: Chat) -> Page:
    start = in_rows([Answer(".start", START_AGAIN, "👋"), erase_button()])
    if chat.draft.parts or chat.held:
        return Page(_KEPT_SINCE, start)
    text = _STOPPED_WITH_CASES if chat.filed else _STOPPED
    return Page(lines(text, "", _NO_TRACE[chat.channel]), start)


QUESTIONS = (
    Question(
        name="language",
        room=Room.SETTINGS,
        page=_language,
        help=msg(N_("Press the name of your language. You can change it later, at any time.")),
        also=("welcome",),
    ),
    Question(
        name="reach",
        room=Room.SETTINGS,
        page=_reach,
        parent="home",
        help=msg(
            N_(
                "If other people can see your phone, choose safe hours, or choose that we do not"
                " write. Your case goes on in the same way."
            )
        ),
        also=("home", "reach-hours"),
    ),
    Question(
        name="reach-hours",
        room=Room.SETTINGS,
        page=_reach_hours,
        parent="reach",
        help=msg(N_("We write to you only between these hours. It is the time at the factory.")),
        also=("home",),
    ),
    Question(
        name="stopped",
        room=Room.SETTINGS,
        page=_stopped,
        help=msg(N_("Press “%(start)s” when you want to come back."), start=START_AGAIN),
        also=("language", "home"),
    ),
)

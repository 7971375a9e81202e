"""The story: what she tells in her own words, and the sending of the complaint."""

from dataclasses import replace

from bot.questions import Answer, Page, Question, Room, Then, in_rows
from bot.turns import Chat, Draft, DropDraft, FileComplaint, Msg, Part
from bot.wording import SEXUAL, WORTH_SENDING, lines, msg
from translations import N_, NP_

SEND = msg(N_("Send it now"))
THAT_IS_ALL = msg(N_("That is all"))

_TELL = msg(
    N_(
        "What happened? Tell it in your own words. You can write, record voice messages, or send"
        " photos, videos and files, as many as you like."
    )
)
_TELL_IF_YOU_WANT = msg(
    N_(
        "You decide what you tell. You can write, record a voice message or send a photo, or send"
        " it without telling more."
    )
)
_SAY_SOMETHING = msg(
    N_("Please tell in a few words what happened, so that a person can understand it.")
)
_NEXT = msg(
    N_("Send more. Or press “%(all)s” for a few short questions, or “%(send)s” to finish."),
    all=THAT_IS_ALL,
    send=SEND,
)


def kept(chat: Chat, *parts: Part) -> Chat:
    """The chat with more of the story."""
    return replace(chat, draft=replace(chat.draft, parts=chat.draft.parts + parts))


def count(parts: tuple[Part, ...]) -> Msg:
    """How much of what she sent is kept so far: nothing got lost."""
    one, many = NP_(
        "I have kept what you sent: %(n)s message.",
        "I have kept what you sent: %(n)s messages.",
    )
    return msg(one, many, n=len(parts))


def more_or(button: Msg) -> Msg:
    """That she may send more; ``button`` leads on."""
    return msg(N_("Send more, or press “%(all)s”."), all=button)


def attachments(parts: tuple[Part, ...]) -> tuple[int, ...]:
    return tuple(part.attachment for part in parts if part.attachment is not None)


def sendable(draft: Draft) -> bool:
    """A complaint needs a story, or a category that says enough without one."""
    return bool(draft.parts) or draft.category in WORTH_SENDING


def send(chat: Chat) -> Then:
    """File the draft, once: it is emptied here, and the step is one that cannot send."""
    if not sendable(chat.draft):
        asked = replace(chat, step="story", editing=chat.step == "review")
        return Then(asked, (_SAY_SOMETHING,))
    after = replace(
        chat,
        step="filed",
        draft=Draft(),
        trail=(),
        paused="",
        case="",
        found=(),
        near=(),
        rights=None,
        link="",
        editing=False,
    )
    return Then(after, do=(FileComplaint(chat.draft),), waits=True)


def _tell_again(chat: Chat) -> Then:
    dropped = attachments(chat.draft.parts)
    empty = replace(chat, draft=replace(chat.draft, parts=()))
    return Then(empty, do=(DropDraft(dropped),) if dropped else ())


def _page(chat: Chat) -> Page:
    on = Answer("all", THAT_IS_ALL, "➡️")
    now = Answer("send", SEND, "✅", does=send)
    if chat.draft.parts:
        kept_so_far = count(chat.draft.parts)
        if chat.editing:
            again = Answer("again", msg(N_("Delete it and tell it again")), "🗑️", does=_tell_again)
            return Page(lines(kept_so_far, "", more_or(THAT_IS_ALL)), in_rows([on, again]))
        return Page(lines(kept_so_far, "", _NEXT), in_rows([on, now]))
    not_now = Answer("no-story", msg(N_("I do not want to tell it now")), "⏭️")
    if chat.draft.kind == SEXUAL:
        return Page(_TELL_IF_YOU_WANT, in_rows([not_now] if chat.editing else [not_now, now]))
    return Page(_TELL, in_rows([not_now] if sendable(chat.draft) else []))


QUESTION = Question(
    name="story",
    room=Room.INTAKE,
    page=_page,
    then="kind",
    hears=lambda chat, part: Then(kept(chat, part)),
    help=msg(
        N_(
            "Tell what happened, where and when, and who did it, as far as you want to say. You do"
            " not have to write well. You can speak in your own language."
        )
    ),
    also=("since", "filed"),
)

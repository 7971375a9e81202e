"""The read-back: the whole complaint in few lines, and the way to change any one answer."""

from collections.abc import Callable
from dataclasses import replace

from bot import helping, story
from bot.factory import named
from bot.questions import Answer, Page, Question, Room, Then, in_rows
from bot.topic import has_kinds
from bot.turns import Chat, Draft, Msg
from bot.wording import (
    CONTACT,
    DANGER,
    HOW_MANY,
    RELATION,
    SINCE,
    about,
    kind_label,
    lines,
    msg,
    quoted,
)
from casework.vocabulary import Contact
from translations import N_, NP_

_CHECK = msg(N_("Please look at it once more. Is it right?"))
_WORDS = 80
"""So many characters of her story are read back: enough to know it again."""
_NOTHING_TOLD = msg(N_("You did not tell what happened. That is all right."))


def _factory(draft: Draft) -> Msg:
    if draft.factory is None and not draft.factory_words:
        return msg(N_("Factory: you would rather not say"))
    name = named(draft.factory) if draft.factory else quoted(draft.factory_words)
    return msg(N_("Factory: %(factory)s"), factory=name)


def _contact(draft: Draft) -> Msg | None:
    if draft.contact is None:
        return None
    how: Msg = CONTACT[draft.contact][1]
    if draft.contact is Contact.SAFE_HOURS and draft.safe_from and draft.safe_to:
        how = msg(N_("%(start)s to %(end)s"), start=draft.safe_from, end=draft.safe_to)
    return msg(N_("How we may write to you: %(how)s"), how=how)


def _told(draft: Draft) -> list[Msg]:
    said = " / ".join(part.text for part in draft.parts if part.text)
    told = [msg(N_("Your words: %(words)s"), words=quoted(said, _WORDS))] if said else []
    files = len(story.attachments(draft.parts))
    if files:
        one, many = NP_(
            "You also sent %(n)s voice message, picture or file.",
            "You also sent %(n)s voice messages, pictures or files.",
        )
        told.append(msg(one, many, n=files))
    return told or [_NOTHING_TOLD]


def _helped(draft: Draft) -> list[Msg]:
    knows = helping.knows(draft)
    said = [msg(N_("The person knows that you write: %(knows)s"), knows=knows)] if knows else []
    if draft.person:
        said.append(msg(N_("Who it is: %(person)s"), person=helping.person(draft)))
    return said


def summary(draft: Draft) -> Msg:
    """What she answered, a line each; what she skipped is left out."""
    said: list[Msg] = []
    if draft.relation:
        said.append(msg(N_("Who you are: %(who)s"), who=RELATION[draft.relation][1]))
    said += _helped(draft)
    said.append(_factory(draft))
    said.append(msg(N_("About: %(about)s"), about=about(draft.category, draft.kind)))
    kind = kind_label(draft.category, draft.kind)
    if kind:
        said.append(msg(N_("More exactly: %(kind)s"), kind=kind))
    if draft.danger:
        said.append(msg(N_("Someone is in danger now: %(danger)s"), danger=DANGER[draft.danger][1]))
    if draft.since:
        said.append(msg(N_("It started: %(since)s"), since=SINCE[draft.since][1]))
    if draft.how_many:
        said.append(msg(N_("It happens to: %(people)s"), people=HOW_MANY[draft.how_many][1]))
    contact = _contact(draft)
    if contact:
        said.append(contact)
    return lines(*said, *_told(draft))


def _at(step: str) -> Callable[[Chat], Then]:
    """Between the read-back and its menu nothing is remembered for "back"."""
    return lambda chat: Then(replace(chat, step=step))


def _review(chat: Chat) -> Page:
    rows = (
        (Answer("file", story.SEND, "✅", does=story.send),),
        (Answer("change", msg(N_("Change something")), "✏️", does=_at("change")),),
    )
    return Page(lines(_CHECK, "", summary(chat.draft)), rows)


def _edit(step: str, label: Msg, icon: str) -> Answer:
    def does(chat: Chat) -> Then:
        return Then(replace(chat, step=step, editing=True))

    return Answer(step, label, icon, does=does)


_MENU = (
    _edit("who", msg(N_("Who I am")), "🧍"),
    _edit("behalf", msg(N_("Whether the person knows")), "🤝"),
    _edit("person", msg(N_("Who the person is")), "🪪"),
    _edit("factory", msg(N_("The factory")), "🏭"),
    _edit("category", msg(N_("What it is about")), "🗂️"),
    _edit("kind", msg(N_("What it is exactly")), "🔍"),
    _edit("danger", msg(N_("The danger")), "🚨"),
    _edit("story", msg(N_("What happened")), "📝"),
    _edit("since", msg(N_("When it started")), "📅"),
    _edit("people", msg(N_("How many people")), "👥"),
    _edit("contact", msg(N_("How you may write to me")), "🔔"),
)


def _change(chat: Chat) -> Page:
    left_out = set() if has_kinds(chat.draft) else {"kind"}
    left_out |= set() if helping.is_helper(chat.draft) else {"behalf", "person"}
    menu = [answer for answer in _MENU if answer.value not in left_out]
    nothing = Answer("nothing", msg(N_("Nothing, it is right")), "✅", does=_at("review"))
    return Page(msg(N_("What do you want to change?")), (*in_rows(menu, across=2), (nothing,)))


QUESTIONS = (
    Question(
        name="review",
        room=Room.INTAKE,
        page=_review,
        help=msg(
            N_("If all is right, press “%(send)s”. Until then nobody has read it."),
            send=story.SEND,
        ),
        also=("filed", "story", "change"),
    ),
    Question(
        name="change",
        room=Room.INTAKE,
        parent="review",
        page=_change,
        help=msg(N_("Press what is wrong. I ask it again, and then show you everything again.")),
        also=("review", *(answer.value for answer in _MENU)),
    ),
)

"""The questions after filing: home, her cases, and where something belongs that she sent."""

from dataclasses import replace

from bot import caseactions, casepage, story
from bot.casepage import case_button
from bot.pausing import INTAKE, MY_CASES, begin, go_on, underway
from bot.questions import Answer, Page, Question, Room, Then, in_rows
from bot.turns import (
    CaseFiled,
    CaseShown,
    CasesListed,
    Chat,
    DropDraft,
    ListCases,
    ShowCase,
)
from bot.wording import msg
from translations import N_

_HOW_TO_WRITE_TO_ME = msg(N_("How you may write to me"))
_NEW = msg(N_("Tell about a new problem"))
_GO_ON = msg(N_("Go on with my complaint"))
_NO_CASES = msg(N_("You have no cases here yet."))
_NOT_HERE = msg(N_("I cannot find this case here."))

# --- filed, home -----------------------------------------------------------------------------


def filed(chat: Chat, event: CaseFiled) -> Then:
    """Her complaint is a case now: its number, who reads it, by when a person answers."""
    chat = replace(chat, case=event.reference, filed=True)
    text = msg(
        N_(
            "Your complaint is filed.\n\n"
            "Your case number: %(reference)s\n\n"
            "Who reads it: %(reader)s. A person answers you by %(date)s.\n\n"
            "First a person reads it. Then we find out what happened, and tell you here what can"
            " be done. You can come back at any time, to see how it stands or to tell more."
        ),
        reference=event.reference,
        reader=event.operator,
        date=event.answer_by,
    )
    return Then(chat, page=Page(text, _after_filing(chat)))


def _after_filing(chat: Chat) -> tuple[tuple[Answer, ...], ...]:
    return in_rows(
        [
            case_button("add", chat.case, msg(N_("Tell more")), "➕"),
            Answer(".cases", MY_CASES, "📂"),
            Answer(".reach", _HOW_TO_WRITE_TO_ME, "🔔"),
        ]
    )


def _filed(chat: Chat) -> Page:
    text = N_("Your complaint is filed. Your case number: %(reference)s")
    return Page(msg(text, reference=chat.case), _after_filing(chat))


def _home(chat: Chat) -> Page:
    waiting = underway(chat) and chat.paused
    complain = Answer(".go", _GO_ON, "▶️") if waiting else Answer(".new", _NEW, "📝")
    answers = [complain, Answer(".cases", MY_CASES, "📂")]
    answers.append(Answer(".reach", _HOW_TO_WRITE_TO_ME, "🔔"))
    return Page(msg(N_("What would you like to do?")), in_rows(answers))


# --- her cases -------------------------------------------------------------------------------


def cases_listed(chat: Chat, event: CasesListed) -> Then:
    """Show the list, or let her choose from it where something belongs."""
    if chat.step == "about":
        if not event.cases:
            return _into_complaint(chat)
        about = _about(chat)
        return Then(chat, page=Page(about.text, in_rows(casepage.choices(event)) + about.rows))
    if event.cases:
        return Then(replace(chat, filed=True), page=casepage.listed(event))
    if chat.paused:
        return Then(go_on(chat), (_NO_CASES,))
    return Then(replace(chat, step="home"), (_NO_CASES,))


def case_shown(chat: Chat, event: CaseShown) -> Then:
    """Show the case she opened."""
    if event.case is None:
        return Then(replace(chat, step="home", case=""), (_NOT_HERE,))
    return Then(replace(chat, filed=True), page=casepage.shown(event.case, event))


# --- what she sent outside any question -------------------------------------------------------


def _into_complaint(chat: Chat) -> Then:
    if underway(chat):
        return Then(replace(go_on(story.kept(chat, *chat.held)), held=()))
    return Then(begin(chat))


def _forget(chat: Chat) -> Then:
    files = story.attachments(chat.held)
    said = msg(N_("All right. I did not keep it."))
    return Then(replace(chat, step="home", held=()), (said,), (DropDraft(files),) if files else ())


def _about(chat: Chat) -> Page:
    label = msg(N_("The complaint I am writing now")) if underway(chat) else _NEW
    answers = [
        Answer("new", label, "📝", does=_into_complaint),
        Answer("nothing", msg(N_("Do not keep it")), "🗑️", does=_forget),
    ]
    text = N_("Is this about one of your cases, or about something new?")
    return Page(msg(text), in_rows(answers))


# --- the declaration -------------------------------------------------------------------------

_TALK = msg(N_("Here you can read what we are doing, and tell us more."))

QUESTIONS = (
    Question(
        name="filed",
        room=Room.FOLLOWUP,
        page=_filed,
        parent="home",
        help=msg(N_("Your complaint is safe with us. You do not have to do anything now.")),
        also=("add", "cases", "reach"),
    ),
    Question(
        name="home",
        room=Room.FOLLOWUP,
        page=_home,
        help=_TALK,
        also=("who", "welcome", "language", "resume", "cases", "reach", "about"),
    ),
    Question(
        name="cases",
        room=Room.FOLLOWUP,
        page=lambda _: Page(casepage.CASES),
        parent="home",
        loads=lambda _: ListCases(),
        help=_TALK,
        also=("case", "home"),
    ),
    Question(
        name="case",
        room=Room.FOLLOWUP,
        page=_filed,
        parent="cases",
        loads=lambda chat: ShowCase(chat.case),
        help=msg(N_("This is one of your cases. The buttons show what you can do now.")),
        also=("add", "answer", "dispute", "appeal", "withdraw", "cases", "home"),
    ),
    Question(
        name="about",
        room=Room.FOLLOWUP,
        page=_about,
        loads=lambda _: ListCases(),
        help=msg(N_("I have your message. Please press what it is about.")),
        also=("add", "home", "language", *sorted(INTAKE)),
    ),
    *caseactions.QUESTIONS,
)

"""The questions after filing: home, her cases, and where something belongs that she sent."""

from dataclasses import replace

from bot import asking, caseactions, casepage, story
from bot.casepage import case_button
from bot.keeping import KEPT
from bot.pausing import INTAKE, MY_CASES, begin, go_on, underway
from bot.questions import Answer, Page, Question, Room, Then, in_rows
from bot.safety import HOW_TO_WRITE_TO_ME, MY_SAFETY
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
            "We have it.\n\n"
            "Your case number: %(reference)s\n\n"
            "Who reads it: %(reader)s. A person answers you by %(date)s."
        ),
        reference=event.reference,
        reader=event.operator,
        date=event.answer_by,
    )
    return Then(chat, page=Page(text, _after_filing(chat)))


def _after_filing(chat: Chat) -> tuple[tuple[Answer, ...], ...]:
    return in_rows(
        [
            case_button("add", chat.case, casepage.ADD, "➕"),
            case_button("receipt", chat.case, casepage.RECEIPT, "🔑"),
            Answer(".cases", MY_CASES, "📂"),
            Answer(".reach", HOW_TO_WRITE_TO_ME, "🔔"),
        ]
    )


def _filed(chat: Chat) -> Page:
    text = N_("We have it. Your case number: %(reference)s")
    return Page(msg(text, reference=chat.case), _after_filing(chat))


def _home(chat: Chat) -> Page:
    waiting = underway(chat) and chat.paused
    complain = Answer(".go", _GO_ON, "▶️") if waiting else Answer(".new", _NEW, "📝")
    answers = [complain]
    if not waiting:
        answers.append(Answer(".ask", asking.I_HAVE_A_QUESTION, asking.ICON))
    answers.append(Answer(".cases", MY_CASES, "📂"))
    if not chat.filed:
        answers.append(Answer(".number", casepage.I_HAVE_A_NUMBER, "🔢"))
    answers.append(Answer(".safety", MY_SAFETY, "🛡️"))
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
    if chat.paused and underway(chat):
        return Then(go_on(chat), (_NO_CASES,))
    # She has told nothing yet: perhaps her case is on another phone. Home has the way to it.
    return Then(replace(chat, step="home"), (_NO_CASES,))


def case_shown(chat: Chat, event: CaseShown) -> Then:
    """Show the case she opened."""
    if event.case is None:
        return Then(replace(chat, step="home", case=""), (_NOT_HERE,))
    return Then(replace(chat, filed=True), page=casepage.shown(event.case, event))


# --- what she sent outside any question -------------------------------------------------------


def _into_complaint(chat: Chat) -> Then:
    to = go_on(replace(story.kept(chat, *chat.held), held=())) if underway(chat) else begin(chat)
    # That question says itself how much it has kept.
    return Then(to, () if to.step == "story" else (KEPT,))


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
        help=msg(
            N_(
                "First a person reads it. Then we find out more, and tell you here what can be"
                " done. You do not have to do anything now. You can come back at any time."
            )
        ),
        also=("add", "receipt", "cases", "reach"),
    ),
    Question(
        name="home",
        room=Room.FOLLOWUP,
        page=_home,
        help=_TALK,
        also=(
            *(
                "who",
                "welcome",
                "language",
                "factory",
                "question",
                "resume",
                "cases",
                "number",
                "safety",
            ),
            "about",
        ),
    ),
    Question(
        name="cases",
        room=Room.FOLLOWUP,
        page=lambda _: Page(casepage.CASES),
        parent="home",
        loads=lambda _: ListCases(),
        help=_TALK,
        also=("case", "number", "home"),
    ),
    Question(
        name="case",
        room=Room.FOLLOWUP,
        page=_filed,
        parent="cases",
        loads=lambda chat: ShowCase(chat.case),
        help=msg(N_("This is one of your cases. The buttons show what you can do now.")),
        also=(
            *("add", "answer", "dispute", "appeal", "withdraw", "rate", "said", "receipt"),
            *("cases", "home"),
        ),
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

"""How a case and a list of cases are shown to the worker whose they are."""

from bot.pausing import MY_CASES
from bot.questions import Answer, Page, in_rows
from bot.turns import CaseLine, CaseShown, CasesListed, Longer, Msg, Param
from bot.wording import STATUS, TREATMENT, about, lines, msg, quoted
from casework.vocabulary import Action, ExtensionReason, Promise, Status
from translations import N_

CASES = msg(N_("Your cases. Press one to read how it stands."))

ANSWER = msg(N_("Answer"))
SAID = msg(N_("What was said"))
RECEIPT = msg(N_("Receipt"))
TO_CASE = msg(N_("To the case"))
ADD = msg(N_("Tell more"))
LOOK_AGAIN = msg(N_("Please look at it again"))
I_HAVE_A_NUMBER = msg(N_("I have a case number"))
PUT_RIGHT = msg(N_("Yes, it was put right"))
NOT_PUT_RIGHT = msg(N_("No, it was not put right"))

_ACTIONS: tuple[tuple[Action, str, Msg], ...] = (
    (Action.CONFIRM, "👍", PUT_RIGHT),
    (Action.DISPUTE, "👎", NOT_PUT_RIGHT),
    (Action.ADD, "➕", ADD),
    (Action.APPEAL, "🔁", LOOK_AGAIN),
    (Action.RATE, "🙂", msg(N_("How were you treated?"))),
    (Action.WITHDRAW, "↩️", msg(N_("Take my complaint back"))),
)

_ANSWER_BY = N_("A person answers you by %(date)s.")
NEWS_BY = N_("You hear from us by %(date)s.")
_RESULT_BY = N_("You get the result by %(date)s.")
_NEXT_BY = N_("We tell you by %(date)s what comes next.")
_LATE = N_("You should have heard from us by %(date)s. We are sorry that we are late.")
QUESTION = N_("We have a question for you: %(words)s")
_WE_WAIT = msg(N_("We wait for your answer."))
_LONGER = {
    ExtensionReason.FACTORY: msg(N_("This takes longer: the factory has not answered yet.")),
    ExtensionReason.EVIDENCE: msg(N_("This takes longer: there is more to find out.")),
    # Translators: the other office is none of ours: for example the police, a court, a ministry.
    ExtensionReason.OTHERS: msg(N_("This takes longer: we have to wait for another office.")),
    ExtensionReason.PEOPLE: msg(N_("This takes longer: somebody we need is ill or away.")),
}


def case_button(verb: str, reference: str, label: Msg | str, icon: str = "") -> Answer:
    """A button about one case. It names the case, so that it works from any step, and an old one
    never acts on another case."""
    return Answer(f"{verb}:{reference}", label, icon)


def to_case(reference: str) -> Answer:
    """The way from what belongs to a case to its page."""
    return case_button("open", reference, TO_CASE, "📂")


def listed(event: CasesListed) -> Page:
    """A line for each case, and a button for each."""
    text: list[Param] = [CASES]
    for case in event.cases:
        text += ["", _line(case), STATUS[case.status][1]]
    buttons = [
        case_button("open", case.reference, case.reference, STATUS[case.status][0])
        for case in event.cases
    ]
    return Page(lines(*text), in_rows([*buttons, Answer(".number", I_HAVE_A_NUMBER, "🔢")]))


def choices(event: CasesListed) -> list[Answer]:
    """A button for each case to which something may belong."""
    label = N_("Case %(reference)s: %(about)s")
    return [
        case_button(
            "add",
            case.reference,
            msg(label, reference=case.reference, about=about(case.category)),
            "📂",
        )
        for case in event.cases
    ]


def shown(case: CaseLine, event: CaseShown) -> Page:
    """One case: how it stands, what comes next and by when, and what was said last."""
    icon, status = STATUS[case.status]
    text: list[Param] = [_line(case), "", msg("%(icon)s %(status)s", icon=icon, status=status)]
    if event.next_by and not (event.longer and event.longer.until == event.next_by):
        text.append(msg(_next(case, event), date=event.next_by))
    if event.longer:
        text += takes_longer(event.longer)
    if event.question:
        text += ["", msg(QUESTION, words=event.question)]
        if event.waits:
            text.append(_WE_WAIT)
    if event.last and event.last != event.question:
        text += ["", msg(N_("What was said last:")), f"— {quoted(event.last)}"]
    if event.treatment:
        icon, treated = TREATMENT[event.treatment]
        told = N_("How you were treated, as you told us: %(treated)s")
        text += ["", msg("%(icon)s %(told)s", icon=icon, told=msg(told, treated=treated))]
    buttons = [case_button("answer", case.reference, ANSWER, "✍️")] if event.question else []
    buttons += [
        case_button(action, case.reference, label, icon)
        for action, icon, label in _ACTIONS
        if action in event.can
    ]
    buttons += [
        case_button("said", case.reference, SAID, "🗒️"),
        case_button("receipt", case.reference, RECEIPT, "🔑"),
    ]
    return Page(lines(*text), in_rows([*buttons, Answer(".cases", MY_CASES, "📂")]))


def takes_longer(longer: Longer) -> list[Param]:
    """That she has to wait longer, why, and what comes by the new day."""
    # A plan, or a decision at once, ends the finding out; all else ends with a result.
    by = _NEXT_BY if longer.promise is Promise.INVESTIGATE else _RESULT_BY
    return [_LONGER[longer.reason], msg(by, date=longer.until)]


def _next(case: CaseLine, event: CaseShown) -> str:
    if event.late:
        return _LATE
    return _ANSWER_BY if case.status is Status.RECEIVED else NEWS_BY


def _line(case: CaseLine) -> Msg:
    if case.category is None:
        return msg(
            N_("Case %(reference)s, sent on %(date)s"),
            reference=case.reference,
            date=case.filed_on,
        )
    return msg(
        N_("Case %(reference)s, sent on %(date)s. About: %(about)s"),
        reference=case.reference,
        date=case.filed_on,
        about=about(case.category),
    )

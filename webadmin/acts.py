"""What each step on a case is called, what it means and what is said when it is done."""

from dataclasses import dataclass

from casework.vocabulary import Action, Inadmissible, Referral
from translations import N_


@dataclass(frozen=True, slots=True)
class Step:
    """How a step is offered: its button, what it means, and what the worker is told."""

    verb: str
    meaning: str
    told: str = ""
    text: str = ""
    """What the text field asks for, where the step needs words."""
    private: bool = False
    """The words stay among colleagues."""
    warning: str = ""
    """What to beware of, in a box of its own."""
    sure: str = N_("Yes, end the case")
    """What is ticked, where the form asks once more."""
    reasons: tuple[Inadmissible | Referral, ...] = ()
    """What there is to choose from, where the step needs a reason of a closed list."""
    choose: str = ""
    """What the choice of reasons is called."""


_ON_A_PHONE = N_(
    "Somebody else may read this on the worker’s phone. Write no name of a colleague or witness, and"
    " nothing that only the worker could have told."
)

STEPS: dict[Action, Step] = {
    Action.ACKNOWLEDGE: Step(
        N_("Acknowledge"),
        N_("You have read it and somebody will answer. This starts the time for the outcome."),
        N_("The worker is told that a person has read the complaint."),
    ),
    Action.NOTIFY_FACTORY: Step(
        N_("The factory was told"),
        N_(
            "Note it on the day on which the factory first hears of the complaint. From then on we"
            " ask the worker several times whether anyone treats them badly because of it."
        ),
        N_("The worker is told nothing now. The first question comes by itself."),
        warning=N_(
            "From now on the worker may be punished for complaining. Do not tell the factory the"
            " name, the phone number, the line or shift, the day and way in which the complaint"
            " came, nor the worker’s own words: each of these can show who it was."
        ),
        sure=N_("Yes, the factory knows of it"),
    ),
    Action.PROTECT: Step(
        N_("Note the interim protection"),
        N_(
            "What keeps the worker safe while the case is open, agreed with the worker; or why"
            " nothing is needed."
        ),
        N_("The worker is told nothing: you have agreed on it with them."),
        N_("What was agreed, or why nothing is needed"),
        private=True,
    ),
    Action.ASSESS: Step(
        N_("Begin to assess"),
        N_("Check whether it can be taken up, and whether anybody is at risk."),
        N_("The worker is told that you check how you can help."),
    ),
    Action.INVESTIGATE: Step(
        N_("Begin to investigate"),
        N_("Find out what happened, without naming the worker to anybody."),
        N_("The worker is told that you look into it."),
        warning=N_(
            "Who asks about one line, one shift or one person shows who complained. Ask many, and"
            " about other things too."
        ),
    ),
    Action.PROPOSE_REMEDY: Step(
        N_("Propose a remedy"),
        N_("Say what will be done, by whom and until when."),
        N_("The worker is sent your words, and can answer."),
        N_("What will be done to put it right"),
        warning=_ON_A_PHONE,
    ),
    Action.CONCLUDE: Step(
        N_("Tell the outcome"),
        N_("The case then waits for the worker, who confirms it or disputes it, for 30 days."),
        N_(
            "The worker is sent each finding with its reason, then your words, and is asked whether it is put right."
        ),
        N_("What was done, and what happens now"),
        warning=_ON_A_PHONE,
    ),
    Action.RESOLVE: Step(
        N_("Count as resolved"),
        N_("The worker was asked and has not answered in 30 days. It is counted as unanswered."),
        N_("The worker is told that the case counts as resolved, and how to appeal."),
    ),
    Action.CLOSE: Step(
        N_("Close the case"),
        N_("Nothing is left to do. The worker can still write, and appeal within 30 days."),
        N_("The worker is told that the case is closed, and how to appeal."),
    ),
    Action.REFER: Step(
        N_("Refer to others"),
        N_("Somebody else can help better. This ends the case here."),
        N_("The worker is sent who can help, your words, and how to appeal."),
        N_("Who can help, how to reach them, and why"),
        warning=N_(
            "Hand nothing over that shows who the worker is, unless they agreed to it: give the"
            " worker the address, and let them go there."
        ),
        reasons=tuple(Referral),
        choose=N_("Who can help better"),
    ),
    Action.REJECT: Step(
        N_("Mark as inadmissible"),
        N_("It can't be taken up. This ends the case."),
        N_("The worker is sent the reason and your words, and how to appeal."),
        N_("Why it can't be taken up, so that the worker understands it"),
        reasons=tuple(Inadmissible),
        choose=N_("Reason"),
    ),
}

_IN_RESTRICTED = N_(
    "In a restricted case the worker decides: take no step that they have not agreed to, ask for no"
    " details that are not needed, and tell nobody outside the restricted pool what it is about."
)
_TERMINATION = N_(
    "Brands threaten to end the business with a factory over such findings. That can cost those who"
    " complained their jobs, and is no remedy: do not ask for it, and warn the worker if it is"
    " threatened."
)
_LEADING_OUT = frozenset(
    {
        Action.NOTIFY_FACTORY,
        Action.INVESTIGATE,
        Action.PROPOSE_REMEDY,
        Action.CONCLUDE,
        Action.REFER,
    }
)
"""Steps after which others may hear of the case."""
_WORDS = frozenset({Action.ASK, Action.REPLY})
_AT_THE_FACTORY = frozenset({Action.NOTIFY_FACTORY, Action.PROPOSE_REMEDY})


def beware(action: Action, restricted: bool, zero_tolerance: bool) -> list[str]:
    """What to beware of before a step, because it could expose or hurt the worker; msgids."""
    own = _ON_A_PHONE if action in _WORDS else STEPS[action].warning
    found = [own] if own else []
    if zero_tolerance and action in _AT_THE_FACTORY:
        found.append(_TERMINATION)
    if restricted and action in _LEADING_OUT:
        found.append(_IN_RESTRICTED)
    return found


ENDING = frozenset({Action.REFER, Action.REJECT, Action.RESOLVE, Action.CLOSE})
"""Steps that end a case: the form asks once more."""
ASKING = ENDING | {Action.NOTIFY_FACTORY}
"""Steps for which the form asks once more."""

DONE: dict[Action, str] = {
    Action.ACKNOWLEDGE: N_("Acknowledged. The worker is being told."),
    Action.TRIAGE: N_("Saved."),
    Action.ASSIGN: N_("Assigned."),
    Action.ASK: N_("Your question is on its way to the worker."),
    Action.REPLY: N_("Your reply is on its way to the worker."),
    Action.NOTE: N_("Your note is kept. Only colleagues see it."),
    Action.PROTECT: N_("The interim protection is noted. Only colleagues see it."),
    Action.NOTIFY_FACTORY: N_("Noted. We will ask the worker whether anyone treats them badly."),
    Action.ASSESS: N_("The case is being assessed. The worker is being told."),
    Action.INVESTIGATE: N_("The case is under investigation. The worker is being told."),
    Action.PROPOSE_REMEDY: N_("The proposed remedy is on its way to the worker."),
    Action.CONCLUDE: N_("The outcome is on its way to the worker, who is asked to confirm it."),
    Action.RESOLVE: N_("The case counts as resolved, unanswered."),
    Action.CLOSE: N_("The case is closed. The worker is being told."),
    Action.REFER: N_("The case is referred. The worker is being told why."),
    Action.REJECT: N_("The case is marked as inadmissible. The worker is being told why."),
}

DONE_UNTOLD = N_("Saved.")
"""Where the worker asked to be forgotten, so that nobody is told."""

HEARD: dict[Action, str] = {
    Action.ADD: N_("Said more, or answered"),
    Action.CONFIRM: N_("Confirms that it is put right"),
    Action.DISPUTE: N_("Says that it is not put right"),
    Action.APPEAL: N_("Appeals"),
    Action.WITHDRAW: N_("Takes the complaint back"),
}
"""What somebody writes down for a worker to whom nothing can be sent."""

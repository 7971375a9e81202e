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
    ),
    Action.PROPOSE_REMEDY: Step(
        N_("Propose a remedy"),
        N_("Say what will be done, by whom and until when."),
        N_("The worker is sent your words, and can answer."),
        N_("What will be done to put it right"),
    ),
    Action.CONCLUDE: Step(
        N_("Tell the outcome"),
        N_("The case then waits for the worker, who confirms it or disputes it, for 30 days."),
        N_(
            "The worker is sent each finding with its reason, then your words, and is asked whether it is put right."
        ),
        N_("What was done, and what happens now"),
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

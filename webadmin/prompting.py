"""What handlers are reminded of, in words: the rules of the field as calm advice."""

from dataclasses import dataclass

from casework.vocabulary import Prompt
from translations import N_


@dataclass(frozen=True, slots=True)
class Advice:
    """A reminder: what it is about, and what to do."""

    icon: str
    title: str
    text: str


ADVICE: dict[Prompt, Advice] = {
    Prompt.DANGER: Advice(
        "exclamation-octagon",
        N_("Somebody may be in danger now"),
        N_(
            "The worker said so when filing. Help comes first: ask whether they are safe, name who"
            " comes at once, agree on protection. While the danger lasts, the case is critical."
        ),
    ),
    Prompt.SURVIVOR: Advice(
        "shield-lock",
        N_("Sexual violence: the survivor decides"),
        N_(
            "Only the restricted pool sees the case. Offer care and counsel first. Ask for no story:"
            " what they choose to tell is enough. Nothing is done that they did not agree to."
        ),
    ),
    Prompt.CHILD: Advice(
        "shield-exclamation",
        N_("A child is never simply sent home"),
        N_(
            "Who is sent away loses the pay and often ends up in worse work. Before the child stops"
            " working, agree with child protection on a safe place, on school, and on what the family"
            " lives on meanwhile."
        ),
    ),
    Prompt.FORCED_LABOUR: Advice(
        "exclamation-triangle",
        N_("Safety before questions"),
        N_(
            "Do not question or confront anybody before the workers are safe. Held documents go back"
            " to their owners at once and without conditions. Such a case is always critical."
        ),
    ),
    Prompt.FORCED_OVERTIME: Advice(
        "question-circle",
        N_("What happens to those who refuse overtime?"),
        N_(
            "Threats, fines or dismissal for refusing are signs of forced labour. Ask, and say on"
            " this page whether it may be forced labour."
        ),
    ),
    Prompt.UNION: Advice(
        "people",
        N_("Offer the way to a union"),
        N_(
            "Tell the worker which union could speak for them or help them. Whether they go there is"
            " for them to decide."
        ),
    ),
    Prompt.TERMINATION: Advice(
        "info-circle",
        N_("Ending the business is no remedy"),
        N_(
            "There is zero tolerance for this, and a brand may threaten to leave the factory at once."
            " That can cost those who complained their jobs, and puts nothing right for them. Say so"
            " to the brand, and put the remedy of the workers first."
        ),
    ),
}

INDICATORS: dict[int, str] = {
    1: N_("Abuse of vulnerability"),
    2: N_("Deception"),
    3: N_("Restriction of movement"),
    4: N_("Isolation"),
    5: N_("Physical and sexual violence"),
    6: N_("Intimidation and threats"),
    7: N_("Retention of identity documents"),
    8: N_("Withholding of wages"),
    9: N_("Debt bondage"),
    10: N_("Abusive working and living conditions"),
    11: N_("Excessive overtime"),
}
"""The ILO's eleven indicators of forced labour, by its own numbers and names."""

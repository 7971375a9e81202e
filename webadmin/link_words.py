"""What linking two cases means, and what it does, in words."""

from dataclasses import dataclass

from casework.vocabulary import LinkKind
from translations import N_


@dataclass(frozen=True, slots=True)
class Meaning:
    """When to choose a kind of link, and what follows."""

    means: str
    does: str
    earlier: str
    """What the case of a link is to the later one."""
    later: str


KINDS: dict[LinkKind, Meaning] = {
    LinkKind.COLLECTIVE: Meaning(
        N_("Different workers complain of the same thing at the same place."),
        N_("Each worker keeps a case and promises of their own, and hears nothing of the others."),
        N_("Came in first"),
        N_("Came in later"),
    ),
    LinkKind.DUPLICATE: Meaning(
        N_("One worker told the same matter twice."),
        N_(
            "The later case counts in no figure. It can be ended, and the worker is told where it goes on."
        ),
        N_("It goes on there"),
        N_("Told again there; it counts in no figure"),
    ),
    LinkKind.RETALIATION: Meaning(
        N_("The later case is about what was done to somebody because of the earlier complaint."),
        N_(
            "The later case becomes critical, supervisors are told, and both show the risk. It is restricted if the earlier one is."
        ),
        N_("The first complaint, before what this one is about"),
        N_("About what was done to the worker because of this complaint"),
    ),
}
"""In the order in which they are offered."""

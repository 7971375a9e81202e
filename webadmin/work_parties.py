"""What the forms about the parties of a case do."""

from collections.abc import Mapping

from casework import parties
from casework.errors import BadInput
from casework.models import Case, Party
from casework.parties import About
from casework.vocabulary import PartyKind
from webadmin.context import actor, db, now
from webadmin.forms import chosen, number
from webadmin.i18n import gettext as _

Form = Mapping[str, str]


def add(case: Case, form: Form) -> str:
    """Add a party; what to say of it."""
    parties.add(db(), case, _about(form), by=actor(), now=now())
    return _("The party is kept. Only colleagues who see the case see it.")


def change(case: Case, form: Form, row: int) -> str:
    """Put what is known now in place of what was known."""
    parties.change(db(), case, _party(case, row), _about(form), by=actor(), now=now())
    return _("The party is changed.")


def remove(case: Case, form: Form, row: int) -> str:
    """Take a party out of the case, if that was ticked."""
    if not form.get("sure"):
        raise BadInput("Tick the box to say that this party has no part in the case.")
    parties.remove(db(), case, _party(case, row), by=actor(), now=now())
    return _("The party is removed.")


def _about(form: Form) -> About:
    kind = chosen(PartyKind, form.get("kind"))
    if kind is None:
        raise BadInput("Choose what part they have in the case.")
    return About(
        kind,
        form.get("name", ""),
        form.get("organisation", ""),
        form.get("note", ""),
        number(form.get("staff")),
    )


def _party(case: Case, row: int) -> Party:
    party = parties.find(db(), case, row)
    if party is None:
        raise BadInput("This party is not in the case any more.")
    return party

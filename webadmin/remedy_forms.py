"""What the forms of the remedy's pages say, read into values of the domain."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from casework.errors import BadInput
from casework.models import RemedyAction
from casework.remedy.remedies import Draft, words
from casework.remedy.verifying import Finding
from casework.vocabulary import RemedyKind, RemedyOwner, VerifiedBy
from webadmin.context import db, zone
from webadmin.forms import chosen, number

Form = Mapping[str, str]


def day(text: str | None) -> date | None:
    """A day of a date field, ``None`` where it is empty or none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def today(now: datetime) -> date:
    """The day it is where the reader is."""
    return now.astimezone(zone()).date()


def draft(form: Form, issues: Sequence[str]) -> Draft:
    """An action as it was typed; ``BadInput`` says what is missing or not confirmed."""
    kind, owner = chosen(RemedyKind, form.get("kind")), chosen(RemedyOwner, form.get("owner"))
    due_on = day(form.get("due_on"))
    contact = number(form.get("contact")) if owner is RemedyOwner.FACTORY else None
    if kind is None:
        raise BadInput("Choose what kind of action it is.")
    if owner is None:
        raise BadInput("Choose who does it.")
    if due_on is None:
        raise BadInput("Choose the day by which it is done.")
    if kind is RemedyKind.OTHER and not form.get("no_ending"):
        raise BadInput(
            "Tick the box to say that this does not end the business with the factory: that hurts"
            " the people who complained, and is no remedy."
        )
    if contact is not None and not form.get("names_nobody"):
        raise BadInput(
            "Read once more what the factory reads, and tick the box to say that it names nobody."
        )
    return Draft(
        kind,
        owner,
        form.get("what", ""),
        due_on,
        proof=form.get("proof", ""),
        staff_id=number(form.get("staff")),
        contact_id=contact,
        organisation=form.get("organisation", ""),
        for_factory=form.get("for_factory", ""),
        issues=tuple(issues),
        sure=bool(form.get("agreed")),
    )


def as_typed(action: RemedyAction) -> dict[str, str]:
    """The fields of the form for an action that is there."""
    return {
        "kind": action.kind.value,
        "owner": action.owner.value,
        "what": words(db(), action, "what"),
        "proof": words(db(), action, "proof"),
        "due_on": action.due_on.isoformat(),
        "staff": str(action.staff_id or ""),
        "contact": str(action.contact_id or ""),
        "organisation": words(db(), action, "owner"),
        "for_factory": words(db(), action, "factory"),
    }


def finding(form: Form) -> Finding:
    """What somebody found who looked whether an action is done."""
    if form.get("done") not in ("yes", "no"):
        raise BadInput("Say whether it is done.")
    on = day(form.get("on"))
    if on is None:
        raise BadInput("Choose the day on which it was checked.")
    return Finding(
        done=form["done"] == "yes",
        how=chosen(VerifiedBy, form.get("how")),
        on=on,
        words=form.get("words", ""),
        look_again_on=day(form.get("again_on")),
        verifier=form.get("verifier", ""),
        organisation=form.get("organisation", ""),
    )

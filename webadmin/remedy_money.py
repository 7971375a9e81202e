"""Money of a remedy: groups of people, what they are owed, what they were paid."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from casework.errors import BadInput, NotAllowed
from casework.models import Case
from casework.remedy import ledger, money
from casework.remedy.ledger import Line
from casework.vocabulary import LedgerKind
from translations import babel_locale
from webadmin import remedy, remedy_forms
from webadmin.access import HANDLING, allowed
from webadmin.case_requests import stale, visible
from webadmin.context import actor, db, now
from webadmin.forms import chosen, number, typed
from webadmin.i18n import gettext as _
from webadmin.i18n import language, said

blueprint = Blueprint("remedy_money", __name__, url_prefix="/cases/<reference>/remedy")

Answer = str | Response | tuple[str, int]
Form = Mapping[str, str]


@blueprint.post("/groups")
@allowed(*HANDLING)
def group(reference: str) -> Answer:
    """Add a group of people to whom money is owed."""

    def take(case: Case, form: Form) -> str:
        persons = number(form.get("persons", "").strip()) or 0
        ledger.add_group(db(), case, form.get("label", ""), persons, by=actor(), now=now())
        return _("The group is added. Now note what these people are owed.")

    return _do(reference, take)


@blueprint.post("/money")
@allowed(*HANDLING)
def record(reference: str) -> Answer:
    """Note a payment, or what is owed from now on."""

    def take(case: Case, form: Form) -> str:
        row, kind = number(form.get("group")), chosen(LedgerKind, form.get("kind"))
        group = next((g for g in ledger.groups_of(db(), case.id) if g.id == row), None)
        currency, day = form.get("currency", ""), remedy_forms.day(form.get("day"))
        if group is None:
            raise BadInput("Choose a group of people.")
        if kind is None:
            raise BadInput("Say whether it is owed or was paid.")
        if currency not in money.currencies():
            raise BadInput("Choose a currency.")
        if day is None:
            raise BadInput("Choose the day.")
        amount = money.parse(form.get("amount", ""), currency, babel_locale(language()))
        line = Line(kind, currency, amount, day, form.get("note", ""))
        ledger.record(db(), case, group, line, by=actor(), now=now())
        shown = money.written(amount, currency, babel_locale(language()))
        if kind is LedgerKind.OWED:
            return _("Noted: %(amount)s are owed altogether.") % {"amount": shown}
        return _("Noted: %(amount)s were paid.") % {"amount": shown}

    return _do(reference, take)


@blueprint.post("/money/<int:row>/reverse")
@allowed(*HANDLING)
def reverse(reference: str, row: int) -> Answer:
    """Take an entry back."""

    def take(case: Case, form: Form) -> str:
        entry = next((e for e in ledger.entries_of(db(), case.id) if e.id == row), None)
        if entry is None:
            abort(404)
        ledger.reverse(db(), case, entry, form.get("note", ""), by=actor(), now=now())
        return _("Taken back. Both entries stay in the ledger.")

    return _do(reference, take)


def _do(reference: str, take: Callable[[Case, Form], str]) -> Answer:
    case, form = visible(reference, lock=True), typed()
    if problem := stale(case, form):
        return remedy.page(case, form, problem), 409
    try:
        done = take(case, form)
    except (BadInput, NotAllowed) as error:
        return remedy.page(case, form, said(error)), 422
    flash(done)
    return redirect(url_for("remedy.index", reference=case.reference, _anchor="money"))

"""Reviews of the mechanism: begun with the figures of a period, written, signed; and what of their
actions is done."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import places, seeing
from casework.disclosure import audiences
from casework.errors import BadInput, NotAllowed
from casework.figures.measures import Dimension
from casework.figures.periods import Period
from casework.figures.tables import Figure
from casework.lifecycle import LEADING
from casework.models import Brand, MechanismReview, ReviewAction, Staff
from casework.ratings import rating_log, review_dates, review_rows, review_source, reviewing
from casework.remedy import money
from casework.vocabulary import Role, Scope, Stakeholder
from webadmin import figure_words
from webadmin.access import allowed
from webadmin.context import actor, db, me, now, zone
from webadmin.forms import chosen, number, typed
from webadmin.i18n import gettext as _
from webadmin.rating import READERS

blueprint = Blueprint("reviewing", __name__, url_prefix="/rating/reviews")

Answer = str | Response | tuple[str, int]
_LEADING = tuple(sorted(LEADING))


@blueprint.get("")
@allowed(*READERS)
def index() -> Answer:
    """All reviews that concern the reader, which one is due, and what is still to be done."""
    leads, today = me().role in LEADING, _today()
    listed = [one for one in review_dates.all_reviews(db()) if _may_see(one)]
    return render_template(
        "reviews.html",
        reviews=listed,
        counts=review_dates.counts_of_actions(db(), listed, today),
        due=review_dates.due(db(), today) if leads else [],
        open_actions=review_dates.open_actions(db()) if leads else [],
        names=_names(listed),
        brands={one.id: one for one in places.brands(db())},
        leads=leads,
        today=today,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*_LEADING)
def new() -> Answer:
    """Begin one: for whom, and which period is looked at."""
    form = typed()
    if request.method == "GET":
        return _new_page({"period": _usual_period(), **_asked_for()}, {})
    brand = next((one for one in _brands() if one.code == form.get("brand")), None)
    corrects = number(form.get("corrects"))
    if (form.get("brand") and brand is None) or (form.get("corrects") and corrects is None):
        abort(404)
    scope = chosen(Scope, form.get("scope"))
    corrected = _found(corrects) if corrects else None
    try:
        period = Period.read(form.get("period", ""))
        review_source.check(period, now().date())
        taken = review_source.take(db(), brand, scope, period, by=actor(), now=now())
        review = reviewing.begin(
            db(),
            brand,
            scope,
            period,
            taken,
            by=actor(),
            now=now(),
            corrects=corrected,
        )
    except BadInput as error:
        return _new_page(form, {"period": error.remark}), 422
    flash(_("The figures are taken in, and stay as they are now."))
    return redirect(url_for("reviewing.show", row=review.id))


@blueprint.get("/<int:row>")
@allowed(*READERS)
def show(row: int) -> Answer:
    """A review; to write while it isn't signed."""
    return _page(_found(row), {}, {})


@blueprint.post("/<int:row>/write")
@allowed(*_LEADING)
def write(row: int) -> Answer:
    """Keep who took part and what was learned; and then sign, if that was pressed."""
    review, form = _found(row, lock=True), typed()
    who = [Stakeholder(one) for one in request.form.getlist("who") if one in list(Stakeholder)]
    try:
        reviewing.write(db(), review, form, who, by=actor(), now=now())
    except BadInput as error:
        return _page(review, form, {"learned": error.remark}), 422
    flash(_("Kept."))
    return redirect(url_for("reviewing.show", row=row, _anchor="actions"))


@blueprint.post("/<int:row>/actions")
@allowed(*_LEADING)
def add_action(row: int) -> Answer:
    """Decide something."""
    review, form = _found(row, lock=True), typed()
    made = reviewing.add_action(db(), review, form, by=actor(), now=now(), today=_today())
    if not isinstance(made, ReviewAction):
        return _page(review, form, made), 422
    return redirect(url_for("reviewing.show", row=row, _anchor="actions"))


@blueprint.post("/<int:row>/actions/remove")
@allowed(*_LEADING)
def remove_action(row: int) -> Answer:
    """Take an action out again."""
    review = _found(row, lock=True)
    which = number(typed().get("action")) or 0
    reviewing.remove_action(db(), review, which, by=actor(), now=now())
    return redirect(url_for("reviewing.show", row=row, _anchor="actions"))


@blueprint.post("/<int:row>/actions/done")
@allowed(*_LEADING)
def finish_action(row: int) -> Answer:
    """Note that an action is done."""
    review, form = _found(row, lock=True), typed()
    which = number(form.get("action")) or 0
    try:
        reviewing.finish_action(db(), review, which, form.get("words", ""), by=actor(), now=now())
    except BadInput as error:
        return _page(review, form, {f"words-{which}": error.remark}), 422
    flash(_("Noted as done."))
    return redirect(url_for("reviewing.show", row=row, _anchor="actions"))


@blueprint.post("/<int:row>/sign")
@allowed(*_LEADING)
def sign(row: int) -> Answer:
    """Sign it: nothing of it changes any more."""
    review, form = _found(row, lock=True), typed()
    if not form.get("sure"):
        wrong = {"sure": _("Tick the box: what is signed does not change any more.")}
        return _page(review, form, wrong), 422
    try:
        reviewing.sign(db(), review, by=actor(), now=now())
    except NotAllowed as error:
        return _page(review, form, {"sure": error.remark}), 422
    flash(_("Signed."))
    return redirect(url_for("reviewing.show", row=row))


@blueprint.post("/<int:row>/drop")
@allowed(*_LEADING)
def drop(row: int) -> Answer:
    """Give it up before it is signed."""
    reviewing.drop(db(), _found(row, lock=True), by=actor(), now=now())
    flash(_("Given up. It stays in the list."))
    return redirect(url_for("reviewing.index"))


def _page(review: MechanismReview, form: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    leads = me().role in LEADING
    brand = db().get(Brand, review.brand_id) if review.brand_id else None
    audience = audiences.brand(brand.code) if brand else audiences.PUBLIC
    reads = leads and _reads_figures(review)
    corrected_by = next(
        (one for one in review_dates.all_reviews(db()) if one.corrects_id == review.id), None
    )
    return render_template(
        "review.html",
        review=review,
        brand=brand,
        period=Period.read(review.period),
        leads=leads,
        is_open=review.signed_at is None and review.dropped_at is None,
        whole=review.signed_at is not None and review_rows.is_whole(db(), review),
        words=review_rows.opened(db(), review) if leads else {},
        actions=review_rows.actions(db(), review) if leads else [],
        counts=review_dates.counts_of_actions(db(), [review], _today())[review.id],
        figures=_figures(review) if reads else [],
        reads=reads,
        released=review_rows.is_released(review),
        mark=figure_words.hidden(audience.threshold),
        missing=reviewing.missing(db(), review) if leads else [],
        history=rating_log.of_review(db(), review.id) if leads else [],
        names=_names([review]),
        stakeholders=list(Stakeholder),
        corrected_by=corrected_by if leads or (corrected_by and corrected_by.signed_at) else None,
        today=_today(),
        typed=form,
        wrong=wrong,
    )


def _reads_figures(review: MechanismReview) -> bool:
    """Exact ones are for who took them in, and for who sees all cases."""
    mine = review.begun_by == me().id
    return mine or review_rows.is_released(review) or seeing.sees_all(db(), actor())


def _figures(review: MechanismReview) -> list[tuple[str, list[tuple[str, str]]]]:
    """The figures by measure and by what they are broken down, each with its lines."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in review_rows.figures(review):
        named = [figure_words.measure_name(one.measure)]
        named += [figure_words.dimension_name(dimension) for dimension, _value in one.by]
        what = ", ".join(figure_words.value_name(name, value) for name, value in one.by)
        found.setdefault(" · ".join(named), []).append((what, _value_text(one)))
    return list(found.items())


def _value_text(one: Figure) -> str:
    currency = dict(one.by).get(Dimension.CURRENCY)
    if one.value is None:
        return "–"
    if currency and currency in money.currencies():
        return figure_words.amount(int(one.value), currency)
    if one.p90 is not None:
        return _("%(median)s days; nine of ten within %(p90)s") % {
            "median": figure_words.count(one.value),
            "p90": figure_words.count(one.p90),
        }
    return figure_words.count(one.value)


def _new_page(form: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    this_year = _today().year
    quarter = (_today().month + 2) // 3
    years = [str(Period.year(this_year - n)) for n in range(3)]
    quarters = [str(Period.quarter(this_year, n)) for n in range(quarter - 1, 0, -1)]
    return render_template(
        "review_new.html",
        brands=[(one.code, one.name) for one in _brands()],
        scopes=[(one.value, one) for one in Scope],
        periods=[(one, figure_words.period_name(Period.read(one))) for one in (*years, *quarters)],
        typed=form,
        wrong=wrong,
    )


def _asked_for() -> dict[str, str]:
    return {
        name: request.args[name]
        for name in ("brand", "scope", "corrects", "period")
        if name in request.args
    }


def _usual_period() -> str:
    """The year, once half of it is over; before that the last one."""
    today = _today()
    return str(today.year if today.month > 6 else today.year - 1)


def _found(row: int, *, lock: bool = False) -> MechanismReview:
    review = review_rows.find(db(), row, lock=lock)
    if review is None or not _may_see(review):
        abort(404)
    return review


def _may_see(review: MechanismReview) -> bool:
    """Who leads sees all; a brand those that are signed and concern it."""
    if me().role is Role.BRAND:
        return review.signed_at is not None and review.brand_id in (None, me().brand_id)
    return True


def _names(reviews: list[MechanismReview]) -> dict[int, str]:
    ids = {one.begun_by for one in reviews} | {one.signed_by for one in reviews if one.signed_by}
    return {row: db().get_one(Staff, row).name for row in ids if row}


def _brands() -> list[Brand]:
    return [one for one in places.brands(db()) if one.active]


def _today() -> date:
    moment: datetime = now().astimezone(zone())
    return moment.date()


@blueprint.app_template_filter("period_text")
def _period_text(period: str) -> str:
    return figure_words.period_name(Period.read(period))

"""Tokens for the read API: who has which, made and shown once, revoked."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from casework import places, token_making, tokens
from casework.models import ApiToken, Brand, Staff
from casework.publication import releases
from casework.vocabulary import ApiScope, Role
from webadmin.access import allowed
from webadmin.context import actor, db, me, now, office
from webadmin.forms import typed
from webadmin.i18n import gettext as _

blueprint = Blueprint("api_tokens", __name__, url_prefix="/api-tokens")

Answer = str | Response | tuple[str, int]

MAKING = (Role.ADMIN, Role.BRAND)


@blueprint.get("")
@allowed(*MAKING)
def index() -> str:
    """Those that open something, then those that do no more."""
    listed = token_making.listed(db(), actor())
    makers = {one.made_by for one in listed} | {one.revoked_by for one in listed}
    people = db().exec(select(Staff).where(col(Staff.id).in_(makers)))
    return render_template(
        "api_tokens.html",
        live=[one for one in listed if not tokens.is_over(one, now())],
        over=[one for one in listed if tokens.is_over(one, now())],
        people={person.id: person for person in people},
        brands={brand.id: brand for brand in places.brands(db())},
        scope_of=ApiScope,
        last_day=last_day,
        document=url_for("api.openapi"),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(*MAKING)
def new() -> Answer:
    """Make one; the page then shows it, once."""
    form = typed()
    if request.method == "GET":
        until = (now() + tokens.USUAL_LIFE).date().isoformat()
        return _form_page({"until": until}, [ApiScope.FIGURES.value], {})
    scopes = request.form.getlist("scope")
    facts = token_making.check(db(), form, scopes, by=actor(), now=now())
    if isinstance(facts, dict):
        return _form_page(form, scopes, facts), 422
    token, text = token_making.make(db(), facts, by=actor(), now=now())
    address = office().settings.public_url + url_for("api.index")
    return render_template("api_token_made.html", token=token, text=text, address=address)


@blueprint.route("/<int:row>/revoke", methods=["GET", "POST"])
@allowed(*MAKING)
def revoke(row: int) -> Answer:
    """Ask first: what works with it stops at once, and it can't be taken back."""
    token = token_making.found(db(), row, actor())
    if token is None or tokens.is_over(token, now()):
        abort(404)
    if request.method == "GET":
        brand = db().get(Brand, token.brand_id) if token.brand_id else None
        return render_template("api_token_revoke.html", token=token, brand=brand)
    token_making.revoke(db(), token, by=actor(), now=now())
    flash(_("The token is revoked. It opens nothing any more."))
    return redirect(url_for("api_tokens.index"))


def last_day(token: ApiToken) -> object:
    """The last day on which it opens something."""
    return (token.expires_at - timedelta(days=1)).date()


def _form_page(form: dict[str, str], chosen: list[str], wrong: token_making.Problems) -> str:
    own = db().get(Brand, me().brand_id or 0) if me().role is Role.BRAND else None
    return render_template(
        "api_token_form.html",
        typed=form,
        chosen=chosen,
        wrong=wrong,
        own=own,
        brands=[brand for brand in places.brands(db()) if brand.active],
        public=releases.PUBLIC,
        scopes=list(ApiScope),
        first=now().date().isoformat(),
        latest=(now() + tokens.LONGEST_LIFE).date().isoformat(),
    )

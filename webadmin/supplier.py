"""What a contact of a factory opens with their link: what is asked of them, and their answers.

Nobody signs in here. The secret in the address is all that opens the page, so it is told to nobody
else (no referrer, no index), and it opens nothing but what was written for this contact.
"""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from casework.db import Session
from casework.errors import BadInput
from casework.media.files import Refused
from casework.models import Factory, SupplierContact, SupplierLink
from casework.remedy import answering, suppliers
from casework.vocabulary import RemedyStep
from webadmin import throttle
from webadmin.context import db, now
from webadmin.edge import address, keep
from webadmin.forms import chosen, typed
from webadmin.i18n import said, speak, speak_as_asked

blueprint = Blueprint("supplier", __name__, url_prefix="/supplier")

Answer = str | BaseResponse | tuple[str, int]

_STEPS = (RemedyStep.ANSWERED, RemedyStep.CLAIMED, RemedyStep.REFUSED)


@blueprint.before_request
def _speak() -> None:
    """Never the language of a colleague who opens it in the browser they are signed in with."""
    speak_as_asked()


@blueprint.after_request
def _hide(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/<token>")
def show(token: str) -> Answer:
    """What is asked of this contact."""
    contact = _contact(token)
    return _page(token, contact) if contact else _gone()


@blueprint.post("/<token>/<code>")
def answer(token: str, code: str) -> Answer:
    """An answer to one thing that is asked: words, proof, that it is done or refused."""
    contact = _contact(token)
    if contact is None:
        return _gone()
    form, step = typed(), chosen(RemedyStep, request.form.get("step"))
    files = [file.read() for file in request.files.getlist("files") if file.filename]
    try:
        refused = answering.answer(
            db(),
            contact.id,
            code,
            step if step in _STEPS else RemedyStep.ANSWERED,
            form.get("words", ""),
            files,
            now=now(),
        )
    except BadInput as error:
        return _page(token, contact, code, form, said(error)), 422
    if refused is None:
        abort(404)
    if refused and len(refused) == len(files) and not form.get("words", "").strip():
        return _page(token, contact, code, form, refused=refused), 422
    if refused:
        return _page(token, contact, code, refused=refused)
    return redirect(url_for("supplier.show", token=token, sent=code, _anchor=code))


def _contact(token: str) -> SupplierContact | None:
    """Whose link it is, if it opens; the page speaks their language from here on."""
    link = suppliers.opened(db(), token, now())
    if link is None:
        return None
    contact = db().get_one(SupplierContact, link.contact_id)
    if contact.language:
        speak(contact.language)
    _note_opened(link)
    return contact


def _note_opened(link: SupplierLink) -> None:
    if link.opened_at is not None and link.opened_at.date() == now().date():
        return
    row, at = link.id, now()

    def write(session: Session) -> None:
        session.get_one(SupplierLink, row).opened_at = at

    keep(write)


def _page(
    token: str,
    contact: SupplierContact,
    code: str = "",
    form: dict[str, str] | None = None,
    problem: str = "",
    refused: list[Refused] | None = None,
) -> str:
    return render_template(
        "supplier.html",
        token=token,
        name=suppliers.name(db(), contact),
        factory=db().get_one(Factory, contact.factory_id),
        asked=answering.asked_of(db(), contact.id, now()),
        at=code,
        typed=form or {},
        problem=problem,
        refused=refused or [],
        sent=request.args.get("sent", ""),
        most_files=answering.MOST_FILES,
    )


def _gone() -> tuple[str, int]:
    """The same for a link that is over, was taken back, or never was."""
    source, at = address(), now()
    if throttle.too_many(db(), "supplier", source, at):
        abort(429)
    keep(lambda session: throttle.strike(session, "supplier", source, at))
    return render_template("supplier_gone.html"), 404

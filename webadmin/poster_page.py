"""The page that shows a factory's poster, to be printed from the browser."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import facts
from casework.deadlines import policing
from casework.errors import BadInput
from casework.models import Factory
from translations import own_name
from webadmin.access import HANDLING, allowed
from webadmin.context import db, office
from webadmin.factories import visible_factory
from webadmin.i18n import said
from webadmin.posters import sheet, words

blueprint = Blueprint("posters", __name__)


@blueprint.get("/factories/<code>/poster")
@allowed(*HANDLING)
def show(code: str) -> str | Response:
    """The sheet as it will be printed; ``?lang=my&lang=th&paper=a3`` choose what is on it."""
    factory = visible_factory(code)
    try:
        poster = sheet.make(
            factory,
            office().settings,
            facts.bot_name(db()),
            policing.current(db()),
            tags=_tags(factory),
            paper=_paper(),
        )
    except BadInput as error:
        flash(said(error))
        return redirect(url_for("factories.show", code=factory.code))
    return render_template(
        "poster.html",
        poster=poster,
        words=words,
        own_name=own_name,
        offered=[(tag, own_name(tag)) for tag in words.offered()],
        most=sheet.MOST,
        papers=sheet.PAPERS,
    )


def _tags(factory: Factory) -> list[str]:
    """What was chosen, without what can't be printed; else the language of the country."""
    offered = words.offered()
    chosen = [tag for tag in request.args.getlist("lang") if tag in offered]
    return list(dict.fromkeys(chosen))[: sheet.MOST] or [words.usual(factory.country)]


def _paper() -> str:
    paper = request.args.get("paper", "")
    return paper if paper in sheet.PAPERS else sheet.PAPERS[0]

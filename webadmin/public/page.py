"""The public page and its downloads: open to everybody, the same for everybody.

Nobody is asked who they are: no session, no cookie, no script, nothing from elsewhere. It reads the
policy in force and the public releases, and of which factories the number of workers is not known;
never a case.
"""

from flask import Blueprint, Response, abort, current_app, request, url_for
from markupsafe import Markup

from casework import facts, procedure
from casework.db import Session
from casework.deadlines import policing
from casework.disclosure.audiences import PUBLIC
from casework.figures.tables import PUBLIC_TABLES
from casework.figures.uncounted import Uncounted
from casework.models import Release
from casework.publication import releases
from translations import SOURCE_LANGUAGE, languages, match, own_name
from webadmin.context import db, office
from webadmin.public import downloads, words
from webadmin.public import procedure as rules
from webadmin.public.figures import SHOWN, Figures, quarter, why_hidden
from webadmin.public.nobody import PREFIX
from webadmin.public.speaking import Voice

blueprint = Blueprint("public", __name__, url_prefix=PREFIX)

_CHAT = "chat"
"""The room of the workers' web chat, which may be mounted beside ours (``bot.webchat``)."""
_LASTS = "public, max-age=300"
"""A browser, or a cache between, asks again after five minutes; where nothing changed it is told so."""


@blueprint.after_request
def _keep(response: Response) -> Response:
    if response.status_code == 200:
        response.headers["Cache-Control"] = _LASTS
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.get("")
def show() -> Response:
    """Rules of procedure, deadlines and figures in the language asked for."""
    asked = match(request.args.get("lang", ""), "bot")
    voice = Voice(asked or _language())
    # Not through Flask: what it adds to a page (who is signed in) would look into the cookies.
    html = current_app.jinja_env.get_template("public.html").render(
        **_page(db(), voice), **_around(voice)
    )
    response = Response(html, mimetype="text/html")
    response.headers["Content-Language"] = voice.tag
    if not asked:
        response.vary.add("Accept-Language")
    return response


@blueprint.get("/figures.csv")
def as_csv() -> Response:
    """Every public figure ever released, for a spreadsheet."""
    response = Response(downloads.as_csv(_everything(), PUBLIC_TABLES), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=public-figures.csv"
    return response


@blueprint.get("/figures.json")
def as_json() -> Response:
    """Every public figure ever released, for programs."""
    return Response(downloads.as_json(_everything()), mimetype="application/json")


def _language() -> str:
    found = (match(hint, "bot") for hint, _ in request.accept_languages)
    return next((tag for tag in found if tag), SOURCE_LANGUAGE)


def _everything() -> list[Release]:
    return [
        release
        for period in releases.periods(db(), releases.PUBLIC)
        for release in releases.versions(db(), releases.PUBLIC, period)
    ]


def _page(session: Session, voice: Voice) -> dict[str, object]:
    policy = policing.current(session)
    held = procedure.in_force(session)
    figures, earlier, later = _figures(session, voice)
    return {
        "says": voice.says,
        "words": words,
        "sections": rules.sections(voice, _house(session), policy),
        "severities": [voice.says(name) for name in words.SEVERITIES.values()],
        "steps": rules.steps(voice, policy),
        "notes": list(rules.notes(voice, policy)),
        "version": voice.says(words.VERSION, version=held.version, date=voice.day(held.since)),
        "figures": figures,
        "why_hidden": why_hidden(voice, figures.threshold if figures else PUBLIC.threshold),
        "versions": _versions(voice, figures),
        "earlier": earlier,
        "later": later,
    }


def _around(voice: Voice) -> dict[str, object]:
    settings = office().settings
    offered = [(tag, own_name(tag), url_for("public.show", lang=tag)) for tag in languages("bot")]
    return {
        "tag": voice.tag,
        "direction": "rtl" if voice.rtl else "ltr",
        "own_name": own_name(voice.tag),
        "offered": offered,
        "operator": settings.operator,
        "practice": settings.practice,
        "public_url": settings.public_url,
        "chat": _CHAT in office().open_blueprints,
        "static": lambda name: url_for("static", filename=name),
        "csv": url_for("public.as_csv"),
        "json": url_for("public.as_json"),
    }


def _house(session: Session) -> rules.House:
    settings, bot = office().settings, facts.bot_name(session)
    doors = [(f"https://t.me/{bot}", f"@{bot}")] if bot else []
    if _CHAT in office().open_blueprints:
        address = f"{settings.public_url}/chat"
        doors.append((address, address.partition("://")[2]))
    return rules.House(settings.operator, tuple(doors), bool(bot), settings.keep_years)


def _figures(session: Session, voice: Voice) -> tuple[Figures | None, str, str]:
    """The quarters to show, and the addresses of the page that goes further back or comes later."""
    there = [period for period in releases.periods(session, releases.PUBLIC) if period.is_quarter]
    there.reverse()
    if not there:
        return None, "", ""
    last = len(there)
    if to := request.args.get("to"):
        last = next((place for place, one in enumerate(there, 1) if str(one) == to), 0)
        if not last:
            abort(404)
    shown = there[max(last - SHOWN, 0) : last]
    found, uncounted = [], Uncounted.read(session)
    for period in shown:
        release = releases.newest(session, releases.PUBLIC, period)
        if release is not None:
            found.append(quarter(release, uncounted))

    def address(place: int) -> str:
        return url_for("public.show", lang=voice.tag, to=str(there[place]), _anchor="figures")

    earlier = address(last - SHOWN - 1) if last > SHOWN else ""
    later = address(min(last + SHOWN, len(there)) - 1) if last < len(there) else ""
    return Figures(voice, tuple(found)), earlier, later


def _versions(voice: Voice, figures: Figures | None) -> list[tuple[str, Markup]]:
    return [
        (
            voice.period(one.period),
            voice.says(words.VERSION, version=one.version, date=voice.day(one.made_on)),
        )
        for one in (figures.quarters if figures else ())
    ]

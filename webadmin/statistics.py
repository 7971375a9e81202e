"""The page of figures: live and exact for who leads the office, releases for the staff of a brand."""

from dataclasses import replace

from flask import Blueprint, Response, abort, render_template, request

from casework import places
from casework.lifecycle import LEADING
from casework.models import Release
from casework.publication import freezing, releases
from casework.vocabulary import Role, Scope
from webadmin import figure_files, figure_sections, figure_words, statistics_asked, statistics_shown
from webadmin.access import allowed
from webadmin.context import db, me, now
from webadmin.dates import moment
from webadmin.figure_charts import View
from webadmin.i18n import gettext as _
from webadmin.labels import label
from webadmin.statistics_asked import DAYS, Asked

blueprint = Blueprint("statistics", __name__, url_prefix="/statistics")

READERS = (*LEADING, Role.BRAND)


@blueprint.get("")
@allowed(*READERS)
def index() -> str:
    """Charts and tables, and the form that chooses them."""
    asked = _asked()
    view = statistics_shown.view(asked)
    shown = None if asked.live else statistics_shown.release(asked)
    if view is None and asked.version is not None:
        abort(404)
    return render_template(
        "statistics.html",
        asked=asked,
        view=view,
        sections=figure_sections.sections(view) if view else (),
        release=shown,
        versions=_versions(asked) if shown else [],
        brands=places.brands(db()) if asked.live else [],
        scopes=[(one.value, label(one)) for one in Scope],
        period_name=figure_words.period_name,
        days=DAYS,
        chosen_period=_chosen(asked),
        running=asked.live and asked.period is not None and asked.period.ends > now(),
        links=dict(asked.texts),
        next_release=freezing.next_at(now()),
        low_counts=figure_words.low_counts(),
    )


@blueprint.get("/figures.<kind>")
@allowed(*READERS)
def rows(kind: str) -> Response:
    """What is on the page, as a file: ``csv``, ``json`` or ``xlsx``."""
    if kind not in figure_files.TYPES:
        abort(404)
    asked, view = _view()
    content: str | bytes
    match kind:
        case "csv":
            content = figure_files.as_csv(view)
        case "json":
            content = figure_files.as_json(view, _about(asked))
        case _:
            content = figure_files.as_xlsx(view, _notes(asked))
    return as_file(content, figure_files.TYPES[kind], f"{_name(asked)}.{kind}")


@blueprint.get("/charts/<name>.svg")
@allowed(*READERS)
def chart(name: str) -> Response:
    """One chart of the page, as a picture that stands by itself."""
    asked, view = _view()
    drawing = figure_sections.drawing(view, name)
    if drawing is None or not drawing.chart.is_drawn:
        abort(404)
    whose = asked.brand.name if asked.brand else _("All brands")
    title = " · ".join([drawing.chart.title, whose, view.periods[0]])
    named = replace(drawing, chart=replace(drawing.chart, title=title))
    text = render_template("chart.svg", drawing=named)
    return as_file(text, "image/svg+xml", f"{_name(asked)}-{name}.svg")


def _asked() -> Asked:
    return statistics_asked.read(request.args, me(), now().date())


def _view() -> tuple[Asked, View]:
    asked = _asked()
    view = statistics_shown.view(asked)
    if view is None or asked.problem:
        abort(404)
    return asked, view


def _versions(asked: Asked) -> list[Release]:
    assert asked.period is not None
    return releases.versions(db(), asked.audience, asked.period)


def _chosen(asked: Asked) -> str:
    """The entry of the list of periods that is marked."""
    if asked.problem or asked.period not in asked.periods:
        return DAYS
    return str(asked.period)


def _about(asked: Asked) -> dict[str, object]:
    found: dict[str, object] = {
        "brand": asked.brand.code if asked.brand else None,
        "scope": asked.scope.value if asked.scope else None,
        "period": str(asked.period),
    }
    if shown := None if asked.live else statistics_shown.release(asked):
        found |= {
            "version": shown.version,
            "made_at": shown.made_at.isoformat(),
            "threshold": shown.threshold,
            "digest": shown.digest,
            "pending_since": (
                shown.pending_since.date().isoformat() if shown.pending_since else None
            ),
        }
    return found


def _notes(asked: Asked) -> list[tuple[str, str]]:
    assert asked.period is not None
    found = [
        (_("Brand"), asked.brand.name if asked.brand else _("All brands")),
        (_("Scope"), label(asked.scope) if asked.scope else _("Both")),
        (_("Period"), figure_words.period_name(asked.period)),
    ]
    if shown := None if asked.live else statistics_shown.release(asked):
        found.append((_("Version"), f"{shown.version}, {moment(shown.made_at)}"))
    else:
        found.append((_("Counted"), moment(now())))
    found.append(("0", _("What is not listed is 0.")))
    found.append((_("How to read this"), figure_words.low_counts()))
    return found


def _name(asked: Asked) -> str:
    """The name of a file: whose figures, and of when."""
    parts = ["recourse", asked.brand.code.lower() if asked.brand else "", str(asked.period)]
    parts.append(asked.scope.value if asked.scope else "")
    return "-".join(part for part in parts if part)


def as_file(content: str | bytes, kind: str, name: str) -> Response:
    """An answer that a browser saves under this name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=kind, headers=headers)

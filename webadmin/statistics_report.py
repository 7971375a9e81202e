"""Texts for reports, to copy or to download. They are made of releases for whoever asks, with the
public's threshold: a report is read by everybody, whoever downloads it."""

from flask import Blueprint, Response, abort, render_template, request

from casework import places
from casework.figures.uncounted import Uncounted
from casework.models import Release
from casework.publication import freezing, publishing
from casework.vocabulary import Role
from webadmin import figure_words, statistics_asked, statistics_shown
from webadmin.access import allowed
from webadmin.context import db, me, now, office
from webadmin.dates import day
from webadmin.i18n import gettext as _
from webadmin.report_markdown import markdown
from webadmin.report_numbers import MARK, Facts
from webadmin.report_parts import Gap, Text, Who
from webadmin.report_texts import texts
from webadmin.statistics import READERS, as_file
from webadmin.statistics_asked import Asked

blueprint = Blueprint("statistics_report", __name__, url_prefix="/statistics/report")


@blueprint.get("")
@allowed(*READERS)
def show() -> str:
    """The texts of a released year."""
    staff = me()
    asked = statistics_asked.released(request.args, staff)
    shown = statistics_shown.release(asked) if asked else None
    return render_template(
        "statistics_report.html",
        asked=asked,
        release=shown,
        brands=[] if staff.role is Role.BRAND else places.brands(db()),
        texts=_texts(asked, shown) if asked and shown else (),
        notes=_notes(shown) if shown else [],
        is_gap=lambda piece: isinstance(piece, Gap),
        period_name=figure_words.period_name,
        links=_links(asked),
        next_year=freezing.next_year_at(now()),
    )


@blueprint.get("/texts.md")
@allowed(*READERS)
def download() -> Response:
    """All texts as one Markdown file."""
    asked = statistics_asked.released(request.args, me())
    shown = statistics_shown.release(asked) if asked else None
    if asked is None or shown is None or asked.brand is None or asked.period is None:
        abort(404)
    title = f"{asked.brand.name}, {figure_words.period_name(asked.period)}"
    heads = (_("What is counted"), _("Number"), _("Definition"))
    text = markdown(title, _notes(shown), _texts(asked, shown), heads)
    name = f"recourse-{asked.brand.code.lower()}-{asked.period}.md"
    return as_file(text, "text/markdown; charset=utf-8", name)


def _links(asked: Asked | None) -> dict[str, str]:
    """The fields of an address that leads to the same."""
    if asked is None or asked.brand is None:
        return {}
    chosen = {} if me().role is Role.BRAND else {"brand": asked.brand.code}
    return {**asked.texts, **chosen}


def _texts(asked: Asked, shown: Release) -> tuple[Text, ...]:
    assert asked.brand is not None
    facts = Facts(statistics_shown.numbers_of(shown, Uncounted.read(db(), asked.brand.id)))
    return texts(facts, Who(asked.brand.name, office().settings.operator))


def _notes(shown: Release) -> list[str]:
    """What must stand with the numbers wherever they go."""
    found = [
        _("Figures released on %(day)s, version %(number)s.")
        % {"day": day(shown.made_at), "number": figure_words.count(shown.version)},
        _(
            "%(mark)s: not shown, because it is below %(number)s or would give such a number away."
            " Currencies are never mixed."
        )
        % {"mark": MARK, "number": figure_words.count(publishing.LEAST)},
    ]
    if shown.pending_since:
        found.append(
            _("Corrections are known since %(day)s and come out later.")
            % {"day": day(shown.pending_since)}
        )
    return found

"""``rating``: how a brand is rated in one scope and year, for scripts, to read or to print."""

import argparse
import json
import sys
from pathlib import Path

from casework import factories, procedure
from casework.config import Settings
from casework.errors import BadInput
from casework.ratings import methodology, rated, transparency
from casework.ratings.rated import Rated
from casework.ratings.rating_data import as_data, text_of
from casework.ratings.transparency import WageYear
from casework.vocabulary import Scope
from recourse.parsing import Commands
from recourse.setup import open_store
from recourse.wallclock import wall_clock

_FORMATS = ("text", "json", "html")


def add_to(commands: Commands) -> None:
    """Declare the command of this room."""
    parser = commands.add_parser(
        "rating",
        help="rate a brand by a methodology",
        description="Rate a brand in one scope and year: each question with its score, each sentence"
        " proved or attested, and what it rests on. It names cases: it is for the operator. A year"
        " that is over is rated as it was at its end.",
    )
    parser.add_argument("--brand", required=True, metavar="CODE", help="`recourse brand list`")
    parser.add_argument("--scope", required=True, choices=[one.value for one in Scope])
    parser.add_argument("--year", required=True, type=int)
    parser.add_argument(
        "--methodology",
        default="asn-living-wage",
        metavar="ID",
        help=f"one of {', '.join(methodology.names())} (default: asn-living-wage)",
    )
    parser.add_argument(
        "--format", choices=_FORMATS, default="text", help="text (default), json or html, to print"
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="write it there")
    parser.set_defaults(run=_rating)


def _rating(settings: Settings, options: argparse.Namespace) -> int:
    by = methodology.load(options.methodology)
    scope = Scope(options.scope)
    if not 2000 <= options.year <= 2999:
        raise BadInput("Write a year, like 2026.")
    with open_store(settings).reading() as session:
        brand = factories.brand_by_code(session, options.brand)
        if brand is None:
            raise BadInput(
                f"There is no brand with the code {options.brand}: `recourse brand list` shows them"
                " all."
            )
        found = rated.rate(
            session,
            brand,
            scope,
            options.year,
            by,
            now=wall_clock(),
            procedure=procedure.address_of(settings),
        )
        wages = transparency.wages(
            session, brand.id, scope, options.year, found.mechanism.now, seen_by=None
        )
    made = _made(found, wages, options.format)
    if options.out is None:
        sys.stdout.write(made)
        return 0
    try:
        options.out.write_text(made, "utf-8")
    except OSError as error:
        raise BadInput(f"{options.out} can't be written ({error.strerror}).") from None
    print(f"Written: {options.out}")
    return 0


def _made(found: Rated, wages: tuple[WageYear, ...], shape: str) -> str:
    if shape == "json":
        return json.dumps(as_data(found, wages), ensure_ascii=False, indent=2) + "\n"
    if shape == "html":
        # Only this needs templates.
        from webadmin import rating_report  # noqa: PLC0415

        return rating_report.page(found, wages)
    return "\n".join(_lines(found, wages)) + "\n"


def _lines(found: Rated, wages: tuple[WageYear, ...]) -> list[str]:
    weighted = found.result.weighted
    whole = "not rated" if weighted is None else f"{float(weighted):.2f}"
    lines = [
        f"{found.brand.name} ({found.brand.code}), {found.scope.value}, {found.year}",
        f"{found.methodology.name}: {whole}"
        + (
            f" of {found.methodology.highest}"
            if weighted is not None
            else ", because questions that people answer have no answer yet"
        ),
    ]
    for scored in found.result.questions:
        question = found.methodology.question(scored.number)
        score = "-" if scored.score is None else str(scored.score)
        lines += ["", f"{scored.number}. {question.title}  {score}"]
        for one in scored.sentences:
            basis = f", {one.basis.value}" if one.basis else ""
            text = text_of(question, one.id, scored.score)
            lines.append(f"   {one.id:4} {one.state.value}{basis}: {text}")
        lines += [f"   ! {flag.text}" for flag in question.flags if flag.id in scored.flags]
    if wages:
        lines += ["", "Complaints about wages (below a living wage / all), with a plan:"]
        lines += [
            f"   {one.year}: {one.strict.count} / {one.broad.count},"
            f" {one.strict.with_plan} / {one.broad.with_plan}"
            for one in wages
        ]
    return lines

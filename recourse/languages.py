"""``languages``: which there are, how complete each is, and whether a native speaker has read it."""

import argparse
from typing import Any

from casework.config import Settings
from recourse.parsing import Commands, add_format, show
from translations import DOMAINS, SOURCE_LANGUAGE, own_name
from translations.standing import Standing, standings


def add_to(commands: Commands) -> None:
    """Declare the command of this room."""
    languages = commands.add_parser(
        "languages",
        help="list the languages and how complete they are",
        description="List the languages: how much is translated, what is broken, who drafted it,"
        " whether a native speaker has read it, and how far the pages for staff are."
        " docs/translating.md tells how to mend a sentence.",
    )
    languages.add_argument(
        "--domain",
        choices=DOMAINS,
        default="bot",
        help="what workers read (bot, the default) or what staff read (webadmin)",
    )
    add_format(languages)
    languages.set_defaults(run=_languages)


def _languages(_: Settings, options: argparse.Namespace) -> int:
    found = standings(options.domain)
    # What staff read stands beside what workers read: fewer languages have it.
    beside = standings("webadmin") if options.domain == "bot" else []
    staff = {one.tag: one for one in beside}
    rows = []
    for one in found:
        if options.format == "json":
            row = {"tag": one.tag, "name": own_name(one.tag), **_for_scripts(one)}
            if beside:
                row["staff"] = _for_scripts(staff[one.tag]) if one.tag in staff else None
        else:
            row = _for_people(one)
            if beside:
                row["staff pages"] = _coverage(staff[one.tag]) if one.tag in staff else "–"
        rows.append(row)
    show(rows, options.format)
    return 0


def _for_scripts(one: Standing) -> dict[str, Any]:
    return {
        "translated": one.translated,
        "total": one.total,
        "percent": one.percent,
        "broken_holes": one.broken_holes,
        "wrong_plurals": one.wrong_plurals,
        "other_problems": one.other_problems,
        "drafted_by": one.drafted_by or None,
        "native_review": one.native_review or None,
    }


def _coverage(one: Standing) -> str:
    wrong = one.broken_holes + one.wrong_plurals + one.other_problems
    return f"{one.percent} % ({one.translated}/{one.total})" + (f", {wrong} wrong" if wrong else "")


def _for_people(one: Standing) -> dict[str, Any]:
    source = one.tag == SOURCE_LANGUAGE
    return {
        "tag": one.tag,
        "name": own_name(one.tag),
        "translated": f"{one.percent} % ({one.translated}/{one.total})",
        "holes": one.broken_holes,
        "plurals": one.wrong_plurals,
        "other": one.other_problems,
        "drafted by": "the source" if source else one.drafted_by,
        "native review": "" if source else one.native_review,
    }

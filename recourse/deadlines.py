"""``due``: when a promise would fall due, with each step of the calculation."""

import argparse
import json
from dataclasses import replace
from datetime import datetime

from casework import clocks, policies
from casework.calendars import calendar_of, usual_hours
from casework.config import Settings
from casework.errors import BadInput
from casework.policies import Line
from casework.vocabulary import Promise, Severity
from recourse.parsing import Commands


def add_to(commands: Commands) -> None:
    """Declare the command of this room."""
    due = commands.add_parser(
        "due",
        help="work out when a promise would fall due",
        description="Work out when a promise would fall due, step by step.",
    )
    due.add_argument("--severity", required=True, choices=[s.value for s in Severity])
    due.add_argument("--promise", required=True, choices=[p.value for p in Promise])
    due.add_argument(
        "--from",
        dest="started",
        required=True,
        metavar="TIME",
        help="when its clock starts, with offset: 2026-11-20T18:40+07:00",
    )
    due.add_argument(
        "--span",
        default="",
        help='try out another span than the policy has: "3 days", "16 working hours"',
    )
    due.add_argument("--country", default="", help="public holidays of this country: KH")
    due.add_argument("--zone", required=True, help="where the office is: Asia/Phnom_Penh")
    due.add_argument(
        "--hours",
        default="",
        help='the office\'s hours: "Mon-Fri 08:00-12:00,13:00-17:00" (default: eight hours on the'
        " country's working days)",
    )
    due.add_argument("--format", choices=("text", "json"), default="text", help="text or json")
    due.set_defaults(run=_due)


def _due(_: Settings, options: argparse.Namespace) -> int:
    try:
        started = datetime.fromisoformat(options.started)
    except ValueError:
        raise BadInput(f"{options.started!r} is no time: write 2026-11-20T18:40+07:00.") from None
    if started.tzinfo is None:
        raise BadInput("--from needs an offset, so that it means one moment: …T18:40+07:00.")
    hours = options.hours or usual_hours(options.country)
    calendar = calendar_of(options.zone, hours, options.country)
    promise, severity = Promise(options.promise), Severity(options.severity)
    line = policies.DEFAULT.line(promise, severity, None)
    if options.span:
        exact = severity is Severity.CRITICAL
        span = clocks.parse_span(options.span)
        line = replace(line, span=span) if line else Line(span, exact)
    if line is None:
        raise BadInput(f"The policy promises no {promise.value} for {severity.value} cases.")
    found = policies.due(promise, started, calendar, line)
    at = found.at.astimezone(calendar.zone).isoformat()
    if options.format == "json":
        print(json.dumps({"due": at, "steps": list(found.steps)}, ensure_ascii=False, indent=2))
    else:
        for step in found.steps:
            print(step)
        print(f"Due: {at}")
    return 0

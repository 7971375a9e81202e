"""``due``: when a promise would fall due, with each step of the calculation."""

import argparse
import json
from dataclasses import replace
from datetime import datetime

from casework import places
from casework.config import Settings
from casework.deadlines import clocks, policies, policing, trying
from casework.deadlines.calendars import WorkingCalendar, calendar_of, usual_hours
from casework.deadlines.clocks import Span
from casework.deadlines.policies import Line, Policy
from casework.deadlines.worktime import Stretch
from casework.errors import BadInput
from casework.vocabulary import Category, Promise, Severity
from recourse.parsing import Commands
from recourse.setup import open_store


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
        "--category",
        choices=[c.value for c in Category],
        help="what the complaint is about: the policy may say something else for it",
    )
    due.add_argument(
        "--span",
        default="",
        help='try out another span than the policy has: "3 days", "16 working hours"',
    )
    due.add_argument(
        "--pause",
        metavar="FROM..UNTIL",
        action="append",
        default=[],
        help="the case was paused then; may be given several times",
    )
    due.add_argument(
        "--current",
        action="store_true",
        help="by the policy of this installation instead of the default one, and, without --zone, by"
        " its default calendar",
    )
    due.add_argument("--zone", default="", help="where the office is: Asia/Phnom_Penh")
    due.add_argument("--country", default="", help="public holidays of this country: KH")
    due.add_argument(
        "--hours",
        default="",
        help='the office\'s hours: "Mon-Fri 08:00-12:00,13:00-17:00" (default: eight hours on the'
        " country's working days)",
    )
    due.add_argument("--format", choices=("text", "json"), default="text", help="text or json")
    due.set_defaults(run=_due)


def _due(settings: Settings, options: argparse.Namespace) -> int:
    promise, severity = Promise(options.promise), Severity(options.severity)
    category = Category(options.category) if options.category else None
    started = _moment("--from", options.started)
    pauses = [_pause(text) for text in options.pause]
    policy, calendar = _rules(settings, options)
    if options.span:
        policy = _with_span(policy, promise, severity, category, clocks.parse_span(options.span))
    if policy.line(promise, severity, category) is None:
        about = f" about {category.value}" if category else ""
        raise BadInput(f"The policy promises no {promise.value} for {severity.value} cases{about}.")
    found = trying.try_out(policy, promise, severity, category, started, calendar, pauses).due
    at = found.at.astimezone(calendar.zone).isoformat()
    if options.format == "json":
        print(json.dumps({"due": at, "steps": list(found.steps)}, ensure_ascii=False, indent=2))
    else:
        for step in found.steps:
            print(step)
        print(f"Due: {at}")
    return 0


def _moment(option: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no time: write 2026-11-20T18:40+07:00.") from None
    if found.tzinfo is None:
        raise BadInput(f"{option} needs an offset, so that it means one moment: …T18:40+07:00.")
    return found


def _pause(text: str) -> Stretch:
    begin, dots, end = text.partition("..")
    if not dots:
        raise BadInput(
            f"{text!r} is no pause: write 2026-11-23T09:00+07:00..2026-11-25T09:00+07:00."
        )
    return _moment("--pause", begin), _moment("--pause", end)


def _rules(settings: Settings, options: argparse.Namespace) -> tuple[Policy, WorkingCalendar]:
    """The policy and the calendar to count by."""
    if not options.zone and (options.hours or options.country or not options.current):
        raise BadInput(
            "Say where the office is: --zone Asia/Phnom_Penh. Or count by the default calendar of this"
            " installation: --current, without --hours and --country."
        )
    policy, calendar = policies.DEFAULT, None
    if options.current:
        with open_store(settings).reading() as session:
            policy = policing.current(session)
            calendar = None if options.zone else places.calendar_for(session, None)
    if calendar is None:
        hours = options.hours or usual_hours(options.country)
        calendar = calendar_of(options.zone, hours, options.country)
    return policy, calendar


def _with_span(
    policy: Policy, promise: Promise, severity: Severity, category: Category | None, span: Span
) -> Policy:
    line = policy.line(promise, severity, category)
    other = replace(line, span=span) if line else Line(span, exact=severity is Severity.CRITICAL)
    exceptions = {
        key: one for key, one in policy.exceptions.items() if key[1:] != (promise, severity)
    }
    lines = {**policy.lines, (promise, severity): other}
    return replace(policy, lines=lines, exceptions=exceptions)

"""What the handling of the sample cases leaves: findings, parties, interviews, tasks."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from casework import cases, findings, interviews, parties, places, tasks
from casework.actors import Actor, staff_actor
from casework.categories import CATEGORIES
from casework.db import Session
from casework.findings import Found
from casework.interviews import Talk
from casework.models import Case, Staff
from casework.outcomes import needs_finding
from casework.parties import About
from casework.vocabulary import Finding, Gravity, Meeting, PartyKind, Status, Whom
from recourse.sample.plans import Step
from recourse.sample.words import staff_notes, words

_AT_WORK = (Status.ASSESSING, Status.INVESTIGATING, Status.REMEDYING)


def found_out(session: Session, case: Case, step: Step, by: Actor) -> None:
    """What is found of each issue, before the outcome is told."""
    finding = step.finding or Finding.FOUNDED
    reason = words(case.language).general(f"is_{finding.value}")[0]
    for issue in cases.issues_of(session, case.id):
        if needs_finding(issue.category):
            zero_tolerance = CATEGORIES[issue.category].zero_tolerance
            gravity = Gravity.MAJOR if zero_tolerance else Gravity.MINOR
            found = Found(finding, reason, gravity)
            findings.decide(session, case, issue, found, by=by, now=step.at, declared=True)


def add_work(session: Session, now: datetime) -> None:
    """Who has a part in the cases that are worked on now, who was asked, and what is to be done."""
    wanted = select(Case).where(col(Case.status).in_(_AT_WORK), col(Case.assignee_id).is_not(None))
    today = now.date()
    for number, case in enumerate(session.exec(wanted.order_by(col(Case.id)))):
        owner = session.get_one(Staff, case.assignee_id)
        by = staff_actor(owner)
        if case.restricted:  # what is known of these stays where it is
            continue
        factory = places.factory_of(session, case.factory_id)
        accused = About(
            PartyKind.RESPONDENT,
            staff_notes("accused")[number % len(staff_notes("accused"))],
            factory.name if factory else "",
        )
        if number % 2 == 0:
            party = parties.add(session, case, accused, by=by, now=now)
            session.flush()
        if number % 4 == 0:
            text = staff_notes("interview")[number // 4 % len(staff_notes("interview"))]
            held = today - timedelta(days=number % 5 + 1)
            talk = Talk(Whom.PARTY, held, Meeting.SITE_VISIT, True, text, party.id)
            interviews.note(session, case, talk, by=by, now=now, today=today)
        if number % 3 == 0:
            title = staff_notes("task")[number // 3 % len(staff_notes("task"))]
            due_on = today + timedelta(days=number % 7 - 2)
            tasks.add(session, case, title, due_on, owner, by=by, now=now)

"""The page "Work" of a case: what its handling has come to, gathered and put in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template
from sqlmodel import select

from casework import (
    considering,
    findings,
    interviews,
    issues,
    lifecycle,
    partywords,
    prompts,
    tasks,
)
from casework.categories import CATEGORIES
from casework.considering import Considered
from casework.deadlines import promises
from casework.lifecycle import HANDLING_ROLES
from casework.messaging import messages
from casework.models import Case, Interview, Issue, Message, Party, Staff, Task
from casework.outcomes import needs_finding
from casework.remedy.remediation import remediation_due
from casework.standing import standing
from casework.vocabulary import Action, Prompt, Whom
from webadmin import case_head, labels, prompting
from webadmin.context import actor, db, now, zone
from webadmin.i18n import gettext as _
from webadmin.reading import reading


@dataclass(frozen=True, slots=True)
class FoundIssue:
    """An issue with what was found about it. ``fresh``: since the worker appealed, if they did."""

    issue: Issue
    reason: str
    worker_reads: str
    by: str
    fresh: bool
    due: datetime | None

    @property
    def needed(self) -> bool:
        """Whether a finding is needed at all."""
        return needs_finding(self.issue.category)

    @property
    def zero_tolerance(self) -> bool:
        """Whether a finding is major in any case."""
        return CATEGORIES[self.issue.category].zero_tolerance


@dataclass(frozen=True, slots=True)
class Known:
    """A party with what is known of it."""

    party: Party
    name: str
    organisation: str
    note: str
    member: Staff | None


@dataclass(frozen=True, slots=True)
class Held:
    """An interview, open to read."""

    interview: Interview
    who: str
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Todo:
    """A task, open to read."""

    task: Task
    title: str
    assignee: str
    done_by: str
    late: bool


@dataclass(frozen=True, slots=True)
class WorkView:
    """The handling of a case as the page shows it."""

    case: Case
    moves: tuple[Action, ...]
    prompts: tuple[Prompt, ...]
    indicators: tuple[str, ...]
    asks: bool
    """A person is to say whether this may be forced labour."""
    considered: Considered | None
    considered_by: str
    issues: tuple[FoundIssue, ...]
    parties: tuple[Known, ...]
    interviews: tuple[Held, ...]
    tasks: tuple[Todo, ...]
    people: tuple[Staff, ...]
    """Who may be given a task."""
    members: tuple[Staff, ...]
    """Everybody of the office: a party may be one of them."""
    today: date


def render(case: Case, form: Mapping[str, str] | None = None, problem: str = "") -> str:
    """The page; after a mistake with what was typed, and what is wrong with it. That somebody read
    it is written down."""
    reading("work", case.id)
    return render_template(
        "work.html",
        head=case_head.head(case),
        view=view(case),
        typed=form or {},
        problem=problem,
        advice=prompting.ADVICE,
    )


def view(case: Case) -> WorkView:
    """Gather what the page shows."""
    session = db()
    staff = {person.id: person for person in session.exec(select(Staff).order_by(Staff.name))}
    names = {row: person.name for row, person in staff.items()}
    found = issues.of_case(session, case.id)
    about = tuple((one.category, one.kind) for one in found)
    considered = considering.newest(session, case)
    known = _parties(case, staff)
    handling = [p for p in staff.values() if p.active and p.role in HANDLING_ROLES]
    moves = lifecycle.moves(standing(case, actor()), actor().role, now())
    return WorkView(
        case=case,
        moves=moves,
        prompts=prompts.of_case(about, case.danger),
        indicators=tuple(
            _(prompting.INDICATORS[number]) for number in sorted(prompts.indicators(about))
        ),
        asks=prompts.asks_to_consider(about) and not (considered and considered.holds),
        considered=considered,
        considered_by=names.get(considered.staff_id or 0, "") if considered else "",
        issues=_issues(case, found, names),
        parties=known,
        interviews=_interviews(case, known, names),
        tasks=_tasks(case, names),
        people=tuple(tasks.able(session, case, handling)),
        members=tuple(person for person in staff.values() if person.active),
        today=_today(),
    )


def _today() -> date:
    return now().astimezone(zone()).date()


def _issues(case: Case, found: list[Issue], names: Mapping[int, str]) -> tuple[FoundIssue, ...]:
    session = db()
    stale = {issue.id for issue in findings.undecided(session, case)}
    terms = promises.terms(session, case)
    seen = []
    for issue in found:
        due = remediation_due(issue, case.severity, terms.policy, terms.calendar)
        seen.append(
            FoundIssue(
                issue,
                findings.reason_of(session, issue),
                findings.worker_reads(session, issue),
                names.get(issue.finding_by or 0, ""),
                issue.id not in stale,
                due.at if due else None,
            )
        )
    return tuple(seen)


def _parties(case: Case, staff: Mapping[int, Staff]) -> tuple[Known, ...]:
    session = db()
    return tuple(
        Known(
            party,
            partywords.name(session, party),
            partywords.organisation(session, party),
            partywords.note(session, party),
            staff.get(party.staff_id or 0),
        )
        for party in partywords.present(session, case.id)
    )


def _interviews(
    case: Case, parties: tuple[Known, ...], names: Mapping[int, str]
) -> tuple[Held, ...]:
    session, called = db(), {known.party.id: known.name for known in parties}

    def who(held: Interview) -> str:
        if held.whom is Whom.PARTY:
            return called.get(held.party_id or 0, _("A party who was removed"))
        return interviews.name_of(session, held) or labels.label(held.whom)

    def words(held: Interview) -> str:
        if held.message_id is None:
            return ""
        return messages.words(session, session.get_one(Message, held.message_id))

    return tuple(
        Held(held, who(held), words(held), names.get(held.noted_by or 0, ""))
        for held in interviews.of_case(session, case.id)
    )


def _tasks(case: Case, names: Mapping[int, str]) -> tuple[Todo, ...]:
    session, today = db(), _today()
    return tuple(
        Todo(
            task,
            tasks.title_of(session, task),
            names.get(task.assignee_id, ""),
            names.get(task.done_by or 0, ""),
            task.done_at is None and task.due_on < today,
        )
        for task in tasks.of_case(session, case.id)
    )

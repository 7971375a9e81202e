"""All that the page of a case shows, gathered and put in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlmodel import col, select

from casework import cases, checkins, events, lifecycle, links, messages, promises
from casework.lifecycle import APPEAL_WINDOW, HANDLING_ROLES, NEXT
from casework.links import Linked, Pattern
from casework.models import (
    Attachment,
    Case,
    CaseEvent,
    CheckIn,
    Clock,
    Message,
    Outbox,
    Reporter,
    Staff,
)
from casework.standing import standing
from casework.vocabulary import CATEGORIES, Action, Category, Contact, Promise, Status
from webadmin import acts, beside_words, case_head, clock_lines
from webadmin.beside_words import Beside, Waiting
from webadmin.clock_lines import Clocks
from webadmin.context import actor, db, now
from webadmin.happenings import Happening, told

_BESIDE = (
    Action.TRIAGE,
    Action.ASSIGN,
    Action.ASK,
    Action.REPLY,
    Action.NOTE,
    Action.NOTIFY_FACTORY,
    Action.LINK,
    Action.RECALCULATE,
    Action.PAUSE,
    Action.RESUME,
    Action.ASK_EXTENSION,
    Action.EXTEND,
    Action.REFUSE_EXTENSION,
    Action.HOLD_WORDS,
    Action.DROP_WORDS,
    Action.TRANSLATE,
    Action.TRANSCRIBE,
    Action.ASK_INTERPRETER,
)
"""Steps with a form of their own, or with none; the others move the case on."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the story, open to read."""

    message: Message
    words: str
    author: str
    file: Attachment | None
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Next:
    """The one next step: an action, or a reason why there is none just now."""

    action: Action | None
    waits: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the worker is or was told, and how far it came."""

    entry: Outbox

    @property
    def state(self) -> str:
        """``sent``, ``failed`` or ``waiting``."""
        if self.entry.sent_at:
            return "sent"
        return "failed" if self.entry.failed_at else "waiting"


@dataclass(frozen=True, slots=True)
class Asked:
    """A check-in, and how its question fared on its way to the worker."""

    row: CheckIn
    entry: Outbox | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the page shows it."""

    case: Case
    assignee: Staff | None
    reporter: Reporter | None
    story: tuple[Said, ...]
    summary: str
    issues: tuple[tuple[Category, str], ...]
    clocks: Clocks
    events: tuple[Happening, ...]
    deliveries: tuple[Delivery, ...]
    checkins: tuple[Asked, ...]
    linked: tuple[Linked, ...]
    pattern: Pattern
    next: Next
    moves: tuple[Action, ...]
    others: tuple[Action, ...]
    people: tuple[Staff, ...]
    waiting: tuple[Waiting, ...]

    @property
    def issue_values(self) -> list[str]:
        """The issues as the triage form sends them."""
        return [f"{category.value}:{kind}" for category, kind in self.issues]

    @property
    def unreachable(self) -> bool:
        """Whether messages don't reach the worker."""
        return self.reporter is None or self.reporter.unreachable_since is not None

    @property
    def forgotten(self) -> bool:
        """Whether the worker asked to be forgotten, so that nothing reaches them ever again."""
        return self.case.forgotten_at is not None

    @property
    def silent(self) -> bool:
        """Whether the worker asked not to be written to."""
        return self.reporter is not None and self.reporter.contact is Contact.NEVER


def render(case: Case, form: Mapping[str, str] | None = None, problem: str = "") -> str:
    """The page of a case; after a mistake with what was typed, and what is wrong with it."""
    return render_template(
        "case.html",
        head=case_head.head(case),
        view=view(case),
        typed=form or {},
        problem=problem,
        steps=acts.STEPS,
        ending=acts.ENDING,
        told_factory=Action.NOTIFY_FACTORY,
        protect=Action.PROTECT,
        protection=Promise.PROTECTION,
        categories=CATEGORIES,
    )


def view(case: Case) -> CaseView:
    """Gather what the page of a case shows."""
    session = db()
    staff = {person.id: person for person in session.exec(select(Staff).order_by(Staff.name))}
    moves = lifecycle.moves(standing(case, actor()), actor().role, now())
    following = _next(case, moves)
    shown = _worth_showing(promises.of_case(session, case.id))
    clocks = clock_lines.gather(case, shown, staff)
    # While protection is owed it has a place of its own, right behind the next step.
    apart = {following.action} | ({Action.PROTECT} if clocks.owes(Promise.PROTECTION) else set())
    return CaseView(
        case=case,
        assignee=staff.get(case.assignee_id) if case.assignee_id else None,
        reporter=session.get(Reporter, case.reporter_id) if case.reporter_id else None,
        story=_story(case, staff),
        summary=messages.summary(session, case),
        issues=tuple((i.category, i.kind) for i in cases.issues_of(session, case.id)),
        clocks=clocks,
        events=tuple(_happenings(events.history(session, case.id), staff)),
        deliveries=tuple(Delivery(entry) for entry in _outbox(case)),
        checkins=_checkins(case),
        linked=tuple(links.of_case(session, actor(), case)),
        pattern=links.pattern(session, actor(), case, now()),
        next=following,
        moves=moves,
        others=tuple(a for a in moves if a not in _BESIDE and a not in apart),
        people=tuple(p for p in staff.values() if p.active and p.role in HANDLING_ROLES),
        waiting=beside_words.waiting(case, staff),
    )


def _worth_showing(found: Sequence[Clock]) -> tuple[Clock, ...]:
    """Without the messages on progress that came in time, but the newest: they are many, and stand
    in the story."""
    newest = max((c.round for c in found if c.promise is Promise.PROGRESS), default=0)
    return tuple(
        clock
        for clock in found
        if clock.promise is not Promise.PROGRESS
        or clock.round == newest
        or clock.missed_at is not None
    )


def _checkins(case: Case) -> tuple[Asked, ...]:
    sent = checkins.questions(db(), case.id)
    return tuple(Asked(row, sent.get(row.id)) for row in checkins.of_case(db(), case.id))


def _next(case: Case, moves: tuple[Action, ...]) -> Next:
    action = NEXT.get(case.status)
    if action is None:
        return Next(None, "ended")
    if action in moves:
        return Next(action)
    if case.status is Status.VERIFYING and case.asked_at:
        return Next(None, "worker", case.asked_at + APPEAL_WINDOW)
    return Next(None, "other-handler")


def _story(case: Case, staff: Mapping[int, Staff]) -> tuple[Said, ...]:
    session = db()
    wanted = select(Attachment).where(Attachment.case_id == case.id)
    files = {file.id: file for file in session.exec(wanted)}
    versions = beside_words.of_case(case.id, staff)
    return tuple(
        Said(
            message,
            messages.words(session, message),
            _name(staff, message.staff_id),
            files.get(message.attachment_id) if message.attachment_id else None,
            versions.get(message.id, ()),
        )
        for message in messages.of_case(session, case.id)
    )


def _name(staff: Mapping[int, Staff], row: int | None) -> str:
    person = staff.get(row) if row else None
    return person.name if person else ""


def _happenings(found: list[CaseEvent], staff: Mapping[int, Staff]) -> list[Happening]:
    return [told(event, staff) for event in reversed(found)]


def _outbox(case: Case) -> list[Outbox]:
    statement = select(Outbox).where(Outbox.case_id == case.id).order_by(col(Outbox.id).desc())
    return list(db().exec(statement))

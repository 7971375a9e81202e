"""All that the page of a case shows, gathered and put in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlmodel import col, select

from casework import decisions, findings, lifecycle, links, receipts, seeing
from casework.audit import events
from casework.categories import CATEGORIES
from casework.deadlines import promises
from casework.decisions import Told
from casework.lifecycle import APPEAL_WINDOW, NEXT
from casework.links import Linked, Pattern
from casework.messaging import checkins, messages, reaching
from casework.models import (
    Attachment,
    Case,
    CaseEvent,
    CheckIn,
    Clock,
    Message,
    Outbox,
    Staff,
)
from casework.remedy import remedies
from casework.standing import standing
from casework.vocabulary import Action, Category, Promise, Status
from webadmin import acts, beside_words, case_head, clock_lines
from webadmin.addressed import Addressed
from webadmin.beside_words import Beside, Waiting
from webadmin.clock_lines import Clocks
from webadmin.context import actor, db, now
from webadmin.happenings import Happening
from webadmin.happenings import told as happened

_BESIDE = (
    Action.TRIAGE,
    Action.ASSIGN,
    Action.ASK,
    Action.REPLY,
    Action.NOTE,
    Action.NOTIFY_FACTORY,
    Action.LINK,
    Action.UNLINK,
    Action.END_DUPLICATE,
    Action.TOLD,
    Action.RENEW_RECEIPT,
    Action.RECALCULATE,
    Action.PARTY,
    Action.INTERVIEW,
    Action.TASK,
    Action.CONSIDER,
    Action.FINDING,
    Action.PAUSE,
    Action.RESUME,
    Action.ASK_EXTENSION,
    Action.EXTEND,
    Action.REFUSE_EXTENSION,
    Action.DECLARE,
    Action.BAR,
    Action.PLAN_REMEDY,
    Action.VERIFY_REMEDY,
    Action.RECORD_MONEY,
    Action.INVITE_FACTORY,
    Action.EXPORT,
    Action.REDACT,
    Action.HOLD,
    Action.RELEASE,
    Action.HOLD_WORDS,
    Action.DROP_WORDS,
    Action.TRANSLATE,
    Action.TRANSCRIBE,
    Action.ASK_INTERPRETER,
)
"""Steps with a form of their own, or with none; the others move the case on."""


_NAMING = frozenset({Action.LINK, Action.UNLINK})
"""Events that name another case."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the story, open to read."""

    message: Message
    words: str
    author: str
    file: Attachment | None
    told: Told | None = None
    """Of a reason, the finding it is of."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView(Addressed):
    """A case as the page shows it."""

    assignee: Staff | None
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
    undecided: int
    """Issues whose finding must be noted before the outcome is told; one that is not named yet is
    one as well."""
    people: tuple[Staff, ...]
    waiting: tuple[Waiting, ...]
    planned: int
    """Actions of the plan of remedy."""
    undone: int
    """Those of them that nobody has verified yet."""
    untold: tuple[Message, ...] = ()
    may_renew: bool = False
    """Whether the reader may give a worker without a chat a new secret number."""
    """What somebody has still to tell a worker to whom nothing can be sent."""
    answers: tuple[Action, ...] = ()
    """What such a worker may say."""

    @property
    def issue_values(self) -> list[str]:
        """The issues as the triage form sends them."""
        return [f"{category.value}:{kind}" for category, kind in self.issues]

    @property
    def zero_tolerance(self) -> bool:
        """Whether brands threaten to end the business over what it is about."""
        return any(CATEGORIES[category].zero_tolerance for category, _kind in self.issues)

    @property
    def unreachable(self) -> bool:
        """Whether messages don't reach the worker."""
        return self.reporter is None or self.reporter.unreachable_since is not None


def render(case: Case, form: Mapping[str, str] | None = None, problem: str = "") -> str:
    """The page of a case; after a mistake with what was typed, and what is wrong with it."""
    head = case_head.head(case)
    return render_template(
        "case.html",
        head=head,
        view=view(case, head),
        typed=form or {},
        problem=problem,
        steps=acts.STEPS,
        ending=acts.ENDING,
        told_factory=Action.NOTIFY_FACTORY,
        protect=Action.PROTECT,
        heard=acts.HEARD,
        protection=Promise.PROTECTION,
        categories=CATEGORIES,
    )


def view(case: Case, head: case_head.Head) -> CaseView:
    """Gather what the page of a case shows."""
    session = db()
    history = events.history(session, case.id)
    plan = remedies.of_case(session, case.id)
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
        reporter=head.reporter,
        story=_story(case, history, staff),
        summary=messages.summary(session, case),
        issues=head.issues,
        clocks=clocks,
        events=tuple(_happenings(_shown(history), staff)),
        deliveries=tuple(Delivery(entry) for entry in _outbox(case)),
        checkins=_checkins(case),
        linked=tuple(links.of_case(session, actor(), case)),
        pattern=links.pattern(session, actor(), case, now()),
        next=following,
        moves=moves,
        others=tuple(a for a in moves if a not in _BESIDE and a not in apart),
        people=tuple(_could_have_it(case, staff.values())),
        planned=len(plan),
        undone=remedies.undone(plan),
        untold=tuple(reaching.untold(session, case)),
        may_renew=receipts.may_renew(case, actor()),
        answers=reaching.answers(case, now()),
        undecided=_undecided(case, head, moves),
        waiting=beside_words.waiting(case, staff),
    )


def _could_have_it(case: Case, people: Iterable[Staff]) -> list[Staff]:
    """Whoever may see the case, still works here and is not away; and who has it."""
    conflicted = seeing.conflicted_in(db(), [case.id]).get(case.id, frozenset())
    return [
        one
        for one in people
        if one.active
        and (one.away_until is None or one.id == case.assignee_id)
        and seeing.may_see(one, case, conflicted)
    ]


def _undecided(case: Case, head: case_head.Head, moves: tuple[Action, ...]) -> int:
    if Action.CONCLUDE not in moves:
        return 0
    return len(findings.undecided(db(), case)) or int(not head.issues)


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
    asked = checkins.of_case(db(), case.id)
    sent = checkins.questions(db(), case.id) if asked else {}
    return tuple(Asked(row, sent.get(row.id)) for row in asked)


def _next(case: Case, moves: tuple[Action, ...]) -> Next:
    action = NEXT.get(case.status)
    if action is None:
        return Next(None, "ended")
    if action in moves:
        return Next(action)
    if case.status is Status.VERIFYING and case.asked_at:
        return Next(None, "worker", case.asked_at + APPEAL_WINDOW)
    return Next(None, "other-handler")


def _story(
    case: Case, history: Sequence[CaseEvent], staff: Mapping[int, Staff]
) -> tuple[Said, ...]:
    session = db()
    said = messages.of_case(session, case.id)
    wanted = select(Attachment).where(Attachment.case_id == case.id)
    sent = session.exec(wanted) if any(one.attachment_id for one in said) else ()
    files = {file.id: file for file in sent}
    told = decisions.findings_by_message(decisions.among(history))
    versions = beside_words.of_case(case.id, staff)
    return tuple(
        Said(
            message,
            messages.words(session, message),
            _name(staff, message.staff_id),
            files.get(message.attachment_id) if message.attachment_id else None,
            told.get(message.id),
            versions.get(message.id, ()),
        )
        for message in said
    )


def _name(staff: Mapping[int, Staff], row: int | None) -> str:
    person = staff.get(row) if row else None
    return person.name if person else ""


def _happenings(found: list[CaseEvent], staff: Mapping[int, Staff]) -> list[Happening]:
    return [happened(event, staff) for event in reversed(found)]


def _shown(found: list[CaseEvent]) -> list[CaseEvent]:
    """Without what names a case that the reader may not see: not even that there is one."""
    named = {event.data["case"] for event in found if event.action in _NAMING}
    known = links.seen(db(), actor(), named)
    return [e for e in found if e.action not in _NAMING or e.data["case"] in known]


def _outbox(case: Case) -> list[Outbox]:
    statement = select(Outbox).where(Outbox.case_id == case.id).order_by(col(Outbox.id).desc())
    return list(db().exec(statement))

"""Legs of the road a sample case may go: taken, sorted, talked over, looked into, put right."""

from datetime import datetime

from casework import prompts
from casework.cases import Triage
from casework.vocabulary import (
    Action,
    Category,
    ExtensionReason,
    Finding,
    PauseReason,
    Promise,
    Relation,
    Severity,
)
from recourse.sample.pen import Pen
from recourse.sample.people_and_places import SUPERVISOR
from recourse.sample.plans import MoreTime
from recourse.sample.words import Topic, staff_notes

MINUTES = (0.003, 0.03)
"""Days between two clicks of the same person."""

_ANSWERS_FIRST = {
    Severity.CRITICAL: (0.03, 0.45),
    Severity.SERIOUS: (0.05, 0.8),
    Severity.STANDARD: (0.2, 1.6),
    Severity.MINOR: (0.3, 4.0),
}
"""Days until a person acknowledges."""

_TOO_LATE = {
    Severity.CRITICAL: (1.1, 1.7),
    Severity.SERIOUS: (3.0, 5.0),
    Severity.STANDARD: (4.5, 7.0),
    Severity.MINOR: (8.5, 11.0),
}
TALKS = {
    Severity.CRITICAL: (0.05, 1.2),
    Severity.SERIOUS: (0.3, 2.2),
    Severity.STANDARD: (0.5, 5.0),
    Severity.MINOR: (0.5, 9.0),
}
"""Days from the acknowledgement to the first words of a handler."""

_LOWER = {Severity.STANDARD: Severity.MINOR, Severity.SERIOUS: Severity.SERIOUS}
_GOES_ON = {
    Category.WAGES,
    Category.HOURS,
    Category.HEALTH_AND_SAFETY,
    Category.DORMITORY,
    Category.DOCUMENTS,
    Category.RECRUITMENT,
}
"""What happens to several people at once, so that she has more to tell."""

_WHY = (ExtensionReason.FACTORY, ExtensionReason.EVIDENCE, ExtensionReason.OTHERS)
"""Why more time is asked for, in the order of its sentences."""

_RISKY = {Category.RETALIATION, Category.FREEDOM_OF_ASSOCIATION, Category.FORCED_LABOUR}


def take(pen: Pen, *, late: float = 0.03, at: datetime | None = None) -> None:
    """Somebody takes the case and acknowledges it, ``at`` a certain time if one is given."""
    days = _TOO_LATE[pen.severity] if pen.chance(late) else _ANSWERS_FIRST[pen.severity]
    if at is not None:
        pen.at, days = at, (0.0, 0.0)
    elif pen.chance(0.4):
        pen.staff(Action.ASSIGN, (days[0] * 0.5, days[1] * 0.5), by=SUPERVISOR, to=pen.owner)
        pen.staff(Action.ACKNOWLEDGE, (days[0] * 0.5, days[1] * 0.5))
        return
    pen.staff(Action.ACKNOWLEDGE, days)
    pen.staff(Action.ASSIGN, MINUTES, to=pen.owner)


def sort(pen: Pen, summary: str, *, keep_severity: bool = False) -> None:
    """Triage: severity, issues, flags, a summary in English."""
    topic, also = pen.story.topic, pen.story.also
    severity = pen.severity
    if not keep_severity and severity is not Severity.CRITICAL:
        if pen.chance(0.07):
            severity = Severity.CRITICAL if severity is Severity.SERIOUS else Severity.SERIOUS
        elif pen.chance(0.12):
            severity = _LOWER.get(severity, severity)
    issues: tuple[Topic, ...] = (topic, also) if also and pen.chance(0.7) else (topic,)
    about = tuple((one.category, one.kind) for one in issues)
    least = prompts.least_severity(about)
    severity = min(severity, least or severity, key=list(Severity).index)
    found = Triage(
        severity=severity,
        issues=about,
        restricted=topic.sexual,
        retaliation_risk=topic.category in _RISKY or pen.chance(0.12),
        summary=summary,
    )
    pen.staff(Action.TRIAGE, MINUTES, found=found)
    pen.severity = severity
    if severity in (Severity.CRITICAL, Severity.SERIOUS) and pen.chance(0.96):
        protect(pen)


def protect(pen: Pen) -> None:
    """What keeps the worker safe meanwhile, agreed on the phone or in the chat."""
    pen.staff(Action.PROTECT, (0.01, 0.15), pen.fresh(staff_notes(_care(pen, "protection"))))


def wait(pen: Pen) -> None:
    """The clocks pause until the worker answers."""
    pen.staff(
        Action.PAUSE, MINUTES, pause=pen.rng.choice((PauseReason.ANSWER, PauseReason.DOCUMENTS))
    )


def more_time(pen: Pen, promise: Promise, *, given: bool) -> None:
    """The handler asks for more time; where it is ``given``, the supervisor agrees."""
    reason, text = pen.rng.choice(tuple(zip(_WHY, staff_notes("more_time"), strict=True)))
    more = MoreTime(promise, pen.rng.choice((10, 14, 21)), reason)
    pen.staff(Action.ASK_EXTENSION, (0.2, 1.5), text, more=more)
    if given:
        pen.staff(Action.EXTEND, (0.1, 0.6), by=SUPERVISOR)


def talk(pen: Pen) -> None:
    """The first words: a question and its answer, or a reply."""
    slow = (8.0, 11.0) if pen.severity is Severity.SERIOUS else (15.0, 19.0)
    late = pen.severity is not Severity.CRITICAL and pen.chance(0.025)
    days = slow if late else TALKS[pen.severity]
    if pen.chance(0.45):
        ask(pen, days)
        if pen.chance(0.85):
            answer(pen)
        days = (0.2, 2.5)
    pen.staff(Action.REPLY, days, pen.about("reply"))


def ask(pen: Pen, days: tuple[float, float]) -> None:
    """A question to the worker. Its answer stands at the same place in the list of answers."""
    pen.staff(Action.ASK, days, pen.about("question"))


def answer(pen: Pen) -> None:
    """The worker answers the last question; where it was about payslips, with a picture."""
    questions = pen.words.about(pen.story, "question")
    answers = pen.words.about(pen.story, "answer")
    which = questions.index(pen.steps[-1].text)
    pen.worker(Action.ADD, (0.1, 3.0), answers[which])
    wages = pen.story.topic.category is Category.WAGES
    if wages and pen.story.relation is Relation.WORKER and which == 0 and pen.chance(0.35):
        pen.worker(Action.ADD, (0.1, 0.5), file="payslip")


def _working(pen: Pen, low: float, high: float) -> tuple[float, float]:
    """Days of an investigation, fewer where it is due sooner."""
    return low * pen.effort, high * pen.effort


def look(pen: Pen) -> None:
    """Assess and investigate, with notes among handlers and now and then a word to the worker."""
    pen.staff(Action.ASSESS, _working(pen, 0.2, 3.0))
    note(pen, _working(pen, 0.5, 4.0), "early")
    pen.staff(Action.INVESTIGATE, _working(pen, 0.5, 5.0))
    dig(pen)


def dig(pen: Pen) -> None:
    """The investigation itself."""
    note(pen, _working(pen, 2.0, 10.0), "during")
    topic = pen.story.topic
    if not topic.sexual:
        added = pen.story.relation is Relation.WORKER and topic.category in _GOES_ON
        if added and pen.chance(0.3):
            pen.worker(Action.ADD, (1.0, 8.0), pen.fresh(pen.words.general("additions")))
            pen.staff(Action.REPLY, _working(pen, 0.3, 2.5), pen.words.general("progress")[2])
        if pen.chance(0.5):
            pen.staff(
                Action.REPLY, _working(pen, 3.0, 12.0), pen.fresh(pen.words.general("progress")[:2])
            )
    if pen.chance(0.3):
        note(pen, _working(pen, 1.0, 6.0), "during")


def mend(pen: Pen) -> None:
    """The remedy is agreed and announced."""
    pen.staff(Action.PROPOSE_REMEDY, _working(pen, 3.0, 14.0), pen.about("remedy"))
    if pen.chance(0.5):
        note(pen, _working(pen, 3.0, 9.0), "after")


def tell(pen: Pen, name: str = "") -> None:
    """The worker is told the outcome and asked. ``name``: a general one, else what fits."""
    if name == "unfounded":
        finding = pen.rng.choice((Finding.UNFOUNDED, Finding.UNFOUNDED, Finding.UNDETERMINED))
    else:
        finding = Finding.PARTLY if pen.chance(0.2) else Finding.FOUNDED
    pen.staff(
        Action.CONCLUDE,
        _working(pen, 6.0, 22.0),
        pen.general(name) if name else pen.about("outcome"),
        finding=finding,
    )


def tell_again(pen: Pen) -> None:
    """The outcome of somebody else's look."""
    tell(pen, "again_care" if pen.story.topic.sexual else "again")


def confirm(pen: Pen) -> None:
    """She says that it is put right, some with a word of thanks, and the case is closed."""
    pen.worker(Action.CONFIRM, (0.2, 9.0))
    if pen.chance(0.35):
        thanks = pen.words.general("thanks")
        paid = pen.story.topic.category is Category.WAGES
        pen.worker(Action.ADD, MINUTES, pen.rng.choice(thanks if paid else thanks[:2]))
    if pen.chance(0.96):
        pen.staff(Action.CLOSE, (0.5, 9.0))


def silence(pen: Pen) -> None:
    """She does not answer within the thirty days."""
    pen.staff(Action.RESOLVE, (30.1, 36.0), fixed=True)
    if pen.chance(0.96):
        pen.staff(Action.CLOSE, (0.5, 9.0))


def dispute(pen: Pen) -> None:
    """She says that it is not put right. The first reason is about money, the last about many."""
    reasons = pen.words.general("disputed")
    if pen.story.topic.sexual:
        reasons = reasons[1:2]
    elif pen.story.topic.category is not Category.WAGES:
        reasons = reasons[1:]
    pen.worker(Action.DISPUTE, (0.5, 8.0), pen.rng.choice(reasons))


def anew(pen: Pen) -> None:
    """Somebody else looks at it from the beginning."""
    pen.staff(Action.ASSIGN, (0.3, 2.0), by=SUPERVISOR, to=pen.second)
    pen.owner = pen.second
    pen.staff(Action.INVESTIGATE, (0.2, 2.0))
    dig(pen)


def note(pen: Pen, days: tuple[float, float], name: str) -> None:
    """A note among handlers: ``early``, ``during`` or ``after``, or one of another name."""
    if name != "withdrawal":
        name = _care(pen, name)
    pen.staff(Action.NOTE, days, pen.fresh(staff_notes(name)))


def _care(pen: Pen, name: str) -> str:
    """The sentences of a name, or those for sexual violence."""
    return f"care_{name}" if pen.story.topic.sexual else name

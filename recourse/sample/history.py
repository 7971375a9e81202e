"""Lives the plans through, in the order of time, by the same functions as real cases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import col

from casework import cases, filing
from casework.actors import Actor, staff_actor
from casework.db import Session, Store
from casework.deadlines import extending, pausing, promises, sweeping
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.media import attachments
from casework.messaging import outbox
from casework.models import Case, Outbox, Reporter, StaffNotice
from casework.vocabulary import Action, Channel, Contact
from recourse.sample import remedy
from recourse.sample.handling import found_out
from recourse.sample.people_and_places import Rows
from recourse.sample.pictures import sample_file
from recourse.sample.plans import MoreTime, Person, Plan, Step

_SWEEP_EVERY = timedelta(hours=12)


@dataclass(slots=True)
class Past:
    """What has happened so far: ids of cases by number of the plan, of reporters by their own."""

    rows: Rows
    plans: tuple[Plan, ...]
    end: datetime
    case_ids: dict[int, int] = field(default_factory=dict)
    reporter_ids: dict[int, int] = field(default_factory=dict)
    swept_at: datetime | None = None


Moment = tuple[datetime, int, Step | None]
"""When, to which plan, and what; ``None`` is the filing."""


def live(store: Store, rows: Rows, plans: tuple[Plan, ...], now: datetime) -> None:
    """Everything in the order of time, one transaction for each month."""
    past = Past(rows, plans, now)
    for _month, moments in groupby(_in_order(plans), lambda moment: moment[0].strftime("%Y-%m")):
        with store.writing() as session:
            known: dict[int, Case] = {}
            for at, number, step in moments:
                _sweep(session, past, at)
                if step is None:
                    known[number] = _file(session, past, number)
                    past.case_ids[number] = known[number].id
                    continue
                case = known.get(number) or session.get_one(Case, past.case_ids[number])
                known[number] = case
                _prepare(session, past, case, number, step)
                _take(session, past, case, step)
                _deliver(session, plans[number].person, at)
    with store.writing() as session:
        while sweeping.sweep(session, now):
            pass
        _read_notices(session, now)


def _read_notices(session: Session, now: datetime) -> None:
    """Whoever works there has read what they were told before yesterday."""
    told = sa.update(StaffNotice).where(col(StaffNotice.at) < now - timedelta(days=1))
    session.exec(told.values(read_at=now - timedelta(days=1)))


def _in_order(plans: tuple[Plan, ...]) -> Iterator[Moment]:
    found: list[tuple[datetime, int, int, Step | None]] = []
    for number, plan in enumerate(plans):
        found.append((plan.filed_at, number, 0, None))
        found += [(step.at, number, place, step) for place, step in enumerate(plan.steps, 1)]
    found.sort(key=lambda moment: moment[:3])
    return ((at, number, step) for at, number, _place, step in found)


def _sweep(session: Session, past: Past, at: datetime) -> None:
    """The job that looks for missed promises, now and then."""
    if past.swept_at is None or at - past.swept_at >= _SWEEP_EVERY:
        past.swept_at = at
        sweeping.sweep(session, at)


def _file(session: Session, past: Past, number: int) -> Case:
    plan = past.plans[number]
    reporter = _reporter(session, past, plan.person, plan.filed_at)
    story = plan.story
    pieces = [Piece(text=text) for text in plan.said]
    if plan.file:
        pieces.append(_attached(session, reporter.id, plan.file, number, plan.filed_at))
    complaint = Complaint(
        pieces=tuple(pieces),
        factory=past.rows.factories.get(plan.factory),
        factory_words=plan.factory_words,
        category=story.topic.category,
        kind=story.topic.kind,
        relation=story.relation,
        danger=plan.danger,
        since=plan.since,
        how_many=plan.how_many,
        practice=True,
    )
    return filing.open_case(session, reporter, complaint, now=plan.filed_at)


def _reporter(session: Session, past: Past, person: Person, at: datetime) -> Reporter:
    known = past.reporter_ids.get(person.number)
    if known is not None:
        return session.get_one(Reporter, known)
    row, vault = new_id(at), session.vault
    reporter = Reporter(
        id=row,
        channel=person.channel,
        address_index=vault.index(f"address.{person.channel.value}", person.address),
        address_sealed=vault.seal_text("reporter", "address_sealed", row, person.address),
        language=person.language,
        contact=person.contact,
        safe_from=person.safe[0] if person.safe else None,
        safe_to=person.safe[1] if person.safe else None,
        zone=person.zone,
        created_at=at,
    )
    session.add(reporter)
    session.flush()
    past.reporter_ids[person.number] = row
    return reporter


def _attached(session: Session, reporter: int, name: str, number: int, at: datetime) -> Piece:
    clean = sample_file(name, number % 3)
    attachment = attachments.received(session, reporter, clean.kind, clean.data, clean.mime, at)
    session.flush()
    return Piece(attachment_id=attachment.id)


def _take(session: Session, past: Past, case: Case, step: Step) -> None:
    """One step, through the function a page or the bot would call."""
    staff = past.rows.staff
    by: Actor | None = staff_actor(staff[step.by]) if step.by else None
    if by is None:
        _worker_takes(session, case, step)
    elif step.action is Action.ASSIGN:
        cases.assign(session, case, staff[step.to], by=by, now=step.at)
    elif step.found is not None:
        cases.triage(session, case, step.found, by=by, now=step.at)
    elif step.pause is not None:
        pausing.pause(session, case, step.pause, by=by, now=step.at)
    elif step.more is not None:
        _ask_more(session, case, step, step.more, by)
    elif step.action is Action.EXTEND:
        asked = extending.of_case(session, case.id)[-1]
        extending.decide(session, case, asked, True, by=by, now=step.at)
    else:
        if step.action is Action.CONCLUDE:
            found_out(session, case, step, by)
        cases.advance(
            session,
            case,
            step.action,
            by=by,
            now=step.at,
            text=step.text,
            reason=step.reason,
            declared=True,
        )


def _prepare(session: Session, past: Past, case: Case, number: int, step: Step) -> None:
    """What colleagues write down about the remedy before they tell the worker of it."""
    if step.action not in (Action.PROPOSE_REMEDY, Action.CONCLUDE):
        return
    by = staff_actor(past.rows.staff[step.by])
    if step.action is Action.PROPOSE_REMEDY:
        factory = past.rows.factories.get(past.plans[number].factory)
        country = factory.country if factory else ""
        remedy.plan(session, case, country, number, by=by, now=step.at)
    else:
        other = next(
            person
            for person in past.rows.staff.values()
            if person.id != by.staff_id and person.restricted_pool
        )
        remedy.deliver(session, case, by=by, other=staff_actor(other), now=step.at, end=past.end)


def _ask_more(session: Session, case: Case, step: Step, more: MoreTime, by: Actor) -> None:
    clocks = promises.of_case(session, case.id)
    clock = next(c for c in clocks if c.promise is more.promise and promises.is_owed(c))
    until = max(clock.due_at, step.at).date() + timedelta(days=more.days)
    extending.ask(session, case, clock.id, until, more.reason, step.text, by=by, now=step.at)


def _worker_takes(session: Session, case: Case, step: Step) -> None:
    if step.action is not Action.ADD:
        filing.answer(session, case, step.action, now=step.at, reason=step.text)
        return
    piece = Piece(text=step.text)
    if step.file and case.reporter_id is not None:
        piece = _attached(session, case.reporter_id, step.file, case.id % 3, step.at)
    filing.add(session, case, piece, now=step.at)


def _deliver(session: Session, person: Person, at: datetime) -> None:
    """What is to be said was said at once: nothing is left to send to invented people."""
    for entry in session.new:
        if isinstance(entry, Outbox):
            if person.channel is Channel.TELEGRAM and person.contact is Contact.NEVER:
                outbox.give_up(entry, at, outbox.ASKED_NOT_TO)
            else:
                outbox.sent(entry, at)

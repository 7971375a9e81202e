"""Mails to the office over a real SMTP server: what they say, when they come, and that none is lost."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from casework import cases, filing, tasks
from casework.config import settings_from
from casework.db import Store
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.models import (
    Calendar,
    Case,
    Clock,
    Extension,
    Factory,
    Mail,
    Message,
    Reporter,
    Staff,
    StaffNotice,
    Task,
)
from casework.office import mailqueue, mails, telling
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Danger,
    ExtensionReason,
    Severity,
    StaffNoticeKind,
)
from recourse.mailing import Mailing
from tests import bothouse
from tests.desk import Desk
from tests.installation import install
from tests.postoffice import PostOffice, certificate
from tests.running import Running

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
THURSDAY = datetime(2026, 11, 26, 1, tzinfo=UTC)
"""Eight in the morning in Phnom Penh, of the first working day after the cast's Friday: on Monday the
Water Festival begins."""
MARK = "ZEBRA-7731"
"""Stands in everything that people wrote and named."""


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


def mailing(store: Store, clock: Callable[[], datetime], port: int, **more: str) -> Mailing:
    given = {
        "RECOURSE_SMTP_URL": f"smtp://127.0.0.1:{port}?from=desk@example.org",
        "RECOURSE_PUBLIC_URL": "https://desk.example.org",
        "RECOURSE_OPERATOR": "Workers’ Desk",
        **more,
    }
    return Mailing(store, settings_from(given), clock)


def notices(store: Store) -> list[StaffNotice]:
    with store.reading() as session:
        return list(session.exec(select(StaffNotice).order_by(col(StaffNotice.id))))


def waiting(store: Store) -> list[Mail]:
    with store.reading() as session:
        return list(session.exec(select(Mail).where(col(Mail.sent_at).is_(None))))


def change(store: Store, name: str, **facts: object) -> None:
    with store.writing() as session:
        person = session.exec(select(Staff).where(Staff.name == name)).one()
        for field, value in facts.items():
            setattr(person, field, value)


def tell(
    store: Store, case: Case, person: Staff, at: datetime, *, urgent: bool = False, **more: Any
) -> StaffNotice:
    """A notice as the sweep writes it, of the acknowledgement that runs."""
    with store.writing() as session:
        clock = session.exec(
            select(Clock).where(Clock.case_id == case.id).order_by(col(Clock.promise))
        ).first()
        assert clock
        facts: dict[str, Any] = {
            "clock_id": clock.id,
            "level": "50%",
            "kind": StaffNoticeKind.WARNING,
            **more,
        }
        notice = StaffNotice(
            id=new_id(at),
            staff_id=person.id,
            case_id=case.id,
            reached_at=at,
            at=at,
            urgent=urgent,
            **facts,
        )
        session.add(notice)
        return notice


def give(store: Store, reference: str, person: Staff, due_on: date, by: Any, at: datetime) -> Task:
    """A task in a case; its title holds words that no mail may say."""
    with store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        return tasks.add(session, case, f"Call {MARK}", due_on, person, by=by, now=at)


# --- at once ------------------------------------------------------------------------------------


def test_a_critical_case_is_mailed_at_once_in_the_persons_language_and_zone(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    reference = desk.file(now, f"Boss {MARK}", factory=None, factory_words=f"Mill {MARK}")
    desk.triage(reference, now, Severity.CRITICAL, summary=f"Beaten {MARK}")
    desk.assign(reference, now, "asha")
    change(desk.store, "Asha", language="vi", zone="Asia/Ho_Chi_Minh")
    first_reply = desk.case(reference).next_due_at
    assert first_reply
    clock.at = now + (first_reply - now) / 2 + MINUTE
    desk.sweep(clock())
    assert mailing(desk.store, clock, office.port).run_once() == 1
    assert office.recipients == ["asha@example.org"]
    text = office.text()
    assert reference in text
    assert f"https://desk.example.org/cases/{reference}" in text
    assert "https://desk.example.org/notices" in text
    assert "(Asia/Ho_Chi_Minh)" in text
    assert "Thứ" in text or "Chủ Nhật" in text
    mail = office.arrived[0]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Workers’ Desk <desk@example.org>"
    assert mail["Date"].datetime == clock().replace(microsecond=0)
    assert mail["Message-ID"].endswith("@desk.example.org>")
    assert mail.get_content_type() == "text/plain"
    assert mailing(desk.store, clock, office.port).run_once() == 0


def test_no_word_of_a_complaint_is_in_a_mail(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    reference = desk.file(
        now, f"Boss {MARK}", category=Category.HARASSMENT, kind="verbal", factory=None
    )
    other = desk.file(now, f"Pay {MARK}", category=Category.WAGES, kind="unpaid")
    for one in (reference, other):
        desk.triage(one, now, Severity.CRITICAL, summary=f"Summary {MARK}")
        desk.act(one, Action.NOTE, now, f"Note {MARK}")
    for _ in range(8):
        clock.forward(hours=12)
        desk.sweep(clock())
        mailing(desk.store, clock, office.port).run_once()
    assert len(office.arrived) > 4
    seen = "".join(office.text(number) for number in range(len(office.arrived))).lower()
    said = seen + "".join(str(mail).lower() for mail in office.arrived)
    for word in (MARK, "Golden Thread", "GT7KM", "Harassment", "Wages", "Unpaid", "Htwe", "990001"):
        assert word.lower() not in said
    for word in (reference, other, "Overdue", "Still overdue", "Nobody handles this case yet."):
        assert word.lower() in seen


def test_many_urgent_notices_at_the_same_moment_are_one_mail_for_each_person(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    found = [desk.file(now, "Help") for _ in range(3)]
    for reference in found:
        tell(desk.store, desk.case(reference), desk.cast.boris, now, urgent=True)
        tell(desk.store, desk.case(reference), desk.cast.chen, now, urgent=True)
    clock.forward(minutes=1)
    assert mailing(desk.store, clock, office.port).run_once() == 2
    for number in (0, 1):
        assert all(reference in office.text(number) for reference in found)
        assert "3 promises need you" in office.text(number)


# --- the digest ---------------------------------------------------------------------------------


def test_everything_else_comes_in_one_mail_a_day_at_eight_where_the_person_is(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    """It is Friday in Phnom Penh; Boris moved to Paris."""
    change(desk.store, "Boris", zone="Europe/Paris")
    first, second = (desk.case(desk.file(now, "Pay")) for _ in range(2))
    for person in (desk.cast.asha, desk.cast.boris):
        tell(desk.store, first, person, now)
        tell(desk.store, second, person, now + HOUR)
    service = mailing(desk.store, clock, office.port)
    came: list[tuple[datetime, str]] = []
    for _ in range(24 * 7 * 2):
        clock.forward(minutes=30)
        before = len(office.recipients)
        service.run_once()
        came += [(clock(), address) for address in office.recipients[before:]]
    # Eight in Phnom Penh is one in Greenwich; eight in Paris is seven.
    assert came == [
        (THURSDAY, "asha@example.org"),
        (THURSDAY + 6 * HOUR, "boris@example.org"),
    ]
    for number in (0, 1):
        assert all(case.reference in office.text(number) for case in (first, second))


def test_there_is_no_digest_on_a_holiday_of_the_default_calendar(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    with desk.store.writing() as session:
        session.exec(select(Calendar)).one().days_off = ["2026-11-26"]
    case = desk.case(desk.file(now, "Pay"))
    tell(desk.store, case, desk.cast.asha, now)
    service = mailing(desk.store, clock, office.port)
    while not service.run_once():
        clock.forward(hours=1)
    assert clock() == THURSDAY + timedelta(days=1)


def test_what_is_told_after_eight_waits_for_the_next_morning(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    case = desk.case(desk.file(now, "Pay"))
    clock.at = THURSDAY
    tell(desk.store, case, desk.cast.asha, clock())
    service = mailing(desk.store, clock, office.port)
    clock.forward(hours=23, minutes=59)
    assert service.run_once() == 0
    clock.forward(minutes=1)
    assert service.run_once() == 1


def test_what_was_read_or_came_to_nothing_by_then_is_left_out(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    read, kept, moved, left = (desk.case(desk.file(now, "Pay")) for _ in range(4))
    told = {
        case.id: tell(desk.store, case, desk.cast.asha, now) for case in (read, kept, moved, left)
    }
    with desk.store.writing() as session:
        session.get_one(StaffNotice, told[read.id].id).read_at = now
        session.get_one(Clock, told[kept.id].clock_id).met_at = now
        session.get_one(Clock, told[moved.id].clock_id).extensions = 1
    clock.at = THURSDAY
    service = mailing(desk.store, clock, office.port)
    assert service.run_once() == 1
    assert left.reference in office.text()
    assert not any(case.reference in office.text() for case in (read, kept, moved))
    clock.forward(days=7)
    assert service.run_once() == 0


@pytest.mark.parametrize("decided", [False, True])
def test_who_is_asked_for_more_time_is_mailed_unless_somebody_has_decided(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock, decided: bool
) -> None:
    case = desk.case(desk.file(now, "Pay"))
    with desk.store.writing() as session:
        running = session.exec(select(Clock).where(Clock.case_id == case.id)).all()
        message = session.exec(select(Message.id).where(Message.case_id == case.id)).one()
        boris = session.get_one(Staff, desk.cast.boris.id)
        extension = Extension(
            id=new_id(now),
            case_id=case.id,
            clock_id=running[0].id,
            reason=ExtensionReason.FACTORY,
            message_id=message,
            before=running[0].due_at,
            until=running[0].due_at + HOUR,
            asked_at=now,
            asked_by=desk.cast.asha.id,
            decided_at=now if decided else None,
        )
        session.add(extension)
        session.flush()
        asked = StaffNoticeKind.EXTENSION_ASKED
        telling.of_extension(session, case, extension, asked, [boris], now)
    clock.at = THURSDAY
    assert mailing(desk.store, clock, office.port).run_once() == (0 if decided else 1)
    if not decided:
        assert "A case handler asks for more time. Please decide." in office.text()


def test_where_nothing_is_left_nobody_is_mailed(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    notice = tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now)
    with desk.store.writing() as session:
        session.get_one(Clock, notice.clock_id).cancelled_at = now
    clock.forward(days=7)
    assert mailing(desk.store, clock, office.port).run_once() == 0
    assert office.arrived == []


def test_several_levels_of_one_promise_count_as_the_last_of_them(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    case = desk.case(desk.file(now, "Pay"))
    tell(desk.store, case, desk.cast.asha, now)
    tell(desk.store, case, desk.cast.asha, now + HOUR, level="75%")
    tell(
        desk.store,
        case,
        desk.cast.asha,
        now + 2 * HOUR,
        level="100%",
        kind=StaffNoticeKind.MISSED,
    )
    clock.at = THURSDAY
    mailing(desk.store, clock, office.port).run_once()
    assert office.text().count(case.reference) == 3  # in the subject, its line, its address
    assert "Overdue: " in office.text()
    assert "Due soon" not in office.text()


def test_an_escalation_says_how_late_it_is_and_why_the_person_is_told(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    reference = desk.file(now, "Pay")
    desk.assign(reference, now, "asha")
    due_at = next(iter(desk.clocks(reference).values())).due_at
    case = desk.case(reference)
    late = {"level": "+2 working days", "kind": StaffNoticeKind.ESCALATED}
    with desk.store.reading() as session:
        clocks = session.exec(select(Clock).where(Clock.case_id == case.id)).all()
    due_at = min(clocks, key=lambda one: one.promise).due_at
    clock.at = due_at + timedelta(days=2, minutes=1)
    tell(desk.store, case, desk.cast.boris, due_at + timedelta(days=2), urgent=True, **late)
    mailing(desk.store, clock, office.port).run_once()
    assert "Urgent: Still overdue: " in office.text()
    assert "2 days after it was due, it was still not kept." in office.text()
    assert "You are told as a supervisor." in office.text()


# --- tasks in the digest ------------------------------------------------------------------------


def test_tasks_that_are_due_today_or_overdue_stand_in_the_digest_by_their_cases_alone(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    late, due, tomorrow, done, other = (desk.file(now, f"Pay {MARK}") for _ in range(5))
    asha, boris = desk.cast.asha, desk.cast.actor("boris")
    this_day = THURSDAY.date()
    give(desk.store, late, asha, this_day - timedelta(days=3), boris, now)
    give(desk.store, due, asha, this_day, boris, now)
    give(desk.store, tomorrow, asha, this_day + timedelta(days=1), boris, now)
    over = give(desk.store, done, asha, this_day, boris, now)
    with desk.store.writing() as session:
        case = cases.by_reference(session, done, lock=True)
        task = session.get_one(Task, over.id)
        assert case is not None
        tasks.finish(session, case, task, by=boris, now=now)
    tell(desk.store, desk.case(other), asha, now)
    service = mailing(desk.store, clock, office.port)
    clock.at = THURSDAY - MINUTE
    assert service.run_once() == 0
    clock.at = THURSDAY
    assert service.run_once() == 1
    text = office.text()
    assert text.index(other) < text.index("Your tasks") < text.index(late) < text.index(due)
    assert "Due 23 Nov 2026" in text
    assert f"https://desk.example.org/cases/{due}/work" in text
    for word in (tomorrow, done, MARK, "Call"):
        assert word not in text
    clock.forward(hours=23)
    assert service.run_once() == 0
    clock.forward(hours=1)
    assert service.run_once() == 1
    assert all(reference in office.text(1) for reference in (late, due, tomorrow))
    assert office.text(1).startswith("Your tasks\n")


def test_a_task_that_was_given_after_eight_waits_for_the_next_morning(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    reference = desk.file(now, "Pay")
    clock.at = THURSDAY
    boris = desk.cast.actor("boris")
    give(desk.store, reference, desk.cast.asha, THURSDAY.date(), boris, clock())
    service = mailing(desk.store, clock, office.port)
    clock.forward(hours=23, minutes=59)
    assert service.run_once() == 0
    clock.forward(minutes=1)
    assert service.run_once() == 1


def test_nobody_is_mailed_of_a_task_in_a_case_they_may_not_see_or_while_away(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    restricted, other = (desk.file(now, "Pay") for _ in range(2))
    boris, this_day = desk.cast.actor("boris"), THURSDAY.date()
    give(desk.store, restricted, desk.cast.asha, this_day, boris, now)
    give(desk.store, other, desk.cast.chen, this_day, boris, now)
    desk.triage(restricted, now, restricted=True)
    change(desk.store, "Chen", away_until=this_day)
    clock.at = THURSDAY
    assert mailing(desk.store, clock, office.port).run_once() == 0
    assert waiting(desk.store) == []


def test_a_task_that_was_done_before_its_mail_left_is_mailed_to_nobody(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    reference, boris = desk.file(now, "Pay"), desk.cast.actor("boris")
    task = give(desk.store, reference, desk.cast.asha, THURSDAY.date(), boris, now)
    service = mailing(desk.store, clock, office.port)
    office.close()
    clock.at = THURSDAY
    assert service.run_once() == 0
    with desk.store.writing() as session:
        session.get_one(Task, task.id).done_at = clock()
    office.open()
    clock.forward(hours=1)
    assert service.run_once() == 0
    assert [mail.reason for mail in waiting(desk.store)] == [mailqueue.OVER]


# --- who must not be mailed ---------------------------------------------------------------------


def test_nobody_is_mailed_of_a_restricted_case_they_may_no_longer_see(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    reference = desk.file(now, "He touched me")
    case = desk.case(reference)
    for person in (desk.cast.asha, desk.cast.dilani):
        tell(desk.store, case, person, now, urgent=True)
    desk.triage(reference, now, restricted=True)
    clock.forward(minutes=1)
    assert mailing(desk.store, clock, office.port).run_once() == 1
    assert office.recipients == ["dilani@example.org"]


def test_who_leaves_the_pool_is_not_mailed_what_waits(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    reference = desk.file(now, "He touched me")
    desk.triage(reference, now, restricted=True)
    tell(desk.store, desk.case(reference), desk.cast.dilani, now, urgent=True)
    service = mailing(desk.store, clock, office.port)
    clock.forward(minutes=1)
    office.close()
    assert service.run_once() == 0
    change(desk.store, "Dilani", restricted_pool=False)
    office.open()
    clock.forward(hours=1)
    assert service.run_once() == 0
    assert [mail.reason for mail in waiting(desk.store)] == [mailqueue.OVER]


@pytest.mark.parametrize("facts", [{"active": False}, {"role": "brand"}])
def test_nobody_is_mailed_who_no_longer_works_on_cases(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock, facts: dict[str, object]
) -> None:
    tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now, urgent=True)
    change(desk.store, "Asha", **facts)
    clock.forward(minutes=1)
    assert mailing(desk.store, clock, office.port).run_once() == 0
    with desk.store.reading() as session:
        assert mails.due(session, clock()) == []


# --- what can go wrong --------------------------------------------------------------------------


def test_a_server_that_is_away_delays_mails_and_loses_none(
    desk: Desk,
    office: PostOffice,
    now: datetime,
    clock: bothouse.Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    office.close()
    service = mailing(desk.store, clock, office.port)
    people = (desk.cast.asha, desk.cast.boris, desk.cast.chen)
    for person in people:
        tell(desk.store, desk.case(desk.file(now, "Pay")), person, now, urgent=True)
    tried: list[datetime] = []
    while clock() - now < timedelta(days=3):
        caplog.clear()
        assert service.run_once() == 0
        assert len(caplog.records) == 1
        tried.append(clock())
        (clock.at,) = {mail.not_before for mail in waiting(desk.store)}
    # Later and later, and together: the server is asked once, not once for each mail.
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(tried)]
    assert waits[:5] == [5, 30, 120, 600, 3600]
    assert set(waits[5:]) == {3600}
    office.open()
    clock.forward(hours=1)
    assert service.run_once() == 3
    assert sorted(office.recipients) == sorted(person.email for person in people)
    clock.forward(days=1)
    assert service.run_once() == 0


def test_an_urgent_mail_is_tried_at_once_even_when_others_wait_for_the_server(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    office.close()
    service = mailing(desk.store, clock, office.port)
    tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now)
    clock.at = THURSDAY
    for _ in range(4):
        service.run_once()
        clock.at = waiting(desk.store)[0].not_before
    service.run_once()
    office.open()
    tell(desk.store, desk.case(desk.file(now, "Help")), desk.cast.boris, clock(), urgent=True)
    assert service.run_once() == 1
    assert office.recipients == ["boris@example.org"]


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 no such user", "550 no such user", "553 no", "554 5.1.6 moved"]
)
def test_a_recipient_who_is_refused_stops_only_that_mail(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock, answer: str
) -> None:
    office.refusals["asha@example.org"] = answer
    for person in (desk.cast.asha, desk.cast.boris):
        tell(desk.store, desk.case(desk.file(now, "Pay")), person, now, urgent=True)
    service = mailing(desk.store, clock, office.port)
    clock.forward(minutes=1)
    assert service.run_once() == 1
    assert office.recipients == ["boris@example.org"]
    (failed,) = waiting(desk.store)
    assert (failed.reason, failed.failed_at) == (mailqueue.REFUSED, clock())
    clock.forward(days=1)
    assert service.run_once() == 0
    assert len(notices(desk.store)) == 2


@pytest.mark.parametrize(
    "answer",
    [
        "450 4.2.1 come back later",
        "451 4.7.1 greylisted",
        "550 5.7.1 relaying denied",
        "554 5.7.1 relay access denied",
        "554 no",
        "552 5.2.2 mailbox full",
        "503 5.5.1 sign in first",
    ],
)
def test_a_recipient_who_is_put_off_is_tried_again(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock, answer: str
) -> None:
    office.refusals["asha@example.org"] = answer
    for person in (desk.cast.asha, desk.cast.boris):
        tell(desk.store, desk.case(desk.file(now, "Pay")), person, now, urgent=True)
    service = mailing(desk.store, clock, office.port)
    clock.forward(minutes=1)
    assert service.run_once() == 1
    office.refusals.clear()
    clock.forward(seconds=5)
    assert service.run_once() == 1
    assert office.recipients == ["boris@example.org", "asha@example.org"]


def test_a_mail_that_the_server_does_not_take_is_tried_again(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now, urgent=True)
    service = mailing(desk.store, clock, office.port)
    for answer in ("554 5.7.1 looks like spam", "452 4.3.1 disk is full"):
        office.busy = answer
        clock.forward(hours=1)
        assert service.run_once() == 0
    office.busy = ""
    clock.forward(hours=1)
    assert service.run_once() == 1


def test_an_address_that_no_server_takes_stops_only_that_mail(
    desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    change(desk.store, "Asha", email="asha@exam..ple.org")
    for person in (desk.cast.asha, desk.cast.boris):
        tell(desk.store, desk.case(desk.file(now, "Pay")), person, now, urgent=True)
    clock.forward(minutes=1)
    assert mailing(desk.store, clock, office.port).run_once() == 1
    assert [mail.reason for mail in waiting(desk.store)] == [mailqueue.NO_ADDRESS]


def test_after_a_crash_between_sending_and_marking_the_same_mail_comes_again(
    desk: Desk,
    office: PostOffice,
    now: datetime,
    clock: bothouse.Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now, urgent=True)
    service = mailing(desk.store, clock, office.port)
    clock.forward(minutes=1)

    def crash(_mail: Mail, _now: datetime) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mailqueue, "sent", crash)
        with pytest.raises(KeyboardInterrupt):
            service.run_once()
    assert service.run_once() == 0
    clock.forward(minutes=6)
    assert service.run_once() == 1
    first, second = office.arrived
    assert first["Message-ID"] == second["Message-ID"]


# --- signing in to the server -------------------------------------------------------------------


def test_a_password_goes_over_tls_where_the_server_offers_it(
    desk: Desk, now: datetime, clock: bothouse.Clock, tmp_path: Path
) -> None:
    tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now, urgent=True)
    clock.forward(minutes=1)
    with PostOffice(certificate(tmp_path), sign_in=True) as office:
        url = f"smtp://desk:geheim@localhost:{office.port}"
        assert mailing(desk.store, clock, office.port, RECOURSE_SMTP_URL=url).run_once() == 1
    assert (office.passwords, office.over_tls) == (["geheim"], [True])


@pytest.mark.parametrize("host", ["0.0.0.0", "127.1"])
def test_a_password_is_not_sent_in_clear_to_another_machine(
    desk: Desk,
    now: datetime,
    clock: bothouse.Clock,
    caplog: pytest.LogCaptureFixture,
    host: str,
) -> None:
    """Both lead here, and neither is written as the loopback that it is."""
    tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now, urgent=True)
    clock.forward(minutes=1)
    with PostOffice(sign_in=True) as office:
        url = f"smtp://desk:geheim@{host}:{office.port}"
        service = mailing(desk.store, clock, office.port, RECOURSE_SMTP_URL=url)
        with caplog.at_level(logging.WARNING):
            assert service.run_once() == 0
        assert (office.passwords, office.arrived) == ([], [])
        assert "RECOURSE_SMTP_URL offers no TLS" in caplog.text
        assert "geheim" not in caplog.text
        clock.forward(minutes=1)
        here = f"smtp://desk:geheim@127.0.0.1:{office.port}"
        assert mailing(desk.store, clock, office.port, RECOURSE_SMTP_URL=here).run_once() == 1
    assert office.passwords == ["geheim"]


def test_another_machine_must_show_a_certificate_that_is_good(
    desk: Desk, now: datetime, clock: bothouse.Clock, tmp_path: Path
) -> None:
    tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now, urgent=True)
    clock.forward(minutes=1)
    with PostOffice(certificate(tmp_path), sign_in=True) as office:
        url = f"smtp://desk:geheim@127.1:{office.port}"
        assert mailing(desk.store, clock, office.port, RECOURSE_SMTP_URL=url).run_once() == 0
    assert (office.passwords, office.arrived) == ([], [])


def test_a_wrong_password_delays_mails_and_stands_in_no_log(
    desk: Desk, now: datetime, clock: bothouse.Clock, caplog: pytest.LogCaptureFixture
) -> None:
    tell(desk.store, desk.case(desk.file(now, "Pay")), desk.cast.asha, now, urgent=True)
    clock.forward(minutes=1)
    with PostOffice(sign_in=True) as office:
        wrong = f"smtp://desk:falsch@127.0.0.1:{office.port}"
        assert mailing(desk.store, clock, office.port, RECOURSE_SMTP_URL=wrong).run_once() == 0
        assert "SMTPAuthenticationError 535" in caplog.text
        assert "falsch" not in caplog.text
        clock.forward(minutes=1)
        right = f"smtp://desk:geheim@127.0.0.1:{office.port}"
        assert mailing(desk.store, clock, office.port, RECOURSE_SMTP_URL=right).run_once() == 1


# --- several at once ----------------------------------------------------------------------------


def test_processes_that_work_at_the_same_time_mail_everything_once(
    any_desk: Desk, office: PostOffice, now: datetime, clock: bothouse.Clock
) -> None:
    people = (any_desk.cast.asha, any_desk.cast.boris, any_desk.cast.chen, any_desk.cast.dilani)
    for _ in range(3):
        case = any_desk.case(any_desk.file(now, "Pay"))
        for person in people:
            tell(any_desk.store, case, person, now, urgent=True)
            tell(any_desk.store, case, person, now, level="75%")
    clock.at = THURSDAY
    start = threading.Barrier(3)

    def work() -> int:
        service = mailing(any_desk.store, clock, office.port)
        start.wait()
        return service.run_once()

    with ThreadPoolExecutor(3) as pool:
        went = sum(done.result() for done in [pool.submit(work) for _ in range(3)])
    # Whoever found somebody else at work left the rest to the next run.
    went += mailing(any_desk.store, clock, office.port).run_once()
    assert went == len(office.arrived) == 8
    assert sorted(office.recipients) == sorted(2 * [person.email for person in people])
    with any_desk.store.reading() as session:
        assert not session.exec(select(StaffNotice).where(col(StaffNotice.unmailed))).first()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_running_program_mails_what_it_finds(office: PostOffice, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    here = install(tmp_path)
    with here.store.writing() as session:
        factory = session.exec(select(Factory)).one()
        worker = Reporter(
            id=new_id(now),
            channel=Channel.WEB,
            address_index=b"x",
            address_sealed=b"",
            created_at=now,
        )
        session.add(worker)
        session.flush()
        complaint = Complaint((Piece(f"Boss {MARK}"),), factory, danger=Danger.NOW)
        filed = now - timedelta(hours=20)
        case = filing.open_case(session, worker, complaint, now=filed)
        assert case.severity is Severity.CRITICAL
        case.assignee_id = session.exec(select(Staff.id)).one()
    with Running(here.folder, RECOURSE_SMTP_URL=f"smtp://127.0.0.1:{office.port}"):
        assert office.came.wait(90)
    here.store.engine.dispose()
    assert office.recipients == ["asha@example.org"]
    assert case.reference in office.text()
    assert MARK not in office.text()


def test_the_service_mails_only_where_it_is_set_up_and_never_in_practice() -> None:
    smtp = {"RECOURSE_SMTP_URL": "smtp://localhost"}
    assert not settings_from({}).mails_go
    assert settings_from(smtp).mails_go
    assert not settings_from(smtp, practice=True).mails_go

"""The demo's sample data: enough of everything, made by the real functions, in native words."""

import re
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session as PlainSession
from sqlmodel import col, select

from casework.actors import staff_actor
from casework.audit import events
from casework.categories import CATEGORIES
from casework.db import Session, Store
from casework.deadlines import pausing, sweeping
from casework.errors import BadInput
from casework.lifecycle import OPEN
from casework.media import attachments, files
from casework.messaging import messages, outbox
from casework.models import (
    Attachment,
    AttestedStatement,
    Case,
    CaseEvent,
    Clock,
    Extension,
    Factory,
    Issue,
    Message,
    Outbox,
    Reporter,
    Staff,
    Supply,
)
from casework.office.today import Why, today
from casework.places import find
from casework.vocabulary import (
    CHATS,
    STAFF_ROLES,
    Category,
    Channel,
    Direction,
    FileState,
    MediaKind,
    MessageKind,
    Promise,
    Resolution,
    Role,
    Scope,
    Status,
)
from recourse import sample
from recourse.sample.drawing import draw
from recourse.sample.pen import filled, holes
from recourse.sample.words import LANGUAGES, Words, words
from tests.lived import NOW, Lived

pytestmark = pytest.mark.timeout(300)
_BURMESE = re.compile("[\u1000-\u109f]")
_VIETNAMESE = re.compile("[ăâđêôơưạảấầẩậắằẵặẹẻẽếềểệịỉĩọỏốồổộớờởợụủũứừửữựỳỷỹ]", re.IGNORECASE)


@dataclass(frozen=True)
class Built:
    store: Store
    summary: sample.SampleSummary


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, lived: Lived) -> Iterator[Built]:
    """One database with the sample data, which the tests here only read."""
    with lived.copied(tmp_path_factory.mktemp("sample")) as store:
        yield Built(store, lived.summary)


@pytest.fixture
def session(built: Built) -> Iterator[Session]:
    with built.store.reading() as session:
        yield session


def _all(session: PlainSession) -> list[Case]:
    return list(session.exec(select(Case).order_by(col(Case.id))))


# --- how much there is ----------------------------------------------------------------------


def test_there_are_three_brands_a_dozen_factories_and_three_hundred_cases(built: Built) -> None:
    assert len(built.summary.brands) == 3
    assert len(built.summary.factories) == 12
    assert built.summary.cases == 301  # one of them was taken by phone
    assert 38 <= built.summary.open_cases <= 50


def test_the_factories_stand_in_six_countries_and_work_for_brands_in_both_ways(
    session: Session,
) -> None:
    factories = session.exec(select(Factory)).all()
    assert {factory.country for factory in factories} == {"VN", "ID", "MY", "KH", "BD", "JP"}
    supplies = session.exec(select(Supply)).all()
    assert {supply.scope for supply in supplies} == set(Scope)
    assert max(Counter(supply.factory_id for supply in supplies).values()) >= 2
    assert {supply.factory_id for supply in supplies} == {factory.id for factory in factories}
    assert {supply.tier for supply in supplies} >= {0, 1, 2, 3}


def test_a_factory_is_found_by_its_code_and_by_a_misspelt_name(session: Session) -> None:
    assert find(session, "f-vn7k2").exact
    assert find(session, "monson lily").factories[0].code == "BD3MX"


def test_staff_of_each_role_are_there_with_addresses_that_reach_nobody(built: Built) -> None:
    roles = Counter(staff.role for staff in built.summary.staff)
    assert set(roles) == set(STAFF_ROLES)
    assert roles[Role.HANDLER] == 4
    assert roles[Role.BRAND] == 3
    assert all(staff.email.endswith("@example.org") for staff in built.summary.staff)
    for staff in built.summary.staff:
        assert (staff.role is Role.BRAND) == (staff.brand_id is not None)
    handlers = [staff for staff in built.summary.staff if staff.role is Role.HANDLER]
    assert sum(staff.restricted_pool for staff in handlers) == 1


def test_every_status_and_every_category_is_present(session: Session) -> None:
    found = _all(session)
    assert {case.status for case in found} == set(Status)
    assert {case.category for case in found} == set(Category)
    most = Counter(case.category for case in found).most_common(2)
    assert [category for category, _ in most] == [Category.WAGES, Category.HOURS]
    assert {case.resolution for case in found} == {*Resolution, None}


def test_workers_write_in_four_languages_through_both_channels(session: Session) -> None:
    found = _all(session)
    assert min(Counter(case.language for case in found)[tag] for tag in LANGUAGES) >= 20
    assert min(Counter(case.channel for case in found)[one] for one in CHATS) >= 60


def test_the_history_covers_eighteen_months_and_ends_now(session: Session) -> None:
    times = [event.at for event in session.exec(select(CaseEvent))]
    assert NOW - timedelta(days=549) < min(times) < NOW - timedelta(days=500)
    assert NOW - timedelta(days=1) < max(times) <= NOW
    months = Counter(f"{case.received_at:%Y-%m}" for case in _all(session))
    assert len(months) >= 18


def test_every_case_is_practice(session: Session) -> None:
    assert all(case.practice for case in _all(session))


# --- what it is like ------------------------------------------------------------------------


def test_the_chain_of_every_case_is_whole(session: Session) -> None:
    for case in _all(session):
        assert events.first_broken(case, events.history(session, case.id)) is None, case.reference


def test_events_and_messages_stand_in_the_order_of_time(session: Session) -> None:
    for case in _all(session):
        times = [event.at for event in events.history(session, case.id)]
        assert times == sorted(times)
        assert case.received_at == times[0]
        said = [message.at for message in messages.of_case(session, case.id)]
        assert said == sorted(said)


def test_every_case_has_clocks_and_an_issue_of_its_category(session: Session) -> None:
    clocked = set(session.exec(select(Clock.case_id)))
    issues = {(issue.case_id, issue.category) for issue in session.exec(select(Issue))}
    for case in _all(session):
        assert case.id in clocked
        assert case.category is not None
        assert (case.id, case.category) in issues


def test_some_promises_were_missed_but_most_were_kept(session: Session) -> None:
    clocks = session.exec(select(Clock)).all()
    missed = sum(clock.missed_at is not None for clock in clocks)
    assert 0.02 < missed / len(clocks) < 0.15
    late = [c for c in clocks if c.met_at and c.missed_at is None and c.met_at > c.due_at]
    assert not late


def test_nothing_overdue_is_left_for_the_sweep_to_find(session: Session) -> None:
    assert sweeping.sweep(session, NOW) == 0


def test_the_morning_of_the_supervisor_has_something_in_every_section(
    built: Built, session: Session
) -> None:
    ravi = next(staff for staff in built.summary.staff if staff.role is Role.SUPERVISOR)
    sections = {
        section.why: len(section.rows)
        for section in today(session, staff_actor(ravi), ZoneInfo(ravi.zone), NOW)
    }
    assert set(sections) == set(Why)
    assert sections[Why.OVERDUE] >= 5
    assert sections[Why.TODAY] >= 2
    assert sections[Why.WEEK] >= 5


@pytest.mark.parametrize("day", (22, 23), ids=("Sunday", "Monday"))
def test_on_other_days_too_there_is_work_of_every_kind_before_now(day: int) -> None:
    now = datetime(2026, 11, day, 4, 0, tzinfo=UTC)
    plans = draw(now, 7, 300)
    assert max(step.at for plan in plans for step in plan.steps) < now
    assert max(plan.filed_at for plan in plans) < now
    unopened = [plan for plan in plans if not plan.steps]
    assert len(unopened) >= 5
    assert any(now - plan.filed_at > timedelta(days=2) for plan in unopened)


def test_restricted_cases_are_handled_in_the_restricted_pool_only(session: Session) -> None:
    pool = set(session.exec(select(Staff.id).where(col(Staff.restricted_pool).is_(True))))
    restricted = [case for case in _all(session) if case.restricted]
    assert len(restricted) >= 5
    for case in restricted:
        who = {e.staff_id for e in events.history(session, case.id) if e.staff_id is not None}
        assert who <= pool


def test_some_open_cases_belong_to_nobody_and_some_wait_for_the_worker(session: Session) -> None:
    still_open = [case for case in _all(session) if case.status in OPEN]
    assert 4 <= sum(case.assignee_id is None for case in still_open) <= 18
    assert sum(case.open_question for case in still_open) >= 3
    assert any(case.unread and case.assignee_id is not None for case in still_open)


def test_clocks_pause_and_are_extended_as_in_any_office(session: Session) -> None:
    paused = [case for case in _all(session) if pausing.is_paused(case, NOW)]
    assert 1 <= len(paused) <= 4
    decided = Counter(extension.approved for extension in session.exec(select(Extension)))
    assert decided[True] >= 1
    assert decided[None] >= 1


def test_protection_is_noted_in_most_cases_that_need_it(session: Session) -> None:
    clocks = session.exec(select(Clock).where(Clock.promise == Promise.PROTECTION)).all()
    ended = [clock for clock in clocks if clock.met_at or clock.missed_at]
    assert sum(clock.missed_at is None for clock in ended) / len(ended) > 0.9


def test_an_appeal_is_decided_by_somebody_else(session: Session) -> None:
    appealed = [case for case in _all(session) if case.previous_assignee_id is not None]
    assert len(appealed) >= 5
    assert all(case.assignee_id != case.previous_assignee_id for case in appealed)


# --- what is said ---------------------------------------------------------------------------


def test_no_hole_is_left_open_and_handlers_answer_in_the_workers_language(
    session: Session,
) -> None:
    scripts = {"my": _BURMESE, "vi": _VIETNAMESE}
    # What came by phone is written down, and told, in whatever language both speak.
    by_chat = select(Message).join(Case, col(Case.id) == col(Message.case_id))
    for message in session.exec(by_chat.where(col(Case.channel).in_(CHATS))):
        text = messages.words(session, message)
        assert "{" not in text
        if message.direction is Direction.INTERNAL:
            assert message.kind in (
                MessageKind.NOTE,
                MessageKind.PROTECTION,
                MessageKind.EXTENSION,
                MessageKind.INTERVIEW,
            )
            assert text.isascii()
        elif text and message.language in scripts:
            assert scripts[message.language].search(text), text


def test_triaged_cases_have_an_english_summary(session: Session) -> None:
    summaries = [messages.summary(session, case) for case in _all(session)]
    assert sum(map(bool, summaries)) >= 250
    assert all(text.isascii() and "{" not in text for text in summaries)


def test_stories_hardly_repeat_word_for_word(session: Session) -> None:
    told: Counter[str] = Counter()
    for case in _all(session):
        story = [m for m in messages.of_case(session, case.id) if m.kind is MessageKind.STORY]
        told[" ".join(messages.words(session, message) for message in story)] += 1
    assert max(told.values()) <= 3
    assert len(told) >= 280


def test_attachments_are_clean_pictures_and_sounds_that_can_be_read_again(
    session: Session,
) -> None:
    archived = set(session.exec(select(AttestedStatement.attachment_id)))
    found = session.exec(select(Attachment)).all()
    assert len(found) - len(archived) >= 6
    assert {one.kind for one in found} >= {MediaKind.PHOTO, MediaKind.VOICE}
    for one in found:
        assert one.state is FileState.STORED
        assert (one.case_id is None) == (one.id in archived)
        data = b"".join(attachments.content(session, one))
        assert isinstance(files.inspect(data, one.kind), files.Clean)


# --- what it must not do --------------------------------------------------------------------


def test_nothing_is_left_to_send_to_anybody(session: Session) -> None:
    assert not outbox.any_waiting(session, NOW + timedelta(days=400))
    assert session.exec(select(Outbox)).all()


def test_no_telegram_address_could_be_a_person(session: Session) -> None:
    for reporter in session.exec(select(Reporter)):
        sealed = reporter.address_sealed
        address = session.vault.open_text("reporter", "address_sealed", reporter.id, sealed)
        index = session.vault.index(f"address.{reporter.channel.value}", address)
        assert index == reporter.address_index
        if reporter.channel is Channel.TELEGRAM:
            assert int(address) < 0


def test_it_refuses_a_database_that_holds_something(built: Built) -> None:
    with pytest.raises(BadInput, match="empty database"):
        sample.build(built.store, now=NOW)


# --- what it is drawn from ------------------------------------------------------------------


def test_the_same_seed_draws_the_same_plans_and_another_one_others() -> None:
    assert draw(NOW, 7, 80) == draw(NOW, 7, 80)
    assert draw(NOW, 7, 80) != draw(NOW, 8, 80)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_stories_of_every_category_and_words_for_each(language: str) -> None:
    said = words(language)
    assert {story.topic.category for story in said.stories} == set(Category)
    assert len({story.text for story in said.stories}) == len(said.stories) >= 30
    for story in said.stories:
        for topic in filter(None, (story.topic, story.also)):
            assert topic.kind in CATEGORIES[topic.category].kinds
        for name in ("question", "answer", "reply", "remedy", "outcome"):
            assert said.about(story, name)
        assert len(said.about(story, "question")) == len(said.about(story, "answer"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hole_of_a_story_can_be_filled(language: str) -> None:
    said = words(language)
    for country in said.money:
        found = holes(Random(1), said, country)
        for story in said.stories:
            assert "{" not in filled(story.text, found, language)
            assert "{" not in story.summary.format_map(found)


def test_burmese_numbers_stand_in_burmese_digits() -> None:
    story = next(one for one in words("my").stories if "{months}" in one.text)
    text = filled(story.text, holes(Random(3), words("my"), "MY"), "my")
    assert not set(text) & set(string.digits)


@pytest.mark.parametrize("language", LANGUAGES)
def test_general_sentences_are_there_in_each_language(language: str) -> None:
    said: Words = words(language)
    assert len(said.general("disputed")) == 3
    assert len(said.general("progress")) == 3
    assert len(said.general("rejected")) == 3
    assert len(said.general("unsaid")) == 2

"""Batches of updates: each taken in exactly once, all of it on disk before anything is answered."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from bot import notices, unasked
from bot.doors import Happening, Incoming, Reachability, RemoteFile, Reply, Upload
from bot.forgetting import DRAFTS_LAST, forget_drafts, prune_seen
from bot.rendering import Rendered, render
from bot.turns import Command, Edited, Pressed, Started, Text
from casework.db import Store
from casework.media import attachments
from casework.messaging import outbox
from casework.models import (
    Attachment,
    Case,
    FailedUpdate,
    FileChunk,
    Reporter,
    SeenUpdate,
)
from casework.vocabulary import Channel, Contact, FileState, MediaKind, MessageKind, Notice
from tests.conftest import Cast
from tests.door import (
    FILING,
    STORY,
    TELLING,
    Door,
    cases_of,
    count,
    outbox_of,
    reporter_of,
    stories,
    talk_of,
    tamper,
    texts,
    told,
)

THIRI, NILAR, MAYA = "8001", "8002", "8003"
TRY_AGAIN = render(notices.say(Notice.TRY_AGAIN), "en", "").text
UNKEEPABLE = Upload(MediaKind.PHOTO, b"zebrafish", "x" * 81, "zebrafish")
"""Its type is longer than its column: the database's model refuses it, whatever the dialogue says."""
FIRST = "Choose your language."


@pytest.fixture
def door(store: Store, cast: Cast, now: datetime) -> Door:
    return Door(store, now)


@pytest.fixture
def any_door(any_store: Store, any_cast: Cast, now: datetime) -> Door:
    return Door(any_store, now)


# --- delivered again ------------------------------------------------------------------------------


def test_a_whole_complaint_in_one_batch_is_filed_and_answered_in_order(any_door: Door) -> None:
    replies = any_door.take(*any_door.updates(THIRI, FILING))
    assert [reply.address for reply in replies] == [THIRI]
    said = texts(replies)
    assert len(said) == len(FILING)
    case, *more = cases_of(any_door.store, THIRI)
    assert not more
    assert said[0].startswith(FIRST)
    assert case.reference in said[-1]
    assert told(any_door.store, case) == [(MessageKind.STORY, STORY)]


def test_an_update_delivered_again_is_answered_the_same_and_changes_nothing(any_door: Door) -> None:
    any_door.each(THIRI, *TELLING)
    last = any_door.update(THIRI, FILING[-1])
    first = any_door.take(last)
    before = talk_of(any_door.store, THIRI).chat
    assert any_door.take(last) == first
    assert any_door.take(last, last) == first
    assert talk_of(any_door.store, THIRI).chat == before
    assert len(cases_of(any_door.store, THIRI)) == 1


def test_an_update_twice_in_one_batch_counts_once(any_door: Door) -> None:
    any_door.each(THIRI, *TELLING)
    last = any_door.update(THIRI, FILING[-1])
    assert len(texts(any_door.take(last, last))) == 1
    assert len(cases_of(any_door.store, THIRI)) == 1


def test_two_updates_of_a_chat_are_answered_in_order_and_both_again_when_delivered_again(
    any_door: Door,
) -> None:
    any_door.each(THIRI, *FILING[:2])
    both = any_door.updates(THIRI, FILING[2:4])
    first = texts(any_door.take(*both))
    assert len(first) == 2
    assert texts(any_door.take(*both)) == first
    # Part of it confirmed, the rest again, and something new behind it.
    newest = any_door.update(THIRI, FILING[4])
    said = texts(any_door.take(both[1], newest))
    assert said[:2] == first
    assert len(said) == 3


def test_an_old_update_delivered_again_behind_a_newer_one_says_nothing(door: Door) -> None:
    old, newer = door.updates(THIRI, FILING[:2])
    door.take(old)
    said = texts(door.take(newer))
    before = talk_of(door.store, THIRI).chat
    assert door.take(old) == []
    assert talk_of(door.store, THIRI).chat == before
    assert texts(door.take(newer)) == said


def test_somebody_known_who_never_talked_here_is_talked_to(any_door: Door, any_cast: Cast) -> None:
    # Htwe was entered by a handler who took her complaint on the phone.
    replies = any_door.take(any_door.update("990001", Started()))
    assert [reply.reporter_id for reply in replies] == [any_cast.htwe.id]
    assert count(any_door.store, Reporter) == 1


def test_ids_of_updates_are_forgotten_after_two_days_and_not_before(door: Door) -> None:
    door.take(door.update(THIRI, FILING[0]))
    prune_seen(door.store, door.now + timedelta(days=2))
    assert count(door.store, SeenUpdate) == 1
    prune_seen(door.store, door.now + timedelta(days=2, seconds=1))
    assert count(door.store, SeenUpdate) == 0


# --- one update fails -----------------------------------------------------------------------------


def failed(store: Store) -> list[tuple[str, str, str]]:
    """Key, kind of error and words of what could not be taken in."""
    with store.reading() as session:
        return [
            (f.key, f.error, session.vault.open_text("failedupdate", "sealed", f.id, f.sealed))
            for f in session.exec(select(FailedUpdate))
        ]


def test_what_fails_is_kept_sealed_its_worker_asked_again_and_the_others_go_on(
    any_door: Door,
) -> None:
    for worker in (THIRI, NILAR, MAYA):
        any_door.each(worker, *FILING[:6])
    tamper(any_door.store, NILAR)
    batch = [any_door.update(w, Text(f"{w}: {STORY}")) for w in (THIRI, NILAR, MAYA)]
    replies = {reply.address: texts([reply]) for reply in any_door.take(*batch)}
    assert replies[NILAR] == [TRY_AGAIN]
    assert TRY_AGAIN not in replies[THIRI] + replies[MAYA]
    ((key, error, words),) = failed(any_door.store)
    assert (key, error) == (batch[1].key, "Unsealable")
    assert f"{NILAR}: {STORY}" in words

    again = {reply.address: texts([reply]) for reply in any_door.take(*batch)}
    assert again == replies
    assert len(failed(any_door.store)) == 1
    # Each can finish: Nilar from the start, the others where they are.
    any_door.each(NILAR, *FILING)
    any_door.each(THIRI, FILING[-1])
    any_door.each(MAYA, FILING[-1])
    assert sorted(stories(any_door.store)) == sorted(
        [STORY, f"{THIRI}: {STORY}", f"{MAYA}: {STORY}"]
    )


def test_with_a_case_the_lost_conversation_begins_at_home_and_the_case_is_untouched(
    door: Door,
) -> None:
    case = door.file(THIRI)
    photo = RemoteFile(MediaKind.PHOTO, "file-1")
    door.each(THIRI, Pressed("home", ".new"), *FILING[3:6], photo)
    assert count(door.store, Attachment) == 1
    tamper(door.store, THIRI)
    assert door.each(THIRI, Text("And more.")) == [TRY_AGAIN]
    assert talk_of(door.store, THIRI).chat.step == "home"
    assert count(door.store, Attachment) == 0, "a file that no draft knows would stay for ever"
    assert case.reference in door.each(THIRI, Command("cases"))[0]


def test_a_failing_update_between_others_of_its_chat_leaves_all_answers_in_order(
    any_door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    any_door.each(THIRI, *FILING[:6])
    batch = any_door.updates(THIRI, [Text(STORY), UNKEEPABLE, FILING[-1]])
    other = any_door.update(NILAR, FILING[0])
    replies = {reply.address: texts([reply]) for reply in any_door.take(*batch, other)}
    (case,) = cases_of(any_door.store, THIRI)
    first, second, third = replies[THIRI]
    assert second == TRY_AGAIN
    assert case.reference in third
    assert replies[NILAR][0].startswith(FIRST)
    assert told(any_door.store, case) == [(MessageKind.STORY, STORY)]
    again = {reply.address: texts([reply]) for reply in any_door.take(*batch, other)}
    assert again[THIRI] == [first, second, third]
    assert len(failed(any_door.store)) == 1
    assert "zebrafish" not in caplog.text


def test_what_the_database_itself_refuses_blocks_nobody(door: Door) -> None:
    door.each(THIRI, *TELLING)
    with door.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON \"case\" BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    batch = [door.update(THIRI, FILING[-1]), door.update(NILAR, FILING[0])]
    replies = {reply.address: texts([reply]) for reply in door.take(*batch)}
    assert replies[THIRI] == [TRY_AGAIN]
    assert replies[NILAR][0].startswith(FIRST)
    assert [error for _, error, _ in failed(door.store)] == ["IntegrityError"]
    with door.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER no")
    door.each(THIRI, FILING[-1])
    assert stories(door.store) == [STORY]


def test_while_the_database_is_away_nothing_is_taken_in_and_all_of_it_later(door: Door) -> None:
    batch = [door.update(w, FILING[0]) for w in (THIRI, NILAR)]
    _rename(door.store, "seenupdate", "gone")
    with pytest.raises(sa.exc.OperationalError):
        door.take(*batch)
    _rename(door.store, "gone", "seenupdate")
    assert count(door.store, FailedUpdate) == 0
    assert [reply.address for reply in door.take(*batch)] == [THIRI, NILAR]


def _rename(store: Store, old: str, new: str) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


def test_the_page_of_a_web_chat_keeps_its_buttons_when_something_fails(
    store: Store, cast: Cast, now: datetime
) -> None:
    door = Door(store, now, Channel.WEB)
    door.each("a code", *FILING[:6])
    door.each("a code", UNKEEPABLE)
    talk = talk_of(store, "a code", Channel.WEB)
    assert talk.transcript[-1].text == TRY_AGAIN
    assert talk.said[-2].rows, "the open question keeps its buttons"
    door.each("a code", Text(STORY), FILING[-1])
    assert stories(store) == [STORY]


# --- a reply that did not get through -------------------------------------------------------------


def test_what_she_was_not_told_comes_before_the_next_answer_and_only_once(any_door: Door) -> None:
    store, now = any_door.store, any_door.now
    any_door.each(THIRI, *TELLING)
    sending = any_door.update(THIRI, FILING[-1])
    (filed,) = any_door.take(sending)
    unasked.repeat_later(store, filed, now)
    unasked.repeat_later(store, filed, now)
    assert [e.notice for e in outbox_of(store, filed.reporter_id)] == [Notice.REPEAT]

    said = texts(any_door.take(any_door.update(THIRI, Command("help"))))
    assert said[0] == filed.said[-1].text
    assert len(said) == 2
    assert outbox_of(store, filed.reporter_id) == [], "it is said; the outbox need not say it again"
    assert len(texts(any_door.take(any_door.update(THIRI, Command("help"))))) == 1


def test_delivered_again_a_reply_that_is_owed_is_said_and_owed_no_more(door: Door) -> None:
    update = door.update(THIRI, FILING[0])
    (reply,) = door.take(update)
    unasked.repeat_later(door.store, reply, door.now)
    assert door.take(update) == [reply]
    assert outbox_of(door.store, reply.reporter_id) == []


def test_after_a_long_silence_she_is_told_the_newest_not_everything(door: Door) -> None:
    (reply,) = door.take(door.update(THIRI, FILING[0]))
    for _ in range(12):
        unasked.repeat_later(door.store, reply, door.now)
        (reply,) = door.take(door.update(THIRI, Command("help")))
    assert 2 <= len(reply.said) <= 8


def test_who_blocked_the_bot_is_told_when_she_is_back(door: Door) -> None:
    (reply,) = door.take(door.update(THIRI, FILING[0]))
    unasked.mark_unreachable(door.store, reply, door.now)
    assert reporter_of(door.store, THIRI).unreachable_since == door.now
    (waiting,) = outbox_of(door.store, reply.reporter_id)
    assert waiting.reason == outbox.UNREACHABLE
    assert door.take(door.update(THIRI, Reachability(True))) == []
    assert reporter_of(door.store, THIRI).unreachable_since is None
    (woken,) = outbox_of(door.store, reply.reporter_id)
    assert woken.failed_at is None


# --- what is forgotten ----------------------------------------------------------------------------


def test_an_unfinished_complaint_is_forgotten_after_72_hours_with_its_files(any_door: Door) -> None:
    store, now = any_door.store, any_door.now
    any_door.each(THIRI, *TELLING, RemoteFile(MediaKind.VOICE, "file-1"))
    reporter = reporter_of(store, THIRI)
    with store.writing() as session:
        photo = attachments.received(
            session, reporter.id, MediaKind.PHOTO, b"x" * 100_000, "image/jpeg", now
        )
        assert photo.state is FileState.STORED
    filed = any_door.file(NILAR)

    assert forget_drafts(store, now + DRAFTS_LAST) == 0
    assert count(store, Attachment) == 2
    assert forget_drafts(store, now + DRAFTS_LAST + timedelta(seconds=1)) == 1
    assert count(store, Attachment) == count(store, FileChunk) == 0
    talk = talk_of(store, THIRI)
    assert not talk.chat.draft.parts
    assert not talk.said
    assert cases_of(store, NILAR) == [filed]

    any_door.now = now + timedelta(days=4)
    (said,) = any_door.each(THIRI, Text("Hello?"))
    assert FIRST in said
    any_door.file(THIRI)
    assert stories(store) == [STORY, "Hello?", STORY], "also her first words belong to the story"


def test_with_a_case_her_next_message_after_that_is_met_at_home(door: Door) -> None:
    door.file(THIRI)
    door.each(THIRI, Pressed("home", ".new"), *FILING[3:7])
    forget_drafts(door.store, door.now + timedelta(days=4))
    door.now += timedelta(days=4)
    (said,) = door.each(THIRI, Text("Hello?"))
    assert TRY_AGAIN not in said
    assert talk_of(door.store, THIRI).chat.filed


def test_what_can_not_be_read_is_forgotten_too_and_holds_up_nobody(door: Door) -> None:
    for worker in (THIRI, NILAR, MAYA):
        door.each(worker, *TELLING)
    tamper(door.store, NILAR)
    assert forget_drafts(door.store, door.now + timedelta(days=4)) == 3
    assert forget_drafts(door.store, door.now + timedelta(days=4)) == 0


def test_however_many_drafts_there_are_one_run_forgets_them_all(door: Door) -> None:
    workers = [str(9000 + n) for n in range(130)]
    for what in FILING[:7]:
        door.take(*(door.update(worker, what) for worker in workers))
    assert forget_drafts(door.store, door.now + timedelta(days=4)) == 130


def test_news_on_her_page_does_not_prolong_the_life_of_a_draft(
    store: Store, cast: Cast, now: datetime
) -> None:
    door = Door(store, now, Channel.WEB)
    door.each("a code", *TELLING)
    reporter = reporter_of(store, "a code", Channel.WEB)
    with store.writing() as session:
        unasked.append_unasked(session, reporter, [Rendered("News.")], now + timedelta(days=3))
    assert forget_drafts(store, now + DRAFTS_LAST + timedelta(seconds=1)) == 1


# --- edits, garbage, facts about her --------------------------------------------------------------


def test_an_edit_before_filing_stands_in_the_story_and_one_after_it_in_the_case(door: Door) -> None:
    door.each(THIRI, *FILING[:6], Text(STORY, source="41"), Edited("Three months.", source="41"))
    door.each(THIRI, FILING[-1])
    (case,) = cases_of(door.store, THIRI)
    assert told(door.store, case) == [
        (MessageKind.STORY, STORY),
        (MessageKind.STORY, "Three months."),
    ]
    late = door.update(THIRI, Edited("Four months.", source="41"))
    door.take(late)
    door.take(late)
    assert told(door.store, case)[2:] == [(MessageKind.AMENDMENT, "Four months.")]


@pytest.mark.parametrize(
    "what",
    [
        Pressed("danger", "x" * 60),
        Pressed("no such step", "no"),
        Pressed("case", "open:RC-AAAA-AAAA"),
        Pressed("case", "withdraw:RC-AAAA-AAAA"),
        Pressed("", ".nothing"),
        Command("no_such_command"),
        Started("F-NOSUCH"),
        Started("F-" + "9" * 60),
        Started("\0"),
        Text("\0"),
    ],
    ids=repr,
)
def test_garbage_gets_an_answer_and_loses_nothing(any_door: Door, what: Happening) -> None:
    any_door.each(THIRI, *TELLING)
    (said,) = any_door.each(THIRI, what)
    assert said
    assert TRY_AGAIN not in said
    assert STORY in [part.text for part in talk_of(any_door.store, THIRI).chat.draft.parts]


def test_an_unknown_poster_leads_to_the_question_for_the_factory(any_door: Door) -> None:
    any_door.each(THIRI, Started("F-NOSUCH", "en"), *FILING[1:4])
    assert talk_of(any_door.store, THIRI).chat.step.startswith("factory")


def test_another_s_case_is_nobody_else_s(door: Door) -> None:
    case = door.file(THIRI)
    door.file(NILAR)
    for verb in ("open", "answer", "confirm", "dispute", "withdraw", "add", "appeal"):
        (said,) = door.each(NILAR, Pressed("case", f"{verb}:{case.reference}"))
        assert STORY not in said
    door.each(NILAR, Text("This is not for Thiri's case at all."))
    assert told(door.store, case) == [(MessageKind.STORY, STORY)]


def test_safe_hours_stay_in_the_zone_they_were_told_in(door: Door) -> None:
    door.file(THIRI)
    row = reporter_of(door.store, THIRI).id
    with door.store.writing() as session:
        reporter = session.get_one(Reporter, row)
        reporter.contact, reporter.zone = Contact.SAFE_HOURS, "Asia/Kathmandu"
        reporter.safe_from, reporter.safe_to = time(20), time(23)
    # A second complaint in a hurry, from a factory elsewhere, without the question for contact.
    door.each(THIRI, Started("F-GT7KM"), Pressed("home", ".new"), *FILING[3:])
    assert len(cases_of(door.store, THIRI)) == 2
    reporter = reporter_of(door.store, THIRI)
    assert (reporter.contact, reporter.safe_from) == (Contact.SAFE_HOURS, time(20))
    assert reporter.zone == "Asia/Kathmandu"


# --- two processes --------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(3))
def test_two_processes_that_take_the_same_updates_do_each_exactly_once(
    postgres_store: Store, now: datetime, seed: int
) -> None:
    """Every update reaches both at the same moment, in batches cut and ordered differently."""
    store = postgres_store
    Cast(store, now)
    door = Door(store, now)
    chance = random.Random(seed)
    workers = [str(7000 + n) for n in range(26)]
    rounds = [[door.update(worker, what) for worker in workers] for what in FILING]
    assert sum(map(len, rounds)) > 200
    together = threading.Barrier(2)

    def process(orders: list[list[list[Incoming]]]) -> list[Reply]:
        replies: list[Reply] = []
        for batches in orders:
            together.wait(60)
            for batch in batches:
                replies += _until_taken(door, batch)
        return replies

    orders = [[_cut(one, chance) for one in rounds] for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answered = list(pool.map(process, orders))

    assert count(store, Reporter) == len(workers) + 1  # and Htwe
    assert count(store, Case) == len(workers)
    assert stories(store) == [STORY] * len(workers)
    assert count(store, FailedUpdate) == 0
    for worker in workers:
        (case,) = cases_of(store, worker)
        for replies in answered:
            mine = [text for reply in replies if reply.address == worker for text in texts([reply])]
            assert case.reference in mine[-1]
            assert Counter(mine).most_common(1)[0][1] <= 3, "said again and again"


def _cut(updates: list[Incoming], chance: random.Random) -> list[list[Incoming]]:
    """The updates in some order, in batches of some sizes."""
    left = chance.sample(updates, len(updates))
    batches = []
    while left:
        size = chance.randint(1, 12)
        batches.append(left[:size])
        left = left[size:]
    return batches


def _until_taken(door: Door, batch: list[Incoming]) -> list[Reply]:
    """What was not confirmed is delivered again."""
    for _ in range(20):
        try:
            return door.take(*batch)
        except sa.exc.OperationalError:
            continue
    raise AssertionError("The two block each other for ever.")


@pytest.mark.postgres
def test_two_processes_that_share_the_chats_of_many_workers_keep_each_in_order(
    postgres_store: Store, now: datetime
) -> None:
    """A webhook hands the next update of a chat to whichever process is free."""
    store = postgres_store
    Cast(store, now)
    door = Door(store, now)
    workers = [str(7000 + n) for n in range(30)]
    paths = {worker: door.updates(worker, FILING) for worker in workers}

    def work(worker: str) -> list[str]:
        said = []
        for update in paths[worker]:
            said += texts(_until_taken(door, [update]))
        return said

    with ThreadPoolExecutor(8) as pool:
        answers = dict(zip(workers, pool.map(work, workers), strict=True))
    for worker in workers:
        (case,) = cases_of(store, worker)
        assert len(answers[worker]) == len(FILING)
        assert case.reference in answers[worker][-1]
    assert count(store, FailedUpdate) == 0

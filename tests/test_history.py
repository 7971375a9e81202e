"""What was said, whole; a new grievance that joins no old case; and how she was treated."""

import re
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import history
from bot.rendering import Rendered
from bot.turns import Part, Pressed, SaidLine, Text
from casework import filing
from casework.cases import by_reference
from casework.db import Store
from casework.errors import NotAllowed
from casework.filing import Piece
from casework.lifecycle import ENDED
from casework.models import Case
from casework.vocabulary import Action, MediaKind, MessageKind, Status, Treatment
from tests.conftest import Cast
from tests.desk import Desk
from tests.door import FILING, STORY, Door, cases_of, reporter_of, talk_of, told
from tests.phone import FILED_ON, Phone

FIRST = "RC-0001-TEST"
NEWS = "Now they took away my passport, in another factory than before."


def last_of(store: Store, address: str) -> Rendered:
    return talk_of(store, address).said[-1]


# --- pages ------------------------------------------------------------------------------------------


@given(
    st.lists(
        st.builds(
            SaidLine,
            hers=st.booleans(),
            on=st.just(FILED_ON),
            words=st.text("ab \n", max_size=4000),
            kind=st.none() | st.sampled_from(MediaKind),
        ),
        max_size=12,
    )
)
def test_the_pages_hold_every_word_in_order_and_none_is_too_long(said: list[SaidLine]) -> None:
    pages = history.paged(said)
    whole = "".join("".join(line.words.split()) for page in pages for line in page)
    assert whole == "".join("".join(line.words.split()) for line in said)
    assert sum(line.kind is not None for page in pages for line in page) == sum(
        line.kind is not None for line in said
    )
    assert pages
    for page in pages:
        assert sum(len(line.words) for line in page) <= history.PAGE
    for page, after in pairwise(pages):
        assert page
        assert after, "no page in between is empty"


def test_she_reads_all_that_was_said_with_who_and_when() -> None:
    anna = Phone().at_story().file(MediaKind.VOICE).send("They did not pay us.").press("send")
    anna.world.cases[FIRST].answers = ["We have asked the office."]
    anna.press("add", "open", "said")
    lines = anna.text.splitlines()
    assert lines[0] == "What was said"
    assert "🗣️ You, 20 November 2026:" in lines
    assert "🎤 a voice message" in lines
    assert lines.index("They did not pay us.") < lines.index("💬 We, 24 November 2026:")
    assert lines[-1] == "We have asked the office."


def test_the_case_page_quotes_only_the_last_words() -> None:
    anna = Phone().filed("They did not pay us.").press("add").send("Not in March either.")
    anna.press("open")
    assert "— Not in March either." in anna.text
    assert "They did not pay us." not in anna.text


def test_a_long_history_is_read_page_by_page_from_the_newest() -> None:
    anna = Phone().filed("first " + "a" * 900)
    anna.world.cases[FIRST].parts = [Part("second " + "b" * 900)]
    anna.world.cases[FIRST].answers = ["third " + "c" * 900]
    anna.press("add", "open", "said")
    assert "Page 3 of 3" in anna.text
    assert "third" in anna.text
    anna.press(f"said:{FIRST}:1")
    assert "Page 2 of 3" in anna.text
    assert "second" in anna.text
    assert {f"said:{FIRST}:0", f"said:{FIRST}:2"} <= set(anna.values)
    anna.press(f"said:{FIRST}:0")
    assert "first" in anna.text
    assert f"said:{FIRST}:-1" not in anna.values


def test_help_and_another_language_leave_her_on_her_page() -> None:
    anna = Phone().filed("first " + "a" * 1400).press("add").send("second " + "b" * 1400)
    anna.press("open", "said", f"said:{FIRST}:0").command("help")
    assert "first" in anna.text
    anna.press(".language", "en")
    assert "first" in anna.text
    assert anna.press(".back").chat.step == "case"


def test_the_history_of_a_case_that_is_not_hers_is_not_shown() -> None:
    anna = Phone().filed().old("said|said:RC-0009-TEST")
    assert "cannot find this case" in anna.text
    assert anna.chat.step == "home"


def test_what_was_said_to_her_is_never_cut_off(
    any_store: Store, any_cast: Cast, any_desk: Desk, now: datetime
) -> None:
    door = Door(any_store, now)
    door.each("551", *FILING)
    (case,) = cases_of(any_store, "551")
    long = " ".join(f"word{number}" for number in range(900))
    any_desk.act(case.reference, Action.REPLY, now, long)
    any_desk.act(case.reference, Action.NOTE, now, "Only for colleagues.")
    (newest,) = door.each("551", Pressed("x", f"said:{case.reference}"))
    found = re.search(r"of (\d+)", newest)
    assert found
    pages = int(found[1])
    assert pages > 4
    read = [
        door.each("551", Pressed("x", f"said:{case.reference}:{page}"))[0] for page in range(pages)
    ]
    assert re.findall(r"word\d+", " ".join(read)) == long.split()
    assert STORY in read[0]
    assert "Only for colleagues" not in " ".join(read)


# --- a new grievance never joins an old case ----------------------------------------------------------


def test_a_new_problem_becomes_a_new_case_and_the_old_one_stays_as_it_was() -> None:
    anna = Phone().filed().start().press(".new", "worker", "skip", "DOC", "no").send(NEWS)
    anna.press("send")
    assert len(anna.world.cases) == 2
    assert anna.world.cases[FIRST].parts == []


@pytest.mark.parametrize("step", ["filed", "home", "cases", "case", "said", "receipt", "withdraw"])
def test_what_she_tells_after_filing_joins_no_case_before_she_says_so(step: str) -> None:
    anna = Phone().filed()
    verb = {"case": "open", "said": "said", "receipt": "receipt", "withdraw": "withdraw"}
    if step in verb:
        anna.old(f"x|{verb[step]}:{FIRST}")
    elif step != "filed":
        anna.command(step)
    anna.send(NEWS)
    assert anna.chat.step == "about"
    assert anna.world.cases[FIRST].parts == []
    anna.press("new")
    assert [part.text for part in anna.chat.draft.parts] == [NEWS]


@pytest.mark.parametrize("verb", ["add", "answer", "dispute", "appeal"])
def test_what_she_tells_a_day_after_she_added_to_a_case_is_asked_about_first(
    verb: str, store: Store, cast: Cast, now: datetime
) -> None:
    door = Door(store, now)
    door.each("551", *FILING)
    (case,) = cases_of(store, "551")
    door.each("551", Pressed("x", f"{verb}:{case.reference}"))
    door.now = now + timedelta(hours=24)
    (asked,) = door.each("551", Text(NEWS))
    assert "about one of your cases, or about something new" in asked
    assert told(store, case) == [(MessageKind.STORY, STORY)]
    door.each("551", Pressed("about", "new"))
    assert [part.text for part in talk_of(store, "551").chat.draft.parts] == [NEWS]


def test_what_she_adds_soon_after_goes_on_where_she_stopped(
    store: Store, cast: Cast, now: datetime
) -> None:
    door = Door(store, now)
    door.each("551", *FILING)
    (case,) = cases_of(store, "551")
    door.each("551", Pressed("x", f"add:{case.reference}"))
    for _ in range(3):
        door.now += timedelta(hours=23)
        door.each("551", Text("And they did not pay us in May either."))
    assert len(told(store, case)) == 4


# --- how she was treated --------------------------------------------------------------------------------


def closed() -> Phone:
    anna = Phone().filed()
    anna.world.cases[FIRST].status = Status.CLOSED
    return anna.old(f"x|open:{FIRST}")


def test_when_a_case_has_ended_she_says_with_a_face_how_she_was_treated() -> None:
    anna = closed().press("rate")
    assert [button.label[0] for button in anna.buttons[:3]] == ["😀", "😐", "🙁"]
    anna.press("well")
    assert "Thank you" in anna.text
    assert anna.world.cases[FIRST].treatment is Treatment.WELL
    anna.press("rate", "so-so")
    assert anna.world.cases[FIRST].treatment is Treatment.SO_SO


def test_who_was_treated_badly_is_offered_to_tell_why_and_another_person() -> None:
    anna = closed().press("rate", "badly")
    assert "We are sorry" in anna.text
    assert {f"add:{FIRST}", f"appeal:{FIRST}"} <= set(anna.values)
    assert anna.press("appeal").chat.step == "appeal"


def test_while_a_case_is_open_there_is_nothing_to_rate() -> None:
    anna = Phone().filed().press("add", "open")
    assert f"rate:{FIRST}" not in anna.values
    anna.old(f"case|rate:{FIRST}").press("well")
    assert "when the case has ended" in anna.text
    assert anna.world.cases[FIRST].treatment is None


def rate(store: Store, reference: str, treatment: Treatment, now: datetime) -> Case:
    with store.writing() as session:
        case = by_reference(session, reference, lock=True)
        assert case is not None
        return filing.rate(session, case, treatment, now=now)


def test_how_she_was_treated_is_kept_can_be_changed_and_stands_in_the_chain_as_a_code(
    any_store: Store, any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, Piece(STORY))
    with pytest.raises(NotAllowed):
        rate(any_store, reference, Treatment.WELL, now)
    any_desk.walk(reference, now, Action.ACKNOWLEDGE, Action.REFER)
    assert any_desk.case(reference).status in ENDED
    with any_store.writing() as session:
        filed = by_reference(session, reference, lock=True)
        assert filed
        filed.unread = False
    rate(any_store, reference, Treatment.WELL, now)
    assert not any_desk.case(reference).unread
    rate(any_store, reference, Treatment.BADLY, now)
    case = any_desk.case(reference)
    assert case.treatment is Treatment.BADLY
    assert case.unread, "a handler should see this"
    rated = [event for event in any_desk.events(reference) if event.action is Action.RATE]
    assert [event.data for event in rated] == [{"treatment": "well"}, {"treatment": "badly"}]


def test_the_case_page_shows_her_own_answer(
    any_store: Store, any_cast: Cast, any_desk: Desk, now: datetime
) -> None:
    door = Door(any_store, now)
    door.each("551", *FILING)
    (case,) = cases_of(any_store, "551")
    any_desk.walk(case.reference, now, Action.ACKNOWLEDGE, Action.REFER)
    door.each("551", Pressed("x", f"rate:{case.reference}"), Pressed("rate", "so-so"))
    assert any_desk.case(case.reference).treatment is Treatment.SO_SO
    assert reporter_of(any_store, "551").id == case.reporter_id
    (shown,) = door.each("551", Pressed("x", f"open:{case.reference}"))
    assert "😐 How you were treated, as you told us: So-so" in shown
    assert any(
        button.data.endswith(f"rate:{case.reference}")
        for row in last_of(any_store, "551").rows
        for button in row
    )

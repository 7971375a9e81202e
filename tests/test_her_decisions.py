"""What a worker decides about her case, over HTTP and on both databases: withdraw, confirm, dispute,
appeal; each by buttons alone, from My cases."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from casework.models import Case
from casework.vocabulary import Action, MessageKind, Resolution, Status
from tests.botapi import BotApi, Phone
from tests.bothouse import Clock, Polling
from tests.desk import Desk
from tests.door import told

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

REFERENCE = re.compile(r"RC-[0-9A-Z]{4}-[0-9A-Z]{4}")
STORY = "Nobody was paid for two months."
REASON = "They paid one month only, not two."
UNTIL_OUTCOME = (
    Action.ACKNOWLEDGE,
    Action.ASSESS,
    Action.INVESTIGATE,
    Action.PROPOSE_REMEDY,
    Action.CONCLUDE,
)


class Her:
    """A worker with a phone and one case, and the desk where it is worked on."""

    def __init__(self, desk: Desk, api: BotApi, clock: Clock) -> None:
        self.desk, self.api, self.clock = desk, api, clock
        self.phone: Phone = api.phone(language="en")
        self.phone.start(f"F-{desk.cast.golden_thread.code}")
        for button in ("language|en", "welcome|yes", "who|worker", "category|WAG", "danger|no"):
            self.phone.press(button)
        self.phone.wait_for(lambda m: "story|" in str(m.rows))
        self.phone.send(STORY)
        self.phone.press("story|send")
        said = self.phone.wait_for(lambda m: bool(REFERENCE.search(m.text))).text
        found = REFERENCE.search(said)
        assert found
        self.reference = found.group()

    def opens_her_case(self) -> None:
        self.phone.send("/cases")
        self.phone.press(f"open:{self.reference}")
        self.phone.answer()

    def presses(self, *buttons: str) -> str:
        for button in buttons:
            self.phone.press(button)
        said = self.phone.answer().text
        self.api.wait_idle()
        return said

    def case(self) -> Case:
        return self.desk.case(self.reference)

    def handled(self, *actions: Action) -> None:
        self.desk.walk(self.reference, self.clock(), *actions)


@pytest.fixture
def her(any_desk: Desk, now: datetime) -> Iterator[Her]:
    clock = Clock(now)
    with BotApi() as api, Polling(api, any_desk.store, clock):
        yield Her(any_desk, api, clock)


def test_she_takes_her_complaint_back(her: Her) -> None:
    her.handled(Action.ACKNOWLEDGE)
    her.opens_her_case()
    asked = her.presses(f"withdraw:{her.reference}")
    assert her.reference in asked
    assert her.case().status is Status.ACKNOWLEDGED, "Nothing happens before she says yes."
    her.presses(f"take-back:{her.reference}")
    case = her.case()
    assert case.status is Status.WITHDRAWN
    assert case.next_due_at is None
    assert her.desk.actions(her.reference)[-1] is Action.WITHDRAW
    # She may still tell more, or come with something new.
    her.opens_her_case()
    assert her.phone.last.button(f"add:{her.reference}")
    assert not her.phone.last.button(f"withdraw:{her.reference}")


def test_a_question_she_answered_by_voice_looks_open_no_more(her: Her) -> None:
    her.handled(Action.ACKNOWLEDGE, Action.ASK)
    her.opens_her_case()
    assert "We have a question for you: We looked into it." in her.phone.last.text
    her.presses(f"answer:{her.reference}")
    her.phone.voice(b"OggS and her voice")
    her.phone.wait_for("added it to your case")
    her.opens_her_case()
    assert "A person has read it." in her.phone.last.text
    assert "We looked into it." not in her.phone.last.text


def test_a_button_pressed_twice_is_answered_twice_with_what_is_true(her: Her) -> None:
    her.handled(Action.ACKNOWLEDGE)
    her.opens_her_case()
    her.presses(f"withdraw:{her.reference}")
    asked = her.phone.last
    for _ in range(2):
        her.phone.press(f"take-back:{her.reference}", message=asked)
        her.phone.answer()
        her.api.wait_idle()
        assert "You took your complaint back." in her.phone.messages[-2].text
    assert her.desk.actions(her.reference).count(Action.WITHDRAW) == 1


def test_she_confirms_that_it_was_put_right(her: Her) -> None:
    her.handled(*UNTIL_OUTCOME)
    her.opens_her_case()
    her.presses(f"confirm:{her.reference}")
    assert (her.case().status, her.case().resolution) == (Status.RESOLVED, Resolution.CONFIRMED)


def test_she_disputes_the_remedy_in_her_own_words_and_another_person_takes_it_up(her: Her) -> None:
    her.handled(*UNTIL_OUTCOME)
    her.opens_her_case()
    her.presses(f"dispute:{her.reference}")
    her.phone.send(REASON)
    her.phone.answer()
    her.api.wait_idle()
    case = her.case()
    assert case.status is Status.APPEALED
    assert case.previous_assignee_id == her.desk.cast.asha.id
    assert (MessageKind.REASON, REASON) in told(her.desk.store, case)
    # Pressing the old button once more changes nothing and is answered.
    before = her.desk.actions(her.reference)
    her.phone.press(f"confirm:{her.reference}", message=her.phone.find("confirm:"))
    her.phone.answer()
    her.api.wait_idle()
    assert her.desk.actions(her.reference) == before


def test_she_appeals_without_a_reason_and_the_one_who_decided_may_not_decide_again(
    her: Her,
) -> None:
    her.handled(Action.ACKNOWLEDGE, Action.REJECT)
    her.clock.forward(days=29)
    her.opens_her_case()
    her.presses(f"appeal:{her.reference}", "appeal|send")
    case = her.case()
    assert case.status is Status.APPEALED
    assert case.previous_assignee_id == her.desk.cast.asha.id


def test_after_thirty_days_an_appeal_is_too_late_but_her_words_still_arrive(her: Her) -> None:
    her.handled(Action.ACKNOWLEDGE, Action.REJECT)
    her.opens_her_case()
    her.presses(f"appeal:{her.reference}")
    her.clock.forward(days=31)
    her.phone.send(REASON)
    # So long after the question it is asked what her words belong to.
    her.phone.press(f"add:{her.reference}")
    her.phone.answer()
    her.api.wait_idle()
    case = her.case()
    assert case.status is Status.INADMISSIBLE
    assert REASON in her.desk.said(her.reference)

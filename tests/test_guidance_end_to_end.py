"""Numbers for help, rights and questions, whole: a phone, a Bot API over HTTP, the real program."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework import guidance, rights
from casework.guidance import Contact
from casework.rights import Written
from casework.vocabulary import HelpKind
from tests.botapi import BotApi
from tests.installation import FACTORY, HANDLER, PASSWORD, Installation, install
from tests.running import Running
from tests.staffweb import StaffWeb

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

REFERENCE = re.compile(r"RC-[0-9A-Z]{4}-[0-9A-Z]{4}")
CENTRE = Contact("012 345 678", name="Women's Crisis Centre")
OVERTIME = Written("Overtime", "At most 2 hours a day.")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    """An installation whose operator wrote a crisis centre and one right for Cambodia."""
    installation, now = install(tmp_path), datetime.now(UTC)
    with installation.store.writing() as session:
        sexual = HelpKind.SEXUAL_VIOLENCE
        guidance.add_contact(session, "KH", sexual, CENTRE, staff_id=None, now=now)
        text = rights.add_text(session, "KH", "en", OVERTIME, staff_id=None, now=now)
        text.published = True
    yield installation
    installation.store.engine.dispose()


@pytest.fixture
def running(here: Installation) -> Iterator[tuple[BotApi, Running]]:
    with BotApi() as api:
        settings = {"RECOURSE_TELEGRAM_TOKEN": api.token, "RECOURSE_TELEGRAM_API_URL": api.url}
        with Running(here.folder, **settings) as program:
            yield api, program


def test_danger_now_brings_the_numbers_in_the_very_next_message(
    running: tuple[BotApi, Running],
) -> None:
    api, _ = running
    thiri = api.phone(language="en")
    thiri.start(f"F-{FACTORY}")
    for button in ("language|en", "welcome|yes", "who|worker", "category|OHS"):
        thiri.press(button)
    thiri.wait_for(lambda m: m.button("danger|now") is not None)
    before = len(thiri.messages)
    thiri.press("danger|now")
    thiri.wait_for(lambda m: "story|" in str(m.rows))
    api.wait_idle()
    (answer,) = thiri.messages[before:]
    assert "🚓 Police: 117\n🚑 Ambulance: 119\n🚒 Fire brigade: 118" in answer.text
    assert "safe place" in answer.text


def test_survivors_get_the_operators_contacts_first(running: tuple[BotApi, Running]) -> None:
    api, _ = running
    thiri = api.phone(language="en")
    thiri.start(f"F-{FACTORY}")
    for button in ("language|en", "welcome|yes", "who|worker", "category|sexual"):
        thiri.press(button)
    answer = thiri.wait_for(lambda m: m.button("danger|no") is not None)
    assert "Women's Crisis Centre: 012 345 678" in answer.text
    assert answer.text.index("Crisis Centre") < answer.text.index("danger")


def test_a_question_becomes_a_case_that_a_handler_answers(running: tuple[BotApi, Running]) -> None:
    api, program = running
    thiri = api.phone(language="en")
    thiri.start(f"F-{FACTORY}")
    for button in ("language|en", "welcome|question"):
        thiri.press(button)
    page = thiri.wait_for(lambda m: "question|rights-" in str(m.rows))
    (right,) = re.findall(r"question\|rights-\d+", str(page.rows))
    thiri.press(right)
    thiri.wait_for(OVERTIME.body)
    thiri.send("And on Sundays?")
    thiri.wait_for(lambda m: m.button("question|send") is not None)
    thiri.press("question|send")
    found = REFERENCE.search(thiri.wait_for(lambda m: bool(REFERENCE.search(m.text))).text)
    assert found
    with StaffWeb(program.address) as asha:
        asha.sign_in(HANDLER, PASSWORD)
        case = asha.page(f"/cases/{found.group()}")
        assert "And on Sundays?" in case
        assert "Minor" in case
        asha.step(found.group(), "acknowledge")
        asha.step(found.group(), "reply", "Sunday is your day off.")
    news = thiri.wait_for(lambda m: "Open" in str(m.rows) and "case|" in str(m.rows))
    assert "Sunday" not in news.text

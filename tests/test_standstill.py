"""Where the jobs stand still, people are told: on Today, by doctor, in the metrics."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import facts
from casework.db import Store
from recourse import cli
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.desk import Desk
from tests.installation import install
from tests.webhelp import Browser, build, give_accounts

LINE = "The schedule has stood still since"
TEN_MINUTES = timedelta(minutes=10)


def ran(store: Store, at: datetime) -> None:
    with store.writing() as session:
        facts.note_jobs_ran(session, at)


@pytest.fixture
def today(store: Store, cast: Cast, now: datetime, clock: Clock) -> Callable[[str], str]:
    """What somebody reads on the first page."""
    give_accounts(store, cast, now)
    app = build(store, clock)

    def read(name: str) -> str:
        browser = Browser(app)
        browser.sign_in(name)
        browser.get("/")
        return browser.text

    return read


def test_supervisors_and_admins_read_since_when_the_jobs_stand_still(
    store: Store, desk: Desk, clock: Clock, today: Callable[[str], str], now: datetime
) -> None:
    desk.file(now, "No pay")
    ran(store, now)
    clock.at = now + TEN_MINUTES
    assert LINE not in today("boris")
    clock.at += timedelta(seconds=1)
    for name in ("boris", "chen"):
        assert f"{LINE} Friday, 20 November 2026, 17:00" in today(name)
    for name in ("asha", "brigitte"):
        assert LINE not in today(name)
    ran(store, clock.at)
    assert LINE not in today("boris")


def test_jobs_that_never_ran_are_missed_as_soon_as_a_case_waits(
    desk: Desk, clock: Clock, today: Callable[[str], str], now: datetime
) -> None:
    clock.at = now + timedelta(days=3)
    assert LINE not in today("chen"), "Nothing can wait in an empty house."
    desk.file(clock.at, "No pay")
    assert LINE not in today("chen"), "It may just be starting."
    clock.at += TEN_MINUTES + timedelta(seconds=1)
    assert LINE in today("chen")


def test_the_metrics_say_when_the_jobs_ran(store: Store, clock: Clock, now: datetime) -> None:
    browser = Browser(build(store, clock))
    name = "recourse_jobs_ran_timestamp_seconds"
    assert f"{name} 0\n" in browser.get("/metrics").text
    ran(store, now)
    assert f"{name} {int(now.timestamp())}\n" in browser.get("/metrics").text


def test_doctor_says_whether_the_jobs_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = install(tmp_path).store
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(tmp_path))

    def doctor() -> str:
        assert cli.main(["doctor"]) == 0
        return capsys.readouterr().out

    assert "Jobs: they have never run here." in doctor()
    now = datetime.now(UTC)
    ran(store, now)
    assert f"Jobs: they run, last at {now:%Y-%m-%d %H:%M} UTC." in doctor()
    before = now - timedelta(days=2)
    ran(store, before)
    assert f"Jobs: they have stood still since {before:%Y-%m-%d %H:%M} UTC" in doctor()
    store.engine.dispose()

"""A due time tried out: the same as a real case would have."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.deadlines import policies, trying
from casework.deadlines.calendars import calendar_of
from casework.deadlines.policies import DEFAULT
from casework.errors import BadInput
from casework.vocabulary import Category, Promise, Severity

OFFICE = calendar_of("Asia/Phnom_Penh", "Mon-Fri 08:00-17:00", "KH")
FRIDAY = datetime(2026, 11, 20, 11, 40, tzinfo=UTC)
DAY = timedelta(days=1)


def _try(promise: Promise, severity: Severity, *pauses: tuple[datetime, datetime]) -> trying.Tried:
    return trying.try_out(DEFAULT, promise, severity, Category.WAGES, FRIDAY, OFFICE, pauses)


def test_the_due_time_is_the_last_of_the_steps_and_its_levels_stand_around_it() -> None:
    found = _try(Promise.ACKNOWLEDGE, Severity.SERIOUS)
    assert found.due == policies.due(Promise.ACKNOWLEDGE, FRIDAY, OFFICE, found.line)
    assert [level.key for level, _ in found.reached] == [
        "50%",
        "75%",
        "100%",
        "+2 working days",
        "+5 working days",
    ]
    moments = [at for _, at in found.reached]
    assert moments == sorted(moments)
    assert moments[2] == found.due.at
    assert moments[0] == FRIDAY + (found.due.at - FRIDAY) / 2


def test_a_pause_moves_what_may_pause_and_is_cut_at_the_cap() -> None:
    begin = FRIDAY + 3 * DAY
    short = _try(Promise.INVESTIGATE, Severity.SERIOUS, (begin, begin + 2 * DAY))
    assert any("it was paused" in step for step in short.due.steps)
    at_cap = _try(Promise.INVESTIGATE, Severity.SERIOUS, (begin, begin + 14 * DAY))
    longer = _try(Promise.INVESTIGATE, Severity.SERIOUS, (begin, begin + 60 * DAY))
    assert longer.due.at == at_cap.due.at
    assert "A case may be paused for 14 days in all" in longer.due.steps[1]
    assert not any("in all" in step for step in at_cap.due.steps)


def test_a_promise_that_does_not_pause_says_so() -> None:
    pause = (FRIDAY + DAY, FRIDAY + 2 * DAY)
    for promise, severity in (
        (Promise.ACKNOWLEDGE, Severity.SERIOUS),
        (Promise.INVESTIGATE, Severity.CRITICAL),
    ):
        found = _try(promise, severity, pause)
        assert found.due.at == _try(promise, severity).due.at
        assert found.due.steps[1] == "This promise does not pause: its time goes on."


def test_what_is_no_pause_or_not_promised_is_said() -> None:
    with pytest.raises(BadInput, match="ends after"):
        _try(Promise.INVESTIGATE, Severity.SERIOUS, (FRIDAY + DAY, FRIDAY))
    pauses = ((FRIDAY, FRIDAY + 2 * DAY), (FRIDAY + DAY, FRIDAY + 3 * DAY))
    with pytest.raises(BadInput, match="overlap"):
        _try(Promise.INVESTIGATE, Severity.SERIOUS, *pauses)
    with pytest.raises(BadInput, match="does not promise"):
        _try(Promise.PROTECTION, Severity.MINOR)

"""What became of a case, how severe it is at least, what a handler is reminded of, until when a
finding is put right: the rules, as tables."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import outcomes, prompts
from casework.categories import CATEGORIES
from casework.deadlines import policies
from casework.deadlines.calendars import WorkingCalendar, parse_hours
from casework.errors import BadInput
from casework.remedy.remediation import remediation_due
from casework.vocabulary import (
    Category,
    Danger,
    Finding,
    Gravity,
    Outcome,
    Prompt,
    Severity,
    Status,
)

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
F, P, U, X = Finding.FOUNDED, Finding.PARTLY, Finding.UNFOUNDED, Finding.UNDETERMINED


@dataclass
class AnIssue:
    category: Category = Category.WAGES
    finding: Finding | None = None
    gravity: Gravity | None = None
    finding_at: datetime | None = None


@pytest.mark.parametrize(
    ("found", "whole"),
    [
        ([F], F),
        ([F, F], F),
        ([P, P], P),
        ([F, P], P),
        ([F, U], P),
        ([P, U], P),
        ([F, X], P),
        ([U], U),
        ([U, U], U),
        ([U, X], X),
        ([X], X),
    ],
)
def test_several_findings_make_one(found: list[Finding], whole: Finding) -> None:
    assert outcomes.overall(found) is outcomes.overall(found[::-1]) is whole


def test_nothing_found_is_no_outcome() -> None:
    with pytest.raises(ValueError, match="without findings"):
        outcomes.overall([])


@given(st.lists(st.sampled_from(Finding), min_size=1))
def test_a_case_is_founded_or_unfounded_only_where_all_of_it_is(found: list[Finding]) -> None:
    whole = outcomes.overall(found)
    assert (whole is F) == (set(found) == {F})
    assert (whole is U) == (set(found) == {U})
    assert (whole in (F, P)) == bool({F, P} & set(found))


@pytest.mark.parametrize(
    ("status", "found", "became"),
    [
        (Status.INADMISSIBLE, [], Outcome.INADMISSIBLE),
        (Status.REFERRED, [None], Outcome.REFERRED),
        (Status.WITHDRAWN, [F], Outcome.WITHDRAWN),
        (Status.INVESTIGATING, [F], Outcome.UNDECIDED),
        (Status.APPEALED, [U], Outcome.UNDECIDED),
        (Status.VERIFYING, [F, U], Outcome.PARTLY),
        (Status.RESOLVED, [U], Outcome.UNFOUNDED),
        (Status.CLOSED, [X], Outcome.UNDETERMINED),
        (Status.CLOSED, [F, None], Outcome.UNDECIDED),
    ],
)
def test_what_became_of_a_case(
    status: Status, found: list[Finding | None], became: Outcome
) -> None:
    assert outcomes.outcome(status, [AnIssue(finding=one) for one in found]) is became


def test_a_question_is_answered_and_counts_for_no_finding() -> None:
    question = AnIssue(Category.OTHER)
    assert outcomes.outcome(Status.CLOSED, [question]) is Outcome.ANSWERED
    assert outcomes.outcome(Status.CLOSED, [question, AnIssue(finding=F)]) is Outcome.FOUNDED


@pytest.mark.parametrize("status", Status)
def test_who_was_taken_up_is_admissible_but_where_it_was_refused_in_the_end(
    status: Status,
) -> None:
    assert not outcomes.is_admissible(status, None)
    assert outcomes.is_admissible(status, NOW) == (status is not Status.INADMISSIBLE)


CRITICAL = {Category.FORCED_LABOUR, Category.DOCUMENTS, Category.CHILD_LABOUR}


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("severity", Severity)
def test_zero_tolerance_is_serious_at_least(category: Category, severity: Severity) -> None:
    allowed = set(Severity)
    if CATEGORIES[category].zero_tolerance:
        allowed = {Severity.CRITICAL, Severity.SERIOUS}
    if category in CRITICAL:
        allowed = {Severity.CRITICAL}
    about = ((Category.OTHER, ""), (category, ""))
    if severity in allowed:
        prompts.check_severity(severity, about)
    else:
        with pytest.raises(BadInput, match="critical"):
            prompts.check_severity(severity, about)


HAR, WAG, HRS, FOA = (
    Category.HARASSMENT,
    Category.WAGES,
    Category.HOURS,
    Category.FREEDOM_OF_ASSOCIATION,
)


@pytest.mark.parametrize(
    ("about", "asks"),
    [
        ([(WAG, "unpaid")], False),
        ([(HRS, "excessive-overtime")], False),
        ([(HRS, "forced-overtime")], True),
        ([(WAG, "unpaid"), (HRS, "")], True),
        ([(HAR, "verbal")], True),
        ([(FOA, ""), (Category.RETALIATION, "")], False),
        ([(Category.OTHER, "question")], False),
        ([(WAG, ""), (HRS, ""), (Category.FORCED_LABOUR, "")], False),
    ],
)
def test_two_indicators_or_forced_overtime_ask_a_person(
    about: list[tuple[Category, str]], asks: bool
) -> None:
    assert prompts.asks_to_consider(about) is asks


@pytest.mark.parametrize(
    ("about", "danger", "shown"),
    [
        ([(Category.OTHER, "question")], None, []),
        ([(Category.HEALTH_AND_SAFETY, "heat")], Danger.NOW, [Prompt.DANGER]),
        ([(HAR, "sexual")], None, [Prompt.SURVIVOR, Prompt.TERMINATION]),
        ([(Category.CHILD_LABOUR, "")], None, [Prompt.CHILD, Prompt.TERMINATION]),
        ([(FOA, "dismissal")], Danger.NO, [Prompt.UNION]),
        ([(HRS, "forced-overtime")], None, [Prompt.FORCED_OVERTIME, Prompt.TERMINATION]),
        ([(Category.DOCUMENTS, "")], None, [Prompt.FORCED_LABOUR, Prompt.TERMINATION]),
    ],
)
def test_what_a_handler_is_reminded_of(
    about: list[tuple[Category, str]], danger: Danger | None, shown: list[Prompt]
) -> None:
    assert list(prompts.of_case(about, danger)) == shown


@pytest.fixture
def calendar() -> WorkingCalendar:
    return WorkingCalendar(ZoneInfo("UTC"), parse_hours("Mon-Fri 08:00-17:00"))


@pytest.mark.parametrize(
    ("gravity", "severity", "due"),
    [
        (Gravity.MINOR, Severity.STANDARD, "2027-02-22"),  # 20 February is a Saturday
        (Gravity.MINOR, Severity.SERIOUS, "2027-02-22"),
        (Gravity.MAJOR, Severity.SERIOUS, "2027-01-19"),
        (Gravity.MAJOR, Severity.CRITICAL, "2026-12-20"),
        (Gravity.MAJOR, Severity.STANDARD, "2027-02-18"),
        (None, Severity.SERIOUS, ""),
    ],
)
def test_a_minor_finding_has_three_months_a_major_one_what_the_policy_gives(
    calendar: WorkingCalendar, gravity: Gravity | None, severity: Severity, due: str
) -> None:
    issue = AnIssue(gravity=gravity, finding_at=NOW)
    found = remediation_due(issue, severity, policies.DEFAULT, calendar)
    assert (found.at.date().isoformat() if found else "") == due

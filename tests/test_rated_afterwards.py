"""What comes after a case has ended, and when, in the rating: remedies that fall due, harm, and
cases about it that were told twice."""

from datetime import UTC, datetime, timedelta

import pytest

from casework import cases, grouping, retaliation
from casework.db import Store
from casework.findings import Found
from casework.ratings.proofs import CaseFacts
from casework.remedy import remedies, verifying
from casework.vocabulary import (
    Action,
    Category,
    Finding,
    Gravity,
    LinkKind,
    Promise,
    RemedyStep,
    Severity,
    Status,
    VerifiedBy,
)
from tests.conftest import Cast
from tests.plan import plan
from tests.rated import Year, at, missing

FILED, TOLD = at(11, 26), at(12, 3)
DUE = datetime(2027, 3, 3, 10, tzinfo=UTC)
"""Three months after the finding, when the office in Phnom Penh closes."""
NEXT = DUE + timedelta(days=1)
LAST = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)


@pytest.fixture
def year(store: Store, cast: Cast) -> Year:
    return Year(store, cast)


def founded(year: Year, gravity: Gravity = Gravity.MINOR, *, proposed: bool = False) -> str:
    """A case whose outcome was told, and taken, at the end of 2026; what is to be put right comes
    later."""
    reference = year.file(FILED, "No contract", category=Category.CONTRACT)
    year.triage(reference, FILED, Severity.STANDARD)
    year.walk(reference, FILED, Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)
    year.find(reference, TOLD, Found(Finding.FOUNDED, "There is none.", gravity))
    if proposed:
        year.act(reference, Action.PROPOSE_REMEDY, TOLD, "You get one.")
    year.act(reference, Action.CONCLUDE, TOLD, "You get one.")
    year.answer(reference, Action.CONFIRM, TOLD + timedelta(days=1))
    return reference


def put_right(year: Year, reference: str, now: datetime) -> None:
    """What was to be done is done, and somebody has looked."""
    asha, boris = year.cast.actor("asha"), year.cast.actor("boris")
    with year.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        action = plan(session, case, by=asha, now=now)
        remedies.take(session, case, action, RemedyStep.CLAIMED, "", by=asha, now=now)
        seen = verifying.Finding(True, VerifiedBy.DOCUMENTS, now.date(), "The copy")
        verifying.verify(session, case, action, seen, by=boris, now=now)


def effective(year: Year, of: int, now: datetime) -> str:
    """How effective remedy stands in the rating of a year."""
    found = year.seven(year=of, now=now).sentences
    return next(one.state.value for one in found if one.id == "S5b")


def facts(year: Year, reference: str, of: int, now: datetime) -> CaseFacts:
    found = year.rate(year=of, now=now).mechanism.cases
    return next(one for one in found if one.reference == reference)


def test_a_remedy_counts_in_the_year_in_which_it_falls_due(year: Year) -> None:
    founded(year)
    assert effective(year, 2026, LAST) == "not evidenced"
    assert effective(year, 2027, DUE - timedelta(minutes=1)) == "not evidenced"
    assert effective(year, 2027, DUE + timedelta(minutes=1)) == "not met"
    # The year before stays as it was, and the one after has nothing to do with it.
    assert effective(year, 2026, DUE + timedelta(days=1)) == "not evidenced"
    assert effective(year, 2028, datetime(2028, 3, 1, tzinfo=UTC)) == "not evidenced"


def test_what_was_put_right_in_time_is_shown_by_it(year: Year) -> None:
    reference = founded(year)
    put_right(year, reference, DUE - timedelta(days=20))
    assert effective(year, 2027, DUE + timedelta(minutes=1)) == "met"


def test_a_remedy_that_is_delivered_before_it_is_due_counts_at_once(year: Year) -> None:
    reference = founded(year)
    put_right(year, reference, TOLD + timedelta(days=2))
    assert effective(year, 2026, LAST) == "met"


def test_of_a_case_that_ended_before_its_remedy_alone_is_a_matter_of_the_year(year: Year) -> None:
    reference = founded(year)
    before, then = facts(year, reference, 2026, LAST), facts(year, reference, 2027, NEXT)
    assert (before.decided, before.outcome_told, before.remedy_due) == (True, True, False)
    assert (then.decided, then.acknowledged, then.outcome_told) == (False, None, None)
    assert (then.received, then.overdue, then.remedy_due) == (False, False, True)
    seven = missing(year.seven(year=2027, now=NEXT))
    assert "S2b:not-evidenced" in seven
    assert "S5a:not-evidenced" in seven


@pytest.mark.parametrize(
    ("gravity", "proposed", "days"),
    [(Gravity.MINOR, False, 90), (Gravity.MAJOR, False, 90), (Gravity.MINOR, True, 0)],
)
def test_what_was_told_without_a_proposal_is_due_when_its_time_is_over(
    year: Year, gravity: Gravity, *, proposed: bool, days: int
) -> None:
    """A major finding of a standard case has 90 days, a minor one three months. Who proposed a remedy
    and then tells the outcome says that it is delivered."""
    reference = founded(year, gravity, proposed=proposed)
    assert facts(year, reference, 2026, LAST).remedy_due is (not days)
    if days:
        late = TOLD + timedelta(days=days + 1)
        assert facts(year, reference, 2027, late).remedy_due


def test_what_nobody_promised_a_time_for_is_due_with_the_outcome(year: Year) -> None:
    policy = year.terms(founded(year)).policy
    lines = {key: line for key, line in policy.lines.items() if key[0] is not Promise.REMEDY}
    year.new_policy(FILED, lines=lines)
    reference = founded(year, Gravity.MAJOR)
    assert facts(year, reference, 2026, LAST).remedy_due


def test_harm_counts_in_the_year_in_which_it_came(year: Year) -> None:
    found = year.live()
    asked, later = datetime(2027, 2, 9, 3, tzinfo=UTC), datetime(2027, 2, 12, 3, tzinfo=UTC)
    assert effective(year, 2026, LAST) == "met"
    year.jobs(asked)
    assert effective(year, 2027, later) == "not evidenced"
    with year.store.writing() as session:
        case = cases.by_reference(session, found["paid"], lock=True)
        assert case is not None
        answered = retaliation.answer(session, case, True, now=asked + timedelta(hours=1))
    assert answered is not None
    assert answered.opened
    (refuted,) = (one for one in year.seven(year=2027, now=later).sentences if one.id == "S5b")
    assert [(one.label, one.lacks) for one in refuted.evidence] == [(found["paid"], ("safety",))]
    assert effective(year, 2026, later) == "met"


def told_again(year: Year, reference: str) -> tuple[str, str]:
    """The worker of a case says that they were punished, in a case that they file and once more in
    answer to a check, which ends as a duplicate. Both, the first first."""
    first = year.file(at(11, 12), "They shout at me", category=Category.RETALIATION)
    with year.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        answered = retaliation.answer(session, case, True, now=at(11, 13))
        assert answered is not None
        assert answered.linked is not None
        again = answered.linked.reference
    with year.store.writing() as session:
        one, two = (cases.by_reference(session, each, lock=True) for each in (first, again))
        assert one is not None
        assert two is not None
        asha = year.cast.actor("asha")
        grouping.link(session, one, two, LinkKind.DUPLICATE, by=asha, now=at(11, 16))
        session.flush()
        grouping.end_duplicate(session, two, by=asha, now=at(11, 16))
    return first, again


def test_harm_that_was_told_twice_is_over_when_the_case_is_in_which_it_goes_on(year: Year) -> None:
    reference = year.live()["paid"]
    first, again = told_again(year, reference)
    assert year.case(again).status is Status.CLOSED
    assert not facts(year, reference, 2026, at(11, 20)).retaliation_clear
    year.triage(first, at(11, 17), Severity.CRITICAL, ((Category.RETALIATION, ""),))
    year.walk(first, at(11, 17), Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)
    year.find(first, at(11, 18), Found(Finding.UNFOUNDED, "It was a misunderstanding."))
    year.act(first, Action.CONCLUDE, at(11, 18), "It was a misunderstanding.")
    assert not facts(year, reference, 2026, at(11, 20)).retaliation_clear
    year.answer(first, Action.CONFIRM, at(11, 19))
    assert facts(year, reference, 2026, at(11, 20)).retaliation_clear
    # As it was before: the case it goes on in was open, and before that this one itself.
    for day in (13, 17, 18):
        assert not facts(year, reference, 2026, at(11, day, 9)).retaliation_clear


def test_what_was_told_three_times_goes_on_in_the_first(year: Year) -> None:
    reference = year.live()["paid"]
    oldest = year.file(at(11, 11), "They shout", category=Category.RETALIATION)
    first, _ = told_again(year, reference)
    with year.store.writing() as session:
        one, two = (cases.by_reference(session, each, lock=True) for each in (oldest, first))
        assert one is not None
        assert two is not None
        asha = year.cast.actor("asha")
        grouping.link(session, one, two, LinkKind.DUPLICATE, by=asha, now=at(11, 17))
        session.flush()
        grouping.end_duplicate(session, two, by=asha, now=at(11, 17))
    assert not facts(year, reference, 2026, at(11, 20)).retaliation_clear
    year.answer(oldest, Action.WITHDRAW, at(11, 18))
    assert facts(year, reference, 2026, at(11, 20)).retaliation_clear

"""A review of the mechanism: figures, findings, actions, a signature; when the next one is due."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from casework.db import Session, Store
from casework.errors import BadInput, NotAllowed
from casework.figures import snapshots
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, Key, Sheet, Spread
from casework.figures.tables import Table as Published
from casework.models import Case, MechanismReview, RatingEvent, ReviewAction
from casework.ratings import review_dates, review_figures, review_rows, review_source, reviewing
from casework.ratings.review_figures import Taken
from casework.vocabulary import Category, RatingAct, Scope, Stakeholder
from tests.conftest import Cast
from tests.released import write
from tests.webhelp import file_case

YEAR = Period.year(2026)
TODAY = date(2026, 11, 20)
FIGURES = (
    Figure(Measure.RECEIVED, (), 12),
    Figure(Measure.RECEIVED, ((Dimension.CATEGORY, "WAG"),), 9),
    Figure(Measure.DAYS, ((Dimension.PROMISE, "acknowledge"),), 1.5, 3.2),
)
LEARNED = {"participants": "Boris, Chen", "learned": "Answers came late at night shifts."}
ACTION = {"what": "Answer by phone, too", "who": "Chen", "due_on": "2027-01-31"}


@dataclass
class Table:
    """Where the office sits together. Each step is a transaction of its own."""

    store: Store
    cast: Cast
    now: datetime

    def begin(self, by: str = "boris", **more: Any) -> int:
        given: dict[str, Any] = {"brand": None, "scope": None, "corrects": None} | more
        with self.store.writing() as session:
            corrects = given["corrects"] and session.get_one(MechanismReview, given["corrects"])
            review = reviewing.begin(
                session,
                given["brand"],
                given["scope"],
                given.get("period", YEAR),
                Taken(FIGURES),
                by=self.cast.actor(by),
                now=self.now,
                corrects=corrects,
            )
            return review.id

    def write(self, row: int, by: str = "boris", **more: str) -> None:
        with self.store.writing() as session:
            review = session.get_one(MechanismReview, row)
            who = [Stakeholder.UNION, Stakeholder.WORKERS]
            form = LEARNED | more
            reviewing.write(session, review, form, who, by=self.cast.actor(by), now=self.now)

    def decide(self, row: int, by: str = "boris", **more: str) -> Any:
        with self.store.writing() as session:
            review = session.get_one(MechanismReview, row)
            form, actor = ACTION | more, self.cast.actor(by)
            made = reviewing.add_action(
                session, review, form, by=actor, now=self.now, today=self.now.date()
            )
            return made.id if isinstance(made, ReviewAction) else made

    def sign(self, row: int, by: str = "boris") -> None:
        with self.store.writing() as session:
            review = session.get_one(MechanismReview, row)
            reviewing.sign(session, review, by=self.cast.actor(by), now=self.now)

    def signed(self, **more: Any) -> int:
        row = self.begin(**more)
        self.write(row)
        self.decide(row, due_on=(self.now.date() + timedelta(days=60)).isoformat())
        self.sign(row)
        return row

    def due(self, today: date) -> list[tuple[str, Scope | None, bool]]:
        with self.store.reading() as session:
            found = review_dates.due(session, today)
            return [(one.brand.code, one.scope, one.overdue) for one in found]

    def proofs(self, scope: Scope = Scope.SUPPLY_CHAIN) -> list[Any]:
        with self.store.reading() as session:
            return review_dates.proofs_of(session, self.cast.aurora.id, scope)


@pytest.fixture
def table(store: Store, cast: Cast, now: datetime) -> Table:
    return Table(store, cast, now)


def test_a_signed_review_proves_that_the_mechanism_is_monitored(table: Table) -> None:
    row = table.signed()
    (proof,) = table.proofs()
    assert proof.signed_on == TODAY
    assert (proof.id, proof.has_figures, proof.has_actions) == (row, True, True)
    with table.store.reading() as session:
        review = session.get_one(MechanismReview, row)
        assert review_rows.figures(review) == FIGURES
        assert review_rows.opened(session, review) == LEARNED
        assert review.signed_by == table.cast.boris.id
        assert review.stakeholders == ["workers", "union"]


def test_a_review_that_is_not_signed_proves_nothing(table: Table) -> None:
    row = table.begin()
    table.write(row)
    table.decide(row)
    assert not table.proofs()


@pytest.mark.parametrize("left_out", ["learned", "participants", "action"])
def test_a_review_is_signed_only_with_all_of_it(table: Table, left_out: str) -> None:
    row = table.begin()
    table.write(row, **({left_out: " "} if left_out in LEARNED else {}))
    if left_out != "action":
        table.decide(row)
    with pytest.raises(NotAllowed):
        table.sign(row)
    assert not table.proofs()


def test_signing_can_not_be_undone_and_nothing_changes_afterwards(table: Table) -> None:
    row = table.signed()
    with table.store.reading() as session:
        action = session.exec(select(ReviewAction.id)).one()
    for again in (table.write, table.decide, table.sign):
        with pytest.raises(NotAllowed):
            again(row)
    with table.store.writing() as session:
        review, boris = session.get_one(MechanismReview, row), table.cast.actor("boris")
        with pytest.raises(NotAllowed):
            reviewing.drop(session, review, by=boris, now=table.now)
        with pytest.raises(NotAllowed):
            reviewing.remove_action(session, review, action, by=boris, now=table.now)
    with table.store.reading() as session:
        assert review_rows.is_whole(session, session.get_one(MechanismReview, row))


def _other_figures(session: Session, review: MechanismReview) -> None:
    review.figures = [{"measure": "received", "by": [], "value": 1}]


def _other_day(session: Session, review: MechanismReview) -> None:
    assert review.signed_at is not None
    review.signed_at += timedelta(days=1)


def _other_action(session: Session, review: MechanismReview) -> None:
    session.exec(select(ReviewAction)).one().due_on += timedelta(days=1)


def _other_signature(session: Session, review: MechanismReview) -> None:
    review.signed_by = None


def _other_words(session: Session, review: MechanismReview) -> None:
    review.learned_sealed = session.vault.seal_text(
        "mechanismreview", "learned_sealed", review.id, "All is well."
    )


@pytest.mark.parametrize(
    "change", [_other_figures, _other_day, _other_action, _other_signature, _other_words]
)
def test_what_is_changed_behind_the_back_is_seen_and_proves_nothing(
    table: Table, change: Any
) -> None:
    row = table.signed()
    with table.store.writing() as session:
        change(session, session.get_one(MechanismReview, row))
    with table.store.reading() as session:
        assert not review_rows.is_whole(session, session.get_one(MechanismReview, row))
    assert not table.proofs()


def test_a_correction_is_a_review_of_its_own_and_begins_with_what_it_corrects(table: Table) -> None:
    first = table.signed()
    second = table.begin(corrects=first)
    with table.store.reading() as session:
        review = session.get_one(MechanismReview, second)
        assert review_rows.opened(session, review) == LEARNED
        assert [one.what for one in review_rows.actions(session, review)] == [ACTION["what"]]
        assert [r.id for r, _ in review_dates.open_actions(session)] == [first]
    table.sign(second)
    with table.store.reading() as session:
        assert [r.id for r, _ in review_dates.open_actions(session)] == [second]
        assert review_rows.is_whole(session, session.get_one(MechanismReview, first))
    with pytest.raises(NotAllowed):
        table.begin(corrects=table.begin())


def test_a_correction_is_of_the_brand_and_scope_that_it_corrects(table: Table) -> None:
    mine = table.signed(brand=table.cast.aurora, scope=Scope.OWN)
    for brand, scope in (
        (None, Scope.OWN),
        (table.cast.borealis, Scope.OWN),
        (table.cast.aurora, None),
    ):
        with pytest.raises(BadInput, match="brand and the scope"):
            table.begin(brand=brand, scope=scope, corrects=mine)
    assert table.begin(brand=table.cast.aurora, scope=Scope.OWN, corrects=mine)


def test_an_action_of_a_signed_review_is_noted_as_done_once(table: Table) -> None:
    row = table.signed()
    with table.store.writing() as session:
        review, boris = session.get_one(MechanismReview, row), table.cast.actor("boris")
        (action,) = review_rows.actions(session, review)
        with pytest.raises(BadInput):
            reviewing.finish_action(session, review, action.row.id, " ", by=boris, now=table.now)
        reviewing.finish_action(
            session, review, action.row.id, "A number is on the poster", by=boris, now=table.now
        )
        assert review_rows.is_whole(session, review)
        assert not review_dates.open_actions(session)
        assert review_dates.counts_of_actions(session, [review], TODAY) == {row: (1, 1, 0)}
        with pytest.raises(NotAllowed):
            reviewing.finish_action(
                session, review, action.row.id, "Again", by=boris, now=table.now
            )


def test_what_was_decided_and_is_late_is_shown(table: Table) -> None:
    table.signed()
    with table.store.reading() as session:
        assert not review_dates.open_actions(session, TODAY)
        ((review, action),) = review_dates.open_actions(session, TODAY + timedelta(days=60))
        assert action.what == ACTION["what"]
        later = TODAY + timedelta(days=61)
        assert review_dates.counts_of_actions(session, [review], later)[review.id] == (1, 0, 1)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"what": ""}, "what"),
        ({"who": " "}, "who"),
        ({"due_on": "2026-11-19"}, "due_on"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "2099-01-01"}, "due_on"),
    ],
)
def test_an_action_says_what_who_and_until_when(
    table: Table, typed: dict[str, str], field: str
) -> None:
    assert set(table.decide(table.begin(), **typed)) == {field}


@pytest.mark.parametrize("who", ["asha", "dilani", "brigitte", "indra", "auguste"])
def test_only_who_leads_reviews(table: Table, who: str) -> None:
    with pytest.raises(NotAllowed):
        table.begin(by=who)
    row = table.begin()
    for step in (table.write, table.decide, table.sign):
        with pytest.raises(NotAllowed):
            step(row, by=who)


def test_a_period_that_has_not_begun_is_not_reviewed(table: Table) -> None:
    with pytest.raises(BadInput):
        table.begin(period=Period.year(2027))


def test_a_review_given_up_stays_in_the_list_and_is_over(table: Table) -> None:
    row = table.begin()
    with table.store.writing() as session:
        review, boris = session.get_one(MechanismReview, row), table.cast.actor("boris")
        reviewing.drop(session, review, by=boris, now=table.now)
        assert [one.id for one in review_dates.all_reviews(session)] == [row]
    with pytest.raises(NotAllowed):
        table.write(row)


def test_every_step_is_written_down_for_ever(table: Table) -> None:
    row = table.signed()
    with table.store.reading() as session:
        found = session.exec(select(RatingEvent).order_by(col(RatingEvent.id))).all()
    assert [one.what for one in found] == [
        RatingAct.REVIEW_BEGUN,
        RatingAct.FIGURES_TAKEN,
        RatingAct.REVIEW_WRITTEN,
        RatingAct.ACTION_ADDED,
        RatingAct.REVIEW_SIGNED,
    ]
    assert {one.review_id for one in found} == {row}
    assert "night" not in str([one.data for one in found])


def test_its_words_are_sealed(table: Table) -> None:
    table.signed()
    with table.store.reading() as session:
        review = session.exec(select(MechanismReview)).one()
        action = session.exec(select(ReviewAction)).one()
    assert b"night" not in review.learned_sealed
    assert b"phone" not in action.what_sealed


def test_a_review_covers_the_brand_and_the_scope_it_is_about(table: Table) -> None:
    table.signed(brand=table.cast.borealis)
    table.signed(brand=table.cast.aurora, scope=Scope.OWN)
    assert not table.proofs(Scope.SUPPLY_CHAIN)
    assert len(table.proofs(Scope.OWN)) == 1
    table.signed(brand=table.cast.aurora)
    assert len(table.proofs(Scope.SUPPLY_CHAIN)) == 1


def test_without_a_complaint_there_is_nothing_to_review(table: Table) -> None:
    assert table.due(TODAY + timedelta(days=5000)) == []


def test_the_first_review_is_due_a_year_after_the_first_complaint(table: Table) -> None:
    file_case(table.store, table.cast, table.now)
    mine = ("AURORA", None)
    assert table.due(TODAY + timedelta(days=335)) == []
    assert table.due(TODAY + timedelta(days=336)) == [(*mine, False)]
    assert table.due(TODAY + timedelta(days=365)) == [(*mine, False)]
    assert table.due(TODAY + timedelta(days=366)) == [(*mine, True)]


def test_a_signed_review_puts_the_next_one_off_for_a_year(table: Table) -> None:
    file_case(table.store, table.cast, table.now)
    table.now += timedelta(days=340)
    table.signed(period=Period.year(2026))
    assert table.due(TODAY + timedelta(days=366)) == []
    assert table.due(TODAY + timedelta(days=340 + 366)) == [("AURORA", None, True)]


def test_of_exact_figures_the_key_ones_are_copied_and_totals_also_where_nothing_happened() -> None:
    wages = (Measure.RECEIVED, ((Dimension.CATEGORY, Category.WAGES.value),))
    promise = (Measure.DAYS, ((Dimension.PROMISE, "acknowledge"),))
    not_looked_at = (Measure.RECEIVED, ((Dimension.FACTORY, "GT7KM"),))
    sheet = Sheet(
        YEAR,
        {(Measure.RECEIVED, ()): 3, wages: 3, not_looked_at: 3},
        {promise: Spread(3, 1.0, 2.5)},
    )
    found = {
        (one.measure, one.by): (one.value, one.p90) for one in review_figures.key_figures(sheet)
    }
    assert found[Measure.RECEIVED, ()] == (3, None)
    assert found[Measure.RETALIATION, ()] == (0, None)
    assert found[wages] == (3, None)
    assert found[promise] == (1.0, 2.5)
    assert not_looked_at not in found
    assert (Measure.OWED, ()) not in found


def test_what_is_signed_is_whole_on_both_databases(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    table = Table(any_store, any_cast, now)
    row = table.signed(brand=any_cast.aurora)
    with any_store.reading() as session:
        assert review_rows.is_whole(session, session.get_one(MechanismReview, row))
    assert len(table.proofs()) == 1
    file_case(any_store, any_cast, now)
    assert table.due(TODAY + timedelta(days=366)) == [("AURORA", None, True)]


def test_the_figures_of_a_period_that_is_frozen_are_copied_with_their_digest(
    table: Table, now: datetime
) -> None:
    year = Period.year(2025)
    counts: dict[Key, int] = {(Measure.RECEIVED, ()): 7}
    with table.store.writing() as session:
        sheet = Sheet(year, counts, {})
        tables = [Published(Measure.RECEIVED)]
        kept = snapshots.add(session, "AURORA", sheet, tables, now, now)
        session.flush()
        boris = replace(table.cast.actor("boris"), restricted_pool=True)
        taken = review_source.take(session, table.cast.aurora, None, year, by=boris, now=table.now)
        assert (taken.snapshot_id, taken.digest) == (kept.id, bytes.fromhex(kept.digest))
        assert Figure(Measure.RECEIVED, (), 7) in taken.figures
        counted = review_source.take(
            session, table.cast.aurora, Scope.OWN, year, by=boris, now=table.now
        )
        assert counted.snapshot_id is None
        assert Figure(Measure.RECEIVED, (), 0) in counted.figures


def test_who_does_not_see_all_cases_takes_in_what_was_released_with_its_marks(table: Table) -> None:
    year, boris = Period.year(2025), table.cast.actor("boris")
    found = (Figure(Measure.RECEIVED, (), 30), Figure(Measure.PERSONS, (), None))
    with table.store.writing() as session:
        made = write(session, table.now, "AURORA", found, period=year)
        taken = review_source.take(session, table.cast.aurora, None, year, by=boris, now=table.now)
        assert taken.figures == found
        assert (taken.snapshot_id, taken.digest) == (None, bytes.fromhex(made.digest))


def test_where_nothing_was_released_only_cases_they_may_see_are_counted(table: Table) -> None:
    row = file_case(table.store, table.cast, table.now)
    with table.store.writing() as session:
        session.get_one(Case, row.id).restricted = True
    for name, number in (("boris", 0), ("dilani", 1)):
        with table.store.reading() as session:
            by = table.cast.actor(name)
            taken = review_source.take(session, None, None, YEAR, by=by, now=table.now)
            assert Figure(Measure.RECEIVED, (), number) in taken.figures


@pytest.mark.parametrize(
    ("period", "good"),
    [
        ("2026", True),
        ("2025", True),
        ("2026-Q3", True),
        ("2026-Q4", False),
        ("2026-01-15..2026-02-14", False),
        ("2026-11-19..2026-11-19", False),
    ],
)
def test_a_review_is_of_a_year_or_a_quarter_that_is_over(period: str, good: bool) -> None:
    with nullcontext() if good else pytest.raises(BadInput):
        review_source.check(Period.read(period), TODAY)

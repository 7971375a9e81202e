"""The rating out of the database: a year lived with the real rooms, and what each event is worth."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, delete, select, update

from casework import channels, facts
from casework.db import Store
from casework.errors import BadInput
from casework.models import Brand, Case, ChannelSeen, Fact, Supply
from casework.ratings import mechanism, rated
from casework.ratings.proofs import CaseFacts, prove
from casework.ratings.rated import Rated
from casework.ratings.rating import Basis, EvidenceKind, State, evaluate
from casework.remedy import verifying
from casework.vocabulary import Action, Channel, Inadmissible, LinkKind, Promise, Scope
from tests.conftest import Cast
from tests.lived import NOW as LIVED_UNTIL
from tests.lived import Lived
from tests.rated import PROCEDURE, Year, at, missing


@pytest.fixture
def year(store: Store, cast: Cast) -> Year:
    return Year(store, cast)


# What happens otherwise, the score then, which sentences are not met, and by which facts of the case.
TABLE = (
    ("", 5, "", ""),
    ("a union brings it", 5, "", ""),
    ("taken by phone", 5, "", ""),
    ("nobody acknowledged", 4, "S5a:not-met", "acknowledged overdue"),
    ("the outcome is never told", 4, "S5a:not-met", "outcome_told overdue"),
    ("the outcome is in another language", 4, "S5a:not-met", "outcome_told"),
    ("the outcome has no reasons", 4, "S5a:not-met", "outcome_told"),
    ("no extension is asked for", 4, "S5a:not-met", "overdue"),
    ("the extension is refused", 4, "S5a:not-met", "overdue"),
    ("the extension is asked for too late", 4, "S5a:not-met", "overdue"),
    ("one minor unit was not paid", 4, "S5b:not-met", "delivered"),
    ("the plan was dropped", 4, "S5b:not-met", "planned delivered verified"),
    ("nobody did what was planned", 4, "S5b:not-met", "delivered verified"),
    ("nobody looked", 4, "S5b:not-met", "delivered verified"),
    ("the factory itself looked", 4, "S5b:not-met", "verified"),
    ("the worker disputes it", 4, "S5b:not-met", "worker_asked disputed"),
    ("the worker was punished", 4, "S5b:not-met", "retaliation_clear"),
    ("the worker was punished; and that was looked into", 5, "", ""),
    (
        "taken by phone; nobody called back",
        4,
        "S5a:not-met S5b:not-met",
        "outcome_told worker_asked",
    ),
    ("nothing was found to be true", 4, "S5b:not-evidenced", "founded remedy_due"),
    ("it is only a question", 4, "S5b:not-evidenced", ""),
    ("the outcome is not told yet", 4, "S5b:not-evidenced", "remedy_due worker_asked"),
    ("the review is not signed", 2, "S3:not-evidenced S4:not-evidenced", ""),
    ("the declaration is missing", 1, "S2b:not-met", "declared"),
    ("the assessor belongs to the brand", 1, "S2b:not-met", "independent"),
    ("nobody knows to whom the assessor belongs", 1, "S2b:not-met", "independent"),
    ("the office is accused", 1, "S2b:not-met", "independent"),
)
BAD = ("overdue", "disputed")
"""Facts that are good where they do not hold."""


@pytest.mark.parametrize(
    ("but", "score", "lacking", "by"), TABLE, ids=lambda one: str(one)[:60] or "nothing"
)
def test_one_event_otherwise_moves_exactly_its_rung(
    year: Year, but: str, score: int, lacking: str, by: str
) -> None:
    year.live([one for one in but.split("; ") if one])
    whole = year.rate()
    found = whole.result.questions[6]
    assert (found.score, missing(found)) == (score, lacking)
    assert ("one-of-two" in found.flags) == (score == 1)
    assert ("no-founded-case" in found.flags) == ("true" in but or "question" in but)
    # It was these facts and no other: with all of them mended it scores 5, with one less it does not.
    if wrong := by.split():
        assert _mended(whole, wrong) == 5
        for one in wrong:
            assert _mended(whole, [other for other in wrong if other != one]) < 5


@pytest.mark.parametrize(("gone", "lacking"), [(8, "S5b:not-met"), (12, "")])
def test_who_was_forgotten_before_the_outcome_was_told_was_not_asked(
    year: Year, gone: int, lacking: str
) -> None:
    found = year.live()
    year.mark(found["paid"], reporter_id=None, forgotten_at=at(11, gone))
    assert missing(year.seven()) == lacking


def _mended(whole: Rated, wrong: list[str]) -> int:
    """The score if these facts were as they should be in every case."""
    cases = [replace(case, **_good(case, wrong)) for case in whole.mechanism.cases]
    known = replace(whole.known, proofs=prove(replace(whole.mechanism, cases=cases)))
    found = evaluate(whole.methodology, known).questions[6].score
    assert found is not None
    return found


def _good(case: CaseFacts, wrong: list[str]) -> dict[str, Any]:
    """What was found to be true is remedied; what was not needs no remedy."""
    return {
        name: name not in BAD
        for name in wrong
        if name not in ("founded", "remedy_due") or case.planned
    }


def test_the_table_moves_every_rung_but_the_lowest_by_cases() -> None:
    assert {score for _, score, *_ in TABLE} == {1, 2, 4, 5}


def test_what_fails_names_the_case_what_it_lacks_and_the_promise(year: Year) -> None:
    found = year.live(["no extension is asked for"])
    (answered,) = (one for one in year.seven().sentences if one.id == "S5a")
    case, clock = answered.evidence
    assert (case.kind, case.label, case.lacks) == ("case", found["slow"], ("time",))
    assert (clock.kind, clock.label, clock.case) == ("clock", "investigate", found["slow"])
    assert clock.at == year.rounds(found["slow"], Promise.INVESTIGATE)[0].due_at
    assert clock.id == year.rounds(found["slow"], Promise.INVESTIGATE)[0].id


def test_what_holds_names_what_it_rests_on(year: Year) -> None:
    found = year.live()
    by = {one.id: one for one in year.seven().sentences}
    assert {one.label for one in by["S1"].evidence} == {"telegram", PROCEDURE}
    assert [one.kind for one in by["S3"].evidence] == ["review"]
    assert {one.label for one in by["S4"].evidence} == set(found.values())
    assert [one.label for one in by["S5b"].evidence] == [found["paid"]]
    assert all(one.basis is Basis.PROVED for one in by.values())


def test_without_a_published_procedure_or_a_living_channel_there_is_no_mechanism(
    year: Year,
) -> None:
    year.live()
    assert missing(year.seven(procedure="")) == "S1:not-evidenced"
    assert year.seven(procedure="").score == 0
    # Somebody filed on 13 November: for thirty days that shows that the channel works.
    with year.store.writing() as session:
        session.exec(delete(ChannelSeen))
    assert year.seven(now=at(12, 13)).sentences[0].state is State.MET
    found = year.seven(now=at(12, 13, 4))
    assert found.sentences[0].state is State.NOT_MET
    assert "no-mechanism" in found.flags


def test_a_year_that_is_over_has_the_rules_that_were_published_at_its_end(year: Year) -> None:
    """Of today's nobody knows since when; of what nobody noted it is not known that they were."""
    year.live()
    last, later = at(12, 31, 20), datetime(2027, 3, 1, 3, tzinfo=UTC)

    def first() -> tuple[State, set[str]]:
        one = year.seven(now=later).sentences[0]
        return one.state, {e.label for e in one.evidence if e.kind is EvidenceKind.DOCUMENT}

    with year.store.writing() as session:
        channels.note_alive(session, [Channel.WEB], last)
    assert first() == (State.NOT_EVIDENCED, set())
    assert year.seven(year=2027, now=last + timedelta(days=2)).sentences[0].state is State.MET
    with year.store.writing() as session:
        facts.note_rules(session, "https://before.example/public", at(12, 1))
        facts.note_rules(session, PROCEDURE, later)
    assert first() == (State.MET, {"https://before.example/public"})
    # They could not be read any more, or the pages were not served: then there were none.
    with year.store.writing() as session:
        session.exec(delete(ChannelSeen).where(col(ChannelSeen.channel) == Channel.WEB))
    assert first()[0] is not State.MET
    with year.store.writing() as session:
        channels.note_alive(session, [Channel.WEB], last)
        session.exec(delete(Fact).where(col(Fact.name) == "rules-published"))
        facts.note_rules(session, PROCEDURE, at(12, 1))
        facts.note_rules(session, "", at(12, 2))
    assert first() == (State.NOT_EVIDENCED, set())


def test_a_review_counts_for_a_year(year: Year) -> None:
    year.live()
    late = {"S3", "S4", "S5a"}
    for day, lacking in ((1, {"S5a"}), (2, late)):
        now = datetime(2027, 6, day, 3, tzinfo=UTC)
        assert {one.id for one in year.seven(now=now, year=2027).sentences} >= lacking
        states = {one.id: one.state for one in year.seven(now=now, year=2027).sentences}
        assert (states["S3"] is State.MET) == (day == 1)


@pytest.mark.parametrize("what", ["practice", "duplicate", "spam", "later", "another brand", "own"])
def test_what_is_no_case_of_the_scope_counts_for_nothing(year: Year, what: str) -> None:
    found = year.live()
    match what:
        case "practice":
            year.late(practice=True)
        case "duplicate":
            year.tie(found["new"], year.late(at(11, 14)), LinkKind.DUPLICATE, at(11, 19))
            assert year.seven().score == 5
            return
        case "spam":
            year.mark(year.late(), inadmissible=Inadmissible.SPAM)
        case "later":
            year.late(datetime(2027, 1, 4, 3, tzinfo=UTC))
        case "another brand":
            row = year.other_brands_factory(Scope.SUPPLY_CHAIN, brand="borealis")
            year.mark(year.late(), factory_id=row)
        case "own":
            row = year.other_brands_factory(Scope.OWN)
            year.mark(year.late(), factory_id=row)
            assert missing(year.seven(Scope.OWN)) == (
                "S2b:not-evidenced S5a:not-met S5b:not-evidenced"
            )
    assert year.seven().score == 5
    year.late()
    assert missing(year.seven()) == "S5a:not-met"


def test_the_factory_was_the_brands_when_the_case_came(year: Year) -> None:
    found = year.live()
    year.late()
    assert missing(year.seven()) == "S5a:not-met"
    with year.store.writing() as session:
        supply = session.exec(select(Supply)).one()
        supply.until = date(2026, 10, 4)
    assert [one.reference for one in year.rate().mechanism.cases] == [found["slow"]]
    with year.store.writing() as session:
        supply = session.exec(select(Supply)).one()
        supply.until = date(2026, 10, 5)
    assert missing(year.seven()).startswith("S5a:not-met")


def test_both_scopes_are_rated_apart(year: Year) -> None:
    year.live()
    assert year.seven().score == 5
    own = year.seven(Scope.OWN)
    assert missing(own) == "S2b:not-evidenced S4:not-evidenced S5a:not-evidenced S5b:not-evidenced"
    assert own.score == 1
    year.attest("S2b", Scope.OWN)
    own = year.seven(Scope.OWN)
    assert own.score == 3
    assert {one.id: one.basis for one in own.sentences}["S2b"] is Basis.ATTESTED
    assert year.seven().score == 5


def test_what_is_refuted_can_not_be_attested(year: Year) -> None:
    year.live(["one minor unit was not paid", "the declaration is missing"])
    year.attest("S5b")
    year.attest("S2b")
    assert missing(year.seven()) == "S2b:not-met S5b:not-met"


def test_a_year_that_is_over_is_rated_as_it_was_at_its_end(year: Year) -> None:
    found = year.live(["the outcome is not told yet"])
    year.act(found["new"], Action.REPLY, at(11, 23), "We look into it.")
    year.act(found["paid"], Action.CONCLUDE, at(12, 28), "All of it is paid.")
    last = datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    before = year.seven(now=last)
    year.answer(found["paid"], Action.DISPUTE, datetime(2027, 1, 2, 3, tzinfo=UTC))
    year.act(found["new"], Action.REPLY, datetime(2027, 1, 2, 3, tzinfo=UTC), "Still at it.")
    year.late(datetime(2027, 1, 2, 3, tzinfo=UTC))
    later = datetime(2027, 3, 1, 3, tzinfo=UTC)
    year.sweep(later)
    assert year.seven(now=later) == before
    next_year = year.rate(year=2027, now=later).mechanism.cases
    assert {one.reference for one in next_year if not one.received} == {
        found["new"],
        found["paid"],
    }
    assert [one.disputed for one in next_year if one.reference == found["paid"]] == [True]


def test_a_year_that_has_not_begun_is_refused(year: Year) -> None:
    with pytest.raises(BadInput, match="not begun"):
        year.rate(year=2027)


def test_the_plan_read_from_its_steps_is_the_plan_as_it_stands(
    lived: Lived, tmp_path: Path
) -> None:
    """What a year's end needs is read from steps alone: both ways have to agree."""
    compared = 0
    with lived.copied(tmp_path) as store:
        with store.writing() as session:
            session.exec(update(Case).values(practice=False))
        with store.reading() as session:
            for brand in session.exec(select(Brand)).all():
                for scope in Scope:
                    found = mechanism.gather(session, brand, scope, 2026, now=LIVED_UNTIL)
                    for facts in found.cases:
                        case = session.get_one(Case, facts.id)
                        stands = verifying.standing_in(session, case)
                        assert facts.planned == stands.planned, facts
                        assert facts.delivered == stands.delivered, facts
                        assert facts.verified == stands.verified, facts
                        if facts.decided:
                            assert facts.disputed == stands.disputed, facts
                        compared += 1
    assert compared > 20


def test_staff_of_a_brand_see_no_case_behind_a_sentence(year: Year) -> None:
    found = year.live(["no extension is asked for"])
    for one in year.seven().sentences:
        shown = str(rated.for_brand(one.evidence))
        assert not any(reference in shown for reference in found.values())
        assert "investigate" not in shown


def test_nor_the_hour_at_which_somebody_wrote_or_that_somebody_called(year: Year) -> None:
    year.live(["taken by phone"])
    (first, *_) = year.seven().sentences
    assert {one.label for one in first.evidence} == {"telegram", "phone", PROCEDURE}
    shown = rated.for_brand(first.evidence)
    assert {one.label for one in shown} == {"telegram", PROCEDURE}
    assert {one.at.hour for one in shown if one.at} == {0}

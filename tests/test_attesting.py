"""What people state for a brand: who may, what it takes, how long it counts; and the category."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlmodel import col, select

from casework.db import Store
from casework.errors import BadInput, NotAllowed
from casework.media import attachments
from casework.models import AttestedStatement, RatingEvent
from casework.ratings import attesting, judging, methodology
from casework.ratings.attesting import Statement
from casework.ratings.rating import Known, evaluate
from casework.vocabulary import RatingAct, RequestsAnswered, Scope
from tests.conftest import Cast

ASN = methodology.load("asn-living-wage")
TODAY = date(2026, 11, 20)
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
GOOD = {"address": "https://aurora.example/policy.pdf", "stated_on": "2026-03-01", "score": "3"}


def topic(about: str) -> attesting.Topic:
    found = attesting.topic(ASN, about)
    assert found is not None
    return found


def said(about: str = "Q1", **more: str) -> Statement:
    found = attesting.check(topic(about), {**GOOD, **more}, PDF, TODAY)
    assert isinstance(found, Statement), found
    return found


@dataclass
class House:
    """Attestations about Aurora's supply chain. Each step is a transaction of its own."""

    store: Store
    cast: Cast
    now: datetime

    def attest(self, about: str = "Q1", by: str = "boris", **more: str) -> int:
        with self.store.writing() as session:
            row = attesting.attest(
                session,
                self.cast.aurora,
                Scope.SUPPLY_CHAIN,
                ASN,
                topic(about),
                said(about, **more),
                by=self.cast.actor(by),
                now=self.now,
            )
            self.now += timedelta(seconds=1)
            return row.id

    def withdraw(self, row: int, by: str = "boris") -> None:
        with self.store.writing() as session:
            found = session.get_one(AttestedStatement, row)
            attesting.withdraw(session, found, by=self.cast.actor(by), now=self.now)

    def known(self, on: date = TODAY) -> Known:
        with self.store.reading() as session:
            aurora, scope = self.cast.aurora.id, Scope.SUPPLY_CHAIN
            attested, answers = attesting.known(session, aurora, scope, ASN, on)
            asked = attesting.requests_answered(session, aurora, scope, on.year)
            return Known(on, attested=attested, answers=answers, requests=asked)

    def score(self, number: int, on: date = TODAY) -> int | None:
        found = evaluate(ASN, self.known(on)).questions
        return next(one.score for one in found if one.number == number)


@pytest.fixture
def house(store: Store, cast: Cast, now: datetime) -> House:
    return House(store, cast, now)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"address": ""}, "address"),
    ({"address": "http://aurora.example/policy"}, "address"),
    ({"address": "https://intranet"}, "address"),
    ({"address": "https://me:secret@aurora.example/"}, "address"),
    ({"address": "https://aurora.example/a b"}, "address"),
    ({"address": "https://aurora.example/" + "a" * 500}, "address"),
    ({"address": "javascript:alert(1)"}, "address"),
    ({"stated_on": ""}, "stated_on"),
    ({"stated_on": "2026-11-21"}, "stated_on"),
    ({"stated_on": "yesterday"}, "stated_on"),
    ({"expires_on": "2026-11-19"}, "expires_on"),
    ({"expires_on": "2028-11-21"}, "expires_on"),
    ({"expires_on": "never"}, "expires_on"),
    ({"score": ""}, "score"),
    ({"score": "6"}, "score"),
    ({"score": "3.0"}, "score"),
    ({"why": "a" * 1001}, "why"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_what_is_wrong_is_said_at_its_field(typed: dict[str, str], field: str) -> None:
    found = attesting.check(topic("Q1"), {**GOOD, **typed}, PDF, TODAY)
    assert isinstance(found, dict)
    assert set(found) == {field}


@pytest.mark.parametrize("file", [None, b"", b"<html><script>", b"MZ\x90\x00\x03"])
def test_nothing_is_attested_without_an_archived_copy(file: bytes | None) -> None:
    found = attesting.check(topic("E4"), GOOD, file, TODAY)
    assert isinstance(found, dict)
    assert set(found) == {"file"}


def test_a_rung_that_the_table_does_not_have_can_not_be_chosen() -> None:
    found = attesting.check(topic("Q2"), {**GOOD, "score": "2"}, PDF, TODAY)
    assert isinstance(found, dict)
    assert set(found) == {"score"}


def test_it_counts_for_24_months_at_most() -> None:
    assert said().expires_on == date(2028, 11, 20)
    assert said(expires_on="2026-12-31").expires_on == date(2026, 12, 31)
    assert attesting.latest_expiry(date(2024, 2, 29)) == date(2026, 2, 28)
    assert attesting.latest_expiry(date(2026, 12, 31)) == date(2028, 12, 31)


def test_everything_that_can_be_attested_has_a_name_of_its_own() -> None:
    names = [one.about for one in attesting.topics(ASN)]
    assert len(set(names)) == len(names)
    assert names[:6] == ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6"]
    assert "S5a" not in names  # it can only be proved
    assert {"S1", "S2a", "S2b", "S3", "S5b", "E1", "E2.1", "E2.4", "E9"} < set(names)
    assert "E2" not in names  # part by part
    assert attesting.topic(ASN, "S4") is None


def test_the_hash_is_that_of_the_archived_copy(house: House) -> None:
    house.attest()
    with house.store.reading() as session:
        (one,) = attesting.statements(
            session, house.cast.aurora.id, Scope.SUPPLY_CHAIN, ASN.id, "Q1"
        )
        kept = b"".join(attachments.content(session, one.file))
    assert kept == PDF
    assert one.row.sha256 == hashlib.sha256(PDF).digest()
    assert one.file.case_id is None
    assert one.person.name == "Boris"


def test_what_is_attested_counts_until_its_last_day_and_not_before_its_date(house: House) -> None:
    house.attest(expires_on="2026-12-31")
    assert house.score(1) == 3
    assert house.score(1, date(2026, 12, 31)) == 3
    assert house.score(1, date(2027, 1, 1)) is None
    assert house.score(1, date(2026, 2, 28)) is None


def test_of_two_the_newer_one_counts_and_the_older_again_once_it_is_withdrawn(house: House) -> None:
    house.attest(score="3")
    newer = house.attest(score="5")
    assert house.score(1) == 5
    house.withdraw(newer)
    assert house.score(1) == 3
    with pytest.raises(NotAllowed):
        house.withdraw(newer)


def test_a_withdrawn_one_stays_in_the_list(house: House) -> None:
    house.withdraw(house.attest("S2b"))
    assert not house.known().attested
    with house.store.reading() as session:
        aurora = house.cast.aurora.id
        (one,) = attesting.statements(session, aurora, Scope.SUPPLY_CHAIN, ASN.id)
    assert one.row.withdrawn_by == house.cast.boris.id


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("chen", True),
        ("boris", True),
        ("brigitte", True),
        ("asha", False),
        ("dilani", False),
        ("indra", False),
        ("auguste", False),
    ],
)
def test_who_leads_and_the_brand_itself_may_attest(house: House, who: str, may: bool) -> None:
    if may:
        house.withdraw(house.attest(by=who), by=who)
    else:
        with pytest.raises(NotAllowed):
            house.attest(by=who)


def test_nobody_attests_for_another_brand(house: House) -> None:
    row = house.attest()
    actor = house.cast.actor("brigitte")
    with house.store.writing() as session:
        borealis = house.cast.borealis
        with pytest.raises(NotAllowed):
            attesting.attest(
                session,
                borealis,
                Scope.OWN,
                ASN,
                topic("Q1"),
                said(),
                by=actor,
                now=house.now,
            )
        with pytest.raises(NotAllowed):
            attesting.answer_requests(
                session,
                borealis,
                Scope.OWN,
                2026,
                RequestsAnswered.ALL,
                "",
                by=actor,
                now=house.now,
            )
        found = session.get_one(AttestedStatement, row)
        found.brand_id = borealis.id
        with pytest.raises(NotAllowed):
            attesting.withdraw(session, found, by=actor, now=house.now)


def test_the_two_scopes_know_nothing_of_each_other(house: House) -> None:
    house.attest()
    with house.store.reading() as session:
        aurora = house.cast.aurora.id
        assert attesting.known(session, aurora, Scope.OWN, ASN, TODAY) == ([], {})


def test_how_requests_were_answered_counts_for_its_year(house: House) -> None:
    with house.store.writing() as session:
        for answered in (RequestsAnswered.NONE, RequestsAnswered.SOME):
            attesting.answer_requests(
                session,
                house.cast.aurora,
                Scope.SUPPLY_CHAIN,
                2026,
                answered,
                "Two NGOs",
                by=house.cast.actor("boris"),
                now=house.now,
            )
            house.now += timedelta(seconds=1)
    assert house.known().requests == "some"
    assert house.known(date(2027, 1, 1)).requests is None


def test_nobody_asked_is_no_answer(house: House) -> None:
    with house.store.writing() as session:
        attesting.answer_requests(
            session,
            house.cast.aurora,
            Scope.SUPPLY_CHAIN,
            2026,
            RequestsAnswered.NOBODY_ASKED,
            "",
            by=house.cast.actor("boris"),
            now=house.now,
        )
    assert house.known().requests is None


def judge(house: House, by: str = "boris", **more: Any) -> None:
    given = {"category": "developing", "why": "It has a policy, but prices do not carry it yet."}
    given |= more
    with house.store.writing() as session:
        judging.judge(
            session,
            house.cast.aurora,
            Scope.OWN,
            2026,
            ASN,
            given["category"],
            given["why"],
            Fraction(57, 20),
            by=house.cast.actor(by),
            now=house.now,
        )
        house.now += timedelta(seconds=1)


def test_a_category_keeps_its_reason_and_the_score_it_was_given_on(house: House) -> None:
    judge(house)
    judge(house, by="chen", category="maturing")
    with house.store.reading() as session:
        aurora = house.cast.aurora.id
        found = judging.judgements(session, aurora, Scope.OWN, 2026, ASN.id)
        assert [one.category for one, _ in found] == ["maturing", "developing"]
        assert judging.score_of(found[0][0]) == Fraction(57, 20)
        assert not judging.judgements(session, aurora, Scope.OWN, 2025, ASN.id)
        acts = session.exec(select(RatingEvent.what).order_by(col(RatingEvent.id))).all()
    assert acts == [RatingAct.JUDGED, RatingAct.JUDGED]


@pytest.mark.parametrize("typed", [{"why": ""}, {"why": "good"}, {"category": "best"}])
def test_a_category_needs_to_be_one_and_a_sentence(house: House, typed: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        judge(house, **typed)


@pytest.mark.parametrize("who", ["asha", "brigitte", "auguste", "indra"])
def test_only_who_leads_gives_a_category(house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        judge(house, by=who)

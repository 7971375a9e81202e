"""The record of a supplier: exact for who leads, for a brand what was released and nothing else."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from casework import cases
from casework.db import Store
from casework.figures import figurerows
from casework.figures.measures import Dimension, Measure
from casework.figures.tables import Figure, by
from casework.ids import new_id
from casework.models import Factory, Release, Snapshot
from casework.ratings import supplier_record
from casework.ratings.supplier_record import TABLES, Answers, Record
from casework.remedy import answering, remedies, suppliers
from casework.vocabulary import Action, Category, RemedyStep, Scope, Severity
from tests.conftest import Cast
from tests.plan import plan
from tests.rated import END, Year, at
from tests.webhelp import Browser, build, give_accounts

CODE = "GT7KM"


@pytest.fixture
def year(store: Store, cast: Cast) -> Year:
    return Year(store, cast)


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: END)


def signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def record(year: Year, now: datetime = END, by: str = "dilani") -> Record:
    with year.store.reading() as session:
        factory = session.exec(select(Factory).where(Factory.code == CODE)).one()
        actor = year.cast.actor(by)
        alone = supplier_record.records(session, now, actor, factory)[CODE]
        assert supplier_record.records(session, now, actor).get(CODE, Record()) == alone
        return alone


def test_it_counts_no_case_that_is_not_there_for_whoever_looks(year: Year) -> None:
    year.live()
    year.file(at(11, 16), "He touched me", category=Category.HARASSMENT, kind="sexual")
    assert record(year).counts == {Measure.ZERO_TOLERANCE: 1}
    assert record(year, by="boris").counts == {}


def test_it_counts_what_is_open_overdue_and_retaliation(year: Year) -> None:
    year.live()
    assert record(year).counts == {}
    open_wages = year.file(at(11, 16), "No pay", category=Category.WAGES)
    year.triage(open_wages, at(11, 16), Severity.SERIOUS)
    year.file(at(11, 16), "No pay", category=Category.WAGES, practice=True)
    assert record(year).counts == {Measure.ZERO_TOLERANCE: 1}
    year.walk(open_wages, at(11, 16), Action.ACKNOWLEDGE, Action.ASSESS)
    with year.store.writing() as session:
        case = cases.by_reference(session, open_wages, lock=True)
        assert case is not None
        plan(session, case, by=year.cast.actor("asha"), now=at(11, 16), due_on=date(2026, 11, 18))
    assert record(year).counts == {Measure.ZERO_TOLERANCE: 1, Measure.OVERDUE: 1}


def test_somebody_who_was_punished_counts_for_twelve_months(year: Year) -> None:
    year.live(["the worker was punished"])
    assert record(year).counts[Measure.RETALIATION] == 1
    assert Measure.RETALIATION not in record(year, at(11, 11) + timedelta(days=366)).counts


def test_the_time_to_answer_begins_when_the_factory_can_read(year: Year) -> None:
    reference = year.file(at(10, 1), "No pay", category=Category.WAGES)
    asha = year.cast.actor("asha")
    year.walk(reference, at(10, 1), Action.ACKNOWLEDGE, Action.ASSESS)
    with year.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        contact = suppliers.add_contact(
            session, case, "Mrs Sok", "", "", "", by=asha, now=at(10, 1)
        )
        facts = {"contact_id": contact.id, "for_factory": "Pay the wages of October."}
        slow = plan(session, case, by=asha, now=at(10, 1), **facts)
        plan(session, case, by=asha, now=at(10, 1), **facts)
        plan(session, case, by=asha, now=at(10, 1))  # nobody of the factory is asked
    assert record(year).answers == Answers()
    with year.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        suppliers.make_link(session, case, contact, by=asha, now=at(10, 5))
    assert record(year).answers == Answers((), 2)
    with year.store.writing() as session:
        for when in (at(10, 7, 15), at(10, 9)):
            said = "We pay on Friday."
            answering.answer(
                session, contact.id, slow.code, RemedyStep.ANSWERED, said, [], now=when
            )
    found = record(year).answers
    assert (found.days, found.waiting, found.median) == ((2.5,), 1, 2.5)
    with year.store.reading() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        assert len(remedies.of_case(session, case.id)) == 3


def test_who_leads_reads_exact_numbers_and_what_they_mean(year: Year, app: Flask) -> None:
    year.file(at(11, 16), "No pay", category=Category.WAGES)
    boris = signed_in(app, "boris")
    boris.get(f"/factories/{CODE}")
    assert f"/factories/{CODE}/record" in boris.page
    boris.get(f"/factories/{CODE}/record")
    assert "Ending the business is no remedy" in boris.text
    assert '<span class="key-number">1</span>' in boris.page
    for grade in ("A, B", "C", "D, E"):
        assert f'<dt dir="ltr">{grade}</dt>' in boris.page
    (row,) = _rows(boris)
    assert row["zero-tolerance"] == "1"
    assert (row["overdue"], row["answer-days"], row["waiting"]) == ("0", "", "0")


def test_a_brand_reads_its_newest_release_and_never_what_is_counted_now(
    year: Year, app: Flask
) -> None:
    for _ in range(7):
        year.file(at(11, 16), "No pay", category=Category.WAGES)
    year.other_brands_factory(Scope.SUPPLY_CHAIN, "OTHER1", brand="borealis")
    brigitte = signed_in(app, "brigitte")
    brigitte.get(f"/factories/{CODE}/record")
    assert "Nothing is released yet" in brigitte.text
    assert "key-number" not in brigitte.page
    assert _rows(brigitte) == []
    _release(year, "2026-Q3", zero=None, overdue=6)
    brigitte.get(f"/factories/{CODE}/record")
    assert '<span class="key-number">6</span>' in brigitte.page
    assert '<span class="key-number">7</span>' not in brigitte.page
    assert brigitte.page.count('class="hidden-number"') == 1
    assert "Hidden: below 5" in brigitte.text
    assert "Time to answer" not in brigitte.text
    (row,) = _rows(brigitte)
    assert (row["factory"], row["zero-tolerance"], row["overdue"]) == (CODE, "", "6")
    assert (row["retaliation"], row["suppressed"]) == ("0", "zero-tolerance")
    assert brigitte.get("/factories/OTHER1/record").status_code == 404


def test_who_handles_cases_and_others_do_not_open_it(app: Flask) -> None:
    for name in ("asha", "indra", "auguste"):
        browser = signed_in(app, name)
        assert browser.get(f"/factories/{CODE}/record").status_code == 403
        assert browser.get("/factories/records.csv").status_code == 403


def _rows(browser: Browser) -> list[dict[str, str]]:
    text = browser.get("/factories/records.csv").text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def _release(year: Year, period: str, *, zero: int | None, overdue: int | None) -> None:
    place = by({Dimension.FACTORY: CODE})
    figures = (
        Figure(Measure.ZERO_TOLERANCE, place, zero),
        Figure(Measure.OVERDUE, place, overdue),
    )
    with year.store.writing() as session:
        row = new_id(END)
        session.add(
            Snapshot(
                id=row,
                audience="AURORA",
                period=period,
                version=1,
                made_at=END,
                checked_at=END,
                digest="0" * 64,
            )
        )
        session.flush()
        session.add(
            Release(
                id=new_id(END),
                snapshot_id=row,
                judged_id=row,
                audience="AURORA",
                period=period,
                version=1,
                made_at=END,
                threshold=5,
                tables=figurerows.of_tables(TABLES),
                figures=figurerows.rows(figures),
                digest="0" * 64,
            )
        )

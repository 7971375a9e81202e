"""Cases are found by words that stand nowhere in clear."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, func, select

from casework import cases, factories, filing
from casework.actors import Actor, staff_actor
from casework.cases import Triage
from casework.db import Session, Store
from casework.filing import Complaint, Piece
from casework.models import Case, SearchWord
from casework.searching import refilling, search, searchwords
from casework.searching.queue import Filter
from casework.vocabulary import Action, Category, Severity, Status
from tests.conftest import Cast
from tests.webhelp import file_case

DAY = timedelta(days=1)


def found(store: Store, text: str, actor: Actor, wanted: Filter | None = None) -> list[str]:
    """References of the first page."""
    with store.reading() as session:
        hits = search.page(session, actor, text, wanted or Filter())
    return [row.reference for row in hits.rows]


@pytest.fixture
def asha(cast: Cast) -> Actor:
    return staff_actor(cast.asha)


def rows_of(store: Store, case: Case) -> int:
    with store.reading() as session:
        count = select(func.count()).select_from(SearchWord)
        return session.exec(count.where(col(SearchWord.case_id) == case.id)).one()


def test_a_case_is_found_by_any_words_of_the_worker_however_they_are_written(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    case = file_case(store, cast, now, words="Señor Đặng KEPT our passports, in March!")
    file_case(store, cast, now, words="No fan in the sewing hall")
    for text in ("passports", "senor", "dang", "march KEPT", "señor passports", "Đặng"):
        assert found(store, text, asha) == [case.reference], text
    for text in ("passports fan", "passport", "nothing"):
        assert found(store, text, asha) == [], text


@pytest.mark.parametrize(
    ("story", "asked", "other"),
    [
        ("ကျွန်မတို့ လစာ မရသေးပါ", "လစာ", "လျော်"),
        ("ကျွန်မတို့ လစာ မရသေးပါ", "လစာမရ", "မလစ"),
        ("នាយកយកលិខិតឆ្លងដែន", "លិខិតឆ្លងដែន", "ប្រាក់"),
        ("หัวหน้าเก็บหนังสือเดินทางของฉัน", "หนังสือเดินทาง", "เงินเดือน"),
        ("ຫົວໜ້າຍຶດໜັງສືຜ່ານແດນ", "ໜັງສື", "ເງິນ"),
        ("老板扣了我们三个月的工资", "工资", "护照"),
        ("会社がパスポートを取り上げた", "パスポート", "給料"),
    ],
)
def test_a_script_without_spaces_is_found_by_any_part_of_a_sentence(
    store: Store, cast: Cast, now: datetime, asha: Actor, story: str, asked: str, other: str
) -> None:
    case = file_case(store, cast, now, words=story)
    assert found(store, asked, asha) == [case.reference]
    assert found(store, other, asha) == []


def test_a_break_that_no_one_sees_changes_nothing(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    case = file_case(store, cast, now, words="លិខិត\u200bឆ្លងដែន ශ්\u200dරී over\u00adtime")
    for text in ("លិខិតឆ្លង", "ශ්රී", "ශ්\u200dරී", "overtime"):
        assert found(store, text, asha) == [case.reference], text


def test_all_that_staff_write_is_found(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    with store.writing() as session:
        case = file_case_in(session, cast, now)
        cases.advance(session, case, Action.NOTE, by=asha, now=now, text="Called the ombudsman.")
        cases.advance(session, case, Action.REPLY, by=asha, now=now, text="We are looking into it.")
        cases.triage(session, case, triage("Withheld bonus"), by=asha, now=now)
    for text in ("ombudsman", "looking", "bonus ombudsman", "withheld passports looking"):
        assert found(store, text, asha) == [case.reference], text


def test_a_reference_a_half_of_it_and_the_factory_find_the_case(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    case = file_case(store, cast, now)
    factory = cast.golden_thread
    for text in (
        case.reference,
        case.reference[:7],
        case.reference[3:7].lower(),
        case.reference[-4:],
        factory.code,
        factory.name,
        factory.name.split()[0],
    ):
        assert found(store, text, asha) == [case.reference], text


def test_what_the_worker_called_a_factory_nobody_knows_is_found(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    with store.writing() as session:
        complaint = Complaint((Piece("No pay"),), None, "Okapi mill by the river", Category.WAGES)
        case = filing.open_case(session, cast.htwe, complaint, now=now)
    assert found(store, "okapi river", asha) == [case.reference]


def test_a_renamed_factory_is_found_by_both_names(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    case = file_case(store, cast, now)
    old = cast.golden_thread.name
    with store.writing() as session:
        factory = session.merge(cast.golden_thread)
        typed = {
            name: str(getattr(factory, name) or "") for name in ("code", "place", "country", "zone")
        }
        facts = factories.check_factory({**typed, "name": "Silver Needle"})
        assert isinstance(facts, factories.FactoryFacts)
        factories.change_factory(session, factory, facts)
    assert found(store, "silver needle", asha) == [case.reference]
    assert found(store, old, asha) == [case.reference]


def test_words_that_were_taken_away_find_nothing_any_more(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    case = file_case(store, cast, now, words="They kept our passports")
    before = rows_of(store, case)
    for summary in ("Passports kept by Mr Lynx", "Passports kept", ""):
        with store.writing() as session:
            here = session.get_one(Case, case.id)
            cases.triage(session, here, triage(summary), by=asha, now=now)
        assert bool(found(store, "lynx", asha)) == ("Lynx" in summary)
        assert found(store, "passports kept", asha) == [case.reference]
    assert rows_of(store, case) == before


def test_a_restricted_case_is_found_by_the_pool_only(
    store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(
        store, cast, now, words="the line chief", category=Category.HARASSMENT, kind="sexual"
    )
    assert case.restricted
    open_one = file_case(store, cast, now, words="the line chief shouts")
    outside = next(
        staff_actor(p) for p in (cast.asha, cast.dilani, cast.boris) if not p.restricted_pool
    )
    inside = next(staff_actor(p) for p in (cast.asha, cast.dilani, cast.boris) if p.restricted_pool)
    assert found(store, "chief", outside) == [open_one.reference]
    assert found(store, "chief", inside) == [open_one.reference, case.reference]
    assert found(store, case.reference[-4:], outside) == []
    assert found(store, "chief", staff_actor(cast.brigitte)) == []


def test_a_search_goes_together_with_every_filter(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    one = file_case(store, cast, now, words="fan broken")
    two = file_case(
        store, cast, now, words="fan missing", category=Category.HEALTH_AND_SAFETY, kind="heat"
    )
    assert found(store, "fan", asha) == [two.reference, one.reference]
    assert found(store, "fan", asha, Filter(category=Category.WAGES)) == [one.reference]
    assert found(store, "fan", asha, Filter(factory_id=one.factory_id, unassigned=True)) == [
        two.reference,
        one.reference,
    ]
    assert found(store, "fan", asha, Filter(assignee_id=cast.asha.id)) == []
    assert found(store, "fan", asha, Filter(statuses=(Status.CLOSED,))) == []
    assert found(store, "fan", asha, Filter(severity=Severity.MINOR)) == []
    assert found(store, "fan", asha, Filter(overdue_at=now)) == []
    assert found(store, "fan", asha, Filter(language="xx")) == []
    assert len(found(store, "fan", asha, Filter(overdue_at=now + 90 * DAY))) == 2


def test_pages_hold_each_case_once_whatever_is_filed_meanwhile_and_lead_back(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    filed = [file_case(store, cast, now + n * DAY, words=f"fan {n:03}").id for n in range(23)]
    forward, cursor, before = [], "", []
    while True:
        with store.reading() as session:
            hits = search.page(session, asha, "fan", Filter(), cursor, size=5)
        forward += [row.id for row in hits.rows]
        before.append(hits.previous)
        file_case(store, cast, now + 99 * DAY, words="fan again")
        if not hits.next:
            break
        cursor = hits.next
    assert forward == filed[::-1]
    back: list[int] = []
    cursor = hits.previous
    while len(back) < 20:
        with store.reading() as session:
            hits = search.page(session, asha, "fan", Filter(), cursor, size=5)
        back = [row.id for row in hits.rows] + back
        cursor = hits.previous
    assert back == forward[:20]


def test_a_search_that_finds_little_stops_and_goes_on_where_it_stopped(
    store: Store, cast: Cast, now: datetime, asha: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_AT_MOST", 6)
    monkeypatch.setattr(search, "_FIRST", 3)
    first = file_case(store, cast, now, words="fan walrus")
    for n in range(1, 20):
        file_case(store, cast, now + n * DAY, words="fan")
        file_case(store, cast, now + n * DAY, words="walrus")
    seen, cursor, pages = [], "", 0
    while True:
        with store.reading() as session:
            hits = search.page(session, asha, "fan walrus", Filter(), cursor)
        seen += [row.reference for row in hits.rows]
        pages += 1
        assert bool(hits.back_to) == bool(hits.next)
        if not hits.next:
            break
        cursor = hits.next
    assert seen == [first.reference]
    assert pages > 2


def test_a_change_that_is_taken_back_leaves_no_word(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    with store.writing() as session:
        case = file_case_in(session, cast, now)
        searchwords.add(session, case.id, "walrus")
        session.rollback()
        file_case_in(session, cast, now)
        session.flush()
        assert stands(session, "passports")
        assert not stands(session, "walrus")
        session.rollback()
    with store.writing() as session, session.begin_nested() as inner:
        file_case_in(session, cast, now)
        inner.rollback()
    assert found(store, "passports", asha) == []
    with store.reading() as session:
        assert session.exec(select(SearchWord)).first() is None


def test_a_single_character_is_no_word() -> None:
    assert search.words("a 1 လ ?!") == []
    assert searchwords.words_of("a 1 လ ?!") == set()


def test_cases_from_before_words_were_kept_become_findable_newest_first(
    store: Store, cast: Cast, now: datetime, asha: Actor
) -> None:
    filed = [file_case(store, cast, now + n * DAY, words="fan").reference for n in range(7)]
    with store.writing() as session:
        first = session.exec(select(Case).where(Case.reference == filed[0])).one()
        cases.triage(session, first, triage("Passports kept"), by=asha, now=now)
        everything = set(session.exec(select(SearchWord.word, SearchWord.case_id)))
        refilling.start_over(session)
    assert found(store, "fan", asha) == []
    again: list[str] = []
    for done in (3, 3, 1, 0, 0):
        with store.writing() as session:
            assert refilling.refill(session, 3) == done
        again = found(store, "fan", asha)
        assert again == filed[::-1][: len(again)]
    assert again == filed[::-1]
    with store.reading() as session:
        assert set(session.exec(select(SearchWord.word, SearchWord.case_id))) == everything


def file_case_in(session: Session, cast: Cast, now: datetime) -> Case:
    complaint = Complaint(
        (Piece("They kept our passports"),), cast.golden_thread, "", Category.WAGES, "unpaid"
    )
    return filing.open_case(session, cast.htwe, complaint, now=now)


def stands(session: Session, word: str) -> bool:
    key = searchwords.key(session.vault, word)
    return session.exec(select(SearchWord).where(SearchWord.word == key)).first() is not None


def triage(summary: str) -> Triage:
    return Triage(Severity.SERIOUS, ((Category.WAGES, "unpaid"),), summary=summary)

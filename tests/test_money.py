"""Amounts: whole minor units, read and written as the reader does, never mixed; and the ledger,
whose rows, sums and events always say the same."""

from datetime import date, datetime, timedelta

import pytest
from babel import Locale, numbers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import cases
from casework.audit import events
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.models import Case, PersonGroup
from casework.remedy import ledger, money
from casework.remedy.ledger import Line
from casework.remedy.money import Balance, Entry, balances, parse, plain, settled, totals, written
from casework.vocabulary import Action, LedgerKind
from tests.desk import Desk
from translations import babel_locale, languages

LOCALES = [babel_locale(tag) for tag in languages("webadmin")]
LOCALES += [Locale.parse(tag) for tag in ("vi", "id", "my", "ar", "bn", "hi", "fr", "fa", "ne")]
NONE, TWO, THREE = ("JPY", "VND", "KRW"), ("USD", "MMK", "IDR", "BDT"), ("KWD", "BHD", "JOD")
MINOR = st.integers(min_value=0, max_value=money.LARGEST)
CURRENCY = st.sampled_from(NONE + TWO + THREE)


def test_the_decimals_are_those_of_iso_4217() -> None:
    assert {money.decimals(code) for code in NONE} == {0}
    assert {money.decimals(code) for code in TWO} == {2}
    assert {money.decimals(code) for code in THREE} == {3}


def test_cldr_differs_only_where_people_write_no_decimals() -> None:
    differing = {
        code
        for code in money.currencies()
        if money.decimals(code) != numbers.get_currency_precision(code)
    }
    assert "MMK" in differing
    # Iraq's dinar has three in ISO 4217; for all others CLDR drops what is worth nothing.
    assert {numbers.get_currency_precision(code) for code in differing} == {0}
    assert {money.decimals(code) for code in differing - {"IQD"}} == {2}


@given(MINOR, CURRENCY, st.sampled_from(LOCALES))
def test_what_is_written_is_read_back_exactly(minor: int, currency: str, locale: Locale) -> None:
    assert parse(plain(minor, currency, locale), currency, locale) == minor
    assert written(minor, currency, locale).startswith(f"{currency} ")


@given(st.text(max_size=20), CURRENCY, st.sampled_from(LOCALES))
def test_whatever_is_typed_is_an_amount_or_a_clear_refusal(
    text: str, currency: str, locale: Locale
) -> None:
    said = ""
    try:
        assert 0 <= parse(text, currency, locale) <= money.LARGEST
    except BadInput as error:
        said = str(error)
    assert not said or "Write it like" in said or "too large" in said


@pytest.mark.parametrize(
    ("typed", "currency", "locale", "minor"),
    [
        ("1.200.000", "VND", "vi", 1_200_000),
        ("1.234,50", "USD", "vi", 123_450),
        ("1,234.50", "USD", "en", 123_450),
        ("1234.5", "USD", "en", 123_450),
        ("၁၂၀၀၀၀", "MMK", "my", 12_000_000),
        ("၁၂၀,၀၀၀", "MMK", "my", 12_000_000),
        ("১২,৩৪,৫৬৭.৮৯", "BDT", "bn", 123_456_789),
        ("12,34,567.89", "INR", "hi", 123_456_789),
        ("١٬٢٣٤٫٥", "KWD", "ar", 1_234_500),
        ("1 234,5", "EUR", "fr", 123_450),
        ("1.200", "KWD", "en", 1_200),
        (" 0 ", "JPY", "ja", 0),
    ],
)
def test_amounts_are_read_as_people_of_the_language_write_them(
    typed: str, currency: str, locale: str, minor: int
) -> None:
    assert parse(typed, currency, Locale.parse(locale)) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "locale"),
    [
        ("1.200.000", "VND", "en"),
        ("1,234.50", "USD", "vi"),
        ("1.200", "USD", "en"),  # three decimals, or a thousand? nobody can tell
        ("1.5", "JPY", "en"),
        ("1,23", "USD", "en"),
        ("12,34.5", "USD", "en"),
        ("1,,000", "USD", "en"),
        ("-5", "USD", "en"),
        ("5-", "USD", "en"),
        ("1e5", "USD", "en"),
        ("5 USD", "USD", "en"),
        (".5", "USD", "en"),
        ("5.", "USD", "en"),
        ("٥5x", "USD", "en"),
        ("", "USD", "en"),
    ],
)
def test_what_could_mean_something_else_is_refused_with_an_example(
    typed: str, currency: str, locale: str
) -> None:
    with pytest.raises(BadInput, match=r"Write it like 1[.,]234"):
        parse(typed, currency, Locale.parse(locale))


def test_an_amount_with_too_many_zeros_is_refused() -> None:
    with pytest.raises(BadInput, match="too large"):
        parse("9" * 18, "JPY", Locale("en"))


ENTRY = st.builds(
    Entry,
    st.integers(1, 3),
    st.sampled_from(LedgerKind),
    CURRENCY,
    st.integers(-(10**15), 10**15),
)


@given(st.lists(ENTRY, max_size=30))
def test_currencies_and_groups_are_never_mixed(entries: list[Entry]) -> None:
    found = balances(entries)
    assert len({(one.group, one.currency) for one in found}) == len(found)
    for one in found:
        mine = [e for e in entries if (e.group, e.currency) == (one.group, one.currency)]
        assert one.owed == sum(e.amount for e in mine if e.kind is LedgerKind.OWED)
        assert one.paid == sum(e.amount for e in mine if e.kind is LedgerKind.PAID)
        assert one.outstanding - one.too_much == one.owed - one.paid
        assert min(one.outstanding, one.too_much) == 0
    assert sum(one.owed for one in totals(found)) == sum(one.owed for one in found)
    assert [one.currency for one in totals(found)] == list(
        dict.fromkeys(one.currency for one in found)
    )


def test_too_much_for_one_group_pays_no_other() -> None:
    found = [Balance(1, "USD", 100, 300), Balance(2, "USD", 100, 0)]
    assert not settled(found)
    assert settled(found[:1])
    assert not settled([Balance(1, "USD", 0, 100), Balance(1, "VND", 1, 0)])


# --- the ledger -----------------------------------------------------------------------------------


def _open(desk: Desk, now: datetime) -> str:
    reference = desk.file(now, "No pay")
    desk.walk(reference, now, Action.ACKNOWLEDGE)
    return reference


STEP = st.tuples(
    st.sampled_from(("owed", "paid", "reverse")),
    st.integers(0, 1),
    st.sampled_from(("JPY", "USD", "KWD")),
    st.integers(0, 5_000),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=12))
def test_owed_paid_and_outstanding_agree_with_rows_and_events_whatever_is_noted(
    desk: Desk, now: datetime, steps: list[tuple[str, int, str, int]]
) -> None:
    reference = _open(desk, now)
    by = desk.cast.actor("asha")
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        groups = [ledger.add_group(session, case, f"G{n}", n + 1, by=by, now=now) for n in (0, 1)]
        owed: dict[tuple[int, str], int] = {}
        for what, place, currency, amount in steps:
            _take(session, case, groups[place], what, currency, amount, owed, now, desk)
            _agree(session, case, owed)


def _take(
    session: Session,
    case: Case,
    group: PersonGroup,
    what: str,
    currency: str,
    amount: int,
    owed: dict[tuple[int, str], int],
    now: datetime,
    desk: Desk,
) -> None:
    by, key = desk.cast.actor("asha"), (group.id, currency)
    before = ledger.balances(ledger.entries_of(session, case.id)), case.event_count
    try:
        if what == "reverse":
            entries = ledger.entries_of(session, case.id)
            if entries:
                entry = entries[amount % len(entries)]
                ledger.reverse(session, case, entry, "A slip", by=by, now=now)
                if entry.kind is LedgerKind.OWED:
                    owed[entry.group_id, entry.currency] -= entry.amount
        else:
            line = Line(LedgerKind(what), currency, amount, now.date())
            ledger.record(session, case, group, line, by=by, now=now)
            if what == "owed":
                owed[key] = amount
    except BadInput:
        after = ledger.balances(ledger.entries_of(session, case.id)), case.event_count
        assert after == before, "what is refused changes nothing"


def _agree(session: Session, case: Case, owed: dict[tuple[int, str], int]) -> None:
    found = ledger.balances(ledger.entries_of(session, case.id))
    chain = events.history(session, case.id)
    assert ledger.told(chain) == found
    assert events.first_broken(case, chain) is None
    for one in found:
        assert one.owed == owed.get((one.group, one.currency), 0)
        assert one.owed >= 0
        assert one.paid >= 0


def test_an_entry_that_was_changed_no_longer_agrees_with_its_event(
    desk: Desk, now: datetime
) -> None:
    reference, by = _open(desk, now), desk.cast.actor("asha")
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        group = ledger.add_group(session, case, "Sewers", 4, by=by, now=now)
        line = Line(LedgerKind.PAID, "USD", 500, now.date(), "Cash")
        entry = ledger.record(session, case, group, line, by=by, now=now)
        entry.amount = 50_000
        session.flush()
        entries = ledger.entries_of(session, case.id)
        assert ledger.told(events.history(session, case.id)) != ledger.balances(entries)


def test_what_can_not_be_noted_is_refused_with_the_reason(desk: Desk, now: datetime) -> None:
    reference, by = _open(desk, now), desk.cast.actor("asha")
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None

        def note(kind: LedgerKind, amount: int, currency: str = "USD", days: int = 0) -> None:
            line = Line(kind, currency, amount, _in(now, days))
            ledger.record(session, case, group, line, by=by, now=now)

        group = ledger.add_group(session, case, "Sewers", 4, by=by, now=now)
        with pytest.raises(BadInput, match="Nothing would change"):
            note(LedgerKind.OWED, 0, days=-1)
        with pytest.raises(BadInput, match="still to come"):
            note(LedgerKind.PAID, 5, days=3)
        with pytest.raises(BadInput, match="Choose a currency"):
            note(LedgerKind.PAID, 5, "DEM", days=-1)
        with pytest.raises(BadInput, match="too large"):
            note(LedgerKind.PAID, money.LARGEST + 1, days=-1)
        for persons in (0, -1, ledger.MOST_PERSONS + 1):
            with pytest.raises(BadInput, match="number from 1"):
                ledger.add_group(session, case, "Sewers", persons, by=by, now=now)
        with pytest.raises(NotAllowed):
            ledger.add_group(session, case, "Sewers", 1, by=desk.cast.actor("brigitte"), now=now)


def _in(now: datetime, days: int) -> date:
    return (now + timedelta(days=days)).date()

"""Money as it is stored, typed and added: whole numbers of a currency's minor unit, never floats.

Pure. How many decimals a currency has is ISO 4217's (list one). CLDR's own number is how many are
usually written: it leaves them out for kyat or rupiah, so it may not decide what is stored.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale, numbers
from babel.core import get_global

from casework.errors import BadInput
from casework.vocabulary import LedgerKind

_NOT_TWO = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS = {code: count for count, codes in _NOT_TWO.items() for code in codes.split()}
"""Source: ISO 4217, list one. Every other currency has two."""

LARGEST = 10**15
"""Minor units that one entry takes at most: more is a slip of the finger, and sums fit a column."""

_SPACES = " \u00a0\u2009\u202f"
"""Ways to set groups of digits apart with a space."""


def currencies() -> frozenset[str]:
    """The codes of all currencies that are legal tender somewhere now. Source: CLDR."""
    found = get_global("territory_currencies").values()
    return frozenset(
        code for uses in found for code, _start, end, tender in uses if tender and not end
    )


def of_country(country: str) -> str:
    """The currency of a country, ``USD`` where none is known. Source: CLDR."""
    known = numbers.get_territory_currencies(country) if country else []
    return str(known[0]) if known else "USD"


def decimals(currency: str) -> int:
    """How many decimals a currency has."""
    return _DECIMALS.get(currency, 2)


def parse(text: str, currency: str, locale: Locale) -> int:
    """What somebody typed in their way of writing numbers, in minor units of ``currency``.

    ``BadInput`` for anything that is no amount in that way: where people elsewhere write the same
    characters for another number, guessing would be worse than asking.
    """
    found = {
        amount
        for point, group in _signs(locale, western=text.isascii())
        if (amount := _read(text, point, group, decimals(currency))) is not None
    }
    if len(found) != 1:
        raise BadInput(
            "“%(typed)s” is no amount of %(currency)s. Write it like %(example)s.",
            typed=text.strip()[:40],
            currency=currency,
            example=plain(_EXAMPLE * 10 ** decimals(currency) // 10, currency, locale),
        )
    amount = found.pop()
    if amount > LARGEST:
        raise BadInput("This amount is too large. Check how many zeros it has.")
    return amount


_EXAMPLE = 12_345


def plain(minor: int, currency: str, locale: Locale) -> str:
    """An amount without its currency as a reader of ``locale`` writes it. Exact: decimals are left
    out only where all are zero and nobody writes them."""
    places = decimals(currency)
    if numbers.get_currency_precision(currency) == 0 and minor % 10**places == 0:
        minor, places = minor // 10**places, 0
    pattern = numbers.parse_pattern(locale.decimal_formats[None].pattern)
    pattern.frac_prec = (places, places)
    return str(pattern.apply(Decimal(minor).scaleb(-places), locale))


def written(minor: int, currency: str, locale: Locale) -> str:
    """An amount with the code of its currency, which no two currencies share as they do signs."""
    return f"{currency} {plain(minor, currency, locale)}"


def _signs(locale: Locale, *, western: bool) -> set[tuple[str, str]]:
    """What stands before decimals and between groups, in each of the digits of a language; in
    ``western`` digits alone where nothing else was typed: Khmer writes 1.5 so, and ១,៥ in its own."""
    found = set()
    for script, symbols in locale.number_symbols.items():
        if western and script != "latn":
            continue
        if isinstance(symbols, Mapping) and symbols.get("decimal") and symbols.get("group"):
            found.add((symbols["decimal"], symbols["group"]))
    return found


def _read(text: str, point: str, group: str, places: int) -> int | None:
    text = text.strip()
    if group in _SPACES:
        text = text.translate(dict.fromkeys(map(ord, _SPACES), group))
    whole, dot, fraction = _western(text).partition(point)
    if dot and not (re.fullmatch(r"\d+", fraction, re.ASCII) and len(fraction) <= places):
        return None
    if group in whole:
        first, *rest = whole.split(group)
        if not first.isascii() or not _grouped(first, rest):
            return None
        whole = first + "".join(rest)
    if not re.fullmatch(r"\d{1,19}", whole, re.ASCII):
        return None
    return int(whole + fraction.ljust(places, "0"))


def _grouped(first: str, rest: list[str]) -> bool:
    """Groups of three, or of India: the last of three, those before it of two."""
    if not all(part.isascii() and part.isdigit() for part in (first, *rest)):
        return False
    threes = 1 <= len(first) <= 3 and all(len(part) == 3 for part in rest)
    twos = 1 <= len(first) <= 2 and len(rest[-1]) == 3 and all(len(p) == 2 for p in rest[:-1])
    return threes or twos


def _western(text: str) -> str:
    """The same with digits of every script as 0 to 9."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char
        for char in text
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger, as far as sums need it."""

    group: int
    kind: LedgerKind
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What a group is owed in one currency and what it was paid, in minor units."""

    group: int
    currency: str
    owed: int
    paid: int

    @property
    def outstanding(self) -> int:
        """What is still to be paid; never below zero."""
        return max(0, self.owed - self.paid)

    @property
    def too_much(self) -> int:
        """What was paid beyond what is owed: perhaps by mistake, perhaps what is owed is not noted."""
        return max(0, self.paid - self.owed)


def balances(entries: Iterable[Entry]) -> list[Balance]:
    """What the entries add up to, for each group and currency apart, in the order they came."""
    sums: dict[tuple[int, str], dict[LedgerKind, int]] = {}
    for entry in entries:
        found = sums.setdefault((entry.group, entry.currency), dict.fromkeys(LedgerKind, 0))
        found[entry.kind] += entry.amount
    return [
        Balance(group, currency, found[LedgerKind.OWED], found[LedgerKind.PAID])
        for (group, currency), found in sums.items()
    ]


def totals(found: Iterable[Balance]) -> list[Balance]:
    """The sums of each currency over all groups (``group`` 0). What one group was paid too much
    does not pay another, so this is for reading: ``settled`` asks each group."""
    sums: dict[str, list[int]] = {}
    for one in found:
        both = sums.setdefault(one.currency, [0, 0])
        both[0] += one.owed
        both[1] += one.paid
    return [Balance(0, currency, owed, paid) for currency, (owed, paid) in sums.items()]


def settled(found: Iterable[Balance]) -> bool:
    """Whether each group was paid in each currency at least what it is owed."""
    return all(one.outstanding == 0 for one in found)

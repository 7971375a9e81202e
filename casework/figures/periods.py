"""The periods that figures are of: years, quarters, months, and any days. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from casework.errors import BadInput


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days of UTC, from ``start`` up to but not with ``end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BadInput("A period ends after it begins. Choose a later last day.")

    @classmethod
    def quarter(cls, year: int, number: int) -> "Period":
        """The quarter 1 to 4 of a year."""
        first = date(year, 3 * number - 2, 1)
        return cls(first, date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1))

    @classmethod
    def year(cls, year: int) -> "Period":
        """A calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def quarter_of(cls, day: date) -> "Period":
        """The quarter a day is in."""
        return cls.quarter(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Period":
        """``2026``, ``2026-Q3`` or ``2026-01-15..2026-02-14`` (both days with it); ``BadInput``
        where it is none of them."""
        year, _, quarter = text.strip().upper().partition("-Q")
        try:
            if ".." in text:
                first, last = (date.fromisoformat(day.strip()) for day in text.split("..", 1))
                return cls(first, last + timedelta(days=1))
            if quarter:
                return cls.quarter(int(year), {"1": 1, "2": 2, "3": 3, "4": 4}[quarter])
            return cls.year(int(year))
        except (ValueError, KeyError, OverflowError):
            raise BadInput(
                "“%(text)s” is no period. Write a year such as 2026, a quarter such as 2026-Q3, or"
                " days such as 2026-01-15..2026-02-14.",
                text=text,
            ) from None

    def __str__(self) -> str:
        """As ``read`` takes it."""
        if self.is_year:
            return f"{self.start.year:04}"
        if self.is_quarter:
            return f"{self.start.year:04}-Q{(self.start.month + 2) // 3}"
        return f"{self.start}..{self.end - timedelta(days=1)}"

    @property
    def is_year(self) -> bool:
        return self == Period.year(self.start.year)

    @property
    def is_quarter(self) -> bool:
        return self == Period.quarter(self.start.year, (self.start.month + 2) // 3)

    @property
    def quarters(self) -> tuple["Period", ...]:
        """Of a year its four quarters; of a quarter itself; else none."""
        if self.is_year:
            return tuple(Period.quarter(self.start.year, number) for number in (1, 2, 3, 4))
        return (self,) if self.is_quarter else ()

    @property
    def before(self) -> "Period":
        """The period before it: the year or quarter before, else as many days."""
        if self.is_year:
            return Period.year(self.start.year - 1)
        if self.is_quarter:
            last = self.start - timedelta(days=1)
            return Period.quarter(last.year, (last.month + 2) // 3)
        return Period(self.start - (self.end - self.start), self.start)

    @property
    def after(self) -> "Period":
        """The period after it, of the same kind."""
        if self.is_year:
            return Period.year(self.start.year + 1)
        if self.is_quarter:
            return Period.quarter_of(self.end)
        return Period(self.end, self.end + (self.end - self.start))

    def until(self, today: date) -> "Period":
        """The days of it that have begun, ``today`` the last; of one to come the first alone."""
        begun = max(today, self.start) + timedelta(days=1)
        return Period(self.start, min(self.end, begun))

    @property
    def begins(self) -> datetime:
        """The first moment, in UTC."""
        return datetime.combine(self.start, time(), UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        return datetime.combine(self.end, time(), UTC)

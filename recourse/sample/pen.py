"""Writes the steps of one sample case: moves its clock on, in waking or working hours, and fills
the holes of its sentences."""

from datetime import date, datetime, time, timedelta
from random import Random

from babel.dates import format_skeleton

from casework.cases import Triage
from casework.deadlines import policies
from casework.deadlines.calendars import WorkingCalendar
from casework.vocabulary import (
    Action,
    Finding,
    Inadmissible,
    PauseReason,
    Promise,
    Referral,
    Severity,
)
from recourse.sample.people_and_places import RESTRICTED, SECOND, SUPERVISOR
from recourse.sample.plans import MoreTime, Step
from recourse.sample.words import Story, Words

_OPENS, _CLOSES = time(8, 15), time(16, 40)
_WAKES, _SLEEPS = time(6, 10), time(23, 20)
_TAKEN = {Action.ASSIGN, Action.ACKNOWLEDGE, Action.TRIAGE, Action.PROTECT}
_FIRST_WORDS = {Action.ASK, Action.REPLY}
_GOING_ON = {
    Action.ACKNOWLEDGE,
    Action.ASK,
    Action.REPLY,
    Action.ASSESS,
    Action.INVESTIGATE,
    Action.PROPOSE_REMEDY,
    Action.DISPUTE,
    Action.APPEAL,
}
"""After these she waits to hear more; after a decision, or when she withdrew, she does not."""
_ASIDE = {
    Action.ASSIGN,
    Action.TRIAGE,
    Action.PROTECT,
    Action.NOTE,
    Action.ADD,
    Action.PAUSE,
    Action.ASK_EXTENSION,
    Action.EXTEND,
}
"""These neither tell her anything nor end anything."""

_EFFORT = {
    Severity.CRITICAL: 0.3,
    Severity.SERIOUS: 0.6,
    Severity.STANDARD: 0.85,
    Severity.MINOR: 0.85,
}
"""How much of the usual time the investigation takes: the worse, the sooner it is due."""
_EFFORT_AGAIN = 0.5
_NUMBERS = {
    "months": (2, 5),
    "weeks": (2, 6),
    "years": (2, 11),
    "hours": (12, 15),
    "people": (18, 70),
    "few": (3, 8),
    "room": (10, 18),
    "line": (2, 18),
    "floor": (2, 5),
}
_DATES_AS = {"en": "en_GB"}
_BURMESE = str.maketrans("0123456789", "၀၁၂၃၄၅၆၇၈၉")


def holes(rng: Random, words: Words, country: str) -> dict[str, int | str]:
    """What fills the holes of a story: numbers, and money as people of the country write it."""
    money = words.money[country]
    numbers = {name: rng.randint(*ends) for name, ends in _NUMBERS.items()}
    return numbers | {
        "small": rng.choice(money.small),
        "pay": rng.choice(money.pay),
        "fee": rng.choice(money.fee),
    }


def filled(text: str, found: dict[str, int | str], language: str) -> str:
    """A text with its holes filled, in the digits of its language."""
    if language != "my":
        return text.format_map(found)
    return text.format_map({name: str(value).translate(_BURMESE) for name, value in found.items()})


class Pen:
    """The steps of a case so far, and the moment it has come to."""

    def __init__(
        self,
        rng: Random,
        words: Words,
        story: Story,
        calendar: WorkingCalendar,
        filed_at: datetime,
        *,
        owner: str,
        severity: Severity,
        pace: float = 1.0,
    ) -> None:
        self.rng = rng
        self.words = words
        self.story = story
        self.calendar = calendar
        self.at = filed_at
        self.owner = RESTRICTED if story.topic.sexual else owner
        self.severity = severity
        self.pace = pace
        self.steps: list[Step] = []
        self.noted: set[str] = set()
        self.contested = False
        self.told_at: datetime | None = None
        """When she was last told something, as long as she waits to hear more."""

    @property
    def effort(self) -> float:
        """What the usual days of an investigation are multiplied by."""
        usual = _EFFORT[self.severity]
        return min(usual, _EFFORT_AGAIN) if self.contested else usual

    @property
    def second(self) -> str:
        """Who takes up an appeal."""
        return SUPERVISOR if self.story.topic.sexual else SECOND[self.owner]

    def staff(
        self,
        action: Action,
        days: tuple[float, float],
        text: str = "",
        *,
        by: str = "",
        to: str = "",
        found: Triage | None = None,
        fixed: bool = False,
        pause: PauseReason | None = None,
        more: MoreTime | None = None,
        reason: Inadmissible | Referral | None = None,
        finding: Finding | None = None,
    ) -> None:
        """A colleague acts after so many days, in office hours; a critical case is taken at any
        hour. ``fixed``: a time that no hurry shortens.
        """
        self._wait(days, 1.0 if fixed else self.pace)
        urgent = self.severity is Severity.CRITICAL
        if urgent and action in _FIRST_WORDS:
            self.at = awake(self.at, self.calendar, self.rng)
        elif not (urgent and action in _TAKEN):
            self.at = _at_work(self.at, self.calendar, self.rng)
        self.keep_telling(self.at)
        self.steps.append(
            Step(
                self.at,
                action,
                by or self.owner,
                self._dated(text),
                to,
                found=found,
                pause=pause,
                more=more,
                reason=reason,
                finding=finding,
            )
        )
        self._remember(action)

    def worker(
        self, action: Action, days: tuple[float, float], text: str = "", *, file: str = ""
    ) -> None:
        """The worker acts after so many days, when she is awake."""
        self._wait(days, self.pace)
        self.at = awake(self.at, self.calendar, self.rng)
        self.keep_telling(self.at)
        self.steps.append(Step(self.at, action, text=text, file=file))
        self.contested = self.contested or action in (Action.DISPUTE, Action.APPEAL)
        self._remember(action)

    def keep_telling(self, until: datetime) -> None:
        """Where nothing else is said to her for long, a word on how it goes; now and then it is
        forgotten."""
        while self.told_at is not None and not self.chance(0.05):
            longest = policies.DEFAULT.lines[Promise.PROGRESS, self.severity].span.amount
            days = timedelta(days=longest * self.rng.uniform(0.55, 0.8))
            at = _at_work(self.told_at + days, self.calendar, self.rng)
            if at >= until:
                break
            words = self.words.general("progress")[:2]
            text = self.about("reply") if self.story.topic.sexual else self.rng.choice(words)
            self.steps.append(Step(at, Action.REPLY, self.owner, self._dated(text)))
            self.told_at = at

    def general(self, name: str) -> str:
        """A sentence that fits any case."""
        return self.rng.choice(self.words.general(name))

    def about(self, name: str) -> str:
        """A sentence that fits the story."""
        return self.rng.choice(self.words.about(self.story, name))

    def fresh(self, texts: tuple[str, ...]) -> str:
        """One that was not noted in this case yet, as long as there is one."""
        text = self.rng.choice([one for one in texts if one not in self.noted] or texts)
        self.noted.add(text)
        return text

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _wait(self, days: tuple[float, float], pace: float) -> None:
        self.at += timedelta(seconds=round(self.rng.uniform(*days) * pace * 86_400))

    def _remember(self, action: Action) -> None:
        if action not in _ASIDE:
            self.told_at = self.at if action in _GOING_ON else None

    def _dated(self, text: str) -> str:
        """Fills in a day some weeks ahead, as people of the language write it."""
        if "{by}" not in text:
            return text
        ahead = self.at.date() + timedelta(days=self.rng.randint(12, 28))
        return text.format(by=_day(ahead, self.words.language))


def _day(day: date, language: str) -> str:
    said = format_skeleton("MMMMd", day, locale=_DATES_AS.get(language, language))
    return f"{said.translate(_BURMESE)} ရက်" if language == "my" else said


def is_awake(at: datetime, calendar: WorkingCalendar) -> bool:
    """Whether a worker may be up."""
    return _WAKES <= at.astimezone(calendar.zone).time() <= _SLEEPS


def awake(at: datetime, calendar: WorkingCalendar, rng: Random) -> datetime:
    """The moment itself, or the evening after it where a worker would be asleep."""
    if is_awake(at, calendar):
        return at
    local = at.astimezone(calendar.zone)
    evening = time(rng.randint(18, 21), rng.randint(0, 59), rng.randint(0, 59))
    day = local.date() if local.time() < _WAKES else local.date() + timedelta(days=1)
    return datetime.combine(day, evening, calendar.zone).astimezone(at.tzinfo)


def _at_work(at: datetime, calendar: WorkingCalendar, rng: Random) -> datetime:
    local = at.astimezone(calendar.zone)
    day = local.date()
    if calendar.is_working(day) and _OPENS <= local.time() <= _CLOSES:
        return at
    if local.time() > _CLOSES:
        day += timedelta(days=1)
    morning = time(rng.randint(8, 11), rng.randint(16, 59), rng.randint(0, 59))
    when = datetime.combine(calendar.working_day_from(day), morning, calendar.zone)
    return when.astimezone(at.tzinfo)

"""Every figure once more, slowly: all rows read, and each number counted by itself in plain Python.

Shares no code with ``casework.figures.statistics`` and its parts. What happened is read out of the events
alone: statuses, decisions, answers, plans, money, misses, pauses and extensions. When a promise was
met is replayed from the events by the table of promises; that it ran at all, and when it was due in
the end, is read from its clock.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from sqlmodel import select

from casework.categories import CATEGORIES
from casework.db import Session
from casework.deadlines.promised import turn
from casework.figures.measures import AGES, TOPICS, Dimension, Measure, Topic, matter_of
from casework.figures.periods import Period
from casework.figures.tables import By, Key, Spread, Table
from casework.figures.tables import by as breakdown
from casework.lifecycle import OPEN, REMEDIED
from casework.models import (
    Brand,
    Case,
    CaseEvent,
    Clock,
    Factory,
    ImportedCase,
    Issue,
    Link,
    Party,
    RemedyEntry,
    Supply,
)
from casework.models.base import Table as Row
from casework.vocabulary import Action, Category, LinkKind, Promise, Status

D, M, A = Dimension, Measure, Action
Values = dict[Dimension, str]
_MONEY = (M.OWED, M.OWED_PERSONS, M.PAID, M.PAID_PERSONS)


@dataclass
class One:
    """One thing that is counted: where it stands, how much it is, and who it is where two of the
    same count once."""

    stands: list[Values]
    weight: int = 1
    same: object = None


class Slow:
    """All rows of a database, for one brand and scope."""

    def __init__(self, session: Session, brand_id: int | None, scope: str | None) -> None:
        def rows(model: type[Row]) -> list[Any]:
            return list(session.exec(select(model)))

        self.scope, self.brand_id = scope, brand_id
        self.brands = {brand.id: brand.code for brand in rows(Brand)}
        self.factories = {one.id: one for one in rows(Factory)}
        self.supplies = rows(Supply)
        self.issues: list[Issue] = sorted(rows(Issue), key=lambda one: (one.position, one.id))
        self.links: list[Link] = rows(Link)
        self.clocks: list[Clock] = rows(Clock)
        self.imported = {one.case_id: one for one in rows(ImportedCase)}
        self.parties: list[Party] = rows(Party)
        self.entries = {one.id: one for one in rows(RemedyEntry)}
        self.events: dict[int, list[CaseEvent]] = {}
        for event in sorted(rows(CaseEvent), key=lambda one: (one.case_id, one.number)):
            self.events.setdefault(event.case_id, []).append(event)
        twice = {one.other_id for one in self.links if one.kind is LinkKind.DUPLICATE}
        self.cases: list[Case] = [
            case
            for case in rows(Case)
            if not case.practice
            and case.id not in twice
            and (case.inadmissible is None or case.inadmissible.value != "spam")
            and self.there(case.factory_id, case.received_at.date())
        ]

    # --- where ---

    def there(self, factory_id: int | None, day: date) -> list[Values]:
        """The cells of a place on a day; none where it is not asked for."""
        factory = self.factories.get(factory_id) if factory_id else None
        base = {
            D.COUNTRY: factory.country if factory else "unknown",
            D.FACTORY: factory.code if factory else "unknown",
        }
        found = []
        for one in self.supplies:
            fits = one.factory_id == factory_id and one.since <= day
            fits = fits and (one.until is None or day <= one.until)
            fits = fits and self.brand_id in (None, one.brand_id)
            if fits and self.scope in (None, one.scope.value):
                tier = str(one.tier) if one.tier is not None else "unknown"
                brand = {D.BRAND: self.brands[one.brand_id], D.SCOPE: one.scope.value}
                found.append({**base, **brand, D.TIER: tier})
        if not found and self.brand_id is None and self.scope is None:
            return [{**base, D.BRAND: "unknown", D.SCOPE: "unknown", D.TIER: "unknown"}]
        return found

    def stands(self, case: Case, **own: str) -> list[Values]:
        mine = [one for one in self.issues if one.case_id == case.id]
        wage = "not-about-wages"
        for one in mine:
            if one.category.value == "WAG" and wage != "below-living-wage":
                wage = "below-living-wage" if one.kind == "below-living-wage" else "other-wages"
        said = {
            **self._about(case.category),
            D.WAGE: wage,
            D.SEVERITY: case.severity.value,
            D.CHANNEL: case.channel.value,
            D.LANGUAGE: case.language,
            D.RELATION: case.relation.value if case.relation else "unknown",
            **{D(name): value for name, value in own.items()},
        }
        return [{**one, **said} for one in self.there(case.factory_id, case.received_at.date())]

    def _about(self, category: Category | None) -> Values:
        return {
            D.CATEGORY: category.value if category else "unknown",
            D.TOPIC: TOPICS[category].value if category else Topic.OTHER.value,
            D.MATTER: matter_of(category).value,
        }

    # --- what came in ---

    def received(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            if _within(period, case.received_at):
                yield One(self.stands(case))

    def persons(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            if _within(period, case.received_at):
                yield One(self.stands(case), 1, case.reporter_id or ("nobody", case.id))

    def issues_of(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            for one in self.issues if _within(period, case.received_at) else ():
                if one.case_id == case.id:
                    wage = "not-about-wages"
                    if one.category is Category.WAGES:
                        living = one.kind == "below-living-wage"
                        wage = one.kind if living else "other-wages"
                    kind = f"{one.category.value}:{one.kind}" if one.kind else "unknown"
                    own = {**self._about(one.category), D.WAGE: wage, D.KIND: kind}
                    yield One([{**there, **own} for there in self.stands(case)])

    def retaliation(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            about = any(
                i.case_id == case.id and i.category is Category.RETALIATION for i in self.issues
            )
            linked = any(
                one.other_id == case.id and one.kind is LinkKind.RETALIATION for one in self.links
            )
            if _within(period, case.received_at) and (about or linked):
                yield One(self.stands(case))

    # --- what happened ---

    def admissible(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            first = None
            for event in self.events[case.id]:
                if event.action in (A.INVESTIGATE, A.PROPOSE_REMEDY, A.CONCLUDE):
                    first = first or event.at
                elif event.action is A.IMPORT and event.after.value in (
                    *("verifying", "resolved", "closed"),
                ):
                    first = _past(event, "told", "closed")
            if first and _within(period, first):
                yield One(self.stands(case))

    def _decisions(self, case: Case) -> Iterator[tuple[datetime, str, CaseEvent]]:
        """When the case was decided, here or elsewhere, and what it was decided to be."""
        told = False
        for event in self.events[case.id]:
            if event.action is A.WITHDRAW and not told:
                yield event.at, "withdrawn", event
            told = told or event.action in (A.CONCLUDE, A.REFER, A.REJECT)
            if event.action is A.IMPORT:
                after = event.after.value
                ended = after in ("inadmissible", "referred", "withdrawn")
                told = ended or after in ("verifying", "resolved", "closed", "appealed")
                names = ("closed",) if ended else ("told", "closed")
                at = _past(event, *names)
                if at and told:
                    said = after if ended else event.data.get("finding", "undecided")
                    yield at, said, event
            elif event.action is A.CONCLUDE:
                yield event.at, _found(event), event
            elif event.action is A.REFER:
                yield event.at, "referred", event
            elif event.action is A.REJECT:
                yield event.at, "inadmissible", event

    def decided(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            for at, outcome, _ in self._decisions(case):
                if _within(period, at):
                    yield One(self.stands(case, outcome=outcome))

    def answered(self, period: Period) -> Iterator[One]:
        said = {
            A.CONFIRM: "confirmed",
            A.RESOLVE: "unanswered",
            A.DISPUTE: "disputed",
            A.APPEAL: "appealed",
        }
        for case, event in self._happened(period):
            if event.action in said:
                yield One(self.stands(case, answer=said[event.action]))

    def appeals(self, period: Period) -> Iterator[One]:
        worth = {
            "inadmissible": 0,
            "referred": 0,
            "answered": 1,
            "unfounded": 1,
            "undetermined": 2,
            "partly": 3,
            "founded": 4,
        }
        for case in self.cases:
            events = self.events[case.id]
            for number, event in enumerate(events):
                if event.action not in (A.CONCLUDE, A.REFER, A.REJECT):
                    continue
                decided = (A.CONCLUDE, A.REFER, A.REJECT, A.IMPORT)
                earlier = [one for one in events[:number] if one.action in decided]
                since = (
                    events[:number][events.index(earlier[-1]) + 1 :] if earlier else events[:number]
                )
                contests = [one for one in since if one.action in (A.DISPUTE, A.APPEAL)]
                if not contests or not _within(period, event.at):
                    continue
                again = since[since.index(contests[-1]) :]
                right = any(one.action is A.PROPOSE_REMEDY for one in again)
                if earlier:
                    before, now = self._said(earlier[-1]), self._said(event)
                    if before[0] in worth and now[0] in worth:
                        right = right or worth[now[0]] > worth[before[0]]
                    for issue, (finding, grave) in now[1].items():
                        if issue in before[1]:
                            mine = (worth[finding], grave)
                            theirs = (worth[before[1][issue][0]], before[1][issue][1])
                            right = right or mine > theirs
                yield One(self.stands(case, ruling="upheld" if right else "dismissed"))

    def _said(self, event: CaseEvent) -> tuple[str, dict[tuple[str, str], tuple[str, bool]]]:
        """As a whole, and of each issue."""
        by_action = {A.REFER: "referred", A.REJECT: "inadmissible"}
        if event.action is A.IMPORT:
            return event.data.get("finding", "undecided"), {}
        issues = {
            (one["category"], one["kind"]): (one["finding"], one["gravity"] == "major")
            for one in event.data.get("findings", ())
        }
        return by_action.get(event.action) or _found(event), issues

    def _happened(self, period: Period) -> Iterator[tuple[Case, CaseEvent]]:
        for case in self.cases:
            for event in self.events[case.id]:
                if _within(period, event.at):
                    yield case, event

    # --- promises ---

    def _kept(self, case: Case) -> Iterator[tuple[Promise, datetime, datetime]]:
        """Each promise that was met: since when, and when. Out of the events."""
        running: dict[Promise, datetime] = {}
        for event in self.events[case.id]:
            steps = event.data["path"] if event.action is A.IMPORT else [event.action.value]
            gone = case.forgotten_at is not None and event.at >= case.forgotten_at
            for step in steps:
                done = turn(A(step), running, event.at, forgotten=gone)
                # What was done elsewhere was promised by others.
                for promise in done.meets if event.action is not A.IMPORT else ():
                    yield promise, running[promise], event.at
                for promise in done.meets | done.ends:
                    del running[promise]
                running |= dict.fromkeys(done.starts, event.at)

    def _rounds(self) -> Iterator[tuple[Case, Clock, datetime]]:
        """Clocks that ran and were met. Two rounds may begin at the same moment: in their order."""
        for case in self.cases:
            mine = [one for one in self.clocks if one.case_id == case.id]
            mine = sorted((one for one in mine if not one.cancelled_at), key=lambda one: one.round)
            for promise, started, met in self._kept(case):
                fits = [c for c in mine if (c.promise, c.started_at) == (promise, started)]
                if fits:
                    mine.remove(fits[0])
                    yield case, fits[0], met

    def met(self, period: Period) -> Iterator[One]:
        for case, clock, met in self._rounds():
            if _within(period, met):
                yield One(self.stands(case, promise=clock.promise.value))

    def days(self, period: Period) -> Iterator[One]:
        for case, clock, met in self._rounds():
            if _within(period, met):
                seconds = (met - clock.started_at).total_seconds()
                tenths = int(seconds / 8640 + 0.5)
                yield One(self.stands(case, promise=clock.promise.value), tenths)

    def promised(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            for event in self.events[case.id]:
                if event.action is A.MISS and _within(
                    period, datetime.fromisoformat(event.data["due"])
                ):
                    yield One(self.stands(case, promise=event.data["promise"], kept="late"))
        for case, clock, met in self._rounds():
            missed = any(
                event.action is A.MISS
                and event.data["promise"] == clock.promise.value
                and clock.started_at <= datetime.fromisoformat(event.data["due"]) < event.at <= met
                for event in self.events[case.id]
            )
            if not missed and _within(period, clock.due_at):
                how = self._how(case, clock, met)
                yield One(self.stands(case, promise=clock.promise.value, kept=how))

    def _how(self, case: Case, clock: Clock, met: datetime) -> str:
        """Whether it would have been in time without pauses and more time."""
        due, known = clock.due_at, met
        events = [one for one in self.events[case.id] if one.at <= met]
        for event in events:
            if (
                event.action is A.EXTEND
                and event.data["promise"] == clock.promise.value
                and event.at >= clock.started_at
            ):
                due = datetime.fromisoformat(event.data["before"])
                known = next(
                    one.at
                    for one in events
                    if one.action is A.ASK_EXTENSION
                    and one.data["extension"] == event.data["extension"]
                )
                break
        if clock.paused_seconds:
            paused = timedelta()
            for begin, end in self._pauses(case, known):
                paused += max(min(end, due) - max(begin, clock.started_at), timedelta())
            due -= paused
        return "in-time" if met <= due else "in-time-by-pause"

    def _pauses(self, case: Case, known: datetime) -> list[tuple[datetime, datetime]]:
        """The pauses of a case as they were known at a moment, out of the events."""
        found: list[tuple[datetime, datetime]] = []
        for event in self.events[case.id]:
            if event.at > known:
                break
            if event.data.get("resumed"):
                found[-1] = (found[-1][0], event.at)
            if event.action is A.PAUSE:
                found.append((event.at, datetime.fromisoformat(event.data["until"])))
        return found

    # --- at the end ---

    def _status(self, case: Case, at: datetime) -> Status | None:
        if case.received_at >= at:
            return None
        past = [event for event in self.events[case.id] if event.at < at]
        if past:
            return past[-1].after
        closed = self.imported[case.id].closed_at
        return Status.RECEIVED if closed is None or closed >= at else Status.CLOSED

    def open(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            if self._status(case, period.ends) in OPEN:
                days = (period.ends - case.received_at) // timedelta(days=1)
                age = [age.value for below, age in AGES if days < below] or ["365-"]
                yield One(self.stands(case, age=age[0]))

    def zero_tolerance(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            grave = any(
                CATEGORIES[one.category].zero_tolerance
                for one in self.issues
                if one.case_id == case.id
            )
            if grave and self._status(case, period.ends) in OPEN:
                yield One(self.stands(case))

    def overdue(self, period: Period) -> Iterator[One]:
        for case in self.cases:
            if self._status(case, period.ends) not in REMEDIED:
                continue
            plan: dict[int, tuple[str, str]] = {}
            for event in self.events[case.id]:
                if "remedy" in event.data and event.at < period.ends:
                    row = event.data["remedy"]
                    due = event.data["due"] if "due" in event.data else plan[row][1]
                    plan[row] = (event.data["state"], due)
            if any(
                state in ("open", "claimed", "refused") and due < period.end.isoformat()
                for state, due in plan.values()
            ):
                yield One(self.stands(case))

    def sites(self, period: Period) -> Iterator[One]:
        return self._sites(period, lambda factory: 1)

    def workers(self, period: Period) -> Iterator[One]:
        return self._sites(period, lambda factory: factory.workers or 0)

    def _sites(self, period: Period, weigh: Callable[[Factory], int]) -> Iterator[One]:
        last = period.end - timedelta(days=1)
        for factory in self.factories.values():
            cells = self.there(factory.id, last)
            if cells and cells[0][D.BRAND] != "unknown":
                yield One(cells, weigh(factory), factory.id)

    # --- what was put right ---

    def remedied(self, period: Period) -> Iterator[One]:
        """At each event, how many had their remedy by then; what is more than ever before is new."""
        for case in self.cases:
            wrong = {e.data["reverses"] for e in self.events[case.id] if "reverses" in e.data}
            events = [
                event
                for event in self.events[case.id]
                if "reverses" not in event.data
                and not ("amount" in event.data and event.data["entry"] in wrong)
            ]
            most = 0
            for number, event in enumerate(events):
                reached = self._with_remedy(case, events[: number + 1])
                if reached > most and _within(period, event.at):
                    yield One(self.stands(case), reached - most)
                most = max(most, reached)

    def _with_remedy(self, case: Case, past: list[CaseEvent]) -> int:
        if not self._is_remedied(case, past):
            return 0
        sizes = {e.data["group"]: e.data["persons"] for e in past if "persons" in e.data}
        payments = [e.data for e in past if "amount" in e.data and e.data["kind"] == "paid"]
        return sum(sizes[row] for row in {one["group"] for one in payments}) or 1

    def _is_remedied(self, case: Case, past: list[CaseEvent]) -> bool:
        plan: dict[int, CaseEvent] = {}
        looked: dict[int, CaseEvent] = {}
        money: dict[tuple[int, str], int] = {}
        for event in past:
            if "remedy" in event.data:
                plan[event.data["remedy"]] = event
                if event.data["step"] == "verified":
                    looked[event.data["remedy"]] = event
            if "amount" in event.data:
                key = (event.data["group"], event.data["currency"])
                sign = -1 if event.data["kind"] == "owed" else 1
                money[key] = money.get(key, 0) + sign * event.data["amount"]
        kept = [row for row, event in plan.items() if event.data["state"] != "dropped"]
        if not kept or any(plan[row].data["state"] != "verified" for row in kept):
            return False
        if any(balance < 0 for balance in money.values()):
            return False
        return not any(self._accused(case, looked[row]) for row in kept)

    def _accused(self, case: Case, event: CaseEvent) -> bool:
        entry = self.entries[event.data["entry"]]
        for party in self.parties:
            if (party.case_id, party.kind.value, party.removed_at) != (case.id, "respondent", None):
                continue
            if party.staff_id is not None and party.staff_id == entry.staff_id:
                return True
            if (
                party.organisation_index is not None
                and party.organisation_index == entry.organisation_index
            ):
                return True
        return False

    def money(self, period: Period, kind: str, *, persons: bool) -> Iterator[One]:
        for case in self.cases:
            data = [e.data for e in self.events[case.id] if e.action is A.RECORD_MONEY]
            sizes = {one["group"]: one["persons"] for one in data if "persons" in one}
            back = {one["reverses"] for one in data if "reverses" in one}
            for one in data:
                if one.get("kind") != kind or "reverses" in one or one["entry"] in back:
                    continue
                if period.start <= date.fromisoformat(one["day"]) < period.end:
                    cells = self.stands(case, currency=one["currency"])
                    group = one["group"]
                    yield One(cells, sizes[group], group) if persons else One(cells, one["amount"])


def _within(period: Period, at: datetime) -> bool:
    return period.start <= at.date() < period.end


def _past(event: CaseEvent, *names: str) -> datetime | None:
    said = [event.data[name] for name in names if name in event.data]
    return datetime.fromisoformat(said[0]) if said else None


def _found(event: CaseEvent) -> str:
    """The findings of a decision as one."""
    if "findings" not in event.data:
        return "undecided"
    found = {one["finding"] for one in event.data["findings"] if one["category"] != "OTH"}
    if not found:
        return "answered"
    if len(found) == 1:
        return str(found.pop())
    return "partly" if found & {"founded", "partly"} else "undetermined"


def _ones(slow: Slow, measure: Measure, period: Period) -> Iterable[One]:
    plain: dict[Measure, Callable[[Period], Iterator[One]]] = {
        M.RECEIVED: slow.received,
        M.PERSONS: slow.persons,
        M.ISSUES: slow.issues_of,
        M.ADMISSIBLE: slow.admissible,
        M.DECIDED: slow.decided,
        M.ANSWERED: slow.answered,
        M.APPEALS: slow.appeals,
        M.RETALIATION: slow.retaliation,
        M.REMEDIED: slow.remedied,
        M.PROMISED: slow.promised,
        M.MET: slow.met,
        M.DAYS: slow.days,
        M.OPEN: slow.open,
        M.ZERO_TOLERANCE: slow.zero_tolerance,
        M.OVERDUE: slow.overdue,
        M.SITES: slow.sites,
        M.WORKERS: slow.workers,
    }
    if measure in plain:
        return plain[measure](period)
    kind = "owed" if measure in (M.OWED, M.OWED_PERSONS) else "paid"
    return slow.money(period, kind, persons=measure in (M.OWED_PERSONS, M.PAID_PERSONS))


def recount(
    session: Session,
    period: Period,
    tables: Iterable[Table],
    *,
    brand_id: int | None = None,
    scope: str | None = None,
) -> tuple[dict[Key, int], dict[Key, Spread]]:
    """All counts and spreads of tables and their margins."""
    slow = Slow(session, brand_id, scope)
    counts: dict[Key, int] = {}
    spreads: dict[Key, Spread] = {}
    for table in tables:
        if table.measure is M.LANGUAGES:
            continue
        ones = list(_ones(slow, table.measure, period))
        for size in range(len(table.by) + 1):
            for margin in combinations(table.by, size):
                if table.measure in _MONEY and D.CURRENCY not in margin:
                    continue
                if table.measure is M.DAYS and D.PROMISE not in margin:
                    continue
                _fill(counts, spreads, table.measure, margin, ones)
    return counts, spreads


def _fill(
    counts: dict[Key, int],
    spreads: dict[Key, Spread],
    measure: Measure,
    margin: tuple[Dimension, ...],
    ones: list[One],
) -> None:
    cells: dict[By, list[One]] = {}
    for one in ones:
        for by in {breakdown({name: cell[name] for name in margin}) for cell in one.stands}:
            cells.setdefault(by, []).append(one)
    for by, some in cells.items():
        if measure is M.DAYS:
            tenths = sorted(one.weight for one in some)
            # The smallest value that half, or nine tenths, of all do not exceed.
            median, p90 = (
                next(v for v in tenths if sum(w <= v for w in tenths) * 100 >= share * len(tenths))
                for share in (50, 90)
            )
            spreads[measure, by] = Spread(len(tenths), median / 10, p90 / 10)
            continue
        seen: set[object] = set()
        total = 0
        for one in some:
            if one.same is None or one.same not in seen:
                seen.add(one.same)
                total += one.weight
        if total:
            counts[measure, by] = total

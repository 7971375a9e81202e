"""What is released to whom: from the exact figures of a period to what an audience may read of it.

Everybody's figures come before the brands', and a year's behind its fourth quarter, because each
release minds what can be read already. A correction goes out for a whole year of an audience, or
not at all: the quarters would tell what the year keeps back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from casework.db import Session
from casework.disclosure.audiences import PUBLIC, Audience, Past, Published, brand
from casework.figures import figurerows, snapshots
from casework.figures.periods import Period
from casework.figures.tables import Sheet, Table
from casework.ids import new_id
from casework.models import Release, Snapshot
from casework.publication import freezing, releases, revising

Disclose = Callable[
    [Sheet, Sequence[Table], Audience, Sequence[Past], Mapping[Audience, Sequence[Past]]],
    Published,
]
"""``disclosure.disclose``, wherever it runs."""


@dataclass(frozen=True, slots=True)
class Part:
    """A period that is to be released, or released anew."""

    sheet: Sheet
    tables: tuple[Table, ...]
    snapshot_id: int
    quarters: tuple[int, ...]
    newest_id: int
    """The newest snapshot: the same, but where a correction is too small to be shown."""
    before: Past | None = None
    version: int = 0
    """The newest one there is; 0: none."""
    pending: bool = False
    """Of a year: its quarters keep corrections back."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be released to an audience next, and what is known besides."""

    audience: Audience
    parts: tuple[Part, ...]
    others: tuple[Past, ...]
    """The other periods of that year, released to this audience already."""
    beside: Mapping[Audience, tuple[Past, ...]] = field(default_factory=dict)


Answer = tuple[Published, ...] | None
"""What is shown of each part; ``None``: it can't be shown, the corrections are too small."""


def due(session: Session) -> Question | None:
    """What to release next: what never was, the oldest first; then corrections."""
    counted = select(Snapshot.audience, Snapshot.period, Snapshot.id).order_by(
        col(Snapshot.version)
    )
    newest = {(audience, period): row for audience, period, row in session.exec(counted)}
    read = select(Release.audience, Release.period, Release.judged_id).order_by(
        col(Release.version)
    )
    judged = {(audience, period): row for audience, period, row in session.exec(read)}
    periods = sorted({Period.read(period) for _, period in newest}, key=freezing.in_order)
    audiences = {
        str(period): sorted(
            (one for one, text in newest if text == str(period)), key=freezing.public_first
        )
        for period in periods
    }
    for period in periods:
        for audience in audiences[str(period)]:
            if (audience, str(period)) not in judged:
                return _first(session, audience, period)
    for period in periods:
        for audience in audiences[str(period)]:
            if judged[audience, str(period)] != newest[audience, str(period)]:
                return _revision(session, audience, freezing.year_of(period))
    return None


def answer(question: Question, disclose: Disclose) -> Answer:
    """Decide; takes seconds, and needs no database."""
    threshold = question.audience.threshold
    if not all(
        part.before is None or revising.may_differ(part.before, part.sheet, threshold)
        for part in question.parts
    ):
        return None
    known, found = list(question.others), list[Published]()
    coming = [part.before for part in question.parts if part.before]
    for part in question.parts:
        published = disclose(
            part.sheet, part.tables, question.audience, (*known, *coming), question.beside
        )
        if part.before and not revising.may_follow(part.before, part.sheet, published, threshold):
            return None
        known.append(Past(part.sheet, published))
        found.append(published)
    return tuple(found)


def keep(session: Session, question: Question, answer: Answer, now: datetime) -> int:
    """Write down what was decided; how many new versions. Two who write the same are told apart by
    the database (``IntegrityError``)."""
    made = 0
    for place, part in enumerate(question.parts):
        standing = releases.newest(session, question.audience.name, part.sheet.period)
        if (standing.version if standing else 0) != part.version:
            return made  # another process was faster: what it wrote is looked at anew
        published = answer[place] if answer is not None else None
        if standing is None:
            assert published is not None, "What is released first has nothing to differ from."
            session.add(_release(question.audience, part, published, now))
            made += 1
        elif published is None:
            standing.judged_id = part.newest_id
            standing.pending_since = standing.pending_since or now
        elif figurerows.rows(published.figures) == standing.figures:
            standing.judged_id = standing.snapshot_id = part.snapshot_id
            standing.quarters, standing.pending_since = list(part.quarters), None
        else:
            standing.judged_id, standing.pending_since = part.newest_id, None
            session.add(_release(question.audience, part, published, now))
            made += 1
    session.flush()
    return made


def _first(session: Session, name: str, period: Period) -> Question:
    year = freezing.year_of(period)
    counted = snapshots.of_year(session, year)
    standing = _standing(session, year)
    newest = counted[name, str(period)]
    sheet, tables = snapshots.sheet(newest), snapshots.tables(newest)
    if not period.is_year:
        quarterly = tuple(table for table in tables if not table.yearly)
        part = Part(sheet, quarterly, newest.id, (), newest.id)
        return _question(session, name, (part,), counted, standing)
    shown = [standing[name, str(quarter)] for quarter in period.quarters]
    quarters = [session.get_one(Snapshot, one.snapshot_id) for one in shown]
    summed = revising.add_up(sheet, map(snapshots.sheet, quarters))
    # What one of its quarters did not count can't be added up.
    common = tuple(t for t in tables if all(t in snapshots.tables(one) for one in quarters))
    part = Part(
        summed,
        common,
        newest.id,
        tuple(one.id for one in quarters),
        newest.id,
        pending=bool(snapshots.changes(sheet, summed)),
    )
    return _question(session, name, (part,), counted, standing)


def _revision(session: Session, name: str, year: Period) -> Question:
    counted = snapshots.of_year(session, year)
    standing = _standing(session, year)
    parts = []
    for period in (*year.quarters, year):
        release = standing.get((name, str(period)))
        newest = counted.get((name, str(period)))
        if release is None or newest is None:
            continue
        sheet, quarters = snapshots.sheet(newest), tuple[int, ...]()
        if release.quarters:
            ids = [counted[name, str(quarter)] for quarter in year.quarters]
            sheet = revising.add_up(sheet, map(snapshots.sheet, ids))
            quarters = tuple(one.id for one in ids)
        before = past(session, release)
        if snapshots.changes(before.sheet, sheet) or release.judged_id != newest.id:
            tables = releases.tables(release)
            parts.append(
                Part(sheet, tables, newest.id, quarters, newest.id, before, release.version)
            )
    return _question(session, name, tuple(parts), counted, standing)


def _question(
    session: Session,
    name: str,
    parts: tuple[Part, ...],
    counted: Mapping[tuple[str, str], Snapshot],
    standing: Mapping[tuple[str, str], Release],
) -> Question:
    asked = {str(part.sheet.period) for part in parts}
    others, beside = list[Past](), dict[Audience, list[Past]]()
    for (audience, period), snapshot in counted.items():
        release = standing.get((audience, period))
        if audience == name:
            if release and period not in asked:
                others.append(past(session, release))
        elif releases.PUBLIC in (audience, name):
            known = past(session, release) if release else None
            if known is None and period in asked:
                known = Past(snapshots.sheet(snapshot), None)
            if known:
                beside.setdefault(audience_of(audience), []).append(known)
    return Question(
        audience_of(name), parts, tuple(others), {one: tuple(past) for one, past in beside.items()}
    )


def past(session: Session, release: Release) -> Past:
    """A release with the exact figures it is true of."""
    sheet = snapshots.sheet(session.get_one(Snapshot, release.snapshot_id))
    if release.quarters:
        parts = [session.get_one(Snapshot, one) for one in release.quarters]
        sheet = revising.add_up(sheet, map(snapshots.sheet, parts))
    period = Period.read(release.period)
    shown = Published(release.audience, period, releases.tables(release), releases.figures(release))
    return Past(sheet, shown)


def audience_of(name: str) -> Audience:
    """Who ``public`` or the code of a brand is, with what is hidden from them."""
    return PUBLIC if name == releases.PUBLIC else brand(name)


def _release(audience: Audience, part: Part, published: Published, now: datetime) -> Release:
    made = Release(
        id=new_id(now),
        audience=audience.name,
        period=str(part.sheet.period),
        version=part.version + 1,
        made_at=now,
        threshold=audience.threshold,
        snapshot_id=part.snapshot_id,
        quarters=list(part.quarters),
        judged_id=part.newest_id,
        tables=figurerows.of_tables(published.tables),
        figures=figurerows.rows(published.figures),
        digest="",
        pending_since=now if part.pending else None,
    )
    made.digest = releases.digest(made)
    return made


def _standing(session: Session, year: Period) -> dict[tuple[str, str], Release]:
    names = [str(period) for period in (*year.quarters, year)]
    wanted = select(Release).where(col(Release.period).in_(names)).order_by(col(Release.version))
    return {(one.audience, one.period): one for one in session.exec(wanted)}

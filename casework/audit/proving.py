"""Proves the chains of all cases, a few at a time, and names the first broken link of each.

What is compared: every event with the one before it, the end of the chain with the case, the words
with the digests in the events, and how far each case had come with every anchor.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from casework.audit import events, evidence
from casework.db import Session
from casework.messaging import beside, messages
from casework.models import AnchoredHead, Case, CaseEvent, Message, MessageVersion
from casework.vault import Unsealable
from casework.vocabulary import Action, Flaw

AT_ONCE = 200
"""Cases of a piece."""
_BEYOND = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Found:
    """The first broken link of a case, or an anchor that does not fit (``case_id`` is ``None``)."""

    flaw: Flaw
    number: int
    reference: str = ""
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """What a piece of the work showed. ``until``: go on behind this case; ``None`` at the end."""

    until: int | None
    cases: int
    events: int
    deleted: int
    """Cases whose words were deleted under retention."""
    breaks: tuple[Found, ...]


def prove(session: Session, after: int = -1, at_once: int = AT_ONCE) -> Piece:
    """Prove the next cases behind the id ``after``. The session must not have read anything yet:
    all of a piece is looked at as it stood at one moment."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    statement = select(Case).where(Case.id > after).order_by(col(Case.id)).limit(at_once)
    cases = {case.id: case for case in session.exec(statement)}
    end = max(cases) if len(cases) == at_once else _BEYOND
    pasts = _pasts(session, after, end)
    heads = _heads(session, after, end)
    breaks = []
    for row in sorted({*cases, *pasts, *heads}):
        anchored = heads.get(row, {})
        found = _first(session, cases.get(row), row, pasts.get(row, []), anchored)
        if found is not None:
            breaks.append(found)
    piece = Piece(
        None if end == _BEYOND else end,
        len(cases),
        sum(map(len, pasts.values())),
        sum(case.words_deleted_at is not None for case in cases.values()),
        tuple(breaks),
    )
    session.expunge_all()
    return piece


_EVENT: tuple[Any, ...] = tuple(getattr(CaseEvent, name) for name in CaseEvent.model_fields)


def _pasts(session: Session, after: int, end: int) -> dict[int, list[Any]]:
    wanted = sa.select(*_EVENT).where(col(CaseEvent.case_id) > after, col(CaseEvent.case_id) <= end)
    rows = session.execute(wanted.order_by(col(CaseEvent.case_id), col(CaseEvent.number)))
    return {row: list(group) for row, group in groupby(rows, key=lambda event: event.case_id)}


def _heads(session: Session, after: int, end: int) -> dict[int, dict[int, AnchoredHead]]:
    wanted = select(AnchoredHead).where(AnchoredHead.case_id > after, AnchoredHead.case_id <= end)
    found: dict[int, dict[int, AnchoredHead]] = defaultdict(dict)
    for head in session.exec(wanted):
        found[head.case_id][head.events] = head
    return found


def _first(
    session: Session,
    case: Case | None,
    row: int,
    past: Sequence[Any],
    anchored: dict[int, AnchoredHead],
) -> Found | None:
    if case is None:
        known = next(iter(anchored.values()), None)
        number = max(anchored, default=len(past))
        return Found(Flaw.GONE, number, known.reference if known else "", row)
    broken = (
        _broken_chain(case, past, {n: h.head for n, h in anchored.items()})
        or _changed_words(session, case, past)
        or _changed_facts(session, case, past)
    )
    return Found(*broken, case.reference, row) if broken else None


def _broken_chain(
    case: Case, past: Sequence[Any], anchored: dict[int, bytes]
) -> tuple[Flaw, int] | None:
    previous = b""
    for expected, event in enumerate(past, 1):
        if event.number != expected:
            return Flaw.NUMBER, expected
        if event.hash != events.chained(previous, event):
            return Flaw.HASH, expected
        if anchored.get(expected, event.hash) != event.hash:
            return Flaw.REWRITTEN, expected
        if expected > case.event_count:
            return Flaw.ADDED, expected
        previous = event.hash
    if len(past) < max(case.event_count, *anchored, 0):
        return Flaw.CUT, len(past) + 1
    return None if previous == case.head_hash else (Flaw.HEAD, len(past))


def _changed_words(session: Session, case: Case, past: Sequence[Any]) -> tuple[Flaw, int] | None:
    expired = _expired(past)
    redacted: dict[tuple[str, int], list[tuple[int, str, str]]] = defaultdict(list)
    for event in past:
        for one in event.data.get("redacted", ()):
            redacted[_whose(one)].append((event.number, one["before"], one["digest"]))
    for event in past[expired:]:
        for said in _said(event):
            digest = said.get("digest")
            for number, before, after in redacted[_whose(said)]:
                if number > event.number:
                    digest = after if digest == before else None
            if not _fits(session, case, said | {"digest": digest}):
                return Flaw.WORDS, event.number
    return None


def _said(event: Any) -> Iterator[dict[str, Any]]:
    lists = (event.data.get(name, ()) for name in ("said", "findings", "translations", "redacted"))
    for one in (event.data, *chain.from_iterable(lists)):
        if ("message" in one or "version" in one) and "digest" in one:
            yield one


def _whose(said: dict[str, Any]) -> tuple[str, int]:
    """Whose words a digest is of: a version beside a message, or a message itself."""
    return ("version", said["version"]) if "version" in said else ("message", said["message"])


def _fits(session: Session, case: Case, said: dict[str, Any]) -> bool:
    if "version" in said:
        version = session.get(MessageVersion, said["version"])
        if version is None or version.case_id != case.id:
            return False
        try:
            return bool(beside.evidence(session, version)["digest"] == said["digest"])
        except Unsealable:
            return False
    message = session.get(Message, said["message"])
    if message is None or message.case_id != case.id:
        return False
    try:
        stands = messages.evidence(session, message)
    except Unsealable:
        return False
    if stands["digest"] != said["digest"]:
        return False
    return "before" in said or stands.get("attachment") == said.get("attachment")


def _changed_facts(session: Session, case: Case, past: Sequence[Any]) -> tuple[Flaw, int] | None:
    expired = _expired(past)
    summed = [event for event in past if "summary" in event.data]
    try:
        if (
            not expired
            and past
            and past[0].data.get("filed", "")
            not in (
                "",
                evidence.filed(session, case),
            )
        ):
            return Flaw.INTAKE, 1
    except Unsealable:
        return Flaw.INTAKE, 1
    try:
        if summed and summed[-1].number > expired:
            stands = evidence.summary(session, case)
            if stands != summed[-1].data["summary"]:
                return Flaw.SUMMARY, summed[-1].number
    except Unsealable:
        return Flaw.SUMMARY, summed[-1].number
    return None


def _expired(past: Sequence[Any]) -> int:
    """Events up to this number are about words that were deleted under retention."""
    return max((event.number for event in past if event.action is Action.EXPIRE), default=0)

"""Reference: what a sweep reads and writes about promises that fall due, as plain SQL by hand.

The same indexed query and look-ups, the same rows and columns, one transaction; nothing is computed
about calendars or chains, and nobody guards what is written.
"""

import hashlib
import itertools
import json
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

_FOUND = """
SELECT k.id, k.promise, k.started_at, k.due_at, k.extensions, k.met_at, k.missed_at, k.cancelled_at,
  k.paused_seconds, k.told_until, k.next_at, c.id, c.status, c.severity, c.category, c.restricted,
  c.assignee_id, c.paused_until, c.event_count, c.head_hash, c.updated_at, f.calendar_id
FROM clock k JOIN "case" c ON c.id = k.case_id LEFT JOIN factory f ON f.id = c.factory_id
WHERE k.next_at < ? ORDER BY k.next_at, k.id LIMIT 100"""
_LOCKED = " FOR NO KEY UPDATE OF k, c SKIP LOCKED"
_CLOCK = "UPDATE clock SET missed_at=?, paused_seconds=?, told_until=?, next_at=? WHERE id=?"
_CASE = 'UPDATE "case" SET event_count=?, head_hash=?, updated_at=? WHERE id=?'
_EVENT = """
INSERT INTO caseevent (id, case_id, number, at, action, before, after, role, staff_id, data, hash)
VALUES (?, ?, ?, ?, 'miss', ?, ?, 'system', NULL, ?, ?)"""
_NOTICE = """
INSERT INTO staffnotice
  (id, staff_id, case_id, clock_id, extensions, level, kind, reached_at, at, urgent,
  unmailed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


class BareSweep:
    """It works on a connection of its own, as the drivers give it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._sqlite = engine.dialect.name == "sqlite"
        self._connection: Any = engine.raw_connection()
        self._cursor = self._connection.cursor()
        self._ids = itertools.count(1 << 61)

    def sweep(self, now: datetime) -> int:
        """One transaction; how many clocks were found."""
        at = self._stored(now)
        later = self._stored(now + timedelta(hours=4))
        if self._sqlite:
            self._cursor.execute("BEGIN IMMEDIATE")
        found = self._all(_FOUND + ("" if self._sqlite else _LOCKED), at)
        if found:
            calendars = ", ".join(str(one) for one in {row[-1] for row in found})
            self._all(f"SELECT * FROM calendar WHERE id IN ({calendars}) OR is_default")
            self._all("SELECT id FROM policyversion ORDER BY number DESC LIMIT 1")
            people = self._all("SELECT id, role FROM staff WHERE active ORDER BY id")
            leading = [row for row, role in people if role == "supervisor"]
            clocks = ", ".join(str(row[0]) for row in found)
            self._all(f"SELECT * FROM staffnotice WHERE clock_id IN ({clocks})")
            self._write(found, leading, at, later)
        self._connection.commit()
        return len(found)

    def close(self) -> None:
        self._connection.close()

    def _write(self, found: list[Any], leading: list[int], at: Any, later: Any) -> None:
        clocks, cases, events, notices = [], [], [], []
        for row in found:
            clock, promise, _, due, extensions, *_ = row
            case, status, severity, _, _, owner, _, count, head, _, _ = row[11:]
            missed = due < at
            clocks.append((at if missed else None, 0, at, later, clock))
            told, level, kind = [owner], "50%", "warning"
            if missed:
                told, level, kind = [owner, *leading], "100%", "missed"
                data = json.dumps({"promise": promise, "due": str(due)})
                digest = hashlib.sha256(bytes(head) + data.encode()).digest()
                events.append((next(self._ids), case, count + 1, at, status, status, data, digest))
                cases.append((count + 1, digest, at, case))
            urgent = severity == "critical"
            notices += [
                (next(self._ids), who, case, clock, extensions, level, kind, due, at, urgent, True)
                for who in told
            ]
        for statement, rows in (
            (_CLOCK, clocks),
            (_CASE, cases),
            (_EVENT, events),
            (_NOTICE, notices),
        ):
            self._cursor.executemany(self._text(statement), rows)

    def _all(self, statement: str, *parameters: Any) -> list[Any]:
        self._cursor.execute(self._text(statement), parameters)
        return list(self._cursor.fetchall())

    def _text(self, statement: str) -> str:
        return statement if self._sqlite else statement.replace("?", "%s")

    def _stored(self, at: datetime) -> Any:
        return f"{at:%Y-%m-%d %H:%M:%S.%f}" if self._sqlite else at

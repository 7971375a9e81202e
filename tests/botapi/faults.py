"""Faults on demand: what the next calls of a method run into instead of an answer."""

import json
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from tests.botapi.values import JSON


class Cut(Enum):
    """When a connection is cut: before the call does anything, or before its answer leaves."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True)
class Fault:
    """What happens to ``times`` calls of ``method`` (lower case; ``*`` is any)."""

    method: str
    times: int
    status: int = 0
    body: bytes = b""
    cut: Cut | None = None


class Faults:
    """The faults that wait for their call, oldest first. The server's lock guards it."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The fault this call runs into, if any; counts it as used."""
        for fault in self._waiting:
            if fault.method in ("*", method):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None


def answer(status: int, body: JSON | str | bytes | None) -> bytes:
    """The bytes of a faulty answer; Telegram's usual shape where no body is given."""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    if body is None:
        body = {"ok": False, "error_code": status, "description": HTTPStatus(status).phrase}
    return json.dumps(body).encode()

"""The way back into a web chat: the return code in its cookie, and a brake for who guesses codes."""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Request, current_app, request
from werkzeug.wrappers import Response

from casework.references import parse_return_code

COOKIE = "recourse-chat"
PATH = "/chat"

_WRONG_AT_MOST = 30
"""Wrong codes from one address within ``_WINDOW``. Not few: a whole dormitory may share one."""
_WINDOW = timedelta(minutes=10)
_ADDRESSES = 10_000


def in_cookie() -> str | None:
    """The code this browser holds, if it holds one."""
    return parse_return_code(request.cookies.get(_name(), ""))


def keep(response: Response, code: str) -> None:
    """Let this browser hold the code until it is closed; phones are shared."""
    response.set_cookie(_name(), code, path=PATH, secure=_https(), httponly=True, samesite="Strict")


def forget(response: Response) -> None:
    """Take the code from this browser."""
    response.delete_cookie(_name(), path=PATH, secure=_https(), httponly=True, samesite="Strict")


def _name() -> str:
    return f"__Secure-{COOKIE}" if _https() else COOKIE


def _https() -> bool:
    # Behind a proxy only the application's settings know how the browser came.
    return request.is_secure or bool(current_app.config["SESSION_COOKIE_SECURE"])


@dataclass(slots=True)
class Brake:
    """Counts wrong codes by address, in memory: with 63 bits a restart gives nothing away."""

    _tries: OrderedDict[str, tuple[datetime, int]] = field(default_factory=OrderedDict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def holds(self, source: str, now: datetime) -> bool:
        """Whether no code is looked at from there now, not even a right one."""
        with self._turn:
            since, wrong = self._tries.get(source, (now, 0))
            return wrong >= _WRONG_AT_MOST and now - since < _WINDOW

    def wrong(self, source: str, now: datetime) -> None:
        """Note a wrong code."""
        with self._turn:
            since, wrong = self._tries.pop(source, (now, 0))
            if now - since >= _WINDOW:
                since, wrong = now, 0
            self._tries[source] = since, wrong + 1
            while len(self._tries) > _ADDRESSES:
                self._tries.popitem(last=False)


def source_of(asked: Request) -> str:
    """Where a request comes from; of IPv6 the network, which is one customer's.

    A proxy on this machine is believed about whom it speaks for; nobody else is.
    """
    peer = asked.remote_addr or ""
    if peer in ("127.0.0.1", "::1"):
        peer = asked.headers.get("X-Forwarded-For", peer).rsplit(",", 1)[-1].strip()
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))

"""The edge of every request: one transaction that commits here or nowhere, and the headers.

A reading request gets a transaction that only reads. A POST gets one that may write; it commits
when the answer is a success (below 400) and is rolled back otherwise.
"""

import ipaddress
from collections.abc import Callable
from contextlib import ExitStack

from flask import Flask, Response, g, request

from casework.db import Session
from webadmin import problems
from webadmin.context import office

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HSTS = "max-age=31536000; includeSubDomains"

_HERE = ("127.0.0.1", "::1")

_SLOW_POSTS = frozenset(
    {
        "security.login",
        "account.password",
        "factors.confirm",
        "second_step.ask",
        "case_import.apply",
        "waiting.machine",
        "translating.machine",
    }
)
"""Checking a password takes 50 ms on purpose, reading a list of 10,000 cases or a translator seconds:
they must not hold the one turn to write meanwhile. What these views write, they write in short
transactions of their own; tries count whatever comes of them."""


def install(app: Flask, *, https: bool) -> None:
    """Surround the requests of an application. Call it first, so that it commits last."""

    @app.after_request
    def _answer(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", _HSTS)
        # A blueprint's own files, too, may stay in the browser: their addresses change with them.
        # So may the web chat's recorded sentences, which say for themselves how long.
        # Programs may keep an answer if they ask each time whether it still holds; so may anybody what
        # is the same for everybody.
        shared = request.blueprint in (problems.BLUEPRINT, "public")
        keeps = shared and response.status_code in (200, 304)
        if not keeps and (request.endpoint or "").rpartition(".")[2] not in ("static", "voice"):
            response.headers["Cache-Control"] = "no-store"
        _end(commit=response.status_code < 400)
        _write_kept()
        return response

    @app.teardown_request
    def _clean(_error: BaseException | None) -> None:
        _end(commit=False)


def session() -> Session:
    """The session of this request, opened at its first use."""
    if "recourse_session" not in g:
        stack = ExitStack()
        store = office().store
        reads = (
            request.method in ("GET", "HEAD", "OPTIONS")
            or request.endpoint in _SLOW_POSTS
            # They write in transactions of their own; here only the signed-in person is looked up.
            or request.blueprint in office().open_blueprints
        )
        g.recourse_session = stack.enter_context(store.reading() if reads else store.writing())
        g.recourse_transaction = stack
    opened = g.recourse_session
    assert isinstance(opened, Session)
    return opened


def _end(*, commit: bool) -> None:
    stack = g.pop("recourse_transaction", None)
    opened = g.pop("recourse_session", None)
    if stack is None or opened is None:
        return
    with stack:
        # The store commits at the end of its scope; after a rollback there is nothing to commit.
        if not commit:
            opened.rollback()


def keep(write: Callable[[Session], None]) -> None:
    """Write something that stays even where the request changes nothing: in a short transaction
    after the request's own, and before its answer leaves."""
    g.setdefault("recourse_kept", []).append(write)


def _write_kept() -> None:
    if kept := g.pop("recourse_kept", None):
        with office().store.writing() as session:
            for write in kept:
                write(session)


def address() -> str:
    """Where the request comes from; of IPv6 the network, which is one customer's."""
    asks = _who_asks()
    try:
        found = ipaddress.ip_address(asks)
    except ValueError:
        return asks
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else asks


def is_this_machine() -> bool:
    """Whether the request comes from a program on this machine."""
    return _who_asks() in _HERE


def _who_asks() -> str:
    """A reverse proxy on this machine is believed about whom it speaks for; nobody else is."""
    peer = request.remote_addr or ""
    if peer in _HERE and request.headers.get("X-Forwarded-For"):
        return request.headers["X-Forwarded-For"].rsplit(",", 1)[-1].strip()
    return peer

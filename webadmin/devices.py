"""Known devices: a browser somebody signed in on is never locked by what others try elsewhere.

Its long-lived cookie holds a random name and, for each account that was fully signed in there, a
keyed hash of name and account: it lets nobody in, and tells nobody who that was. Tries from such a
device are counted apart (``webadmin.throttle``).
"""

import re
import secrets
from datetime import timedelta

from flask import Response, after_this_request, current_app, request

from casework.vault import Vault

_LASTS = timedelta(days=365)
_MOST = 8
"""Accounts of one device: colleagues share a computer."""
_COOKIE = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{32}){1,8}")


def known(vault: Vault, account_id: int) -> str:
    """The name of this device if the account was signed in on it before, else ``""``."""
    name, marks = _read()
    mark = _mark(vault, name, account_id)
    return name if any(secrets.compare_digest(mark, one) for one in marks) else ""


def remember(vault: Vault, account_id: int) -> None:
    """From the answer to this request on, the device is known for the account."""
    name, marks = _read()
    name = name or secrets.token_hex(16)
    mark = _mark(vault, name, account_id)
    others = [one for one in marks if one != mark][: _MOST - 1]
    kept = ".".join((name, mark, *others))

    @after_this_request
    def _keep(response: Response) -> Response:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(
            _cookie_name(),
            kept,
            max_age=_LASTS,
            secure=secure,
            httponly=True,
            samesite="Lax",
        )
        return response


def _read() -> tuple[str, tuple[str, ...]]:
    """The name of this device and its marks; empty where it has none."""
    kept = request.cookies.get(_cookie_name(), "")
    if not _COOKIE.fullmatch(kept):
        return "", ()
    name, *marks = kept.split(".")
    return name, tuple(marks)


def _mark(vault: Vault, name: str, account_id: int) -> str:
    return vault.index("known-device", f"{name}\0{account_id}").hex()


def _cookie_name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"

"""Opens no session for the public page: whoever reads it is nobody, also who is signed in.

An answer that a cache may keep must never set a cookie, nor depend on one.
"""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

PREFIX = "/public"


class Sessions(SecureCookieSessionInterface):
    """Flask's own, but for the public page."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """``None`` there: Flask then keeps no session and writes none back."""
        if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
            return None
        return super().open_session(app, request)

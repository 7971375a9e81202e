"""What goes wrong at the read API, told to programs: problem details (RFC 9457), in English.

The same words for what is not there and for what is another's, so that a mistake tells nothing.
"""

import json
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from casework.vocabulary import ApiScope

PREFIX = "/api/v1"
"""Where programs ask; everything else is for people."""
BLUEPRINT = "api"
"""What answers there: a bearer token opens it, no session does."""
MEDIA_TYPE = "application/problem+json"

_TITLES = {
    400: ("bad-parameter", "A parameter can't be used", "Mend it and ask again."),
    401: ("no-token", "A token is needed", "Send it as “Authorization: Bearer recourse_…”."),
    403: ("missing-scope", "The token may not read this", "Make a token with the scope it needs."),
    404: (
        "not-found",
        "There is nothing here",
        "It does not exist, was not published, or is not for this token.",
    ),
    405: ("method", "This method is not for this address", "Ask with GET or HEAD."),
    406: ("not-acceptable", "Answers are JSON", "Accept application/json."),
    429: ("too-many-requests", "Too many requests", "Wait as long as Retry-After says."),
    500: ("our-mistake", "Something went wrong on our side", "Try again later."),
}


class Problem(HTTPException):
    """An answer that says what is wrong and what to do; ``more`` are members of its own."""

    def __init__(
        self,
        code: int,
        detail: str = "",
        *,
        kind: str = "",
        headers: dict[str, str] | None = None,
        **more: str,
    ) -> None:
        super().__init__()
        self.code, self.detail, self.kind = code, detail, kind
        self.headers, self.more = headers or {}, more


def bad(parameter: str, detail: str) -> Problem:
    """A parameter of the address that can't be used."""
    return Problem(400, detail, parameter=parameter)


def no_token(*, wrong: bool) -> Problem:
    """None was sent, or one that opens nothing (any more)."""
    error = ', error="invalid_token"' if wrong else ""
    headers = {"WWW-Authenticate": f'Bearer realm="Recourse"{error}'}
    if not wrong:
        return Problem(401, headers=headers)
    detail = "This token is unknown, expired or revoked. Make a new one."
    return Problem(401, detail, kind="invalid-token", headers=headers)


def missing(scope: ApiScope) -> Problem:
    """The token opens the door, but not to this room."""
    asked = f'Bearer realm="Recourse", error="insufficient_scope", scope="{scope.value}"'
    detail = f"Make a token with the scope {scope.value}."
    return Problem(403, detail, headers={"WWW-Authenticate": asked}, scope=scope.value)


def too_many(seconds: int, headers: dict[str, str] | None = None) -> Problem:
    """Ask again in so many seconds."""
    return Problem(429, headers={**(headers or {}), "Retry-After": str(seconds)})


def answer(error: HTTPException) -> Response:
    """Any error of an address for programs, as problem details."""
    code = error.code or 500
    if code not in _TITLES:
        code = 400 if code < 500 else 500
    kind, title, advice = _TITLES[code]
    mine = error if isinstance(error, Problem) else None
    body: dict[str, Any] = {
        "type": f"urn:recourse:problem:{mine.kind if mine and mine.kind else kind}",
        "title": title,
        "status": code,
        "detail": mine.detail if mine and mine.detail else advice,
        **(mine.more if mine else {}),
    }
    response = Response(json.dumps(body, ensure_ascii=False) + "\n", code, mimetype=MEDIA_TYPE)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    response.headers.update(mine.headers if mine else {})
    return response

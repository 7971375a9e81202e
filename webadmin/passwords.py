"""Passwords: hashed with argon2id, and refused where they are easy to guess."""

import threading
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.errors import BadInput

SHORTEST = 12
LONGEST = 128
_LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: 3 is "safely unguessable" where guesses are slow."""

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB while it is made: many at the door at once must not take them all."""


@cache
def _nobody() -> str:
    """A hash that fits nothing; made at the first sign-in, whoever it is."""
    return _hasher.hash("nobody signs in with this")


def check(password: str, known: Iterable[str] = ()) -> None:
    """``BadInput`` says what a weak password lacks. ``known``: what others know of the person."""
    if len(password) < SHORTEST:
        raise BadInput(
            "The password is too short: take at least 12 characters. Four or five words that have"
            " nothing to do with each other are good and easy to remember."
        )
    if len(password) > LONGEST:
        raise BadInput("The password is too long: 128 characters are the most.")
    # Its word lists take longer to load than the rest of the program, and are rarely needed.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    inputs = [part for text in known for part in (text, *text.replace("@", " ").split()) if part]
    if zxcvbn(password[:72], user_inputs=inputs)["score"] < _LEAST_SCORE:
        raise BadInput(
            "This password is easy to guess: it follows a common pattern, or contains your name or"
            " well-known words. Four or five words that have nothing to do with each other are"
            " good and easy to remember."
        )


def hashed(password: str) -> str:
    """The hash to store; takes about 50 ms on purpose."""
    with _turns:
        return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether a password fits a stored hash. ``None`` (no such account) takes just as long."""
    try:
        with _turns:
            nobody = _nobody()
            _hasher.verify(stored or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None

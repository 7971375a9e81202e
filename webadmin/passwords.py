"""Passwords: hashed with argon2id, and refused where they are easy to guess."""

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from casework.errors import BadInput

SHORTEST = 12
LONGEST = 128
_LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: 3 is "safely unguessable" where guesses are slow."""

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody signs in with this")


def check(password: str, known: Iterable[str] = ()) -> None:
    """``BadInput`` says what a weak password lacks. ``known``: what others know of the person."""
    if len(password) < SHORTEST:
        raise BadInput(
            "The password is too short: take at least 12 characters. Four or five words that have"
            " nothing to do with each other are good and easy to remember."
        )
    if len(password) > LONGEST:
        raise BadInput("The password is too long: 128 characters are the most.")
    inputs = [part for text in known for part in (text, *text.replace("@", " ").split()) if part]
    if zxcvbn(password[:72], user_inputs=inputs)["score"] < _LEAST_SCORE:
        raise BadInput(
            "This password is easy to guess: it follows a common pattern, or contains your name or"
            " well-known words. Four or five words that have nothing to do with each other are"
            " good and easy to remember."
        )


def hashed(password: str) -> str:
    """The hash to store; takes about 50 ms on purpose."""
    return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether a password fits a stored hash. ``None`` (no such account) takes just as long."""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None

"""Case references such as ``RC-7K3M-9Q2T``: random, readable aloud, with a check character.

The alphabet has no vowels (no words by accident) and no letter that looks like a digit or another
letter. It has a prime number of characters, so the weighted check finds every wrong character and
every swap of two. Never a running number: a reference tells nothing about how many cases there are.
"""

import re
import secrets
from collections.abc import Callable

ALPHABET = "23456789CFHJKMNPQRTVWXY"
_PRIME = len(ALPHABET)
_PAYLOAD = 7
_RETURN_CODE = 14
_BEGINNING = re.compile(r"\bRC-", re.IGNORECASE)


def new_reference(choose: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh reference. ``choose(n)`` picks a number below n; pass a seeded one for sample data."""
    payload = "".join(ALPHABET[choose(_PRIME)] for _ in range(_PAYLOAD))
    return _grouped(payload + _check(payload))


def parse_reference(text: str) -> str | None:
    """The reference in what somebody typed: any case, with or without dashes, spaces or ``RC``.

    ``None`` where it is no reference or the check character says that it was mistyped.
    """
    plain = "".join(c for c in text.upper() if c.isalnum())
    if len(plain) > _PAYLOAD + 1:  # a reference may itself begin with these two letters
        plain = plain.removeprefix("RC")
    if len(plain) != _PAYLOAD + 1 or any(c not in ALPHABET for c in plain):
        return None
    return _grouped(plain) if _check(plain[:_PAYLOAD]) == plain[_PAYLOAD] else None


def bare(text: str) -> str:
    """A text whose references stand without the letters they all begin with."""
    return _BEGINNING.sub(" ", text)


def new_return_code() -> str:
    """A fresh return code such as ``7K3M-9Q2T-XH4W-RN``: 63 bits, the only key to a web chat."""
    return _in_fours("".join(secrets.choice(ALPHABET) for _ in range(_RETURN_CODE)))


def parse_return_code(text: str) -> str | None:
    """The return code in what somebody typed, with or without dashes; ``None`` where it is none."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    if len(plain) != _RETURN_CODE or any(c not in ALPHABET for c in plain):
        return None
    return _in_fours(plain)


def _in_fours(plain: str) -> str:
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _check(payload: str) -> str:
    total = sum(weight * ALPHABET.index(c) for weight, c in enumerate(payload, start=2))
    return ALPHABET[-total % _PRIME]


def _grouped(plain: str) -> str:
    return f"RC-{plain[:4]}-{plain[4:]}"

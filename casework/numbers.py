"""The two numbers of a receipt, read from what somebody typed: in any script, with any spaces.

Pure.
"""

import unicodedata

from casework.references import parse_reference

DIGITS = 8
"""Digits of a secret number: everybody reads and types digits."""

_AT_MOST = 100
"""Characters of both numbers, however they are spaced; what is longer is a story."""


def parse_secret(text: str) -> str | None:
    """The secret number in ``text``; ``None`` where it is anything else."""
    found = ""
    for character in text:
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            found += str(digit)
        elif unicodedata.category(character)[0] not in "ZPC":  # spaces, dashes, direction marks
            return None
    return found if len(found) == DIGITS else None


def numbers_in(text: str) -> tuple[str, str] | None:
    """The case number in ``text``, and the secret number behind it (``""`` if there is none).
    ``None`` where there is no case number, or more than these two."""
    if len(text) > _AT_MOST:
        return None
    words = plain(text).split()
    for end in range(1, len(words) + 1):
        reference = parse_reference("".join(words[:end]))
        secret = parse_secret("".join(words[end:])) if end < len(words) else ""
        if reference is not None and secret is not None:
            return reference, secret
    return None


def plain(text: str) -> str:
    """Full-width letters and the digits of every script as those of a case number."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(
        str(digit) if (digit := unicodedata.decimal(character, None)) is not None else character
        for character in folded
    )

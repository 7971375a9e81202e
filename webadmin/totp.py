"""Authenticator apps: codes of six digits that change every 30 seconds (RFC 6238).

A code is good for its own step and the one before and after it, for clocks that differ, and once:
its step is kept, and neither it nor an earlier one is taken again.
"""

import base64
import secrets
from datetime import datetime

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from markupsafe import Markup

_STEP = 30
_SKEW = (0, -1, 1)
_DIGITS = 6
_BYTES = 20
"""160 bits, as RFC 4226 recommends."""


def new_secret() -> bytes:
    """A secret to be shared with an app."""
    return secrets.token_bytes(_BYTES)


def counter_of(secret: bytes, typed: str, now: datetime, last: int) -> int | None:
    """The step a typed code belongs to, behind the step used ``last``; ``None`` where it fits none.

    Spaces do not count: apps show the code in two groups.
    """
    code = "".join(typed.split()).encode()
    present = int(now.timestamp()) // _STEP
    generator = _generator(secret)
    found = None
    for counter in (present + skew for skew in _SKEW):
        fits = secrets.compare_digest(generator.generate(counter * _STEP), code)
        if fits and counter > last:
            found = counter
    return found


def code_at(secret: bytes, now: datetime) -> str:
    """What an app shows at a moment."""
    return _generator(secret).generate(int(now.timestamp())).decode()


def in_letters(secret: bytes) -> str:
    """The secret as it is typed into an app that has no camera, in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def square(secret: bytes, email: str, issuer: str) -> Markup:
    """The secret as a QR code: an SVG that fills its box."""
    address = _generator(secret).get_provisioning_uri(email, issuer)
    drawing = segno.make_qr(address, error="m").svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, light="#fff"
    )
    return Markup(drawing)  # noqa: S704 -- drawn by us; what it says does not stand in it


def _generator(secret: bytes) -> TOTP:
    # SHA-1 is what apps know; as the hash of a MAC over a secret it is sound.
    return TOTP(secret, _DIGITS, SHA1(), _STEP)  # noqa: S303

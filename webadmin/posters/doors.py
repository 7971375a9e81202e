"""Where a poster leads: the deep link to the bot, the web chat's address, and their squares."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
from markupsafe import Markup

_PIECE = re.compile(r"[^./_-]*[./_-]+|[^./_-]+")
_QUIET = 4
"""Modules of white around a square: what the standard asks for, so that it is found on any wall."""


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: ``link`` is what its square holds, ``shown`` is what somebody types."""

    link: str
    shown: str

    @property
    def shown_in_pieces(self) -> Markup:
        """What is shown, which may go on in the next line behind a dot, a slash or a hyphen."""
        return Markup("<wbr>").join(_PIECE.findall(self.shown))

    @property
    def square(self) -> Markup:
        """The QR code as SVG that fills its box. A quarter of it may be dirty (level Q)."""
        code = segno.make_qr(self.link, error="q")
        drawing = code.svg_inline(
            border=_QUIET, omitsize=True, svgclass="qr", lineclass=None, light="#fff"
        )
        return Markup(drawing)  # noqa: S704 -- drawn by us; the link itself does not stand in it


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways in that stand on a poster: at least one."""

    telegram: Door | None
    web: Door | None
    only_here: bool
    """The web chat's address can be reached from this machine alone: not yet to be printed."""

    @property
    def main(self) -> Door:
        """The one with the big square."""
        found = self.telegram or self.web
        assert found
        return found


def doors(code: str, bot: str, public_url: str) -> Doors:
    """The ways in for a factory's code. ``bot`` is the bot's user name, ``""`` where there is none.

    An address that only this machine knows stands on a poster only where there is nothing else.
    """
    payload, only_here = f"F-{code}", _is_only_here(public_url)
    telegram = Door(f"https://t.me/{bot}?start={payload}", f"@{bot}") if bot else None
    address = f"{public_url}/chat"
    web = Door(f"{address}?start={payload}", address.removeprefix("https://"))
    return Doors(telegram, None if telegram and only_here else web, only_here)


def _is_only_here(public_url: str) -> bool:
    host = urlsplit(public_url).hostname or ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return found.is_loopback or found.is_unspecified

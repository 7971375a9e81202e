"""Which mail server carries what the office is told, read from one address."""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from casework.errors import SettingError

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9.:\[\]-]+")
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_WRONG = (
    "RECOURSE_SMTP_URL can't be read; write it like smtp://user:password@mail.example.org:587, with"
    " signs like / and @ in the password as %2F and %40."
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mails, and the address they come from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    """TLS from the first byte; without it, where the server offers it (STARTTLS)."""

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, so that nobody between can listen. Goes by what is
        written, not by what a name leads to: that may change."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def mail_server(url: str, public_url: str) -> MailServer | None:
    """Read ``RECOURSE_SMTP_URL``; ``None`` where there is none.

    ``smtp://`` or ``smtps://``, then ``user:password@``, ``host``, ``:port``, and
    ``?from=address``; by default mails come from the host of ``public_url``. The ports by default:
    465 with TLS from the start, 587 for who signs in, else 25. ``SettingError`` never quotes it.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port, user, password = parts.hostname, parts.port, parts.username, parts.password
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        raise SettingError(_WRONG) from None
    tls = parts.scheme == "smtps"
    whole = host and _HOST.fullmatch(host) and port != 0 and parts.path in ("", "/")
    # What stands behind a "#" is most likely the rest of a password.
    if parts.scheme not in ("smtp", "smtps") or not host or not whole or parts.fragment:
        raise SettingError(_WRONG)
    if asked.keys() - {"from"} or bool(user) != bool(password):
        raise SettingError(_WRONG)
    user, password = unquote(user or ""), unquote(password or "")
    if not (user + password).isascii():
        raise SettingError(
            "RECOURSE_SMTP_URL has a user name or a password that mail servers don't take: use plain"
            " letters, digits and signs."
        )
    sender = asked.get("from", [f"recourse@{domain_of(public_url)}"])[-1]
    if not _ADDRESS.fullmatch(sender):
        raise SettingError(
            "RECOURSE_SMTP_URL names a sender (?from=) that is no e-mail address like"
            " desk@example.org."
        )
    return MailServer(
        host=host,
        port=port or (465 if tls else 587 if user else 25),
        sender=sender,
        user=user,
        password=password,
        tls=tls,
    )


def domain_of(public_url: str) -> str:
    """The host of an address, as it stands behind the @ of a mail."""
    host = urlsplit(public_url).hostname or "localhost"
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        try:
            return host.encode("idna").decode()
        except UnicodeError:
            return "localhost"
    return f"[IPv6:{number}]" if number.version == 6 else f"[{number}]"

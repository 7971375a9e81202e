"""Settings: a frozen value made from an environment that is passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casework.deadlines.calendars import has_holidays
from casework.errors import SettingError
from casework.office.smtp import MailServer, mail_server


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set. Addresses carry no trailing slash."""

    data_dir: Path
    database_url: str = field(repr=False)
    keys_file: Path
    host: str
    port: int
    public_url: str
    telegram_token: str = field(repr=False)
    telegram_api_url: str
    webhook_url: str
    mail_server: MailServer | None = field(repr=False)
    """What carries mails to the office; without it staff are told on their page only."""
    translator_url: str
    """A LibreTranslate server that drafts translations; ``""``: none, nobody's words go anywhere."""
    translator_key: str = field(repr=False)
    operator: str
    """The name of who runs the mechanism, as workers read it."""
    zone: ZoneInfo
    """Where the handlers' office is; the calendar of its promises starts with this."""
    country: str
    """ISO 3166 code of the office's country, for public holidays; ``""`` for none."""
    keep_years: int | None
    """So many years after the last thing that happened in an ended case its words are deleted;
    ``None``: never."""
    practice: bool
    """True in the demo: every page says so, and no case counts."""

    @property
    def sqlite(self) -> bool:
        """True where the database is one SQLite file, so that everything runs in one process."""
        return self.database_url.startswith("sqlite")

    @property
    def translator_is_ours(self) -> bool:
        """True where the translator stands in the house: on this machine or at a private address,
        written out as numbers. A name may lead anywhere, so none but ``localhost`` counts."""
        host = urlsplit(self.translator_url).hostname or ""
        if host == "localhost":
            return True
        try:
            found = ip_address(host)
        except ValueError:
            return False
        return found.is_loopback or (found.is_private and not found.is_unspecified)

    @property
    def mails_go(self) -> bool:
        """True where staff are mailed: never in practice, whose people are invented."""
        return self.mail_server is not None and not self.practice


def settings_from(environ: Mapping[str, str], *, practice: bool = False) -> Settings:
    """Read the settings out of an environment; ``SettingError`` names the one that is wrong.

    Each secret may also stand in a file named by ``<NAME>_FILE``.
    """
    data_dir = Path(environ.get("RECOURSE_DATA_DIR") or "var").absolute()
    host, port = _listen(environ.get("RECOURSE_LISTEN") or "127.0.0.1:8000")
    default_database = f"sqlite:///{data_dir / 'recourse.sqlite3'}"
    database_url = _secret(environ, "RECOURSE_DATABASE_URL") or default_database
    if database_url.startswith(("postgres://", "postgresql://")):
        database_url = "postgresql+psycopg://" + database_url.split("://", 1)[1]
    if not database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError(
            "RECOURSE_DATABASE_URL must start with sqlite:/// or postgresql://. Leave it out to use"
            " a file in RECOURSE_DATA_DIR."
        )
    public_url = _address(environ, "RECOURSE_PUBLIC_URL", _own_address(host, port))
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        keys_file=Path(environ.get("RECOURSE_KEYS_FILE") or data_dir / "keys.json").absolute(),
        host=host,
        port=port,
        public_url=public_url,
        telegram_token=_token(_secret(environ, "RECOURSE_TELEGRAM_TOKEN")),
        telegram_api_url=_address(environ, "RECOURSE_TELEGRAM_API_URL", "https://api.telegram.org"),
        webhook_url=_address(environ, "RECOURSE_WEBHOOK_URL", ""),
        mail_server=mail_server(_secret(environ, "RECOURSE_SMTP_URL"), public_url),
        translator_url=_address(environ, "RECOURSE_TRANSLATOR_URL", ""),
        translator_key=_secret(environ, "RECOURSE_TRANSLATOR_KEY"),
        operator=environ.get("RECOURSE_OPERATOR") or "Recourse",
        zone=_zone(environ.get("RECOURSE_ZONE") or "UTC"),
        country=_country(environ.get("RECOURSE_COUNTRY") or ""),
        keep_years=_years(environ.get("RECOURSE_KEEP_YEARS") or ""),
        practice=practice,
    )


def environment(environ: Mapping[str, str], env_file: Path) -> dict[str, str]:
    """The environment with a ``.env`` file's lines below it (the real environment wins)."""
    try:
        lines = env_file.read_text().splitlines() if env_file.is_file() else []
    except (OSError, UnicodeDecodeError):
        raise SettingError(f"{env_file} can't be read.") from None
    found: dict[str, str] = {}
    for line in lines:
        name, sign, value = line.strip().partition("=")
        if sign and not name.startswith("#"):
            found[name.removeprefix("export ").strip()] = _unquoted(value.strip())
    return {**found, **environ}


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _secret(environ: Mapping[str, str], name: str) -> str:
    file = environ.get(f"{name}_FILE")
    if not file:
        return environ.get(name, "").strip()
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise SettingError(f"{name}_FILE names {file}, which can't be read.") from None


def _token(token: str) -> str:
    number, colon, rest = token.partition(":")
    if token and not (number.isdecimal() and colon and rest):
        raise SettingError(
            "RECOURSE_TELEGRAM_TOKEN is not a bot token. Copy the whole line BotFather gave you:"
            " digits, a colon, letters."
        )
    return token


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) < 65536:
        raise SettingError(f"RECOURSE_LISTEN is {text!r}; write it like 127.0.0.1:8000.")
    return host.strip("[]"), int(port)


def _own_address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    text = (environ.get(name) or default).rstrip("/")
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        whole = False
    if text and not whole:
        raise SettingError(f"{name} is {text!r}; write a whole address like https://example.org.")
    return text


def _years(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= 100:
        raise SettingError(
            f"RECOURSE_KEEP_YEARS is {text!r}; write a whole number of years from 1 to 100, or leave"
            " it out to keep everything."
        )
    return int(text)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingError(
            f"RECOURSE_ZONE is {name!r}, which is no time zone; write one like Asia/Phnom_Penh."
        ) from None


def _country(text: str) -> str:
    code = text.strip().upper()
    if code and not has_holidays(code):
        raise SettingError(
            f"RECOURSE_COUNTRY is {text!r}; write the two letters of a country, like KH, or leave"
            " it out."
        )
    return code

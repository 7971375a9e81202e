"""Settings: read from an environment, and one clear line for each that is wrong."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casework.config import environment, settings_from
from casework.errors import SettingError

TOKEN = "123456:AAbbCCdd"


def test_an_empty_environment_gives_settings_that_work() -> None:
    settings = settings_from({})
    assert settings.data_dir == Path("var").absolute()
    assert settings.database_url == f"sqlite:///{settings.data_dir / 'recourse.sqlite3'}"
    assert settings.keys_file == settings.data_dir / "keys.json"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert (settings.telegram_token, settings.webhook_url) == ("", "")
    assert settings.zone == ZoneInfo("UTC")
    assert settings.sqlite
    assert not settings.practice


def test_an_empty_value_is_the_same_as_none() -> None:
    names = ("DATA_DIR", "DATABASE_URL", "LISTEN", "PUBLIC_URL", "TELEGRAM_TOKEN", "ZONE")
    assert settings_from({f"RECOURSE_{name}": "" for name in names}) == settings_from({})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_uses_the_driver_we_have(scheme: str) -> None:
    settings = settings_from({"RECOURSE_DATABASE_URL": f"{scheme}://me:pw@db/recourse"})
    assert settings.database_url == "postgresql+psycopg://me:pw@db/recourse"
    assert not settings.sqlite


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    assert settings_from({"RECOURSE_TELEGRAM_TOKEN_FILE": str(file)}).telegram_token == TOKEN


def test_secrets_do_not_show() -> None:
    shown = repr(
        settings_from(
            {
                "RECOURSE_DATABASE_URL": "postgresql://me:geheim@db/recourse",
                "RECOURSE_TELEGRAM_TOKEN": TOKEN,
                "RECOURSE_SMTP_URL": "smtp://desk:geheim@mail.example.org",
            }
        )
    )
    assert "geheim" not in shown
    assert "AAbbCCdd" not in shown


def test_addresses_lose_their_trailing_slash() -> None:
    settings = settings_from({"RECOURSE_PUBLIC_URL": "https://desk.example.org/"})
    assert settings.public_url == "https://desk.example.org"


def test_an_ipv6_address_becomes_an_address_that_a_browser_takes() -> None:
    settings = settings_from({"RECOURSE_LISTEN": "[::1]:8080"})
    assert (settings.host, settings.port) == ("::1", 8080)
    assert settings.public_url == "http://[::1]:8080"


def test_a_country_may_be_written_in_small_letters() -> None:
    assert settings_from({"RECOURSE_COUNTRY": "kh"}).country == "KH"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECOURSE_LISTEN", "8000"),
        ("RECOURSE_LISTEN", "127.0.0.1:"),
        ("RECOURSE_LISTEN", "127.0.0.1:http"),
        ("RECOURSE_LISTEN", "127.0.0.1:²"),
        ("RECOURSE_LISTEN", "127.0.0.1:65536"),
        ("RECOURSE_LISTEN", "127.0.0.1:-1"),
        ("RECOURSE_TELEGRAM_TOKEN", "AAbbCCdd"),
        ("RECOURSE_TELEGRAM_TOKEN", "²:AAbbCCdd"),
        ("RECOURSE_TELEGRAM_TOKEN", "123456:"),
        ("RECOURSE_PUBLIC_URL", "desk.example.org"),
        ("RECOURSE_PUBLIC_URL", "ftp://desk.example.org"),
        ("RECOURSE_PUBLIC_URL", "https://"),
        ("RECOURSE_WEBHOOK_URL", "http://["),
        ("RECOURSE_TELEGRAM_API_URL", "nowhere"),
        ("RECOURSE_ZONE", "Asia/Nowhere"),
        ("RECOURSE_ZONE", "../../etc/passwd"),
        ("RECOURSE_ZONE", "Asia"),
        ("RECOURSE_COUNTRY", "Cambodia"),
        ("RECOURSE_COUNTRY", "XX"),
        ("RECOURSE_DATABASE_URL", "mysql://db/recourse"),
        ("RECOURSE_DATABASE_URL", "recourse.sqlite3"),
        ("RECOURSE_TELEGRAM_TOKEN_FILE", "/nowhere/at/all"),
        ("RECOURSE_SMTP_URL", "mail.example.org"),
        ("RECOURSE_SMTP_URL", "https://mail.example.org"),
        ("RECOURSE_SMTP_URL", "smtp://"),
        ("RECOURSE_SMTP_URL", "smtp://mail.example.org:mail"),
        ("RECOURSE_SMTP_URL", "smtp://mail.example.org:70000"),
        ("RECOURSE_SMTP_URL", "smtp://desk@mail.example.org"),
        ("RECOURSE_SMTP_URL", "smtp://mail.example.org/inbox"),
        ("RECOURSE_SMTP_URL", "smtp://mail.example.org?form=desk@example.org"),
        ("RECOURSE_SMTP_URL", "smtp://mail.example.org?from=desk"),
        ("RECOURSE_SMTP_URL", "smtp://mail.example.org?from=a@b.org%0d%0aBcc:c@d.org"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name) as caught:
        settings_from({name: value})
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_wrong_token_or_database_address_is_not_repeated() -> None:
    for name, value in (
        ("RECOURSE_TELEGRAM_TOKEN", "123456-AAbbCCdd"),
        ("RECOURSE_DATABASE_URL", "mysql://me:geheim@db/recourse"),
        ("RECOURSE_SMTP_URL", "smtp://desk:geheim@mail.example.org:x"),
        ("RECOURSE_SMTP_URL", "smtp://desk:geheim@[mail.example.org"),
        ("RECOURSE_SMTP_URL", "smtp://desk:geheimß@mail.example.org"),
        ("RECOURSE_SMTP_URL", "smtp://desk:geheim#1@mail.example.org"),
        ("RECOURSE_SMTP_URL", "desk:geheim@mail.example.org"),
    ):
        with pytest.raises(SettingError) as caught:
            settings_from({name: value})
        assert value not in str(caught.value)
        assert "geheim" not in str(caught.value)


def test_a_secret_file_that_is_no_text_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match="RECOURSE_TELEGRAM_TOKEN_FILE"):
        settings_from({"RECOURSE_TELEGRAM_TOKEN_FILE": str(file)})


# --- the mail server ------------------------------------------------------------------------


def test_without_a_mail_server_there_is_none() -> None:
    assert settings_from({}).mail_server is None


@pytest.mark.parametrize(
    ("url", "port", "tls", "here"),
    [
        ("smtp://mail.example.org", 25, False, False),
        ("smtp://desk:pass@mail.example.org", 587, False, False),
        ("smtps://desk:pass@mail.example.org", 465, True, False),
        ("smtp://127.0.0.1:2525/", 2525, False, True),
        ("smtp://[::1]", 25, False, True),
        ("smtp://localhost", 25, False, True),
        ("smtp://localhost.example.org", 25, False, False),
    ],
)
def test_the_address_of_a_mail_server_says_how_it_is_reached(
    url: str, port: int, tls: bool, here: bool
) -> None:
    server = settings_from({"RECOURSE_SMTP_URL": url}).mail_server
    assert server
    assert (server.port, server.tls, server.is_here) == (port, tls, here)


def test_a_password_of_the_mail_server_may_hold_any_sign() -> None:
    url = "smtp://desk%40example.org:a%2Fb%23c%25@mail.example.org?from=case@desk.example.org"
    server = settings_from({"RECOURSE_SMTP_URL": url}).mail_server
    assert server
    assert (server.user, server.password) == ("desk@example.org", "a/b#c%")
    assert server.sender == "case@desk.example.org"


@pytest.mark.parametrize(
    ("public", "sender"),
    [
        ("https://desk.example.org/app", "recourse@desk.example.org"),
        ("http://127.0.0.1:8000", "recourse@[127.0.0.1]"),
        ("http://[::1]:8000", "recourse@[IPv6:::1]"),
        ("https://büro.example.org", "recourse@xn--bro-hoa.example.org"),
    ],
)
def test_mails_come_from_the_host_that_people_know(public: str, sender: str) -> None:
    found = settings_from(
        {"RECOURSE_SMTP_URL": "smtp://localhost", "RECOURSE_PUBLIC_URL": public}
    ).mail_server
    assert found
    assert found.sender == sender


# --- the .env file --------------------------------------------------------------------------


def test_a_dotenv_file_is_read_below_the_real_environment(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# ours\n\nRECOURSE_OPERATOR='Workers' Desk'\nexport RECOURSE_ZONE = \"Asia/Dhaka\"\n"
        "RECOURSE_SMTP_URL=smtp://a=b\nRECOURSE_LISTEN=127.0.0.1:1\n#RECOURSE_COUNTRY=KH\nnonsense\n"
    )
    assert environment({"RECOURSE_LISTEN": "127.0.0.1:2"}, file) == {
        "RECOURSE_OPERATOR": "Workers' Desk",
        "RECOURSE_ZONE": "Asia/Dhaka",
        "RECOURSE_SMTP_URL": "smtp://a=b",
        "RECOURSE_LISTEN": "127.0.0.1:2",
    }


def test_without_a_dotenv_file_the_environment_stands_alone(tmp_path: Path) -> None:
    assert environment({"A": "b"}, tmp_path / ".env") == {"A": "b"}


def test_a_dotenv_file_that_is_no_text_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"RECOURSE_OPERATOR=\xff")
    with pytest.raises(SettingError, match=r"\.env"):
        environment({}, file)

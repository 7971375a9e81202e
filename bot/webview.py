"""The web chat's pages, put together: which language, which messages, which words around them."""

import calendar as months
import functools
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from babel.dates import format_skeleton, get_day_names
from flask import Request, render_template, url_for

from bot.dialogue import TOO_BIG
from bot.doors import House
from bot.rendering import Button, Voice, decode
from bot.safety import FORGOTTEN_ON_THE_WEB
from bot.webpage import Line, WebPage
from bot.webtyped import new_turn
from casework.media.files import MAX_BYTES
from translations import (
    N_,
    SOURCE_LANGUAGE,
    babel_locale,
    catalog,
    is_rtl,
    languages,
    match,
    own_name,
)

_SHOWN = 16
"""Messages on the page at first: it must come fast on a slow line. The others are a tap away."""
_CONTROLS = (".back", ".language", ".help", ".stop")
_STATIC = Path(__file__).parent / "static"


class Remark(Enum):
    """What the page says by itself, beside the conversation."""

    EMPTY = N_("Please write something, or choose a file, before you press “%(send)s”.")
    TOO_LONG = N_("This message is too long. Please send it in two or more parts.")
    TOO_BIG = TOO_BIG
    REFUSED = N_(
        "We cannot take this file. Please send it in another form, for example as a photo, or tell"
        " it in words. What you wrote is still here."
    )
    OLD_PAGE = N_(
        "This page was too old, so nothing was sent. What you wrote is still here: please send it"
        " again. If you chose a file, please choose it again."
    )
    CLOSED = N_(
        "These messages are closed on this phone now, so nothing was sent. Enter your code to go"
        " on. What you wrote is still here."
    )
    TROUBLE = N_(
        "Something went wrong on our side. It is not your fault. Please send your last message again."
    )
    WRONG_CODE = N_(
        "No messages were found with this code. Please compare each letter and each number."
    )
    FORGOTTEN = FORGOTTEN_ON_THE_WEB
    TOO_MANY_CODES = N_("Too many wrong codes were tried. Please wait ten minutes, then try again.")


@dataclass(frozen=True, slots=True)
class _Row:
    """Buttons beside each other; ``small``: those that stand below every question."""

    buttons: tuple[Button, ...]
    small: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """A message with its rows."""

    who: str
    text: str
    rows: tuple[_Row, ...]
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class _Day:
    text: str
    today: bool


def start(house: House, language: str, payload: str, remark: Remark | None = None) -> str:
    """The first page: languages, each named in itself. Nothing is begun before a press."""
    offered = sorted(languages("bot"), key=lambda tag: tag != language)
    return _render(
        "start",
        house,
        language,
        remark,
        payload=payload,
        turn=new_turn(),
        offered=[(tag, own_name(tag)) for tag in offered],
    )


def page(
    house: House,
    found: WebPage,
    code: str,
    *,
    payload: str = "",
    everything: bool = False,
    remark: Remark | None = None,
    text: str = "",
) -> str:
    """The conversation. ``text`` stands in the field, so that nothing typed is lost."""
    lines = found.lines if everything else found.lines[-_SHOWN:]
    return _render(
        "page",
        house,
        found.language,
        remark,
        code=code,
        code_stands=_code_stands(found),
        lines=[_shown(line) for line in lines],
        earlier=len(lines) < len(found.lines),
        payload=payload,
        turn=new_turn(),
        fresh=_fresh(),
        text=text,
    )


def _code_stands(found: WebPage) -> str:
    """Where: plainly at first, and when there is a case to come back for; else out of the way."""
    if not any(line.who == "me" for line in found.lines):
        return "first"
    return "newest" if found.step == "filed" else "last"


def come_back(house: House, language: str, remark: Remark | None = None, text: str = "") -> str:
    """Where a return code is entered."""
    return _render("return", house, language, remark, text=text)


def trouble(house: House, language: str, remark: Remark, text: str = "") -> str:
    """A page that needs no database: what she wrote, to be sent again."""
    return _render("trouble", house, language, remark, turn=new_turn(), fresh=_fresh(), text=text)


def calendar(house: House, now: datetime, language: str) -> str:
    """This month, as it hangs on any wall."""
    locale = babel_locale(language)
    today = now.date()
    weeks = months.Calendar(locale.first_week_day).monthdatescalendar(today.year, today.month)
    names = get_day_names("narrow", "stand-alone", locale)
    return _render(
        "calendar",
        house,
        language,
        month=format_skeleton("yMMMM", today, locale=locale),
        weekdays=[names[day.weekday()] for day in weeks[0]],
        weeks=[[_day(day, today) for day in week] for week in weeks],
    )


def hint(request: Request) -> str:
    """The language the browser asks for, if it is one of ours; else English."""
    wanted = (match(tag, "bot") for tag, _ in request.accept_languages)
    return next((tag for tag in wanted if tag), SOURCE_LANGUAGE)


def _render(
    name: str, house: House, language: str, remark: Remark | None = None, **more: object
) -> str:
    spoken = language if language in languages("bot") else SOURCE_LANGUAGE
    sentences = catalog("bot", spoken).gettext
    return render_template(
        f"chat/{name}.html",
        _=sentences,
        lang=spoken,
        direction="rtl" if is_rtl(spoken) else "ltr",
        practice=house.practice,
        asset=_asset,
        notice=_said(remark, sentences) if remark else "",
        **more,
    )


def _said(remark: Remark, sentences: Callable[[str], str]) -> str:
    holes = {"send": sentences("Send"), "limit": MAX_BYTES // (1024 * 1024)}
    return sentences(remark.value) % holes


def _shown(line: Line) -> _Shown:
    rows = tuple(_Row(row, small=False) for row in line.rows if not _is_control(row[0]))
    controls = tuple(_stacked(button) for row in line.rows for button in row if _is_control(button))
    small = (_Row(controls, small=True),) if controls else ()
    return _Shown(line.who, line.text, rows + small, line.voices)


def _stacked(button: Button) -> Button:
    """Its icon above its word, so that all four fit beside each other on a small phone."""
    return Button(button.label.replace(" ", "\n", 1), button.data)


def _is_control(button: Button) -> bool:
    press = decode(button.data)
    return press is not None and press.value in _CONTROLS


def _day(day: date, today: date) -> _Day:
    return _Day(str(day.day) if day.month == today.month else "", day == today)


def _fresh() -> str:
    """Makes an address new, so that the browser asks again and does not only scroll."""
    return secrets.token_hex(3)


def _asset(name: str) -> str:
    return url_for("chat.static", filename=name, v=_version(name))


@functools.cache
def _version(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:8]

"""Short texts about rights that the operator publishes for a country, each in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from casework.db import Session
from casework.errors import Remark
from casework.factories import Problems
from casework.guidance import put_before
from casework.ids import new_id
from casework.models import RightsText

TITLE_AT_MOST = 40
"""Characters of a rights text's title: it stands on a button."""
BODY_AT_MOST = 550
"""Characters of a rights text: with its title it fits into one message of 600."""


@dataclass(frozen=True, slots=True)
class Written:
    """A rights text as it was typed and found good."""

    title: str
    body: str


def texts(session: Session, country: str = "", language: str = "") -> Sequence[RightsText]:
    """Rights texts, published or not, by country, language and their order."""
    statement = select(RightsText)
    if country:
        statement = statement.where(RightsText.country == country)
    if language:
        statement = statement.where(RightsText.language == language)
    order = (RightsText.country, RightsText.language, RightsText.position, RightsText.id)
    return session.exec(statement.order_by(*(col(one) for one in order))).all()


def published(session: Session, country: str, language: str) -> list[RightsText]:
    """What a worker of this language may read about her rights in this country."""
    return [one for one in texts(session, country, language) if one.published]


def published_text(session: Session, row: int) -> RightsText | None:
    """One of them, ``None`` where it is not published (any more)."""
    found = session.get(RightsText, row)
    return found if found and found.published else None


def add_text(
    session: Session,
    country: str,
    language: str,
    text: Written,
    *,
    staff_id: int | None,
    now: datetime,
) -> RightsText:
    """Write a text behind those there are; nobody reads it before it is published."""
    before = texts(session, country, language)
    row = RightsText(
        id=new_id(now),
        country=country,
        language=language,
        title=text.title,
        body=text.body,
        position=max((one.position for one in before), default=0) + 1,
        updated_at=now,
        staff_id=staff_id,
    )
    session.add(row)
    return row


def change_text(
    row: RightsText, text: Written, *, published: bool, staff_id: int, now: datetime
) -> RightsText:
    """Write a text anew, and let workers read it or not."""
    row.title, row.body, row.published = text.title, text.body, published
    row.updated_at, row.staff_id = now, staff_id
    return row


def check_text(typed: Mapping[str, str]) -> Written | Problems:
    """Read ``title, body``."""
    title = " ".join(typed.get("title", "").split())
    body = typed.get("body", "").replace("\r\n", "\n").strip()
    rules = {
        "title": 0 < len(title) <= TITLE_AT_MOST,
        "body": 0 < len(body) <= BODY_AT_MOST,
    }
    problems = {field: _SAY[field] for field, good in rules.items() if not good}
    return problems or Written(title, body)


def move_up(session: Session, row: RightsText) -> None:
    """Before the text it stands behind; the first one stays where it is."""
    put_before(texts(session, row.country, row.language), row)


_SAY = {
    "title": Remark("Write a title of at most 40 characters: it stands on a button."),
    "body": Remark("Write a text of at most 550 characters: it is one message on her phone."),
}

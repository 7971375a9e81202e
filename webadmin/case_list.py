"""What the address of the list asks for, and what the filter form offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from flask import url_for
from sqlmodel import col, select

from casework.db import Session
from casework.lifecycle import ENDED, HANDLING_ROLES, OPEN
from casework.models import Factory, Staff
from casework.searching.queue import Filter, Sort
from casework.vocabulary import Category, Severity, Status
from translations import languages
from webadmin.forms import chosen, number

FIELDS = (
    "find",
    "status",
    "severity",
    "category",
    "factory",
    "language",
    "assignee",
    "overdue",
    "sort",
)
_LONGEST = 200
"""Characters of a field that are looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter and a sort, with the texts they were read from (for the form and for links)."""

    filter: Filter
    sort: Sort
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is searched for, ``""`` if nothing."""
        return self.texts.get("find", "")

    @property
    def filtered(self) -> bool:
        """Whether anything but the usual is asked for."""
        return any(name != "sort" for name in self.texts)

    @property
    def chosen(self) -> int:
        """How many fields of the filter form are set."""
        buttons = ("find", "assignee", "overdue", "sort")
        return sum(name not in buttons or text.isdigit() for name, text in self.texts.items())

    def address(self, **changed: str) -> str:
        """The list with these fields, some of them changed."""
        return address({**self.texts, **changed})


def address(texts: Mapping[str, str]) -> str:
    """The list with the fields that are not empty."""
    query = urlencode({name: text for name, text in texts.items() if text})
    return url_for("cases.index") + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filter form offers."""

    factories: tuple[tuple[str, str], ...]
    people: tuple[tuple[int, str], ...]
    languages: tuple[str, ...]


def read(arguments: Mapping[str, str], staff: Staff, now: datetime) -> Asked:
    """Read an address; what makes no sense in it counts for nothing."""
    given = ((name, arguments.get(name, "").strip()[:_LONGEST]) for name in FIELDS)
    texts = {name: text for name, text in given if text}
    if "find" in texts:
        texts.pop("sort", None)  # what was found stands newest first
    who, factory = texts.get("assignee", ""), texts.get("factory", "")
    mine = staff.id if who == "me" else number(who)
    found = Filter(
        statuses=_statuses(texts.get("status", "")),
        severity=chosen(Severity, texts.get("severity")),
        category=chosen(Category, texts.get("category")),
        factory_id=number(factory),
        language=texts.get("language", "")[:16],
        assignee_id=mine,
        unassigned=who == "nobody",
        overdue_at=now if texts.get("overdue") else None,
    )
    return Asked(found, chosen(Sort, texts.get("sort")) or Sort.DUE, texts)


def choices(session: Session) -> Choices:
    """Factories, people and languages to choose from."""
    factories = select(Factory.id, Factory.name).order_by(Factory.name)
    people = (
        select(Staff.id, Staff.name)
        .where(col(Staff.role).in_(HANDLING_ROLES), col(Staff.active).is_(True))
        .order_by(Staff.name)
    )
    return Choices(
        tuple((str(row), name) for row, name in session.exec(factories)),
        tuple(session.exec(people)),
        languages("bot"),
    )


def _statuses(text: str) -> tuple[Status, ...]:
    if text == "all":
        return ()
    if text == "ended":
        return ENDED
    status = chosen(Status, text)
    return (status,) if status else OPEN

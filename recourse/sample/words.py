"""What the people of the sample data say, read from ``words/<language>.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from casework.vocabulary import Category, Danger, HowMany, Relation, Since

LANGUAGES = ("en", "vi", "id", "my")
"""The languages that the sample workers write."""

_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Topic:
    """A category and a kind of it."""

    category: Category
    kind: str

    @property
    def sexual(self) -> bool:
        """Whether it is gender-based violence, which only the restricted pool may read."""
        return self.category is Category.HARASSMENT and self.kind == "sexual"


@dataclass(frozen=True, slots=True)
class Story:
    """What a worker tells, with holes, and how she answers the questions with buttons.

    ``only``: countries it may happen in (empty: any). ``file``: a picture that fits it.
    """

    topic: Topic
    text: str
    summary: str
    also: Topic | None
    only: frozenset[str]
    how_many: HowMany | None
    since: Since | None
    danger: Danger | None
    relation: Relation
    file: str

    @property
    def named(self) -> str:
        """The topic as it stands in the files."""
        return f"{self.topic.category.value}/{self.topic.kind}"


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts as people write them in one country: a fine, a month's wage, an agent's fee."""

    small: tuple[str, ...]
    pay: tuple[str, ...]
    fee: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is said in one language."""

    language: str
    stories: tuple[Story, ...]
    money: dict[str, Money]
    _general: dict[str, tuple[str, ...]]
    _by_topic: dict[str, dict[str, tuple[str, ...]]]

    def general(self, name: str) -> tuple[str, ...]:
        """Sentences that fit any case: ``openings``, ``additions``, ``disputed`` …"""
        return self._general[name]

    def about(self, story: Story, name: str) -> tuple[str, ...]:
        """Sentences that fit a story: ``question``, ``answer``, ``reply``, ``remedy``,
        ``outcome``; those of its kind if there are any, else of its category."""
        own = self._by_topic.get(story.named, {})
        return own.get(name) or self._by_topic[story.topic.category.value][name]


@cache
def words(language: str) -> Words:
    """The sentences of one language."""
    found = _read(language)
    stories = tuple(_story(entry) for entry in found.pop("story"))
    money = {
        country: Money(tuple(m["small"]), tuple(m["pay"]), tuple(m["fee"]))
        for country, m in found.pop("money").items()
    }
    by_topic = {
        topic: {name: tuple(texts) for name, texts in lines.items()}
        for topic, lines in found.pop("case").items()
    }
    general = {name: tuple(texts) for name, texts in found.items()}
    return Words(language, stories, money, general, by_topic)


@cache
def staff_notes(name: str) -> tuple[str, ...]:
    """What handlers write for each other, in English."""
    return tuple(_read("staff")[name])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _story(entry: dict[str, Any]) -> Story:
    return Story(
        topic=_topic(entry["about"]),
        text=entry["text"],
        summary=entry["summary"],
        also=_topic(entry["also"]) if "also" in entry else None,
        only=frozenset(entry.get("only", ())),
        how_many=HowMany(entry["how_many"]) if "how_many" in entry else None,
        since=Since(entry["since"]) if "since" in entry else None,
        danger=Danger(entry["danger"]) if "danger" in entry else None,
        relation=Relation(entry.get("relation", "worker")),
        file=entry.get("file", ""),
    )


def _topic(text: str) -> Topic:
    category, kind = text.split("/")
    return Topic(Category(category), kind)

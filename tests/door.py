"""The bot's door without a channel: a test hands in updates and keeps what is answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import col, func, select

from bot import talks
from bot.conversation import take_in
from bot.doors import Happening, House, Incoming, Reply
from bot.turns import Pressed, Started, Text
from casework.db import Store
from casework.messaging import messages
from casework.models import Case, Conversation, Message, Outbox, Reporter
from casework.vocabulary import Channel, MessageKind

HOUSE = House("Fair Work Network")
STORY = "Nobody was paid for two months."

FILING: tuple[Happening, ...] = (
    Started("F-GT7KM", "en"),
    Pressed("language", "en"),
    Pressed("welcome", "yes"),
    Pressed("who", "worker"),
    Pressed("category", "WAG"),
    Pressed("danger", "no"),
    Text(STORY),
    Pressed("story", "send"),
)
"""The shortest path from a poster's link to a complaint."""
TELLING = FILING[:-1]
"""The same, but nothing is sent yet."""


class Door:
    """One channel. Updates are numbered; ``take`` may be given numbers that were given before."""

    def __init__(self, store: Store, now: datetime, channel: Channel = Channel.TELEGRAM) -> None:
        self.store = store
        self.now = now
        self.channel = channel
        self._number = 0

    def update(self, address: str, what: Happening) -> Incoming:
        self._number += 1
        return Incoming(f"test:{self._number}", self.channel, address, what)

    def updates(self, address: str, whats: Iterable[Happening]) -> list[Incoming]:
        return [self.update(address, what) for what in whats]

    def take(self, *batch: Incoming, store: Store | None = None) -> list[Reply]:
        return take_in(store or self.store, batch, now=self.now, house=HOUSE)

    def each(self, address: str, *whats: Happening) -> list[str]:
        """One update after the other, each a batch of its own: the texts answered to each."""
        said = []
        for what in whats:
            replies = self.take(self.update(address, what))
            said.append("\n".join(texts(replies)))
        return said

    def file(self, address: str) -> Case:
        self.each(address, *FILING)
        return cases_of(self.store, address, self.channel)[-1]


def texts(replies: Sequence[Reply]) -> list[str]:
    return [piece.text for reply in replies for piece in reply.said]


def reporter_of(store: Store, address: str, channel: Channel = Channel.TELEGRAM) -> Reporter:
    with store.reading() as session:
        index = talks.place_of(session, channel, address)[1]
        return session.exec(select(Reporter).where(Reporter.address_index == index)).one()


def talk_of(store: Store, address: str, channel: Channel = Channel.TELEGRAM) -> talks.Talk:
    reporter = reporter_of(store, address, channel)
    with store.reading() as session:
        sealed = session.get_one(Conversation, reporter.id).sealed
        return talks.load(session, reporter, sealed)


def cases_of(store: Store, address: str, channel: Channel = Channel.TELEGRAM) -> list[Case]:
    reporter = reporter_of(store, address, channel)
    with store.reading() as session:
        found = select(Case).where(Case.reporter_id == reporter.id).order_by(col(Case.id))
        return list(session.exec(found))


def told(store: Store, case: Case) -> list[tuple[MessageKind, str]]:
    with store.reading() as session:
        return [(m.kind, messages.words(session, m)) for m in messages.of_case(session, case.id)]


def stories(store: Store) -> list[str]:
    """The stories of all cases."""
    with store.reading() as session:
        found = session.exec(select(Message).where(Message.kind == MessageKind.STORY))
        return [messages.words(session, message) for message in found]


def count(store: Store, table: type) -> int:
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def outbox_of(store: Store, reporter_id: int) -> list[Outbox]:
    with store.reading() as session:
        found = select(Outbox).where(Outbox.reporter_id == reporter_id)
        return list(session.exec(found.order_by(col(Outbox.id))))


def tamper(store: Store, address: str, channel: Channel = Channel.TELEGRAM) -> None:
    """Somebody changed the sealed conversation in the database: it does not open any more."""
    reporter = reporter_of(store, address, channel)
    with store.writing() as session:
        conversation = session.get_one(Conversation, reporter.id)
        conversation.sealed = conversation.sealed[:-1] + bytes([conversation.sealed[-1] ^ 1])

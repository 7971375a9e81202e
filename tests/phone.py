"""A worker's phone for tests of the dialogue: she sends and presses, a small world answers effects.

No database and no Telegram: what the conversation layer promises (each effect done, each result fed
back in order) is done here in memory.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date

from bot.dialogue import fresh, step
from bot.rendering import Button, Rendered, decode, render
from bot.turns import (
    ActOnCase,
    AddToCase,
    CaseChanged,
    CaseFiled,
    CaseLine,
    CaseShown,
    CasesListed,
    Chat,
    Command,
    Draft,
    DropDraft,
    Edited,
    Effect,
    Event,
    FactoriesFound,
    FactoryMatch,
    FileComplaint,
    FindFactory,
    ListCases,
    Media,
    Part,
    Pressed,
    SetContact,
    ShowCase,
    Started,
    Text,
    Turn,
    UseLanguage,
)
from casework.vocabulary import Action, Channel, MediaKind, Status

OPERATOR = "Fair Work Network"
ANSWER_BY = date(2026, 11, 24)
FILED_ON = date(2026, 11, 20)

GOLDEN = FactoryMatch("GS1", "Golden Star Garment", "Phnom Penh")
SILVER = FactoryMatch("SS2", "Silver Star Shoes", "Yangon")


@dataclass
class Case:
    """A case as the world keeps it."""

    draft: Draft
    parts: list[Part] = field(default_factory=list)
    status: Status = Status.RECEIVED
    question: str = ""
    reasons: list[str] = field(default_factory=list)


class World:
    """What is filed, and what becomes of effects."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.dropped: list[int] = []
        self.contacts: list[SetContact] = []
        self.languages: list[str] = []
        self.factories = {f.code: f for f in (GOLDEN, SILVER)}

    def do(self, effect: Effect) -> Event | None:
        match effect:
            case FindFactory(query):
                return self._find(query)
            case FileComplaint(draft):
                reference = f"RC-{len(self.cases) + 1:04}-TEST"
                self.cases[reference] = Case(draft)
                return CaseFiled(reference, ANSWER_BY, OPERATOR)
            case ListCases():
                newest = reversed(self.cases)
                return CasesListed(tuple(self._line(r) for r in newest)[:10])
            case ShowCase(reference):
                return self._show(reference)
            case AddToCase(reference, parts):
                case = self.cases.get(reference)
                if case is None:
                    return CaseChanged(reference, ok=False)
                case.parts += parts
                return CaseChanged(reference)
            case ActOnCase(reference, action, reason):
                return self._act(reference, action, reason)
            case DropDraft(attachments):
                self.dropped += attachments
            case SetContact():
                self.contacts.append(effect)
            case UseLanguage(language):
                self.languages.append(language)
        return None

    def told(self) -> list[Part]:
        """Every part that reached a case, in the story or later."""
        return [p for case in self.cases.values() for p in (*case.draft.parts, *case.parts)]

    def _find(self, query: str) -> FactoriesFound:
        if query in self.factories:
            return FactoriesFound(query, (self.factories[query],), exact=True)
        near = [f for f in self.factories.values() if query[:4].lower() in f.name.lower()]
        return FactoriesFound(query, tuple(near))

    def _line(self, reference: str) -> CaseLine:
        case = self.cases[reference]
        return CaseLine(reference, case.status, FILED_ON, case.draft.category)

    def _show(self, reference: str) -> CaseShown:
        case = self.cases.get(reference)
        if case is None:
            return CaseShown(None)
        can = {Action.ADD, Action.WITHDRAW}
        if case.status is Status.VERIFYING:
            can |= {Action.CONFIRM, Action.DISPUTE}
        if case.status in (Status.CLOSED, Status.RESOLVED):
            can = {Action.ADD, Action.APPEAL}
        if case.status is Status.WITHDRAWN:
            can = {Action.ADD}
        messages = tuple(p.text for p in (*case.draft.parts, *case.parts) if p.text)
        return CaseShown(
            self._line(reference), ANSWER_BY, False, case.question, messages, frozenset(can)
        )

    def _act(self, reference: str, action: Action, reason: str) -> CaseChanged:
        case = self.cases.get(reference)
        shown = self._show(reference)
        if case is None or action not in shown.can:
            return CaseChanged(reference, ok=False, action=action)
        case.status = {
            Action.CONFIRM: Status.RESOLVED,
            Action.WITHDRAW: Status.WITHDRAWN,
        }.get(action, Status.APPEALED)
        case.reasons.append(reason)
        return CaseChanged(reference, action=action)


class Phone:
    """Sends, presses, and shows what came last."""

    def __init__(
        self, world: World | None = None, *, hint: str = "", channel: Channel = Channel.TELEGRAM
    ) -> None:
        self.world = world or World()
        self.chat: Chat = fresh(channel, hint)
        self.screen: list[Rendered] = []
        self.turns: list[Turn] = []
        self.sent = 0
        self._files = 0

    # --- what she does ---------------------------------------------------------------------

    def happen(self, event: Event) -> "Phone":
        """An event arrives; every effect is done and its result fed back, in order."""
        self.sent += 1
        self.screen, self.turns = [], []
        events: deque[Event] = deque([event])
        while events:
            turn = step(self.chat, events.popleft())
            assert len(self.turns) < 20, "the conversation goes round in circles"
            self.turns.append(turn)
            self.chat = turn.chat
            self.screen += [render(say, self.chat.language, OPERATOR) for say in turn.say]
            for effect in turn.do:
                result = self.world.do(effect)
                if result is not None:
                    events.append(result)
        assert self.screen, f"silence after {event!r}"
        return self

    def start(self, payload: str = "", hint: str = "") -> "Phone":
        return self.happen(Started(payload, hint))

    def send(self, text: str) -> "Phone":
        return self.happen(Text(text))

    def file(self, kind: MediaKind = MediaKind.VOICE, caption: str = "") -> "Phone":
        self._files += 1
        return self.happen(Media(kind, self._files, caption))

    def edit(self, text: str) -> "Phone":
        return self.happen(Edited(text))

    def command(self, name: str) -> "Phone":
        return self.happen(Command(name))

    def press(self, *values: str) -> "Phone":
        """Press buttons one after the other, each on the screen as it is then."""
        for value in values:
            self.happen(self.found(value))
        return self

    def old(self, data: str) -> "Phone":
        """Press a button of a message further up, given as ``step|value``."""
        pressed = decode(data)
        assert pressed
        return self.happen(pressed)

    # --- what she sees ---------------------------------------------------------------------

    @property
    def text(self) -> str:
        return "\n\n".join(piece.text for piece in self.screen)

    @property
    def buttons(self) -> list[Button]:
        return [b for piece in self.screen for row in piece.rows for b in row]

    @property
    def values(self) -> list[str]:
        return [pressed.value for b in self.buttons if (pressed := decode(b.data))]

    def found(self, value: str) -> Pressed:
        for button in self.buttons:
            pressed = decode(button.data)
            assert pressed, button
            if pressed.value == value or pressed.value.startswith(f"{value}:"):
                return pressed
        raise AssertionError(f"no button {value!r} among {self.values} below: {self.text}")

    # --- well-worn paths -------------------------------------------------------------------

    def at_category(self) -> "Phone":
        return self.start("F-GS1").press("en", "yes", "worker")

    def at_story(self, category: str = "WAG") -> "Phone":
        return self.at_category().press(category, "no")

    def filed(self, story: str = "They did not pay us.") -> "Phone":
        return self.at_story().send(story).press("send")

    def at_review(self) -> "Phone":
        told = self.at_story().send("They did not pay us.")
        return told.press("all", "unpaid", "month", "many", "here")

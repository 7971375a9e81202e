"""A worker's phone for tests of the dialogue: she sends and presses, a small world answers effects.

No database and no Telegram: what the conversation layer promises (each effect done, each result fed
back in order) is done here in memory.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date

from bot import history
from bot.dialogue import fresh, step
from bot.rendering import Button, Rendered, decode, render
from bot.turns import (
    ActOnCase,
    AddToCase,
    AnswerCheckIn,
    CaseChanged,
    CaseFiled,
    CaseLine,
    CaseOpened,
    CaseRated,
    CaseShown,
    CasesListed,
    Chat,
    CheckInAnswered,
    Command,
    Draft,
    DropDraft,
    Edited,
    Effect,
    EraseChat,
    Event,
    FactoriesFound,
    FactoryMatch,
    FileComplaint,
    FindFactory,
    FindHelp,
    FindRights,
    ForgetMe,
    HelpFound,
    HelpLine,
    HistoryShown,
    ListCases,
    MakeReceipt,
    Media,
    News,
    NewsRead,
    OpenWithReceipt,
    Part,
    Pressed,
    RateCase,
    ReadNews,
    ReceiptMade,
    RightsFound,
    RightsShown,
    RightsTitle,
    SaidLine,
    SetContact,
    ShowCase,
    ShowHistory,
    ShowRights,
    Started,
    Text,
    Turn,
    UseLanguage,
)
from casework import lifecycle
from casework.vocabulary import (
    Action,
    Channel,
    HelpKind,
    MediaKind,
    Opening,
    Service,
    Status,
    Treatment,
)

OPERATOR = "Fair Work Network"
ANSWER_BY = date(2026, 11, 24)
FILED_ON = date(2026, 11, 20)

COUNTRIES = {"GS1": "KH", "SS2": "MM"}
NUMBERS = {
    ("KH", HelpKind.EMERGENCY): (
        HelpLine("117", Service.POLICE),
        HelpLine("119", Service.AMBULANCE),
        HelpLine("118", Service.FIRE),
    ),
    ("MM", HelpKind.EMERGENCY): (HelpLine("199", Service.POLICE),),
    ("KH", HelpKind.SEXUAL_VIOLENCE): (HelpLine("012 345 678", name="Women's Crisis Centre"),),
}
OVERTIME = RightsTitle(71, "Overtime")

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
    news: list[News] = field(default_factory=list)
    asked: bool = False
    """Whether she was asked if anyone treats her badly."""
    linked: str = ""
    treatment: Treatment | None = None
    answers: list[str] = field(default_factory=list)
    """What handlers wrote."""


class World:
    """What is filed, and what becomes of effects."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.dropped: list[int] = []
        self.contacts: list[SetContact] = []
        self.languages: list[str] = []
        self.secrets: dict[str, str] = {}
        self.elsewhere: dict[str, Case] = {}
        """Cases that another phone shows, by their numbers."""
        self.wrong_tries = 0
        self.erased = 0
        """How often her chat was erased."""
        self.forgotten: dict[str, Case] = {}
        """Cases that go on without her."""
        self.factories = {f.code: f for f in (GOLDEN, SILVER)}

    def do(self, effect: Effect) -> Event | None:
        self._about_her(effect)
        return self._look_up(effect) or self._about_a_case(effect)

    def _look_up(self, effect: Effect) -> Event | None:
        match effect:
            case FindFactory(query):
                return self._find(query)
            case FindHelp():
                return self._help(effect)
            case FindRights(_, factory):
                return RightsFound(effect, (OVERTIME,) if COUNTRIES.get(factory) == "KH" else ())
            case ShowRights(row):
                found = row == OVERTIME.id
                return (
                    RightsShown(OVERTIME.title, "At most 2 hours a day.")
                    if found
                    else RightsShown()
                )
            case ListCases():
                newest = reversed(self.cases)
                return CasesListed(tuple(self._line(r) for r in newest)[:10])
        return None

    def _about_a_case(self, effect: Effect) -> Event | None:
        match effect:
            case FileComplaint(draft):
                reference = f"RC-{len(self.cases) + 1:04}-TEST"
                self.cases[reference] = Case(draft)
                return CaseFiled(reference, ANSWER_BY, OPERATOR)
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
            case RateCase(reference, treatment):
                return self._rate(reference, treatment)
            case MakeReceipt(reference):
                self.secrets[reference] = f"{len(self.secrets) + 1:04} 4821"
                hers = reference in self.cases
                return ReceiptMade(reference, self.secrets[reference] if hers else "")
            case OpenWithReceipt(reference, secret):
                return CaseOpened(reference, self._open(reference, secret))
            case ShowHistory(reference, page):
                return self._history(reference, page)
            case ReadNews(reference):
                return self._read(reference)
            case AnswerCheckIn(reference, harmed):
                return self._check_in(reference, harmed)
        return None

    def _about_her(self, effect: Effect) -> None:
        match effect:
            case DropDraft(attachments):
                self.dropped += attachments
            case SetContact():
                self.contacts.append(effect)
            case EraseChat():
                self.erased += 1
            case ForgetMe(withdraw):
                for reference, case in self.cases.items():
                    case.status = Status.WITHDRAWN if withdraw else case.status
                    self.forgotten[reference] = case
                self.cases = {}
            case UseLanguage(language):
                self.languages.append(language)

    def told(self) -> list[Part]:
        """Every part that reached a case, in the story or later."""
        return [p for case in self.cases.values() for p in (*case.draft.parts, *case.parts)]

    def _find(self, query: str) -> FactoriesFound:
        if query in self.factories:
            return FactoriesFound(query, (self.factories[query],), exact=True)
        near = [f for f in self.factories.values() if query[:4].lower() in f.name.lower()]
        return FactoriesFound(query, tuple(near))

    def _help(self, effect: FindHelp) -> HelpFound:
        country = COUNTRIES.get(effect.factory) or effect.country
        if not country:
            return HelpFound(effect.kind, aside=effect.aside, near=("KH", "MM"))
        numbers = NUMBERS.get((country, effect.kind), ())
        return HelpFound(effect.kind, country, numbers, effect.aside)

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
            can = {Action.ADD, Action.APPEAL, Action.RATE}
        if case.status is Status.WITHDRAWN:
            can = {Action.ADD}
        told = [part.text for part in (*case.draft.parts, *case.parts)]
        last = case.question or (told[-1] if told else "")
        return CaseShown(
            self._line(reference), ANSWER_BY, False, case.question, last, frozenset(can)
        )

    def _rate(self, reference: str, treatment: Treatment) -> CaseRated:
        can = self._show(reference).can
        if Action.RATE not in can:
            return CaseRated(reference, treatment, ok=False)
        self.cases[reference].treatment = treatment
        return CaseRated(reference, treatment, can_appeal=Action.APPEAL in can)

    def _open(self, reference: str, secret: str) -> Opening:
        if reference in self.cases:
            return Opening.HERS
        if self.wrong_tries >= 5:
            return Opening.WAIT
        if not secret:
            return Opening.ASK
        if reference in self.elsewhere and self.secrets[reference].replace(" ", "") == secret:
            self.cases[reference] = self.elsewhere.pop(reference)
            return Opening.OPENED
        self.wrong_tries += 1
        return Opening.WRONG

    def _history(self, reference: str, page: int) -> HistoryShown:
        case = self.cases.get(reference)
        if case is None:
            return HistoryShown(reference)
        parts = (*case.draft.parts, *case.parts)
        said = [SaidLine(True, FILED_ON, part.text, part.kind) for part in parts]
        said += [SaidLine(False, ANSWER_BY, words) for words in case.answers]
        pages = history.paged(said)
        page = page if 0 <= page < len(pages) else len(pages) - 1
        return HistoryShown(reference, pages[page], page, len(pages))

    def _read(self, reference: str) -> NewsRead:
        case = self.cases.get(reference)
        news = tuple(case.news) if case else ()
        if case:
            case.news.clear()
        return NewsRead(reference, news)

    def _check_in(self, reference: str, harmed: bool) -> CheckInAnswered:
        case = self.cases.get(reference)
        if case is None or not case.asked:
            return CheckInAnswered(reference, harmed, ok=False)
        opens = harmed and not case.linked
        if opens:
            case.linked = f"RC-{len(self.cases) + 1:04}-TEST"
            self.cases[case.linked] = Case(Draft())
        answer_by = ANSWER_BY if opens else None
        return CheckInAnswered(reference, harmed, linked=case.linked, answer_by=answer_by)

    def _act(self, reference: str, action: Action, reason: str) -> CaseChanged:
        case = self.cases.get(reference)
        shown = self._show(reference)
        if case is None or action not in shown.can:
            already = case is not None and case.status in lifecycle.leads_to(action)
            return CaseChanged(reference, ok=False, action=action, already=already)
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

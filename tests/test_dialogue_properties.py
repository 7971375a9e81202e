"""Random walks through the dialogue: whatever happens, she is answered and nothing is lost."""

from copy import deepcopy
from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot import chatjson, dialogue
from bot.dialogue import STEPS, step
from bot.rendering import DATA_AT_MOST, TEXT_AT_MOST, decode
from bot.turns import (
    Chat,
    Command,
    Draft,
    Edited,
    Event,
    FactoryMatch,
    FileComplaint,
    FindRights,
    Media,
    MediaTooBig,
    News,
    Part,
    Pressed,
    RightsFound,
    RightsTitle,
    Started,
    Text,
    Unsupported,
)
from casework.messaging.outbox import ANNOUNCED
from casework.numbers import numbers_in
from casework.references import new_reference
from casework.vocabulary import (
    CHATS,
    Category,
    Channel,
    Contact,
    Danger,
    HowMany,
    MediaKind,
    Relation,
    Since,
    Status,
)
from tests.phone import Case, Phone

LETTING_GO = {".stop", ".erase", "forget", "withdraw", "anew", "again", "nothing"}
"""Presses by which she says herself that something shall not be kept."""
SEARCHING = ("factory", "factory-pick")
"""Steps where words are the name of a factory."""
WORDS_COUNT = (*SEARCHING, "person", "story", "add", "answer", "dispute", "appeal", "question")
"""Steps where whatever she types is an answer."""
TOWARDS_FILED = (
    *("send", "file", "go", ".go", ".new", "yes", "en", "new", "WAG", "all", "skip", "any"),
    *("none", "nothing"),
)
"""What somebody presses who wants her complaint filed: the first of these there is."""


def mark(part: Part) -> str | int:
    return part.text if part.attachment is None else part.attachment


news = st.lists(
    st.builds(News, st.sampled_from(sorted(ANNOUNCED)), st.text(max_size=9)), max_size=3
)
"""What a handler's steps and the check-ins tell her."""


class Worker(RuleBasedStateMachine):
    """Somebody who may do anything at any time, and a handler who acts meanwhile."""

    @initialize(
        channel=st.sampled_from(CHATS),
        hint=st.sampled_from(["", "en", "vi-VN", "xx"]),
        so_far=st.sampled_from(
            ["nothing", "factory", "danger", "question", "story", "review", "filed", "filed"]
        ),
    )
    def arrive(self, channel: Channel, hint: str, so_far: str) -> None:
        self.anna = Phone(hint=hint, channel=channel)
        self.so_far(so_far)
        self.history: list[str] = [button.data for button in self.anna.buttons]
        self.told: set[str | int] = set()
        self.serial = 0
        if so_far == "nothing":
            self.do(Started(hint=hint))

    def so_far(self, where: str) -> None:
        """Random steps alone would seldom get past the first questions."""
        match where:
            case "factory":
                self.anna.start().press(self.anna.chat.language, "yes", "worker")
            case "danger":
                self.anna.start().press(
                    self.anna.chat.language, "yes", "worker", "skip", "sexual", "skip"
                )
            case "question":
                self.anna.start("F-GS1").press(self.anna.chat.language, "question")
            case "story":
                self.anna.start("F-GS1").press(
                    self.anna.chat.language, "yes", "worker", "WAG", "no"
                )
            case "review":
                self.so_far("story")
                self.anna.send("They did not pay us.").press(
                    "all", "unpaid", "month", "many", "here"
                )
            case "filed":
                self.so_far("story")
                self.anna.send("They did not pay us.").press("send")

    # --- what she may do ---------------------------------------------------------------------

    @rule(data=st.data())
    def presses_a_button(self, data: st.DataObject) -> None:
        self.press(data.draw(st.sampled_from([one for one in self.shown() if ".stop" not in one])))

    @rule(data=st.data(), times=st.integers(1, 5))
    def answers(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            forward = [one for one in self.shown() if "|." not in one]
            if forward:
                self.press(data.draw(st.sampled_from(forward)))

    @rule(data=st.data())
    def presses_twice(self, data: st.DataObject) -> None:
        button = data.draw(st.sampled_from(self.shown()))
        filed = len(self.anna.world.cases)
        self.press(button)
        self.press(button)
        assert len(self.anna.world.cases) <= filed + 1

    @rule(data=st.data())
    def presses_an_old_button(self, data: st.DataObject) -> None:
        self.press(data.draw(st.sampled_from(self.history)))

    @rule()
    def tells(self) -> None:
        self.serial += 1
        text = f"{self.serial}: they have not paid us for months"
        if self.anna.chat.step not in (*SEARCHING, "person"):
            self.told.add(text)
        self.do(Text(text))

    @rule()
    def says_a_word(self) -> None:
        self.serial += 1
        if self.anna.chat.step in ("story", "question", "add", "answer", "check-in"):
            self.told.add(f"w{self.serial}")
        self.do(Text(f"w{self.serial}"))

    @rule(kind=st.sampled_from(MediaKind))
    def sends_a_file(self, kind: MediaKind) -> None:
        self.serial += 1
        self.told.add(self.serial)
        self.do(Media(kind, self.serial))

    @rule()
    def edits(self) -> None:
        self.do(Edited("other words"))

    @rule(
        name=st.sampled_from(["back", "language", "help", "cases", "safety", "forget", "nonsense"])
    )
    def commands(self, name: str) -> None:
        self.do(Command(name))

    @rule(really=st.integers(0, 5))
    def stops(self, really: int) -> None:
        if really == 5:
            self.do(Command("stop"))

    @rule(name=st.sampled_from(["golden", "SS2", "Lucky Jeans"]))
    def names_a_factory(self, name: str) -> None:
        if self.anna.chat.step in SEARCHING:
            self.do(Text(name))

    @rule(
        digits=st.lists(st.integers(0, 22), min_size=7, max_size=7),
        secret=st.sampled_from(["", " 4821 0937", "4821 0937", "11111111"]),
    )
    def types_the_numbers_of_a_receipt(self, digits: list[int], secret: str) -> None:
        drawn = iter(digits)
        reference = new_reference(lambda _: next(drawn))
        if reference in self.anna.world.cases:
            return
        self.anna.world.elsewhere[reference] = Case(Draft())
        self.anna.world.secrets[reference] = "4821 0937"
        typed = reference + secret if secret[:1] in ("", " ") else secret
        if self.anna.chat.step in WORDS_COUNT:
            return
        before = self.anna.chat.draft
        self.do(Text(typed))
        if numbers_in(typed):
            assert self.anna.chat.draft == before, "a number is no part of her story"

    @rule(payload=st.sampled_from(["", "F-GS1", "F-SS2", "F-XX9", "nonsense"]))
    def starts(self, payload: str) -> None:
        self.do(Started(payload))

    @rule(event=st.sampled_from([Unsupported("sticker"), MediaTooBig(20)]))
    def sends_what_is_no_use(self, event: Event) -> None:
        before = self.anna.chat
        self.do(event)
        assert self.anna.chat == before

    @rule(
        data=st.data(),
        status=st.sampled_from([*Status, Status.VERIFYING, Status.VERIFYING, Status.CLOSED]),
        question=st.sampled_from(["", "On which day?"]),
    )
    def handler_acts(self, data: st.DataObject, status: Status, question: str) -> None:
        if self.anna.world.cases:
            reference = data.draw(st.sampled_from(sorted(self.anna.world.cases)))
            self.anna.world.cases[reference].status = status
            self.anna.world.cases[reference].question = question
            self.anna.world.cases[reference].asked = True
            self.anna.world.cases[reference].news += data.draw(news)
            verb = data.draw(st.sampled_from(sorted(dialogue.VERBS)))
            self.history.append(f"case|{verb}:{reference}")
            self.press(f"case|open:{reference}")

    # --- what must hold ----------------------------------------------------------------------

    def do(self, event: Event) -> None:
        before = self.anna.chat
        self.anna.happen(event)
        for turn in self.anna.turns:
            filed = [effect for effect in turn.do if isinstance(effect, FileComplaint)]
            assert len(filed) <= 1
            assert all(effect.draft == before.draft != Draft() for effect in filed)
            assert not filed or turn.chat.draft == Draft()
        self.history += [button.data for button in self.anna.buttons]
        value = event.value if isinstance(event, Pressed) else ""
        if value in LETTING_GO or event == Command("stop"):
            self.told &= self.known()
        lost = self.told - self.known()
        assert not lost, f"{lost} lost at {before.step}"

    def known(self) -> set[str | int]:
        """Everything that is still in her hands, or has reached a case."""
        parts = (*self.anna.chat.draft.parts, *self.anna.chat.held, *self.anna.world.told())
        reasons = [r for case in self.anna.world.cases.values() for r in case.reasons]
        return {mark(part) for part in parts} | set(reasons)

    def shown(self) -> list[str]:
        return [button.data for button in self.anna.buttons]

    def press(self, data: str) -> None:
        pressed = decode(data)
        assert pressed is not None
        before, returning = self.anna.chat.step, self.anna.chat.resume
        self.do(pressed)
        own = pressed.step == before and pressed.value[0] != "." and ":" not in pressed.value
        after = self.anna.chat.step
        if own and after not in (before, "about", returning):
            assert after in STEPS[before].leads_to, f"{before} leads to {after}, undeclared"

    @invariant()
    def the_step_is_known_and_there_is_something_to_press(self) -> None:
        assert self.anna.chat.step in STEPS
        assert self.anna.screen[-1].rows

    @invariant()
    def every_button_comes_back_as_a_press(self) -> None:
        for piece in self.anna.screen:
            assert 0 < len(piece.text) <= TEXT_AT_MOST
            for row in piece.rows:
                for button in row:
                    assert len(button.data.encode()) <= DATA_AT_MOST
                    assert decode(button.data)
                    assert button.label.strip()

    @invariant()
    def no_part_is_filed_twice(self) -> None:
        files = [p.attachment for p in self.anna.world.told() if p.attachment]
        assert len(files) == len(set(files))

    @invariant()
    def the_chat_survives_being_sealed(self) -> None:
        assert chatjson.load(chatjson.dump(self.anna.chat)) == self.anna.chat

    def teardown(self) -> None:
        """From wherever she is, she can still file."""
        if not hasattr(self, "anna"):
            return
        anna = deepcopy(self.anna).start()
        before = len(anna.world.cases)
        for _ in range(30):
            if len(anna.world.cases) > before:
                return
            towards = [value for value in TOWARDS_FILED if value in anna.values]
            if anna.chat.step in ("story", "question") and not anna.chat.draft.parts:
                anna.send("Help us.")
            else:
                anna.press(towards[0])
        raise AssertionError(f"cannot file from {self.anna.chat}")


TestWorker = Worker.TestCase
TestWorker.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


# --- any chat at all, also one that no path leads to ---------------------------------------------

words = st.text(max_size=30)
factories = st.builds(FactoryMatch, words, words, words)
titles = st.lists(st.builds(RightsTitle, st.integers(0, 2**62), words), max_size=2).map(tuple)
parts = st.builds(
    Part,
    text=words,
    attachment=st.none() | st.integers(0, 2**62),
    kind=st.none() | st.sampled_from(MediaKind),
    amends=st.booleans(),
    source=words,
)
times = st.none() | st.times().map(lambda t: t.replace(microsecond=0, fold=0)) | st.just(time(6))
drafts = st.builds(
    Draft,
    relation=st.none() | st.sampled_from(Relation),
    factory=st.none() | factories,
    factory_words=words,
    country=st.sampled_from(["", "KH", "XX"]),
    category=st.none() | st.sampled_from(Category),
    kind=st.none() | words,
    danger=st.none() | st.sampled_from(Danger),
    parts=st.lists(parts, max_size=4).map(tuple),
    since=st.none() | st.sampled_from(Since),
    how_many=st.none() | st.sampled_from(HowMany),
    agreed=st.none() | st.booleans(),
    person=words,
    contact=st.none() | st.sampled_from(Contact),
    safe_from=times,
    safe_to=times,
)
steps = st.sampled_from([*STEPS, "gone"])
chats = st.builds(
    Chat,
    step=steps,
    language=st.sampled_from(["en", "xx"]),
    channel=st.sampled_from(CHATS),
    draft=drafts,
    trail=st.lists(steps, max_size=4).map(tuple),
    resume=st.just("") | steps,
    paused=st.just("") | steps,
    case=words,
    number=words,
    page=st.integers(-1, 9),
    found=st.lists(factories, max_size=3).map(tuple),
    held=st.lists(parts, max_size=3).map(tuple),
    near=st.lists(st.sampled_from(["KH", "VN"]), max_size=2).map(tuple),
    rights=st.none() | st.builds(RightsFound, st.builds(FindRights, words), titles),
    link=words,
    editing=st.booleans(),
    agreed=st.booleans(),
    filed=st.booleans(),
)


@settings(deadline=None)
@given(chats)
def test_a_chat_comes_back_from_json_exactly(chat: Chat) -> None:
    assert chatjson.load(chatjson.dump(chat)) == chat


@settings(deadline=None)
@given(
    chats,
    st.sampled_from(
        [
            Started(),
            Started("F-GS1"),
            Text("short"),
            Text("long enough to be a story of what happened"),
            Media(MediaKind.PHOTO, 1),
            Command("back"),
            Command("help"),
            Pressed("story", "send"),
            Pressed("review", "file"),
            Pressed("x", "open:RC-1"),
            Unsupported("sticker"),
        ]
    ),
)
def test_from_any_chat_there_is_a_known_step_and_something_to_say_or_do(
    chat: Chat, event: Event
) -> None:
    if chat.draft.kind is not None:
        chat = Chat(step=chat.step, agreed=chat.agreed, filed=chat.filed)
    turn = step(chat, event)
    assert turn.chat.step in STEPS
    assert turn.say or turn.do

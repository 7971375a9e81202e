"""What is said, put into words: holes, dates, plurals, directions, and the data of buttons."""

import gettext
from datetime import UTC, date, datetime, time

import pytest

from bot import chatjson, notices
from bot.dialogue import STEPS, step
from bot.rendering import DATA_AT_MOST, TEXT_AT_MOST, Button, decode, encode, render
from bot.turns import CaseLine, CasesListed, Chat, Choice, Draft, Msg, Pressed, Say, Unsupported
from bot.wording import lines, msg, quoted
from casework.messaging.outbox import ANNOUNCED
from casework.vocabulary import CHATS, Category, Channel, Notice, Status
from tests.phone import OPERATOR, Phone
from translations import languages

READABLE = 600
"""Characters of a message that somebody tired still reads."""


def said(text: Msg, tag: str = "en") -> str:
    return render(Say(text), tag, OPERATOR).text


class Backwards(gettext.NullTranslations):
    """A language for tests that is sure to differ from English."""

    def gettext(self, message: str) -> str:
        return {"Hello %(name)s": "%(name)s olleH"}.get(message, message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return "%(n)s of them"


@pytest.fixture
def backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rendering.catalog", lambda *_: Backwards())


# --- text ----------------------------------------------------------------------------------------


def test_the_operators_name_fills_its_hole() -> None:
    assert said(msg("Who reads it: %(operator)s.")) == "Who reads it: Fair Work Network."


@pytest.mark.usefixtures("backwards")
def test_sentences_and_what_is_nested_in_them_are_translated() -> None:
    assert said(msg("Hello %(name)s", name=msg("Hello %(name)s", name="Anna"))) == (
        "Anna olleH olleH"
    )


def test_counts_take_their_plural() -> None:
    assert said(Msg("%(n)s message", {"n": 1}, "%(n)s messages")) == "1 message"
    assert said(Msg("%(n)s message", {"n": 1200}, "%(n)s messages")) == "1,200 messages"


@pytest.mark.usefixtures("backwards")
def test_plurals_are_those_of_her_language() -> None:
    assert said(Msg("%(n)s message", {"n": 1}, "%(n)s messages"), "vi") == "1 of them"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "by 24 November 2026"),
        ("vi", "by 24 tháng 11, 2026"),
        ("id", "by 24 November 2026"),
        ("my", "by 2026 နိုဝင်ဘာ 24"),
    ],
)
@pytest.mark.usefixtures("backwards")
def test_a_date_is_written_as_her_language_writes_it(tag: str, expected: str) -> None:
    assert said(msg("by %(date)s", date=date(2026, 11, 24)), tag) == expected


def test_times_are_written_too() -> None:
    assert said(msg("%(at)s", at=time(18))) == "18:00"
    assert "24 Nov 2026" in said(msg("%(at)s", at=datetime(2026, 11, 24, 9, tzinfo=UTC)))


def test_a_tuple_is_one_line_each() -> None:
    assert said(lines("a", "", msg("b"))) == "a\n\nb"


def test_a_percent_sign_in_her_words_is_harmless() -> None:
    assert said(msg("Your words: %(words)s", words="50% less, %s")) == "Your words: 50% less, %s"


@pytest.mark.usefixtures("backwards")
def test_words_that_run_the_other_way_are_isolated() -> None:
    assert said(msg("Factory: %(f)s", f="مصنع")) == "Factory: \u2068مصنع\u2069"
    assert said(msg("Factory: %(f)s", f="RC-1"), "ar") == "Factory: \u2068RC-1\u2069"
    assert said(msg("Factory: %(f)s", f="مصنع"), "ar") == "Factory: مصنع"
    assert said(msg("Factory: %(f)s", f="Golden")) == "Factory: Golden"


def test_no_text_is_longer_than_a_channel_carries() -> None:
    assert len(said(msg("%(words)s", words="x" * 9000))) == TEXT_AT_MOST


def test_a_quotation_is_one_short_line() -> None:
    assert quoted("They\n\n  did not") == "They did not"
    assert len(quoted("word " * 100)) <= 200


# --- buttons -------------------------------------------------------------------------------------


def test_a_button_shows_its_icon_and_carries_its_step() -> None:
    choice = Choice("send", msg("Send it now"), "✅")
    name = Choice("vi", "Tiếng Việt")
    rendered = render(Say(msg("x"), ((choice,), (), (name,)), "story"), "en", OPERATOR)
    assert rendered.rows == (
        (Button("✅ Send it now", "story|send"),),
        (Button("Tiếng Việt", "story|vi"),),
    )


def test_what_a_button_carries_comes_back() -> None:
    assert decode(encode("case", "open:RC-7K3M-9Q2T")) == Pressed("case", "open:RC-7K3M-9Q2T")
    assert decode(encode("a", "b|c")) == Pressed("a", "b|c")


@pytest.mark.parametrize("data", ["", "nothing", "step|"])
def test_data_that_is_not_ours_is_no_press(data: str) -> None:
    assert decode(data) is None


def test_a_button_that_carries_too_much_is_refused_here_and_not_by_the_channel() -> None:
    assert encode("s", "x" * (DATA_AT_MOST - 2))
    with pytest.raises(ValueError, match="64 bytes"):
        encode("s", "x" * (DATA_AT_MOST - 1))


# --- every message -------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", languages("bot"))
@pytest.mark.parametrize("channel", CHATS)
@pytest.mark.parametrize("name", sorted(STEPS))
def test_every_question_reads_well_in_every_language(name: str, channel: Channel, tag: str) -> None:
    chat = Chat(
        step=name, language=tag, channel=channel, draft=Draft(category=Category.WAGES), case="RC-1"
    )
    for say in step(chat, Unsupported("sticker")).say:
        assert 0 < len(render(say, tag, OPERATOR).text) <= READABLE
    page = STEPS[name].page(chat)
    assert len(said(lines(STEPS[name].help, "", page.text), tag)) <= READABLE


@pytest.mark.parametrize("tag", languages("bot"))
@pytest.mark.parametrize("notice", [n for n in Notice if n in ANNOUNCED])
def test_every_notice_has_words_and_buttons_about_the_case(notice: Notice, tag: str) -> None:
    rendered = render(notices.say(notice, reference="RC-7K3M-9Q2T", words="Hello."), tag, OPERATOR)
    assert len(rendered.text) <= READABLE
    assert "Hello." in rendered.text
    assert "RC-7K3M-9Q2T" in rendered.text.split("\n")[0]
    last = {Notice.CHECK_IN: "unsure:RC-7K3M-9Q2T", Notice.MOVED: "not-me:RC-7K3M-9Q2T"}
    assert rendered.rows[-1][0].data == f"case|{last.get(notice, 'open:RC-7K3M-9Q2T')}"


@pytest.mark.parametrize("notice", [n for n in Notice if n in ANNOUNCED])
def test_what_a_phone_shows_is_one_sentence_and_one_button(notice: Notice) -> None:
    rendered = render(notices.knock(notice, "RC-7K3M-9Q2T"), "en", OPERATOR)
    assert "RC-" not in rendered.text
    ((button,),) = rendered.rows
    assert button.data == "case|read:RC-7K3M-9Q2T"
    ((button,),) = render(notices.knock(notice), "en", OPERATOR).rows
    assert button.data == "case|read:-"


def test_a_notice_without_a_case_has_no_buttons() -> None:
    rendered = render(notices.say(Notice.TRY_AGAIN), "en", OPERATOR)
    assert "went wrong" in rendered.text
    assert rendered.rows == ()


def test_the_outcome_asks_whether_it_was_put_right() -> None:
    rendered = render(notices.say(Notice.OUTCOME, reference="RC-1", words="Paid."), "en", OPERATOR)
    assert "within 30 days" in rendered.text
    assert [row[0].data.split(":")[0] for row in rendered.rows] == [
        "case|confirm",
        "case|dispute",
        "case|open",
    ]


def test_ten_cases_fit_into_one_message() -> None:
    cases = tuple(
        CaseLine(f"RC-{n:04}-XXXX", status, date(2026, 11, 20), Category.HARASSMENT)
        for n, status in enumerate(list(Status)[:10])
    )
    turn = step(Chat(step="cases", filed=True), CasesListed(cases))
    rendered = render(turn.say[0], "en", OPERATOR)
    assert len(rendered.text) < TEXT_AT_MOST
    assert [row[0].data for row in rendered.rows[:10]] == [
        f"cases|open:{c.reference}" for c in cases
    ]


def test_the_longest_story_is_read_back_in_few_words() -> None:
    anna = Phone().at_story().send("word " * 800).press("all", "skip", "skip", "skip", "skip")
    assert len(anna.text) <= READABLE + 200


# --- the sealed chat -----------------------------------------------------------------------------


def test_a_fresh_chat_is_sealed_as_almost_nothing() -> None:
    assert chatjson.dump(Chat()) == b"{}"


def test_a_chat_of_an_older_version_opens() -> None:
    old = b'{"step":"story","draft":{"category":"WAG","parts":[{"text":"No pay."}],"gone":1}}'
    chat = chatjson.load(old)
    assert chat.step == "story"
    assert chat.draft.category is Category.WAGES
    assert chat.draft.parts[0].text == "No pay."
    assert chat.held == ()


def test_back_points_to_the_right_where_one_reads_from_right_to_left() -> None:
    back = Say(msg("x"), ((Choice("a", msg("Back"), "⬅️"), Choice("b", "Mill Ltd.", "🏭")),), "s")
    there = [button.label for button in render(back, "en", "").rows[0]]
    here = [button.label for button in render(back, "ur", "").rows[0]]
    assert there[0].startswith("⬅️")
    assert here[0].startswith("➡️")
    # The full stop of a Latin name stays where it belongs.
    assert here[1] == "🏭 \u2068Mill Ltd.\u2069"

"""The conversation, sentence by sentence: what a worker does and what she finds then."""

from dataclasses import replace
from datetime import time

import pytest

from bot import notices
from bot.dialogue import STEPS, forgotten, fresh, step
from bot.rendering import encode
from bot.turns import (
    CaseChanged,
    Chat,
    Draft,
    DropDraft,
    Edited,
    Event,
    FileComplaint,
    MediaTooBig,
    Part,
    Started,
    Text,
    Unsupported,
)
from bot.wording import CATEGORY, KIND, SEXUAL
from casework.categories import CATEGORIES
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Contact,
    Danger,
    HowMany,
    MediaKind,
    Notice,
    Relation,
    Since,
    Status,
)
from tests.phone import GOLDEN, SILVER, Phone

LONG = "The supervisor has not paid our overtime since March."
FIRST = "RC-0001-TEST"
SECOND = "RC-0002-TEST"


# --- from a tap to a case ----------------------------------------------------------------------


@pytest.mark.parametrize("category", [*Category, SEXUAL])
def test_a_deep_link_and_the_shortest_path_file_in_eight_messages(category: str) -> None:
    anna = Phone()
    anna.start("F-GS1", hint="en").press("en", "yes", "worker", category, "no")
    anna.send("It happens every week.").press("send")
    assert anna.sent == 8
    (case,) = anna.world.cases.values()
    assert case.draft.factory == GOLDEN
    assert [part.text for part in case.draft.parts] == ["It happens every week."]
    assert FIRST in anna.text


def test_what_is_filed_is_what_she_answered() -> None:
    anna = Phone().at_review().press("file")
    (case,) = anna.world.cases.values()
    assert case.draft == Draft(
        relation=Relation.WORKER,
        factory=GOLDEN,
        category=Category.WAGES,
        kind="unpaid",
        danger=Danger.NO,
        parts=(Part("They did not pay us."),),
        since=Since.MONTH,
        how_many=HowMany.MANY,
        contact=Contact.HERE,
    )


def test_filed_tells_the_number_who_reads_it_and_by_when() -> None:
    anna = Phone().filed()
    assert FIRST in anna.text
    assert "Fair Work Network" in anna.text
    assert "24 November 2026" in anna.text
    assert "First a person reads it" not in anna.text
    assert f"add:{FIRST}" in anna.values


def test_a_button_of_its_own_spares_survivors_the_second_choice() -> None:
    anna = Phone().at_category().press(SEXUAL)
    assert anna.chat.draft.category is Category.HARASSMENT
    assert anna.chat.draft.kind == SEXUAL
    anna.press("no").send("It was the line leader.").press("all")
    assert anna.chat.step == "since"


def test_sexual_violence_needs_no_story() -> None:
    anna = Phone().at_story(SEXUAL)
    assert "You decide what you tell" in anna.text
    anna.press("send")
    (case,) = anna.world.cases.values()
    assert case.draft.parts == ()


def test_with_a_category_she_may_file_without_a_story() -> None:
    anna = Phone().at_story("DOC").press("no-story", "passport", "skip", "skip", "skip", "file")
    assert len(anna.world.cases) == 1


@pytest.mark.parametrize("category", ["OTH", "skip"])
def test_something_else_needs_a_story(category: str) -> None:
    anna = Phone().at_story(category)
    assert "no-story" not in anna.values
    assert "send" not in anna.values
    anna.old("story|send")
    assert anna.world.cases == {}
    assert anna.chat.step == "story"


def test_a_story_that_became_necessary_is_asked_for_and_leads_back_to_the_read_back() -> None:
    anna = Phone().at_story("DOC").press("no-story", "passport", "skip", "skip", "skip")
    anna.press("change", "category", "OTH", "skip", "file")
    assert anna.chat.step == "story"
    assert "in a few words" in anna.text
    anna.send("A question about my visa.").press("all", "file")
    assert len(anna.world.cases) == 1


def test_danger_now_is_answered_with_care_and_the_story_goes_on() -> None:
    anna = Phone().at_category().press("WAG", "now")
    assert "safe place" in anna.text
    assert anna.chat.step == "story"
    assert len(anna.screen) == 1


@pytest.mark.parametrize("category", [c for c in Category if len(CATEGORIES[c].kinds) > 1])
def test_every_kind_of_a_category_can_be_chosen(category: Category) -> None:
    anna = Phone().at_story(category).send("It is bad.").press("all")
    assert anna.chat.step == "kind"
    assert set(CATEGORIES[category].kinds) <= set(anna.values)


def test_a_category_with_one_kind_asks_for_no_kind() -> None:
    anna = Phone().at_story("RET").send("They moved me.").press("all")
    assert anna.chat.step == "since"
    assert anna.chat.draft.kind == "retaliation"


def test_every_category_and_kind_has_a_name() -> None:
    assert set(CATEGORY) == set(Category)
    assert set(KIND) == {(c, kind) for c in Category for kind in CATEGORIES[c].kinds}


def test_every_question_the_case_can_live_without_can_be_skipped() -> None:
    anna = Phone().start().press("en", "yes", "skip", "skip", "skip", "skip").send("Help us.")
    anna.press("all", "skip", "skip", "skip", "file")
    (case,) = anna.world.cases.values()
    assert case.draft == Draft(parts=(Part("Help us."),))


def test_a_press_of_send_it_now_twice_files_once() -> None:
    anna = Phone().filed()
    anna.old("story|send").old("story|send")
    assert len(anna.world.cases) == 1
    assert FIRST in anna.text


def test_a_press_of_file_it_twice_files_once() -> None:
    anna = Phone().at_review().press("file")
    anna.old("review|file")
    assert len(anna.world.cases) == 1
    assert anna.chat.draft == Draft()


def test_a_new_complaint_never_joins_the_old_case() -> None:
    anna = Phone().filed("First.").start().press(".new", "worker", "skip", "HRS", "no")
    anna.send("Second.").press("send")
    assert [p.text for p in anna.world.cases[FIRST].draft.parts] == ["First."]
    assert anna.world.cases[FIRST].parts == []
    assert [p.text for p in anna.world.cases[SECOND].draft.parts] == ["Second."]


def test_a_second_complaint_sent_in_a_hurry_leaves_how_we_may_write_as_it_was() -> None:
    anna = Phone().filed().start().press(".new", "skip", "skip", "HRS", "no")
    anna.send("Again.").press("send")
    assert anna.world.cases[SECOND].draft.contact is None


# --- language and welcome ------------------------------------------------------------------------


def test_the_hinted_language_comes_first_and_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.settings.languages", lambda _: ("en", "my", "vi"))
    monkeypatch.setattr("bot.settings.match", lambda *_: "vi")
    monkeypatch.setattr("bot.dialogue.languages", lambda _: ("en", "my", "vi"))
    turn = step(fresh(Channel.TELEGRAM), Started(hint="vi-VN"))
    assert turn.chat.language == "vi"
    (said,) = turn.say
    values = [choice.value for row in said.rows for choice in row]
    assert values[:3] == ["vi", "en", "my"]
    assert [c.label for row in said.rows[:2] for c in row] == ["Tiếng Việt", "English", "မြန်မာ"]
    assert "Choose your language." in said.text.params["lines"]  # type: ignore[operator]


def test_her_language_is_remembered_for_what_we_say_by_ourselves() -> None:
    anna = Phone().start().press("en")
    assert anna.world.languages == ["en"]


def test_the_welcome_says_who_reads_and_what_telegram_can_see() -> None:
    anna = Phone().start().press("en")
    assert "Fair Work Network" in anna.text
    assert "Telegram could read this chat" in anna.text


def test_the_web_chat_does_not_speak_of_telegram() -> None:
    anna = Phone(channel=Channel.WEB).start().press("en")
    assert "Telegram" not in anna.text
    anna.press(".stop")
    assert "Telegram" not in anna.text


@pytest.mark.parametrize("name", sorted(STEPS))
def test_language_help_and_stop_are_below_every_question(name: str) -> None:
    chat = Chat(step=name, agreed=True, draft=Draft(category=Category.WAGES), case=FIRST)
    turn = step(chat, Unsupported("sticker"))
    shown = [say for say in turn.say if say.rows]
    for say in shown:
        values = {choice.value for row in say.rows for choice in row}
        assert {".language", ".help", ".stop"} - values <= {
            "language": {".language"},
            "stopped": {".stop"},
        }.get(name, set())
    assert shown or turn.do


# --- the factory ---------------------------------------------------------------------------------


def test_the_poster_answers_the_question_and_shows_the_name() -> None:
    anna = Phone().at_category()
    assert anna.chat.step == "category"
    assert "Golden Star Garment, Phnom Penh" in anna.text


def test_she_can_say_that_it_is_not_her_factory() -> None:
    anna = Phone().at_category().press("not-mine")
    assert anna.chat.step == "factory"
    assert anna.chat.draft.factory is None
    anna.send("SS2")
    assert anna.chat.draft.factory == SILVER


def test_a_poster_nobody_knows_asks_for_the_factory() -> None:
    anna = Phone().start("F-XX9").press("en", "yes", "worker")
    assert anna.chat.step == "factory"
    assert "do not know the code" in anna.text
    assert anna.happen(Text("GS1")).chat.step == "category"


def test_a_misspelt_name_offers_those_that_may_be_meant() -> None:
    anna = Phone().start().press("en", "yes", "worker").send("goldn sta")
    assert anna.chat.step == "factory-pick"
    anna.press("GS1")
    assert anna.chat.draft.factory == GOLDEN
    assert anna.chat.draft.factory_words == ""


def test_her_own_words_stay_where_no_factory_fits() -> None:
    anna = Phone().start().press("en", "yes", "worker").send("Lucky Jeans in zone 3")
    assert anna.chat.step == "category"
    assert anna.chat.draft.factory_words == "Lucky Jeans in zone 3"
    anna.press(".back").send("golden").press("none")
    assert anna.chat.draft.factory is None
    assert anna.chat.draft.factory_words == "golden"


def test_she_would_rather_not_say_which_factory() -> None:
    anna = Phone().start().press("en", "yes", "worker", "skip")
    assert anna.chat.step == "category"
    assert anna.chat.draft.factory is None


def test_who_cannot_write_says_the_name_of_the_factory() -> None:
    anna = Phone().start().press("en", "yes", "worker").file(MediaKind.VOICE)
    assert anna.chat.step == "category"
    assert anna.chat.draft.parts == (Part("", 1, MediaKind.VOICE),)


def test_an_old_factory_button_never_chooses_another_factory() -> None:
    anna = Phone().start().press("en", "yes", "worker").send("gold")
    anna.send("silver").old("factory-pick|GS1")
    assert anna.chat.draft.factory is None
    assert "earlier question" in anna.text


@pytest.mark.parametrize("at", ["story", "filed"])
def test_danger_pressed_on_an_old_message_is_answered_with_who_helps(at: str) -> None:
    anna = Phone().at_story() if at == "story" else Phone().filed()
    anna.old("danger|now")
    assert "go to a safe place first" in anna.text
    assert "117" in anna.text or at == "filed"
    assert anna.chat.step == at
    assert anna.values


# --- the story -----------------------------------------------------------------------------------


def test_the_story_takes_any_number_of_parts_and_counts_them() -> None:
    anna = Phone().at_story().send("One.").file(MediaKind.PHOTO, "the door").file(MediaKind.VIDEO)
    assert "3 messages" in anna.text
    anna.file(MediaKind.DOCUMENT).press("send")
    (case,) = anna.world.cases.values()
    assert case.draft.parts == (
        Part("One."),
        Part("the door", 1, MediaKind.PHOTO),
        Part("", 2, MediaKind.VIDEO),
        Part("", 3, MediaKind.DOCUMENT),
    )


def test_an_edited_message_is_kept_beside_the_first() -> None:
    anna = Phone().at_story().send("They pay 2 dolars.").edit("They pay 2 dollars.")
    assert anna.chat.draft.parts[-1] == Part("They pay 2 dollars.", amends=True)


def test_a_photo_as_the_very_first_message_is_kept() -> None:
    anna = Phone().file(MediaKind.PHOTO)
    assert anna.chat.step == "language"
    assert "I kept what you sent" in anna.text
    anna.press("en", "yes", "worker", "skip", "OHS", "no", "send")
    (case,) = anna.world.cases.values()
    assert case.draft.parts == (Part("", 1, MediaKind.PHOTO),)


def test_words_before_the_language_are_kept_through_start() -> None:
    anna = Phone().send("Help me").start().press("en", "yes", "skip", "skip", "skip", "skip")
    assert anna.chat.draft.parts == (Part("Help me"),)


@pytest.mark.parametrize(
    "answers",
    [
        ("worker",),
        ("worker", "skip"),
        ("worker", "skip", "WAG"),
    ],
)
def test_a_story_told_at_the_wrong_question_is_kept(answers: tuple[str, ...]) -> None:
    anna = Phone().start().press("en", "yes", *answers)
    asked = anna.chat.step
    words = LONG * 3
    anna.send(words)
    assert anna.chat.step == asked
    assert "I kept what you sent" in anna.text
    assert anna.chat.draft.parts == (Part(words),)


def test_few_chinese_characters_are_a_story_too() -> None:
    anna = Phone().at_category().send("工厂不给我们加班费")
    assert anna.chat.draft.parts == (Part("工厂不给我们加班费"),)


def test_a_short_word_where_a_button_is_asked_gets_a_hint_and_the_question_again() -> None:
    anna = Phone().at_category().send("pay")
    assert "press one of the buttons" in anna.text
    assert "What is it about?" in anna.text
    assert anna.chat.draft.parts == ()


def test_an_answer_in_words_after_the_story_is_kept() -> None:
    anna = Phone().at_story().send("No pay.").press("all", "skip").send("2 years")
    assert anna.chat.step == "since"
    assert anna.chat.draft.parts[-1] == Part("2 years")


# --- the read-back -------------------------------------------------------------------------------


def test_the_read_back_says_everything() -> None:
    anna = Phone().at_review()
    for words in ("Golden Star", "Pay", "Not paid at all", "last month", "Many people", "did not"):
        assert words in anna.text


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("who", "former"), {"relation": Relation.FORMER}),
        (("factory", "skip"), {"factory": None}),
        (("category", "HRS", "no-rest-day"), {"category": Category.HOURS, "kind": "no-rest-day"}),
        (("category", "RET"), {"category": Category.RETALIATION, "kind": "retaliation"}),
        (("kind", "late"), {"kind": "late"}),
        (("danger", "unsure"), {"danger": Danger.UNSURE}),
        (("since", "longer"), {"since": Since.LONGER}),
        (("people", "me"), {"how_many": HowMany.ME}),
        (("contact", "never"), {"contact": Contact.NEVER}),
        (
            ("contact", "safe-hours", "18-21"),
            {"contact": Contact.SAFE_HOURS, "safe_from": time(18), "safe_to": time(21)},
        ),
    ],
)
def test_any_one_answer_can_be_changed(
    answers: tuple[str, ...], expected: dict[str, object]
) -> None:
    anna = Phone().at_review()
    before = anna.chat.draft
    anna.press("change", *answers)
    assert anna.chat.step == "review"
    assert not anna.chat.editing
    assert anna.chat.draft == replace(before, **expected)  # type: ignore[arg-type]
    anna.press("file")
    assert len(anna.world.cases) == 1


def test_the_factory_is_changed_by_its_name() -> None:
    anna = Phone().at_review().press("change", "factory").send("silver").press("SS2")
    assert anna.chat.step == "review"
    assert anna.chat.draft.factory == SILVER


def test_the_story_is_told_again_from_the_start_if_she_wants() -> None:
    anna = Phone().at_story().file(MediaKind.VOICE).press("all", "skip", "skip", "skip", "skip")
    anna.press("change", "story", "again").send("Better so.").press("all")
    assert anna.chat.step == "review"
    assert anna.chat.draft.parts == (Part("Better so."),)
    assert anna.world.dropped == [1]


def test_back_while_changing_leads_to_the_read_back() -> None:
    anna = Phone().at_review().press("change", "contact", "safe-hours", ".back")
    assert anna.chat.step == "review"
    assert anna.chat.draft.contact is Contact.HERE


# --- back, language, help, stop, start -----------------------------------------------------------


def test_back_walks_the_whole_trail() -> None:
    anna = Phone().at_review()
    walked = []
    while ".back" in anna.values:
        anna.press(".back")
        walked.append(anna.chat.step)
    assert walked == [
        "contact",
        "people",
        "since",
        "kind",
        "story",
        "danger",
        "category",
        "who",
        "welcome",
        "language",
    ]
    assert "no question before" in anna.command("back").text


def test_back_of_an_old_message_does_not_go_back_twice() -> None:
    anna = Phone().at_story().press(".back").old("story|.back")
    assert anna.chat.step == "danger"


@pytest.mark.parametrize("way", ["button", "command"])
def test_another_language_returns_to_the_same_question(way: str) -> None:
    anna = Phone().at_story().send("No pay.")
    before = anna.chat
    anna.press(".language") if way == "button" else anna.command("language")
    assert anna.chat.step == "language"
    anna.press("en")
    assert anna.chat == before


@pytest.mark.parametrize("name", sorted(set(STEPS) - {"case", "cases", "about", "said"}))
def test_help_explains_and_asks_again(name: str) -> None:
    chat = Chat(step=name, agreed=True, case=FIRST, draft=Draft(category=Category.WAGES))
    anna = Phone()
    anna.chat = chat
    anna.command("help")
    assert "safe place" in anna.text
    assert anna.chat.step == name
    assert anna.buttons


def test_stop_is_quiet_and_deletes_what_was_not_sent() -> None:
    anna = Phone().at_story().file(MediaKind.VOICE).press(".stop")
    assert anna.chat.step == "stopped"
    assert anna.chat.draft == Draft()
    assert anna.world.dropped == [1]
    assert anna.world.cases == {}
    assert "deleted" in anna.text
    assert anna.press(".start").chat.step == "language"


def test_after_stop_nothing_of_her_cases_shows() -> None:
    anna = Phone().filed().command("stop").send("ok")
    assert FIRST not in anna.text
    assert "case" not in anna.chat.step
    anna.send(LONG)
    assert FIRST not in anna.text
    anna.press(".start")
    assert anna.chat.step == "about"
    anna.press("add")
    assert anna.world.cases[FIRST].parts == [Part(LONG)]


def test_start_in_the_middle_offers_to_go_on() -> None:
    anna = Phone().at_story().send("No pay.")
    before = anna.chat
    anna.start()
    assert anna.chat.step == "resume"
    anna.press("go")
    assert anna.chat == before


def test_start_in_the_middle_offers_to_begin_anew_with_the_new_poster() -> None:
    anna = Phone().at_story().file(MediaKind.VOICE).start("F-SS2").press("anew", "worker")
    assert anna.chat.step == "category"
    assert anna.chat.draft == Draft(relation=Relation.WORKER, factory=SILVER)
    assert anna.world.dropped == [1]


def test_a_poster_scanned_in_the_middle_changes_nothing_when_she_goes_on() -> None:
    anna = Phone().at_story().start("F-SS2").press("go").send("No pay.").press("send")
    assert anna.world.cases[FIRST].draft.factory == GOLDEN


def test_start_after_filing_leads_home() -> None:
    anna = Phone().filed().start()
    assert anna.chat.step == "home"
    assert {".new", ".cases"} <= set(anna.values)


def test_a_poster_scanned_after_filing_is_used_for_the_new_complaint() -> None:
    anna = Phone().filed().start("F-SS2").press(".new", "worker")
    assert anna.chat.draft.factory == SILVER


# --- anything unexpected -------------------------------------------------------------------------


UNEXPECTED: list[tuple[Event, str]] = [
    (Unsupported("sticker"), "I cannot use that here"),
    (MediaTooBig(20), "at most 20 megabytes"),
]


@pytest.mark.parametrize("name", sorted(STEPS))
@pytest.mark.parametrize(("event", "hint"), UNEXPECTED)
def test_anything_unexpected_gets_a_hint_and_the_same_question(
    name: str, event: Event, hint: str
) -> None:
    anna = Phone().filed()
    anna.chat = replace(anna.chat, step=name, draft=Draft(category=Category.WAGES))
    anna.happen(event)
    assert hint in anna.text
    assert anna.chat.step == name
    assert anna.buttons


def test_an_unknown_command_gets_a_hint() -> None:
    anna = Phone().at_category().command("settings")
    assert "I cannot use that here" in anna.text
    assert anna.chat.step == "category"


def test_a_press_of_an_old_button_gets_the_same_question_again() -> None:
    anna = Phone().at_story().old("category|HRS")
    assert anna.chat.draft.category is Category.WAGES
    assert "earlier question" in anna.text
    assert "What happened?" in anna.text


def test_a_button_nobody_made_gets_the_same_question_again() -> None:
    anna = Phone().at_category().old("category|XYZ").old("nowhere|.nothing")
    assert anna.chat.step == "category"


def test_a_complaint_left_too_long_is_forgotten_and_her_cases_are_not() -> None:
    anna = Phone().filed().start().press(".new", "worker", "skip", "HRS", "no").send("Story.")
    anna.chat = forgotten(anna.chat)
    assert anna.chat.draft == Draft()
    anna.old("story|send")
    assert len(anna.world.cases) == 1
    assert FIRST in anna.start().command("cases").text


def test_a_chat_at_a_step_that_is_gone_goes_on_somewhere() -> None:
    lost = Chat(step="gone", trail=("also-gone",))
    assert step(lost, Text("hi")).chat.step == "language"
    assert step(replace(lost, filed=True), Unsupported("x")).chat.step == "home"
    telling = replace(lost, agreed=True, draft=Draft(parts=(Part("x"),)))
    assert step(telling, Unsupported("x")).chat.step == "story"


# --- my cases ------------------------------------------------------------------------------------


def test_my_cases_lists_them_in_words_she_understands() -> None:
    anna = Phone().filed().command("cases")
    assert FIRST in anna.text
    assert "A person will read it." in anna.text
    anna.press("open")
    assert anna.chat.step == "case"
    assert "A person answers you by 24 November 2026." in anna.text
    assert "They did not pay us." in anna.text


@pytest.mark.parametrize("on_the_way", [(), ("en",)])
def test_whose_case_is_on_another_phone_finds_the_way_to_it_before_telling_anything(
    on_the_way: tuple[str, ...],
) -> None:
    anna = Phone().start("F-GS1").press(*on_the_way).command("cases")
    assert "no cases here yet" in anna.text
    assert anna.press(".number").chat.step == "number"
    # The poster is not forgotten over it.
    anna.command("home").press(".new", "en", "yes", "worker")
    assert (anna.chat.step, anna.chat.draft.factory) == ("category", GOLDEN)


def test_without_cases_she_is_told_so_and_goes_on_where_she_was() -> None:
    anna = Phone().at_story().command("cases")
    assert "no cases here yet" in anna.text
    assert anna.chat.step == "story"
    assert anna.chat.paused == ""


def test_adding_is_durable_part_by_part() -> None:
    anna = Phone().filed().press("add").send("More.")
    assert anna.world.cases[FIRST].parts == [Part("More.")]
    anna.file(MediaKind.VOICE)
    assert anna.world.cases[FIRST].parts[1:] == [Part("", 1, MediaKind.VOICE)]
    assert "added" in anna.text
    anna.press("open")
    assert anna.chat.step == "case"
    assert "More." not in anna.text, "last of all was a voice message"


def test_a_question_of_the_handler_is_shown_and_answered() -> None:
    anna = Phone().filed()
    anna.world.cases[FIRST].question = "On which day was it?"
    anna.press(".cases", "open")
    assert anna.text.count("On which day was it?") == 1, "not as what was said last, too"
    anna.press("answer").send("On Monday.")
    assert anna.world.cases[FIRST].parts == [Part("On Monday.")]
    assert anna.chat.step == "add"


def test_a_notice_opens_the_case_without_losing_a_running_complaint() -> None:
    anna = Phone().filed("First.").start().press(".new", "worker", "skip", "HRS", "no")
    anna.send("Second story.")
    before = anna.chat
    notice = notices.say(Notice.QUESTION, reference=FIRST, words="When?")
    answer = notice.rows[0][0]
    anna.old(encode(notice.step, answer.value)).send("On Monday.")
    assert anna.world.cases[FIRST].parts == [Part("On Monday.")]
    anna.start()
    assert anna.chat.step == "resume"
    anna.press("go")
    assert anna.chat.step == "story"
    assert anna.chat.draft == before.draft
    assert anna.chat.trail == before.trail
    anna.press("send")
    assert len(anna.world.cases) == 2


def test_she_confirms_that_it_was_put_right() -> None:
    anna = Phone().filed()
    anna.world.cases[FIRST].status = Status.VERIFYING
    anna.press(".cases", "open", "confirm")
    assert anna.world.cases[FIRST].status is Status.RESOLVED
    assert "We wrote down that it was put right" in anna.text


@pytest.mark.parametrize(
    ("verb", "status"), [("dispute", Status.VERIFYING), ("appeal", Status.CLOSED)]
)
def test_she_disputes_or_appeals_with_a_reason_or_without(verb: str, status: Status) -> None:
    for how in ("words", "nothing", "voice"):
        anna = Phone().filed()
        case = anna.world.cases[FIRST]
        case.status = status
        anna.press(".cases", "open", verb)
        if how == "words":
            anna.send("Still no money.")
        elif how == "voice":
            anna.file(MediaKind.VOICE)
        else:
            anna.press("send")
        assert case.status is Status.APPEALED
        assert case.reasons == ["Still no money." if how == "words" else ""]
        assert case.parts == ([Part("", 1, MediaKind.VOICE)] if how == "voice" else [])
        assert anna.chat.held == ()
        assert "nother person" in anna.text
        assert anna.chat.step == "case"


def test_a_reason_that_comes_too_late_is_added_all_the_same() -> None:
    anna = Phone().filed()
    case = anna.world.cases[FIRST]
    case.status = Status.VERIFYING
    anna.press(".cases", "open", "dispute")
    case.status = Status.INVESTIGATING
    anna.send("Still no money.")
    assert "too late to do this" in anna.text
    assert case.parts == [Part("Still no money.")]


@pytest.mark.parametrize("value", ["confirm", "dispute", "take-back"])
def test_pressed_twice_it_is_done_once_and_said_twice(value: str) -> None:
    anna = Phone().filed()
    anna.world.cases[FIRST].status = Status.VERIFYING
    anna.press(".cases", "open")
    pressing = ["dispute", "send"] if value == "dispute" else [value]
    if value == "take-back":
        anna.press("withdraw")
    anna.press(*pressing)
    status, said = anna.world.cases[FIRST].status, anna.text
    anna.old(f"case|{value}:{FIRST}")
    if value == "dispute":
        anna.press("send")
    assert anna.text == said
    assert anna.world.cases[FIRST].status is status


def test_taking_back_is_asked_once() -> None:
    anna = Phone().filed().press(".cases", "open", "withdraw")
    assert anna.world.cases[FIRST].status is Status.RECEIVED
    anna.press("take-back")
    assert anna.world.cases[FIRST].status is Status.WITHDRAWN


def test_an_old_button_of_one_case_never_acts_on_another() -> None:
    anna = Phone().filed().start().press(".new", "skip", "skip", "HRS", "no")
    anna.send("Second.").press("send")
    for case in anna.world.cases.values():
        case.status = Status.VERIFYING
    anna.old(f"case|open:{FIRST}").old(f"case|open:{SECOND}").old(f"case|confirm:{FIRST}")
    assert anna.world.cases[FIRST].status is Status.RESOLVED
    assert anna.world.cases[SECOND].status is Status.VERIFYING


def test_a_case_that_is_not_hers_is_not_shown() -> None:
    anna = Phone().filed().old("case|open:RC-9999-XXXX")
    assert "cannot find this case" in anna.text
    assert anna.chat.step == "home"


def test_how_we_may_write_is_changed_after_filing() -> None:
    anna = Phone().filed().press(".reach", "safe-hours", "20-23")
    (effect,) = anna.world.contacts
    assert (effect.contact, effect.safe_from) == (Contact.SAFE_HOURS, time(20))
    assert effect.safe_to == time(23)
    assert anna.chat.step == "home"


# --- what she sends outside any question ---------------------------------------------------------


def test_words_after_filing_are_held_until_she_says_where_they_belong() -> None:
    anna = Phone().filed().send("I forgot something.").file(MediaKind.PHOTO)
    assert anna.chat.step == "about"
    assert anna.world.cases[FIRST].parts == []
    anna.press("add")
    assert anna.world.cases[FIRST].parts == [
        Part("I forgot something."),
        Part("", 1, MediaKind.PHOTO),
    ]
    assert anna.chat.held == ()


def test_words_after_filing_become_a_new_complaint() -> None:
    anna = Phone().filed().send("Another thing.").press("new", "worker", "skip", "HRS", "no")
    assert "1 message" in anna.text
    anna.press("send")
    assert [p.text for p in anna.world.cases[SECOND].draft.parts] == ["Another thing."]


@pytest.mark.parametrize("agreed", [True, False])
def test_words_at_home_without_a_case_are_kept_and_she_is_told_so(agreed: bool) -> None:
    anna = Phone().start("F-GS1")
    if agreed:
        anna.press("en", "yes")
    anna.command("home").send("It was not me!")
    assert "I kept what you sent." in anna.text
    anna.press(*(() if agreed else ("en", "yes")), "worker", "WAG", "no")
    assert "1 message" in anna.text
    assert [part.text for part in anna.chat.draft.parts] == ["It was not me!"]


def test_words_of_thanks_need_not_be_kept() -> None:
    anna = Phone().filed().send("Thank you").file(MediaKind.PHOTO).press("nothing")
    assert anna.chat.held == ()
    assert anna.world.dropped == [1]
    assert anna.chat.step == "home"


def test_words_beside_a_running_complaint_can_join_it() -> None:
    anna = Phone().filed().start().press(".new", "worker", "skip", "HRS", "no").send("Story.")
    anna.command("cases").press("open").send("And this.").press("new")
    assert anna.chat.step == "story"
    assert [p.text for p in anna.chat.draft.parts] == ["Story.", "And this."]


def test_what_is_held_is_asked_for_again_at_home() -> None:
    anna = Phone().filed().send("I forgot something.").command("cases").press("open")
    assert anna.chat.step == "case"
    anna.start()
    assert anna.chat.step == "about"


def test_an_edit_after_filing_is_added_to_her_case() -> None:
    anna = Phone().filed().edit("They did not pay us at all.")
    assert anna.world.cases[FIRST].parts == [Part("They did not pay us at all.", amends=True)]
    assert anna.chat.step == "filed"


def test_an_edit_that_was_added_already_is_only_confirmed() -> None:
    anna = Phone().filed().send("Hold this.")
    anna.happen(Edited("New words.", case=FIRST))
    assert "added" in anna.text
    assert anna.world.cases[FIRST].parts == []
    assert anna.chat.held == (Part("Hold this."),)


def test_an_edit_that_belongs_nowhere_gets_a_hint() -> None:
    anna = Phone()
    anna.chat = Chat(step="home", agreed=True, filed=True)
    anna.edit("New words.")
    assert "do not know where it belongs" in anna.text


def test_what_could_not_be_added_stays_held() -> None:
    chat = Chat(step="add", case=FIRST, filed=True, agreed=True, held=(Part("Words."),))
    turn = step(chat, CaseChanged(FIRST, ok=False, action=Action.ADD))
    assert turn.chat.step == "about"
    assert turn.chat.held == (Part("Words."),)


def test_filing_and_dropping_name_what_they_take() -> None:
    anna = Phone().at_story().file(MediaKind.VOICE)
    draft = anna.chat.draft
    assert step(anna.chat, Text("x")).do == ()
    stopped = step(anna.chat, anna.found(".stop"))
    assert stopped.do == (DropDraft((1,)),)
    sent = step(anna.chat, anna.found("send"))
    assert sent.do == (FileComplaint(draft),)

"""Who helps at once in a country, texts about rights, and questions that are no complaints."""

import csv
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from bot import guiding, urgent
from bot.dialogue import STEPS
from bot.doing import Doing
from bot.turns import (
    Chat,
    Draft,
    FindHelp,
    FindRights,
    HelpLine,
    ShowRights,
)
from casework import guidance, helplines, places, rights
from casework.db import Session, Store
from casework.factories import COUNTRIES
from casework.guidance import Contact
from casework.models import Case, HelpContact, Reporter, RightsText
from casework.rights import Written
from casework.vocabulary import Category, Danger, HelpKind, MediaKind, Service, Severity
from tests.conftest import Cast
from tests.desk import Desk
from tests.phone import GOLDEN, OVERTIME, Phone, World
from tests.webhelp import Browser, build, give_accounts

EMERGENCY, SEXUAL_VIOLENCE = HelpKind.EMERGENCY, HelpKind.SEXUAL_VIOLENCE
TABLE = Path(helplines.__file__).parent / "data" / "help_contacts.csv"
OVERTIME_TEXT = Written("Overtime", "More than 8 hours a day is overtime. It is paid more.")


# --- what comes with the program ---------------------------------------------------------------


def test_the_table_names_known_countries_services_and_a_source_for_each_number() -> None:
    assert len(helplines.shipped()) > 100
    for one in helplines.shipped():
        assert one.country in COUNTRIES
        assert re.fullmatch(r"#?\d[\d ]{1,15}", one.number), one
        assert one.source
    sexual = {one.service for one in helplines.shipped() if one.kind is SEXUAL_VIOLENCE}
    assert sexual == {Service.WOMEN, Service.VIOLENCE}


def test_the_table_says_of_each_number_that_nobody_has_checked_it() -> None:
    with TABLE.open(encoding="utf-8") as lines:
        assert {row["checked"] for row in csv.DictReader(lines)} == {"nobody yet"}


def test_each_country_of_the_table_has_a_number_for_an_emergency_and_no_kind_more_than_is_said() -> (
    None
):
    found = Counter((one.country, one.kind) for one in helplines.shipped())
    assert {country for country, kind in found if kind is EMERGENCY} == helplines.countries()
    assert max(found.values()) <= guidance.SAID_AT_MOST


def test_the_countries_that_the_languages_of_workers_imply_are_in_the_table() -> None:
    wanted = "VN ID KH MM CN TH LA PH MY BD NP IN PK LK JP KR SG TW HK JO AE SA QA TR MX GT HN SV"
    assert {*wanted.split(), "ES", "US", "GB"} <= helplines.countries()


# --- the operator's own --------------------------------------------------------------------------


def _write(session: Session, cast: Cast, now: datetime, *contacts: Contact) -> list[HelpContact]:
    return [
        guidance.add_contact(session, "KH", EMERGENCY, one, staff_id=cast.boris.id, now=now)
        for one in contacts
    ]


def test_own_entries_stand_in_place_of_those_that_come_along(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    with any_store.writing() as session:
        before = guidance.contacts(session, "KH", EMERGENCY)
        assert [(one.service, one.number) for one in before] == [
            (Service.POLICE, "117"),
            (Service.AMBULANCE, "119"),
            (Service.FIRE, "118"),
        ]
        own = Contact("012 345 678", name="Golden Thread clinic")
        _write(session, any_cast, now, own, Contact("117", Service.POLICE))
        assert guidance.contacts(session, "KH", EMERGENCY) == (own, Contact("117", Service.POLICE))
        assert guidance.contacts(session, "VN", EMERGENCY)[0].number == "113"


def test_own_entries_are_said_in_the_order_of_the_operator_and_at_most_four(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    with any_store.writing() as session:
        names = "abcdef"
        rows = _write(session, any_cast, now, *(Contact("1", name=name) for name in names))
        guidance.move_up(session, rows[0])
        guidance.move_up(session, rows[5])
        guidance.move_up(session, rows[3])
        session.flush()
        found = guidance.own_contacts(session, "KH", EMERGENCY)
        assert "".join(one.name for one in found) == "abdcfe"
        assert "".join(one.name for one in guidance.contacts(session, "KH", EMERGENCY)) == "abdc"


def test_who_dialled_the_numbers_takes_them_over_once(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    with any_store.writing() as session:
        before = guidance.contacts(session, "KH", EMERGENCY)
        boris = any_cast.boris.id
        assert guidance.take_over(session, "KH", EMERGENCY, staff_id=boris, now=now) == 3
        assert guidance.take_over(session, "KH", EMERGENCY, staff_id=boris, now=now) == 0
        assert guidance.contacts(session, "KH", EMERGENCY) == before
        assert len(guidance.own_contacts(session, "KH", EMERGENCY)) == 3


def test_what_is_typed_of_a_contact_and_a_text_is_checked_field_by_field() -> None:
    assert guidance.check_contact({"service": "police", "name": "x", "number": " 117 "}) == Contact(
        "117", Service.POLICE
    )
    assert guidance.check_contact({"name": "Clinic", "number": "12"}) == Contact(
        "12", name="Clinic"
    )
    wrong = guidance.check_contact({"service": "army", "number": "no digits"})
    assert isinstance(wrong, dict)
    assert set(wrong) == {"name", "number"}
    assert isinstance(rights.check_text({"title": "x" * 40, "body": "y" * 550}), Written)
    wrong_text = rights.check_text({"title": "x" * 41, "body": "y" * 551})
    assert isinstance(wrong_text, dict)
    assert set(wrong_text) == {"title", "body"}


# --- what the conversation looks up ----------------------------------------------------------------


def of_htwe(session: Session, cast: Cast, now: datetime) -> Doing:
    """Htwe's conversation wants something."""
    htwe = session.get_one(Reporter, cast.htwe.id)
    return Doing(session, htwe, now, operator="Fair Work Network", practice=False)


def test_her_country_is_that_of_the_factory_and_never_guessed_in_danger(
    any_desk: Desk, now: datetime
) -> None:
    any_desk.file(now, "No pay.")
    with any_desk.store.reading() as session:
        doing = of_htwe(session, any_desk.cast, now)
        found = guiding.find_help(doing, FindHelp(EMERGENCY, factory="GT7KM"))
        assert (found.country, found.lines[0]) == ("KH", HelpLine("117", Service.POLICE))
        told = guiding.find_help(doing, FindHelp(EMERGENCY, country="VN"))
        assert told.lines[0].number == "113"
        unknown = guiding.find_help(doing, FindHelp(EMERGENCY))
        assert (unknown.country, unknown.lines, unknown.near) == ("", (), ("KH",))
        aside = guiding.find_help(doing, FindHelp(EMERGENCY, aside=True))
        assert (aside.country, aside.aside) == ("KH", True)


def test_survivors_are_told_who_comes_at_once_where_no_helpline_is_known(
    any_desk: Desk, now: datetime
) -> None:
    with any_desk.store.reading() as session:
        doing = of_htwe(session, any_desk.cast, now)
        here = guiding.find_help(doing, FindHelp(SEXUAL_VIOLENCE, country="KH"))
        assert [line.number for line in here.lines] == ["117", "119", "118"]
        there = guiding.find_help(doing, FindHelp(SEXUAL_VIOLENCE, country="NP"))
        assert there.lines == (HelpLine("1145", Service.WOMEN),)


def test_rights_are_offered_for_her_language_and_country_once_they_are_published(
    any_desk: Desk, now: datetime
) -> None:
    any_desk.file(now, "No pay.")
    with any_desk.store.writing() as session:
        doing = of_htwe(session, any_desk.cast, now)
        staff = any_desk.cast.boris.id
        text = rights.add_text(session, "KH", "my", OVERTIME_TEXT, staff_id=staff, now=now)
        rights.add_text(session, "VN", "my", OVERTIME_TEXT, staff_id=staff, now=now)
        session.flush()
        by_code, by_case = FindRights("my", "GT7KM"), FindRights("my")
        assert guiding.find_rights(doing, by_code).titles == ()
        assert guiding.show_rights(doing, ShowRights(text.id)).body == ""
        text.published = True
        session.flush()
        for asked in (by_code, by_case):
            found = guiding.find_rights(doing, asked)
            assert [one.id for one in found.titles] == [text.id]
            assert found.asked == asked
        assert guiding.find_rights(doing, FindRights("en", "GT7KM")).titles == ()
        assert guiding.show_rights(doing, ShowRights(text.id)).body == OVERTIME_TEXT.body


def test_without_factory_and_case_her_rights_are_those_where_the_office_is(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    with any_store.writing() as session:
        assert places.calendar_for(session, None).country == "KH"
        text = rights.add_text(session, "KH", "my", OVERTIME_TEXT, staff_id=None, now=now)
        text.published = True
        session.flush()
        doing = of_htwe(session, any_cast, now)
        found = guiding.find_rights(doing, FindRights("my"))
        assert [one.title for one in found.titles] == ["Overtime"]


# --- danger now --------------------------------------------------------------------------------


def test_danger_now_says_the_numbers_with_the_care_before_the_next_question() -> None:
    anna = Phone().at_category().press("WAG", "now")
    (message,) = anna.screen
    care, numbers, question = message.text.split("\n\n")
    assert "safe place" in care
    assert numbers.splitlines()[1:] == [
        "🚓 Police: 117",
        "🚑 Ambulance: 119",
        "🚒 Fire brigade: 118",
    ]
    assert "What happened?" in question
    assert anna.chat.draft.danger is Danger.NOW


def test_without_a_factory_her_country_is_asked_right_then_and_may_be_skipped() -> None:
    anna = Phone().start().press("en", "yes", "worker", "skip", "WAG", "now")
    assert "safe place" in anna.text
    assert anna.chat.step == "country"
    assert [b.label for b in anna.buttons][:3] == [
        "🇰🇭 Cambodia",
        "🇲🇲 Myanmar (Burma)",
        "🌍 Another country",
    ]
    skipped = Phone().start().press("en", "yes", "worker", "skip", "WAG", "now", "skip")
    assert skipped.chat.step == "story"
    anna.press("KH")
    assert "Police: 117" in anna.text
    assert anna.chat.step == "story"
    assert anna.chat.draft.country == "KH"


def test_another_country_shows_all_whose_numbers_are_known_in_her_language() -> None:
    anna = Phone().start().press("vi", "yes", "worker", "skip", "WAG", "now", "other")
    assert helplines.countries() <= set(anna.values)
    assert "🇳🇵 Nepal" in [b.label for b in anna.buttons]
    assert "🇹🇭 Thái Lan" in [b.label for b in anna.buttons]
    anna.press(".back")
    assert anna.chat.step == "country"
    anna.press("other", "MM")
    assert "199" in anna.text
    assert anna.chat.step == "story"


def test_her_country_is_asked_only_once() -> None:
    anna = Phone().start().press("en", "yes", "worker", "skip", "sexual")
    assert anna.chat.step == "country"
    anna.press("skip", "now")
    assert anna.chat.step == "story"
    assert "We cannot come to you" in anna.text


def test_a_changed_answer_about_danger_says_the_numbers_and_returns_to_the_read_back() -> None:
    anna = Phone().at_review().press("change", "danger", "now")
    assert "Police: 117" in anna.text
    assert anna.chat.step == "review"


def test_a_country_without_numbers_gets_the_care_alone() -> None:
    world = World()
    nowhere = replace(GOLDEN, code="XX1")
    world.factories["XX1"] = nowhere
    anna = Phone(world)
    anna.chat = Chat("danger", draft=Draft(factory=nowhere, country="XX"), agreed=True)
    anna.command("help").press("now")
    assert "We cannot come to you. When you are safe" in anna.text
    assert anna.chat.step == "story"


def test_help_names_the_numbers_where_the_country_is_known_and_says_nothing_twice() -> None:
    anna = Phone().at_story().press(".help")
    assert "Police: 117" in anna.text
    assert "What happened?" not in anna.text
    assert anna.chat.step == "story"
    assert "no-story" in anna.values
    early = Phone().start().press("en", ".help")
    assert "🚓" not in early.text
    assert "Nobody reads anything" not in early.text


# --- sexual harassment ---------------------------------------------------------------------------


def test_survivors_hear_first_who_helps_then_whether_there_is_danger() -> None:
    anna = Phone().at_category().press("sexual")
    (message,) = anna.screen
    decide, help_first, numbers, danger = message.text.split("\n\n")
    assert "You decide" in decide
    assert "without a complaint" in help_first
    assert "Women's Crisis Centre: 012 345 678" in numbers
    assert "danger" in danger
    assert anna.chat.step == "danger"


def test_survivors_who_choose_it_as_the_kind_hear_it_too() -> None:
    anna = Phone().at_story("HAR").send("The line leader.").press("all", "sexual")
    assert "Women's Crisis Centre" in anna.text
    assert anna.chat.step == "since"
    assert anna.chat.draft.kind == "sexual"


def test_with_no_country_survivors_are_told_gently_and_asked_where_they_are() -> None:
    anna = Phone().start().press("en", "yes", "worker", "skip", "sexual")
    assert anna.text.startswith("We are sorry that this happened.")
    assert anna.chat.step == "country"
    anna.press("KH")
    assert "Women's Crisis Centre" in anna.text
    assert "We are sorry" not in anna.text
    assert anna.chat.step == "danger"


def test_survivors_decide_each_step_and_need_to_tell_nothing() -> None:
    anna = Phone().at_category().press("sexual", "skip", "no-story", "skip", "skip", "skip", "file")
    (case,) = anna.world.cases.values()
    assert case.draft.parts == ()
    assert case.draft.kind == "sexual"


# --- a question that is no complaint -----------------------------------------------------------------


def test_a_question_goes_from_the_welcome_over_a_poster_to_a_case_in_five_messages() -> None:
    anna = Phone().start("F-GS1").press("en", "question")
    assert anna.chat.step == "question"
    anna.send("How many hours may they ask of us?").press("send")
    assert anna.sent == 5
    (case,) = anna.world.cases.values()
    assert (case.draft.category, case.draft.kind) == (Category.OTHER, "question")
    assert case.draft.factory == GOLDEN
    assert "A person answers you by 24 November 2026" in anna.text
    assert "complaint" not in anna.text


def test_a_question_asks_for_nothing_but_the_factory_which_may_be_skipped() -> None:
    anna = Phone().start().press("en", "question")
    assert anna.chat.step == "factory"
    anna.press("skip")
    assert anna.chat.step == "question"
    anna.file(MediaKind.VOICE).press("send")
    (case,) = anna.world.cases.values()
    assert [part.attachment for part in case.draft.parts] == [1]


@pytest.mark.parametrize("how", ["name", "pick", "none", "voice"])
def test_every_way_to_name_the_factory_leads_to_the_question(how: str) -> None:
    anna = Phone().start().press("en", "question")
    match how:
        case "name":
            anna.send("GS1")
        case "pick":
            anna.send("golden").press("GS1")
        case "none":
            anna.send("golden").press("none")
        case "voice":
            anna.file(MediaKind.VOICE)
    assert anna.chat.step == "question"


def test_a_right_is_read_with_a_press_and_the_question_stays() -> None:
    anna = Phone().start("F-GS1").press("en", "question")
    assert f"📘 {OVERTIME.title}" in [b.label for b in anna.buttons]
    anna.press(f"rights-{OVERTIME.id}")
    assert "At most 2 hours a day." in anna.text
    assert anna.chat.step == "question"
    anna.send("And at night?").press(f"rights-{OVERTIME.id}", "send")
    assert len(anna.world.cases) == 1


def test_a_right_that_was_taken_back_is_not_shown() -> None:
    anna = Phone().start("F-GS1").press("en", "question")
    rights = anna.chat.rights
    assert rights
    anna.chat = replace(anna.chat, rights=replace(rights, titles=(replace(OVERTIME, id=5),)))
    anna.old("question|rights-5")
    assert "cannot find this text any more" in anna.text
    assert f"rights-{OVERTIME.id}" in anna.values


def test_the_rights_of_another_language_are_looked_up_anew() -> None:
    anna = Phone().start("F-GS1").press("en", "question", ".language", "vi")
    assert anna.chat.rights is not None
    assert anna.chat.rights.asked.language == "vi"


def test_a_question_is_asked_from_home_too_and_beside_a_running_complaint_never() -> None:
    anna = Phone().filed().command("home").press(".ask")
    assert anna.chat.step == "factory"
    anna.press("skip").send("When is the holiday?").press("send")
    assert len(anna.world.cases) == 2
    busy = Phone().filed().command("home").press(".new", "worker").command("home")
    assert ".ask" not in busy.values
    assert busy.command("ask").chat.step == "resume"


def test_who_goes_back_from_a_question_and_complains_is_asked_what_it_is_about() -> None:
    anna = Phone().start("F-GS1").press("en", "question", ".back")
    assert anna.chat.step == "welcome"
    anna.press("yes", "worker")
    anna.send("GS1") if anna.chat.step == "factory" else None
    assert anna.chat.step == "category"
    assert anna.chat.draft.category is None


def test_what_she_said_before_opens_the_question() -> None:
    anna = Phone().start("F-GS1").send("May they keep my passport?").press("en", "question")
    assert "1 message" in anna.text
    anna.press("send")
    (case,) = anna.world.cases.values()
    assert [part.text for part in case.draft.parts] == ["May they keep my passport?"]


def test_the_flag_of_a_country_is_two_letters_of_the_indicator_alphabet() -> None:
    assert urgent.flag("KH") == "🇰🇭"
    assert urgent.country_name("KH", "km") == "កម្ពុជា"
    assert {"question", "country", "countries"} <= set(STEPS)


# --- the staff site ------------------------------------------------------------------------------------


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def test_a_supervisor_sees_what_nobody_checked_and_takes_it_over(app: Flask, store: Store) -> None:
    boris = _signed_in(app, "boris")
    boris.get("/guidance")
    assert "Cambodia" in boris.text
    assert "Nobody has checked this yet" in boris.text
    boris.get("/guidance/KH")
    assert "Nobody has checked this yet" in boris.text
    assert "117" in boris.text
    boris.post("/guidance/KH/contacts/emergency/take-over", follow_redirects=True)
    assert "Nobody has checked" not in boris.text
    boris.get("/guidance")
    assert "Your own numbers" in boris.text


def test_a_number_is_added_changed_moved_and_deleted(app: Flask, store: Store) -> None:
    boris = _signed_in(app, "boris")
    new = "/guidance/KH/contacts/sexual-violence/new"
    boris.get(new)
    assert boris.post(new, {"name": "", "number": "012"}).status_code == 422
    assert "Write who answers there" in boris.text
    boris.post(new, {"name": "Crisis centre", "number": "012 345"}, follow_redirects=True)
    boris.get(new)
    boris.post(new, {"service": "women", "number": "1366"}, follow_redirects=True)
    with store.reading() as session:
        first, second = guidance.own_contacts(session, "KH", SEXUAL_VIOLENCE)
    boris.post(f"/guidance/KH/contact/{second.id}/up", follow_redirects=True)
    assert boris.text.index("Helpline for women") < boris.text.index("Crisis centre")
    boris.get(f"/guidance/KH/contact/{first.id}")
    assert 'value="Crisis centre"' in boris.page
    boris.post(f"/guidance/KH/contact/{first.id}", {"name": "Centre", "number": "99"})
    boris.get(f"/guidance/KH/contact/{second.id}")
    boris.post(f"/guidance/KH/contact/{second.id}/delete")
    with store.reading() as session:
        (left,) = guidance.own_contacts(session, "KH", SEXUAL_VIOLENCE)
        assert (left.name, left.number) == ("Centre", "99")


def test_a_text_is_written_published_read_by_a_handler_and_taken_back(
    app: Flask, store: Store
) -> None:
    boris = _signed_in(app, "boris")
    form = {"language": "km", "title": "Overtime", "body": "At most 2 hours a day."}
    boris.get("/guidance/KH/rights/new")
    assert boris.post("/guidance/KH/rights/new", {**form, "language": "xx"}).status_code == 422
    assert "At most 2 hours a day." in boris.page
    boris.post("/guidance/KH/rights/new", form, follow_redirects=True)
    assert "No worker sees it before you publish it" in boris.text
    with store.reading() as session:
        text = session.exec(select(RightsText)).one()
        assert not text.published
    boris.get(f"/guidance/KH/rights/{text.id}")
    too_long = {**form, "body": "x" * 551, "published": "yes"}
    assert boris.post(f"/guidance/KH/rights/{text.id}", too_long).status_code == 422
    boris.post(f"/guidance/KH/rights/{text.id}", {**form, "published": "yes"})
    asha = _signed_in(app, "asha")
    asha.get("/guidance/KH")
    assert "At most 2 hours a day." in asha.text
    assert "Published" in asha.text
    assert "Write a text" not in asha.text
    boris.get(f"/guidance/KH/rights/{text.id}")
    boris.post(f"/guidance/KH/rights/{text.id}", form)
    with store.reading() as session:
        assert rights.published(session, "KH", "km") == []
    boris.get(f"/guidance/KH/rights/{text.id}")
    boris.post(f"/guidance/KH/rights/{text.id}/delete")
    with store.reading() as session:
        assert session.exec(select(RightsText)).all() == []


def test_pages_of_no_country_and_of_another_country_do_not_exist(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        (row,) = _write(session, cast, now, Contact("117", Service.POLICE))
    boris = _signed_in(app, "boris")
    assert boris.get("/guidance/XX").status_code == 404
    assert boris.get(f"/guidance/VN/contact/{row.id}").status_code == 404
    assert boris.get("/guidance/KH/contacts/army/new").status_code == 404
    assert boris.get("/guidance?country=VN").headers["Location"] == "/guidance/VN"


def test_a_question_is_a_case_of_minor_severity(any_desk: Desk, now: datetime) -> None:
    asked = any_desk.file(now, "May they?", category=Category.OTHER, kind="question")
    with any_desk.store.reading() as session:
        case = session.exec(select(Case).where(Case.reference == asked)).one()
        assert case.severity is Severity.MINOR

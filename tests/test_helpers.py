"""Somebody helps: a family member, a union, an NGO files for a worker, with or without saying who."""

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import select

from bot.turns import Edited, Pressed, Text
from casework import filing, identity
from casework.audit import events
from casework.db import Store
from casework.errors import NotAllowed
from casework.filing import Complaint, Piece
from casework.models import AccessLog, Case, Reporter, Staff
from casework.vocabulary import SPOKEN, Category, MediaKind, Relation
from tests.conftest import Cast
from tests.door import Door, cases_of
from tests.phone import GOLDEN, Phone
from tests.webhelp import Browser, build, give_accounts

WHO = "Ma Nilar, sewing line four, she lives near the north gate"
REASON = "We need to ask whether she agrees."
WARNING = "The person does not know: nothing may be done in their name before they agree."


def helping(poster: str = "F-GS1") -> Phone:
    return Phone().start(poster).press("en", "yes", "helper")


# --- the conversation -----------------------------------------------------------------------------


def test_a_helper_is_asked_whether_the_person_knows_and_who_it_is() -> None:
    anna = helping()
    assert anna.chat.step == "behalf"
    anna.press("agrees")
    assert anna.chat.step == "person"
    assert "You do not have to" in anna.text
    anna.send(WHO)
    assert anna.chat.step == "category"
    assert anna.chat.draft.factory == GOLDEN
    anna.press("WAG", "no").send("They did not pay her.").press("send")
    (case,) = anna.world.cases.values()
    assert (case.draft.agreed, case.draft.person) == (True, WHO)
    assert [part.text for part in case.draft.parts] == ["They did not pay her."]


def test_a_helper_may_skip_both() -> None:
    anna = helping().press("skip", "skip")
    assert anna.chat.step == "category"
    assert (anna.chat.draft.agreed, anna.chat.draft.person) == (None, "")


@pytest.mark.parametrize("relation", ["worker", "former", "skip"])
def test_nobody_else_is_asked(relation: str) -> None:
    anna = Phone().start("F-GS1").press("en", "yes", relation)
    assert anna.chat.step == "category"


def test_who_it_is_may_be_said_in_a_voice_message_which_joins_the_story() -> None:
    anna = helping().press("not-yet").file(MediaKind.VOICE)
    assert anna.chat.step == "category"
    assert "A person will listen to it" in anna.text
    assert anna.chat.draft.person == SPOKEN
    assert [part.attachment for part in anna.chat.draft.parts] == [1]


def test_a_story_or_a_picture_in_place_of_a_name_is_kept_as_the_story() -> None:
    anna = helping().press("agrees").send("They have not paid her since March. " * 10)
    assert anna.chat.step == "person"
    anna.file(MediaKind.PHOTO)
    assert anna.chat.step == "person"
    assert len(anna.chat.draft.parts) == 2
    assert anna.chat.draft.person == ""


def test_the_read_back_shows_both_and_either_can_be_changed() -> None:
    anna = helping().press("not-yet").send(WHO).press("WAG", "no").send("They did not pay her.")
    anna.press("all", "unpaid", "month", "many", "here")
    assert "The person knows that you write: No, not yet" in anna.text
    assert f"Who it is: {WHO}" in anna.text
    anna.press("change", "behalf", "agrees")
    assert anna.chat.step == "review"
    assert "Yes, and agrees" in anna.text
    anna.press("change", "person").send("Her name is Nilar.")
    assert anna.chat.step == "review"
    assert "Who it is: Her name is Nilar." in anna.text


def test_who_becomes_a_helper_in_the_read_back_is_asked_then_and_who_stops_being_one_forgets() -> (
    None
):
    anna = Phone().at_review().press("change")
    assert not {"behalf", "person"} & set(anna.values)
    anna.press("who", "helper", "agrees").send(WHO)
    assert anna.chat.step == "review"
    assert anna.chat.draft.person == WHO
    anna.press("change", "who", "worker")
    assert anna.chat.step == "review"
    assert (anna.chat.draft.agreed, anna.chat.draft.person) == (None, "")


def test_back_leads_from_one_question_to_the_one_before() -> None:
    anna = helping().press("agrees").send(WHO).press(".back")
    assert anna.chat.step == "person"
    assert anna.press(".back", ".back").chat.step == "who"


@pytest.mark.parametrize("after", [(), ("WAG", "no")])
def test_who_corrects_the_name_does_not_tell_it_to_everybody(after: tuple[str, ...]) -> None:
    anna = helping(poster="").press("agrees").happen(Text("Ma Nilra", source="41"))
    assert anna.chat.step == "factory"
    anna.press(*(("skip", *after) if after else ()))
    step = anna.chat.step
    anna.happen(Edited("Ma Nilar", source="41"))
    assert anna.chat.step == step
    assert anna.chat.draft.person == "Ma Nilar"
    assert (anna.chat.draft.factory_words, anna.chat.draft.parts) == ("", ())


def test_a_name_corrected_when_the_case_is_filed_stands_nowhere_in_the_open() -> None:
    anna = helping().press("agrees").happen(Text("Ma Nilra", source="41"))
    anna.press("WAG", "no").send("They did not pay her.").press("send")
    anna.happen(Edited("Ma Nilar", source="41"))
    assert [part.text for part in anna.world.told()] == ["They did not pay her."]
    assert anna.chat.held == ()
    assert "I do not know where it belongs" in anna.text


# --- what is kept ---------------------------------------------------------------------------------


def test_the_identity_is_sealed_with_the_case(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    door = Door(any_store, now)
    door.each(
        "551",
        *(Text("hello"), Pressed("language", "en"), Pressed("welcome", "yes")),
        *(Pressed("who", "helper"), Pressed("behalf", "not-yet"), Text(WHO)),
        *(Pressed("factory", "skip"), Pressed("category", "WAG"), Pressed("danger", "no")),
        *(Text("They did not pay her for two months."), Pressed("story", "send")),
    )
    (case,) = cases_of(any_store, "551")
    assert case.agreed is False
    assert case.identity_sealed
    assert WHO.encode() not in case.identity_sealed
    with any_store.reading() as session:
        opened = session.vault.open_text("case", "identity_sealed", case.id, case.identity_sealed)
        assert opened == WHO
        assert events.first_broken(case, events.history(session, case.id)) is None
        filed = events.history(session, case.id)[0]
        assert WHO not in str(filed.data)


def test_of_anybody_but_a_helper_no_identity_is_kept(
    store: Store, cast: Cast, now: datetime
) -> None:
    case = file_for(store, cast, now, relation=Relation.WORKER)
    assert (case.agreed, case.identity_sealed) == (None, None)


# --- the case page ----------------------------------------------------------------------------------


def file_for(
    store: Store,
    cast: Cast,
    now: datetime,
    *,
    relation: Relation = Relation.HELPER,
    agreed: bool | None = False,
    person: str = WHO,
    kind: str = "unpaid",
) -> Case:
    with store.writing() as session:
        reporter = session.get_one(Reporter, cast.htwe.id)
        category = Category.HARASSMENT if kind == "sexual" else Category.WAGES
        complaint = Complaint(
            (Piece("They did not pay her."),),
            category=category,
            kind=kind,
            relation=relation,
            agreed=agreed,
            person=person,
        )
        return filing.open_case(session, reporter, complaint, now=now)


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


def signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def readings(store: Store) -> list[AccessLog]:
    with store.reading() as session:
        return list(session.exec(select(AccessLog).where(AccessLog.what == "identity")))


def test_the_case_page_tells_that_there_is_an_identity_and_never_which(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_for(store, cast, now)
    asha = signed_in(app, "asha")
    asha.get(f"/cases/{case.reference}")
    assert "Told by the helper" in asha.text
    assert "Nilar" not in asha.page
    assert WARNING in asha.text


@pytest.mark.parametrize("agreed", [True, None])
def test_the_page_warns_only_where_the_person_does_not_know(
    app: Flask, store: Store, cast: Cast, now: datetime, agreed: bool | None
) -> None:
    case = file_for(store, cast, now, agreed=agreed, person="")
    asha = signed_in(app, "asha")
    asha.get(f"/cases/{case.reference}")
    assert WARNING not in asha.text
    assert "Not told" in asha.text


def test_with_a_reason_it_is_shown_and_who_read_it_and_why_is_written_down(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_for(store, cast, now)
    asha = signed_in(app, "asha")
    asha.get(f"/cases/{case.reference}")
    answer = asha.post(f"/cases/{case.reference}/identity", {"reason": f"  {REASON} "})
    assert answer.status_code == 200
    assert WHO in asha.text
    assert WARNING in asha.text
    assert answer.headers["Cache-Control"] == "no-store"
    (entry,) = readings(store)
    assert (entry.staff_id, entry.case_id, entry.at) == (cast.asha.id, case.id, now)
    with store.reading() as session:
        sealed = entry.reason_sealed or b""
        assert session.vault.open_text("accesslog", "reason_sealed", entry.id, sealed) == REASON
    assert REASON.encode() not in sealed


def test_who_has_not_the_right_is_offered_nothing_and_gets_nothing(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_for(store, cast, now)
    boris = signed_in(app, "boris")
    boris.get(f"/cases/{case.reference}")
    assert "Only somebody with the right to may open it" in boris.text
    assert "/identity" not in boris.page
    answer = boris.post(f"/cases/{case.reference}/identity", {"reason": REASON})
    assert answer.status_code == 403
    assert "Nilar" not in boris.page
    assert readings(store) == []
    with store.writing() as session, pytest.raises(NotAllowed):
        identity.show(session, case, REASON, by=cast.actor("boris"), now=now)


def test_the_right_is_given_by_an_administrator_and_written_down(
    app: Flask, store: Store, cast: Cast
) -> None:
    chen = signed_in(app, "chen")
    chen.get(f"/staff/{cast.boris.id}")
    form = {"name": "Boris", "role": "supervisor", "zone": "UTC", "may_identify": "yes"}
    chen.post(f"/staff/{cast.boris.id}", {**form, "active": "yes"}, follow_redirects=True)
    assert "May open who the worker is: no → yes" in chen.text
    with store.reading() as session:
        assert session.get_one(Staff, cast.boris.id).may_identify


def test_without_a_reason_nothing_is_shown(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_for(store, cast, now)
    asha = signed_in(app, "asha")
    asha.get(f"/cases/{case.reference}")
    answer = asha.post(f"/cases/{case.reference}/identity", {"reason": "  "})
    assert answer.status_code == 422
    assert "Say in a few words why" in asha.text
    assert "Nilar" not in asha.page
    assert readings(store) == []


def test_it_takes_a_post_with_its_token(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    path = f"/cases/{file_for(store, cast, now).reference}/identity"
    asha = signed_in(app, "asha")
    asha.get("/cases")
    assert asha.get(path).status_code == 405
    assert asha.post(path, {"reason": REASON, "csrf_token": "made up"}).status_code == 400
    assert "Nilar" not in asha.page
    assert readings(store) == []


def test_of_a_restricted_case_only_the_restricted_pool_may_open_it(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    path = f"/cases/{file_for(store, cast, now, kind='sexual').reference}/identity"
    for name, status in (("asha", 404), ("brigitte", 403), ("dilani", 200)):
        browser = signed_in(app, name)
        browser.get("/account")
        assert browser.post(path, {"reason": REASON}).status_code == status, name
    assert [entry.staff_id for entry in readings(store)] == [cast.dilani.id]


def test_where_nobody_told_there_is_nothing_to_open(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_for(store, cast, now, person="")
    asha = signed_in(app, "asha")
    asha.get(f"/cases/{case.reference}")
    answer = asha.post(f"/cases/{case.reference}/identity", {"reason": REASON})
    assert answer.status_code == 404
    assert readings(store) == []


def test_an_identity_told_in_a_voice_message_points_to_the_story(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_for(store, cast, now, person=SPOKEN)
    asha = signed_in(app, "asha")
    asha.get(f"/cases/{case.reference}")
    asha.post(f"/cases/{case.reference}/identity", {"reason": REASON})
    assert "The helper told it in a voice message" in asha.text

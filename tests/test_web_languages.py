"""Several languages on the pages: phrases, words that wait, translations, interpreters."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import col, select

from bot.notices import say_all
from bot.turns import News
from casework import cases, filing
from casework.db import Store
from casework.filing import Piece
from casework.media import attachments
from casework.messaging import beside, messages
from casework.models import AccessLog, Case, Interpreting, Message, Outbox, Staff
from casework.vocabulary import Direction, MediaKind, Notice, Role, VersionBy
from tests.botapi import BotApi
from tests.bothouse import Clock, deliver_all
from tests.conftest import Cast
from tests.door import Door
from tests.opening import opened
from tests.plan import plan
from tests.test_machine import Translator
from tests.webhelp import Browser, build, file_case, give_accounts

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

STORY = "ကျွန်မတို့ လစာ မရသေးပါ"
ENGLISH = "We talk to the factory on Friday."
BURMESE = "သောကြာနေ့တွင် စက်ရုံနှင့် ပြောဆိုပါမည်။"


@pytest.fixture
def case(store: Store, cast: Cast, now: datetime) -> Case:
    return file_case(store, cast, now, words=STORY)


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    with store.writing() as session:
        session.get_one(Staff, cast.indra.id).speaks = "my"
    return build(store, clock)


@pytest.fixture
def asha(app: Flask) -> Browser:
    browser = Browser(app)
    browser.sign_in("asha")
    return browser


@pytest.fixture
def indra(app: Flask) -> Browser:
    browser = Browser(app)
    browser.sign_in("indra")
    return browser


@pytest.fixture
def translator() -> Iterator[Translator]:
    found = Translator()
    yield found
    found.close()


def told(store: Store) -> list[Notice]:
    with store.reading() as session:
        return [entry.notice for entry in session.exec(select(Outbox).order_by(col(Outbox.id)))]


def hold(asha: Browser, case: Case, text: str = ENGLISH) -> str:
    """Asha replies in English; the address of what waits."""
    asha.get(f"/cases/{case.reference}")
    form = {"seen": asha.seen, "action": "reply", "text": text}
    answer = asha.post(f"/cases/{case.reference}/step", form)
    assert answer.status_code == 302
    where = str(answer.location)
    asha.get(where)
    return where


# --- words that wait -------------------------------------------------------------------------


def test_a_reply_in_another_language_waits_and_the_page_says_so(
    asha: Browser, case: Case, store: Store
) -> None:
    where = hold(asha, case)
    assert "Nothing was sent yet: the worker reads Burmese" in asha.text
    assert told(store) == []
    asha.get(f"/cases/{case.reference}")
    assert "Waits for a translation" in asha.text
    assert where in asha.page


def test_who_speaks_the_workers_language_sends_it_as_it_is(
    asha: Browser, case: Case, store: Store, cast: Cast
) -> None:
    asha.get(f"/cases/{case.reference}")
    tick = (
        '<input class="form-check-input" type="checkbox" id="as-is-reply" name="as_is" value="yes"'
    )
    assert f"{tick}>" in asha.page
    with store.writing() as session:
        session.get_one(Staff, cast.asha.id).speaks = "my km"
    asha.get(f"/cases/{case.reference}")
    assert f"{tick} checked>" in asha.page
    asha.step(case, "reply", BURMESE)
    assert told(store) == [Notice.REPLY]


def test_the_handler_types_the_workers_version_and_both_stand_in_the_story(
    asha: Browser, case: Case, store: Store
) -> None:
    where = hold(asha, case)
    asha.post(f"{where}/send", {"text": BURMESE}, follow_redirects=True)
    assert "Your reply is on its way" in asha.text
    assert ENGLISH in asha.text
    assert BURMESE in asha.text
    assert "In Burmese" in asha.text
    assert told(store) == [Notice.REPLY]


def test_an_empty_version_is_not_sent(asha: Browser, case: Case, store: Store) -> None:
    where = hold(asha, case)
    assert asha.post(f"{where}/send", {"text": " "}).status_code == 422
    assert "Write what the worker will read" in asha.text
    assert told(store) == []


def test_throwing_away_asks_first(asha: Browser, case: Case) -> None:
    where = hold(asha, case)
    assert asha.post(f"{where}/drop").status_code == 422
    assert "Tick the box" in asha.text
    asha.post(f"{where}/drop", {"sure": "yes"}, follow_redirects=True)
    assert "The worker never reads it." in asha.text
    assert asha.get(where).status_code == 404


def test_a_step_that_moved_on_keeps_the_words_that_waited(
    asha: Browser, case: Case, store: Store, cast: Cast
) -> None:
    for action in ("acknowledge", "assess", "investigate"):
        asha.step(case, action)
    with store.writing() as session:
        here = session.get_one(Case, case.id)
        plan(session, here, by=cast.actor("asha"), now=here.updated_at)
    asha.get(f"/cases/{case.reference}")
    form = {"seen": asha.seen, "action": "propose-remedy", "text": ENGLISH}
    where = str(asha.post(f"/cases/{case.reference}/step", form).location)
    asha.step(case, "conclude", BURMESE)
    asha.get(where)
    assert asha.post(f"{where}/send", {"text": BURMESE}).status_code == 422
    assert "This step is not open" in asha.text
    assert ENGLISH in asha.text
    assert asha.get(where).status_code == 200


# --- the machine -----------------------------------------------------------------------------


def test_without_a_translator_none_is_offered(asha: Browser, case: Case) -> None:
    where = hold(asha, case)
    assert "Draft by a machine" not in asha.text
    assert asha.post(f"{where}/machine").status_code == 404


def test_a_machines_draft_is_seen_sent_by_a_person_and_marked(
    store: Store, cast: Cast, case: Case, now: datetime, clock: Clock, translator: Translator
) -> None:
    give_accounts(store, cast, now)
    asha = Browser(build(store, clock, RECOURSE_TRANSLATOR_URL=translator.url))
    asha.sign_in("asha")
    where = hold(asha, case)
    assert translator.asked == []
    assert "the translator in your own house" in asha.text
    asha.post(f"{where}/machine")
    assert f"[my] {ENGLISH}" in asha.text
    assert "A machine wrote this draft" in asha.text
    assert told(store) == []
    asha.post(f"{where}/send", {"text": f"[my] {ENGLISH}", "drafted": "machine"})
    asha.get(f"/cases/{case.reference}")
    assert "By a machine, Asha" in asha.text
    assert told(store) == [Notice.REPLY]
    with store.reading() as session:
        logged = session.exec(select(AccessLog.what).where(AccessLog.what == "translator")).all()
        assert len(logged) == 1


def test_the_worker_is_told_that_a_machine_translated_it() -> None:
    (said,) = say_all(News(Notice.REPLY, "…", machine=True))
    assert "A computer translated these words" in str(said)
    (said,) = say_all(News(Notice.REPLY, "…"))
    assert "computer" not in str(said)


def test_words_of_a_restricted_case_go_to_no_translator_outside(
    store: Store, cast: Cast, case: Case, now: datetime, clock: Clock
) -> None:
    give_accounts(store, cast, now)
    with store.writing() as session:
        session.get_one(Case, case.id).restricted = True
    dilani = Browser(build(store, clock, RECOURSE_TRANSLATOR_URL="https://lt.example.org"))
    dilani.sign_in("dilani")
    where = hold(dilani, case)
    assert "not given to a translator outside the house" in dilani.text
    assert dilani.post(f"{where}/machine").status_code == 404


def test_a_translator_outside_is_warned_of(
    store: Store, cast: Cast, case: Case, now: datetime, clock: Clock
) -> None:
    give_accounts(store, cast, now)
    asha = Browser(build(store, clock, RECOURSE_TRANSLATOR_URL="https://lt.example.org"))
    asha.sign_in("asha")
    hold(asha, case)
    assert "The words leave the house: they go to https://lt.example.org" in asha.text


# --- the worker's words ----------------------------------------------------------------------


def story(store: Store, case: Case) -> Message:
    with store.reading() as session:
        return messages.of_case(session, case.id)[0]


def test_a_translation_stands_beside_what_the_worker_wrote(
    asha: Browser, case: Case, store: Store
) -> None:
    where = f"/cases/{case.reference}/messages/{story(store, case).id}"
    asha.get(where)
    form = {"kind": "translation", "text": "The wages have not come."}
    asha.post(f"{where}/words", form, follow_redirects=True)
    assert STORY in asha.text
    assert "The wages have not come." in asha.text
    assert "By a person of the office, Asha" in asha.text
    asha.get("/cases?find=wages")
    assert case.reference in asha.page


def test_a_recording_is_written_down_and_found(
    asha: Browser, case: Case, store: Store, now: datetime
) -> None:
    row = voice(store, case, now)
    where = f"/cases/{case.reference}/messages/{row}"
    asha.get(where)
    assert "Write down what it says" in asha.text
    asha.post(f"{where}/words", {"kind": "transcript", "text": "ညပိုင်းအလုပ်"}, follow_redirects=True)
    assert "Written down" in asha.text
    assert "ညပိုင်းအလုပ်" in asha.text
    asha.get("/cases?find=ညပိုင်း")
    assert case.reference in asha.page


def voice(store: Store, case: Case, now: datetime) -> int:
    with store.writing() as session:
        fresh = session.get_one(Case, case.id)
        assert fresh.reporter_id
        file = attachments.received(
            session, fresh.reporter_id, MediaKind.VOICE, b"OggS-marked", "audio/ogg", now
        )
        return filing.add(session, fresh, Piece("", file.id), now=now).id


def test_a_message_of_another_case_is_not_there(
    asha: Browser, case: Case, store: Store, cast: Cast, now: datetime
) -> None:
    other = file_case(store, cast, now, words="အခြား")
    row = story(store, other).id
    assert asha.get(f"/cases/{case.reference}/messages/{row}").status_code == 404
    assert asha.get(f"/cases/{case.reference}/waiting/{row}").status_code == 404


# --- writing from phrases --------------------------------------------------------------------


def test_a_handler_sees_what_the_worker_will_read_before_it_is_sent(
    asha: Browser, case: Case, store: Store
) -> None:
    where = f"/cases/{case.reference}/write"
    asha.get(where)
    form = {"seen": asha.seen, "phrase": "need-longer", "do": "look", "hole-0-day": "2026-12-04"}
    asha.post(where, form)
    hers = "2026 ဒီဇင်ဘာ 4 နောက်ဆုံးထား၍ သင့်ထံ ထပ်မံရေးပါမည်"
    assert hers in asha.text
    assert "I will write to you again by 4 December 2026" in asha.text
    assert told(store) == []
    looked = re.search(r'name="looked" value="(\w+)"', asha.page)
    assert looked
    asha.post(where, form | {"do": "reply", "looked": looked[1]}, follow_redirects=True)
    assert "Your reply is on its way" in asha.text
    assert hers in asha.text
    assert "From phrases" in asha.text
    assert "Not yet checked by a native speaker" in asha.text
    assert told(store) == [Notice.REPLY]


def test_what_was_not_looked_at_is_not_sent(asha: Browser, case: Case, store: Store) -> None:
    where = f"/cases/{case.reference}/write"
    asha.get(where)
    form = {"seen": asha.seen, "phrase": "thank-told", "do": "reply", "looked": "0" * 16}
    assert asha.post(where, form).status_code == 422
    assert "Look at what the worker will read" in asha.text
    assert told(store) == []


@pytest.mark.parametrize("day", ["", "soon"])
def test_a_phrase_with_an_open_hole_is_not_sent(
    asha: Browser, case: Case, store: Store, day: str
) -> None:
    where = f"/cases/{case.reference}/write"
    asha.get(where)
    form = {"seen": asha.seen, "phrase": "need-longer", "do": "reply", "hole-0-day": day}
    assert asha.post(where, form).status_code == 422
    assert "Fill in what is still open" in asha.text
    assert told(store) == []


def test_nothing_at_all_is_not_sent(asha: Browser, case: Case) -> None:
    where = f"/cases/{case.reference}/write"
    asha.get(where)
    assert asha.post(where, {"seen": asha.seen, "do": "reply"}).status_code == 422
    assert "Choose a phrase" in asha.text


def test_phrases_are_added_taken_out_and_found(asha: Browser, case: Case) -> None:
    where = f"/cases/{case.reference}/write"
    asha.get(where)
    asha.post(where, {"seen": asha.seen, "do": "find", "find": "payslip"})
    assert 'value="add:ask-papers"' in asha.page
    assert 'value="add:thank-told"' not in asha.page
    asha.post(where, {"seen": asha.seen, "do": "add:ask-papers"})
    assert 'name="phrase" value="ask-papers"' in asha.page
    form = {
        "seen": asha.seen,
        "do": "drop:0",
        "phrase": ["ask-papers", "need-longer"],
        "hole-1-day": "2026-12-04",
    }
    asha.post(where, form)
    assert 'name="phrase" value="ask-papers"' not in asha.page
    assert re.search(r'name="hole-0-day"[^>]*value="2026-12-04"', asha.page)


def test_own_words_beside_phrases_wait_with_what_the_phrases_say_already(
    asha: Browser, case: Case, store: Store
) -> None:
    where = f"/cases/{case.reference}/write"
    asha.get(where)
    form = {"seen": asha.seen, "phrase": "thank-told", "own": ENGLISH, "do": "look"}
    asha.post(where, form)
    assert "still to be translated" in asha.text
    looked = re.search(r'name="looked" value="(\w+)"', asha.page)
    assert looked
    asha.post(where, form | {"do": "reply", "looked": looked[1]}, follow_redirects=True)
    assert told(store) == []
    assert ENGLISH in asha.text
    assert "ပြောပြပေးသည့်အတွက် ကျေးဇူးတင်ပါသည်။" in asha.text


def test_a_form_that_no_longer_fits_the_case_is_not_sent(
    asha: Browser, case: Case, store: Store, now: datetime
) -> None:
    where = f"/cases/{case.reference}/write"
    asha.get(where)
    form = {"seen": asha.seen, "phrase": "thank-told", "do": "look"}
    asha.post(where, form)
    looked = re.search(r'name="looked" value="(\w+)"', asha.page)
    assert looked
    with store.writing() as session:
        filing.add(session, session.get_one(Case, case.id), Piece("အခုမှ ရပါပြီ"), now=now)
    answer = asha.post(where, form | {"do": "reply", "looked": looked[1]})
    assert answer.status_code == 422
    assert "Somebody changed this case" in asha.text
    assert told(store) == []


# --- the library -----------------------------------------------------------------------------


def test_a_supervisor_writes_and_approves_a_phrase(app: Flask, asha: Browser, case: Case) -> None:
    boris = Browser(app)
    boris.sign_in("boris")
    boris.get("/phrases/new")
    form = {"situation": "thank", "words": "See you on {day}."}
    boris.post("/phrases/new", form, follow_redirects=True)
    key = re.search(r"/phrases/(own-\w+)/my", boris.page)
    assert key
    assert "Not written" in boris.text
    form = {"words": "{day} တွင် တွေ့ပါမည်။", "approve": "yes"}
    boris.post(f"/phrases/{key[1]}/my", form, follow_redirects=True)
    assert "Approved by Boris on" in boris.text
    boris.post(f"/phrases/{key[1]}/my", {"words": form["words"]}, follow_redirects=True)
    assert "Approved by Boris on" not in boris.text
    asha.get(f"/cases/{case.reference}/write")
    assert f'value="add:{key[1]}"' in asha.page
    boris.post(f"/phrases/{key[1]}/withdraw", follow_redirects=True)
    assert "nobody is offered it" in boris.text
    asha.get(f"/cases/{case.reference}/write")
    assert f'value="add:{key[1]}"' not in asha.page


def test_a_wrong_phrase_is_shown_with_what_is_wrong(app: Flask) -> None:
    boris = Browser(app)
    boris.sign_in("boris")
    boris.get("/phrases/new")
    boris.post("/phrases/new", {"situation": "thank", "words": "Call {somebody}."})
    assert "Between braces" in boris.text
    assert "Call {somebody}." in boris.page
    boris.get("/phrases/will-talk")
    assert boris.post("/phrases/will-talk/my", {"words": "မေ့သွားပြီ"}).status_code == 422
    assert "exactly the holes" in boris.text
    assert boris.post("/phrases/will-talk/xx", {"words": "x"}).status_code == 404
    assert boris.get("/phrases/no-such").status_code == 404


# --- the interpreter -------------------------------------------------------------------------


def test_an_interpreter_comes_to_the_messages_and_to_nothing_else(
    indra: Browser, case: Case
) -> None:
    indra.get("/", follow_redirects=True)
    assert "Messages to translate" in indra.text
    assert "Nothing waits for you" in indra.text
    for path in ("/cases", f"/cases/{case.reference}", "/factories", "/notices", "/phrases"):
        assert indra.get(path).status_code == 403


def crawl(browser: Browser) -> dict[str, str]:
    """Every page and file that can be reached from where one signs in, by links alone."""
    found: dict[str, str] = {}
    waits = ["/", "/account"]
    while waits:
        path = waits.pop()
        if path in found:
            continue
        answer = browser.client.get(path)
        found[path] = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
        answer.close()
        waits += [str(answer.location)] if answer.location else []
        links = re.findall(r'(?:href|src|action)="(/[^"#?]*)', found[path])
        waits += [link for link in links if not link.startswith("/static")]
    return found


def test_all_that_an_interpreter_can_reach_shows_the_one_message_and_no_more(
    app: Flask,
    asha: Browser,
    indra: Browser,
    store: Store,
    cast: Cast,
    case: Case,
    now: datetime,
    clock: Clock,
) -> None:
    """Marked text stands everywhere in the case, and only one message is asked for."""
    voice(store, case, now)
    with store.writing() as session:
        fresh = session.get_one(Case, case.id)
        filing.add(session, fresh, Piece("marked-walrus"), now=now)
    asha.step(case, "note", "marked-heron")
    asha.get(f"/cases/{case.reference}")
    form = {"seen": asha.seen, "severity": "serious", "issue": "WAG:unpaid"}
    asha.post(f"/cases/{case.reference}/triage", form | {"summary": "marked-lynx"})
    hold(asha, case, "marked-otter")
    clock.at += timedelta(days=3)
    for browser, name in ((asha, "asha"), (indra, "indra")):
        browser.sign_in(name)
    where = f"/cases/{case.reference}/messages/{story(store, case).id}"
    asha.get(where)
    asha.post(f"{where}/interpreter", {"to": ""}, follow_redirects=True)
    assert "Asked." in asha.text
    pages = crawl(indra)
    with store.reading() as session:
        job = session.exec(select(Interpreting.id)).one()
    one = pages[f"/interpreting/{job}"]
    assert STORY in one
    # Whoever may declare a tie chooses among all factories and brands, whatever case is at hand.
    ties, chosen = re.subn(r'(?s)<select[^>]* id="to".*?</select>', "", pages["/account/ties"])
    assert chosen == 1
    everything = "".join({**pages, "/account/ties": ties}.values())
    hidden = [
        *("marked-walrus", "marked-heron", "marked-lynx", "marked-otter", "OggS-marked"),
        *(case.reference, case.reference[3:7], str(case.id), str(cast.golden_thread.id)),
        *(cast.golden_thread.name, "GT7KM", "Golden Thread", "Phnom Penh<", "Cambodia"),
        *("Wages", "Unpaid", "WAG", "Serious", "Asha", "Aurora"),
        *("20 Nov", "Received", str(story(store, case).id)),
    ]
    for mark in hidden:
        assert mark not in everything, mark
    assert "Waits since 23 Nov 2026" in in_words(one)


def in_words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_voice_message_reaches_an_interpreter_without_a_name_that_says_something(
    asha: Browser, indra: Browser, store: Store, case: Case, now: datetime
) -> None:
    row = voice(store, case, now)
    where = f"/cases/{case.reference}/messages/{row}"
    asha.get(where)
    asha.post(f"{where}/interpreter")
    with store.reading() as session:
        job = session.exec(select(Interpreting.id)).one()
    answer = indra.get(f"/interpreting/{job}/file")
    assert answer.get_data() == b"OggS-marked"
    assert case.reference not in str(answer.headers)
    assert case.reference[3:] not in str(answer.headers)
    assert str(case.id) not in str(answer.headers)
    indra.get(f"/interpreting/{job}")
    form = {"text": "We worked at night.", "heard": "ညပိုင်းအလုပ်"}
    indra.post(f"/interpreting/{job}", form, follow_redirects=True)
    assert indra.get(f"/interpreting/{job}").status_code == 404
    assert indra.get(f"/interpreting/{job}/file").status_code == 404
    asha.get(f"/cases/{case.reference}")
    assert "We worked at night." in asha.text
    assert "ညပိုင်းအလုပ်" in asha.text
    assert "By an interpreter, Indra" in asha.text


def test_every_look_of_an_interpreter_is_written_down(
    asha: Browser, indra: Browser, store: Store, cast: Cast, case: Case
) -> None:
    where = hold(asha, case)
    asha.post(f"{where}/interpreter")
    with store.reading() as session:
        job = session.exec(select(Interpreting.id)).one()
    indra.get("/interpreting")
    for _ in range(2):
        indra.get(f"/interpreting/{job}")
    with store.reading() as session:
        mine = select(AccessLog).where(AccessLog.staff_id == cast.indra.id)
        logged = session.exec(mine).all()
    assert [(one.what, one.case_id) for one in logged] == [("interpreting", case.id)] * 2


def test_an_interpreter_who_knows_the_people_says_so_and_another_one_is_asked(
    asha: Browser, indra: Browser, store: Store, cast: Cast, case: Case, now: datetime
) -> None:
    with store.writing() as session:
        cases.assign(
            session,
            session.get_one(Case, case.id),
            session.get_one(Staff, cast.asha.id),
            by=cast.actor("boris"),
            now=now,
        )
    asha.get(f"/cases/{case.reference}")
    where = hold(asha, case)
    asha.post(f"{where}/interpreter", {"to": str(cast.indra.id)})
    with store.reading() as session:
        job = session.exec(select(Interpreting.id)).one()
    indra.get(f"/interpreting/{job}")
    assert f'href="/interpreting/{job}/tie"' in indra.page
    indra.get(f"/interpreting/{job}/tie")
    assert case.reference not in indra.page
    assert indra.post(f"/interpreting/{job}/tie", {"words": " "}).status_code == 422
    indra.post(f"/interpreting/{job}/tie", {"words": "My sister"}, follow_redirects=True)
    assert "Declared." in indra.text
    assert "Nothing waits for you" in indra.text
    for path in (f"/interpreting/{job}", f"/interpreting/{job}/tie"):
        assert indra.get(path).status_code == 404
    indra.get("/account/ties")
    assert "My sister" in indra.text
    assert case.reference not in indra.page
    asha.get("/notices")
    assert "An interpreter has a tie to this case. Ask another one." in asha.text
    asha.get(where)
    assert "An interpreter is asked" not in asha.text
    assert "No interpreter who may see this case" in asha.text
    with store.writing() as session:
        session.add(
            Staff(
                id=77,
                name="Ines",
                email="ines@example.org",
                role=Role.INTERPRETER,
                speaks="my",
                created_at=now,
            )
        )
    asha.get(where)
    asha.post(f"{where}/interpreter", {"to": "77"}, follow_redirects=True)
    assert "An interpreter is asked" in asha.text


def test_an_interpreter_without_the_language_is_not_asked(
    asha: Browser, indra: Browser, store: Store, cast: Cast, case: Case
) -> None:
    with store.writing() as session:
        session.get_one(Staff, cast.indra.id).speaks = "km"
    where = hold(asha, case)
    assert "No interpreter who may see this case" in asha.text
    assert asha.post(f"{where}/interpreter").status_code == 422


# --- the whole way ---------------------------------------------------------------------------


def test_a_handler_writes_english_an_interpreter_translates_and_the_worker_reads_burmese(
    api: BotApi,
    asha: Browser,
    indra: Browser,
    store: Store,
    case: Case,
    clock: Clock,
) -> None:
    where = hold(asha, case)
    asha.post(f"{where}/interpreter", follow_redirects=True)
    assert "An interpreter is asked" in asha.text
    phone = api.phone(user_id=990001)
    phone.known = True
    deliver_all(api, store, clock)
    assert phone.messages == []
    indra.get("/", follow_redirects=True)
    job = re.search(r"/interpreting/\d+", indra.page)
    assert job
    indra.get(job.group())
    assert ENGLISH in indra.text
    clock.forward(hours=2)
    indra.post(job.group(), {"text": BURMESE}, follow_redirects=True)
    assert "Thank you." in indra.text
    assert "Nothing waits for you" in indra.text
    deliver_all(api, store, clock)
    read = "".join(opened(Door(store, clock.at), phone))
    assert BURMESE in read
    assert ENGLISH not in read
    asha.get(f"/cases/{case.reference}")
    assert ENGLISH in asha.text
    assert BURMESE in asha.text
    assert "By an interpreter, Indra" in asha.text
    with store.reading() as session:
        fresh = cases.by_reference(session, case.reference)
        assert fresh
        (sent,) = [
            message
            for message in messages.of_case(session, fresh.id)
            if message.direction is Direction.TO_WORKER
        ]
        (version,) = beside.of_message(session, sent)
        assert version.made_by is VersionBy.INTERPRETER
        assert sent.at == clock.at

"""What people wrote, and who they are, stands in clear nowhere: not in the file, not in a log."""

import re
from pathlib import Path

import pytest
from sqlmodel import col, select

from casework.models import AccessLog, Case, Conversation, Message, Outbox, SavedFilter, SearchWord
from tests.botapi import BotApi
from tests.installation import FACTORY, HANDLER, PASSWORD, install
from tests.opening import open_news
from tests.running import Running
from tests.staffweb import StaffWeb

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STORY, LATER = "the-marked-story-zebra", "the-marked-addition-walrus"
REPLY, NOTE, SUMMARY = "the-marked-reply-otter", "the-marked-note-heron", "the-marked-summary-lynx"
FACTORY_WORDS = "the-marked-unknown-mill-okapi"
PERSON, REASON = "the-marked-person-puma", "the-marked-reason-stork"
FILTER, SEARCHED = "the-marked-filter-quail", "the-marked-search-newt"
PHONE, HEARD = "+855 98 765 4321", "the-marked-call-egret"
NAME, USERNAME = "Marked-Firstname-Ibex", "marked_username_gnu"
USER_ID = 7_654_321_987


def test_a_marked_complaint_leaves_no_word_in_the_files_the_log_or_error_pages(
    tmp_path: Path,
) -> None:
    here = install(tmp_path)
    marks = [STORY, LATER, REPLY, NOTE, SUMMARY, FACTORY_WORDS, NAME, USERNAME, str(USER_ID)]
    marks += [PERSON, REASON, FILTER, SEARCHED, PHONE, HEARD]
    # Each of these stands in what is searched for, alone.
    marks += ["zebra", "walrus", "otter", "heron", "okapi", "quail"]
    with BotApi() as api:
        program = Running(
            tmp_path, RECOURSE_TELEGRAM_TOKEN=api.token, RECOURSE_TELEGRAM_API_URL=api.url
        )
        with program, StaffWeb(program.address) as asha:
            worker = api.phone(user_id=USER_ID, first_name=NAME, username=USERNAME)
            worker.start()
            for button in ("language|en", "welcome|yes", "who|worker"):
                worker.press(button)
            worker.wait_for(lambda m: "factory|" in str(m.rows))
            worker.send(FACTORY_WORDS)
            for button in ("category|WAG", "danger|no"):
                worker.press(button)
            worker.wait_for(lambda m: "story|" in str(m.rows))
            worker.send(STORY)
            worker.press("story|send")
            reference = worker.wait_for("RC-").text.partition("RC-")[2][:9]
            worker.press("add:")
            worker.answer()
            worker.send(LATER)
            worker.answer()
            # A draft that is never sent, and an update that Telegram's library can't read.
            other = api.phone(first_name=NAME)
            other.start(f"F-{FACTORY}")
            other.answer()
            other.send(f"{STORY} again")
            other.answer()
            worker.write(poll={"question": STORY})
            worker.answer()
            helper = api.phone(first_name=NAME)
            helper.start(f"F-{FACTORY}")
            for button in ("language|en", "welcome|yes", "who|helper", "behalf|agrees"):
                helper.press(button)
            helper.wait_for(lambda m: "person|" in str(m.rows))
            helper.send(PERSON)
            for button in ("category|DOC", "danger|no"):
                helper.press(button)
            helper.wait_for(lambda m: "story|" in str(m.rows))
            helper.send(STORY)
            helper.press("story|send")
            helped = "RC-" + helper.wait_for("RC-").text.partition("RC-")[2][:9]
            helper.press("receipt:")
            secret = re.findall(r"\b\d{4} \d{4}\b", helper.wait_for("Secret number").text)
            assert len(secret) == 1
            marks += [secret[0], secret[0].replace(" ", "")]

            asha.sign_in(HANDLER, PASSWORD)
            case = f"RC-{reference}"
            page = asha.page(f"/cases/{case}")
            assert STORY in page
            assert LATER in page
            assert FACTORY_WORDS in page
            asha.step(case, "note", NOTE)
            asha.step(case, "reply", REPLY)
            asha.submit(
                f"/cases/{case}",
                f"/cases/{case}/triage",
                severity="critical",
                issue="WAG:unpaid",
                summary=SUMMARY,
            )
            assert REPLY in open_news(worker, case).text
            assert PERSON not in asha.page(f"/cases/{helped}")
            opened = asha.submit(f"/cases/{helped}", f"/cases/{helped}/identity", reason=REASON)
            assert PERSON in opened.text
            for word in ("zebra", "walrus", "otter", "heron", "lynx", "okapi mill"):
                assert case in asha.page(f"/cases?find={word}"), word
            assert helped not in asha.page("/cases?find=puma")
            asha.submit(
                f"/cases?find={SEARCHED}", "/filters/save", find=SEARCHED, name=FILTER, shared="yes"
            )
            assert FILTER in asha.page("/cases")
            taken = {"channel": "phone", "language": "my", "reach": "by-phone", "words_in": "en"}
            taken |= {"consent": "yes", "received_at": "2026-01-01T00:00", "phone": PHONE}
            page = asha.page("/cases/new")
            taken["received_at"] = page.partition('id="received_at"')[2].split('value="')[1][:16]
            numbers = asha.submit("/cases/new", "/cases/new", words=HEARD, **taken).text
            marks += re.findall(r"\b\d{4} \d{4}\b", numbers)
            (called,) = set(re.findall(r"RC-\w{4}-\w{4}", numbers))
            assert PHONE not in asha.page(f"/cases/{called}")
            shown = asha.submit(f"/cases/{called}", f"/cases/{called}/phone", reason=REASON)
            assert PHONE in shown.text
            assert called in asha.page("/cases?find=egret")
            errors = [
                asha.get(f"/cases/{STORY}").text,
                asha.get(f"/cases?find={STORY}&status={STORY}").status_code,
                asha.get(f"/no-such-page/{STORY}").text,
            ]
            program.stop()
    with here.store.reading() as session:
        # The test would prove nothing if these were empty.
        assert len(session.exec(select(Message)).all()) >= 4
        chats = select(Case).where(col(Case.reporter_id).is_not(None)).order_by(col(Case.id))
        first, second = session.exec(chats)
        third = session.exec(select(Case).where(col(Case.reporter_id).is_(None))).one()
        assert first.summary_sealed
        assert second.identity_sealed
        assert third.phone_sealed
        assert second.receipt_index
        assert (
            session.exec(select(AccessLog).where(AccessLog.what == "identity")).one().reason_sealed
        )
        assert len(session.exec(select(Conversation)).all()) == 3
        assert session.exec(select(Outbox)).all()
        assert len(session.exec(select(SearchWord)).all()) > 20
        assert session.exec(select(SavedFilter)).one().shared
    here.store.engine.dispose()
    log = "".join(program.output)
    for mark in marks:
        assert mark not in log, f"{mark} stands in the log."
        assert mark not in str(errors[0]), f"{mark} stands in an error page."
        assert mark not in str(errors[2]), f"{mark} stands in an error page."
        for file in (path for path in tmp_path.rglob("*") if path.is_file()):
            raw = file.read_bytes()
            for encoding in ("utf-8", "utf-16-le"):
                assert mark.encode(encoding) not in raw, f"{mark} stands in {file.name}."
    assert api.token not in log

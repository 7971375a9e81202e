"""What people wrote, and who they are, stands in clear nowhere: not in the file, not in a log."""

from pathlib import Path

import pytest
from sqlmodel import select

from casework.models import Case, Conversation, Message, Outbox
from tests.botapi import BotApi
from tests.installation import FACTORY, HANDLER, PASSWORD, install
from tests.running import Running
from tests.staffweb import StaffWeb

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STORY, LATER = "the-marked-story-zebra", "the-marked-addition-walrus"
REPLY, NOTE, SUMMARY = "the-marked-reply-otter", "the-marked-note-heron", "the-marked-summary-lynx"
FACTORY_WORDS = "the-marked-unknown-mill-okapi"
NAME, USERNAME = "Marked-Firstname-Ibex", "marked_username_gnu"
USER_ID = 7_654_321_987


def test_a_marked_complaint_leaves_no_word_in_the_files_the_log_or_error_pages(
    tmp_path: Path,
) -> None:
    here = install(tmp_path)
    marks = [STORY, LATER, REPLY, NOTE, SUMMARY, FACTORY_WORDS, NAME, USERNAME, str(USER_ID)]
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
            worker.wait_for(REPLY)
            errors = [
                asha.get(f"/cases/{STORY}").text,
                asha.get(f"/cases?find={STORY}&status={STORY}").status_code,
                asha.get(f"/no-such-page/{STORY}").text,
            ]
            program.stop()
    with here.store.reading() as session:
        # The test would prove nothing if these were empty.
        assert len(session.exec(select(Message)).all()) >= 4
        assert session.exec(select(Case)).one().summary_sealed
        assert len(session.exec(select(Conversation)).all()) == 2
        assert session.exec(select(Outbox)).all()
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

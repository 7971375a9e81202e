"""The pages of importing past cases, of the case file, and of handing a case over."""

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import col, func, select

from casework import handing_over, identity
from casework.audit import events
from casework.db import Store
from casework.models import AccessLog, Case, CaseUpload, Staff
from casework.taking_in import importing, uploads
from casework.vocabulary import Action
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.test_past_cases import ENDED, OPEN, as_csv, as_xlsx
from tests.webhelp import Browser, build, file_case, give_accounts


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


@pytest.fixture
def boris(app: Flask) -> Browser:
    browser = Browser(app)
    browser.sign_in("boris")
    return browser


def bring(browser: Browser, raw: bytes, dates: str = "iso") -> str:
    """Upload a file; the address of what it would do."""
    browser.get("/cases/import")
    form = {"list": (io.BytesIO(raw), "list.csv"), "dates": dates}
    answer = browser.post("/cases/import", form, content_type="multipart/form-data")
    assert answer.status_code == 302, browser.text
    browser.get(answer.location)
    return str(answer.location)


def count(store: Store) -> int:
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def test_a_good_file_is_looked_at_and_then_imported_whole(store: Store, boris: Browser) -> None:
    where = bring(boris, as_xlsx([ENDED, OPEN]))
    assert "Can be imported 2" in boris.text
    assert "FW-2019-0042" in boris.text
    assert count(store) == 0
    boris.post(f"{where}/apply", follow_redirects=True)
    assert "2 cases imported." in boris.text
    assert count(store) == 2
    with store.reading() as session:
        assert session.exec(select(CaseUpload)).all() == []
        case = session.exec(select(Case).where(Case.status == "closed")).one()
    boris.get(f"/cases/{case.reference}")
    assert "Imported" in boris.text
    assert "The case was imported from another system." in boris.text
    boris.get(f"/cases/{case.reference}/file")
    assert "FW-2019-0042" in boris.text


def test_of_a_file_with_problems_the_good_rows_come_in_by_choice_alone(
    store: Store, boris: Browser
) -> None:
    bad = [ENDED | {"reference": "X", "factory": "NOWHERE"}, OPEN | {"workers": "many"}]
    where = bring(boris, as_csv([ENDED, *bad]))
    assert "2 rows to correct. Nothing was imported." in boris.text
    assert "There is no factory with this code." in boris.text
    boris.post(f"{where}/apply", follow_redirects=True)
    assert "Nothing was imported" in boris.text
    assert count(store) == 0
    file = boris.client.get(f"{where}/bad-rows")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.text.startswith("\ufeffproblem,reference")
    assert "workers: Write a whole number" in file.text
    boris.get(where)
    boris.post(f"{where}/apply", {"skip_bad": "yes"}, follow_redirects=True)
    assert "1 case imported." in boris.text
    assert "Imported before, left as they are 1" in boris.text
    assert count(store) == 1


def test_letters_that_are_not_certain_are_shown_to_choose_from(boris: Browser) -> None:
    thai = "ค่าจ้างไม่ได้รับสองเดือน"
    raw = as_csv([ENDED | {"summary": thai}]).decode().encode("cp874")
    where = bring(boris, raw)
    assert "Which of these reads rightly?" in boris.text
    assert thai[:10] in boris.text
    form = {"encoding": "cp874", "dates": "iso"}
    boris.post(f"{where}/reading", form, follow_redirects=True)
    assert "Can be imported 1" in boris.text


def test_a_file_with_days_first_is_read_as_such_when_somebody_says_so(boris: Browser) -> None:
    raw = as_csv([ENDED]).replace(b"2024-03-31", b"31/03/2024")
    where = bring(boris, raw)
    assert "Day or month first?" in boris.text
    boris.post(f"{where}/reading", {"dates": "dmy"}, follow_redirects=True)
    assert "Can be imported 1" in boris.text


def test_a_file_is_seen_by_who_brought_it_alone_and_not_for_long(
    app: Flask, store: Store, boris: Browser, clock: Clock
) -> None:
    where = bring(boris, as_csv([ENDED]))
    chen = Browser(app)
    chen.sign_in("chen")
    for path in ("", "/bad-rows"):
        assert chen.get(where + path).status_code == 404
    with store.writing() as session:
        assert b"FW-2019" not in session.exec(select(CaseUpload.sealed)).one()
        uploads.tidy(session, clock.at)
        assert session.exec(select(CaseUpload)).all()
        uploads.tidy(session, clock.at + uploads.KEPT * 2)
        assert not session.exec(select(CaseUpload)).all()
    assert boris.get(where).status_code == 404


def test_a_file_can_be_thrown_away(store: Store, boris: Browser) -> None:
    where = bring(boris, as_csv([ENDED]))
    boris.get("/cases/import")
    assert "Go on with the file you brought" in boris.text
    boris.get(where)
    boris.post(f"{where}/drop", follow_redirects=True)
    assert "The file is deleted." in boris.text
    assert boris.get(where).status_code == 404


@pytest.mark.parametrize("raw", [b"", b"x" * 101])
def test_no_file_or_too_large_a_one_is_said_calmly(
    boris: Browser, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_BYTES", 100)
    boris.get("/cases/import")
    form = {"list": (io.BytesIO(raw), "list.csv" if raw else "")}
    answer = boris.post("/cases/import", form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose a file first." in boris.text or "larger than 16 MB" in boris.text


# --- the file of a case -----------------------------------------------------------------------


def test_the_case_file_holds_all_and_for_people_outside_nothing_internal(
    store: Store, cast: Cast, boris: Browser, now: datetime
) -> None:
    case = file_case(store, cast, now, words="No pay for two months")
    boris.step(case, "acknowledge")
    boris.step(case, "note", "a note among ourselves")
    boris.step(case, "reply", "We look into it")
    boris.get(f"/cases/{case.reference}/file")
    for words in ("No pay for two months", "a note among ourselves", "We look into it"):
        assert words in boris.text
    assert "Boris acknowledged the complaint." in boris.text
    assert "Hand the case over" in boris.text
    boris.get(f"/cases/{case.reference}/file?for=outside")
    assert "No pay for two months" in boris.text
    assert "We look into it" in boris.text
    for words in ("a note among ourselves", "Boris acknowledged", "Acknowledgement"):
        assert words not in boris.text
    with store.reading() as session:
        read = session.exec(select(AccessLog).where(AccessLog.what == "case-file")).all()
    assert len(read) == 2


def test_who_may_not_see_a_case_gets_neither_its_file_nor_its_export(
    app: Flask, store: Store, cast: Cast, boris: Browser, now: datetime
) -> None:
    from casework.vocabulary import Category

    hidden = file_case(store, cast, now, category=Category.HARASSMENT, kind="sexual")
    for page in ("file", "export"):
        assert boris.get(f"/cases/{hidden.reference}/{page}").status_code == 404
        assert boris.get(f"/cases/RC-7K3M-9Q2T/{page}").status_code == 404
    seen = file_case(store, cast, now)
    asha = Browser(app)
    asha.sign_in("asha")
    assert asha.get(f"/cases/{seen.reference}/file").status_code == 200
    assert "Hand the case over" not in asha.text
    assert asha.get(f"/cases/{seen.reference}/export").status_code == 403


def seal(browser: Browser, case: Case, **form: str) -> tuple[int, bytes, str]:
    """Fill in the form of handing over; status, what came, and the passphrase that was shown."""
    where = f"/cases/{case.reference}/export"
    browser.get(where)
    found = re.search(r'name="passphrase" value="([^"]+)"', browser.page)
    assert found
    assert browser.page.count(found[1]) == 2, "to be read, and to come back with the form"
    data = {"csrf_token": browser.token, "passphrase": found[1], "sure": "yes", **form}
    answer = browser.client.post(where, data=data)
    content = answer.get_data()
    answer.close()
    if answer.mimetype == "text/html":
        browser.page = content.decode()
    return answer.status_code, content, found[1]


def test_a_case_is_handed_over_sealed_with_a_reason_and_opens_elsewhere(
    store: Store, cast: Cast, boris: Browser, now: datetime, tmp_path: Path
) -> None:
    case = file_case(store, cast, now, words="No pay for two months")
    with store.writing() as session:
        identity.seal(session, session.get_one(Case, case.id), "Daw Mya of line four")
    boris.step(case, "note", "a note for colleagues")
    status, raw, passphrase = seal(boris, case, reason="to the garment union, who goes on")
    assert status == 200
    for clear in (b"No pay", b"PK\x03\x04", passphrase.encode()):
        assert clear not in raw
    opened = handing_over.open_into(io.BytesIO(raw), passphrase.lower(), tmp_path / "case")
    assert (opened.reference, opened.broken_at) == (case.reference, None)
    text = (tmp_path / "case" / "case.json").read_text()
    page = (tmp_path / "case" / "index.html").read_text()
    for words in ("No pay for two months", case.reference):
        assert words in text
        assert words in page
    for words in ("a note for colleagues", "Daw Mya", "990001"):
        assert words not in text + page
    found = json.loads(text)
    assert found["events"][-1]["action"] == "export"
    assert found["chain"]["events"] == len(found["events"]) == opened.events
    with store.reading() as session:
        kept = session.get_one(Case, case.id)
        history = events.history(session, case.id)
        assert events.first_broken(kept, history) is None
        assert history[-1].action is Action.EXPORT
        entry = session.exec(select(AccessLog).where(AccessLog.what == "export")).one()
        place = ("accesslog", "reason_sealed", entry.id)
        reason = session.vault.open_text(*place, entry.reason_sealed or b"")
        assert (entry.staff_id, reason) == (cast.boris.id, "to the garment union, who goes on")
        assert not session.exec(select(AccessLog).where(AccessLog.what == "identity")).all()


def test_identity_and_notes_go_along_only_when_ticked_and_explained(
    store: Store, cast: Cast, boris: Browser, now: datetime, tmp_path: Path
) -> None:
    case = file_case(store, cast, now)
    with store.writing() as session:
        identity.seal(session, session.get_one(Case, case.id), "Daw Mya of line four")
        session.get_one(Staff, cast.boris.id).may_identify = True
    boris.step(case, "note", "a note for colleagues")
    wish = {"reason": "to the union", "identity": "yes", "notes": "yes"}
    status, _, _ = seal(boris, case, **wish)
    assert status == 422
    assert "why they need to know who the worker is" in boris.text
    status, raw, passphrase = seal(boris, case, **wish, identity_reason="she asked for it")
    assert status == 200
    handing_over.open_into(io.BytesIO(raw), passphrase, tmp_path / "case")
    text = (tmp_path / "case" / "case.json").read_text()
    assert "Daw Mya of line four" in text
    assert "a note for colleagues" in text
    with store.reading() as session:
        explained = col(AccessLog.reason_sealed).is_not(None)
        kinds = set(session.exec(select(AccessLog.what).where(explained)))
        assert kinds == {"export", "identity"}


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"reason": "to the union", "sure": ""}, "written down the passphrase"),
        ({"reason": "  "}, "to whom the case goes"),
        ({"reason": "to the union", "passphrase": "hunter2"}, "written down the passphrase"),
    ],
)
def test_without_a_reason_or_the_passphrase_noted_nothing_leaves(
    store: Store, cast: Cast, boris: Browser, now: datetime, form: dict[str, str], says: str
) -> None:
    case = file_case(store, cast, now)
    status, _, _ = seal(boris, case, **form)
    assert status == 422
    assert says in boris.text
    with store.reading() as session:
        assert [event.action for event in events.history(session, case.id)] == [Action.FILE]
        assert not session.exec(select(AccessLog).where(AccessLog.what == "export")).all()


def test_a_wrong_passphrase_or_a_changed_file_opens_nothing(
    store: Store, cast: Cast, boris: Browser, now: datetime, tmp_path: Path
) -> None:
    from casework.archive import new_passphrase
    from casework.errors import BadInput

    case = file_case(store, cast, now, words="word " * 40_000)
    _, raw, passphrase = seal(boris, case, reason="to the union")
    middle = len(raw) // 2
    changed = raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]
    for file, phrase in (
        (raw, new_passphrase()),
        (changed, passphrase),
        (raw[:-1], passphrase),
        (raw + b"x", passphrase),
        (b"RCCASE1\n" + b"\xff" * 40, passphrase),
        (b"something else", passphrase),
    ):
        with pytest.raises(BadInput):
            handing_over.open_into(io.BytesIO(file), phrase, tmp_path / "case")
        assert not (tmp_path / "case").exists()


def test_an_event_that_was_changed_on_the_way_is_named(
    store: Store, cast: Cast, boris: Browser, now: datetime, tmp_path: Path
) -> None:
    case = file_case(store, cast, now)
    boris.step(case, "acknowledge")
    _, raw, passphrase = seal(boris, case, reason="to the union")
    handing_over.open_into(io.BytesIO(raw), passphrase, tmp_path / "case")
    found = json.loads((tmp_path / "case" / "case.json").read_text())
    chain, head = found["events"], found["chain"]["head"]
    assert handing_over.first_broken(chain, head) is None
    assert handing_over.first_broken(chain[:-1], head) == len(chain)
    chain[1]["after"] = "closed"
    assert handing_over.first_broken(chain, head) == 2


def test_an_archive_that_would_write_outside_its_folder_is_refused(tmp_path: Path) -> None:
    from casework import archive
    from casework.errors import BadInput

    out, phrase = io.BytesIO(), archive.new_passphrase()
    sealer = archive.Sealer(out, phrase)
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as packed:
        packed.writestr("case.json", "{}")
        packed.writestr("../outside", "x")
    sealer.write(plain.getvalue())
    sealer.close()
    out.seek(0)
    with pytest.raises(BadInput):
        handing_over.open_into(out, phrase, tmp_path / "case")
    assert list(tmp_path.iterdir()) == []

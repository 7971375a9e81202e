"""A browser for tests without one: signs in, keeps the cookies, sends the token of the last page."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from html import unescape
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework import filing
from casework.config import Settings, settings_from
from casework.db import Store
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.models import Case
from casework.vocabulary import Category
from tests.conftest import Cast
from webadmin import accounts
from webadmin.app import create_app

PASSWORD = "correct horse battery staple tree"
USUAL_REASONS = {"reject": "not-work", "refer": "labour-office"}
# A hash carries what it costs: hundreds of tests sign in, and none of them guesses passwords.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def settings(**more: str) -> Settings:
    return settings_from({"RECOURSE_ZONE": "Asia/Phnom_Penh", **more})


def build(store: Store, now: Callable[[], datetime], **more: str) -> Flask:
    return create_app(store, settings(**more), now=now, secret_key=b"k" * 32)


def give_accounts(store: Store, cast: Cast, now: datetime) -> None:
    """Everybody of the cast can sign in, without hashing the same password five times."""
    with store.writing() as session:
        people = (cast.asha, cast.dilani, cast.boris, cast.chen, cast.brigitte)
        for person in (*people, cast.indra, cast.auguste):
            session.add(
                accounts.Account(
                    id=new_id(now),
                    staff_id=person.id,
                    email=person.email,
                    password=_HASH,
                    fs_uniquifier=f"session-of-{person.name}",
                    password_set_at=now,
                )
            )


class Browser:
    """One person in front of the site."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.page = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        return self._keep(self.client.get(path, **more))

    def post(self, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        data = {"csrf_token": self.token, **(form or {})}
        return self._keep(self.client.post(path, data=data, **more))

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.page)
        return found[1] if found else ""

    @property
    def seen(self) -> str:
        found = re.search(r'name="seen" value="(\d+)"', self.page)
        assert found, "no form of a case on the page"
        return found[1]

    @property
    def text(self) -> str:
        """The page without its markup."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        return self.post("/sign-in", {"email": f"{name}@example.org", "password": password})

    def step(self, case: Case, action: str, text: str = "", **more: str) -> TestResponse:
        """Open the case, press the button, follow to the page after it. Where the outcome is told,
        everything is founded before; what is refused or referred gets the usual reason."""
        if action == "conclude":
            self.find_founded(case)
        self.get(f"/cases/{case.reference}")
        signed = {"declared": "yes"} if f'id="declared-{action}"' in self.page else {}
        usual = {"reason": USUAL_REASONS[action]} if action in USUAL_REASONS else {}
        form = {
            "seen": self.seen,
            "action": action,
            "text": text,
            "as_is": "yes",
            **signed,
            **usual,
            **more,
        }
        return self.post(f"/cases/{case.reference}/step", form, follow_redirects=True)

    def find_founded(self, case: Case) -> None:
        """Note on the page "Work" that every issue is founded."""
        work = f"/cases/{case.reference}/work"
        self.get(work)
        for row in re.findall(rf'action="{work}/issue/(\d+)"', self.page):
            form = {"finding": "founded", "gravity": "major", "reason": "The papers show it."}
            form |= {"declared": "yes", "as_is": "yes"}
            sent = self.post(f"{work}/issue/{row}", {"seen": self.seen, **form})
            assert sent.status_code == 302, self.text
            self.get(work)

    def _keep(self, response: TestResponse) -> TestResponse:
        content = response.get_data()
        if response.mimetype == "text/html":
            self.page = content.decode()
        response.close()
        return response


def file_case(
    store: Store,
    cast: Cast,
    now: datetime,
    *,
    words: str = "ကျွန်မတို့ လစာ မရသေးပါ",
    category: Category | None = Category.WAGES,
    kind: str = "unpaid",
) -> Case:
    """Htwe files a complaint about Golden Thread."""
    with store.writing() as session:
        complaint = Complaint((Piece(words),), cast.golden_thread, "", category, kind)
        return filing.open_case(session, cast.htwe, complaint, now=now)

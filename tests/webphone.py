"""A worker's browser for tests without one: reads the web chat's page, presses, writes, uploads."""

import io
import re
from html import unescape
from html.parser import HTMLParser

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

CHAT = "/chat"


class _Page(HTMLParser):
    """The messages of a page, each with its buttons, and the hidden fields of its forms."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        self.buttons: dict[str, tuple[str, str]] = {}
        self.hidden: dict[str, str] = {}
        self.languages: list[str] = []
        self._in: list[str] = []
        self._button: tuple[str, str] | None = None
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "input" and have.get("type") == "hidden":
            self.hidden[have["name"]] = have["value"]
        if tag == "button":
            self._button, self._label = (have.get("name", ""), have.get("value", "")), ""
            if have.get("name") == "language":
                self.languages.append(have["value"])
        if tag in ("p", "span"):
            self._in.append(have.get("class", ""))
            if have.get("class") == "said":
                self.messages.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "span") and self._in:
            self._in.pop()
        if tag == "button" and self._button:
            self.buttons[self._label.strip()] = self._button
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._button:
            self._label += data
        if self._in and self._in[-1] == "said":
            self.messages[-1] += data


class WebPhone:
    """One browser in front of the web chat. Follows redirects, keeps cookies and the last page."""

    def __init__(self, app: Flask, **headers: str) -> None:
        self.client = app.test_client()
        self.headers = headers
        self.html = ""
        self.page = _Page()

    def open(self, path: str = CHAT) -> TestResponse:
        return self._keep(self.client.get(path, headers=self.headers, follow_redirects=True))

    def start(self, language: str = "en", poster: str = "") -> TestResponse:
        self.open(f"{CHAT}?start={poster}" if poster else CHAT)
        return self.post("/start", language=language, start=poster)

    def say(self, text: str, **more: str) -> TestResponse:
        return self.post("/send", text=text, send="1", **more)

    def press(self, label: str, text: str = "") -> TestResponse:
        """Press the button whose label ends so (an icon may stand before it)."""
        found = [press for name, press in self.page.buttons.items() if name.endswith(label)]
        assert found, f"no button {label!r} among {list(self.page.buttons)}"
        return self.post("/send", press=found[0][1], text=text)

    def upload(self, data: bytes, name: str, field: str = "file", text: str = "") -> TestResponse:
        return self.post("/send", text=text, **{field: FileStorage(io.BytesIO(data), name)})

    def enter(self, code: str, **more: str) -> TestResponse:
        self.open(f"{CHAT}/return")
        return self.post("/return", code=code, **more)

    def leave(self) -> TestResponse:
        return self.post("/leave")

    def post(self, path: str, **form: object) -> TestResponse:
        hidden = {name: v for name, v in self.page.hidden.items() if name not in form}
        # Encoded here: the test client would leave its temporary file for a big body open.
        boundary, body = encode_multipart({**hidden, **form})
        return self._keep(
            self.client.post(
                CHAT + path,
                data=body,
                headers=self.headers,
                content_type=f"multipart/form-data; boundary={boundary}",
                follow_redirects=True,
            )
        )

    @property
    def code(self) -> str:
        found = re.search(r'<p class="secret"><bdi>([^<]+)</bdi>', self.html)
        assert found, "no code on the page"
        return found[1]

    @property
    def said(self) -> list[str]:
        return self.page.messages

    @property
    def field(self) -> str:
        """What stands in the text field."""
        found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", self.html, re.DOTALL)
        return unescape(found[1]) if found else ""

    @property
    def notice(self) -> str:
        found = re.search(r'<p class="notice"[^>]*>(.*?)</p>', self.html, re.DOTALL)
        return unescape(found[1]) if found else ""

    def _keep(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html":
            self.html = response.get_data(as_text=True)
            self.page = _Page()
            self.page.feed(self.html)
        return response

"""A handler's browser without a browser: reads pages, fills in forms, keeps cookies."""

import re
from html import unescape
from types import TracebackType
from typing import Self

import httpx

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SEEN = re.compile(r'name="seen"[^>]*value="(\d+)"')


class StaffWeb:
    """One person at the case tracker of a running program."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(
            base_url=address, follow_redirects=True, timeout=30, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def page(self, path: str) -> str:
        """A page as a person reads it: entities are characters."""
        response = self._client.get(path)
        response.raise_for_status()
        return unescape(response.text)

    def get(self, path: str) -> httpx.Response:
        return self._client.get(path)

    def submit(self, page: str, to: str, **fields: str) -> httpx.Response:
        """Open ``page``, fill in the form that posts to ``to``, send it."""
        html = self._client.get(page).text
        token, seen = _TOKEN.search(html), _SEEN.search(html)
        assert token, f"{page} has no form:\n{html}"
        hidden = {"csrf_token": token[1]} | ({"seen": seen[1]} if seen else {})
        response = self._client.post(to, data=hidden | fields)
        assert response.status_code == 200, response.text
        return response

    def sign_in(self, email: str, password: str) -> None:
        self.submit("/sign-in", "/sign-in", email=email, password=password)
        assert email.partition("@")[0].lower() in self.page("/").lower()

    def step(self, reference: str, action: str, text: str = "", **more: str) -> None:
        """Take one step on a case."""
        page = f"/cases/{reference}"
        signed = {"as_is": "yes", "declared": "yes"}
        self.submit(page, f"{page}/step", action=action, text=text, **signed, **more)

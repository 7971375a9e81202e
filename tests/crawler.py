"""Follows every link that a session shows, to see all that it can reach."""

import re
from html import unescape
from urllib.parse import urlsplit

from tests.webhelp import Browser

_LINKS = re.compile(r'(?:href|src|action|hx-get)="([^"]+)"')
_NOT_A_PAGE = ("/static/", "/sign-out", "/_fs-static/")
_AT_MOST = 2_000


def crawl(browser: Browser, *starts: str) -> dict[str, bytes]:
    """What each address answers that can be reached from ``starts``, with its headers before it;
    addresses that differ only in which page of a list they show count apart."""
    found: dict[str, bytes] = {}
    waiting = list(starts)
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        assert len(found) < _AT_MOST, "there is no end of it"
        answer = browser.client.get(address)
        body = answer.get_data()
        found[address] = str(answer.headers).encode() + body
        if answer.mimetype == "text/html":
            waiting += _here(body.decode())
        elif answer.location:
            waiting += _here(f'href="{answer.location}"')
        answer.close()
    return found


def _here(page: str) -> list[str]:
    """The addresses of this site that a page names, without their anchors."""
    found = []
    for text in _LINKS.findall(page):
        parts = urlsplit(unescape(text))
        if parts.scheme or parts.netloc or parts.path.startswith(_NOT_A_PAGE):
            continue
        if parts.path.startswith("/"):
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found

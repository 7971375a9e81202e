"""The configured translator, a LibreTranslate server: drafts a translation that a person looks at.

Nothing goes there by itself. Without an address in the settings there is none.
"""

import http.client
import json
import ssl
import time
from urllib.parse import urlsplit

from casework.config import Settings
from casework.errors import BadInput

_SECONDS = 15.0
"""For the whole answer: somebody waits for the page."""
_LONGEST = 256 * 1024
_CODES = {"zh-hans": "zh", "fil": "tl"}
"""What LibreTranslate calls languages that we call otherwise."""


def offered(settings: Settings, *, restricted: bool) -> bool:
    """Whether words of a case may be given to the translator. Those of a restricted case stay in
    the house: only a translator on this machine or at a private address gets them."""
    return bool(settings.translator_url) and (settings.translator_is_ours or not restricted)


def translate(settings: Settings, text: str, source: str, target: str) -> str:
    """The text in another language; ``BadInput`` where the translator gives none.

    It is asked directly, never through a proxy, and no redirection is followed: words go to the
    address in the settings and nowhere else.
    """
    said = {"q": text, "source": _code(source), "target": _code(target), "format": "text"}
    if settings.translator_key:
        said["api_key"] = settings.translator_key
    try:
        status, content = _post(settings.translator_url, json.dumps(said).encode())
        found = json.loads(content) if status == http.client.OK else None
    except (OSError, ValueError, http.client.HTTPException):
        # Never the error's text: it may quote what was sent.
        raise _failed() from None
    translated = found.get("translatedText") if isinstance(found, dict) else None
    if not isinstance(translated, str) or not translated.strip():
        raise _failed()
    return translated.strip()


def _failed() -> BadInput:
    return BadInput(
        "The translator gave no answer, or does not know one of the languages. Write it yourself, or"
        " ask an interpreter."
    )


def _code(language: str) -> str:
    return _CODES.get(language, language)


def _post(address: str, content: bytes) -> tuple[int, bytes]:
    parts = urlsplit(address)
    until = time.monotonic() + _SECONDS
    host = parts.hostname or ""
    connection = (
        http.client.HTTPSConnection(
            host, parts.port, timeout=_SECONDS, context=ssl.create_default_context()
        )
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=_SECONDS)
    )
    try:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        connection.request("POST", f"{parts.path}/translate", content, headers)
        response = connection.getresponse()
        found = b""
        while piece := response.read1(64 * 1024):
            found += piece
            if len(found) > _LONGEST or time.monotonic() > until:
                raise TimeoutError
        return response.status, found
    finally:
        connection.close()

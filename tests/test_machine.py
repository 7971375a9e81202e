"""The configured translator: a LibreTranslate server, here one on this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from casework.config import Settings, settings_from
from casework.errors import BadInput
from webadmin import machine


class Translator:
    """Speaks as much of LibreTranslate's API as is asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.answer: bytes | None = None
        self.headers: dict[str, str] = {}
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                said = json.loads(self.rfile.read(length))
                ours.asked.append((self.path, said))
                translated = {"translatedText": f"[{said['target']}] {said['q']}"}
                content = json.dumps(translated).encode() if ours.answer is None else ours.answer
                self.send_response(ours.status)
                for name, value in ours.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def translator() -> Iterator[Translator]:
    found = Translator()
    yield found
    found.close()


def settings(url: str, **more: str) -> Settings:
    return settings_from({"RECOURSE_TRANSLATOR_URL": url, **more})


def test_a_text_is_translated_by_one_request(translator: Translator) -> None:
    found = machine.translate(settings(translator.url), "Where?", "en", "my")
    assert found == "[my] Where?"
    said = {"q": "Where?", "source": "en", "target": "my", "format": "text"}
    assert translator.asked == [("/translate", said)]


def test_an_address_may_have_a_path_and_a_key(translator: Translator) -> None:
    with_key = settings(f"{translator.url}/lt/", RECOURSE_TRANSLATOR_KEY="k-1")
    machine.translate(with_key, "Where?", "en", "fil")
    ((path, said),) = translator.asked
    assert path == "/lt/translate"
    assert (said["api_key"], said["target"]) == ("k-1", "tl")
    assert "k-1" not in repr(with_key)


def test_chinese_goes_by_the_code_that_the_translator_knows(translator: Translator) -> None:
    machine.translate(settings(translator.url), "Where?", "zh-hans", "en")
    assert translator.asked[0][1]["source"] == "zh"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, b'{"error": "my is not supported"}'),
        (403, b'{"error": "Visit us to get an API key"}'),
        (500, b"<html>"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"translatedText": ""}'),
        (200, b'{"translatedText": 7}'),
        (200, b'{"translatedText": "' + b"x" * 300_000 + b'"}'),
    ],
)
def test_an_answer_that_is_none_is_said_so(
    translator: Translator, status: int, answer: bytes
) -> None:
    translator.status, translator.answer = status, answer
    with pytest.raises(BadInput, match="gave no answer"):
        machine.translate(settings(translator.url), "Where?", "en", "my")


def test_words_follow_no_redirection(translator: Translator) -> None:
    other = Translator()
    try:
        translator.status, translator.headers = 307, {"Location": f"{other.url}/translate"}
        with pytest.raises(BadInput):
            machine.translate(settings(translator.url), "Where?", "en", "my")
        assert other.asked == []
    finally:
        other.close()


def test_a_proxy_of_the_environment_gets_no_words(
    translator: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Translator()
    try:
        monkeypatch.setenv("http_proxy", other.url)
        machine.translate(settings(translator.url), "Where?", "en", "my")
        assert other.asked == []
    finally:
        other.close()


def test_a_translator_that_is_not_there_is_said_so_without_the_words(
    translator: Translator,
) -> None:
    translator.close()
    with pytest.raises(BadInput) as error:
        machine.translate(settings(translator.url), "The secret words.", "en", "my")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://localhost:5000", True),
        ("http://[::1]:5000", True),
        ("http://10.1.2.3", True),
        ("http://192.168.7.7:5000", True),
        ("http://[fd00::7]", True),
        ("https://libretranslate.com", False),
        ("http://translate", False),
        ("http://0.0.0.0:5000", False),
        ("http://203.0.114.9", False),
        ("http://localhost.example.org", False),
    ],
)
def test_restricted_words_go_to_a_translator_in_the_house_alone(address: str, ours: bool) -> None:
    found = settings(address)
    assert found.translator_is_ours is ours
    assert machine.offered(found, restricted=False)
    assert machine.offered(found, restricted=True) is ours


def test_without_an_address_there_is_no_translator() -> None:
    assert not machine.offered(settings_from({}), restricted=False)

"""The HTTP client under python-telegram-bot: its timeouts, its errors, and that it keeps quiet."""

import asyncio
import logging
import os
import socket
import struct
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator

import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest

from bot.request import CHUNK, AiohttpRequest
from tests.botapi import BotApi, Phone

SECRET = "AAHs-a_stand-in_token_for_tests_only"


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as running:
        yield running


@pytest.fixture
def thiri(api: BotApi) -> Phone:
    phone = api.phone("my", first_name="Thiri")
    phone.start()
    return phone


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of something that accepts connections and never reads or answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def run(
    address: str, does: Callable[[Bot], Awaitable[object]], request: AiohttpRequest | None = None
) -> object:
    """Run one thing with a bot whose requests go through the client under test."""

    async def main() -> object:
        async with request or AiohttpRequest() as client:
            return await does(_bot(address, client))

    return asyncio.run(main())


def _bot(address: str, client: BaseRequest) -> Bot:
    return Bot(
        f"7000000001:{SECRET}",
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=client,
        get_updates_request=client,
    )


def failure(address: str, does: Callable[[Bot], Awaitable[object]], *args: AiohttpRequest) -> str:
    """The error this ends in, as a log would write it with everything that led to it."""
    with pytest.raises(TelegramError) as raised:
        run(address, does, *args)
    assert raised.value.__context__ is None or SECRET not in repr(raised.value.__context__)
    written = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert SECRET not in written
    return f"{type(raised.value).__name__}: {raised.value}"


# --- the way there and back ---


def test_two_hundred_replies_leave_side_by_side(api: BotApi, thiri: Phone) -> None:
    api.latency = 0.05

    async def send(bot: Bot) -> float:
        began = time.monotonic()
        await asyncio.gather(*(bot.send_message(thiri.id, f"reply {n}") for n in range(200)))
        return time.monotonic() - began

    took = run(api.url, send)
    assert isinstance(took, float)
    assert took < 200 * 0.05 / 4
    assert sorted(m.text for m in thiri.messages) == sorted(f"reply {n}" for n in range(200))


def test_letters_of_every_language_arrive_as_written(api: BotApi, thiri: Phone) -> None:
    text = 'မြန်မာ Tiếng Việt ខ្មែរ 😀 & < % + " \\ \n end'
    run(api.url, lambda bot: bot.send_message(thiri.id, text))
    assert thiri.last.text == text


def test_a_large_file_arrives_whole(api: BotApi, thiri: Phone) -> None:
    data = os.urandom(3 * CHUNK + 17)
    run(api.url, lambda bot: bot.send_document(thiri.id, data, filename='ပုံ "1".pdf'))
    assert thiri.last.file == data


def test_a_file_is_fetched_byte_for_byte(api: BotApi, thiri: Phone) -> None:
    data = os.urandom(200_000)
    sent = thiri.voice(data)

    async def fetch(bot: Bot) -> bytes:
        file = await bot.get_file(sent.json["voice"]["file_id"])
        return bytes(await file.download_as_bytearray())

    assert run(api.url, fetch) == data


def test_starting_and_stopping_twice_is_the_same_as_once(api: BotApi) -> None:
    async def main() -> None:
        client = AiohttpRequest()
        await client.shutdown()
        await client.initialize()
        await client.initialize()
        assert (await _bot(api.url, client).get_me()).username == "recourse_test_bot"
        await client.shutdown()
        await client.shutdown()
        await client.initialize()
        await _bot(api.url, client).get_me()
        await client.shutdown()

    asyncio.run(main())


def test_one_client_can_serve_one_event_loop_after_another(api: BotApi) -> None:
    client = AiohttpRequest(1)
    for _ in range(2):
        run(api.url, lambda bot: asyncio.gather(bot.get_me(), bot.get_me()), client)


def test_before_it_is_started_it_says_so(api: BotApi) -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match="not initialized"):
            await AiohttpRequest().do_request(api.url, "POST")

    asyncio.run(main())


def test_its_read_timeout_is_the_one_python_telegram_bot_adds_to_a_long_poll() -> None:
    async def main() -> None:
        assert AiohttpRequest(read_timeout=7.5).read_timeout == 7.5
        assert AiohttpRequest(read_timeout=None).read_timeout is None

    asyncio.run(main())


def test_a_connection_is_used_again(api: BotApi) -> None:
    async def send(bot: Bot) -> int:
        for _ in range(5):
            await bot.get_me()
        client = bot.request
        assert isinstance(client, AiohttpRequest)
        assert client._session
        assert client._session.connector
        return sum(len(held) for held in client._session.connector._conns.values())

    assert run(api.url, send) == 1


# --- errors ---


def test_telegrams_errors_become_the_librarys(api: BotApi, thiri: Phone) -> None:
    def send(bot: Bot) -> Awaitable[object]:
        return bot.send_message(thiri.id, "hello")

    def ask(bot: Bot) -> Awaitable[object]:
        return bot.send_message(12345, "hello")

    assert failure(api.url, ask) == "BadRequest: Chat not found"
    api.retry_after(7)
    assert "Retry in 0:00:07" in failure(api.url, send)
    api.fail_next("sendMessage", 502, b"<html>Bad gateway</html>")
    assert failure(api.url, send) == "NetworkError: Bad Gateway (502)"
    api.fail_next("sendMessage", 200, b"<html>not JSON</html>")
    assert failure(api.url, send).startswith("TelegramError: Invalid server response")
    thiri.block()
    assert failure(api.url, send) == "Forbidden: Forbidden: bot was blocked by the user"


def test_the_librarys_errors_are_of_their_own_kinds(api: BotApi, thiri: Phone) -> None:
    async def send(bot: Bot) -> None:
        with pytest.raises(BadRequest):
            await bot.send_message(12345, "hello")
        api.retry_after(1)
        with pytest.raises(RetryAfter):
            await bot.send_message(thiri.id, "hello")
        api.fail_next("getMe", 500)
        with pytest.raises(NetworkError):
            await bot.get_me()
        thiri.block()
        with pytest.raises(Forbidden):
            await bot.send_message(thiri.id, "hello")

    run(api.url, send)


def test_a_wrong_token_is_an_invalid_token(api: BotApi) -> None:
    async def main() -> None:
        async with AiohttpRequest() as client:
            for token in ("7000000001:" + "x" * 35, "nonsense"):
                wrong = Bot(token, base_url=f"{api.url}/bot", request=client)
                with pytest.raises(InvalidToken):
                    await wrong.get_me()

    asyncio.run(main())


def test_a_connection_cut_short_is_a_network_error(api: BotApi, thiri: Phone) -> None:
    api.drop_connection("sendMessage")
    told = failure(api.url, lambda bot: bot.send_message(thiri.id, "hello"))
    assert told == "NetworkError: sendMessage failed: ServerDisconnectedError"
    assert not thiri.messages


def test_an_upload_cut_short_is_a_network_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            connection, _ = listening.accept()
            connection.recv(1024)
            # Lingering for no time at all resets the connection.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        rude = threading.Thread(target=hang_up)
        rude.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        told = failure(address, lambda bot: bot.send_document(1, bytes(20_000_000)))
        rude.join()
    assert told.startswith("NetworkError: sendDocument failed: Client")
    assert "(" not in told


def test_nobody_listening_is_a_network_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        address = f"http://127.0.0.1:{once.getsockname()[1]}"
    told = failure(address, lambda bot: bot.get_me())
    assert told.startswith("NetworkError: getMe failed: ClientConnectorError (Connect call failed")


def test_an_address_that_is_none_is_a_network_error() -> None:
    assert failure("nothing", lambda bot: bot.get_me()).startswith("NetworkError: getMe failed")
    assert failure("http://[", lambda bot: bot.get_me()).startswith("NetworkError: getMe failed")


def test_a_failed_download_does_not_say_where_from(api: BotApi, thiri: Phone) -> None:
    sent = thiri.voice(b"OggS")

    async def fetch(bot: Bot) -> None:
        file = await bot.get_file(sent.json["voice"]["file_id"])
        api.drop_connection("file", times=2)  # aiohttp tries a download once more by itself
        await file.download_as_bytearray()

    told = failure(api.url, fetch)
    assert told == "NetworkError: File download failed: ServerDisconnectedError"


def test_a_redirect_is_not_followed(api: BotApi) -> None:
    api.fail_next("getMe", 302)
    assert failure(api.url, lambda bot: bot.get_me()).startswith("NetworkError")


# --- timeouts ---


def test_an_answer_that_does_not_come_times_out(silent: str) -> None:
    told = failure(silent, lambda bot: bot.get_me(), AiohttpRequest(read_timeout=0.05))
    assert told == "TimedOut: getMe timed out"


def test_a_call_may_bring_its_own_read_timeout(silent: str) -> None:
    told = failure(silent, lambda bot: bot.get_me(read_timeout=0.05))
    assert told == "TimedOut: getMe timed out"


def test_a_call_may_wait_longer_than_the_rest(api: BotApi) -> None:
    api.latency = 0.15
    request = AiohttpRequest(read_timeout=0.02)
    run(api.url, lambda bot: bot.get_me(read_timeout=5), request)


def test_an_upload_that_does_not_leave_times_out(silent: str) -> None:
    request = AiohttpRequest(read_timeout=None, media_write_timeout=0.1)
    told = failure(silent, lambda bot: bot.send_document(1, bytes(20_000_000)), request)
    assert told == "TimedOut: sendDocument timed out"


def test_a_call_may_bring_its_own_write_timeout(silent: str) -> None:
    def send(bot: Bot) -> Awaitable[object]:
        return bot.send_document(1, bytes(20_000_000), write_timeout=0.1)

    assert failure(silent, send, AiohttpRequest(read_timeout=None)) == (
        "TimedOut: sendDocument timed out"
    )


def test_a_full_pool_times_out_and_says_that_nothing_was_sent(api: BotApi, thiri: Phone) -> None:
    api.latency = 0.3

    async def send(bot: Bot) -> None:
        first = asyncio.create_task(bot.send_message(thiri.id, "one"))
        await asyncio.sleep(0)
        try:
            await bot.send_message(thiri.id, "two", pool_timeout=0.05)
        finally:
            await first

    assert "was *not* sent" in failure(api.url, send, AiohttpRequest(1))
    assert [m.text for m in thiri.messages] == ["one"]


def test_a_turn_in_the_pool_comes_back_whatever_happened(api: BotApi, silent: str) -> None:
    request = AiohttpRequest(1, read_timeout=0.05, pool_timeout=0.05)

    async def main() -> None:
        async with request:
            with pytest.raises(TimedOut):
                await _bot(silent, request).get_me()
            task = asyncio.create_task(_bot(silent, request).get_me(read_timeout=5))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await _bot(api.url, request).get_me(read_timeout=5)

    asyncio.run(main())


# --- proxies ---


class _Proxy:
    """The least an HTTP proxy can be: notes the request line and answers it itself."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536)
            self.asked.append(head.split(b"\r\n")[0].decode())
            answer = b'{"ok":true,"result":true}'
            length = f"Content-Length: {len(answer)}".encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n\r\n" + answer)

    def close(self) -> None:
        self._thread.join()
        self._listening.close()


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = _Proxy()
    monkeypatch.setenv("http_proxy", proxy.address)
    monkeypatch.delenv("no_proxy", raising=False)
    assert run("http://telegram.invalid", lambda bot: bot.log_out()) is True
    proxy.close()
    assert proxy.asked[0].startswith("POST http://telegram.invalid/bot")


def test_a_host_excepted_from_the_proxy_is_reached_directly(
    api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    run(api.url, lambda bot: bot.get_me())


def test_a_proxy_it_cannot_use_is_an_error_and_not_gone_round(
    api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert "only HTTP proxies work" in failure(api.url, lambda bot: bot.get_me())
    assert not api.calls


# --- quiet ---


def test_the_token_is_in_no_log_of_the_client(
    api: BotApi, thiri: Phone, silent: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "telegram.Bot")  # the library itself writes it when asked to
    request = AiohttpRequest(read_timeout=0.05)
    run(api.url, lambda bot: bot.send_message(thiri.id, "hello", read_timeout=5), request)
    failure(silent, lambda bot: bot.get_me(), request)
    api.drop_connection("getMe")
    failure(api.url, lambda bot: bot.get_me(), request)
    api.fail_next("getMe", 502, f"<p>Cannot reach {api.url}/bot7000000001:{SECRET}/getMe")
    failure(api.url, lambda bot: bot.get_me(), request)
    assert SECRET not in caplog.text


def test_a_broken_answer_with_a_workers_words_is_in_no_log(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for broken in ('{"ok":true,"result":[{"text":"her words', '["her words"]', '"her words"'):
        api.fail_next("getUpdates", 200, broken)
        told = failure(api.url, lambda bot: bot.get_updates())
        assert told == "TelegramError: Invalid server response"
    assert "her words" not in caplog.text

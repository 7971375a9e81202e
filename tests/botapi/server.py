"""The server: listens on loopback in a thread of its own and answers as Telegram does."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.web_protocol import RequestHandler
from multidict import CIMultiDict

from tests.botapi import faults
from tests.botapi.chats import PATIENCE, Channel, Chat, Group
from tests.botapi.methods import Methods, Uploads, number, until
from tests.botapi.phone import Phone
from tests.botapi.updates import MAX_WAIT, Updates, heard
from tests.botapi.values import JSON, ApiError, Call, Message, StoredFile
from tests.botapi.webhook import Webhook

MAX_UPLOAD = 50 << 20

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{30,}")
_JSON = {"Content-Type": "application/json"}


class BotApi:
    """A Bot API server for one bot. Use as a context manager, or ``start`` and ``stop``.

    State outlives ``stop``: starting again on the same port is Telegram after an outage. All
    attributes may be read and all methods called from any thread.
    """

    def __init__(
        self,
        token: str = "7000000001:AAHs-a_stand-in_token_for_tests_only",
        *,
        port: int = 0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.now = now
        self.latency = 0.0
        """Seconds each answer is held back."""
        self.calls: list[Call] = []
        """Every request with the right token, as answered; ``getUpdates`` and downloads too."""
        self.lock = threading.RLock()
        self.me: JSON = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Recourse",
            "username": "recourse_test_bot",
        }
        self.me_full: JSON = self.me | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Phone] = {}
        self.commands: dict[str, list[JSON]] = {}
        """What ``setMyCommands`` set, by language code."""
        self.profile: dict[tuple[str, str], str] = {}
        """``("name" | "description" | "short_description", language code)`` → text."""
        self.updates = Updates(first_id=500_000_001)
        self.webhook = Webhook(self)
        self._methods = Methods(self)
        self._faults = faults.Faults()
        self._changed = threading.Condition(self.lock)
        self._messages: dict[tuple[int, int], Message] = {}
        self._paths: dict[str, StoredFile] = {}
        self._count = 0
        self._port = port
        self._thread: threading.Thread | None = None
        self._failed: list[Exception] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    # --- running ---

    @property
    def url(self) -> str:
        """What to set ``RECOURSE_TELEGRAM_API_URL`` to."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> Self:
        """Listen; returns when it answers. On the same port as before, if it ran before."""
        assert self._thread is None, "It runs already."
        ready = threading.Event()
        failed: list[Exception] = []

        def serve() -> None:
            try:
                asyncio.run(self._main(ready))
            except Exception as error:  # noqa: BLE001 - raised again below, or where it stops
                failed.append(error)
            finally:
                ready.set()

        self._failed = failed
        self._thread = threading.Thread(target=serve, name="botapi", daemon=True)
        self._thread.start()
        ready.wait()
        if failed:
            self.stop()
        return self

    def stop(self) -> None:
        """Cut all connections and listen no more. What is queued stays queued."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._loop is not None and self._stop is not None and not self._failed:
            self._loop.call_soon_threadsafe(self._stop.set)
        thread.join()
        if self._failed:
            raise self._failed.pop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def _main(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.updates.ring()
        server = web.Server(self._handle, request_factory=_request, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=0.01)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self._port, backlog=1024).start()
            self._port = runner.addresses[0][1]
            delivering = asyncio.create_task(self.webhook.run())
            ready.set()
            await self._stop.wait()
            delivering.cancel()
            for connection in list(server.connections):
                if connection.transport is not None:
                    connection.transport.abort()
        finally:
            await runner.cleanup()

    # --- people ---

    def phone(
        self,
        language: str = "en",
        *,
        user_id: int | None = None,
        first_name: str | None = None,
        last_name: str = "",
        username: str = "",
    ) -> Phone:
        """A new worker with a phone. The bot does not know her until she writes."""
        with self.lock:
            n = self.tick()
            user: JSON = {"first_name": first_name or f"Worker{n}"}
            user |= {"last_name": last_name} if last_name else {}
            user |= {"username": username} if username else {}
            user |= {"language_code": language} if language else {}
            phone = Phone(self, user_id or 7_310_000_000 + n, user)
            self.chats[phone.id] = phone
            return phone

    def group(self, title: str = "Line 4") -> Group:
        """A new group; ``add_bot(by=phone)`` before the bot can write there."""
        with self.lock:
            group = Group(self, -1_002_000_000_000 - self.tick(), title)
            self.chats[group.id] = group
            return group

    def channel(self, title: str = "Factory news") -> Channel:
        """A new channel; ``add_bot(by=phone)``, then ``post(text)``."""
        with self.lock:
            channel = Channel(self, -1_002_000_000_000 - self.tick(), title)
            self.chats[channel.id] = channel
            return channel

    # --- faults ---

    def fail_next(
        self,
        method: str,
        status: int = 500,
        body: JSON | str | bytes | None = None,
        times: int = 1,
    ) -> None:
        """Answer the next calls of ``method`` with this instead of doing them.

        ``*`` is any method, ``file`` a download. Without a body: Telegram's shape for the status.
        """
        self._add_fault(faults.Fault(method, times, status, faults.answer(status, body)))

    def retry_after(self, seconds: int, method: str = "sendMessage", times: int = 1) -> None:
        """Answer the next calls with 429 and so many seconds to wait."""
        words = f"Too Many Requests: retry after {seconds}"
        refused = ApiError(429, words, {"retry_after": seconds})
        self.fail_next(method, 429, refused.body(), times)

    def drop_connection(
        self, method: str = "sendMessage", times: int = 1, *, after: bool = False
    ) -> None:
        """Cut the connection of the next calls: before they do anything, or, with ``after``, when
        they are done and the bot does not learn it.
        """
        cut = faults.Cut.AFTER if after else faults.Cut.BEFORE
        self._add_fault(faults.Fault(method, times, cut=cut))

    def no_more_faults(self) -> None:
        with self.lock:
            self._faults.clear()

    def _add_fault(self, fault: faults.Fault) -> None:
        fault.method = fault.method.lower()
        with self.lock:
            self._faults.add(fault)

    def redeliver(self, count: int | None = None) -> int:
        """Deliver the last ``count`` confirmed updates (all: ``None``) once more, as Telegram may.

        Returns how many.
        """
        with self.lock:
            number_of = self.updates.again(count)
            self.ring()
            return number_of

    # --- looking ---

    @property
    def updates_pending(self) -> int:
        """Updates no bot has confirmed yet."""
        with self.lock:
            return len(self.updates.pending)

    def called(self, method: str, **params: object) -> list[Call]:
        """The calls of ``method`` so far, those with these parameters (compared as text)."""
        with self.lock:
            return [
                call
                for call in self.calls
                if call.method.lower() == method.lower()
                and all(str(call.params.get(k)) == str(v) for k, v in params.items())
            ]

    def wait_until(self, true: Callable[[], bool], timeout: float = PATIENCE) -> None:
        """Wait until ``true()``, looked at after each call of the bot and each delivery."""
        with self._changed:
            if not self._changed.wait_for(true, timeout):
                last = [f"{c.method} → {c.status}" for c in self.calls[-10:]]
                raise TimeoutError(f"Not within {timeout} s. The bot's last calls: {last}")

    def wait_idle(self, timeout: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update."""
        self.wait_until(lambda: not self.updates.pending, timeout)

    # --- for the rooms of this package ---

    def tick(self) -> int:
        """The next number of the one counter that orders everything here."""
        with self.lock:
            self._count += 1
            return self._count

    def next_message_id(self) -> int:
        return 1000 + self.tick()

    def changed(self) -> None:
        self._changed.notify_all()

    def remember(self, chat: Chat, message: Message) -> None:
        self._messages[chat.id, message.id] = message

    def find_message(self, chat: Chat, message_id: int) -> Message | None:
        """A message that is still there."""
        message = self._messages.get((chat.id, message_id))
        return None if message is None or message.deleted else message

    def new_query(self, phone: Phone) -> str:
        query = str(4_000_000_000_000_000_000 + self.tick())
        self.queries[query] = phone
        return query

    def store(self, data: bytes, folder: str, name: str, size: int | None = None) -> StoredFile:
        """Keep a file; its path ends as ``name`` does."""
        with self.lock:
            n = self.tick()
            dot = "." + name.rpartition(".")[2] if "." in name else ""
            path = f"{folder}/file_{n}{dot}"
            size = len(data) if size is None else size
            file = StoredFile(f"AwACAgUAAxkBAAI{n:010d}", path, data, size)
            self.files[file.file_id] = self._paths[path] = file
            return file

    def add_update(self, kind: str, content: JSON) -> None:
        with self.lock:
            if self.updates.add(kind, content):
                self.ring()

    def ring(self) -> None:
        """Wake the poll and the webhook; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.updates.ring)

    def drop_pending_if_asked(self, params: JSON) -> None:
        if str(params.get("drop_pending_updates", "")).lower() == "true":
            self.updates.pending.clear()

    # --- HTTP ---

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        where, token, method = _parts(request.path)
        if self.latency:
            await asyncio.sleep(self.latency)
        if token != self.token:
            known_shape = _TOKEN.fullmatch(token)
            words = (401, "Unauthorized") if known_shape else (404, "Not Found")
            return _answer(words[0], ApiError(*words).body())
        params, uploads = await _arguments(request)
        name = "file" if where == "file" else method
        with self.lock:
            fault = self._faults.take(name.lower())
        if fault is None or fault.cut is faults.Cut.AFTER:
            if where == "file":
                response = self._download(method)
            else:
                response = await self._answer(method, params, uploads)
        else:
            response = web.Response(status=fault.status or 500, body=fault.body, headers=_JSON)
        cut = fault is not None and fault.cut is not None
        with self.lock:
            self.calls.append(Call(name, params, 0 if cut else response.status))
            self.changed()
        if cut and request.transport is not None:
            request.transport.abort()
        return response

    def _download(self, path: str) -> web.Response:
        with self.lock:
            file = self._paths.get(path)
        if file is None:
            return _answer(404, ApiError(404, "Not Found").body())
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _answer(self, method: str, params: JSON, uploads: Uploads) -> web.Response:
        try:
            name = method.lower()
            if name == "getupdates":
                result: object = await self._get_updates(params)
            else:
                with self.lock:
                    result = self._do(name, params, uploads)
        except ApiError as refused:
            return _answer(refused.status, refused.body())
        return _answer(200, {"ok": True, "result": result})

    def _do(self, name: str, params: JSON, uploads: Uploads) -> object:
        match name:
            case "setwebhook" | "deletewebhook":
                if name == "deletewebhook":
                    params = {k: v for k, v in params.items() if k == "drop_pending_updates"}
                self._remember_allowed(params)
                done = self.webhook.set(params)
                self.updates.ring()
                return done
            case "getwebhookinfo":
                return self.webhook.info()
            case _:
                return self._methods.call(name, params, uploads)

    def _remember_allowed(self, params: JSON) -> None:
        allowed = params.get("allowed_updates")
        if allowed is not None:
            self.updates.allowed = json.loads(allowed) if isinstance(allowed, str) else allowed

    async def _get_updates(self, params: JSON) -> list[JSON]:
        ends = until(min(number(params, "timeout", 0), MAX_WAIT))
        limit = min(max(number(params, "limit", 100), 1), 100)
        with self.lock:
            self._refuse_poll_beside_webhook()
            self._remember_allowed(params)
            poller = self.updates.new_poll(number(params, "offset", 0))
            self.changed()
        while True:
            with self.lock:
                self._refuse_poll_beside_webhook()
                bell = self.updates.bell_for(poller)
                if batch := self.updates.batch(limit):
                    return batch
            if not await heard(bell, ends):
                return []

    def _refuse_poll_beside_webhook(self) -> None:
        if self.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """Aiohttp's own request, but with room for the largest file a bot may upload."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=MAX_UPLOAD
    )


def _parts(path: str) -> tuple[str, str, str]:
    """``file`` or ``bot``, the token, and the method or the file's path."""
    first, _, rest = path.removeprefix("/").partition("/")
    where = "bot"
    if first == "file":
        where = "file"
        first, _, rest = rest.partition("/")
    return where, first.removeprefix("bot") if first.startswith("bot") else "", rest


def _answer(status: int, body: JSON) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), headers=CIMultiDict(_JSON))


async def _arguments(request: web.BaseRequest) -> tuple[JSON, dict[str, tuple[str, bytes]]]:
    """The parameters of a call, from wherever Telegram takes them, and its files."""
    params: JSON = dict(request.query)
    files: dict[str, tuple[str, bytes]] = {}
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for field, value in form.items():
            if isinstance(value, web.FileField):
                files[field] = (value.filename, value.file.read())
            else:
                params[field] = value if isinstance(value, str) else value.decode()
    elif request.content_type == "application/json":
        body = await request.read()
        params |= json.loads(body) if body else {}
    else:
        body = await request.read()
        params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return params, files

"""The HTTP client that carries python-telegram-bot's calls, on aiohttp.

``telegram.request.BaseRequest`` is the library's documented extension point. Its own client on
httpx tops out at a few hundred sends per second; one aiohttp session with a keep-alive pool
carries several times that.

The bot's token is a part of every address. Nothing raised or logged here holds an address: errors
name the Bot API method, and carry no cause whose words could.
"""

import asyncio
import io
import json
import os
from functools import cache, partial
from http import HTTPStatus
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import StreamWriter
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

# The library's own switch to what its next major version does: ``RetryAfter.retry_after`` is a
# ``timedelta``. Without it each such error warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")

CHUNK = 64 * 1024
"""Bytes of an upload between two looks at the write timeout; what fits a socket's buffer."""

IDLE = 30.0
"""Seconds an unused connection stays open. Telegram closes them after about a minute."""


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's transport on one aiohttp session.

    All timeouts are seconds and hold for calls that bring none of their own; ``None`` waits for
    ever. ``connections`` is how many requests may be under way at once; the next one waits at most
    ``pool_timeout`` for its turn. ``media_write_timeout`` stands in for ``write_timeout`` where
    files are uploaded. Proxies are read from the environment (``HTTPS_PROXY``, ``NO_PROXY``, …).
    """

    __slots__ = (
        "_connect",
        "_connections",
        "_media_write",
        "_pool",
        "_proxies",
        "_read",
        "_session",
        "_slots",
        "_write",
    )

    def __init__(
        self,
        connections: int = 256,
        *,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        self._connections = connections
        self._read = read_timeout
        self._write = write_timeout
        self._connect = connect_timeout
        self._pool = pool_timeout
        self._media_write = media_write_timeout
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(connections)
        self._proxies: dict[tuple[str, str], URL | None] = {}

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer where a call says nothing else."""
        return self._read

    async def initialize(self) -> None:
        """Open the session in the running event loop. Does nothing where one is open."""
        if self._session is not None:
            return
        # The semaphore is the pool: unlike aiohttp's own limit, it tells a full pool, where
        # nothing was sent, from a slow connection. It belongs to one event loop, as the session.
        self._slots = asyncio.Semaphore(self._connections)
        self._proxies = {}
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE, ttl_dns_cache=300),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close the session and its connections. Does nothing where none is open."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request and return the HTTP status with the answer's bytes.

        Raises ``TimedOut`` where a timeout passed and ``NetworkError`` where the network or the
        server failed; both name the method and nothing else of the address.
        """
        session = self._session
        if session is None:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        called = _name(url, method)
        uploads = bool(request_data and request_data.contains_files)
        write = _seconds(write_timeout, self._media_write if uploads else self._write)
        await self._wait_for_a_slot(_seconds(pool_timeout, self._pool), called)
        failure: TelegramError
        try:
            headers, body = await _body(request_data)
            address = URL(url, encoded=True)
            send = partial(
                session.request,
                method,
                address,
                headers=headers,
                proxy=self._proxy(address),
                allow_redirects=False,
                timeout=_timeouts(
                    _seconds(connect_timeout, self._connect), _seconds(read_timeout, self._read)
                ),
            )
            if len(body) <= CHUNK:
                async with send(data=body) as response:
                    return response.status, _answer(response.status, await response.read())
            async with (
                asyncio.timeout(None) as writing,
                send(data=_Upload(body, writing, write)) as response,
            ):
                return response.status, _answer(response.status, await response.read())
        except TelegramError as exc:
            failure = exc
        except TimeoutError:
            failure = TimedOut(f"{called} timed out")
        except Exception as exc:  # noqa: BLE001 - whatever it is, its words may hold the address
            failure = NetworkError(f"{called} failed: {type(exc).__name__}{_reason(exc)}")
        finally:
            self._slots.release()
        # Raised out here, so that the original (with the address in it) is no context of it.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. Unlike the library's own, never writes a broken one to the log: it may
        hold what a worker wrote."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer

    async def _wait_for_a_slot(self, seconds: float | None, called: str) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise TimedOut(
                f"{called} was *not* sent to Telegram: all {self._connections} connections are "
                "occupied. Allow more connections or a longer pool timeout."
            ) from None

    def _proxy(self, address: URL) -> URL | None:
        """The proxy the environment names for this host; looked up once for each.

        aiohttp's own ``trust_env`` asks a thread for it, and for ``.netrc``, on each request.
        """
        key = (address.scheme, address.host or "")
        if key not in self._proxies:
            scheme, host = key
            named = getproxies()
            found = None if proxy_bypass(host) else named.get(scheme) or named.get("all")
            proxy = URL(found if "://" in found else f"http://{found}") if found else None
            if proxy is not None and proxy.scheme not in ("http", "https"):
                # Going round it in silence would show the operator's address to the network.
                raise NetworkError(
                    f"A {proxy.scheme} proxy is set in the environment: only HTTP proxies work."
                )
            self._proxies[key] = proxy
        return self._proxies[key]


def _name(url: str, method: str) -> str:
    """What may be said about a request: the Bot API method, or that a file was fetched."""
    return "File download" if method == "GET" else url.rsplit("/", 1)[-1]


def _reason(error: Exception) -> str:
    """The system's words on why there is no connection; no other words are known to be harmless."""
    if isinstance(error, aiohttp.ClientConnectorError) and error.os_error.strerror:
        return f" ({error.os_error.strerror})"
    return ""


def _seconds(given: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(given, DefaultValue) else given


@cache
def _timeouts(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)


def _answer(status: int, payload: bytes) -> bytes:
    """The answer, but of an error page that is not Telegram's nothing: the library would quote it
    in its exception, and what stands between may have put the address there."""
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return payload
    try:
        ours = isinstance(json.loads(payload), dict)
    except ValueError:
        ours = False
    return payload if ours else b"{}"


async def _body(request_data: RequestData | None) -> tuple[dict[str, str], bytes]:
    """Headers and bytes: JSON without files, ``multipart/form-data`` with them."""
    if request_data is None:
        return {}, b""
    if not request_data.contains_files:
        return {"Content-Type": "application/json"}, request_data.json_payload
    form = aiohttp.FormData(request_data.json_parameters, default_to_multipart=True)
    for field, (file_name, content, mime) in request_data.multipart_data.items():
        held = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(field, held, filename=file_name, content_type=mime)
    payload = form()
    body = await payload.as_bytes()
    return {"Content-Type": payload.headers["Content-Type"], "Content-Length": str(len(body))}, body


class _Upload(aiohttp.Payload):
    """A body that must keep leaving: each piece within ``seconds`` of the one before.

    aiohttp knows no write timeout. ``writing`` surrounds the request, and its deadline moves on
    with each piece; after the last one the read timeout takes over.
    """

    def __init__(self, body: bytes, writing: asyncio.Timeout, seconds: float | None) -> None:
        super().__init__(body)
        self._size = len(body)
        self._body = body
        self._writing = writing
        self._seconds = seconds

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._body.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        transport = writer.transport if isinstance(writer, StreamWriter) else None
        try:
            for start in range(0, len(self._body), CHUNK):
                self._writing.reschedule(self._seconds and clock() + self._seconds)
                await writer.write(self._body[start : start + CHUNK])
        except asyncio.CancelledError:
            # Closing alone would wait for the other side to take what is left.
            if transport is not None:
                transport.abort()
            raise
        self._writing.reschedule(None)

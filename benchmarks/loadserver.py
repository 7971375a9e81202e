"""A Bot API server with simulated workers behind it, as lean as can be: run as a process of its own.

The stand-in of the tests answers as Telegram does and is slower than the bot; this one knows four
methods, reads HTTP by hand, and so is never what is measured. Prints its port, drives the bot that
comes to poll, and prints what it measured as JSON.
"""

import argparse
import asyncio
import json
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

JSON = dict[str, Any]

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_ME = {"id": 7000000001, "is_bot": True, "first_name": "Bot", "username": "bench_bot"}

_PRESSES = {
    "language": "language|en",
    "welcome": "welcome|yes",
    "home": "home|.new",
    "who": "who|worker",
    "category": "category|WAG",
    "danger": "danger|no",
    "story": "story|send",
}
"""What a worker presses at each question of ours, so that she files one complaint after another."""
_PATIENCE = 60.0
"""Seconds until the bot must have come to poll."""
_START = "/start F-GT7KM"
_STORY = "For two months nobody in my line was paid for overtime. We asked, and nobody answers."


@dataclass(slots=True)
class Worker:
    """Somebody who answers whatever the bot says."""

    number: int
    asked_at: float = 0.0
    """When her last update was made; 0 while she waits for nothing."""
    next: str = _START
    """What she does next: a button's data, or words."""
    message_id: int = 0

    def hear(self, text: str, buttons: list[str]) -> None:
        if buttons:
            step = buttons[0].partition("|")[0]
            wanted = _PRESSES.get(step, "")
            self.next = wanted if wanted in buttons else _STORY if step == "story" else _START
        else:
            self.next = _START if "/start" in text else _STORY

    def update(self, update_id: int) -> JSON:
        self.message_id += 1
        person = {"id": self.number, "is_bot": False, "first_name": "W", "language_code": "en"}
        chat = {"id": self.number, "type": "private", "first_name": "W"}
        message: JSON = {"message_id": self.message_id, "date": int(time.time()), "chat": chat}
        if self.next in _PRESSES.values():
            press = {"id": str(update_id), "from": person, "chat_instance": "1", "data": self.next}
            message |= {"from": _ME, "text": "?"}
            return {"update_id": update_id, "callback_query": press | {"message": message}}
        message |= {"from": person, "text": self.next}
        if self.next.startswith("/"):
            length = len(self.next.partition(" ")[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return {"update_id": update_id, "message": message}


@dataclass(slots=True)
class Load:
    """The workers, the updates that wait, and what was measured."""

    workers: dict[int, Worker]
    rate: float
    """Steps a second in an open loop; 0: everybody answers at once (closed loop)."""
    pending: deque[JSON] = field(default_factory=deque)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    update_id: int = 100
    taken: list[float] = field(default_factory=list)
    measuring: bool = False
    stray: int = 0
    """Messages nobody waited for: said twice, or several for one step."""

    def act(self, worker: Worker) -> None:
        self.update_id += 1
        worker.asked_at = time.perf_counter()
        self.pending.append(worker.update(self.update_id))
        self.bell.set()

    def heard(self, params: JSON) -> None:
        worker = self.workers[int(params["chat_id"])]
        if not worker.asked_at:
            self.stray += 1
            return
        if self.measuring:
            self.taken.append(time.perf_counter() - worker.asked_at)
        worker.asked_at = 0.0
        markup = params.get("reply_markup") or {}
        markup = json.loads(markup) if isinstance(markup, str) else markup
        rows = markup.get("inline_keyboard", ())
        buttons = [button["callback_data"] for row in rows for button in row]
        worker.hear(str(params["text"]), buttons)
        if not self.rate:
            self.act(worker)

    async def updates(self, offset: int, seconds: float) -> list[JSON]:
        self.begun.set()
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        if not self.pending and seconds:
            self.bell.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self.bell.wait()
            except TimeoutError:
                return []
        return [update for update, _ in zip(self.pending, range(100), strict=False)]

    async def drive(self, warm_up: float, seconds: float) -> JSON:
        """Let the workers work; what was measured after ``warm_up``."""
        async with asyncio.timeout(_PATIENCE):
            await self.begun.wait()
        driving = asyncio.create_task(self._steadily()) if self.rate else None
        if not driving:
            for worker in self.workers.values():
                self.act(worker)
        await asyncio.sleep(warm_up)
        print("measuring", flush=True)
        begin, cpu, self.measuring = time.perf_counter(), time.process_time(), True
        await asyncio.sleep(seconds)
        self.measuring = False
        passed = time.perf_counter() - begin
        if driving:
            driving.cancel()
        return {
            "steps": len(self.taken),
            "seconds": passed,
            "taken": sorted(self.taken),
            "stray": self.stray,
            "busy": (time.process_time() - cpu) / passed,
        }

    async def _steadily(self) -> None:
        due = time.perf_counter()
        while True:
            for worker in self.workers.values():
                due += 1 / self.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                if not worker.asked_at:
                    self.act(worker)


class Connection(asyncio.Protocol):
    """One keep-alive connection of the bot."""

    def __init__(self, load: Load, latency: float) -> None:
        self._load = load
        self._latency = latency
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(_END)) >= 0:
            head = self._received[:end]
            length = _LENGTH.search(head)
            stop = end + len(_END) + (int(length[1]) if length else 0)
            if len(self._received) < stop:
                return
            body, self._received = self._received[end + len(_END) : stop], self._received[stop:]
            method = head.split(b" ", 2)[1].rsplit(b"/", 1)[-1].decode().lower()
            self._call(method, body)

    def _call(self, method: str, body: bytes) -> None:
        if method == "sendmessage":
            self._load.heard(_params(body))
            self._answer({"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}})
        elif method == "getupdates":
            task = asyncio.create_task(self._poll(_params(body)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self._answer(_ME if method == "getme" else True)

    async def _poll(self, params: JSON) -> None:
        offset, seconds = int(params.get("offset", 0)), float(params.get("timeout", 0))
        self._answer(await self._load.updates(offset, seconds))

    def _answer(self, result: object) -> None:
        body = json.dumps({"ok": True, "result": result}).encode()
        if self._latency:
            asyncio.get_running_loop().call_later(self._latency, self._write, body)
        else:
            self._write(body)

    def _write(self, body: bytes) -> None:
        assert self._transport
        self._transport.write(_HEAD % len(body) + body)


def _params(body: bytes) -> JSON:
    found: JSON = json.loads(body) if body[:1] == b"{" else dict(parse_qsl(body.decode()))
    return found


async def _serve(options: argparse.Namespace) -> None:
    workers = {number: Worker(number) for number in range(1001, 1001 + options.workers)}
    load = Load(workers, options.rate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(load, options.latency), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    print(json.dumps(await load.drive(options.warm_up, options.seconds)), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("latency", 0), ("rate", 0), ("warm-up", 2), ("seconds", 5)):
        parser.add_argument(f"--{name}", type=float, default=default)
    parser.add_argument("--workers", type=int, default=100)
    asyncio.run(_serve(parser.parse_args()))

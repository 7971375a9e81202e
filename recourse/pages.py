"""The pages of a process: the case tracker with the web chat, or only the webhook, in threads."""

import asyncio
import socket
import threading
from dataclasses import dataclass

from flask import Blueprint, Flask
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from bot.answering import Answering
from bot.doors import House
from bot.webchat import webchat_blueprint
from bot.webhook import webhook_blueprint
from casework.config import Settings
from casework.db import Store
from casework.errors import SettingError
from recourse.wallclock import wall_clock
from webadmin.app import create_app

_THREADS = 12
_WEBHOOK_LIMIT = 1024 * 1024
"""Bytes of one update; files come separately."""
_REQUEST_LIMIT = 70 * 1000 * 1000
"""Bytes of any request: above the web chat's own limit, which answers with her words kept."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages being served at ``address``."""

    address: str
    server: MultiSocketServer | BaseWSGIServer

    def close(self) -> None:
        """Take no more requests."""
        self.server.close()


def serve_site(
    settings: Settings,
    store: Store,
    house: House,
    answering: Answering | None,
    loop: asyncio.AbstractEventLoop,
) -> Pages:
    """The case tracker and the web chat; with ``answering`` the webhook too."""
    chat = webchat_blueprint(store, house, wall_clock)
    hook = webhook_blueprint(answering, settings, lambda: loop) if answering else None
    app = create_app(
        store,
        settings,
        now=wall_clock,
        secret_key=store.vault.index("flask", "session") + store.vault.index("flask", "more"),
        open_blueprints=[blueprint for blueprint in (chat, hook) if blueprint],
    )
    if hook:
        # Telegram has no form to take a token from; it sends the webhook's own secret.
        app.extensions["csrf"].exempt(hook)
    return _serve(app, settings)


def serve_webhook(
    settings: Settings, answering: Answering, loop: asyncio.AbstractEventLoop
) -> Pages:
    """Only what Telegram calls."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _WEBHOOK_LIMIT
    hook: Blueprint = webhook_blueprint(answering, settings, lambda: loop)
    app.register_blueprint(hook)
    return _serve(app, settings)


def _serve(app: Flask, settings: Settings) -> Pages:
    listening = _listen_at(settings)
    server = create_server(
        app,
        sockets=[listening],
        threads=_THREADS,
        ident="Recourse",
        max_request_body_size=_REQUEST_LIMIT,
        # Who asks through a proxy decides whose guesses are slowed down, and who sees /metrics;
        # the pages believe these headers only from this machine.
        clear_untrusted_proxy_headers=False,
    )
    threading.Thread(target=server.run, name="pages", daemon=True).start()
    return Pages(f"http://{settings.host}:{listening.getsockname()[1]}", server)


def _listen_at(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=256)
    except OSError as error:
        raise SettingError(
            f"{settings.host}:{settings.port} can't be used ({error.strerror}): stop what uses it,"
            " or set RECOURSE_LISTEN to another address, for example 127.0.0.1:8001."
        ) from None

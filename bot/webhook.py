"""The webhook: Telegram posts an update, and gets its 200 only when it is on disk and answered."""

import asyncio
import hmac
import logging
from collections.abc import Callable
from concurrent.futures import Future
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from bot.answering import Answering
from casework.config import Settings
from casework.vault import Vault

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
_PATIENCE = 50
"""Seconds for one update; Telegram gives up after about a minute and sends it again."""


def secret_of(vault: Vault, settings: Settings) -> str:
    """What Telegram must send with each update: derived, so there is nothing more to keep."""
    return vault.index("webhook", settings.telegram_token).hex()


def webhook_path(settings: Settings) -> str:
    """The path of RECOURSE_WEBHOOK_URL, ``/telegram`` where it names none."""
    return urlsplit(settings.webhook_url).path.rstrip("/") or "/telegram"


def webhook_address(settings: Settings) -> str:
    """The address Telegram is told."""
    parts = urlsplit(settings.webhook_url)
    return f"{parts.scheme}://{parts.netloc}{webhook_path(settings)}"


def webhook_blueprint(
    answering: Answering, settings: Settings, loop: Callable[[], asyncio.AbstractEventLoop]
) -> Blueprint:
    """The one route that Telegram calls. ``loop`` runs the sending."""
    blueprint = Blueprint("webhook", __name__)
    secret = secret_of(answering.store.vault, settings)

    @blueprint.post(webhook_path(settings))
    def take() -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status=404)
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or "update_id" not in body:
            return Response(status=400)
        done: Future[None] = asyncio.run_coroutine_threadsafe(answering.answer([body]), loop())
        try:
            done.result(_PATIENCE)
        except Exception as error:  # noqa: BLE001 -- the edge: the error page would log its words
            log.warning(
                "An update could not be taken in just now (%s); Telegram sends it again.",
                type(error).__name__,
            )
            return Response(status=503)
        return Response(status=200)

    return blueprint

"""Recorded sentences, sent to Telegram as voice messages before the text that they read out.

A voice is a help beside the text and never holds it back: whatever goes wrong here, the text follows.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Message
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.rendering import Voice
from bot.sending import seconds_of
from casework.db import Store
from casework.media import recordings
from casework.models import Recording

log = logging.getLogger(__name__)

_TIMEOUT = 8.0
"""Seconds."""
_WAIT_AT_MOST = 3.0
"""Seconds. Who is asked to wait longer sends the text alone, later."""
_SUFFIXES = {"audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a"}


@dataclass(frozen=True, slots=True)
class Speaking:
    """Everything needed to send a recording."""

    store: Store
    bot: Bot

    async def speak(self, address: str, voices: Sequence[Voice]) -> list[int]:
        """Send recordings to a chat, in order; the ids of the messages. Never raises."""
        sent: list[int] = []
        try:
            for recording in await asyncio.to_thread(self._find, voices):
                try:
                    sent += await self._say(address, recording)
                except BadRequest as error:
                    # This one is refused, or she takes no voice messages at all: her own setting.
                    log.warning("Telegram refuses a recording (%s).", type(error).__name__)
        except (TelegramError, SQLAlchemyError, OSError) as error:
            log.warning("Recordings can't be sent (%s).", type(error).__name__)
        return sent

    async def _say(self, address: str, recording: Recording) -> list[int]:
        if recording.telegram_file_id:
            try:
                return [(await self._send(address, recording.telegram_file_id)).message_id]
            except BadRequest as error:
                # Another bot's token, or Telegram has forgotten the file: upload it again.
                if "file" not in error.message.lower():
                    raise
        sound = await asyncio.to_thread(self._content, recording.id)
        if sound is None:
            return []  # it was replaced or removed a moment ago
        message = await self._send(address, sound, f"voice.{_SUFFIXES[recording.mime]}")
        if message.voice:
            await asyncio.to_thread(self._remember, recording.id, message.voice.file_id)
        return [message.message_id]

    async def _send(self, address: str, voice: str | bytes, name: str = "") -> Message:
        try:
            return await self._send_once(address, voice, name)
        except RetryAfter as error:
            pause = seconds_of(error)
            if pause > _WAIT_AT_MOST:
                raise
            await asyncio.sleep(pause)
            return await self._send_once(address, voice, name)

    async def _send_once(self, address: str, voice: str | bytes, name: str) -> Message:
        return await self.bot.send_voice(
            int(address),
            voice,
            filename=name or None,
            disable_notification=True,  # the text behind it rings
            read_timeout=_TIMEOUT,
        )

    def _find(self, voices: Sequence[Voice]) -> list[Recording]:
        with self.store.reading() as session:
            return recordings.find_all(session, voices)

    def _content(self, recording_id: int) -> bytes | None:
        with self.store.reading() as session:
            return recordings.content(session, recording_id)

    def _remember(self, recording_id: int, file_id: str) -> None:
        with self.store.writing() as session:
            recordings.remember(session, recording_id, file_id)

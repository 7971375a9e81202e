"""Files that Telegram named, fetched: downloaded, checked, stripped, sealed; tried again until done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from casework import attachments, files, outbox
from casework.db import Store
from casework.models import Attachment, Case
from casework.vocabulary import FileState, MediaKind, Notice

_LEASE = timedelta(minutes=2)
"""How long one process has a file to itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch."""

    attachment_id: int
    kind: MediaKind
    remote: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fetching:
    """Everything needed to fetch."""

    store: Store
    bot: Bot
    now: Callable[[], datetime]

    async def run_once(self) -> int:
        """Fetch what waits now, one after the other so that memory stays flat; how many."""
        wanted = await asyncio.to_thread(self._claim)
        for one in wanted:
            result = await self._fetch(one)
            await asyncio.to_thread(self._keep, one, result)
        return len(wanted)

    def _claim(self) -> list[Wanted]:
        now = self.now()
        with self.store.reading() as session:
            if not attachments.any_pending(session, now):
                return []
        with self.store.writing() as session:
            found = attachments.pending(session, now)
            for attachment in found:
                attachment.retry_at = now + _LEASE
            return [Wanted(a.id, a.kind, attachments.remote_name(session, a)) for a in found]

    async def _fetch(self, wanted: Wanted) -> files.Clean | files.Refused | None:
        """The checked file, why it is refused, or ``None`` to try again later."""
        try:
            remote = await self.bot.get_file(wanted.remote)
            data = bytes(await remote.download_as_bytearray())
        except BadRequest as error:
            too_big = "too big" in error.message.lower()
            return files.Refused(files.Refusal.TOO_BIG) if too_big else None
        except TelegramError:
            return None
        return await asyncio.to_thread(files.inspect, data, wanted.kind)

    def _keep(self, wanted: Wanted, result: files.Clean | files.Refused | None) -> None:
        now = self.now()
        with self.store.writing() as session:
            attachment = session.get(Attachment, wanted.attachment_id, with_for_update=True)
            if attachment is None or attachment.state is not FileState.PENDING:
                return  # dropped with its draft meanwhile, or stored by another process
            if isinstance(result, files.Clean):
                attachments.store(session, attachment, result.data, result.mime, now)
                return
            if result is None and attachments.fetch_later(attachment, now):
                return
            if result is not None:
                attachments.refuse(attachment, result.why)
            case = session.get(Case, attachment.case_id) if attachment.case_id else None
            assert attachment.reporter_id is not None
            outbox.tell(session, attachment.reporter_id, Notice.FILE_REFUSED, now=now, case=case)

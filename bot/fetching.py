"""Files that Telegram named, fetched: downloaded, checked, stripped, sealed; tried again until done."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from casework.db import Session, Store
from casework.media import attachments, files
from casework.messaging import outbox
from casework.models import Attachment, Case
from casework.vault import Unsealable
from casework.vocabulary import FileState, MediaKind, Notice

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=10)
"""How long one process has the files of a run to itself."""
_AT_ONCE = 4
_LONGEST = 120.0
"""Files of a run and seconds for each, on a slow line too: they end within the lease."""


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
            result = await self._fetch_or_none(one)
            await asyncio.to_thread(self._keep, one, result)
        return len(wanted)

    def _claim(self) -> list[Wanted]:
        now = self.now()
        with self.store.reading() as session:
            if not attachments.any_pending(session, now):
                return []
        with self.store.writing() as session:
            found = attachments.pending(session, now, _AT_ONCE)
            for attachment in found:
                attachment.retry_at = now + _LEASE
            named = [self._wanted(session, attachment, now) for attachment in found]
            return [one for one in named if one]

    def _wanted(self, session: Session, attachment: Attachment, now: datetime) -> Wanted | None:
        try:
            remote = attachments.remote_name(session, attachment)
        except Unsealable:
            attachments.fail(attachment, "unreadable")
            _tell(session, attachment, now)
            return None
        return Wanted(attachment.id, attachment.kind, remote)

    async def _fetch_or_none(self, wanted: Wanted) -> files.Clean | files.Refused | None:
        try:
            async with asyncio.timeout(_LONGEST):
                return await self._fetch(wanted)
        except Exception as error:  # noqa: BLE001 -- the edge: the other files still wait
            # Never the error's text: it may name what somebody sent.
            log.error("A file can't be fetched (%s); it is tried again.", type(error).__name__)  # noqa: TRY400
            return None

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
            if isinstance(result, files.Refused):
                attachments.refuse(attachment, result.why)
            elif attachments.fetch_later(attachment, now):
                return
            _tell(session, attachment, now)


def _tell(session: Session, attachment: Attachment, now: datetime) -> None:
    """Let her know, so that she can send it in another form."""
    case = session.get(Case, attachment.case_id) if attachment.case_id else None
    if attachment.reporter_id is not None:
        outbox.tell(session, attachment.reporter_id, Notice.FILE_REFUSED, now=now, case=case)

"""Blacks out a passage of what was said, or takes a file away for good.

The words are replaced in the sealed text itself, and what stood there is destroyed: nobody, with
whatever right, can read it again. The event keeps the digests of before and after, so that the chain
of the case still proves every other word.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from casework import findings, issues, lifecycle
from casework.actors import Actor
from casework.audit import events, evidence
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.media import attachments
from casework.messaging import beside, holding, messages
from casework.models import Attachment, Case, Message, MessageVersion
from casework.searching import searchwords
from casework.standing import standing
from casework.vault import Unsealable
from casework.vocabulary import Action, FileState, MessageKind, RedactionReason, VersionKind

BLACK = "▇▇▇▇"
"""Stands for a passage, always as long, so that it does not tell how long a name was."""
LEAST = 2
"""Characters of a passage: a single one stands everywhere."""
PASSAGE_AT_MOST = 2000


def redact(
    session: Session,
    case: Case,
    message: Message,
    passage: str,
    reason: RedactionReason,
    *,
    everywhere: bool,
    by: Actor,
    now: datetime,
) -> int:
    """Black out a passage wherever it stands in a message, or ``everywhere`` in the messages and the
    summary of the case; how many of them it stood in. ``BadInput`` where it does not stand there."""
    status = lifecycle.check(standing(case, by), Action.REDACT, by.role, now)
    passage = _lines(passage).strip()
    if len(passage) < LEAST:
        raise BadInput("Write or copy the words to black out, at least two characters.")
    chosen = messages.of_case(session, case.id) if everywhere else [message]
    gone: list[str] = []
    redacted: list[dict[str, Any]] = []
    for one in chosen:
        text = _opened(session, one)
        stands = passage in text
        if stands:
            before = messages.evidence(session, one)["digest"]
            messages.reseal(session, one, text.replace(passage, BLACK))
            said = messages.evidence(session, one)
            redacted.append({"message": one.id, "before": before, "digest": said["digest"]})
            gone.append(text)
        # Those that were corrected since are shown nowhere, and would stay.
        _take(session, beside.all_of(session, message_id=one.id), passage, stands, redacted, gone)
    only = None if everywhere else message
    _in_copies(session, case, only, passage, redacted, gone)
    data: dict[str, Any] = {"redacted": redacted, "reason": reason.value}
    summary = messages.summary(session, case) if everywhere else ""
    if passage in _lines(summary):
        messages.seal_summary(session, case, _lines(summary).replace(passage, BLACK))
        data["summary"] = evidence.summary(session, case)
        gone.append(summary)
    if not gone:
        raise BadInput(
            "These words do not stand there. Copy them exactly as they are written, capital letters"
            " and spaces included."
        )
    searchwords.take_away(session, case.id, " ".join(gone), messages.texts(session, case))
    events.record(session, case, Action.REDACT, by=by, now=now, before=status, data=data)
    return len(gone)


def destroy_file(
    session: Session,
    case: Case,
    file: Attachment,
    reason: RedactionReason,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Destroy a file of a case. ``NotAllowed`` for who leads nobody: no part of it is left to judge
    afterwards whether that was right."""
    after = lifecycle.check(standing(case, by), Action.REDACT, by.role, now)
    if by.role not in lifecycle.LEADING:
        raise NotAllowed("Only supervisors and administrators destroy files. Ask one of them.")
    if file.case_id != case.id or file.state is not FileState.STORED:
        raise BadInput("This file is not here any more.")
    attachments.destroy(session, file, attachments.REDACTED)
    data = {"file": file.id, "reason": reason.value}
    events.record(session, case, Action.REDACT, by=by, now=now, before=after, data=data)


def _in_copies(
    session: Session,
    case: Case,
    only: Message | None,
    passage: str,
    redacted: list[dict[str, Any]],
    gone: list[str],
) -> None:
    """Black out the same where words stand a second time: as they waited for a translation, and as
    the reason of a finding. ``only``: the copies of this message."""
    for held in holding.ever_of_case(session, case.id):
        if only is None or held.message_id == only.id:
            text = holding.replace(session, held, passage, BLACK)
            if text and held.message_id is None:
                gone.append(text)
            versions = beside.all_of(session, held_id=held.id)
            _take(session, versions, passage, bool(text), redacted, gone)
    if only is None or only.kind is MessageKind.FINDING:
        reasons = (
            findings.replace(session, issue, passage, BLACK)
            for issue in issues.of_case(session, case.id)
        )
        gone.extend(filter(None, reasons))


def _take(
    session: Session,
    versions: Iterable[MessageVersion],
    passage: str,
    original: bool,
    redacted: list[dict[str, Any]],
    gone: list[str],
) -> None:
    for version in versions:
        if after := _of_version(session, version, passage, original):
            redacted.append(after[0])
            gone.append(after[1])


def _of_version(
    session: Session, version: MessageVersion, passage: str, original: bool
) -> tuple[dict[str, Any], str] | None:
    """Black out the same in a version beside a message: what its event says, and what stood there.

    Where it stood in the ``original``, a translation says it in other letters: it goes whole.
    """
    text = _lines(beside.words(session, version))
    if passage in text:
        left = text.replace(passage, BLACK)
    elif original and version.kind is VersionKind.TRANSLATION and text != BLACK:
        left = BLACK
    else:
        return None
    before = beside.evidence(session, version)["digest"]
    beside.reseal(session, version, left)
    digest = beside.evidence(session, version)["digest"]
    return {"version": version.id, "before": before, "digest": digest}, text


def _opened(session: Session, message: Message) -> str:
    try:
        return _lines(messages.words(session, message))
    except Unsealable:
        return ""


def _lines(text: str) -> str:
    """A form sends its line ends in another way than a phone."""
    return text.replace("\r\n", "\n")

"""Hands a case over to another organisation: everything in one sealed file; and opens such a file.

Whoever has the file and its passphrase reads all that stands in it, for ever: nothing here can take
that back. So it takes somebody who leads, a reason that is kept, a line in the access log, and an
event in the case's chain. Who the worker is goes along only with a reason of its own.
"""

import hashlib
import json
import mimetypes
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from sqlmodel import col, select

from casework import archive, dossier, dossier_page, identity, lifecycle
from casework.actors import Actor
from casework.audit import access_log, events
from casework.db import Session
from casework.dossier import Reader
from casework.errors import BadInput
from casework.media import attachments
from casework.models import Attachment, Case, Staff
from casework.standing import standing
from casework.vault import Unsealable
from casework.vocabulary import Action, FileState

FORMAT = "recourse-case"
VERSION = 1
_ROOM = 128 * 1024 * 1024
"""So much of an archive is opened in memory; a larger one passes through a file without a name."""
_NAME = re.compile(r"(?:files/)?[\w.-]{1,80}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be handed over, and why."""

    reason: str
    notes: bool = False
    """With what colleagues wrote for each other, the summary included."""
    identity: str = ""
    """Why it has to say who the worker is; ``""``: it does not."""


def export(
    session: Session,
    case: Case,
    wish: Wish,
    out: BinaryIO,
    passphrase: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write a case, sealed with a passphrase, into ``out``.

    ``NotAllowed`` for who may not, ``BadInput`` without a reason. What was written may leave only
    once the caller's transaction is committed: it holds who took it and why.
    """
    lifecycle.check(standing(case, by), Action.EXPORT, by.role, now)
    reason = wish.reason.strip()[: access_log.REASON_AT_MOST]
    if not reason:
        raise BadInput("Say to whom the case goes, and why.")
    assert by.staff_id is not None  # whoever leads is somebody of the office
    access_log.note(session, case.id, "export", staff_id=by.staff_id, now=now, reason=reason)
    person = None
    if wish.identity:
        person = identity.show(session, case, wish.identity, by=by, now=now)
    data = {"identity": bool(person), "notes": wish.notes}
    events.record(session, case, Action.EXPORT, by=by, now=now, before=case.status, data=data)
    session.flush()
    sealer = archive.Sealer(out, passphrase)
    _write(session, case, Reader(by, wish.notes), person, cast(BinaryIO, sealer), now)
    sealer.close()


def _write(
    session: Session,
    case: Case,
    reader: Reader,
    person: str | None,
    out: BinaryIO,
    now: datetime,
) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        names = dict(_pack_files(session, case, packed))
        found = _contents(session, case, reader, now)
        for file in found["files"]:
            file["name"] = names.get(file["id"])
        if person:
            found["identity"] = person
        packed.writestr("case.json", json.dumps(found, ensure_ascii=False, indent=2))
        packed.writestr("index.html", dossier_page.render(found))


def _contents(session: Session, case: Case, reader: Reader, now: datetime) -> dict[str, Any]:
    exporter = session.get(Staff, reader.actor.staff_id)
    parts = dossier.gather(session, case, reader)
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": now.isoformat(),
        "exported_by": {"name": exporter.name, "organisation": exporter.organisation}
        if exporter
        else None,
        **parts,
        "staff": dossier.staff_named(session, parts),
    }


def _pack_files(session: Session, case: Case, packed: zipfile.ZipFile) -> Iterator[tuple[int, str]]:
    """Put the stored files in, piece by piece; the name of each that could be read."""
    wanted = (Attachment.case_id == case.id, Attachment.state == FileState.STORED)
    rows = session.exec(select(Attachment).where(*wanted).order_by(col(Attachment.id)))
    for number, file in enumerate(list(rows), start=1):
        suffix = mimetypes.guess_extension(file.mime) or ""
        name = f"files/{number:03}-{file.kind.value}{suffix}"
        try:
            pieces = attachments.content(session, file)
            first = next(pieces)
        except Unsealable:
            continue
        with packed.open(name, "w") as entry:
            entry.write(first)
            for piece in pieces:
                entry.write(piece)
        yield file.id, name


# --- the other end ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was opened into a folder."""

    reference: str
    files: int
    events: int
    broken_at: int | None
    """The number of the first event that does not fit the chain; ``None``: it is whole."""


def open_into(file: BinaryIO, passphrase: str, folder: Path) -> Opened:
    """Unpack what ``export`` wrote into a new folder that only its owner may read.

    ``BadInput`` where it does not open: then nothing is written.
    """
    with tempfile.SpooledTemporaryFile(max_size=_ROOM) as plain:
        for piece in archive.opened(file, passphrase):
            plain.write(piece)
        plain.seek(0)
        try:
            with zipfile.ZipFile(cast(BinaryIO, plain)) as packed:
                return _unpack(packed, folder)
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError):
            raise BadInput("The file opens, and holds no case that can be read.") from None


def _unpack(packed: zipfile.ZipFile, folder: Path) -> Opened:
    names = packed.namelist()
    if any(not _NAME.fullmatch(name) or ".." in PurePosixPath(name).parts for name in names):
        raise ValueError
    found = json.loads(packed.read("case.json"))
    if found["format"] != FORMAT or found["version"] != VERSION:
        raise BadInput("This case was written by a newer version. Ask for an older format.")
    opened = Opened(
        reference=str(found["case"]["reference"]),
        files=sum(name.startswith("files/") for name in names),
        events=len(found["events"]),
        broken_at=first_broken(found["events"], found["chain"]["head"]),
    )
    try:
        folder.mkdir(mode=0o700)
        (folder / "files").mkdir(mode=0o700)
    except FileExistsError:
        raise BadInput("There is such a folder already. Name a new one.") from None
    for name in names:
        target = folder / name
        with packed.open(name) as entry, target.open("xb") as out:
            target.chmod(0o600)
            while piece := entry.read(archive.CHUNK):
                out.write(piece)
    return opened


def first_broken(found: Iterable[Mapping[str, Any]], head: str) -> int | None:
    """The same proof as ``events.first_broken``, out of what was handed over alone."""
    previous, expected = b"", 1
    for event in found:
        said = [event[name] for name in _SAID]
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        hashed = hashlib.sha256(previous + text.encode()).digest()
        if event["number"] != expected or hashed.hex() != event["hash"]:
            return expected
        previous, expected = hashed, expected + 1
    return None if previous.hex() == head else expected


_SAID = ("case_id", "number", "at", "action", "before", "after", "role", "staff_id", "data")

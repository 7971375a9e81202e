"""Spoken sentences in the database: checked, added, replaced, removed, found and played.

Who calls knows which languages and sentences there are (``translations``); here a sentence is a key.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, delete, select

from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.media import files
from casework.media.files import Clean, Refusal
from casework.models import Recording, RecordingSound
from casework.vocabulary import MediaKind

MAX_BYTES = 1024 * 1024
"""Telegram plays a larger file as a download, not as a voice message."""

SUFFIXES = (".ogg", ".oga", ".opus", ".mp3", ".m4a")
"""How files are called that can be used."""

_PLAYED = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4"})
"""What Telegram takes as a voice message (https://core.telegram.org/bots/api#sendvoice) and every
browser plays; of OGG only with Opus in it."""


def check(data: bytes) -> Clean:
    """The sound of a file without its tags; ``BadInput`` says why it can't be used."""
    if len(data) > MAX_BYTES:
        raise BadInput("The recording is larger than 1 MB. Make it shorter, or save it smaller.")
    found = files.inspect(data, MediaKind.VOICE)
    if isinstance(found, Clean):
        vorbis = found.mime == "audio/ogg" and b"OpusHead" not in found.data[:512]
        if found.mime in _PLAYED and not vorbis:
            return found
        raise BadInput(
            "Telegram does not play this kind of file as a voice message. Save it as OGG (Opus),"
            " MP3 or M4A."
        )
    match found.why:
        case Refusal.EMPTY:
            raise BadInput("The file is empty. Choose another one.")
        case Refusal.DAMAGED:
            raise BadInput("The file is damaged. Record the sentence again.")
        case _:
            raise BadInput("This is no sound. Choose an OGG (Opus), MP3 or M4A file.")


def put(
    session: Session,
    language: str,
    key: str,
    sound: Clean,
    *,
    wording: str,
    by: int | None,
    now: datetime,
) -> Recording:
    """Keep the recording of a sentence, instead of the one there was. ``wording``: the name of the
    words that are heard. ``by``: a staff member's id, ``None`` at the command line."""
    remove(session, language, key)
    recording = Recording(
        id=new_id(now),
        language=language,
        key=key,
        wording=wording,
        mime=sound.mime,
        size=len(sound.data),
        added_at=now,
        staff_id=by,
    )
    session.add(recording)
    session.flush()
    session.add(RecordingSound(recording_id=recording.id, content=sound.data))
    return recording


def remove(session: Session, language: str, key: str) -> bool:
    """Take a recording away; False where there is none."""
    found = find(session, language, key)
    if found is None:
        return False
    session.exec(delete(RecordingSound).where(col(RecordingSound.recording_id) == found.id))
    session.exec(delete(Recording).where(col(Recording.id) == found.id))
    session.expunge(found)
    return True


def remove_others(session: Session, language: str, kept: Collection[str]) -> int:
    """Take away the recordings of a language whose sentences are not among ``kept``; how many."""
    others = [key for key in of_language(session, language) if key not in kept]
    return sum(remove(session, language, key) for key in others)


def find(session: Session, language: str, key: str) -> Recording | None:
    """The recording of one sentence."""
    wanted = select(Recording).where(Recording.language == language, Recording.key == key)
    return session.exec(wanted).first()


def find_all(session: Session, wanted: Sequence[tuple[str, str]]) -> list[Recording]:
    """The recordings of these languages and keys that there are, in the order asked for."""
    named = sa.tuple_(col(Recording.language), col(Recording.key)).in_(list(wanted))
    found = {(one.language, one.key): one for one in session.exec(select(Recording).where(named))}
    return [found[place] for place in wanted if place in found]


def of_language(session: Session, language: str) -> dict[str, Recording]:
    """All recordings of a language, by their keys."""
    found = session.exec(select(Recording).where(Recording.language == language))
    return {recording.key: recording for recording in found}


def all_keys(session: Session) -> dict[str, frozenset[str]]:
    """Which sentences are recorded, by language; a language without recordings is not there."""
    keys: dict[str, set[str]] = {}
    for language, key in session.exec(select(Recording.language, Recording.key)):
        keys.setdefault(language, set()).add(key)
    return {language: frozenset(found) for language, found in keys.items()}


def content(session: Session, recording_id: int) -> bytes | None:
    """The sound itself; ``None`` where the recording was replaced or removed meanwhile."""
    wanted = select(RecordingSound.content).where(RecordingSound.recording_id == recording_id)
    return session.exec(wanted).first()


def remember(session: Session, recording_id: int, file_id: str) -> None:
    """Note under which name Telegram keeps the sound."""
    session.exec(
        sa.update(Recording)
        .where(col(Recording.id) == recording_id)
        .values(telegram_file_id=file_id)
    )

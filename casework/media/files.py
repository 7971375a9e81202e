"""What of a file somebody sent may be kept: type by content, cleaned of what names or places her.

Pictures are always drawn anew, so that nothing but the picture survives (no EXIF, no location, no
tail behind the last pixel). Films and recordings in an MP4 container lose their tags in place
(``casework.media.containers``), and MP3 its ID3 tags. Everything else stays byte for byte: a PDF or an
Office document can still name its author, which is why they are offered as a download only and a
handler should be told.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum

import filetype

from casework.media import containers, pictures
from casework.vocabulary import MediaKind

MAX_BYTES = 20 * 1024 * 1024
"""The largest file taken: what Telegram hands to a bot."""

MAX_UNPACKED = 200 * 1024 * 1024
"""The most bytes an Office document may claim to hold unpacked; more is a bomb."""

MAX_PARTS = 5_000
"""The most parts an Office document may have; more is a bomb for whoever lists them."""


class Refusal(StrEnum):
    """Why a file was not kept."""

    EMPTY = "empty"
    TOO_BIG = "too-big"
    NOT_ALLOWED = "not-allowed"
    OTHER_KIND = "other-kind"
    PHONE_FORMAT = "phone-format"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too-many-pixels"
    MACROS = "macros"


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that may be sealed and shown. ``kind`` is what it is, whatever it was called.

    ``inline`` is false where it may only be downloaded, never opened in the page.
    """

    data: bytes
    mime: str
    suffix: str
    kind: MediaKind
    inline: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not kept. ``why`` picks the sentence the worker reads."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class _Type:
    mime: str
    suffix: str
    kind: MediaKind
    inline: bool = True


_TYPES = {
    t.mime: t
    for t in (
        _Type("audio/ogg", ".ogg", MediaKind.VOICE),
        _Type("audio/mpeg", ".mp3", MediaKind.VOICE),
        _Type("audio/mp4", ".m4a", MediaKind.VOICE),
        _Type("audio/wav", ".wav", MediaKind.VOICE),
        _Type("audio/aac", ".aac", MediaKind.VOICE),
        _Type("audio/webm", ".weba", MediaKind.VOICE),
        _Type("audio/3gpp", ".3ga", MediaKind.VOICE, inline=False),
        _Type("audio/amr", ".amr", MediaKind.VOICE, inline=False),
        _Type("image/jpeg", ".jpg", MediaKind.PHOTO),
        _Type("image/png", ".png", MediaKind.PHOTO),
        _Type("image/webp", ".webp", MediaKind.PHOTO),
        _Type("image/gif", ".gif", MediaKind.PHOTO),
        _Type("video/mp4", ".mp4", MediaKind.VIDEO),
        _Type("video/webm", ".webm", MediaKind.VIDEO),
        _Type("video/3gpp", ".3gp", MediaKind.VIDEO, inline=False),
        _Type("video/quicktime", ".mov", MediaKind.VIDEO, inline=False),
        _Type("application/pdf", ".pdf", MediaKind.DOCUMENT, inline=False),
        _Type("text/plain", ".txt", MediaKind.DOCUMENT, inline=False),
        _Type(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ".docx",
            MediaKind.DOCUMENT,
            inline=False,
        ),
        _Type(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ".xlsx",
            MediaKind.DOCUMENT,
            inline=False,
        ),
    )
}

_OFFICE = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}

_GUESSED = {"audio/x-wav": "audio/wav"}
"""Where the name of ``filetype`` for an allowed type is not the registered one."""

_GUESSABLE = frozenset(
    {
        "audio/ogg",
        "audio/mpeg",
        "audio/wav",
        "audio/aac",
        "video/webm",
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
    }
)
"""What ``filetype`` may decide; the other types are told apart here."""

_ALSO_SOUND = {"video/mp4": "audio/mp4", "video/webm": "audio/webm", "video/3gpp": "audio/3gpp"}
"""Containers that recorders also use for sound alone."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php", b"<body", b"<iframe")


def inspect(data: bytes, claimed: MediaKind) -> Clean | Refused:
    """Decide what of ``data`` may be kept, and clean it.

    ``claimed`` is what the channel called it. A voice note, photo or video must be one; a document
    may be anything on the list. Never raises, whatever the bytes are.
    """
    if not data:
        return Refused(Refusal.EMPTY)
    if len(data) > MAX_BYTES:
        return Refused(Refusal.TOO_BIG)
    found = _type_of(data)
    if isinstance(found, Refusal):
        return Refused(found)
    if claimed is MediaKind.VOICE and found.mime in _ALSO_SOUND:
        found = _TYPES[_ALSO_SOUND[found.mime]]
    if claimed is not MediaKind.DOCUMENT and claimed is not found.kind:
        return Refused(Refusal.OTHER_KIND)
    if found.kind is MediaKind.PHOTO:
        return _picture(data)
    cleaned = _without_tags(data, found)
    if cleaned is None:
        return Refused(Refusal.DAMAGED)
    return Clean(cleaned, found.mime, found.suffix, found.kind, found.inline)


def _type_of(data: bytes) -> _Type | Refusal:
    """The allowed type the bytes themselves show, or why there is none."""
    if (brand := containers.brand(data)) is not None:
        if brand in containers.PICTURES:
            return Refusal.PHONE_FORMAT
        mime = containers.mime(brand)
        return _TYPES[mime] if mime else Refusal.NOT_ALLOWED
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return _TYPES["audio/amr"]
    guess = filetype.guess_mime(data) or ""
    mime = _GUESSED.get(guess, guess)
    if mime == "audio/ogg" and not any(c in data[:512] for c in (b"OpusHead", b"\x01vorbis")):
        return Refusal.NOT_ALLOWED
    if mime in _GUESSABLE:
        return _TYPES[mime]
    # Two letters are enough for some signatures: a text that begins with "BM" is no bitmap.
    return _TYPES["text/plain"] if _is_text(data) else Refusal.NOT_ALLOWED


def _is_text(data: bytes) -> bool:
    """UTF-8 without control characters, and no markup a browser might be talked into running."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    head = data[:4096].lower()
    return not _CONTROL.search(text) and not any(mark in head for mark in _MARKUP)


def _office(data: bytes) -> _Type | Refusal:
    """A Word or Excel document without macros, known by its parts; any other archive is refused."""
    if data.count(b"PK\x01\x02") > MAX_PARTS:
        return Refusal.TOO_BIG
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return Refusal.DAMAGED
    if any(name.lower().endswith("vbaproject.bin") for name in parts):
        return Refusal.MACROS
    if sum(parts.values()) > MAX_UNPACKED:
        return Refusal.TOO_BIG
    for part, suffix in _OFFICE.items():
        if part in parts and "[Content_Types].xml" in parts:
            return next(t for t in _TYPES.values() if t.suffix == suffix)
    return Refusal.NOT_ALLOWED


def _picture(data: bytes) -> Clean | Refused:
    match pictures.redraw(data):
        case pictures.Picture(drawn, mime):
            if len(drawn) > MAX_BYTES:
                return Refused(Refusal.TOO_BIG)
            t = _TYPES[mime]
            return Clean(drawn, t.mime, t.suffix, t.kind, t.inline)
        case pictures.TooManyPixels():
            return Refused(Refusal.TOO_MANY_PIXELS)
        case pictures.Damaged():
            return Refused(Refusal.DAMAGED)


def _without_tags(data: bytes, found: _Type) -> bytes | None:
    """The same sound, film or document without the tags we can take out; ``None``: damaged."""
    if containers.brand(data) is not None:
        return containers.without_tags(data)
    if found.mime == "audio/mpeg":
        return _without_id3(data)
    return data


def _without_id3(data: bytes) -> bytes | None:
    """An MP3 without its ID3 tags: the first block (version 2) and the last 128 bytes (version 1).

    The length of the first block is written in four bytes of seven bits each (id3.org, 2.4.0, 3.1).
    """
    start, end = 0, len(data)
    while data[start : start + 3] == b"ID3" and end - start > 10:
        length = 0
        for byte in data[start + 6 : start + 10]:
            length = length << 7 | byte & 0x7F
        footer = 10 if data[start + 5] & 0x10 else 0
        start += 10 + length + footer
    if data[-128:-125] == b"TAG":
        end -= 128
    return data[start:end] or None

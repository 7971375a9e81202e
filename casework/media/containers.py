"""Films and recordings in the MP4 family: which one it is, and the same without its tags.

A phone writes where a film was taken into boxes beside the sound and the picture (``udta``,
``meta``, ``uuid``). They are turned into ``free`` boxes of the same length, so that no offset in
the file moves and nothing has to be encoded anew. ISO/IEC 14496-12; Apple's QuickTime File Format.
"""

PICTURES = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"})
"""Brands of still pictures that only newer phones can open."""

_SOUND = frozenset({b"M4A ", b"M4B "})
_FILMS = frozenset({b"avc1", b"M4V ", b"MSNV", b"dash", b"mmp4", b"XAVC"})

_TAGS = frozenset({b"udta", b"meta", b"uuid", b"\xa9xyz", b"loci"})
_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
_DEEPEST = 6


class _BrokenError(ValueError):
    """A box that ends outside the one it stands in, or boxes nested as no recorder does."""


def brand(data: bytes) -> bytes | None:
    """The main brand of a file of the MP4 family, ``None`` if it is none."""
    return data[8:12] if data[4:8] == b"ftyp" and len(data) >= 16 else None


def mime(main: bytes) -> str | None:
    """The type of a file with this main brand, ``None`` if it is not one we keep."""
    if main in _SOUND:
        return "audio/mp4"
    if main.startswith((b"3gp", b"3g2", b"3ge")):
        return "video/3gpp"
    if main == b"qt  ":
        return "video/quicktime"
    if main in _FILMS or main.startswith((b"iso", b"mp4")):
        return "video/mp4"
    return None


def without_tags(data: bytes) -> bytes | None:
    """The same file with every box of tags blanked; ``None`` where it is cut off or broken."""
    clean = bytearray(data)
    try:
        seen = _blank(clean, 0, len(clean), _DEEPEST)
    except _BrokenError:
        return None
    return bytes(clean) if b"moov" in seen else None


def _blank(data: bytearray, start: int, end: int, levels: int) -> set[bytes]:
    """Blank the boxes of tags between two offsets; returns the kinds of box met there."""
    if not levels:
        raise _BrokenError
    seen = set()
    while start < end:
        head, length = _head(data, start, end)
        kind = bytes(data[start + 4 : start + 8])
        seen.add(kind)
        if kind in _TAGS:
            data[start + 4 : start + 8] = b"free"
            data[start + head : start + length] = bytes(length - head)
        elif kind in _HOLDERS:
            _blank(data, start + head, start + length, levels - 1)
        start += length
    return seen


def _head(data: bytearray, start: int, end: int) -> tuple[int, int]:
    """Length of a box's head and of the whole box, in bytes."""
    if end - start < 8:
        raise _BrokenError
    head, length = 8, int.from_bytes(data[start : start + 4])
    if length == 1:
        head, length = 16, int.from_bytes(data[start + 8 : start + 16])
    elif length == 0:
        length = end - start
    if length < head or start + length > end:
        raise _BrokenError
    return head, length

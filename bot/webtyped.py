"""What the web chat's form sent, read into what happened: words, a press, files already checked."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from flask import Request

from bot.doors import Happening, Upload
from bot.rendering import DATA_AT_MOST, decode
from bot.turns import Pressed, Text
from casework.media import files
from casework.media.files import Clean, Refusal, Refused
from casework.vault import Vault
from casework.vocabulary import MediaKind

LONGEST = 8000
"""Characters of one message; the page carries the last messages each time."""

_TURN = re.compile(r"[A-Za-z0-9_-]{8,20}")
_ASIDE = (".back", ".help", ".language")
_LEAVING = (".stop", ".erase")
_UNKNOWN = Pressed("", "unknown")
"""A press of no button of ours: the dialogue answers it like one of an old message."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form as it came. ``turn`` is the mark of the page it stood on, ``""`` if it has none."""

    text: str = field(repr=False)
    turn: str
    press: Pressed | None = field(repr=False)
    uploads: tuple[Clean, ...] = field(repr=False)
    refused: Refusal | None = None
    """Why one of the files can't be kept."""

    @property
    def aside(self) -> bool:
        """Back, help or language: no answer, so what stands in the text field stays there."""
        return self.press is not None and self.press.value in _ASIDE

    @property
    def leaving(self) -> bool:
        """Stop, erase or forget: what stands in the text field is not told any more."""
        return self.press is not None and (
            self.press.value in _LEAVING or self.press.step == "forget"
        )

    def happenings(self) -> list[Happening]:
        """What she did, in the order she means it: what she wrote or chose first, then the press."""
        found: list[Happening] = []
        if not self.aside and not self.leaving:
            found += _told(self.text, self.uploads)
        if self.press:
            found.append(self.press)
        return found

    def keys(self, vault: Vault, code: str) -> list[str]:
        """Names for ever, one for each happening: from one page, the same sent twice is one thing.

        Something else sent from the same page (the browser's way back) is another thing, so a name
        also stands for the content. Keyed hashes, because these names are stored in clear.
        """
        parts = (self.text, repr(self.press), *(_print(one.data) for one in self.uploads))
        sent = f"{place(vault, code)}:{self.turn}:{_hash(vault, *parts)}"
        return [f"{sent}:{number}" for number, _ in enumerate(self.happenings())]


def place(vault: Vault, code: str) -> str:
    """How the names of what happens in a web chat begin."""
    return f"web:{vault.index('web.turn', code).hex()}"


def _hash(vault: Vault, *parts: str) -> str:
    return vault.index("web.turn", "\0".join(parts))[:8].hex()


def read(request: Request) -> Form:
    """The form of a request; its files are checked and cleaned here, outside any transaction."""
    looked_at = [
        _look(storage.stream.read(files.MAX_BYTES + 1), name, storage.mimetype)
        for name in ("voice", "file")
        # Of each field the one file it can hold: who makes up a form with hundreds of pictures
        # would keep a thread drawing them for minutes.
        if (storage := request.files.get(name)) and storage.filename
    ]
    return Form(
        text=request.form.get("text", "").replace("\r\n", "\n").strip(),
        turn=turn(request),
        press=_press(request.form.get("press")),
        uploads=tuple(one for one in looked_at if isinstance(one, Clean)),
        refused=next((one.why for one in looked_at if isinstance(one, Refused)), None),
    )


def turn(request: Request) -> str:
    """The mark of the page a form stood on; ``""`` where somebody made it up or left it out."""
    sent = request.form.get("turn", "")
    return sent if _TURN.fullmatch(sent) else ""


def new_turn() -> str:
    """A mark for a page that is shown now."""
    return secrets.token_urlsafe(12)


def _look(data: bytes, field_name: str, claimed: str) -> Clean | Refused:
    sound = field_name == "voice" or claimed.startswith("audio/")
    found = files.inspect(data, MediaKind.VOICE if sound else MediaKind.DOCUMENT)
    if isinstance(found, Refused) and found.why is Refusal.OTHER_KIND:
        # She took the other field, or her phone names it wrongly: what counts is what it is.
        return files.inspect(data, MediaKind.DOCUMENT)
    return found


def _press(data: str | None) -> Pressed | None:
    if data is None:
        return None
    return (len(data.encode()) <= DATA_AT_MOST and decode(data)) or _UNKNOWN


def _told(text: str, uploads: tuple[Clean, ...]) -> list[Happening]:
    if not uploads:
        return [Text(text)] if text else []
    captions = (text, *[""] * (len(uploads) - 1))
    return [
        Upload(one.kind, one.data, one.mime, caption)
        for one, caption in zip(uploads, captions, strict=True)
    ]


def _print(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""The values the stand-in passes around: messages, buttons, calls, files, Telegram's errors."""

from dataclasses import dataclass, field
from typing import Any

# What Telegram sends and takes is open-ended JSON; it is checked where it is used.
JSON = dict[str, Any]


class ApiError(Exception):
    """An answer that is not ``ok``: HTTP status, Telegram's words, its ``parameters``."""

    def __init__(self, status: int, description: str, parameters: JSON | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> JSON:
        answer: JSON = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message. ``data`` is its callback data; ``url`` where it opens a page."""

    text: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(eq=False, slots=True)
class Message:
    """A message as it stands in a chat now.

    ``text`` is its text or caption, ``file`` the bytes that came with it. ``rows`` are its buttons,
    ``past_rows`` those it had before it was edited. ``changed_at`` counts up over all chats with
    each message sent or edited. ``json`` is the message as Telegram sends it.
    """

    id: int
    method: str
    json: JSON
    text: str = ""
    rows: Rows = ()
    file: bytes | None = None
    changed_at: int = 0
    edits: int = 0
    deleted: bool = False
    past_rows: list[Rows] = field(default_factory=list)
    params: JSON = field(default_factory=dict)

    @property
    def buttons(self) -> list[Button]:
        """All its buttons, row after row."""
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """What its buttons say."""
        return [button.text for button in self.buttons]

    def button(self, wanted: str, *, past: bool = False) -> Button | None:
        """The button whose label or data is ``wanted``, or contains it; ``None`` if there is none.

        With ``past``, also a button it had once: a phone may press what its screen still shows.
        """
        every = [self.buttons]
        if past:
            every += [[b for row in rows for b in row] for rows in reversed(self.past_rows)]
        for buttons in every:
            for button in buttons:
                if wanted in (button.text, button.data):
                    return button
            for button in buttons:
                if wanted in button.text or wanted in button.data:
                    return button
        return None


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot. ``status`` is the HTTP status answered, 0 where it was cut off."""

    method: str
    params: JSON
    status: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file Telegram holds. ``size`` may say more than ``data`` has."""

    file_id: str
    path: str
    data: bytes
    size: int

    @property
    def unique_id(self) -> str:
        return f"AgAD{self.file_id[-10:]}"

    def json(self, **more: object) -> JSON:
        """How a message names it."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": self.size,
            **more,
        }

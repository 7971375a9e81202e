"""A worker's phone: her private chat with the bot, and what she can do in it."""

from typing import TYPE_CHECKING

from tests.botapi.chats import PATIENCE, Chat
from tests.botapi.values import JSON, ApiError, Button, Message

if TYPE_CHECKING:
    from tests.botapi.server import BotApi


class Phone(Chat):
    """One simulated worker. Nothing here waits but ``press`` and what ``Chat`` says waits."""

    def __init__(self, api: "BotApi", user_id: int, user: JSON) -> None:
        self.user: JSON = {"id": user_id, "is_bot": False, **user}
        names = {k: v for k, v in user.items() if k in ("first_name", "last_name", "username")}
        super().__init__(api, user_id, {**names, "type": "private"})
        self.known = False
        """She wrote to the bot, so that it may write to her."""
        self.blocked = False
        self.toasts: list[str] = []
        """What ``answerCallbackQuery`` showed her, ``""`` where it only ended the wait."""
        self._turning: set[str] = set()

    # --- writing ---

    def send(self, text: str, *, reply_to: Message | None = None) -> Message:
        """She types a text."""
        more: JSON = {"reply_to_message": reply_to.json} if reply_to else {}
        return self.write(text=text, **more)

    def start(self, payload: str = "") -> Message:
        """She opens the bot, perhaps by a deep link, and presses Start."""
        return self.send(f"/start {payload}".rstrip())

    def write(self, **content: object) -> Message:
        """She sends a message with these fields of a Bot API ``Message``: for whatever is rare."""
        with self.api.lock:
            self.known = True
            return self._write(dict(content), {"from": self.user})

    def voice(self, data: bytes, *, seconds: int = 3, mime: str = "audio/ogg") -> Message:
        file = self.api.store(data, "voice", ".oga")
        return self.write(voice=file.json(duration=seconds, mime_type=mime))

    def audio(self, data: bytes, file_name: str = "song.mp3", mime: str = "audio/mpeg") -> Message:
        file = self.api.store(data, "music", file_name)
        return self.write(audio=file.json(duration=3, file_name=file_name, mime_type=mime))

    def photo(self, data: bytes, caption: str = "", *, album: str = "") -> Message:
        """She sends a picture; as in Telegram, smaller copies of it come first."""
        small = self.api.store(b"a smaller copy", "photos", ".jpg")
        file = self.api.store(data, "photos", ".jpg")
        sizes = [small.json(width=90, height=67), file.json(width=1280, height=960)]
        more: JSON = {"media_group_id": album} if album else {}
        return self.write(photo=sizes, **_caption(caption), **more)

    def document(
        self,
        data: bytes = b"",
        file_name: str = "document.pdf",
        mime: str = "application/pdf",
        caption: str = "",
        *,
        size: int | None = None,
    ) -> Message:
        """She sends a file. ``size`` claims a length without the bytes, to go over the limit."""
        file = self.api.store(data, "documents", file_name, size)
        named = file.json(file_name=file_name, mime_type=mime)
        return self.write(document=named, **_caption(caption))

    def video(self, data: bytes = b"", caption: str = "", *, size: int | None = None) -> Message:
        file = self.api.store(data, "videos", ".mp4", size)
        shown = file.json(width=640, height=480, duration=5, mime_type="video/mp4")
        return self.write(video=shown, **_caption(caption))

    def video_note(self, data: bytes) -> Message:
        file = self.api.store(data, "video_notes", ".mp4")
        return self.write(video_note=file.json(length=240, duration=5))

    def sticker(self) -> Message:
        file = self.api.store(b"RIFF", "stickers", ".webp")
        about = {"type": "regular", "width": 512, "height": 512, "emoji": "🙂"}
        return self.write(sticker=file.json(**about, is_animated=False, is_video=False))

    def location(self) -> Message:
        return self.write(location={"latitude": 11.5564, "longitude": 104.9282})

    def contact(self) -> Message:
        person = {"phone_number": "+85512345678", "first_name": "Bopha", "user_id": self.id}
        return self.write(contact=person)

    def poll(self) -> Message:
        options = [{"text": t, "voter_count": 0, "persistent_id": t} for t in ("a", "b")]
        about = {"id": "1", "question": "Which?", "options": options, "type": "regular"}
        counts = {"total_voter_count": 0, "is_closed": False, "is_anonymous": True}
        more = dict.fromkeys(("allows_multiple_answers", "allows_revoting", "members_only"), False)
        return self.write(poll={**about, **counts, **more})

    def edit(self, message: Message, text: str) -> Message:
        """She changes a message she had sent, or the words below its picture."""
        with self.api.lock:
            field = "text" if "text" in message.json else "caption"
            message.text = text
            message.edits += 1
            changed = message.json | {field: text, "edit_date": int(self.api.now())}
            message.json = changed
            self._update("edited_message", changed)
            return message

    # --- pressing ---

    def press(
        self, wanted: str, *, message: Message | None = None, timeout: float = PATIENCE
    ) -> None:
        """She presses the button whose label or callback data is, or contains, ``wanted``.

        Waits until the answer to her last action has such a button and takes its newest message.
        To press one of an older message, name it: ``message=phone.find("Back")``; then buttons
        count that were taken off it since.
        """
        if message is None:
            if any(wanted in button.text for row in self.keyboard for button in row):
                self.send(next(b.text for row in self.keyboard for b in row if wanted in b.text))
                return
            message = self.wait_for(lambda m: m.button(wanted) is not None, timeout)
        with self.api.lock:
            button = message.button(wanted, past=True)
            assert button, f"No button {wanted!r} on that message.\n{self.transcript()}"
            assert button.data, f"{button} sends nothing to the bot."
            self._press(message, button)

    def _press(self, message: Message, button: Button) -> None:
        query = self.api.new_query(self)
        self._turning.add(query)
        self._update(
            "callback_query",
            {
                "id": query,
                "from": self.user,
                "message": message.json,
                "chat_instance": str(-self.id * 7919),
                "data": button.data,
            },
        )

    @property
    def spinning(self) -> bool:
        """A button she pressed still shows that it works: the bot has not answered the press."""
        return bool(self._turning)

    def query_answered(self, query: str, toast: str) -> None:
        self._turning.discard(query)
        self.toasts.append(toast)
        self.changed()

    # --- blocking ---

    def block(self) -> None:
        """She blocks the bot: whatever it sends is refused with 403 from now on."""
        with self.api.lock:
            self.blocked = True
            self._membership(self.user, "member", "kicked")

    def unblock(self) -> None:
        with self.api.lock:
            self.blocked = False
            self._membership(self.user, "kicked", "member")

    def reachable(self) -> None:
        if not self.known:
            raise ApiError(400, "Bad Request: chat not found")
        if self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")


def _caption(caption: str) -> JSON:
    return {"caption": caption} if caption else {}

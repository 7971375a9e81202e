"""Chats as they look on a screen: a group, a channel, and what a phone shares with them."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.botapi import checks
from tests.botapi.values import JSON, ApiError, Message, Rows

if TYPE_CHECKING:
    from tests.botapi.phone import Phone
    from tests.botapi.server import BotApi

Wanted = int | str | Callable[[Message], bool]
"""What to wait for: so many messages in all, words in a message, or a message that fits."""

PATIENCE = 10.0
"""Seconds a wait lasts before the test fails."""


class Chat:
    """One chat, seen from the people's side. ``messages`` came from the bot, ``sent`` went to it.

    ``on_message`` is called with each message of the bot, in the server's thread: it must not wait.
    """

    def __init__(self, api: "BotApi", chat_id: int, about: JSON) -> None:
        self.api = api
        self.id = chat_id
        self.about: JSON = {"id": chat_id, **about}
        self.messages: list[Message] = []
        self.sent: list[Message] = []
        self.keyboard: Rows = ()
        self.on_message: Callable[[Message], None] | None = None
        self._changed = threading.Condition(api.lock)
        self._acted_at = 0

    # --- reading ---

    @property
    def last(self) -> Message:
        """The newest message of the bot that was not deleted."""
        with self.api.lock:
            for message in reversed(self.messages):
                if not message.deleted:
                    return message
        raise AssertionError(f"The bot has said nothing here.\n{self.transcript()}")

    def wait_until(self, true: Callable[[], bool], timeout: float = PATIENCE) -> None:
        """Wait until ``true()``, looked at whenever this chat changes."""
        with self._changed:
            if not self._changed.wait_for(true, timeout):
                raise TimeoutError(f"Not within {timeout} s:\n{self.transcript()}")

    def wait_for(
        self, what: Wanted, timeout: float = PATIENCE, *, since: int | None = None
    ) -> Message:
        """Wait for a message and return the newest that fits.

        A number waits until the bot has sent so many in all. Words (a part of the text) and a
        function look at what was sent or edited after this chat's last own action; with
        ``since=0`` at everything, with ``since=m.changed_at`` at what came after ``m``.
        """
        found: list[Message] = []

        def look() -> bool:
            if isinstance(what, int):
                fits = self.messages if len(self.messages) >= what else []
            else:
                after = self._acted_at if since is None else since
                fits = [
                    m
                    for m in self.messages
                    if m.changed_at > after
                    and not m.deleted
                    and (what in m.text if isinstance(what, str) else what(m))
                ]
            found[:] = fits
            return bool(fits) or what == 0

        self.wait_until(look, timeout)
        return max(found, key=lambda m: m.changed_at) if found else self.last

    def answer(self, timeout: float = PATIENCE) -> Message:
        """The newest message the bot sent or edited after this chat's last own action."""
        return self.wait_for(lambda _: True, timeout)

    def find(self, button: str) -> Message:
        """The newest message with this button, however old."""
        with self.api.lock:
            for message in reversed(self.messages):
                if not message.deleted and message.button(button):
                    return message
        raise AssertionError(f"No button {button!r} anywhere.\n{self.transcript()}")

    def transcript(self) -> str:
        """The chat as text, for reading when a test fails."""
        with self.api.lock:
            every = [(m, "→") for m in self.sent] + [(m, "←") for m in self.messages]
            every.sort(key=lambda pair: pair[0].id)
            return "\n".join(
                f"{sign} {m.id} {m.method} {m.text!r}"
                + "".join(f" [{b.text}|{b.data or b.url}]" for b in m.buttons)
                + (" (deleted)" if m.deleted else "")
                for m, sign in every
            )

    # --- what the server does to it ---

    def reachable(self) -> None:
        """Raise Telegram's error where the bot may not write here."""

    def changed(self) -> None:
        self._changed.notify_all()

    def receive(self, message: Message, markup: JSON) -> None:
        """A message of the bot arrives. Called with the lock held."""
        self.messages.append(message)
        if "keyboard" in markup or markup.get("remove_keyboard"):
            self.keyboard = checks.reply_rows(markup)
        self.changed()
        if self.on_message:
            self.on_message(message)

    # --- acting ---

    def _update(self, kind: str, content: JSON) -> None:
        """Something is done here: the bot gets an update."""
        with self.api.lock:
            self._acted_at = self.api.tick()
            self.api.add_update(kind, content)

    def _write(self, content: JSON, sender: JSON, kind: str = "message") -> Message:
        """Somebody writes here."""
        with self.api.lock:
            sent: JSON = {
                "message_id": self.api.next_message_id(),
                **sender,
                "chat": self.about,
                "date": int(self.api.now()),
                **content,
            }
            text = str(content.get("text") or content.get("caption") or "")
            if content.get("text", "").startswith("/"):
                length = len(text.split(maxsplit=1)[0])
                sent["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
            message = Message(sent["message_id"], kind, sent, text)
            self.sent.append(message)
            self.api.remember(self, message)
            self._update(kind, sent)
            return message

    def _membership(self, by: JSON, old: str, new: str) -> None:
        self._update(
            "my_chat_member",
            {
                "chat": self.about,
                "from": by,
                "date": int(self.api.now()),
                "old_chat_member": _member(self.api.me, old),
                "new_chat_member": _member(self.api.me, new),
            },
        )


class Group(Chat):
    """A supergroup. The bot is not in it until somebody adds it."""

    kind = "supergroup"

    def __init__(self, api: "BotApi", chat_id: int, title: str) -> None:
        super().__init__(api, chat_id, {"title": title, "type": self.kind})
        self.has_bot = False

    def add_bot(self, by: "Phone") -> None:
        self.has_bot = True
        self._membership(by.user, "left", "member")
        self._write({"new_chat_members": [self.api.me]}, {"from": by.user})

    def remove_bot(self, by: "Phone") -> None:
        self.has_bot = False
        self._membership(by.user, "member", "kicked")

    def send(self, by: "Phone", text: str) -> Message:
        """Somebody writes in the group, and the bot can read it."""
        return self._write({"text": text}, {"from": by.user})

    def left(self) -> None:
        """The bot left by itself."""
        self.has_bot = False
        self.changed()

    def reachable(self) -> None:
        if not self.has_bot:
            raise ApiError(403, f"Forbidden: bot is not a member of the {self.kind} chat")


class Channel(Group):
    """A channel: posts carry no sender."""

    kind = "channel"

    def add_bot(self, by: "Phone") -> None:
        self.has_bot = True
        self._membership(by.user, "left", "administrator")

    def post(self, text: str) -> Message:
        return self._write({"text": text}, {"sender_chat": self.about}, "channel_post")


def _member(user: JSON, status: str) -> JSON:
    member: JSON = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages "
            "can_manage_video_chats can_restrict_members can_promote_members can_change_info "
            "can_invite_users can_post_stories can_edit_stories can_delete_stories"
        )
        member |= dict.fromkeys(rights.split(), False)
    return member

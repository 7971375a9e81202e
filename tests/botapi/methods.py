"""The methods of the Bot API: what each checks, changes and answers."""

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import filetype

from tests.botapi import checks
from tests.botapi.chats import Chat, Group
from tests.botapi.values import JSON, ApiError, Message, StoredFile, bad_request

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

MAX_DOWNLOAD = 20 << 20
TWO_DAYS = 48 * 3600

Result = JSON | list[JSON] | bool
Uploads = Mapping[str, tuple[str, bytes]]
"""The files of a multipart request: name and bytes by field."""

_MEDIA: dict[str, tuple[str, str, JSON]] = {
    "sendvoice": ("voice", "voice", {"duration": 1, "mime_type": "audio/ogg"}),
    "sendaudio": ("audio", "music", {"duration": 1, "mime_type": "audio/mpeg"}),
    "sendphoto": ("photo", "photos", {"width": 640, "height": 480}),
    "senddocument": ("document", "documents", {}),
    "sendvideo": ("video", "videos", {"width": 640, "height": 480, "duration": 1}),
}

_SETTINGS = {
    "setmyname": ("name", 64),
    "setmydescription": ("description", 512),
    "setmyshortdescription": ("short_description", 120),
}
"""Texts of the bot's profile and how long each may be."""

_TRUE = frozenset(
    {
        "close",
        "deletemycommands",
        "logout",
        "setchatmenubutton",
        "setmessagereaction",
        "setmydefaultadministratorrights",
    }
)
"""Methods that change nothing a worker sees."""


class Methods:
    """Answers the methods that need no waiting. Called with the server's lock held."""

    def __init__(self, api: "BotApi") -> None:
        self._api = api
        self._table: dict[str, Callable[[JSON, Uploads], Result]] = {
            "getme": lambda _p, _f: self._api.me_full,
            "sendmessage": self._send_message,
            **{name: self._sender(name) for name in _MEDIA},
            "answercallbackquery": self._answer_query,
            "editmessagetext": self._edit_text,
            "editmessagecaption": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete,
            "deletemessages": self._delete_many,
            "getfile": self._get_file,
            "setmycommands": self._set_commands,
            "getmycommands": lambda p, _f: self._api.commands.get(_text(p, "language_code"), []),
            **{name: self._setting(name) for name in _SETTINGS},
            **{name.replace("set", "get"): self._get_setting(name) for name in _SETTINGS},
            "sendchataction": self._chat_action,
            "leavechat": self._leave,
            **dict.fromkeys(_TRUE, lambda _p, _f: True),
        }

    def call(self, method: str, params: JSON, uploads: Uploads) -> Result:
        """Do what ``method`` (in lower case) asks for; raises ``ApiError`` as Telegram refuses."""
        if method not in self._table:
            raise ApiError(404, "Not Found: method not found")
        return self._table[method](params, uploads)

    # --- sending ---

    def _send_message(self, params: JSON, _uploads: Uploads) -> JSON:
        text = checks.plain_text(params.get("text"), params.get("parse_mode"))
        return self._post("sendMessage", params, {"text": text}, text)

    def _sender(self, name: str) -> Callable[[JSON, Uploads], JSON]:
        field, folder, about = _MEDIA[name]

        def send(params: JSON, uploads: Uploads) -> JSON:
            caption = checks.caption(params.get("caption"), params.get("parse_mode"))
            file = self._file(params, uploads, field, folder)
            if field == "photo" and not filetype.is_image(file.data):
                raise bad_request("IMAGE_PROCESS_FAILED")
            named = file.json(**about)
            content: JSON = {field: [named] if field == "photo" else named}
            if caption:
                content["caption"] = caption
            return self._post(f"send{field.capitalize()}", params, content, caption, file.data)

        return send

    def _file(self, params: JSON, uploads: Uploads, field: str, folder: str) -> StoredFile:
        given = _text(params, field)
        upload = uploads.get(given.removeprefix("attach://") if given else field)
        if upload is not None:
            name, data = upload
            if not data:
                raise bad_request("file must be non-empty")
            return self._api.store(data, folder, name)
        if not given:
            raise bad_request(f"there is no {field} in the request")
        if given not in self._api.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self._api.files[given]

    def _post(
        self, method: str, params: JSON, content: JSON, text: str, file: bytes | None = None
    ) -> JSON:
        markup = checks.markup(params.get("reply_markup"))
        chat = self._chat(params)
        sent: JSON = {
            "message_id": self._api.next_message_id(),
            "from": self._api.me,
            "chat": chat.about,
            "date": int(self._api.now()),
            **self._reply(chat, params),
            **content,
        }
        if "inline_keyboard" in markup:
            sent["reply_markup"] = markup
        message = Message(
            sent["message_id"], method, sent, text, checks.inline_rows(markup), file, params=params
        )
        message.changed_at = self._api.tick()
        self._api.remember(chat, message)
        chat.receive(message, markup)
        return sent

    def _reply(self, chat: Chat, params: JSON) -> JSON:
        asked = _object(params.get("reply_parameters"))
        if "message_id" not in asked:
            return {}
        to = self._api.find_message(chat, int(asked["message_id"]))
        if to is not None:
            return {"reply_to_message": to.json}
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")

    def _chat(self, params: JSON) -> Chat:
        chat = self._known_chat(params)
        chat.reachable()
        return chat

    def _known_chat(self, params: JSON) -> Chat:
        given = _text(params, "chat_id")
        if not given:
            raise bad_request("chat_id is empty")
        chat = self._api.chats.get(int(given)) if given.lstrip("-").isdigit() else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    # --- changing what was sent ---

    def _mine(self, params: JSON) -> tuple[Chat, Message]:
        chat = self._known_chat(params)
        message = self._api.find_message(chat, int(params.get("message_id") or 0))
        if message is None:
            raise bad_request("message to edit not found")
        if message not in chat.messages:
            raise bad_request("message can't be edited")
        return chat, message

    def _edit_text(self, params: JSON, _uploads: Uploads) -> JSON:
        chat, message = self._mine(params)
        field = "text" if "text" in message.json else "caption"
        checked = checks.plain_text if field == "text" else checks.caption
        text = checked(params.get(field), params.get("parse_mode"))
        return self._change(chat, message, {field: text}, text, params)

    def _edit_markup(self, params: JSON, _uploads: Uploads) -> JSON:
        chat, message = self._mine(params)
        return self._change(chat, message, {}, message.text, params)

    def _change(self, chat: Chat, message: Message, content: JSON, text: str, params: JSON) -> JSON:
        markup = checks.markup(params.get("reply_markup"))
        rows = checks.inline_rows(markup)
        if (text, rows) == (message.text, message.rows):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        changed = message.json | content | {"edit_date": int(self._api.now())}
        changed.pop("reply_markup", None)
        if rows:
            changed["reply_markup"] = markup
        message.past_rows.append(message.rows)
        message.text, message.rows, message.json = text, rows, changed
        message.edits += 1
        message.changed_at = self._api.tick()
        chat.changed()
        return changed

    def _delete(self, params: JSON, _uploads: Uploads) -> bool:
        chat = self._known_chat(params)
        message = self._api.find_message(chat, int(params.get("message_id") or 0))
        if message is None:
            raise bad_request("message to delete not found")
        if self._api.now() - message.json["date"] > TWO_DAYS:
            raise bad_request("message can't be deleted for everyone")
        message.deleted = True
        chat.changed()
        return True

    def _delete_many(self, params: JSON, uploads: Uploads) -> bool:
        ids = _list(params.get("message_ids"))
        if not 1 <= len(ids) <= 100:
            raise bad_request("there are no messages to delete" if not ids else "too many messages")
        for message_id in ids:
            try:
                self._delete(params | {"message_id": message_id}, uploads)
            except ApiError as refused:
                # Those that cannot be found or deleted are passed over, as the documentation says.
                if "message" not in refused.description:
                    raise
        return True

    def _answer_query(self, params: JSON, _uploads: Uploads) -> bool:
        phone = self._api.queries.pop(_text(params, "callback_query_id"), None)
        if phone is None:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if len(_text(params, "text")) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        phone.query_answered(_text(params, "callback_query_id"), _text(params, "text"))
        return True

    # --- the rest ---

    def _get_file(self, params: JSON, _uploads: Uploads) -> JSON:
        file = self._api.files.get(_text(params, "file_id"))
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if file.size > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return file.json(file_path=file.path)

    def _set_commands(self, params: JSON, _uploads: Uploads) -> bool:
        commands = _list(params.get("commands"))
        for command in commands:
            name, about = str(command.get("command", "")), str(command.get("description", ""))
            plain = name.replace("_", "")
            if not 1 <= len(name) <= 32 or not plain.isascii() or not plain.isalnum():
                raise bad_request("BOT_COMMAND_INVALID")
            if name != name.lower():
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(about) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._api.commands[_text(params, "language_code")] = commands
        return True

    def _setting(self, name: str) -> Callable[[JSON, Uploads], bool]:
        field, most = _SETTINGS[name]

        def change(params: JSON, _uploads: Uploads) -> bool:
            text = _text(params, field)
            if len(text) > most:
                raise bad_request(f"{field} is too long")
            self._api.profile[field, _text(params, "language_code")] = text
            return True

        return change

    def _get_setting(self, name: str) -> Callable[[JSON, Uploads], JSON]:
        field = _SETTINGS[name][0]
        return lambda params, _uploads: {
            field: self._api.profile.get((field, _text(params, "language_code")), "")
        }

    def _chat_action(self, params: JSON, _uploads: Uploads) -> bool:
        self._chat(params)
        return True

    def _leave(self, params: JSON, _uploads: Uploads) -> bool:
        chat = self._chat(params)
        if not isinstance(chat, Group):
            raise bad_request("chat member status can't be changed in private chats")
        chat.left()
        return True


def _text(params: JSON, field: str) -> str:
    value = params.get(field)
    return "" if value is None else str(value)


def _object(value: object) -> JSON:
    parsed = json.loads(value) if isinstance(value, str) and value else value
    return parsed if isinstance(parsed, dict) else {}


def _list(value: object) -> list[JSON]:
    parsed = json.loads(value) if isinstance(value, str) and value else value
    return parsed if isinstance(parsed, list) else []


def number(params: JSON, field: str, default: int) -> int:
    """A whole number of a call, ``default`` where it is missing or none."""
    try:
        return int(params.get(field, default))
    except (TypeError, ValueError):
        return default


def until(seconds: float) -> float:
    """The moment ``seconds`` from now, on the clock that waits are measured with."""
    return time.monotonic() + seconds

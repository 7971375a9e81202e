"""What Telegram refuses in a message: its length, its markup, its buttons. Pure."""

import html
import json
import re

from tests.botapi.values import JSON, Button, Rows, bad_request

MAX_TEXT, MAX_CAPTION, MAX_DATA, MAX_BUTTONS = 4096, 1024, 64, 100

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)?([^<>]*)>?")
_TAGS = frozenset(
    "b strong i em u ins s strike del a code pre blockquote span tg-spoiler tg-emoji".split()
)
_ACTIONS = frozenset(
    {
        "callback_data",
        "copy_text",
        "login_url",
        "pay",
        "switch_inline_query",
        "switch_inline_query_chosen_chat",
        "switch_inline_query_current_chat",
        "url",
        "web_app",
    }
)


def plain_text(text: object, parse_mode: object = None) -> str:
    """A text as it is shown; refused where empty, too long or with broken HTML."""
    shown = _unmark(str(text or ""), str(parse_mode or "")).strip()
    if not shown:
        raise bad_request("message text is empty")
    if _length(shown) > MAX_TEXT:
        raise bad_request("message is too long")
    return shown


def caption(text: object, parse_mode: object = None) -> str:
    shown = _unmark(str(text or ""), str(parse_mode or "")).strip()
    if _length(shown) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return shown


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _unmark(text: str, mode: str) -> str:
    if not mode:
        return text
    if mode.lower() != "html":
        raise bad_request(f"unsupported parse_mode ({mode}: this stand-in reads HTML only)")
    opened: list[str] = []
    for tag in _TAG.finditer(text):
        closing, name = tag[1], (tag[2] or "").lower()
        at = len(text[: tag.start()].encode())
        if closing:
            if not opened or opened.pop() != name:
                raise bad_request(
                    f"can't parse entities: Unmatched end tag at byte offset {at}",
                )
        elif name not in _TAGS:
            raise bad_request(
                f"can't parse entities: Unsupported start tag {json.dumps(name)} "
                f"at byte offset {at}"
            )
        else:
            opened.append(name)
    if opened:
        raise bad_request(
            "can't parse entities: Can't find end tag corresponding to start tag "
            f"{json.dumps(opened[-1])}"
        )
    return html.unescape(_TAG.sub("", text))


def markup(given: object) -> JSON:
    """The ``reply_markup`` of a call as an object, ``{}`` if there is none."""
    if given in (None, ""):
        return {}
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        _rows(given["inline_keyboard"], "inline_keyboard")
        _inline(given["inline_keyboard"])
    elif "keyboard" in given:
        _rows(given["keyboard"], "keyboard")
        for row in given["keyboard"]:
            for button in row:
                _button_text(button if isinstance(button, dict) else {"text": button}, "keyboard")
    elif not (given.get("remove_keyboard") or given.get("force_reply")):
        raise bad_request("object expected as reply markup")
    return given


def _rows(rows: object, field: str) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{field}" must be of type Array of Arrays')
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")


def _button_text(button: object, where: str) -> None:
    parsing = f"can't parse {where} button: "
    if not isinstance(button, dict):
        raise bad_request(parsing + "an object expected")
    if "text" not in button:
        raise bad_request(parsing + 'Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise bad_request(parsing + 'Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")


def _inline(rows: list[list[JSON]]) -> None:
    for row in rows:
        for button in row:
            _button_text(button, "inline keyboard")
            actions = [
                name for name in button if name in _ACTIONS and button[name] not in ("", None)
            ]
            if not actions:
                raise bad_request(
                    "can't parse inline keyboard button: "
                    "Text buttons are unallowed in the inline keyboard"
                )
            if len(actions) > 1:
                raise bad_request("can't parse inline keyboard button: more than one action")
            data = button.get("callback_data", "")
            if not isinstance(data, str) or len(data.encode()) > MAX_DATA:
                raise bad_request("BUTTON_DATA_INVALID")
            url = button.get("url", "")
            if url and not re.match(r"(https?|tg)://[^/\s]+", url):
                raise bad_request(
                    f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
                )


def inline_rows(given: JSON) -> Rows:
    """The inline buttons of a checked markup."""
    return tuple(
        tuple(Button(b["text"], b.get("callback_data", ""), b.get("url", "")) for b in row)
        for row in given.get("inline_keyboard", ())
    )


def reply_rows(given: JSON) -> Rows:
    """The buttons of a checked reply keyboard, which stand below the whole chat."""
    return tuple(
        tuple(Button(b["text"] if isinstance(b, dict) else str(b)) for b in row)
        for row in given.get("keyboard", ())
    )

"""The web chat: the conversation of the bot as a plain page, for who has no Telegram.

Forms and links only, no script: it works on any phone. There is no account; a return code that only
she knows leads back (``bot.webcode``). Every answer is a redirect to the page, so that reloading
sends nothing again; and what is sent twice from one page is taken in once (``bot.webtyped``).
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    request,
    send_file,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import InternalServerError, RequestEntityTooLarge
from werkzeug.wrappers import Response

from bot import forgetting, webcode, webtyped, webview
from bot.conversation import take_in
from bot.doors import Happening, House, Incoming
from bot.turns import Pressed, Started
from bot.webpage import WebPage, page
from bot.webtyped import Form
from bot.webview import Remark
from casework.db import Store
from casework.media import recordings
from casework.media.files import Refusal
from casework.references import new_return_code, parse_return_code
from casework.vocabulary import Channel
from translations import languages, match

Answer = Response | str | tuple[str, int]

NAME = "chat"

_BODY = 64 * 1024 * 1024
"""Bytes of a form that is still read: a file over our limit is refused with her words kept, where
a body refused unread would lose them."""
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_KEPT = "private, max-age=3600"
"""A recording is the same for everybody; leaving quickly clears it from the browser."""


def webchat_blueprint(store: Store, house: House, now: Callable[[], datetime]) -> Blueprint:
    """The web chat at ``/chat``, for an application with CSRF protection (flask-wtf).

    ``now`` gives aware times. Nothing in its addresses, cookies or headers is anything she wrote.
    """
    blueprint = Blueprint(
        NAME, __name__, url_prefix=webcode.PATH, template_folder="templates", static_folder="static"
    )
    room = _Room(store, house, now)
    add = blueprint.add_url_rule
    add("", "show", room.show)
    add("/start", "start", room.start, methods=["POST"])
    add("/send", "send", room.send, methods=["POST"])
    add("/return", "come_back", room.come_back, methods=["GET", "POST"])
    add("/leave", "leave", room.leave, methods=["POST"])
    add("/calendar", "calendar", room.calendar)
    add("/voice/<language>/<key>", "voice", room.voice)
    blueprint.register_error_handler(CSRFError, room.expired)
    blueprint.register_error_handler(RequestEntityTooLarge, room.too_big)
    blueprint.register_error_handler(InternalServerError, room.trouble)
    blueprint.url_value_preprocessor(_read_big_forms)
    blueprint.after_request(_close)
    return blueprint


def _read_big_forms(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    request.max_content_length = _BODY


def _close(response: Response) -> Response:
    if request.endpoint != f"{NAME}.static":
        kept = request.endpoint == f"{NAME}.voice" and response.status_code < 400
        for name, value in _HEADERS.items():
            response.headers[name] = value
        if kept:
            response.headers["Cache-Control"] = _KEPT
    return response


@dataclass(frozen=True, slots=True)
class _Room:
    """The views."""

    store: Store
    house: House
    now: Callable[[], datetime]
    brake: webcode.Brake = field(default_factory=webcode.Brake)

    def show(self) -> str:
        """The conversation, or the start page where this browser has none."""
        payload = _payload(request.args.get("start", ""))
        mine = self._mine()
        if mine is None:
            return webview.start(self.house, webview.hint(request), payload)
        code, found = mine
        everything = "all" in request.args
        return webview.page(self.house, found, code, payload=payload, everything=everything)

    def start(self) -> Response:
        """Begin a conversation in the chosen language; or go on with hers, from a poster's link."""
        payload = _payload(request.form.get("start", ""))
        language = match(request.form.get("language", ""), "bot") or ""
        mine = self._mine()
        code = mine[0] if mine else new_return_code()
        key = f"{webtyped.place(self.store.vault, code)}:{webtyped.turn(request)}"
        self._take_in(code, Started(payload, language), f"{key}:start", language)
        found = page(self.store, code, self.house)
        if language and found and found.step == "language":
            self._take_in(code, Pressed("language", language), f"{key}:language")
        # A new page is read from its top, where the code stands.
        response = _to_newest() if mine else redirect(url_for(f"{NAME}.show"), 303)
        webcode.keep(response, code)
        return response

    def send(self) -> Answer:
        """Take in what she wrote, chose or pressed."""
        form = webtyped.read(request)
        mine = self._mine()
        if mine is None:
            return webview.come_back(
                self.house, webview.hint(request), Remark.CLOSED, form.text
            ), 403
        code, found = mine
        remark = _remark(form)
        if remark:
            return webview.page(self.house, found, code, remark=remark, text=form.text), 422
        keys = form.keys(self.store.vault, code)
        # One after the other, as from Telegram: only the buttons of the last answer count.
        for what, key in zip(form.happenings(), keys, strict=True):
            self._take_in(code, what, key, begins=False)
        if (
            form.press
            and form.press.step == "forget"
            and page(self.store, code, self.house) is None
        ):
            return self._forgotten(code, found.language)
        if form.text and form.aside:
            answered = page(self.store, code, self.house) or found
            return webview.page(self.house, answered, code, text=form.text)
        return _to_newest()

    def come_back(self) -> Answer:
        """Enter a return code. The answer to a wrong one never tells what is wrong with it."""
        language = webview.hint(request)
        if request.method == "GET":
            return webview.come_back(self.house, language)
        text = request.form.get("text", "")
        source, now = webcode.source_of(request), self.now()
        if self.brake.holds(source, now):
            return webview.come_back(self.house, language, Remark.TOO_MANY_CODES, text), 429
        code = parse_return_code(request.form.get("code", ""))
        found = page(self.store, code, self.house) if code else None
        if code is None or found is None:
            self.brake.wrong(source, now)
            return webview.come_back(self.house, language, Remark.WRONG_CODE, text), 403
        shown = webview.page(self.house, found, code, text=text)
        response = make_response(shown) if text else _to_newest()
        webcode.keep(response, code)
        return response

    def leave(self) -> Response:
        """Away at once: the code leaves this browser, and so does what it kept of our pages."""
        response = redirect(url_for(f"{NAME}.calendar"), 303)
        webcode.forget(response)
        response.headers["Clear-Site-Data"] = '"cache"'
        if "_user_id" not in session:
            # Nothing of ours stays here, unless somebody of the staff is signed in.
            session.clear()
        return response

    def calendar(self) -> str:
        """Where one lands after leaving quickly: a page that tells nothing of this place."""
        return webview.calendar(self.house, self.now(), webview.hint(request))

    def voice(self, language: str, key: str) -> Response:
        """A recorded sentence. It is no secret: it says what anyone hears who opens a chat."""
        if language not in languages("bot") or not key.isalnum():
            abort(404)
        with self.store.reading() as reading:
            found = recordings.find(reading, language, key)
            sound = recordings.content(reading, found.id) if found else None
        if found is None or sound is None:
            abort(404)
        return send_file(
            io.BytesIO(sound),
            mimetype=found.mime,
            conditional=True,  # a player asks for pieces
            etag=f"{found.id:x}",
        )

    def _forgotten(self, code: str, language: str) -> Response:
        """She is nobody's any more: the code leaves this browser, and begins nothing."""
        # Their names are made from her code, and their times are those of her cases.
        forgetting.forget_seen(self.store, webtyped.place(self.store.vault, code))
        self.store.scrub()
        response = make_response(webview.start(self.house, language, "", Remark.FORGOTTEN))
        webcode.forget(response)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    # --- when something is wrong ---

    def expired(self, _error: CSRFError) -> Answer:
        """The page is from before this browser was closed, or from another site."""
        if request.endpoint == f"{NAME}.leave":
            if request.headers.get("Sec-Fetch-Site") == "cross-site":
                # Another site's page shall not take her only way back away.
                return redirect(url_for(f"{NAME}.calendar"), 303)
            return self.leave()  # never in the way of who must go
        text = request.form.get("text", "")
        mine = self._mine()
        if mine is None:
            remark = Remark.CLOSED if text else None
            return webview.come_back(self.house, webview.hint(request), remark, text), 400
        code, found = mine
        return webview.page(self.house, found, code, remark=Remark.OLD_PAGE, text=text), 400

    def too_big(self, _error: RequestEntityTooLarge) -> Answer:
        """A body so big that it was not read, so her words can't be shown again."""
        return webview.trouble(self.house, webview.hint(request), Remark.TOO_BIG), 413

    def trouble(self, _error: InternalServerError) -> Answer:
        """Our own mistake, or the database is away."""
        text = request.form.get("text", "")
        return webview.trouble(self.house, webview.hint(request), Remark.TROUBLE, text), 500

    # --- helpers ---

    def _mine(self) -> tuple[str, WebPage] | None:
        code = webcode.in_cookie()
        found = page(self.store, code, self.house) if code else None
        return (code, found) if code and found else None

    def _take_in(
        self, code: str, what: Happening, key: str, hint: str = "", *, begins: bool = True
    ) -> None:
        incoming = Incoming(key, Channel.WEB, code, what, hint, begins=begins)
        take_in(self.store, [incoming], now=self.now(), house=self.house)


def _to_newest() -> Response:
    return redirect(url_for(f"{NAME}.show", _anchor="new"), 303)


def _remark(form: Form) -> Remark | None:
    """What keeps a form from being taken in."""
    if form.refused is Refusal.TOO_BIG:
        return Remark.TOO_BIG
    if form.refused:
        return Remark.REFUSED
    if len(form.text) > webtyped.LONGEST:
        return Remark.TOO_LONG
    if not form.turn:
        return Remark.OLD_PAGE
    return None if form.happenings() else Remark.EMPTY


def _payload(text: str) -> str:
    """The payload of a deep link, in the form Telegram allows; ``""`` for anything else."""
    return text if _PAYLOAD.fullmatch(text) else ""

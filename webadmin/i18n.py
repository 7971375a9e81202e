"""Which language a page speaks, and its sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import g, has_request_context, request

from casework.errors import RecourseError, Remark
from translations import SOURCE_LANGUAGE, catalog, languages, match
from webadmin.context import signed_in

_addressed: ContextVar[str] = ContextVar("webadmin.i18n.addressed", default="")


def language() -> str:
    """The language of the reader: of who is written to, else of the staff member who asks, else
    what the browser asks for."""
    if addressed := _addressed.get():
        return addressed
    if not has_request_context():
        return SOURCE_LANGUAGE
    found: str | None = g.get("recourse_language")
    if found is None:
        found = g.recourse_language = _choose()
    return found


@contextmanager
def writing_to(tag: str) -> Iterator[None]:
    """Speak this language in here, in or outside of a request; English where staff have it not."""
    token = _addressed.set(_spoken(tag))
    try:
        yield
    finally:
        _addressed.reset(token)


def speak(tag: str) -> None:
    """Speak this language from now on in this request; English where staff pages have it not."""
    g.recourse_language = _spoken(tag)


def _spoken(tag: str) -> str:
    return tag if tag in languages("webadmin") else SOURCE_LANGUAGE


def speak_as_asked() -> None:
    """Go by the browser alone unless the language is known by now: asks no database."""
    if "recourse_language" not in g:
        g.recourse_language = _asked_for()


def _choose() -> str:
    staff = signed_in()
    return _spoken(staff.language) if staff else _asked_for()


def _asked_for() -> str:
    for hint, _ in request.accept_languages:
        if found := match(hint, "webadmin"):
            return found
    return SOURCE_LANGUAGE


def gettext(msgid: str) -> str:
    """A sentence in the reader's language."""
    return catalog("webadmin", language()).gettext(msgid)


def said(what: str | RecourseError) -> str:
    """What ``casework`` says, in the reader's language: an error, or a ``Remark``, with its
    values filled in. Any other text is in the reader's language already."""
    remark = what.remark if isinstance(what, RecourseError) else what
    if not isinstance(remark, Remark):
        return remark
    text = gettext(remark.msgid)
    return text % remark.values if remark.values else text


def ngettext(singular: str, plural: str, number: int) -> str:
    """A sentence that counts, in the reader's language."""
    return catalog("webadmin", language()).ngettext(singular, plural, number)

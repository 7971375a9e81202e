"""Which language a page speaks, and its sentences."""

import gettext as gettext_module

from flask import g, has_request_context, request

from translations import SOURCE_LANGUAGE, catalog, languages, match
from webadmin.context import signed_in


def language() -> str:
    """The language of the reader: of the staff member, else what the browser asks for."""
    if not has_request_context():
        return SOURCE_LANGUAGE
    if "recourse_language" not in g:
        g.recourse_language = _choose()
    return str(g.recourse_language)


def _choose() -> str:
    staff = signed_in()
    if staff:
        return staff.language if staff.language in languages("webadmin") else SOURCE_LANGUAGE
    for hint, _ in request.accept_languages:
        if found := match(hint, "webadmin"):
            return found
    return SOURCE_LANGUAGE


def _sentences() -> gettext_module.NullTranslations:
    return catalog("webadmin", language())


def gettext(msgid: str) -> str:
    """A sentence in the reader's language."""
    return _sentences().gettext(msgid)


def ngettext(singular: str, plural: str, number: int) -> str:
    """A sentence that counts, in the reader's language."""
    return _sentences().ngettext(singular, plural, number)

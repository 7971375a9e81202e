"""Reads the sentences of a domain out of its code and its templates."""

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from translations.loading import Domain

_METHODS: Final = [
    ("**/static/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
    ("**/templates/**.txt", "jinja2.ext:babel_extract"),
    ("**/templates/**.svg", "jinja2.ext:babel_extract"),
]
_OPTIONS: Final = {
    # A template with a mistake in it is an error here, too, rather than a file without sentences.
    "**/templates/**.html": {"silent": "false", "newstyle_gettext": "true"},
    "**/templates/**.txt": {"silent": "false", "newstyle_gettext": "true"},
    "**/templates/**.svg": {"silent": "false", "newstyle_gettext": "true"},
}
_KEYWORDS: Final = {
    **DEFAULT_KEYWORDS,
    "NP_": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}


def extract(root: Path, domain: Domain) -> Catalog:
    """The template of ``domain``: every sentence marked in the folder of the same name.

    Marks are ``_``, ``gettext``, ``ngettext``, ``N_`` and ``NP_``. A comment that begins with
    ``Translators:`` right above a sentence goes along to the translators. Sentences stand in the
    order of the files' names and within a file as they come.
    """
    template = Catalog()
    found = extract_from_dir(
        root / domain,
        _METHODS,
        _OPTIONS,
        _KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for name, line, msgid, comments, context in sorted(found, key=lambda item: item[:2]):
        template.add(
            msgid,
            locations=[(f"{domain}/{Path(name).as_posix()}", line)],
            auto_comments=comments,
            context=context,
        )
    return template

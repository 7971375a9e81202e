"""Reads the sentences of a domain out of its code and its templates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from translations.loading import Domain

_METHODS: Final = [
    ("**/static/**", "ignore"),
    ("posters/words.py", "ignore"),  # workers read them
    ("public/words.py", "ignore"),  # and these
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
_Spec = tuple[int | tuple[int, int] | tuple[int, str], ...] | None
_Keywords = Mapping[str, dict[int | None, _Spec] | _Spec]
"""As Babel has them: which argument of a call is what."""

_REFUSALS: Final[_Keywords] = {"Remark": None, "BadInput": None, "NotAllowed": None}
"""Of ``casework.errors``: their first argument is the sentence."""

_KEYWORDS: Final[_Keywords] = {
    **DEFAULT_KEYWORDS,
    "NP_": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}
_PLACES: Final[dict[Domain, dict[str, _Keywords]]] = {
    # Posters are printed by staff and read by workers; the public page is theirs, too.
    "bot": {"bot": _KEYWORDS, "webadmin/posters": _KEYWORDS, "webadmin/public": _KEYWORDS},
    "webadmin": {
        "webadmin": {**_KEYWORDS, **_REFUSALS},
        # The domain knows no catalogs, and staff read what it refuses in their own language.
        "casework": _REFUSALS,
    },
}
"""Where the sentences of each domain stand, and what marks them there."""


def extract(root: Path, domain: Domain) -> Catalog:
    """The template of ``domain``: every sentence marked in the folder of the same name, and for
    staff also what ``casework`` refuses.

    Marks are ``_``, ``gettext``, ``ngettext``, ``N_`` and ``NP_``, for staff also ``Remark``,
    ``BadInput`` and ``NotAllowed``. A comment that begins with ``Translators:`` right above a
    sentence goes along to the translators. Sentences stand in the order of the files' names and
    within a file as they come.
    """
    template = Catalog()
    for folder, keywords in _PLACES[domain].items():
        found = extract_from_dir(
            root / folder,
            _METHODS,
            _OPTIONS,
            keywords,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for name, line, msgid, comments, context in sorted(found, key=lambda item: item[:2]):
            template.add(
                msgid,
                locations=[(f"{folder}/{Path(name).as_posix()}", line)],
                auto_comments=comments,
                context=context,
            )
    return template

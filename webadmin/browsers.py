"""The kind of a browser and of the machine it runs on, in plain words and no more precisely."""

from casework.vault import Vault
from webadmin.i18n import gettext as _

# In this order: most browsers also say that they are Chrome or Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
NAMES = frozenset(name for _mark, name in (*_BROWSERS, *_SYSTEMS))
"""Names of products: the same in every language."""


def code(user_agent: str) -> str:
    """What is kept of how a browser names itself: two marks, or less where it is none we know."""
    marks = (
        next((mark for mark, _name in known if mark in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    )
    return "/".join(marks)


def in_words(kept: str) -> str:
    """``Firefox on Windows``, in the reader's language."""
    mark, _slash, system_mark = kept.partition("/")
    browser, system = dict(_BROWSERS).get(mark, ""), dict(_SYSTEMS).get(system_mark, "")
    if browser and system:
        # Translators: a browser on a system: “Firefox on Windows”
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser we do not know")


def network(vault: Vault, address: str) -> bytes:
    """By which two sign-ins from the same network are known as such: a keyed hash of the first
    three parts of an IPv4 address, or of the network of an IPv6 address."""
    coarse = address.rpartition(".")[0] if address.count(".") == 3 else address
    return vault.index("sign-in-network", coarse)

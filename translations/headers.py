"""Reads and writes the header of a ``.po``: Babel drops every field it does not know itself."""

import re
from collections.abc import Mapping

_ENTRY = re.compile(r'^msgid ""\nmsgstr ((?:"(?:[^"\\]|\\.)*"\n)+)\n*', re.MULTILINE)
_LINE = re.compile(r'^"((?:[^"\\]|\\.)*)"$', re.MULTILINE)


def read_header(po: str) -> dict[str, str]:
    """The fields of the header of a catalog's text, in order; empty if it has no header."""
    entry = _ENTRY.search(po)
    if entry is None:
        return {}
    fields: dict[str, str] = {}
    for line in "".join(_LINE.findall(entry[1])).split(r"\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields[name.strip()] = re.sub(r"\\(.)", r"\1", value).strip()
    return fields


def write_header(fields: Mapping[str, str]) -> str:
    """The header entry of a ``.po``, one field a line, with an empty line after it."""
    lines = "".join(f'"{name}: {_escaped(value)}\\n"\n' for name, value in fields.items())
    return f'msgid ""\nmsgstr ""\n{lines}\n'


def split_header(po: str) -> tuple[str, str]:
    """What stands before the header of a catalog's text (its comment) and what stands after it."""
    entry = _ENTRY.search(po)
    if entry is None:
        return "", po
    return po[: entry.start()], po[entry.end() :]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')

"""Texts for reports as Markdown. Pure."""

from collections.abc import Iterable, Sequence

from webadmin.report_parts import Gap, Line, Piece, Text


def markdown(title: str, notes: Iterable[str], texts: Sequence[Text], heads: Sequence[str]) -> str:
    """A document of all texts. ``heads``: of the three columns of each table."""
    parts = [f"# {_plain(title)}", *map(_plain, notes)]
    for text in texts:
        parts += [f"## {_plain(text.title)}", *map(_paragraph, text.paragraphs)]
        if text.lines:
            parts.append(_table(text.lines, heads))
    return "\n\n".join(parts) + "\n"


def _paragraph(pieces: Iterable[Piece]) -> str:
    return "".join(
        f"**[{_plain(one.text)}]**" if isinstance(one, Gap) else _plain(one) for one in pieces
    )


def _table(lines: Iterable[Line], heads: Sequence[str]) -> str:
    rows = [heads, ["---"] * len(heads)]
    rows += [[one.name, "; ".join(one.numbers), one.meaning] for one in lines]
    return "\n".join("| " + " | ".join(map(_plain, row)) + " |" for row in rows)


def _plain(text: str) -> str:
    """A text in one line in which nothing is taken for markup; a name may hold anything."""
    flat = " ".join(text.split()) if text.strip() else text
    for sign in "\\`*_[]<>|#":
        flat = flat.replace(sign, f"\\{sign}")
    return flat

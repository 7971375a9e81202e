"""A case that was handed over, as one page to read: plain HTML that needs nothing beside it.

In English: it is for people elsewhere, with whatever program they have. Codes stay codes.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

Values = Mapping[str, Any]

_STYLE = """\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2430}
h1{font-size:1.6rem;margin-bottom:0}h2{font-size:1.2rem;margin:2rem 0 .5rem;break-after:avoid}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:start;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #d5dae0}
article{border-inline-start:3px solid #d5dae0;padding:0 0 0 1rem;margin:0 0 1rem;break-inside:avoid}
article.to-worker{border-color:#2b6777}article.internal{border-style:dotted}
article p{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2rem 0}
.quiet{color:#4c5866;font-size:.9rem}.warn{border:1px solid #8a3b12;padding:.6rem 1rem}
"""
_WARNING = (
    "What stands here was told in confidence. Keep it where nobody else can read it, never show it"
    " to the factory, and do not say who may have told it."
)
_TITLES = {
    "origin": "Where it comes from",
    "clocks": "What was promised",
    "pauses": "Pauses",
    "extensions": "More time",
    "check_ins": "Whether anyone treated the worker badly",
    "links": "Linked cases",
    "staff": "People of the office",
    "events": "What happened",
}
"""Parts that are shown as they are; the others have a form of their own."""
_APART = ("format", "version", "exported_at", "exported_by", "case", "messages", "files")
_SHOWN = (*_APART, "identity", "chain")


def render(found: Values) -> str:
    """The page of what ``handing_over`` gathered."""
    case, by = found["case"], found["exported_by"]
    who = f"{by['name']}, {by['organisation']}" if by else ""
    parts = [
        f"<h1>Case {escape(case['reference'])}</h1>",
        f'<p class="quiet">Handed over {_said(found["exported_at"])} by {escape(who)}.</p>',
        f'<p class="warn">{_WARNING}</p>',
    ]
    if found.get("identity"):
        parts += ["<h2>Who the worker is</h2>", f"<p>{escape(str(found['identity']))}</p>"]
    parts += ["<h2>Facts</h2>", _facts(case), "<h2>What was said</h2>"]
    files = {file["id"]: file for file in found["files"]}
    people = {person["id"]: person["name"] for person in found["staff"]}
    parts += [_message(message, files, people) for message in found["messages"]]
    for name, part in found.items():
        if name not in _SHOWN and part:
            title = _TITLES.get(name, name.replace("_", " ").capitalize())
            shown = _facts(part) if isinstance(part, Mapping) else _table(part)
            parts += [f"<h2>{escape(title)}</h2>", shown]
    chain = found["chain"]
    parts.append(f'<p class="quiet">Head of the chain: <code>{escape(chain["head"])}</code></p>')
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(case['reference'])}</title><style>{_STYLE}</style></head><body>"
        + "\n".join(parts)
        + "</body></html>\n"
    )


def _facts(values: Values) -> str:
    rows = (
        f"<tr><th>{escape(_name(name))}</th><td>{_said(value)}</td></tr>"
        for name, value in values.items()
        if value not in (None, "", [], {})
    )
    return f"<table>{''.join(rows)}</table>"


def _table(rows: Sequence[Values]) -> str:
    names = [name for name in rows[0] if name not in ("case_id", "hash")]
    head = "".join(f"<th>{escape(_name(name))}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{_said(row.get(name))}</td>" for name in names) + "</tr>"
        for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _message(message: Values, files: Mapping[int, Values], people: Mapping[int, str]) -> str:
    who = people.get(message["staff_id"], "")
    author = "The worker" if message["direction"] == "from-worker" else who or "The mechanism"
    text = message["text"] if message["readable"] else "(It can't be read any more.)"
    language = f' lang="{escape(message["language"])}"' if message["language"] else ""
    words = f'<p dir="auto"{language}>{escape(text)}</p>' if text else ""
    file = files.get(message["attachment_id"] or 0)
    if file and file["name"]:
        words += f'<p><a href="{escape(file["name"])}">{escape(file["name"])}</a></p>'
    elif file:
        words += (
            f"<p>A file that is not here ({escape(file['kind'])}, {escape(file['state'])}).</p>"
        )
    return (
        f'<article class="{escape(message["direction"])}"><p class="quiet"><b>{escape(author)}</b>'
        f" · {escape(_name(message['kind']))} · {_said(message['at'])}</p>{words}</article>"
    )


def _name(code: str) -> str:
    return code.replace("_", " ").replace("-", " ").capitalize()


def _said(value: Any) -> str:
    """A value on the page: moments without their seconds, lists and groups in one line."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return ", ".join(f"{escape(str(k))}: {_said(v)}" for k, v in value.items())
        case str() if len(value) > 18 and value[10:11] == "T" and value[:4].isdigit():
            return escape(f"{value[:10]} {value[11:16]} UTC")
        case str() | int():
            return escape(str(value))
        case _:
            return "; ".join(_said(one) for one in value)

"""Reference: the pages of a case tracker as bare Flask over SQL by hand, with the same indexes.

The list has the same form to filter by factory and person, and the same columns. No sign-in, no
languages, no sealing, no help for eyes or hands. That somebody read a case is written down here, too.
"""

import itertools
from typing import Any

import sqlalchemy as sa
from flask import Flask, request

from casework.categories import CATEGORIES

_ROWS = """
SELECT c.reference, c.status, c.severity, c.category, c.language, c.next_due_at, f.name, s.name,
  (SELECT kind FROM issue i WHERE i.case_id = c.id ORDER BY i.id LIMIT 1)
FROM "case" c LEFT JOIN factory f ON f.id = c.factory_id LEFT JOIN staff s ON s.id = c.assignee_id
WHERE {where} ORDER BY {order} LIMIT 26"""
_WORD = "SELECT case_id FROM searchword WHERE word = ?"
_LIST = """<!doctype html><title>Cases</title><h1>Cases</h1><form>
{% for name, options in choices %}<select name="{{ name }}">{% for value, shown in options %}
<option value="{{ value }}"{% if asked.get(name) == value|string %} selected{% endif %}>{{ shown }}
</option>{% endfor %}</select>{% endfor %}</form><table>
{% for row in rows %}<tr><td><a href="/case/{{ row[0] }}">{{ row[0] }}</a></td>
{% for cell in row[1:] %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"""
_PAGE = """<!doctype html><title>{{ reference }}</title><h1>{{ reference }}</h1>
<dl>{% for cell in case %}<dd>{{ cell }}</dd>{% endfor %}</dl>
{% for part in parts %}<table>{% for row in part %}<tr>{% for cell in row %}<td>{{ cell }}</td>
{% endfor %}</tr>{% endfor %}</table>{% endfor %}
<form method="post"><select name="assignee">{% for value, shown in people %}
<option value="{{ value }}"{% if case[3] == value %} selected{% endif %}>{{ shown }}</option>
{% endfor %}</select></form><form method="post">{% for value, kinds in categories %}<fieldset>
<legend>{{ value }}</legend>{% for kind in kinds %}<label><input type="checkbox" name="issue"
value="{{ value }}:{{ kind }}">{{ kind }}</label>{% endfor %}</fieldset>{% endfor %}
<textarea name="summary"></textarea></form>
{% for step in steps %}<form method="post"><input type="hidden" name="action" value="{{ step }}">
<label>{{ step }}<textarea name="text"></textarea></label><button>{{ step }}</button></form>
{% endfor %}"""
_CASE = 'SELECT id, factory_id, received_at, assignee_id, c.* FROM "case" c WHERE reference = ?'
_PARTS = ("message", "caseevent", "clock", "issue", "outbox", "checkin", "attachment")
_PATTERN = """
SELECT reference, status, severity FROM "case" WHERE factory_id = ? AND id <> ?
AND received_at > ? AND status NOT IN ('closed') AND NOT restricted ORDER BY received_at DESC"""
_LOG = "INSERT INTO accesslog (id, at, staff_id, case_id, what) VALUES (?, ?, ?, ?, 'case')"
_STEPS = ("acknowledge", "ask", "reply", "note", "assess", "investigate", "close")


def create_app(engine: sa.Engine) -> Flask:
    """The pages over a database that is there already."""
    app = Flask("bare")
    page_of_list, page_of_case = map(app.jinja_env.from_string, (_LIST, _PAGE))
    sqlite = engine.dialect.name == "sqlite"
    connection: Any = engine.raw_connection()
    cursor = connection.cursor()

    ids = itertools.count(1 << 61)

    def text(statement: str) -> str:
        return statement if sqlite else statement.replace("?", "%s")

    def rows(statement: str, *parameters: object) -> list[Any]:
        cursor.execute(text(statement), parameters)
        found = list(cursor.fetchall())
        connection.rollback()
        return found

    def listed(where: str, order: str, *parameters: object) -> str:
        found = rows(_ROWS.format(where=where, order=order), *parameters)
        choices = [
            ("factory", rows("SELECT id, name FROM factory ORDER BY name")),
            ("assignee", rows("SELECT id, name FROM staff WHERE active ORDER BY name")),
        ]
        return page_of_list.render(rows=found, choices=choices, asked=request.args)

    @app.get("/list")
    def by_due() -> str:
        return listed("c.next_due_at IS NOT NULL AND NOT c.restricted", "c.next_due_at, c.id")

    @app.get("/filtered")
    def filtered() -> str:
        factory = int(request.args["factory"])
        return listed(
            "c.factory_id = ? AND NOT c.restricted", "c.received_at DESC, c.id DESC", factory
        )

    @app.get("/search")
    def search() -> str:
        first, *others = (int(word) for word in request.args.getlist("word"))
        words = f"c.id IN ({_WORD} ORDER BY case_id DESC LIMIT 2000)"
        if others:
            words += f" AND EXISTS ({_WORD} AND case_id = c.id)" * len(others)
        return listed(f"{words} AND NOT c.restricted", "c.id DESC", first, *others)

    @app.get("/case/<reference>")
    def case(reference: str) -> str:
        (found,) = rows(_CASE, reference)
        row, factory, received, _assignee, *_ = found
        parts = [
            rows(f"SELECT * FROM {table} WHERE case_id = ? ORDER BY id", row) for table in _PARTS
        ]
        parts.append(rows("SELECT * FROM factory WHERE id = ?", factory))
        parts.append(rows("SELECT * FROM link WHERE case_id = ? OR other_id = ?", row, row))
        parts.append(rows(_PATTERN, factory, row, received)[:5])
        people = rows("SELECT id, name FROM staff WHERE active ORDER BY name")
        categories = [(category.value, facts.kinds) for category, facts in CATEGORIES.items()]
        cursor.execute(text(_LOG), (next(ids), received, people[0][0], row))
        connection.commit()
        return page_of_case.render(
            reference=reference,
            case=found,
            parts=parts,
            people=people,
            categories=categories,
            steps=_STEPS,
        )

    return app

"""The read API for programs: its addresses, and what surrounds each answer.

Who may ask: ``webadmin.api_door``. What is answered: ``webadmin.api_answers``. How it is described:
``webadmin.openapi``. In words: ``docs/api.md``.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from webadmin import api_door, api_query, openapi, problems
from webadmin.api_answers import OPERATIONS
from webadmin.api_query import Operation

blueprint = Blueprint(problems.BLUEPRINT, __name__, url_prefix=problems.PREFIX)

_JSON = "application/json"
_OPEN = f"{problems.BLUEPRINT}.openapi"
_BY_ENDPOINT = {f"{problems.BLUEPRINT}.{one.name}": one for one in OPERATIONS}


@blueprint.before_request
def _enter() -> None:
    """The token first: whoever has none learns nothing about what is asked."""
    if request.endpoint != _OPEN:
        # What is in no operation has no scope, and stays closed.
        api_door.enter(_BY_ENDPOINT[request.endpoint or ""].scope)
    if request.accept_mimetypes and not request.accept_mimetypes[_JSON]:
        raise problems.Problem(406)


@blueprint.after_request
def _say_what_is_left(response: Response) -> Response:
    response.headers.update(api_door.quota_headers())
    response.headers["Vary"] = "Authorization, Accept"
    return response


def _view(operation: Operation) -> Callable[[], Response]:
    def view() -> Response:
        asked = api_query.read(request.args, operation.parameters)
        return reply(operation.answer(asked).model_dump(mode="json"))

    return view


def reply(body: Any) -> Response:
    """JSON that a program may keep, and ask for again with ``If-None-Match``."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
    response = Response(text, mimetype=_JSON)
    # Of the very bytes: what a release holds, what was asked for, and how it is written.
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


for _one in OPERATIONS:
    blueprint.add_url_rule(
        _one.path,
        _one.name,
        _view(_one),
        methods=["GET"],
        provide_automatic_options=False,
    )


@blueprint.get("/openapi.json", endpoint="openapi", provide_automatic_options=False)
def _openapi() -> Response:
    """What all this is, for programs and for who writes them; open to anybody."""
    api_query.read(request.args, ())
    return reply(openapi.document(OPERATIONS))

"""The OpenAPI 3.1 document of the read API, made of the very shapes and parameters it works with."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webadmin import api_examples, problems
from webadmin.api_models import ProblemDetails
from webadmin.api_query import Operation, Parameter

_SCHEMAS = "#/components/schemas/{model}"
_SCHEME = "token"
_TEXT = {"type": "string"}

_ABOUT = """Frozen figures of a grievance mechanism, for the programs of brands and for anybody.

A token opens the figures of one audience and the public's. Figures are released by quarter and year
and never change: a correction is a new version. Numbers that could point at a person are hidden:
`{"value": null, "suppressed": true}`; the answer says why, with one reason for all. Nothing here
tells of a single case."""

_HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Send it as If-None-Match: 304 while the answer would be the same.",
        "schema": _TEXT,
        "required": True,
    },
    "RateLimit": {
        "description": 'What is left of this minute and the seconds until the next: `"token";r=119;t=42`.',
        "schema": _TEXT,
    },
    "RateLimit-Policy": {
        "description": 'How often a token may ask: `"token";q=120;w=60`.',
        "schema": _TEXT,
    },
    "WWW-Authenticate": {
        "description": "What is missing (RFC 6750).",
        "schema": _TEXT,
        "required": True,
    },
    "Retry-After": {
        "description": "Seconds.",
        "schema": {"type": "integer", "minimum": 1},
        "required": True,
    },
}
_PROBLEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "400": ("A parameter can't be used; `parameter` names it.", ()),
    "401": ("No token was sent, or one that opens nothing (any more).", ("WWW-Authenticate",)),
    "403": ("The token lacks the scope that `scope` names.", ("WWW-Authenticate",)),
    "404": ("It does not exist, was not published, or is not for this token.", ()),
    "406": ("Answers are JSON only.", ()),
    "429": ("This token, or wrong tokens from this address, asked too often.", ("Retry-After",)),
}


@cache
def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole document."""
    shapes: list[tuple[type[BaseModel], Literal["serialization"]]]
    shapes = [(one.shape, "serialization") for one in operations]
    shapes.append((ProblemDetails, "serialization"))
    _, schemas = models_json_schema(shapes, ref_template=_SCHEMAS)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Recourse read API",
            "version": _version(),
            "summary": "What the mechanism can prove, as numbers.",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{_SCHEME: []}],
        "paths": {
            **{f"{problems.PREFIX}{one.path}": {"get": _operation(one)} for one in operations},
            f"{problems.PREFIX}/openapi.json": {"get": _itself()},
        },
        "components": {
            "schemas": schemas["$defs"],
            "headers": _HEADERS,
            "responses": {
                **{f"Problem{code}": _problem(code) for code in _PROBLEMS},
                "NotModified": {
                    "description": "What If-None-Match names still holds.",
                    "headers": _named("ETag"),
                },
            },
            "securitySchemes": {
                _SCHEME: {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "recourse_ and 42 letters and digits",
                    "description": "Made on the page “API tokens”, shown once.",
                }
            },
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    needs = [one.scope.value] if one.scope else []
    codes = ["401", "403", "404", "406", "429"] if one.scope else ["401", "406", "429"]
    said = one.answer.__doc__ or ""
    scope = f" Needs the scope `{needs[0]}`." if needs else " Any token opens it."
    answers = {
        "200": {
            "description": (one.shape.__doc__ or "").strip(),
            "headers": _named("ETag", "RateLimit", "RateLimit-Policy"),
            "content": {
                "application/json": {
                    "schema": {"$ref": _SCHEMAS.format(model=one.shape.__name__)},
                    "example": api_examples.of(one.shape),
                }
            },
        },
        "304": {"$ref": "#/components/responses/NotModified"},
    }
    return {
        "operationId": one.name,
        "summary": said.partition(".")[0].strip(),
        "description": " ".join(said.split()) + scope,
        "security": [{_SCHEME: needs}],
        "parameters": [*(_parameter(parameter) for parameter in one.parameters), _IF_NONE_MATCH],
        "responses": {
            **answers,
            **{
                code: {"$ref": f"#/components/responses/Problem{code}"}
                for code in sorted(["400", *codes])
            },
        },
    }


_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an earlier answer.",
    "required": False,
    "schema": _TEXT,
}


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "query",
        "description": one.meaning,
        "required": False,
        "schema": one.schema,
        "example": int(one.example) if one.most else one.example,
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "This document",
        "description": "This document. Open to anybody.",
        "security": [],
        "parameters": [_IF_NONE_MATCH],
        "responses": {
            "200": {
                "description": "OpenAPI 3.1.",
                "headers": _named("ETag"),
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "304": {"$ref": "#/components/responses/NotModified"},
            **{code: {"$ref": f"#/components/responses/Problem{code}"} for code in ("400", "406")},
        },
    }


def _problem(code: str) -> dict[str, Any]:
    meaning, headers = _PROBLEMS[code]
    shape = {"$ref": _SCHEMAS.format(model=ProblemDetails.__name__)}
    return {
        "description": meaning,
        **({"headers": _named(*headers)} if headers else {}),
        "content": {problems.MEDIA_TYPE: {"schema": shape}},
    }


def _named(*headers: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _version() -> str:
    try:
        return version("recourse")
    except PackageNotFoundError:
        return "0"

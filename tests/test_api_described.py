"""The OpenAPI document of the read API, held by schemathesis against what is answered.

Requests that fit the document and requests that don't, with a token and without: each answer has to
be one that the document tells of, in status, headers and shape.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings

from casework.db import Store
from tests.apihelp import Caller, make, publish
from tests.conftest import Cast
from tests.webhelp import build
from webadmin import openapi
from webadmin.api_answers import OPERATIONS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 20261120,
        "generation": {"deterministic": True, "database": "none"},
        # Which cases are tried is decided by the document alone.
        "phases": {"fuzzing": {"extra-data-sources": {"responses": False}}},
        "analysis": {"constants": {"enabled": False}},
    }
)
_FEW = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def _ticking(now: datetime) -> Callable[[], datetime]:
    """A clock by which each request is a second later, so that none is one too many."""
    seconds = count()
    return lambda: now + timedelta(seconds=next(seconds))


class Site:
    """Stands for the site of each test: the document is read before there is one."""

    def __init__(self) -> None:
        self.app: Flask | None = None

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start)


SITE = Site()
DOCUMENT = schemathesis.openapi.from_dict(openapi.document(OPERATIONS), config=_CONFIG)
DOCUMENT.app = SITE


@pytest.fixture
def caller(store: Store, cast: Cast, now: datetime) -> Iterator[Caller]:
    """A program with a token that opens everything of a brand."""
    publish(store, cast, now)
    SITE.app = build(store, _ticking(now))
    yield Caller(SITE.app, make(store, cast, now, cast.aurora))
    SITE.app = None


@DOCUMENT.parametrize()
@_FEW
def test_with_a_token_every_answer_is_as_described(case: schemathesis.Case, caller: Caller) -> None:
    case.call_and_validate(headers=caller.headers)


@DOCUMENT.parametrize()
@_FEW
def test_without_a_token_every_answer_is_as_described(
    case: schemathesis.Case, caller: Caller
) -> None:
    answer = case.call_and_validate()
    if not case.path.endswith("openapi.json"):
        assert answer.status_code in (401, 405, 429)


def test_the_document_is_the_one_that_is_served(caller: Caller) -> None:
    served = caller.json("/openapi.json")
    assert served == json.loads(json.dumps(openapi.document(OPERATIONS)))
    assert served["openapi"].startswith("3.1")

"""Chromium for the tests that look at pages: where it is, and what to do where there is none.

A test asks for ``browser`` and carries ``@pytest.mark.browser``. Without Chromium it is skipped,
saying so; with ``RECOURSE_REQUIRE_BROWSER`` set, as in CI, it fails.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# On a busy machine a page takes as long as it takes.
expect.set_options(timeout=20_000)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_chromium(
    environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> str:
    """The program to start. Skips the test where there is none, or fails it where one must be."""
    for path in (*map(which, _NAMES), _MAC):
        if path and Path(path).exists():
            return path
    if environment.get("RECOURSE_REQUIRE_BROWSER"):
        pytest.fail("RECOURSE_REQUIRE_BROWSER is set, and there is no Chromium on the PATH")
    pytest.skip("there is no Chromium on the PATH")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium that speaks to this machine only."""
    path = find_chromium(os.environ)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path,
            # Root may not use the sandbox; the rest keeps it from calling its maker's servers.
            args=[
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield started
        started.close()

"""axe finds nothing on any page of the staff site: light, dark and right to left."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlmodel import select
from waitress.server import create_server

import translations
from casework.db import Store
from casework.models import Staff
from casework.vocabulary import Role
from tests.lived import NOW, Lived
from tests.pages import Site, addresses, let_in, same_everywhere
from tests.pseudo import sentences, write_catalog
from tests.webhelp import PASSWORD, build
from translations.loading import Catalogs

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

RTL = "ar"
"""A language of the staff site for this test alone, written from right to left."""

SCRIPT = Axe().axe_script
EVERYTHING = {"resultTypes": ["violations"]}
OTHERS = ("/welcome/", "/supplier/")
"""Pages for people who are not signed in: they speak the language of the person they are for."""
COLOURS = {**EVERYTHING, "runOnly": ["color-contrast"]}
"""Of a page that is looked at a second time, in the dark: nothing else can have changed."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, lived: Lived) -> Iterator[Store]:
    """The sample data, and everybody able to sign in."""
    with lived.copied(tmp_path_factory.mktemp("axe")) as store:
        with store.writing() as session:
            let_in(session, "en")
        yield store


@pytest.fixture(scope="module")
def site(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """The site on a real server, its one more language too."""
    folder = tmp_path_factory.mktemp("catalogs")
    write_catalog(folder, sentences("webadmin"), RTL)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(translations, "_shipped", Catalogs(folder))
        app = build(store, lambda: NOW)
        with store.reading() as session:
            site = Site(app, store, frozenset(same_everywhere(session)))
        server: Any = create_server(app, host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run)
        thread.start()
        yield site, f"http://127.0.0.1:{server.effective_port}"
        server.close()
        thread.join(timeout=10)


class Reader:
    """Somebody with a browser, and an axe."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        self.opened = 0
        self.seen: set[str] = set()
        self.kind = ""
        page.on("console", lambda m: self._complain(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(str(error)))

    def look(self, address: str, options: dict[str, Any]) -> None:
        """Open a page, and write down what axe says of it."""
        # Asked without a page first: most of the site is closed to most people, and some addresses
        # lead on to another.
        asked = self.page.request.get(address)
        self.kind = asked.headers["content-type"]
        if asked.status != 200 or "text/html" not in self.kind or asked.url in self.seen:
            return
        self.seen.add(asked.url)
        self.page.goto(address)
        self.opened += 1
        self.check(address, options)

    def check(self, address: str, options: dict[str, Any]) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(SCRIPT)
        found = self.page.evaluate("options => axe.run(document, options)", options)
        for one in found["violations"]:
            for node in one["nodes"][:3]:
                self.wrong.append(f"{address}: {one['id']}: {node['html'][:160]}")

    def _complain(self, text: str) -> None:
        # Chromium says in its console that a page was not found or forbidden: we know.
        if "status of 40" not in text:
            self.wrong.append(f"{self.page.url}: {text}")


def _sign_in(page: Page, store: Store, role: Role, pool: bool | None, language: str) -> None:
    with store.writing() as session:
        wanted = select(Staff).where(Staff.role == role)
        if pool is not None:
            wanted = wanted.where(Staff.restricted_pool == pool)
        person = session.exec(wanted).first()
        assert person
        person.language = language
        email = person.email
    page.goto("/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _one_of_each(site: Site) -> list[str]:
    """One address of each page; of a case's own page a few."""
    found: list[str] = []
    seen: dict[str, int] = {}
    adapter = site.app.url_map.bind("")
    for address in addresses(site):
        endpoint, _values = adapter.match(address)
        seen[endpoint] = seen.get(endpoint, 0) + 1
        if seen[endpoint] <= (5 if endpoint == "cases.show" else 1):
            found.append(address)
    return found


@pytest.mark.parametrize(
    ("role", "pool"),
    [(Role.ADMIN, None), (Role.BRAND, None), (Role.INTERPRETER, None), (Role.AUDITOR, None)],
)
def test_axe_finds_nothing(
    browser: Browser, site: tuple[Site, str], store: Store, role: Role, pool: bool | None
) -> None:
    house, address = site
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    reader = Reader(context.new_page())
    _sign_in(reader.page, store, role, pool, "en")
    for path in _one_of_each(house):
        reader.page.emulate_media(color_scheme="light")
        before = reader.opened
        reader.look(path, EVERYTHING)
        if reader.opened > before:
            reader.page.emulate_media(color_scheme="dark")
            reader.check(f"{path} (dark)", COLOURS)
    context.close()
    assert reader.opened >= 3
    assert not reader.wrong, "\n".join(reader.wrong)


def test_axe_finds_nothing_from_right_to_left_on_a_phone(
    browser: Browser, site: tuple[Site, str], store: Store
) -> None:
    house, address = site
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    reader = Reader(context.new_page())
    _sign_in(reader.page, store, Role.SUPERVISOR, True, RTL)
    for path in _one_of_each(house):
        before = reader.opened
        reader.look(path, EVERYTHING)
        if reader.opened == before:
            continue
        html = reader.page.evaluate("document.documentElement.dir")
        if html != "rtl" and "text/html" in reader.kind and not path.startswith(OTHERS):
            reader.wrong.append(f"{path} is not from right to left")
        wider = reader.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if wider and not path.endswith("/poster"):  # a sheet of paper
            reader.wrong.append(f"{path} scrolls sideways")
    context.close()
    assert reader.opened > 20
    assert not reader.wrong, "\n".join(reader.wrong)


def test_axe_would_find_something(browser: Browser, site: tuple[Site, str]) -> None:
    context = browser.new_context(base_url=site[1])
    reader = Reader(context.new_page())
    reader.page.goto("/sign-in")
    reader.page.evaluate("document.querySelector('label').remove()")
    reader.check("/sign-in", EVERYTHING)
    context.close()
    assert any("label" in one for one in reader.wrong)

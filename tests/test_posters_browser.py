"""Posters on paper, in a real Chromium: one sheet, shipped fonts, squares that a phone can read."""

import io
import re
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page
from waitress.server import create_server

from casework import facts
from casework.db import Store
from casework.deadlines.policies import DEFAULT
from tests.conftest import Cast
from tests.webhelp import PASSWORD, build, give_accounts, settings
from translations import languages
from webadmin.posters import sheet

pytestmark = pytest.mark.browser

PUBLIC = "https://help.harbour-workers.example.org"
OPERATOR = "Harbour Workers' Desk, Phnom Penh"
BOT = "harbour_workers_desk_bot"
SMALLEST = 2.1
"""Millimetres of a line's letters on A4 with three languages: as in a newspaper."""
TOGETHER = [
    "my,km,ta",
    "si,ta,my",
    "ur,en,bn",
    "zh-hans,ja,ko",
    "vi,id,fil",
    "ne,hi,ar",
    "lo,th,es",
]


def _open(browser: Browser, cast: Cast, folder: Path, tags: str, paper: str = "a4") -> Page:
    """A poster's file as somebody opens it, without any network."""
    where = settings(RECOURSE_PUBLIC_URL=PUBLIC, RECOURSE_OPERATOR=OPERATOR)
    made = sheet.make(cast.golden_thread, where, BOT, DEFAULT, tags=tags.split(","), paper=paper)
    file = folder / "poster.html"
    file.write_text(sheet.as_file(made), "utf-8")
    page = browser.new_page(viewport={"width": 1250, "height": 1800})
    page.context.set_offline(True)
    page.goto(file.as_uri())
    page.wait_for_selector(".sheet[data-filled]")
    return page


def _pages(page: Page) -> tuple[int, list[int]]:
    """How many pages are printed, and the size of the paper in millimetres."""
    printed = page.pdf(prefer_css_page_size=True)
    box = re.search(rb"/MediaBox\s*\[([^\]]*)\]", printed)
    assert box
    size = [round(float(number) / 72 * 25.4) for number in box[1].split()[2:]]
    return len(re.findall(rb"/Type\s*/Page\b", printed)), size


def _overflowing(page: Page) -> list[str]:
    """What does not fit on the sheet or into its own place."""
    found: list[str] = page.evaluate(
        """() => {
            const sheet = document.querySelector(".sheet");
            const edge = sheet.getBoundingClientRect();
            return [...sheet.querySelectorAll("p, h1, h2, .qr")].filter((one) => {
                const box = one.getBoundingClientRect();
                return box.bottom > edge.bottom || box.right > edge.right || box.left < edge.left
                    || one.scrollWidth > one.clientWidth + 1;
            }).map((one) => one.outerHTML.slice(0, 200));
        }"""
    )
    return found


def _decoded(page: Page) -> set[str]:
    """What a phone's camera reads on the sheet."""
    picture = Image.open(io.BytesIO(page.locator(".sheet").screenshot()))
    return {found.text for found in zxingcpp.read_barcodes(picture.convert("L"))}


def _fonts(page: Page) -> dict[str, set[tuple[str, bool]]]:
    """For each language, the fonts that drew its words, and whether each came with the page."""
    client = page.context.new_cdp_session(page)
    client.send("DOM.enable")
    client.send("CSS.enable")
    root = client.send("DOM.getDocument")["root"]["nodeId"]
    asked = {"nodeId": root, "selector": ".sheet p, .sheet h1, .sheet h2, .sheet span, .sheet bdi"}
    used: dict[str, set[tuple[str, bool]]] = {}
    for node in client.send("DOM.querySelectorAll", asked)["nodeIds"]:
        attributes = client.send("DOM.getAttributes", {"nodeId": node})["attributes"]
        tag = dict(zip(attributes[::2], attributes[1::2], strict=True)).get("lang", "")
        for font in client.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            used.setdefault(tag, set()).add((font["familyName"], font["isCustomFont"]))
    return used


@pytest.mark.parametrize("tag", languages("bot"))
def test_a_poster_is_one_sheet_drawn_with_the_shipped_fonts_alone(
    browser: Browser, cast: Cast, tmp_path: Path, tag: str
) -> None:
    page = _open(browser, cast, tmp_path, tag)
    assert _pages(page) == (1, [210, 297])
    assert _overflowing(page) == []
    used = _fonts(page)
    assert tag in used
    foreign = {font for found in used.values() for font, shipped in found if not shipped}
    assert foreign == set(), "these characters are in no shipped font"
    page.close()


@pytest.mark.parametrize(
    ("tag", "family"),
    [
        ("my", "Noto Sans Myanmar"),
        ("km", "Noto Sans Khmer"),
        ("ur", "Noto Nastaliq Urdu"),
        ("bn", "Noto Sans Bengali"),
        ("ne", "Noto Sans Devanagari"),
        ("th", "Noto Sans Thai"),
    ],
)
def test_a_script_is_shaped_by_its_own_font(
    browser: Browser, cast: Cast, tmp_path: Path, tag: str, family: str
) -> None:
    page = _open(browser, cast, tmp_path, tag)
    assert any(name.startswith(family) for name, _ in _fonts(page)[tag])
    page.close()


@pytest.mark.parametrize("paper", sheet.PAPERS)
@pytest.mark.parametrize("tags", TOGETHER)
def test_three_languages_fit_on_one_sheet_and_can_be_read(
    browser: Browser, cast: Cast, tmp_path: Path, tags: str, paper: str
) -> None:
    page = _open(browser, cast, tmp_path, tags, paper)
    assert _pages(page) == (1, [210, 297] if paper == "a4" else [297, 420])
    assert _overflowing(page) == []
    pixels = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.lines')).fontSize)"
    )
    assert pixels / 96 * 25.4 > SMALLEST * (1 if paper == "a4" else 1.4)
    page.close()


@pytest.mark.parametrize("tags", ["en", "en,ur", "my,km,en"])
def test_a_camera_reads_both_squares(
    browser: Browser, cast: Cast, tmp_path: Path, tags: str
) -> None:
    page = _open(browser, cast, tmp_path, tags)
    assert _decoded(page) == {
        f"https://t.me/{BOT}?start=F-GT7KM",
        f"{PUBLIC}/chat?start=F-GT7KM",
    }
    page.close()


def test_from_right_to_left_all_of_a_sheet_is_mirrored_but_not_the_code(
    browser: Browser, cast: Cast, tmp_path: Path
) -> None:
    page = _open(browser, cast, tmp_path, "ur,ar")
    assert page.locator(".sheet").get_attribute("dir") == "rtl"
    square, code = (page.locator(name).bounding_box() for name in (".way.main", ".code"))
    assert square
    assert code
    assert square["x"] > code["x"]
    assert page.locator(".letters").inner_text() == "GT7KM"
    page.close()


def test_a_very_long_name_still_leaves_one_sheet(
    browser: Browser, store: Store, cast: Cast, tmp_path: Path
) -> None:
    with store.writing() as session:
        factory = session.merge(cast.golden_thread)
        factory.name, factory.place = "Long Name Garment and Footwear " * 5, "Somewhere " * 10
        factory.code = "ABCDEFGHJKLMNPQRSTUVWXYZ"
        cast.golden_thread = factory
        page = _open(browser, cast, tmp_path, "en,ta,my")
    assert _pages(page)[0] == 1
    assert _overflowing(page) == []
    page.close()


@pytest.fixture
def site(store: Store, cast: Cast, now: datetime) -> Iterator[str]:
    give_accounts(store, cast, now)
    with store.writing() as session:
        facts.note_bot_name(session, BOT)
    app = build(store, lambda: now)
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


def test_the_page_shows_the_sheet_and_prints_it_without_its_form(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(base_url=site)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/factories/GT7KM/poster")
    page.get_by_label("E-mail").fill("asha@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/poster*")
    page.get_by_label("Language", exact=True).select_option("my")
    page.get_by_label("Second language").select_option("en")
    page.get_by_label("Paper").select_option("a3")
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector(".sheet[data-filled]")
    assert page.get_by_role("button", name="Print").is_visible()
    assert {one for found in _fonts(page).values() for one in found if not one[1]} == set()
    assert _pages(page) == (1, [297, 420])
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Show").is_visible()
    assert page.locator(".sheet h1").count() == 2
    assert _overflowing(page) == []
    assert complaints == []
    page.close()

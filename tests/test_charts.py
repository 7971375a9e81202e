"""Charts: every number has its bar and its row, the hidden ones tell nothing, and all of it fits."""

import re
from xml.etree import ElementTree

import pytest
from flask import Flask, render_template
from hypothesis import given
from hypothesis import strategies as st

from casework.figures.measures import Dimension, Measure
from webadmin import charts, figure_meanings, figure_words
from webadmin.charts import WIDTH, Chart, Mark, Row, Value, drawn

MARK = Mark("–", "hidden", "Hidden: below 10, or it would give such a number away.")


def number(size: float | None) -> Value:
    return Value(None, "", True) if size is None else Value(size, f"{size:g}")


def chart(*sizes: tuple[float | None, ...], over_time: bool = False, name: str = "Wages") -> Chart:
    rows = tuple(Row(f"{name} {i}", tuple(map(number, one))) for i, one in enumerate(sizes))
    series = tuple(f"Period {i}" for i in range(len(sizes[0])))
    return Chart("c", "T & T", "Text.", "Head", series, rows, MARK, over_time=over_time)


@pytest.fixture
def app() -> Flask:
    app = Flask("webadmin")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app


@pytest.mark.parametrize("over_time", [False, True])
@pytest.mark.parametrize("rtl", [False, True])
@given(
    sizes=st.integers(1, 2).flatmap(
        lambda series: st.lists(
            st.tuples(*[st.none() | st.integers(0, 10**7)] * series), min_size=1, max_size=12
        )
    )
)
def test_every_bar_stands_within_the_drawing(
    over_time: bool, rtl: bool, sizes: list[tuple[int | None, ...]]
) -> None:
    drawing = drawn(chart(*sizes, over_time=over_time), rtl=rtl)
    assert len(drawing.boxes) == sum(map(len, sizes))
    for box in drawing.boxes:
        assert -0.01 <= box.x <= box.x + box.width <= WIDTH + 0.01
        assert -0.01 <= box.y <= box.y + box.height <= drawing.height + 0.01


def test_bars_are_as_long_as_their_numbers() -> None:
    long, half, none = drawn(chart((40,), (20,), (0,)), rtl=False).boxes
    assert half.width == pytest.approx(long.width / 2, abs=0.01)
    assert none.width == 0


@pytest.mark.parametrize("over_time", [False, True])
def test_the_bars_of_hidden_numbers_are_alike(over_time: bool) -> None:
    boxes = drawn(chart((None,), (400,), (None,), over_time=over_time), rtl=False).boxes
    hidden = {(round(box.width, 2), round(box.height, 2)) for box in boxes if box.hidden}
    assert len(hidden) == 1


def test_from_right_to_left_it_is_the_mirror_image() -> None:
    there, here = (drawn(chart((4,), (2,)), rtl=rtl).boxes for rtl in (False, True))
    assert [WIDTH - box.x - box.width for box in here] == [box.x for box in there]


def test_shares_are_measured_against_a_hundred() -> None:
    shares = Chart("c", "T", "", "H", ("S",), (Row("a", (Value(50, "50%"),)),), MARK, most=100)
    whole = Chart("c", "T", "", "H", ("S",), (Row("a", (Value(100, "50%"),)),), MARK, most=100)
    (half,), (full,) = (drawn(one, rtl=False).boxes for one in (shares, whole))
    assert half.width * 2 == pytest.approx(full.width, abs=0.01)


@pytest.mark.parametrize(
    ("most", "lines"),
    [(3, [0, 1, 2, 3]), (10, [0, 5, 10]), (1204, [0, 500, 1000, 1500]), (0, [0, 1])],
)
def test_lines_across_are_at_round_numbers(most: float, lines: list[float]) -> None:
    assert charts.ticks(most) == lines


@pytest.mark.parametrize("most", [1, 2, 4, 5, 7, 9, 11, 24, 99, 101, 999, 1001, 2999, 123_456])
def test_lines_across_reach_the_largest_number(most: int) -> None:
    lines = charts.ticks(most)
    assert lines[-1] >= most
    assert len(lines) <= 5
    assert all(line == int(line) for line in lines)


def test_long_names_take_two_lines_and_longer_ones_are_whole_in_the_table(app: Flask) -> None:
    long = "Health and safety, and whatever else happens in the dormitory"
    drawing = drawn(chart((4,), (3,), name=long), rtl=False)
    first, second, third, _fourth = drawing.names
    assert f"{first.text} {second.text}" == f"{long} 0"
    assert first.y < second.y < drawing.boxes[0].y < third.y
    longer = f"{long} at night or by day, in summer or in winter"
    drawing = drawn(chart((4,), name=longer), rtl=False)
    assert drawing.names[1].text.endswith("…")
    assert all(charts.wide(one.text) <= WIDTH for one in drawing.names)
    with app.test_request_context():
        page = app.jinja_env.from_string(
            '{% from "charts.html" import figure %}{{ figure(drawing) }}'
        ).render(drawing=drawing)
    assert f'<th scope="row">{longer} 0</th>' in page


def test_long_periods_stand_below_each_other() -> None:
    one = Row("a", (number(1), number(2)))
    long = "1 January until 20 November 2026"
    apart = drawn(Chart("c", "T", "", "H", ("Q1", "Q2"), (one,), MARK), rtl=False)
    below = drawn(Chart("c", "T", "", "H", (long, "Q2"), (one,), MARK), rtl=False)
    assert {key.y for key in apart.keys} == {apart.keys[0].y}
    assert below.keys[0].text == long
    assert below.keys[0].y < below.keys[1].y < below.names[0].y


def test_words_without_spaces_are_broken_and_with_spaces_are_not() -> None:
    assert charts.wrapped("two words", 45, 12.5) == ("two", "words")
    assert len(charts.wrapped("隐藏" * 30, 200, 12.5)) > 1
    assert charts.wrapped("", 30, 12.5) == ()


def test_a_chart_of_a_page_has_no_looks_of_its_own(app: Flask) -> None:
    with app.test_request_context():
        page = app.jinja_env.from_string(
            '{% from "charts.html" import figure %}{{ figure(drawing) }}'
        ).render(drawing=drawn(chart((4, None), (0, 3)), rtl=False))
    assert not re.search(r"<style|style=|fill=|stroke=|<script|\son\w+=", page)
    assert 'role="img"' in page
    assert "T &amp; T" in page
    assert page.count(MARK.reason) == 1


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("over_time", [False, True])
def test_a_chart_as_a_file_is_whole_by_itself(app: Flask, rtl: bool, over_time: bool) -> None:
    drawing = drawn(chart((4, None), (0, 3), over_time=over_time), rtl=rtl)
    with app.test_request_context():
        file = render_template("chart.svg", drawing=drawing)
    root = ElementTree.fromstring(file.encode())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "class=" not in file
    assert "T &amp; T" in file
    assert "Hidden: below 10" in file


def test_every_measure_and_every_dimension_has_its_words() -> None:
    assert set(figure_meanings.MEASURES) == set(figure_meanings.MEANINGS) == set(Measure)
    assert set(figure_words.DIMENSIONS) == set(Dimension)


@pytest.mark.parametrize("dimension", figure_words.ORDERS)
def test_every_value_of_a_closed_list_has_a_name(dimension: Dimension) -> None:
    for value in figure_words.ORDERS[dimension]:
        assert figure_words.value_name(dimension, value) not in ("", value)


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert figure_words.share(0.9999) == "99%"
    assert figure_words.share(1.0) == "100%"
    assert figure_words.share(0.29) == "29%"

"""The policy as it is typed: read back as it was written, refused where it can't hold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.deadlines import amending, comparing, policies
from casework.deadlines.amending import (
    check_promise,
    check_severities,
    promise_typed,
    severities_typed,
)
from casework.deadlines.clocks import Span, Unit, parse_span
from casework.deadlines.comparing import (
    ChainDiffers,
    CheckInsDiffer,
    PauseDiffers,
    PromiseDiffers,
    Usual,
)
from casework.deadlines.policies import (
    DEFAULT,
    Chain,
    Level,
    Line,
    Policy,
    parse_chain,
    write_chain,
)
from casework.vocabulary import Category, Promise, Recipient, Severity

_units = st.sampled_from(list(Unit))
_spans = st.builds(Span, st.integers(1, 20), _units)
_people = st.lists(st.sampled_from(list(Recipient)), min_size=1, unique=True).map(tuple)


@st.composite
def _chains(draw: st.DrawFn, *, may_be_empty: bool = True) -> Chain:
    if may_be_empty and draw(st.booleans()):
        return ()
    early = draw(st.lists(st.integers(1, 99), max_size=3, unique=True))
    late = draw(st.lists(_spans, max_size=3, unique_by=str))
    levels = [Level(draw(_people), percent=number) for number in [*early, 100]]
    levels += [Level(draw(_people), late=span) for span in late]
    return parse_chain("; ".join(map(str, levels)))


@st.composite
def _lines(draw: st.DrawFn, promise: Promise, severity: Severity) -> Line:
    bound = amending.BOUND.get(promise)
    units = st.sampled_from([Unit.HOURS, Unit.DAYS]) if bound else _units
    span = Span(draw(st.integers(1, 7 if bound else 20)), draw(units))
    pauses = amending.may_pause(promise, severity) and draw(st.booleans())
    return Line(span, draw(st.booleans()), pauses, draw(_chains()))


@st.composite
def _policies(draw: st.DrawFn) -> Policy:
    lines, exceptions = {}, {}
    for promise in draw(st.sets(st.sampled_from(list(Promise)))) | set(amending.BOUND):
        for severity in Severity:
            if promise in amending.BOUND or draw(st.booleans()):
                lines[promise, severity] = draw(_lines(promise, severity))
    for category in draw(st.sets(st.sampled_from(list(Category)), max_size=2)):
        promise, severity = draw(st.sampled_from(Promise)), draw(st.sampled_from(Severity))
        none = promise not in amending.BOUND and draw(st.booleans())
        key = (category, promise, severity)
        exceptions[key] = None if none else draw(_lines(promise, severity))
    days = st.lists(st.integers(1, 730), max_size=8, unique=True).map(lambda d: tuple(sorted(d)))
    return Policy(
        lines=lines,
        chains={severity: draw(_chains(may_be_empty=False)) for severity in Severity},
        pause_at_most={
            s: 0 if s is Severity.CRITICAL else draw(st.integers(0, 90)) for s in Severity
        },
        check_ins={severity: draw(days) for severity in Severity},
        exceptions=exceptions,
    )


@given(_chains())
def test_a_chain_is_read_as_it_is_written(chain: Chain) -> None:
    assert parse_chain(write_chain(chain)) == chain


@given(_policies())
def test_a_policy_is_read_as_it_is_written(policy: Policy) -> None:
    assert policies.from_data(policies.to_data(policy), 0) == policy


@given(_policies(), st.sampled_from(list(Promise)), st.sampled_from([None, *Category]))
def test_saving_a_form_as_it_was_opened_changes_nothing(
    policy: Policy, promise: Promise, category: Category | None
) -> None:
    typed = promise_typed(policy, promise, category)
    assert check_promise(policy, promise, category, typed) == policy
    assert check_severities(policy, severities_typed(policy)) == policy


@given(_policies(), _policies())
def test_two_policies_differ_where_something_is_said_to(one: Policy, other: Policy) -> None:
    found = comparing.differences(one, other)
    assert bool(found) == (one != other)
    back = comparing.differences(other, one)
    assert [(d.before, d.after) for d in back] == [(d.after, d.before) for d in found]


def test_a_difference_says_which_promise_severity_and_category() -> None:
    triage, serious = Promise.TRIAGE, Severity.SERIOUS
    line = Line(parse_span("1 day"))
    later = replace(
        DEFAULT,
        lines={**DEFAULT.lines, (triage, serious): line},
        exceptions={(Category.WAGES, Promise.PROTECTION, serious): None},
        chains={**DEFAULT.chains, serious: parse_chain("100% admins")},
        pause_at_most={**DEFAULT.pause_at_most, serious: 3},
        check_ins={**DEFAULT.check_ins, serious: (9,)},
    )
    assert comparing.differences(DEFAULT, later) == (
        PromiseDiffers(triage, serious, None, DEFAULT.lines[triage, serious], line),
        PromiseDiffers(Promise.PROTECTION, serious, Category.WAGES, Usual.USUAL, None),
        ChainDiffers(serious, DEFAULT.chains[serious], parse_chain("100% admins")),
        PauseDiffers(serious, 14, 3),
        CheckInsDiffer(serious, (30, 90), (9,)),
    )


def test_what_a_change_of_the_policy_touches() -> None:
    protection, standard = Promise.PROTECTION, Severity.STANDARD
    line = Line(parse_span("20 days"))
    later = replace(DEFAULT, lines={**DEFAULT.lines, (protection, standard): line})
    changed, new = comparing.touched(DEFAULT, later)
    assert not changed
    assert new == {(protection, standard, category) for category in (None, *Category)}
    assert comparing.touched(later, DEFAULT) == (new, changed)
    other = replace(DEFAULT, chains={**DEFAULT.chains, standard: parse_chain("100% owner")})
    changed, new = comparing.touched(DEFAULT, other)
    assert {severity for _, severity, _ in changed} == {standard}
    assert not new


def _typed(promise: Promise, category: Category | None = None, **more: str) -> dict[str, str]:
    fields = {name.replace("_", "-"): text for name, text in more.items()}
    return promise_typed(DEFAULT, promise, category) | fields


@pytest.mark.parametrize(
    ("promise", "field", "text"),
    [
        (Promise.ACKNOWLEDGE, "span-minor", "8 days"),
        (Promise.ACKNOWLEDGE, "span-minor", "169 hours"),
        (Promise.ACKNOWLEDGE, "span-minor", "6 working days"),
        (Promise.ACKNOWLEDGE, "span-minor", "1 month"),
        (Promise.ACKNOWLEDGE, "span-minor", ""),
        (Promise.OUTCOME, "span-serious", "4 months"),
        (Promise.OUTCOME, "span-serious", "90 days"),
        (Promise.OUTCOME, "span-serious", ""),
        (Promise.OUTCOME, "pauses-serious", "yes"),
        (Promise.ACKNOWLEDGE, "pauses-minor", "yes"),
        (Promise.INVESTIGATE, "pauses-critical", "yes"),
        (Promise.TRIAGE, "span-serious", "soon"),
        (Promise.TRIAGE, "span-serious", "3 years"),
        (Promise.TRIAGE, "span-serious", "9" * 5000 + " days"),
        (Promise.TRIAGE, "span-serious", "731 days"),
        (Promise.TRIAGE, "chain-serious", "50% owner"),
        (Promise.TRIAGE, "chain-serious", "100% nobody"),
        (Promise.TRIAGE, "chain-serious", "100% owner; +9999999 days owner"),
        (Promise.TRIAGE, "chain-serious", "100% owner;" * 100),
    ],
)
def test_a_promise_that_can_not_hold_is_refused_at_its_field(
    promise: Promise, field: str, text: str
) -> None:
    found = check_promise(DEFAULT, promise, None, {**_typed(promise), field: text})
    assert isinstance(found, dict)
    assert list(found) == [field]


@pytest.mark.parametrize("promise", amending.BOUND)
def test_no_category_is_left_without_the_two_promises_every_worker_has(promise: Promise) -> None:
    found = check_promise(
        DEFAULT, promise, Category.OTHER, _typed(promise, Category.OTHER, rule_minor="none")
    )
    assert isinstance(found, dict)
    assert "can’t be taken away" in found["span-minor"]


def test_a_category_has_a_line_of_its_own_or_none_at_all() -> None:
    typed = _typed(
        Promise.TRIAGE,
        Category.WAGES,
        rule_serious="own",
        span_serious=" 2  DAYS ",
        chain_serious="50% owner\n100% owner, admins",
        rule_minor="none",
    )
    found = check_promise(DEFAULT, Promise.TRIAGE, Category.WAGES, typed)
    assert isinstance(found, Policy)
    line = found.line(Promise.TRIAGE, Severity.SERIOUS, Category.WAGES)
    assert line == Line(parse_span("2 days"), chain=parse_chain("50% owner; 100% owner, admins"))
    assert found.line(Promise.TRIAGE, Severity.MINOR, Category.WAGES) is None
    assert found.line(Promise.TRIAGE, Severity.MINOR, Category.OTHER) is not None
    back = check_promise(found, Promise.TRIAGE, Category.WAGES, {})
    assert back == DEFAULT


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("pause-critical", "1"),
        ("pause-serious", "91"),
        ("pause-serious", "-1"),
        ("pause-serious", ""),
        ("check-ins-minor", "0"),
        ("check-ins-minor", "731"),
        ("check-ins-minor", "30, 30"),
        ("check-ins-minor", "1 2 3 4 5 6 7 8 9"),
        ("check-ins-minor", "soon"),
        ("chain-minor", ""),
        ("chain-minor", "75% owner"),
    ],
)
def test_what_holds_for_a_severity_is_refused_at_its_field(field: str, text: str) -> None:
    found = check_severities(DEFAULT, severities_typed(DEFAULT) | {field: text})
    assert isinstance(found, dict)
    assert list(found) == [field]


def test_check_ins_may_be_typed_in_any_order_and_left_out() -> None:
    typed = severities_typed(DEFAULT) | {"check-ins-minor": "90 7,30", "check-ins-serious": ""}
    found = check_severities(DEFAULT, typed)
    assert isinstance(found, Policy)
    assert found.check_ins[Severity.MINOR] == (7, 30, 90)
    assert found.check_ins[Severity.SERIOUS] == ()


def test_a_change_needs_a_reason() -> None:
    assert amending.check_why({"why": "  New  law "}) == "New law"
    for why in ("", " ", "x" * 401):
        assert isinstance(amending.check_why({"why": why}), dict)

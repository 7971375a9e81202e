"""What a handler is reminded of by what a case is about, and the severity it has at least. Pure.

Nothing is labelled by itself: indicators of forced labour only ask a person to consider it. Source:
field.md section 3.
"""

from collections.abc import Callable, Iterable, Sequence

from casework.categories import CATEGORIES
from casework.errors import BadInput
from casework.vocabulary import Category, Danger, Prompt, Severity

Issues = Sequence[tuple[Category, str]]
"""What a case is about, by category and kind."""

ENOUGH = 2
"""So many different ILO indicators on one case ask a person to consider forced labour."""

_ORDER = list(Severity)
_FORCED_OVERTIME = (Category.HOURS, "forced-overtime")


def least_severity(issues: Iterable[tuple[Category, str]]) -> Severity | None:
    """The lowest severity a case about these may have, ``None`` where any will do: zero tolerance is
    at least serious; forced labour, held documents and child labour are critical."""
    floors = [CATEGORIES[one].least for one, _kind in issues if CATEGORIES[one].zero_tolerance]
    return min(floors, key=_ORDER.index, default=None)


def check_severity(severity: Severity, issues: Iterable[tuple[Category, str]]) -> None:
    """``BadInput`` where a case of zero tolerance is to be less severe than it may be."""
    least = least_severity(issues)
    if least is None or _ORDER.index(severity) <= _ORDER.index(least):
        return
    if least is Severity.CRITICAL:
        raise BadInput(
            "Forced labour, held documents and child labour are critical. Choose critical."
        )
    raise BadInput(
        "This is about something for which there is zero tolerance: it is serious at least. Choose"
        " serious or critical."
    )


def indicators(issues: Iterable[tuple[Category, str]]) -> frozenset[int]:
    """The ILO indicators of forced labour (1 to 11) that the categories of a case stand for."""
    return frozenset[int]().union(*(CATEGORIES[category].ilo for category, _kind in issues))


def signs(issues: Iterable[tuple[Category, str]]) -> frozenset[int | str]:
    """All that asks a person to consider forced labour: indicators, and overtime that is forced."""
    found = set(issues)
    forced = {"forced-overtime"} if _FORCED_OVERTIME in found else set()
    return frozenset({*indicators(found), *forced})


def asks_to_consider(issues: Issues) -> bool:
    """Whether a person is to consider forced labour: two or more indicators, or overtime that is
    forced; not where the case is about forced labour already."""
    if any(category is Category.FORCED_LABOUR for category, _kind in issues):
        return False
    return _FORCED_OVERTIME in issues or len(indicators(issues)) >= ENOUGH


def of_case(issues: Issues, danger: Danger | None) -> tuple[Prompt, ...]:
    """What to remind a handler of, most urgent first."""
    return tuple(prompt for prompt, applies in _TABLE.items() if applies(issues, danger))


def _about(*wanted: Category) -> Callable[[Issues, Danger | None], bool]:
    return lambda issues, _danger: any(category in wanted for category, _kind in issues)


def _exactly(category: Category, kind: str) -> Callable[[Issues, Danger | None], bool]:
    return lambda issues, _danger: (category, kind) in issues


_TABLE: dict[Prompt, Callable[[Issues, Danger | None], bool]] = {
    Prompt.DANGER: lambda _issues, danger: danger is Danger.NOW,
    Prompt.SURVIVOR: _exactly(Category.HARASSMENT, "sexual"),
    Prompt.CHILD: _about(Category.CHILD_LABOUR),
    Prompt.FORCED_LABOUR: _about(Category.FORCED_LABOUR, Category.DOCUMENTS),
    Prompt.FORCED_OVERTIME: _exactly(*_FORCED_OVERTIME),
    Prompt.UNION: _about(Category.FREEDOM_OF_ASSOCIATION),
    Prompt.TERMINATION: lambda issues, _danger: least_severity(issues) is not None,
}
"""In the order in which they are shown."""

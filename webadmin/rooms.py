"""The menu: which rooms there are, for whom, and how the pages of a case are reached."""

from dataclasses import dataclass

from casework.lifecycle import HANDLING_ROLES, LEADING
from casework.vocabulary import Role
from translations import N_


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the menu: where it leads, what it is called, and who sees it."""

    endpoint: str
    name: str
    icon: str
    roles: frozenset[Role]
    within: frozenset[str] = frozenset()
    """Further blueprints that belong to this entry."""
    more: bool = False
    """Stands under "More": opened now and then, not every day."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a case, and the blueprints that belong to it."""

    endpoint: str
    name: str
    icon: str
    within: frozenset[str]


TABS = (
    Tab(
        "cases.show",
        N_("Case"),
        "chat-left-text",
        frozenset({"cases", "case_time", "case_ties", "redactions", "waiting", "translating"}),
    ),
    Tab("writing.compose", N_("Write from phrases"), "pencil", frozenset({"writing"})),
    # Translators: the page with findings, tasks, interviews and parties of a case
    Tab("work.show", N_("Work"), "clipboard", frozenset({"work"})),
    Tab(
        "remedy.index",
        N_("Remedy"),
        "list-check",
        frozenset({"remedy", "remedy_money", "remedy_contacts", "remedy_plan"}),
    ),
    Tab("group.show", N_("Related"), "link-45deg", frozenset({"group"})),
    Tab(
        "case_file.show",
        # Translators: a page with all of a case, to print: the case file
        N_("Case file"),
        "file-earmark-text",
        frozenset({"case_file", "case_export"}),
    ),
)
"""The pages of a case, in order; all of them open to who may see the case."""


_OF_BRANDS = HANDLING_ROLES | {Role.BRAND}
_ADMIN = frozenset({Role.ADMIN})
_OF_CASES = frozenset(name for tab in TABS for name in tab.within)

ROOMS = (
    Room("home.index", N_("Today"), "house", HANDLING_ROLES),
    Room(
        "interpreting.index",
        N_("Messages to translate"),
        "translate",
        frozenset({Role.INTERPRETER}),
    ),
    Room("home.index", N_("Overview"), "house", frozenset({Role.BRAND})),
    Room(
        "cases.index",
        N_("Cases"),
        "inbox",
        HANDLING_ROLES,
        _OF_CASES | {"several", "entry"},
    ),
    Room("team.index", N_("Team"), "bar-chart", LEADING),
    Room(
        "factories.index",
        N_("Factories"),
        "building",
        _OF_BRANDS,
        frozenset({"supplies", "calendars", "policies", "supplier_record"}),
    ),
    Room(
        "statistics.index",
        N_("Statistics"),
        "bar-chart",
        frozenset({Role.BRAND}),
        frozenset({"statistics_report"}),
    ),
    Room(
        "statistics.index",
        N_("Statistics"),
        "bar-chart",
        LEADING,
        frozenset({"statistics_report"}),
        more=True,
    ),
    Room(
        "rating.index",
        N_("Rating"),
        "star",
        frozenset({Role.BRAND}),
        frozenset({"attesting", "reviewing"}),
    ),
    Room("patterns.index", N_("Patterns"), "people", HANDLING_ROLES, more=True),
    Room("brands.index", N_("Brands"), "tag", HANDLING_ROLES, more=True),
    Room(
        "guidance.index",
        N_("Help and rights"),
        "info-circle",
        HANDLING_ROLES,
        frozenset({"rights"}),
        more=True,
    ),
    Room(
        "rating.index",
        N_("Rating"),
        "star",
        LEADING,
        frozenset({"attesting", "reviewing"}),
        more=True,
    ),
    Room("case_import.index", N_("Import cases"), "upload", LEADING, more=True),
    Room("phrases.index", N_("Phrases"), "chat-left-text", LEADING, more=True),
    Room("recordings.index", N_("Recordings"), "mic", LEADING, more=True),
    # Translators: figures of past quarters as they were made public
    Room("releases.index", N_("Releases"), "archive", LEADING, more=True),
    Room(
        "api_tokens.index",
        N_("API tokens"),
        "key",
        frozenset({Role.ADMIN, Role.BRAND}),
        more=True,
    ),
    Room("audit.index", N_("Audit"), "patch-check", frozenset({Role.AUDITOR})),
    Room("audit.index", N_("Audit"), "patch-check", _ADMIN, more=True),
    Room(
        "staff.index",
        N_("Staff"),
        "people",
        _ADMIN,
        frozenset({"staff_safety"}),
        more=True,
    ),
)
"""In the order of the menu. A view decides for itself who may open it (``webadmin.access``)."""


def of_role(role: Role) -> tuple[Room, ...]:
    """The entries of the menu that somebody sees."""
    return tuple(room for room in ROOMS if role in room.roles)


def is_in(room: Room, blueprint: str) -> bool:
    """Whether a page of ``blueprint`` belongs to this entry."""
    return blueprint == room.endpoint.partition(".")[0] or blueprint in room.within

"""``audit verify`` and ``audit anchor``: prove that nothing was changed or taken away."""

import argparse
import json
import sys
import time

from casework.audit import anchoring, proving
from casework.audit.anchoring import Kept
from casework.audit.proving import Found
from casework.config import Settings
from casework.db import Store
from casework.errors import BadInput, RecourseError
from casework.vocabulary import Flaw
from recourse.evidence_jobs import anchor
from recourse.parsing import Commands
from recourse.setup import open_store
from recourse.wallclock import wall_clock

_EVERY = 2.0
"""Seconds between two words on how far it has come."""
_SHOWN = 1000
"""Broken links that are listed; all are counted."""
_SAID = {
    Flaw.NUMBER: "An event is missing there, or stands in another place.",
    Flaw.HASH: "The event was changed.",
    Flaw.WORDS: "The words it is about are not those of then.",
    Flaw.INTAKE: "What was filed is not what was filed then.",
    Flaw.SUMMARY: "The summary is not the one it is about.",
    Flaw.HEAD: "The case does not end with its newest event.",
    Flaw.CUT: "Events are missing at the end.",
    Flaw.ADDED: "There are more events than the case knows of.",
    Flaw.REWRITTEN: "The chain was made anew: it is not the one that was anchored.",
    Flaw.GONE: "The case is not there any more.",
    Flaw.ANCHOR: "It was changed, or it or what it is made of is missing.",
    Flaw.KEPT_ANCHOR: "It is not the one that was kept elsewhere.",
}


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    audit = commands.add_parser("audit", help="prove that nothing was changed afterwards")
    within = audit.add_subparsers(dest="audit", metavar="COMMAND", required=True)
    verify = within.add_parser(
        "verify",
        help="check the chain of every case",
        description="Check the anchors, the chain of events of every case, that nothing that was"
        " anchored is missing, and that every message, summary and intake is unchanged; name the"
        " first broken link of each case.",
    )
    verify.add_argument(
        "--anchor",
        metavar="NUMBER:HASH",
        help="an anchor as `recourse audit anchor` printed it, kept where nobody could change it",
    )
    verify.add_argument("--format", choices=("text", "json"), default="text")
    verify.set_defaults(run=_verify)
    newest = within.add_parser(
        "anchor",
        help="print the newest anchor, to be kept elsewhere",
        description="Print the newest anchor as NUMBER:HASH. Keep it on paper or with somebody else:"
        " `recourse audit verify --anchor` then finds what even somebody with the key file changed.",
    )
    newest.set_defaults(run=_anchor)


def _anchor(settings: Settings, _: argparse.Namespace) -> int:
    store = open_store(settings)
    anchor(store, wall_clock)
    with store.reading() as session:
        found = anchoring.newest(session)
    if found is None:
        raise RecourseError("There is no anchor yet.")
    print(f"{found.number}:{found.hash.hex()}")
    return 0


def _verify(settings: Settings, options: argparse.Namespace) -> int:
    kept = _kept(options.anchor) if options.anchor else None
    store, as_json = open_store(settings), options.format == "json"
    with store.reading() as session:
        anchors, breaks = anchoring.check(session, kept)
    listed = list(breaks)
    if not as_json:
        _list(breaks)
    found = _prove(store, listed, as_json)
    if as_json:
        print(json.dumps(found | {"anchors": anchors, "breaks": list(map(_row, listed))}, indent=2))
    if found["broken"] or breaks:
        broken = f"{found['broken']} of {found['cases']} cases are broken."
        raise RecourseError(
            f"{broken if found['broken'] else 'An anchor does not fit.'} Compare with a backup."
        )
    if not as_json:
        print(f"All {found['cases']} cases are whole, {anchors} anchors fit.")
        if found["deleted"]:
            print(f"Of {found['deleted']} cases the words were deleted under retention.")
    return 0


def _prove(store: Store, listed: list[Found], as_json: bool) -> dict[str, int]:
    told = time.monotonic()
    sums = {"cases": 0, "events": 0, "deleted": 0, "broken": 0}
    after: int | None = -1
    while after is not None:
        with store.reading() as session:
            piece = proving.prove(session, after)
        after = piece.until
        sums["cases"] += piece.cases
        sums["events"] += piece.events
        sums["deleted"] += piece.deleted
        sums["broken"] += len(piece.breaks)
        fresh = piece.breaks[: max(0, _SHOWN - len(listed))]
        listed.extend(fresh)
        if not as_json:
            _list(fresh)
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            print(f"{sums['cases']} cases …", file=sys.stderr)
    return sums


def _list(breaks: list[Found] | tuple[Found, ...]) -> None:
    for one in breaks:
        if one.case_id is None:
            print(f"Anchors: the chain breaks at anchor {one.number}. {_SAID[one.flaw]}")
        else:
            name = one.reference or f"A case without a name ({one.case_id})"
            print(f"{name}: the chain breaks at event {one.number}. {_SAID[one.flaw]}")


def _row(one: Found) -> dict[str, object]:
    place = "anchor" if one.case_id is None else "event"
    return {"case": one.reference or None, place: one.number, "flaw": one.flaw.value}


def _kept(text: str) -> Kept:
    number, _, made = text.strip().partition(":")
    try:
        return Kept(int(number), bytes.fromhex(made))
    except ValueError:
        raise BadInput("Write the anchor as it was printed: NUMBER:HASH.") from None

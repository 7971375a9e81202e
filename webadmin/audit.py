"""The auditor's pages: are all chains whole, who read what, what was taken away, who got which right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from casework.audit import auditing, verifications
from casework.audit.auditing import Asked
from casework.models import Staff
from casework.references import parse_reference
from casework.vocabulary import Action, RedactionReason, Role
from translations import N_
from webadmin import labels, staff
from webadmin.access import allowed
from webadmin.context import actor, db, now, zone
from webadmin.forms import chosen, number
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

AUDITING = (Role.AUDITOR, Role.ADMIN)

KINDS = {
    "case": N_("The page of a case"),
    "work": N_("Work"),
    "remedy": N_("Remedy"),
    "related": N_("Related"),
    "case-file": N_("Case file"),
    "tasks": N_("Your tasks"),
    "tie": N_("Ties"),
    "phone": N_("The worker’s phone number"),
    "receipt": N_("Secret number"),
    "attachment": N_("A file"),
    "identity": N_("Who the worker is"),
    "redaction": N_("A message, to black something out"),
    "export": N_("An export"),
    "message": N_("Translate or write down"),
    "waiting": N_("Waits for a translation"),
    "translator": N_("Draft by a machine"),
    "interpreting": N_("Interpreter"),
}
"""What is opened, as the access log calls it."""
_TAKEN = {
    Action.REDACT: N_("Blacked out"),
    Action.EXPIRE: N_("Deleted: the time to keep it is over"),
    Action.HOLD: N_("Kept from being deleted"),
    Action.RELEASE: N_("No longer kept"),
    Action.FORGET: N_("The worker asked to be forgotten"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the address of a list asks for."""

    endpoint: str
    asked: Asked
    texts: Mapping[str, str] = field(default_factory=dict)

    def older(self, before: int) -> str:
        """The address of the next page."""
        return f"{url_for(self.endpoint)}?{urlencode({**self.texts, 'before': before})}"


@blueprint.get("")
@allowed(*AUDITING)
def index() -> str:
    """The newest check, what it found, and the anchors."""
    checks = auditing.checks(db())
    ended = next((one for one in checks if one.ended_at), None)
    running = next((one for one in checks if not one.ended_at), None)
    return render_template(
        "audit.html",
        checks=checks,
        ended=ended,
        running=running,
        breaks=auditing.breaks(db(), actor(), ended) if ended else (),
        so_far=auditing.breaks(db(), actor(), running) if running else (),
        anchors=auditing.anchors(db()),
        names=_names(),
        every=verifications.EVERY.days,
    )


@blueprint.post("/check")
@allowed(*AUDITING)
def check() -> Response:
    """Begin a check now."""
    verifications.begin(db(), now(), actor())
    flash(_("The check has begun. It goes on by itself; look again in a while."))
    return redirect(url_for("audit.index"))


@blueprint.get("/reads")
@allowed(*AUDITING)
def reads() -> str:
    """Who opened which sealed words."""
    listed = _listed("audit.reads", KINDS)
    rows, older = auditing.reads(db(), actor(), listed.asked)
    return render_template(
        "audit_reads.html",
        listed=listed,
        rows=rows,
        older=older,
        kinds=KINDS,
        names=_names(),
        reasons_shown=actor().restricted_pool,
    )


@blueprint.get("/changes")
@allowed(*AUDITING)
def changes() -> str:
    """What was blacked out, deleted, or kept from it."""
    kinds = {action.value: text for action, text in _TAKEN.items()}
    listed = _listed("audit.changes", kinds)
    rows, older = auditing.taken(db(), actor(), listed.asked)
    return render_template(
        "audit_changes.html",
        listed=listed,
        rows=rows,
        older=older,
        kinds=kinds,
        names=_names(),
        details=_details,
    )


@blueprint.get("/rights")
@allowed(*AUDITING)
def rights() -> str:
    """Whose rights were given, changed or taken, and by whom."""
    listed = _listed("audit.rights", {})
    rows, older = auditing.rights(db(), listed.asked)
    return render_template(
        "audit_rights.html",
        listed=listed,
        rows=rows,
        older=older,
        kinds={},
        names=_names(),
        details=staff.in_words,
    )


@blueprint.get("/policies")
@allowed(*AUDITING)
def policies() -> str:
    """Every version of what is promised."""
    return render_template("audit_policies.html", versions=auditing.policies(db()), names=_names())


def _listed(endpoint: str, kinds: Mapping[str, str]) -> Listed:
    names = ("person", "case", "kind", "since", "until")
    given = {name: request.args.get(name, "").strip()[:40] for name in names}
    texts = {name: text for name, text in given.items() if text}
    since, until = _midnight(texts.get("since", "")), _midnight(texts.get("until", ""))
    kind = texts.get("kind", "")
    typed = texts.get("case", "")
    return Listed(
        endpoint,
        Asked(
            staff_id=number(texts.get("person")),
            # What is no reference is of no case.
            reference=(parse_reference(typed) or "-") if typed else "",
            what=kind if kind in kinds else "",
            since=since,
            until=until + timedelta(days=1) if until else None,
            before=number(request.args.get("before")),
        ),
        texts,
    )


def _midnight(text: str) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), zone())
    except (ValueError, OverflowError):
        return None


def _names() -> dict[int, str]:
    return dict(db().exec(select(Staff.id, Staff.name).order_by(Staff.name)).all())


def _details(action: Action, data: Mapping[str, Any]) -> str:
    """What an event took away, in words: codes and counts, nothing of a case."""
    if action is Action.REDACT:
        reason = chosen(RedactionReason, data.get("reason"))
        if "file" in data:
            what = _("A file")
        else:
            count = len(data.get("redacted", ()))
            what = ngettext("In %(n)d message", "In %(n)d messages", count) % {"n": count}
        return f"{what}: {labels.label(reason)}" if reason else what
    if action is Action.EXPIRE:
        said, files = data.get("messages", 0), data.get("files", 0)
        return _("Messages: %(messages)s. Files: %(files)s.") % {"messages": said, "files": files}
    return ""

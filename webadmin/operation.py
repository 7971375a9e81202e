"""For who operates the machine: is it alive, and how much work waits."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort
from sqlmodel import col, func, select

from casework import facts
from casework.models import Attachment, Clock, FailedUpdate, Outbox
from casework.vocabulary import FileState, Role
from webadmin.context import db, now, signed_in
from webadmin.edge import is_this_machine

blueprint = Blueprint("operation", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """``ok`` where the database answers."""
    db().execute(sa.text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts for Prometheus: for this machine, or for an admin who is signed in.

    ``recourse_jobs_ran_timestamp_seconds`` is when the jobs had last done all that was due (0:
    never); it is older than a few minutes only where they stand still.
    """
    staff = signed_in()
    if not is_this_machine() and (staff is None or staff.role is not Role.ADMIN):
        abort(404)
    waiting = (col(Outbox.sent_at).is_(None), col(Outbox.failed_at).is_(None))
    running = (col(Clock.met_at).is_(None), col(Clock.cancelled_at).is_(None))
    open_clocks = (*running, col(Clock.missed_at).is_(None))
    counts = {
        "recourse_outbox_waiting": select(func.count()).select_from(Outbox).where(*waiting),
        "recourse_outbox_oldest_seconds": None,
        "recourse_files_pending": select(func.count())
        .select_from(Attachment)
        .where(Attachment.state == FileState.PENDING),
        "recourse_updates_failed": select(func.count()).select_from(FailedUpdate),
        "recourse_clocks_overdue": select(func.count())
        .select_from(Clock)
        .where(*open_clocks, Clock.due_at < now()),
    }
    lines = []
    for name, statement in counts.items():
        if statement is None:
            first = select(Outbox.created_at).where(*waiting).order_by(col(Outbox.created_at))
            oldest = db().exec(first.limit(1)).first()
            value = int((now() - oldest).total_seconds()) if oldest is not None else 0
        else:
            value = db().exec(statement).one()
        lines += [f"# TYPE {name} gauge", f"{name} {value}"]
    ran_at = facts.jobs_ran_at(db())
    name = "recourse_jobs_ran_timestamp_seconds"
    lines += [f"# TYPE {name} gauge", f"{name} {int(ran_at.timestamp()) if ran_at else 0}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")

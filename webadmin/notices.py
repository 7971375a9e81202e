"""One's own notices: what is due, overdue or asked of one, each with its reason."""

from typing import cast

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.office import notices
from webadmin import telling
from webadmin.access import HANDLING, allowed
from webadmin.context import actor, db, me, now, office, signed_in
from webadmin.edge import keep
from webadmin.forms import number, typed
from webadmin.i18n import gettext as _

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
@allowed(*HANDLING)
def index() -> str:
    """The page, newest first."""
    settings = office().settings
    before = number(request.args.get("before"))
    return render_template(
        "notices.html",
        page=notices.page(db(), actor(), before),
        newest_page=before is None,
        heading=telling.heading,
        why=telling.why,
        mails_go=settings.mails_go,
        practice_mail=settings.practice,
    )


@blueprint.post("/read")
@allowed(*HANDLING)
def read() -> Response:
    """Mark as read what was shown; what came since stays unread."""
    newest = number(typed().get("newest"))
    if newest is not None:
        notices.read_all(db(), me().id, newest, now())
        flash(_("All notices are marked as read."))
    return redirect(url_for("notices.index"))


def unread() -> int:
    """How many unread notices the bell shows; 0 for who handles no cases."""
    if "recourse_unread" not in g:
        staff = signed_in()
        handles = staff is not None and actor().handles_cases
        being_read = g.get("recourse_case_read")
        g.recourse_unread = notices.unread(db(), actor(), but=being_read) if handles else 0
    return cast(int, g.recourse_unread)


def read_with(case_id: int) -> None:
    """The person reads a case, and with it what they were told of it: the bell of this page counts
    that no more."""
    reader, at = me().id, now()
    g.recourse_case_read = case_id
    keep(lambda session: notices.read_case(session, reader, case_id, at))

"""What a notice says, in the reader's language: on the page and in a mail, with no word of the
complaint."""

from datetime import timedelta

from casework.models import Staff
from casework.office.mails import Entry
from casework.vocabulary import Role, StaffNoticeKind
from translations import N_
from webadmin import dates, labels
from webadmin.i18n import gettext as _

_SAID = {
    StaffNoticeKind.FACTORY_ANSWERED: N_(
        "The factory answered to what is asked of it. Look at the remedy."
    ),
    StaffNoticeKind.RETALIATION: N_(
        "A case handler linked this case as retaliation for an earlier complaint. It is critical."
    ),
    StaffNoticeKind.EXTENSION_ASKED: N_("A case handler asks for more time. Please decide."),
    StaffNoticeKind.EXTENDED: N_("More time was given for what you asked."),
    StaffNoticeKind.EXTENSION_REFUSED: N_("You asked for more time, and it was refused."),
    StaffNoticeKind.UNASSIGNED: N_(
        "Who handled it may not see it any more. Give it to somebody else."
    ),
    StaffNoticeKind.INTERPRETER_LOST: N_("An interpreter has a tie to this case. Ask another one."),
}


def heading(one: Entry) -> str:
    """What is the matter, and with which promise: ``Overdue: Acknowledgement``."""
    kind = labels.label(one.notice.kind)
    if one.clock is None:
        return kind
    # Translators: %(kind)s is like “Overdue” or “Due soon”, %(promise)s like “Acknowledgement”
    return _("%(kind)s: %(promise)s") % {
        "kind": kind,
        "promise": labels.label(one.clock.promise),
    }


def why(one: Entry, person: Staff) -> str:
    """Why the person is told, as things stand now."""
    notice = one.notice
    if notice.kind is StaffNoticeKind.EXTENSION_ASKED and not one.undecided:
        return _("A case handler asked for more time. It is decided.")
    if asked := _SAID.get(notice.kind):
        return _(asked)
    reason = _(_role(one, person))
    if notice.kind is StaffNoticeKind.HANDED_OVER:
        # Translators: two whole sentences, one after the other
        return _("%(first)s %(second)s") % {"first": _(_GONE), "second": reason}
    if notice.kind is not StaffNoticeKind.ESCALATED or one.clock is None:
        return reason
    late = max(notice.reached_at - one.clock.due_at, timedelta())
    still = _("%(time)s after it was due, it was still not kept.") % {"time": dates.span(late)}
    # Translators: two whole sentences, one after the other
    return _("%(first)s %(second)s") % {"first": still, "second": reason}


_GONE = N_("Whoever handled this case is away or has left.")


def _role(one: Entry, person: Staff) -> str:
    if one.case.assignee_id == person.id:
        return N_("You handle this case.")
    if one.case.assignee_id is None:
        return N_("Nobody handles this case yet.")
    return _BY_ROLE.get(person.role, N_("You handled this case then."))


_BY_ROLE = {
    Role.SUPERVISOR: N_("You are told as a supervisor."),
    Role.ADMIN: N_("You are told as an administrator."),
}

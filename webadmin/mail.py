"""A mail to a person of the office: in their language, plain text, and no word of the complaint.

Mails lie on servers and light up phones: a case number, a promise or that there is a task, a time
and an address are all that one says. Whoever opens the address signs in first.
"""

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from casework.config import Settings
from casework.models import Case, Task
from casework.office.mails import Entry, Letter
from casework.office.smtp import domain_of
from webadmin import dates, telling
from webadmin.context import zone_of
from webadmin.i18n import gettext as _
from webadmin.i18n import ngettext, writing_to

_SMTP = SMTP.clone(cte_type="7bit")
"""As servers of any age carry it."""


def compose(letter: Letter, settings: Settings, now: datetime) -> EmailMessage:
    """The mail of a letter, without its recipient's name; ``ValueError`` for an address that is
    none."""
    server = settings.mail_server
    assert server is not None
    message = EmailMessage(policy=_SMTP)
    with writing_to(letter.person.language):
        message["Subject"] = _subject(letter)
        message.set_content(_text(letter, settings))
    message["From"] = _address(server.sender, settings.operator)
    message["To"] = _address(letter.person.email)
    message["Date"] = now
    # The same each time it is sent: mail programs show it once.
    message["Message-ID"] = f"<{letter.mail.id}.notice@{domain_of(settings.public_url)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    return message


def _address(text: str, name: str = "") -> Address:
    """An address as every server takes it, its domain in ASCII."""
    local, _at, domain = text.rpartition("@")
    local.encode("ascii")
    try:
        return Address(name, addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (HeaderParseError, IndexError):
        raise ValueError("no address") from None


def _subject(letter: Letter) -> str:
    number = len(letter.entries)
    if number == 0:
        return _("Your tasks")
    if number == 1:
        one = letter.entries[0]
        text = f"{telling.heading(one)} · {one.case.reference}"
    else:
        text = ngettext("%(n)d promise needs you", "%(n)d promises need you", number) % {
            "n": number
        }
    return _("Urgent: %(subject)s") % {"subject": text} if letter.mail.urgent else text


def _text(letter: Letter, settings: Settings) -> str:
    parts = [_("Hello %(name)s,") % {"name": letter.person.name}]
    parts += ["\n".join(_lines(one, letter, settings)) for one in letter.entries]
    if letter.tasks:
        parts.append(_("Your tasks"))
    parts += ["\n".join(_task_lines(*one, settings)) for one in letter.tasks]
    parts.append(
        "\n".join(
            [
                "-- ",
                _("All that you were told:"),
                f"{settings.public_url}/notices",
                _("Nobody reads answers to this mail. What a case is about stands on its page."),
            ]
        )
    )
    return "\n\n".join(parts) + "\n"


def _task_lines(task: Task, case: Case, settings: Settings) -> list[str]:
    return [
        _("Due %(day)s") % {"day": dates.day(task.due_on)},
        _("Case %(reference)s") % {"reference": case.reference},
        f"{settings.public_url}/cases/{case.reference}/work",
    ]


def _lines(one: Entry, letter: Letter, settings: Settings) -> list[str]:
    lines = [telling.heading(one), _("Case %(reference)s") % {"reference": one.case.reference}]
    if one.clock is not None:
        zone = zone_of(letter.person, settings)
        until = dates.wall_moment(one.clock.due_at.astimezone(zone))
        lines.append(_("Promised until: %(moment)s") % {"moment": until})
    lines.append(telling.why(one, letter.person))
    lines.append(f"{settings.public_url}/cases/{one.case.reference}")
    return lines

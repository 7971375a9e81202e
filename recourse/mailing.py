"""Mails to the office, on their way: what is due is gathered, what waits is handed to the server.

Claim in one transaction, send, mark in another. A server that does not answer delays mails and loses
none; one that does not know a recipient stops only that mail.
"""

import contextlib
import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from casework.config import Settings
from casework.db import Session, Store
from casework.models import Mail
from casework.office import mailqueue, mails
from casework.office.smtp import MailServer, domain_of
from webadmin.mail import compose

log = logging.getLogger(__name__)

_PATIENCE = 20.0
"""Seconds to wait for each answer of the server."""
_PEOPLE = 50
"""For so many people mails are made in one transaction: short ones let others through."""
_GOOD_BYE = 421
"""The server closes the connection: nothing is wrong with the mail."""
_NEVER = 500
_NO_SUCH = frozenset({550, 551, 553})
"""The server knows no such recipient. Other refusals may be of everybody: of a relay that wants to be
signed in to, or that is set up wrongly."""
_ENHANCED = re.compile(rb"5\.(\d{1,3})\.\d{1,3}\b")
_ADDRESS = b"1"
"""The subject of an enhanced status code that is about the address. Source: RFC 3463."""


class NotSafe(Exception):
    """A password would go to another machine in clear."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """Everything needed to mail the office. The settings name a mail server."""

    store: Store
    settings: Settings
    now: Callable[[], datetime]

    def run_once(self) -> int:
        """Make the mails that are due and send what waits; how many went."""
        handled = _PEOPLE
        while handled == _PEOPLE and self._any(
            lambda session: bool(mails.due(session, self.now()))
        ):
            with self.store.writing() as session:
                handled = mails.gather(session, self.now(), _PEOPLE)
        return self._send_all()

    def _any(self, look: Callable[[Session], bool]) -> bool:
        """Whether a look says that there is something to write; it asks without holding up others."""
        with self.store.reading() as session:
            return look(session)

    def _send_all(self) -> int:
        went = 0
        with contextlib.ExitStack() as stack:
            connection: smtplib.SMTP | None = None
            while self._any(lambda session: mailqueue.any_waiting(session, self.now())):
                with self.store.writing() as session:
                    mail = mailqueue.claim(session, self.now())
                if mail is None:
                    break
                message = self._written(mail)
                if message is None:
                    continue
                try:
                    if connection is None:
                        connection = stack.enter_context(connected(self.settings))
                    connection.send_message(message)
                except (OSError, smtplib.SMTPException, NotSafe) as error:
                    if self._failed(mail, error):
                        break
                else:
                    went += 1
                    self._mark(mail, lambda _session, mine: mailqueue.sent(mine, self.now()))
        return went

    def _written(self, mail: Mail) -> EmailMessage | None:
        """The text of a claimed mail; ``None``, and given up, where there is none to write."""
        with self.store.reading() as session:
            letter = mails.letter(session, mail)
            try:
                if letter is not None:
                    return compose(letter, self.settings, self.now())
            except ValueError:
                reason = mailqueue.NO_ADDRESS
            else:
                reason = mailqueue.OVER
        self._mark(mail, lambda _session, mine: mailqueue.give_up(mine, self.now(), reason))
        return None

    def _failed(self, mail: Mail, error: Exception) -> bool:
        """Write down what a failure means for a mail; whether it is the server that fails."""
        now = self.now()
        code = _code(error)
        if _names_the_recipient(error):
            log.warning("A mail is not sent: the server refused its recipient (%d).", code)
            self._mark(mail, lambda _session, mine: mailqueue.give_up(mine, now, mailqueue.REFUSED))
            return False
        # Never the server's words: they may quote an address.
        what = str(error) if isinstance(error, NotSafe) else f"{type(error).__name__} {code or ''}"
        log.warning("Mails can't be sent now (%s); they wait and are tried again.", what.strip())
        one_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
        if one_mail and code != _GOOD_BYE:
            self._mark(mail, lambda _session, mine: mailqueue.retry(mine, now))
            return False
        self._mark(mail, lambda session, mine: mailqueue.hold_back(session, mine, now))
        return True

    def _mark(self, mail: Mail, change: Callable[[Session, Mail], None]) -> None:
        with self.store.writing() as session:
            change(session, session.get_one(Mail, mail.id, with_for_update=True))


@contextmanager
def connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server, signed in; ``NotSafe``, ``OSError`` or
    ``smtplib.SMTPException`` where there can be none."""
    server = settings.mail_server
    assert server is not None
    mine = domain_of(settings.public_url)
    if server.tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, mine, timeout=_PATIENCE, context=_tls(server)
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, mine, timeout=_PATIENCE)
    try:
        connection.ehlo_or_helo_if_needed()
        safe = server.tls
        if not server.tls and connection.has_extn("starttls"):
            connection.starttls(context=_tls(server))
            connection.ehlo_or_helo_if_needed()
            safe = True
        if server.password:
            if not safe and not server.is_here:
                raise NotSafe(
                    "the server of RECOURSE_SMTP_URL offers no TLS, so the password is not sent to"
                    " it"
                )
            connection.login(server.user, server.password)
        yield connection
    finally:
        _hang_up(connection)


def _hang_up(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _tls(server: MailServer) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.is_here:
        # A server on this machine shows a certificate of its own making, and nobody is between.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _names_the_recipient(error: Exception) -> bool:
    """Whether a mail will never go because of whom it is for."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    code, text = next(iter(error.recipients.values()), (0, b""))
    if code < _NEVER:
        return False
    enhanced = _ENHANCED.match(text)
    return enhanced[1] == _ADDRESS if enhanced else code in _NO_SUCH


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _text in error.recipients.values()), 0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0

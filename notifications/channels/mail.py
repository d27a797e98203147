"""The e-mail channel: hands one composed mail after the other to the mail server."""

from __future__ import annotations

import smtplib
from types import TracebackType

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.outcome import Fate, Outcome
from notifications.models import Mail
from notifications.stopping import stop_address

SHUTTING_DOWN = 421


class Courier:
    """One connection for a batch of mails, opened at the first and again after a break.

    `send` never raises for what a network or a mail server may do.
    """

    def __init__(self) -> None:
        self._connection = get_connection()

    def __enter__(self) -> Courier:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def send(self, mail: Mail) -> Outcome:
        if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
            return Outcome(Fate.KEPT)
        outcome = self._reach() or self._hand_over(mail)
        if outcome.fate is Fate.RETRY:
            self._connection.close()
        return outcome

    def _reach(self) -> Outcome | None:
        """None when the server can be talked to."""
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            return Outcome(Fate.RETRY, _words(error), broken=True)
        return None

    def _hand_over(self, mail: Mail) -> Outcome:
        try:
            self._connection.send_messages([_envelope(mail, self._connection)])
        except smtplib.SMTPRecipientsRefused as error:
            return _by_code(max(code for code, _words in error.recipients.values()), error)
        except smtplib.SMTPSenderRefused as error:
            # Ours to mend, not the recipient's fault: try again once it is.
            return Outcome(Fate.RETRY, _words(error), broken=error.smtp_code == SHUTTING_DOWN)
        except smtplib.SMTPResponseException as error:
            return _by_code(error.smtp_code, error)
        except smtplib.SMTPNotSupportedError as error:
            return Outcome(Fate.REFUSED, _words(error))
        except (smtplib.SMTPException, OSError) as error:
            # The line broke while the mail was on it; nobody knows whether it was taken.
            return Outcome(Fate.RETRY, _words(error), doubtful=True, broken=True)
        except ValueError as error:
            # An address or a header that no server would take.
            return Outcome(Fate.REFUSED, _words(error))
        return Outcome(Fate.SENT)


def _by_code(code: int, error: Exception) -> Outcome:
    fate = Fate.REFUSED if 500 <= code < 600 else Fate.RETRY
    return Outcome(fate, _words(error), broken=code == SHUTTING_DOWN)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]


def _envelope(mail: Mail, connection: object) -> EmailMultiAlternatives:
    envelope = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.address],
        connection=connection,
        headers=_headers(mail),
    )
    envelope.attach_alternative(mail.html, "text/html")
    return envelope


def _headers(mail: Mail) -> dict[str, str]:
    """All mails about one matter answer the same letter, so that programs show them together."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.thread:
        headers |= {"In-Reply-To": mail.thread_id, "References": mail.thread_id}
    return headers | _way_out(mail) if mail.digest else headers


def _way_out(mail: Mail) -> dict[str, str]:
    """How the reader stops digests. The single press of RFC 8058 is only for https."""
    address = stop_address(mail.recipient)
    headers = {"List-Unsubscribe": f"<{address}>"}
    if address.startswith("https:"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers

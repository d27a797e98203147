"""The e-mail channel: hands composed mails to the mail server, a few side by side.

A mail server can have taken a mail only once the last line of its text was sent. So each of a few
connections is brought up to that point first (`offer`); then all texts are sent at once, and all
answers awaited (`hand_over`). What is marked as being sent in between truly is.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from email.utils import formataddr, formatdate, parseaddr
from types import TracebackType

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from notifications.channels.mime import written
from notifications.channels.outcome import Fate, Outcome
from notifications.models import Mail
from notifications.stopping import stop_address

# Connections at once: what waits for the disk and for the server is shared by so many mails.
LINES = 4
_AT_ONCE = 0.01  # seconds
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_SHUTTING_DOWN = 421
_BROKEN = (smtplib.SMTPException, OSError)
_ADDRESS = re.compile(r"[!-~]+@[^\s@<>,;:]+")


class _Refused(Exception):
    """The server said no."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class Courier:
    """Some connections for a batch of mails. Never raises for what a mail server may do."""

    def __init__(self) -> None:
        self._idle: list[_Line] = []
        self._busy: dict[int, _Line] = {}
        self._most = LINES

    def __enter__(self) -> Courier:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._drop_busy()
        for line in self._idle:
            line.close()

    def has_room(self) -> bool:
        """Some servers take fewer connections than we would like: the first always counts."""
        if self._busy and not self._idle and len(self._busy) < self._most:
            self._open_another()
        return bool(self._idle) or not self._busy

    def _open_another(self) -> None:
        line = _Line()
        try:
            line.open()
            self._idle.append(line)
        except _BROKEN:
            line.drop()
            self._most = len(self._busy)

    def offer(self, mail: Mail) -> Outcome | None:
        """Lead up to the text; None when it may be handed over. Nobody has taken it yet."""
        if settings.EMAIL_BACKEND != _SMTP:
            return Outcome(Fate.KEPT)
        line = self._idle.pop() if self._idle else _Line()
        try:
            line.offer(mail)
        except _Refused as refusal:
            self._release(line, broken=refusal.outcome.broken)
            return refusal.outcome
        except _BROKEN as error:
            line.drop()
            return Outcome(Fate.RETRY, _words(error), broken=True)
        except ValueError as error:
            # An address or a header that no server would take.
            self._idle.append(line)
            return Outcome(Fate.REFUSED, _words(error))
        self._busy[mail.pk] = line
        return None

    def hand_over(self, mails: Sequence[Mail]) -> list[Outcome]:
        """Send the texts of these, all of them offered; then wait for the answer to each."""
        lines = [self._busy.pop(mail.pk) for mail in mails]
        for line in lines:
            line.send_text()
        outcomes: list[Outcome] = []
        # All have had the same time to answer: who waits for one in vain waits for no other.
        broken = False
        for line in lines:
            outcome = line.answer(at_once=broken)
            broken |= outcome.broken
            outcomes.append(outcome)
        self._drop_busy()
        for line in lines:
            self._release(line, broken=broken)
        return outcomes

    def _drop_busy(self) -> None:
        while self._busy:
            self._busy.popitem()[1].drop()

    def _release(self, line: _Line, *, broken: bool) -> None:
        if broken:
            line.drop()
        else:
            self._idle.append(line)


class _Line:
    """One connection, opened with its first mail."""

    def __init__(self) -> None:
        self._backend = EmailBackend()
        self._text = b""
        self._broken: Exception | None = None

    @property
    def _server(self) -> smtplib.SMTP:
        server = self._backend.connection
        assert server is not None  # only asked for after `open`
        return server

    def open(self) -> None:
        if self._backend.open():
            self._server.ehlo_or_helo_if_needed()

    def offer(self, mail: Mail) -> None:
        """Name sender and recipient, up to where the text follows. Raises `_Refused`."""
        sender, recipient, self._text = _envelope(mail)
        self.open()
        answer = self._server.mail(sender, self._about_the_text())
        # Not the recipient's fault but ours to mend: try again once it is.
        self._expect(answer, 250, bad=Fate.RETRY)
        self._expect(self._server.rcpt(recipient), 250, 251)
        self._expect(self._server.docmd("DATA"), 354)

    def _about_the_text(self) -> list[str]:
        known = {"size": f"SIZE={len(self._text)}", "8bitmime": "BODY=8BITMIME"}
        return [words for name, words in known.items() if self._server.has_extn(name)]

    def _expect(self, answer: tuple[int, bytes], *good: int, bad: Fate | None = None) -> None:
        code, words = answer
        if code in good:
            return
        outcome = _refusal(code, words, bad)
        if not outcome.broken:
            with suppress(*_BROKEN):
                self._server.rset()
        raise _Refused(outcome)

    def send_text(self) -> None:
        try:
            self._server.send(self._text.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        except _BROKEN as error:
            self._broken = error

    def answer(self, *, at_once: bool) -> Outcome:
        """When the line breaks here, nobody knows whether the mail was taken."""
        try:
            if self._broken is not None:
                raise self._broken
            if at_once and self._server.sock is not None:
                self._server.sock.settimeout(_AT_ONCE)
            self._expect(self._server.getreply(), 250)
        except _Refused as refusal:
            return refusal.outcome
        except _BROKEN as error:
            return Outcome(Fate.RETRY, _words(error), doubtful=True, broken=True)
        return Outcome(Fate.SENT)

    def drop(self) -> None:
        """Without a word: the server waits for something else, or for nothing any more."""
        if self._backend.connection is not None:
            self._server.close()

    def close(self) -> None:
        with suppress(*_BROKEN):
            self._backend.close()


def _refusal(code: int, words: bytes, fate: Fate | None = None) -> Outcome:
    for_good = 500 <= code < 600
    return Outcome(
        fate or (Fate.REFUSED if for_good else Fate.RETRY),
        f"{code} {words.decode(errors='replace')}"[:1000],
        broken=code == _SHUTTING_DOWN,
    )


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]


def _envelope(mail: Mail) -> tuple[str, str, bytes]:
    """Sender, recipient and text. Raises `ValueError` for what no server would take."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    sender, recipient = routable(address), routable(mail.address)
    headers = _headers(mail, formataddr((name, sender)), recipient)
    return sender, recipient, written(headers, mail.text, mail.html)


def routable(address: str) -> str:
    """The address as a mail server knows it: an international domain in ASCII.

    Raises `ValueError` for what is no address.
    """
    if _ADDRESS.fullmatch(address) is None:
        raise ValueError(f"no address: {address!r}")
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _headers(mail: Mail, sender: str, recipient: str) -> dict[str, str]:
    """All mails about one matter answer the same letter, so that programs show them together."""
    headers = {
        "Subject": mail.subject,
        "From": sender,
        "To": recipient,
        "Date": formatdate(),
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
    }
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

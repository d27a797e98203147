"""The demonstration's mail server takes mail over SMTP and keeps it as files."""

from __future__ import annotations

import email
import email.policy
import smtplib
import socket
import subprocess
from email.message import EmailMessage
from pathlib import Path

from config.demo.ports import reserve
from config.demo.programs import mail


def send(port: int, subject: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "dondoc@localhost", "an@so.vn"
    message.set_content("Còn 3 ngày làm việc.")
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
        server.send_message(message)


def run_server(listener: socket.socket, folder: Path) -> subprocess.Popen[bytes]:
    program = mail(listener.fileno(), folder)
    return subprocess.Popen(list(program.command), pass_fds=program.descriptors)


def test_mail_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    with reserve(0) as listener:
        listener.listen()
        server = run_server(listener, tmp_path)
        for subject in ("Nhắc việc", "Quá hạn"):
            send(listener.getsockname()[1], subject)
    server.terminate()
    assert server.wait(timeout=5) == 0
    kept = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(tmp_path.glob("*.eml"))
    ]
    assert [mail["Subject"] for mail in kept] == ["Nhắc việc", "Quá hạn"]
    assert [mail["X-Envelope-To"] for mail in kept] == ["an@so.vn", "an@so.vn"]

"""The demonstration from its first check to its last process."""

from __future__ import annotations

import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config.demo import programs
from config.demo.lock import AlreadyRunning, DemoLock
from config.demo.ports import PortRefused, reserve
from config.demo.reset import remove_demo_data
from config.demo.supervisor import Program, ProgramFailed, Stopped, Supervisor

REFUSED = 2
FAILED = 1


class Login(Protocol):
    """A person of the example, as `config.example.logins()` names them."""

    @property
    def role(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...


def say(words: str, stream: str = "stdout") -> None:
    """Write for the person at the terminal, at once even when it is not one."""
    sink = sys.stderr if stream == "stderr" else sys.stdout
    sink.write(words + "\n")
    sink.flush()


def answers(port: int) -> bool:
    """Whether the web server says that it and its database are well."""
    try:
        # The address is ours and plain http; no other scheme can get here.
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def login_table(logins: Sequence[Login]) -> str:
    """One line for each person who can be tried: role, name, password."""
    wide = max((len(login.role) for login in logins), default=0)
    name = max((len(login.username) for login in logins), default=0)
    return "\n".join(
        f"  {login.role:<{wide}}  {login.username:<{name}}  {login.password}" for login in logins
    )


@dataclass
class Demo:
    """What one demonstration is made of."""

    root: Path
    var_dir: Path
    port: int
    logins: Callable[[], Sequence[Login]]
    reset: bool = False

    def run(self) -> int:
        """Serve until asked to end; the exit status. Reports in lines, never in tracebacks."""
        lock = DemoLock(self.var_dir / "demo.lock")
        try:
            lock.acquire(f"http://localhost:{self.port}")
            with reserve(self.port) as listener:
                return self._run_locked(listener, lock)
        except (AlreadyRunning, PortRefused) as refusal:
            say(str(refusal), "stderr")
            return REFUSED
        finally:
            lock.release()

    def _run_locked(self, listener: socket.socket, lock: DemoLock) -> int:
        if self.reset:
            say(f"Removed: {', '.join(remove_demo_data(self.var_dir)) or 'nothing'}.")
        self.port = listener.getsockname()[1]
        with reserve(0) as mailbox:
            mailbox.listen()
            mail_port = mailbox.getsockname()[1]
            environment = programs.environment(self.var_dir, self.port, mail_port)
            supervisor = Supervisor(
                environment, self.root, self.var_dir / "log", shared_lock=lock.fileno
            )
            return self._supervise(supervisor, listener, mailbox)

    def _supervise(
        self, supervisor: Supervisor, listener: socket.socket, mailbox: socket.socket
    ) -> int:
        try:
            with supervisor:
                self._prepare(supervisor)
                self._start(supervisor, listener, mailbox)
                self._announce()
                supervisor.watch_forever()
        except Stopped:
            say("\nStopped. The data are kept; make demo goes on with them.")
        except ProgramFailed as failure:
            say(f"{failure}\n{failure.last_lines()}", "stderr")
            return FAILED
        return 0

    def _prepare(self, supervisor: Supervisor) -> None:
        say("Preparing the example (the first time takes a little longer) …")
        for program in programs.preparations():
            supervisor.run_once(program)

    def _start(
        self, supervisor: Supervisor, listener: socket.socket, mailbox: socket.socket
    ) -> None:
        say("Starting web, workers, clock and mail …")
        listener.listen(128)
        running: list[Program] = [
            programs.mail(mailbox.fileno(), self.var_dir / "mail"),
            programs.web(listener.fileno()),
            programs.worker(),
            programs.reader(),
            programs.beat(self.var_dir),
        ]
        for program in running:
            supervisor.start(program)
        # Only the programs hold the sockets now: when one is gone, its port is refused at once.
        listener.close()
        mailbox.close()
        supervisor.wait_until(lambda: answers(self.port), "web")

    def _announce(self) -> None:
        say(f"\nĐôn Đốc is ready: http://localhost:{self.port}\n")
        say(login_table(self.logins()))
        say(
            f"\nEvery mail is kept in {self.var_dir / 'mail'}, every log in {self.var_dir / 'log'}."
            "\nCtrl-C stops everything."
        )

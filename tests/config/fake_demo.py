"""A demonstration made of small fake programs, run as a process of its own by the tests.

Prints the process numbers of everything it started; then behaves like the real one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from config.demo.supervisor import Program, ProgramFailed, Stopped, Supervisor, base_environment

SLEEP = "import time; time.sleep(60)"
DIE = "import time; time.sleep(0.3); print('out of paper'); raise SystemExit(3)"
# Refuses to end, and has a child of its own that does the same.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
PROGRAMS = {"sleep": SLEEP, "die": DIE, "stubborn": STUBBORN}


def _said_its_child(log: Path) -> bool:
    return log.read_text().endswith("\n")


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    supervisor = Supervisor(base_environment(), folder, folder / "log", patience=0.5)
    try:
        with supervisor:
            children = [
                supervisor.start(Program(name, [sys.executable, "-c", PROGRAMS[name]]))
                for name in names
            ]
            pids = [child.pid for child in children]
            if "stubborn" in names:
                log = supervisor.log_of("stubborn")
                supervisor.wait_until(lambda: _said_its_child(log), "stubborn")
                pids.append(int(log.read_text()))
            sys.stdout.write(" ".join(map(str, [*pids, supervisor.watchdog.pid])) + "\n")
            sys.stdout.flush()
            supervisor.watch_forever()
    except Stopped:
        sys.exit(0)
    except ProgramFailed as failure:
        sys.exit(f"{failure}\n{failure.last_lines()}")


if __name__ == "__main__":
    main()

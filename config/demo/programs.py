"""Which programs make up the demonstration, and what they are told."""

from __future__ import annotations

import sys
from pathlib import Path

from config.demo.supervisor import Program, base_environment

# More threads would only queue up behind SQLite's single writer.
WEB_THREADS = 6


def environment(var_dir: Path, port: int, mail_port: int) -> dict[str, str]:
    """The demonstration's own settings.

    They win over a `.env` file and over exported variables: a demonstration never touches the
    database, the broker or the mail server of a service that lives in the same folder.
    """
    return {
        **base_environment(),
        "DONDOC_VAR_DIR": str(var_dir),
        "DONDOC_DEBUG": "false",
        "DONDOC_HTTPS": "false",
        "DONDOC_HOSTS": "localhost,127.0.0.1,[::1]",
        "DONDOC_BASE_URL": f"http://localhost:{port}",
        "DONDOC_DATABASE_URL": "",
        "DONDOC_BROKER_URL": "",
        "DONDOC_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
    }


def preparations() -> list[Program]:
    """What runs to its end, in this order, before anything is served. All safe to repeat."""
    manage = [sys.executable, "manage.py"]
    return [
        Program("catalogues", [*manage, "compile_catalogues"]),
        Program("migrate", [*manage, "migrate", "--no-input"]),
        Program("example", [*manage, "load_example"]),
    ]


def mail(descriptor: int, folder: Path) -> Program:
    options = ["--descriptor", str(descriptor), "--folder", str(folder)]
    command = [sys.executable, "-m", "config.demo.mail_sink", *options]
    return Program("mail", command, (descriptor,))


def web(descriptor: int) -> Program:
    """One process is enough, and shares what it keeps in memory among its threads."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{descriptor}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", str(WEB_THREADS)]
    command += ["--graceful-timeout", "2", "--no-control-socket"]
    return Program("web", command, (descriptor,))


def worker() -> Program:
    """Jobs one after the other: they would only wait for each other's write lock."""
    return Program("worker", _celery_worker("celery"))


def reader() -> Program:
    """Reads the documents handed in, so that reminders never wait for a long one."""
    return Program("reader", _celery_worker("reading"))


def _celery_worker(queue: str) -> list[str]:
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--queues", queue]
    command += ["--pool", "solo", "--loglevel", "INFO", "--hostname", f"{queue}@%h"]
    return [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"]


def beat(var_dir: Path) -> Program:
    command = [sys.executable, "-m", "celery", "-A", "config", "beat", "--loglevel", "INFO"]
    command += ["--schedule", str(var_dir / "celerybeat-schedule")]
    return Program("beat", command)

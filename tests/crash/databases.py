"""The databases of a drill, set back to one template before every trial."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tests.crash.mailserver import free_port, wait_for_port


class Database(Protocol):
    """What a drill asks of a database."""

    name: str

    @property
    def url(self) -> str:
        """The address for other processes."""

    def clear(self) -> None:
        """Begin again with nothing in it. Nobody may be connected."""

    def keep_as_template(self) -> None:
        """Remember the present content; `reset` has to follow."""

    def reset(self) -> None:
        """Bring the template back. Nobody may be connected."""

    def refill(self) -> None:
        """The same by its rows, which for a small template is many times quicker."""

    def restart(self) -> None:
        """Cut every connection as an abrupt restart of the server does, if there is a server."""


class Sqlite:
    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.file, self.template = folder / "drill.sqlite3", folder / "template.sqlite3"
        connections["default"].settings_dict["NAME"] = self.file

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def clear(self) -> None:
        connections.close_all()
        for leftover in ("", "-wal", "-shm", "-journal"):
            self.file.with_name(self.file.name + leftover).unlink(missing_ok=True)

    def keep_as_template(self) -> None:
        connections["default"].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        shutil.copyfile(self.file, self.template)

    def reset(self) -> None:
        self.clear()
        shutil.copyfile(self.template, self.file)

    refill = reset

    def restart(self) -> None:
        """There is no server."""


_KEEP_ROWS = """
DO $$ DECLARE name text; BEGIN
    CREATE SCHEMA kept;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name);
    END LOOP;
END $$"""
# Whoever is still connected, for somebody who was killed, goes first. A replica is given rows
# that agree with each other, so it asks for no foreign key.
_REFILL = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
        EXECUTE format('DELETE FROM public.%1$I', name);
        EXECUTE format('INSERT INTO public.%1$I TABLE kept.%1$I', name);
    END LOOP;
END $$"""


class Postgres:
    """A server of its own in a folder, so that it may be killed; as root it runs as `postgres`."""

    name = "postgres"

    def __init__(self, folder: Path, programs: Path, options: str) -> None:
        self.data, self.programs, self.port = folder / "postgres", programs, free_port()
        self.options, self.rows_kept = options, False
        folder.chmod(0o755)
        self.data.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.data, "postgres", "postgres")
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8")
        self._control("start")
        self._administer("CREATE DATABASE drill")
        connections["default"].settings_dict.update(
            NAME="drill", USER="postgres", HOST="127.0.0.1", PORT=str(self.port)
        )

    @property
    def url(self) -> str:
        return self._address("drill")

    def clear(self) -> None:
        connections.close_all()
        self._administer("DROP DATABASE IF EXISTS drill WITH (FORCE)")
        self._administer("CREATE DATABASE drill")

    def keep_as_template(self) -> None:
        connections.close_all()
        self._administer("DROP DATABASE IF EXISTS template_of_drill")
        self._administer("ALTER DATABASE drill RENAME TO template_of_drill")
        self.rows_kept = False

    def reset(self) -> None:
        connections.close_all()
        self._administer("DROP DATABASE IF EXISTS drill WITH (FORCE)")
        self._administer("CREATE DATABASE drill TEMPLATE template_of_drill")

    def refill(self) -> None:
        connections.close_all()
        if self.rows_kept:
            self._administer(_REFILL, "drill")
            return
        self.reset()
        self._administer(_KEEP_ROWS, "drill")
        self.rows_kept = True

    def restart(self) -> None:
        self._control("restart", "-m", "immediate")

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, *arguments: str) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.data} {self.options}"
        self._run("pg_ctl", "-w", "-l", str(self.data / "log"), "-o", options, *arguments)
        if arguments[0] != "stop":
            wait_for_port(self.port)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.data), *arguments]
        if os.getuid() == 0:
            command = [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                *command,
            ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def _administer(self, statements: str, name: str = "postgres") -> None:
        with psycopg.connect(self._address(name), autocommit=True) as connection:
            connection.execute(statements.encode())

    def _address(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"


def lay_tables() -> None:
    """Make the tables from the models, to which `make check` holds the migrations."""
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)


def postgres_programs() -> Path | None:
    """The newest server's programs on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


# The machine does not fail in a drill, only processes do.
CARELESS = "-c fsync=off"


@contextmanager
def database(folder: Path, options: str = CARELESS) -> Iterator[Database]:
    """The kind of database that the settings name; `options` are for PostgreSQL's server."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Sqlite(folder)
        return
    programs = postgres_programs()
    if programs is None:
        raise SystemExit("PostgreSQL's initdb is not installed here.")
    server = Postgres(folder, programs, options)
    try:
        yield server
    finally:
        connections.close_all()
        server.stop()

"""SQLite by default, PostgreSQL when `DONDOC_DATABASE_URL` says so."""

from typing import Any

import dj_database_url

from config.settings.environment import DATABASE_URL, VAR_DIR

VAR_DIR.mkdir(parents=True, exist_ok=True)

DATABASES: dict[str, Any]
if DATABASE_URL:
    DATABASES = {
        "default": {
            **dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True),
        }
    }
else:
    DATABASES = {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "db.sqlite3"}
    }

if not DATABASE_URL or DATABASE_URL.startswith("sqlite"):
    DATABASES["default"]["OPTIONS"] = {
        # A write transaction takes its lock at once: two people acting on one item queue up
        # instead of one of them failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # In-memory test databases cannot be shared between threads; a file can.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["OPTIONS"] = {"options": "-c lock_timeout=10000"}

"""The environment, read once, typed; a wrong value stops the start with one clear message."""

from __future__ import annotations

from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parents[2]

env = Env(prefix="DONDOC_")
env.read_env(str(BASE_DIR / ".env"), recurse=False)

VAR_DIR: Path = env.path("VAR_DIR", default=BASE_DIR / "var")
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY", default="")
HOSTS: list[str] = env.list("HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL: str = env.str("BASE_URL", default="http://localhost:8000")
DATABASE_URL: str = env.str("DATABASE_URL", default="")
BROKER_URL: str = env.str("BROKER_URL", default="")
SMTP_URL: str = env.str("SMTP_URL", default="")
MAIL_FROM: str = env.str("MAIL_FROM", default="dondoc@localhost")
HTTPS: bool = env.bool("HTTPS", default=BASE_URL.startswith("https://"))
STRICT_BEFORE: bool = env.bool("STRICT_BEFORE", default=False)
ACKNOWLEDGE_WORKING_DAYS: int = env.int("ACKNOWLEDGE_WORKING_DAYS", default=5)
ANSWER_WORKING_DAYS: int = env.int("ANSWER_WORKING_DAYS", default=3)
DECIDE_WORKING_DAYS: int = env.int("DECIDE_WORKING_DAYS", default=3)
PROPOSAL_WORKING_DAYS: int = env.int("PROPOSAL_WORKING_DAYS", default=10)
REPORT_OPENS_DAYS: int = env.int("REPORT_OPENS_DAYS", default=30)
BRIDGE_HTTP: bool = env.bool("BRIDGE_HTTP", default=False)
BRIDGE_PRIVATE: bool = env.bool("BRIDGE_PRIVATE", default=False)
EXTENSION_LIMIT: int = env.int("EXTENSION_LIMIT", default=0)
UPLOAD_LIMIT_MB: int = env.int("UPLOAD_LIMIT_MB", default=20)
READING_SECONDS: int = env.int("READING_SECONDS", default=900)
READING_MEMORY_MB: int = env.int("READING_MEMORY_MB", default=2000)
SILENCE_MINUTES: int = env.int("SILENCE_MINUTES", default=5)
MAIL_SILENCE_MINUTES: int = env.int("MAIL_SILENCE_MINUTES", default=60)
AUDIT_MINUTES: int = env.int("AUDIT_MINUTES", default=10)
AUDIT_GRACE_MINUTES: int = env.int("AUDIT_GRACE_MINUTES", default=15)

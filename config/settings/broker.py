"""Celery. A broker message is only a wake-up: every job sweeps the tables, which are the truth."""

from celery.schedules import crontab
from kombu import Queue

from config.settings.environment import AUDIT_MINUTES, BROKER_URL, VAR_DIR

if BROKER_URL:
    CELERY_BROKER_URL = BROKER_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
        {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
        if BROKER_URL.startswith("redis")
        else {}
    )
else:
    QUEUE_DIR = VAR_DIR / "queue"
    QUEUE_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR),
        "data_folder_out": str(QUEUE_DIR),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.1,
    }

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Reading a scan takes minutes: a worker of its own (-Q reading) keeps reminders from waiting for
# it. A worker without -Q serves both queues.
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES = [Queue("celery"), Queue("reading")]
CELERY_TASK_ROUTES = {
    "workflows.read_draft": {"queue": "reading"},
    "workflows.read_letter": {"queue": "reading"},
}
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULER = "config.beat:PulsingScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "notifications.tick": {"task": "notifications.tick", "schedule": 20.0},
    "workflows.wake_readers": {"task": "workflows.wake_readers", "schedule": 20.0},
    "notifications.audit": {"task": "notifications.audit", "schedule": 60.0 * AUDIT_MINUTES},
    "workflows.sync_memberships": {
        "task": "workflows.sync_memberships",
        "schedule": crontab(minute=5, hour="*"),
    },
    "workflows.keep_periods": {
        "task": "workflows.keep_periods",
        "schedule": crontab(minute=10, hour="*"),
    },
}

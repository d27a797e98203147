from typing import Any

from django.apps import AppConfig
from django.db.models import Field, ForeignObject
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from notifications.lookups import Among


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Reminders and alerts")

    def ready(self) -> None:
        for kind in (Field, ForeignObject):
            kind.register_lookup(Among)
        post_migrate.connect(_ship_ladders, sender=self)


def _ship_ladders(**signal: Any) -> None:
    """Like Django's own permissions: what a new kind of deadline needs is there after migrating."""
    from notifications.shipping import ship_ladders

    ship_ladders(signal.get("apps"), using=signal["using"])

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Workflows")

    def ready(self) -> None:
        post_migrate.connect(_forget_permissions, dispatch_uid="workflows.permissions")


def _forget_permissions(**_about: Any) -> None:
    from workflows.access import permissions_of

    permissions_of.cache_clear()

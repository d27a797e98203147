from django.db import migrations


class Migration(migrations.Migration):
    """Serves `workflows.inbox.open_steps`: the few open steps of one unit among all steps."""

    dependencies = [
        ("workflows", "0001_initial"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX workflows_open_step ON viewflow_task"
            " (owner_permission_obj_pk, owner_permission) WHERE status = 'NEW'",
            "DROP INDEX workflows_open_step",
        )
    ]

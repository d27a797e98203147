from django.db import migrations


def add_targets(apps, schema_editor):
    """Reviews that were begun before have no targets yet; a person adds what is missing."""
    drafts = apps.get_model("tasks", "PlanDraft").objects.only("pk", "review")
    for draft in drafts.iterator(chunk_size=100):
        if draft.review and "targets" not in draft.review:
            draft.review["targets"] = []
            draft.save(update_fields=["review"])


class Migration(migrations.Migration):
    dependencies = [("tasks", "0017_versions_of_submitted_reports")]

    operations = [migrations.RunPython(add_targets, migrations.RunPython.noop)]

"""Reports that were handed in before versions were kept get the one that was handed in."""

from django.db import migrations


def keep_what_was_submitted(apps, schema_editor):
    reports = apps.get_model("tasks", "Report").objects.filter(state__in=("submitted", "accepted"))
    versions = apps.get_model("tasks", "ReportVersion").objects
    for report in reports.iterator():
        versions.create(
            report=report,
            number=1,
            occasion="submitted",
            content={
                "sections": list(
                    report.sections.order_by("position").values(
                        "position", "kind", "title", "text"
                    )
                )
            },
            made_by_id=report.approved_by_id,
            made_at=report.submitted_at,
        )


class Migration(migrations.Migration):
    dependencies = [("tasks", "0016_report_record")]

    operations = [migrations.RunPython(keep_what_was_submitted, migrations.RunPython.noop)]

"""The texts of a report move from four columns to one row for each section; 0015 drops these."""

from django.db import migrations

HEADINGS = (
    ("results", "results", "Kết quả thực hiện"),
    ("figures", "", "Số liệu, chỉ tiêu"),
    ("difficulties", "difficulties", "Khó khăn, vướng mắc và nguyên nhân"),
    ("proposals", "suggestions", "Đề xuất, kiến nghị"),
    ("next_steps", "next_steps", "Nhiệm vụ thời gian tới"),
)


def outline_obligations(apps, schema_editor):
    """What was asked for until now was asked for under these headings."""
    outline = apps.get_model("tasks", "OutlineSection").objects
    for obligation in apps.get_model("tasks", "ReportingObligation").objects.iterator():
        outline.bulk_create(
            outline.model(obligation=obligation, kind=kind, title=title, position=position)
            for position, (kind, _column, title) in enumerate(HEADINGS, 1)
        )


def texts_to_sections(apps, schema_editor):
    sections = apps.get_model("tasks", "ReportSection").objects
    written = apps.get_model("tasks", "Event").objects.filter(verb="report_written")
    for report in apps.get_model("tasks", "Report").objects.iterator():
        last = written.filter(report=report).order_by("-at", "-pk").first()
        sections.bulk_create(
            sections.model(
                report=report,
                kind=kind,
                title=title,
                position=position,
                text=getattr(report, column).replace("\r\n", "\n") if column else "",
                revision=report.revision if column else 0,
                written_by_id=last.actor_id if last and column else None,
                written_at=last.at if last and column else None,
            )
            for position, (kind, column, title) in enumerate(HEADINGS, 1)
        )


def texts_to_columns(apps, schema_editor):
    for report in apps.get_model("tasks", "Report").objects.iterator():
        sections = list(report.sections.order_by("position"))
        for kind, column, _title in HEADINGS:
            if column:
                texts = [one.text for one in sections if one.kind == kind and one.text]
                setattr(report, column, "\n\n".join(texts))
        report.revision = max((section.revision for section in sections), default=0)
        report.save()
    apps.get_model("tasks", "ReportSection").objects.all().delete()


def forget_outlines(apps, schema_editor):
    apps.get_model("tasks", "OutlineSection").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("tasks", "0013_figure_events")]

    operations = [
        migrations.RunPython(outline_obligations, forget_outlines),
        migrations.RunPython(texts_to_sections, texts_to_columns),
    ]

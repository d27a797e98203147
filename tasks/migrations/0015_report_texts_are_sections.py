from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tasks", "0014_report_sections")]

    operations = [
        migrations.RemoveField(model_name="report", name="results"),
        migrations.RemoveField(model_name="report", name="difficulties"),
        migrations.RemoveField(model_name="report", name="suggestions"),
        migrations.RemoveField(model_name="report", name="next_steps"),
        migrations.RemoveField(model_name="report", name="revision"),
    ]

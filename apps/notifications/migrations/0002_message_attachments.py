from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="attachments",
            field=models.JSONField(
                blank=True, default=list, help_text="Kind and reference of each.", verbose_name="attachments"
            ),
        ),
    ]

"""How each region of each film was met."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0002_case_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluation',
            name='region_marks',
            field=models.JSONField(default=dict),
        ),
    ]


"""A kind of line more in the log of openings. SQLite makes the table anew for it, without its trigger: so it comes last."""

from django.db import migrations, models

from annotations.migrations._written_once import written_once

KEPT = written_once(["annotations_opening"])


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0014_films_that_wait_in_order'),
    ]

    operations = [
        migrations.RunPython(KEPT.reverse_code, KEPT.code),
        migrations.RemoveConstraint(
            model_name='opening',
            name='opening_kind_known',
        ),
        migrations.AlterField(
            model_name='opening',
            name='kind',
            field=models.CharField(choices=[('film', 'film'), ('prefetched', 'prefetched'), ('result', 'result'), ('report', 'report')], max_length=32),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['film', 'prefetched', 'result', 'report'])), name='opening_kind_known'),
        ),
        KEPT,
    ]

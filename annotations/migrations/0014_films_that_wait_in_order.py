
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0013_end_unreadable_rereads'),
    ]

    operations = [
        migrations.AddField(
            model_name='study',
            name='may_need_boxes',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(labelling__in=['none', 'draft', 'returned'], state='ready', then=models.Value(True)), default=models.Value(False)), output_field=models.BooleanField()),
        ),
        migrations.AddIndex(
            model_name='study',
            index=models.Index(fields=['may_need_boxes', 'priority', 'received_at', 'id'], name='study_waits_for_boxes'),
        ),
    ]

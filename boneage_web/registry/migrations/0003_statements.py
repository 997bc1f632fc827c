"""What people state of a model."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from annotations.migrations._written_once import written_once


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_release_gate'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ModelStatement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('item', models.CharField(max_length=64)),
                ('text', models.CharField(max_length=4000)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('model_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='registry.modelversion')),
            ],
            options={
                'ordering': ['-at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('item', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='statement_says_something')],
            },
        ),
        written_once(['registry_modelstatement']),
    ]
